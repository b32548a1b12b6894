## Why a script failed, or a part of its plan is refused
fault-wrong-hook = Buni bu hodisada ishlatib boʻlmaydi.
fault-too-many-follow-ups = Rejada 20 ta qayta aloqa boʻladi; bunisi ortiqcha.
fault-out-of-range = Muddat taqvimdan tashqarida.
fault-already-past = Muddat oʻtib ketgan, bunday qayta aloqani oʻtkazib yuborish buyurilgan.
fault-too-far = Muddatgacha bir yildan koʻp.

## What a golden test says when it is red
fault-expected =
    { $what ->
        [follow_ups] Rejalashtirilgani: { $given }.
        [due] { $key } muddati — { $given }.
        [refused] { $key } rad etildi: { $given }.
        [planned] { $key } rejalashtirilgan.
        [absent] { $key } yoʻq, bori: { $given }.
        [text] { $key } matni — { $given }.
        [kept] Ochiq qayta aloqalar qoladi.
        [canceled] Ochiq qayta aloqalar bekor boʻladi.
        [something] Reja boʻsh emas.
        [told] Xabar berilgani: { $given }.
        [assigned] Lid { $given } ga berildi.
        [waits] Lid { $given } navbatida kutadi.
        [nobody] Lid hech kimga berilmadi.
        [reason] Sababi — { $given }.
        [tags] Yangi teglar: { $given }.
        [traced] Qaydda: { $given }.
        [answer] Bu yerda expect() ga run() javobi kerak.
        [texts] Bu yerda matnlar roʻyxati kerak.
        [value] Qiymat { $expected } emas, { $given }.
       *[other] Natija: { $given }.
    }
fault-hook-failed = { $hook } qoidasi { $n }-qatorda toʻxtadi: { $text }
fault-only-in-tests = given, run va expect faqat test_ funksiyalarida yoziladi.
fault-too-many-runs = Test koʻpi bilan { $max } qoidani chaqiradi.
fault-bad-context = Test sharoitida { $name } maydoni notoʻgʻri.
fault-bad-moment = { $text } vaqt emas: "2026-11-20 15:00" kabi yozing.

## Trying a rule in the portal
script-panel-try = Sinash
script-panel-tests = Testlar
try-about = Muharrirdagi matnni boricha ishga tushiradi. Hech narsa saqlanmaydi, hech kimga xabar bormaydi.
try-lead = Lidda
try-lead-hint = Ism yoki telefon
try-at = Payt
try-context = Yoki sharoitni yozing
try-context-hint = Qoida ctx dan oʻqiydigan narsalar, JSON da; lid tanlangan boʻlsa, uning ustidan. Egasiga ish vaqti va taʼtil berish mumkin.
try-run = Ishga tushirish
try-by-pack = Matnda bunday qoida yoʻq, paket javob berdi:
try-nothing = Hech narsa boʻlmaydi.
try-cancels = Avval ochiq qayta aloqalar bekor qilinadi.
try-flagged = yaqinda ish vaqti yoʻq
try-tags = Qoʻyiladigan teglar:
try-untags = Olinadigan teglar:
try-refused = Bajarilmaydi
try-trace = Qoida nima dedi
try-cost =
    { $n ->
       *[other] { $n } qadam, { $time } ms
    }
try-to-owner = Lid egasiga
try-to-manager = Menejerlarga
try-to-admin = Administratorlarga
try-to-sales = Sotuvchilarga
try-assign = Lid { $name } ga beriladi
try-queue = Lid kutadi: { $name }
try-reassign = Lid boshqaga oʻtadi { $name }
try-reschedule = Qayta aloqa keyinga suriladi
try-block = Egasiga yangi lid berilmaydi
try-step = Qadam: { $name }
try-message = Xabar: { $name }
try-score = Baho: { $name }
try-kpi = Kun koʻrsatkichi: { $name }
try-allow = Sinov darsiga yozish mumkin
try-deny = Sinov darsiga yozib boʻlmaydi
tests-about = test_… nomli funksiyalar nima toʻgʻri boʻlishi kerakligini aytadi. Qizil testli versiya eʼlon qilinmaydi.
tests-run = Testlarni ishga tushirish
tests-none = Matnda hali test yoʻq. Test bunday boʻladi:
tests-green =
    { $n ->
       *[other] { $n } test ham oʻtdi
    }
tests-red =
    { $n ->
       *[other] { $n } test oʻtmadi
    }
tests-idle = Birorta test bu qoidani chaqirmaydi.
tests-untested = Bu bosqichlarga birorta test kirmaydi
tests-pack-green =
    { $n ->
       *[other] Paketning { $n } vaʼdasi ham bajariladi
    }
tests-pack-red =
    { $n ->
       *[other] Paketning { $n } vaʼdasi endi bajarilmaydi
    }
tests-pack-about = Bu eʼlon qilishga toʻsiq emas: oʻz qoidangiz paketdan ataylab farq qilishi mumkin.
toast-test-added = Qaror qoralamangizga test boʻlib yozildi
why-to-test = Test qilib saqlash
