## Roles
role-title = Rollar
role-add = Rol qoʻshish
role-about = Uchta rol hamma markazda bor. Oʻzingiznikini noldan yoki nusxa olib tuzasiz. Oʻzgarish keyingi bosishdayoq kuchga kiradi.
role-built-in = tayyor
role-matrix = Kimga nima mumkin
role-may = Mumkin
role-yes = ha
role-no = yoʻq
role-people = { $n ->
    [0] Hali hech kimda yoʻq
   *[other] { $n } kishida
}
role-permits = { $of } ta huquqdan { $n } tasi
role-name = Nomi
role-copy = Nusxa olish
role-copy-of = { $name }, nusxa
role-built-in-why = Tayyor rol oʻzgarmaydi. Nusxa oling va keraklisini belgilang.
role-above-why = Bu rolga sizdagidan koʻproq mumkin, shuning uchun uni oʻzgartira olmaysiz.
role-not-yours = Sizda bu huquq yoʻq
role-needs = Belgi oʻziga kerakli huquqlarni ham qoʻshadi
role-remove = Rolni oʻchirish
role-remove-text = Bu rol hech kimda yoʻq.
role-move-text = Avval ularga boshqa rol bering.
role-move-to = Yangi rol
role-part-leads = Lidlar
role-part-follow-ups = Qayta aloqa
role-part-imports = Import va eksport
role-part-team = Jamoa
role-part-teaching = Kurslar
role-part-setup = Sozlash
role-part-own = Oʻziniki
role-part-other = Boshqalar
toast-role-saved = Rol saqlandi
toast-role-removed = Rol oʻchirildi

## Permits
permit-leads-own-work = Oʻz lidlari bilan ishlash
permit-leads-all-work = Hamma lidlarni koʻrish va yuritish
permit-leads-create = Lid qoʻshish
permit-leads-assign = Lidni boshqa xodimga berish
permit-leads-move-back = Bosqichni orqaga qaytarish
permit-follow-ups-own-work = Oʻz qayta aloqalarini bajarish
permit-follow-ups-all-work = Hammaning qayta aloqalari, istalgan vaqtda
permit-follow-ups-bulk = Kechikkanlarni birdan koʻchirish va yopish
permit-follow-ups-delete = Kechikkan qayta aloqani oʻchirish
permit-imports-create = Jadvaldan lid kiritish
permit-imports-all-read = Hammaning importlarini koʻrish
permit-courses-read = Kurslar va sotuv matnini koʻrish
permit-courses-write = Kurslarni tuzish va oʻzgartirish
permit-staff-read = Xodimlarni koʻrish
permit-staff-sales-write = Sotuvchilar, ularning ish vaqti va yoʻqligi
permit-staff-managers-write = Menejerlar va boshqa rollardagilar
permit-leave-own-write = Oʻziga ruxsat soʻrash
permit-leave-decide = Ruxsat soʻrovlariga javob berish
permit-distribution-write = Lid taqsimlash sozlamalari
permit-scripts-write = Qoidalarni yozish va chiqarish
permit-settings-write = Markaz sozlamalari
permit-roles-write = Rollarni tuzish va oʻzgartirish
permit-bot-write = Telegram botni ulash
permit-audit-read = Oʻzgarishlar jurnalini koʻrish
permit-numbers-team-read = Butun jamoa raqamlari
permit-profile-write = Oʻz profili va paroli

## Second factor
factor-title = Ikki bosqichli kirish
factor-about = Paroldan keyin telefondagi ilova bergan kod ham soʻraladi. Parol oʻgʻirlansa ham kira olishmaydi.
factor-is-on = yoqilgan
factor-is-off = oʻchiq
factor-on = { $date } dan beri yoqilgan
factor-left = { $n ->
    [0] Zaxira kodi qolmadi. Yangilarini oling.
   *[other] { $n } ta zaxira kodi qoldi.
}
factor-begin = Sozlash
factor-forced = Markaz hammadan ikki bosqichli kirishni soʻraydi. Davom etish uchun uni sozlang.
factor-required = Markaz buni hammadan soʻraydi, oʻchirib boʻlmaydi.
factor-qr = Ilova uchun QR-kod
factor-step-app = Telefonda kod ilovasini oching, masalan, Google Authenticator.
factor-step-scan = Rasmni suratga oling yoki quyidagi kalitni kiriting.
factor-step-code = Ilova koʻrsatgan 6 ta raqamni yozing.
factor-code = Kod
factor-confirm = Tasdiqlash
factor-again = Yangi kalit olish
factor-off = Oʻchirish
factor-renew = Yangi zaxira kodlari
factor-codes = Zaxira kodlari
factor-codes-text = Telefon yoʻqolsa, kod oʻrniga shulardan birini yozasiz. Har biri bir marta ishlaydi. Hozir saqlab qoʻying: boshqa koʻrsatilmaydi.
factor-kept = Saqlab qoʻydim
toast-factor-off = Ikki bosqichli kirish oʻchirildi
toast-factor-reset = Ikki bosqichli kirish olib tashlandi
login-code-title = Kodni yozing
login-code-text = Telefoningizdagi kod ilovasini oching.
login-code-hint = Telefon yoningizda boʻlmasa, zaxira kodi ham boʻladi
login-code-back = Boshqa hisob bilan kirish
user-email = E-pochta
user-reset-factor = Ikki bosqichli kirishni olib tashlash
profile-details = Maʼlumotlarim

## Sessions
session-title = Qayerda ochiq
session-here = shu qurilma
session-unknown = Nomaʼlum qurilma
session-since = Kirilgan: { $date }
session-end = Yopish
session-end-others = Boshqa hammasini yopish
toast-session-ended = Qurilma chiqarildi
toast-sessions-ended = Boshqa qurilmalar chiqarildi

## Working hours and leaving
user-copy-week = Dush–Jumaga nusxalash
user-next-day = ertasi kuni tugaydi
user-leaves = Ishdan ketmoqda
user-leaves-text = Hamma qurilmada chiqariladi va boshqa lid olmaydi. Tarixi joyida qoladi.
user-open-work = { $n } ta ochiq lid va { $of } ta qayta aloqasi bor.
user-hand-over = Ochiq ishlari
user-hand-over-share = Qayta taqsimlansin
user-hand-over-to = Bir xodimga oʻtsin
user-hand-over-who = Kimga
user-hand-over-none = Tanlang
user-hand-over-keep = Hozircha oʻzida qolsin
event-returned = Qayta taqsimlashga qaytdi
login-support = Yordam: { $name }

## Center
centre-title = Markaz
centre-name = Nomi
centre-address = Manzil
centre-support = Yordam uchun aloqa
centre-support-hint = Telefon yoki @telegram. Kira olmagan xodim uni kirish sahifasida koʻradi.
centre-country = Mamlakat
centre-country-hint = Kodsiz yozilgan telefonlar shu mamlakatniki deb oʻqiladi
centre-currency = Valyuta
centre-currency-hint = Birinchi summadan keyin oʻzgarmaydi
centre-currency-locked = Summalar bor, valyuta oʻzgarmaydi
centre-zone = Vaqt mintaqasi
centre-zone-clock = Hozir { $from } boʻlsa, yangi mintaqada { $to }.
centre-zone-hours = { $n } xodimning ish vaqti soati oʻzgarmaydi: 09:00 yangi mintaqaning 09:00 i boʻladi.
centre-zone-follow-ups = { $n } ta ochiq qayta aloqa oʻsha lahzada qoladi, faqat boshqa soat koʻrsatadi: { $from } oʻrniga { $to }.
centre-zone-days = Kun, bugungi roʻyxat va tungi ishlar yangi mintaqa boʻyicha boshlanadi.
centre-zone-read = Tushundim, oʻzgartirilsin
centre-factor = Hammadan ikki bosqichli kirish soʻralsin
centre-factor-hint = Uni sozlamagan xodim keyingi sahifadayoq sozlashga yuboriladi
country-uz = Oʻzbekiston
country-kz = Qozogʻiston
country-kg = Qirgʻiziston
country-tj = Tojikiston
country-tm = Turkmaniston
country-ru = Rossiya
country-az = Ozarbayjon
country-ge = Gruziya
country-am = Armaniston
country-tr = Turkiya
country-by = Belarus
country-mn = Moʻgʻuliston
permit-leads-trash = Lidni savatga tashlash va qaytarish
permit-exports-create = Roʻyxatlarni faylga chiqarish
