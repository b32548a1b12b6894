## Desk
nav-distribution = Taqsimlash
dist-give-out = Hozir taqsimlash
dist-free-note = { $of } kishidan { $n } tasi hozir lid ola oladi
dist-who = Kim lid ola oladi
dist-given-note = 30 kunda { $n } ta lid taqsimlandi
dist-now = Hozir
dist-today = Bugun
dist-fair = 30 kunda oldi / ulushi
dist-fair-short = 30 kunda
dist-fair-note = “Ulushi” qoida boʻyicha taqsimlangan lidlardan xodimga toʻgʻri keladigani. Qoʻlda berilganlar alohida sanaladi.
dist-by-hand = +{ $n } qoʻlda
dist-available = lid ola oladi
dist-all-courses = barcha kurslar
dist-edit = { $name }: oʻzgartirish
dist-rep-title = { $name }: ulush, chegara, kurslar

## Why not
dist-not-receiving = lid olmaydi
dist-never-works = ish vaqti kiritilmagan
dist-off-hours = ish vaqti emas, boshlanadi: { $time }
dist-on-leave = ruxsatda: { $time } gacha
dist-holiday = bayram: { $time } gacha
dist-absent = yoʻq: { $time } gacha
dist-blocked = { $n } ta aloqa kechikkan
dist-at-cap = chegarada: { $n } ta ochiq lid
dist-no-share = ulushi 0

## Rules
dist-rules = Qoidalar
dist-strategy = Kimga beriladi
dist-strategy-hint = Teng boʻlsa, eng uzoq lid olmaganiga.
dist-fewest-open = Ochiq lidi eng kam xodimga
dist-by-share = Ulushiga qarab
dist-own-rule = Markaz oʻz skripti bilan taqsimlaydi. Uni administrator oʻzgartiradi; quyidagi chegaralar baribir amal qiladi.
dist-cap = Eng koʻp ochiq lid
dist-cap-hint = 0: cheklanmaydi. Xodimning oʻz chegarasi ustun.
dist-block = Yangi lidni toʻxtatadigan kechikishlar
dist-block-hint = 0: toʻxtatilmaydi.
dist-grace = Kechikishga muhlat, daqiqa
dist-silent = Tegilmagan lid qaytadi, ish daqiqasi
dist-silent-hint = 0: qaytmaydi. Boshqa kimdir ola olsagina qaytadi.

## Queue
dist-queue-ready = hozir olish mumkin
dist-queue-nobody-teaches = ishdagilardan hech kim bu kurs lidlarini olmaydi
dist-queue-nobody-available = hozir lid oladigan odam yoʻq
toast-giving-out = Lidlar taqsimlanmoqda

## Elsewhere
event-lead-untouched = { $n } ish daqiqasi tegilmadi, taqsimotga qaytdi. Oldingi masʼul: { $name }
lead-move-follow-ups = Ochiq aloqalari ham oʻtsin
why-owner-silent = Oldingi masʼul tegmagani uchun boshqasiga
bot-leads-returned = { $count } ta lidingizga { $time } ish daqiqasi tegilmadi, ular boshqalarga berildi.
