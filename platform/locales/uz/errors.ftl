## Soʻrovlar
error-not-found = Topilmadi. Oʻchirilgan yoki sizga koʻrinmaydi.
error-bad-request = Soʻrovni oʻqib boʻlmadi: { $reason }
error-unreadable-text = Matnda saqlab boʻlmaydigan belgi bor. Uni olib tashlang.
error-method-not-allowed = Bu manzilda bunday amal yoʻq.
error-unsupported-media-type = Soʻrov turi notoʻgʻri. JSON yuboring (Content-Type: application/json).
error-encoded-body = Siqilgan soʻrovlar qabul qilinmaydi.
error-length-required = Soʻrov hajmi koʻrsatilishi kerak (Content-Length).
error-body-too-large = Soʻrov juda katta.
error-unknown-host = Bu manzilda oʻquv markaz yoʻq. Manzilni tekshiring.
error-bad-cursor = Sahifa belgisi eskirgan. Roʻyxatni boshidan oching.
error-bad-idempotency-key = Idempotency-Key 1 tadan 200 tagacha belgidan iborat boʻlsin.
error-idempotency-key-reused = Bu kalit boshqa soʻrov bilan ishlatilgan. Yangi kalit oling.
error-key-in-use = Xuddi shu soʻrov hozir bajarilmoqda. Biroz kutib, qaytaring.
error-if-match-required = Avval yozuvni oʻqing va If-Match sarlavhasida uning versiyasini yuboring.
error-stale-version = Bu yozuvni shu orada boshqa kishi oʻzgartirdi. Sahifani yangilang va qaytadan urinib koʻring.
error-too-many-requests = Urinishlar juda koʻp. Biroz kutib, qayta urinib koʻring.

## Serverdagi xatoliklar
error-internal = Bizda xatolik yuz berdi. Qayta urinib koʻring; takrorlansa, administratorga soʻrov raqamini ayting.
error-database-busy = Server hozir band. Bir necha soniyadan keyin qaytaring.
error-database-unavailable = Maʼlumotlar bazasi javob bermayapti. Birozdan keyin qaytaring, hech narsa yoʻqolmadi.
error-scripts-unavailable = Skriptlar xizmati hozir ishlamayapti. Biroz kutib, qaytaring.
error-telegram-unavailable = Telegram javob bermayapti. Birozdan keyin qaytaring.
error-job-lease-lost = Bu ishni boshqa server davom ettirmoqda.

## Huquqlar
error-sign-in-required = Avval tizimga kiring.
error-bad-credentials = Login yoki parol notoʻgʻri.
error-not-allowed = Bunga huquqingiz yoʻq. Kerak boʻlsa, administratorga murojaat qiling.
error-not-a-person = Buni faqat tizimga kirgan xodim bajara oladi.
error-not-yourself = Oʻz rolingizni oʻzgartira olmaysiz va oʻzingizni ishdan chiqara olmaysiz.
error-cross-site-request = Soʻrov boshqa saytdan keldi. Sahifani yangilab, qaytaring.
error-no-session = Bu soʻrov seans bilan emas, token bilan yuborilgan.
error-link-used-or-expired = Havola muddati oʻtgan yoki u ishlatilgan. Administratordan yangisini soʻrang.
error-link-expired = Havola muddati oʻtgan. Profilingizdan yangisini oling.
error-unknown-scope = Bunday ruxsat doirasi yoʻq: { $scope }

## Maydonlar
error-invalid = Belgilangan maydonlarni tuzating.
error-required = Buni toʻldiring.
error-too-long = Juda uzun: koʻpi bilan { $max } ta belgi.
error-too-many = Juda koʻp: koʻpi bilan { $max } ta.
error-out-of-range = { $min } dan { $max } gacha boʻlsin.
error-wrong-type = Qiymat turi notoʻgʻri.
error-bad-number = Son yozing, masalan 25 yoki 2,5.
error-unknown-age = Kechikish oraligʻi: under_1h, 1h_to_6h, 6h_to_24h yoki over_24h.
error-bad-date = Mavjud sanani yozing, masalan 2026-11-20.
error-unknown-choice = Bunday variant yoʻq. Roʻyxatdan tanlang.
error-in-the-past = Bu vaqt oʻtib ketgan. Kelgusi vaqtni tanlang.
error-too-far = Bu juda uzoq. Yaqinroq vaqtni tanlang.
error-ends-before-it-starts = Tugashi boshlanishidan keyin boʻlsin.
error-bad-window = Ish vaqti notoʻgʻri yoki boshqasi bilan ustma-ust tushgan.
error-unknown-field = Bunday maydon yoʻq.
error-bad-time = Vaqt 2026-11-20T15:00 yoki siljishi bilan 2026-11-20T15:00:00+05:00 kabi yoziladi.
error-bad-key = Nom lotin kichik harfi bilan boshlanadi; harf, raqam va _ dan iborat boʻladi.
error-list-full = Bu roʻyxat toʻla: eng koʻpi { $max } ta.
error-last-of-list = Kamida bittasi taklif qilinishi kerak.
error-bad-json = Bu JSON emas.
error-unknown-time-zone = Bunday vaqt mintaqasi yoʻq. Asia/Tashkent kabi yozing.
error-source-or-version = Qoralama yoki versiyadan birini yuboring, ikkalasini emas.
error-file-required = Fayl tanlang.
error-bad-mapping = mapping JSON boʻlsin: {"{"}"phone": "Telefon", "name": 0{"}"}
error-already-exists = Bunday yozuv bor.
error-unknown-reference = Tanlangan yozuv topilmadi. Roʻyxatdan qayta tanlang.
error-weak-password = Parol kamida 8 belgi boʻlsin: katta va kichik harf, raqam va maxsus belgi bilan.
error-common-password = Bu parolni hamma birinchi boʻlib sinab koʻradi. Boshqasini tanlang.
error-passwords-differ = Parollar bir xil emas.
error-bad-username = Login 2 tadan 60 tagacha belgi boʻlsin: lotin harflari, raqamlar va . _ - @
error-username-taken = Bu login band. Boshqasini tanlang.
error-name-taken = Bunday nom bor. Boshqasini tanlang.
error-bad-slug = Manzil 2 tadan 40 tagacha belgi boʻlsin: kichik lotin harflari, raqamlar va chiziqcha; ayrim soʻzlar band.
error-slug-taken = Bu manzil band.
error-bad-url = Bu manzilga ulanib boʻlmaydi. U https:// bilan boshlansin.
error-unknown-user = Bunday xodim yoʻq.
error-user-inactive = Bu xodim endi ishlamaydi. Boshqasini tanlang.
error-unknown-role = Bunday rol yoʻq.
error-unknown-language = Bunday til yoʻq.
error-unknown-theme = Bunday koʻrinish yoʻq.
error-unknown-pack = Bunday toʻplam yoʻq.
error-unknown-setting = Bunday sozlama yoʻq.

## Lidlar
error-duplicate-lead = Bu telefon bilan lid bor. Murojaat oʻsha lidga yozib qoʻyildi.
error-phone-raced = Bu telefon hozirgina boshqa joydan kiritildi. Qayta urinib koʻring.
error-unknown-source = Bunday manba yoʻq.
error-unknown-status = Bunday bosqich yoʻq.
error-same-status = Lid allaqachon shu bosqichda.
error-move-not-allowed = Bu bosqichdan u bosqichga oʻtkazib boʻlmaydi.
error-move-back-by-manager = Lidni orqaga faqat menejer qaytaradi.
error-reason-required = Nega yoʻqotilganini tanlang.
error-unknown-reason = Bunday sabab yoʻq.
error-lead-has-no-owner = Lid hali hech kimga berilmagan. Avval uni xodimga bering.

## Qayta aloqalar
error-follow-up-closed = Bu qayta aloqa allaqachon yopilgan.
error-outside-working-time = Hozir ish vaqtingiz emas. Ish vaqtida belgilang.
error-unknown-outcome = Bunday natija yoʻq.

## Skriptlar va bot
error-script-has-errors = Skriptda xato bor, { $line }-qator, { $column }-belgi: { $reason }
error-test-failed = { $name } testi { $line }-qatorda oʻtmadi: { $reason }
error-settings-changed-meanwhile = Shu orada boshqa kishi sozlamalarni saqladi. Sahifani yangilab, qaytadan urinib koʻring.
error-pack-clashes = { $name } bosqichi sizda boshqa maʼnoda ishlatiladi, shuning uchun bu toʻplamni oʻrnatib boʻlmaydi.
error-pack-requires = Bu toʻplamga yana { $name } kerak.
error-pack-permission-not-granted = Toʻplam soʻragan ruxsatlarning hammasi berilmagan.
error-pack-not-installed = Bu toʻplam hali oʻrnatilmagan.
error-pack-changed-meanwhile = Shu orada toʻplam oʻzgartirildi. Sahifani yangilab, qaytadan urinib koʻring.
error-published-meanwhile = Shu orada boshqa kishi yangi versiyani eʼlon qildi. Uni koʻrib, qaytadan urinib koʻring.
error-no-bot = Markazning boti hali ulanmagan.
error-bad-bot-token = Telegram bu tokenni tanimadi. Uni @BotFather dan qayta koʻchiring.
error-decision-not-degraded = Bu qarorni qoidaning oʻzi qabul qilgan: qayta hal qiladigan narsa yoʻq.

## Leave
error-unknown-leave-kind = Bunday sabab yoʻq.
error-leave-too-long = Ruxsat { $max } kundan uzun boʻla olmaydi, ikki yildan keyinga ham soʻralmaydi.
error-not-your-own-leave = Oʻz soʻrovingizga oʻzingiz javob bera olmaysiz. Buni administrator qiladi.
error-leave-decided = Bu soʻrovga javob berilgan.
error-leave-is-over = Bu vaqt oʻtib ketgan.
error-leave-not-approved = Faqat berilgan ruxsatni tugatish mumkin.
error-bulk-running = Oʻzgarish hali bajarilmoqda. Tugashini kuting.
error-undo-expired = Endi qaytarib boʻlmaydi: yetti kun oʻtdi.
error-changed-since = Shundan keyin kimdir oʻzgartirgan
error-already-theirs = Allaqachon shu xodimda


## Staff and roles
error-role-above-own = Bu rolga sizdagidan koʻproq mumkin. Oʻzingizda bor huquqlarnigina bera olasiz.
error-role-in-use = Bu rol { $count } kishida bor. Avval ularga boshqa rol tanlang.
error-role-built-in = Tayyor rol oʻzgarmaydi va oʻchmaydi. Nusxasini oling.
error-unknown-permit = Bunday huquq yoʻq.
error-last-admin = Bu oxirgi administrator. Avval boshqa birovni administrator qiling.
error-bad-email = E-pochta manzili ism@sayt.uz koʻrinishida yoziladi.
error-email-taken = Bu manzil boshqa xodimniki.
error-phone-taken = Bu raqam boshqa xodimniki.

## Second factor
error-bad-code = Kod notoʻgʻri, eskirgan yoki ishlatilgan. Ilovadagi yangisini yozing.
error-second-factor-needed = Bu hisobga kod ham kerak.
error-second-factor-on = Ikki bosqichli kirish allaqachon yoqilgan.
error-second-factor-required = Markaz hammadan ikki bosqichli kirishni soʻraydi. Uni profilda sozlang.
error-no-second-factor = Ikki bosqichli kirish yoqilmagan.
error-no-second-factor-begun = Avval QR-kodni oling.
error-sign-in-again = Vaqt oʻtib ketdi. Qaytadan kiring.

## Center
error-unknown-country = Bunday mamlakat roʻyxatda yoʻq.
error-unknown-currency = Bunday valyuta roʻyxatda yoʻq.
error-currency-locked = Summalar bor, valyuta endi oʻzgarmaydi.
error-unknown-column = Roʻyxatda bunday ustun yoʻq
error-bad-condition = Oʻz maydoni shunday soʻraladi: maydon:is:qiymat, maydon:begins:matn, maydon:from:qiymat yoki maydon:to:qiymat — turi ruxsat berganicha.
error-bad-yes-no = «Ha» yoki «yoʻq» deb yozing.
error-tag-taken = Boshqa teg shunday nomlangan. Ularni birlashtiring.
error-unknown-tag = Bunday teg yoʻq. Roʻyxatdan tanlang.
error-role-without-leads = Bu hamkasbning roli lidlar bilan ishlamaydi. Boshqasini tanlang.
