## Fayl nega oʻqilmadi
error-file-too-large = Fayl juda katta. Uni bir necha qismga boʻling.
error-file-too-many-rows = Faylda qatorlar juda koʻp: bir martada 200 000 tagacha. Uni boʻlib yuklang.
error-file-unreadable = Fayl buzilgan yoki oxirigacha yuklanmagan. Uni jadval dasturida ochib, qayta saqlang.
error-file-password-protected = Fayl parol bilan himoyalangan. Parolni olib tashlab, qayta yuklang.
error-file-empty = Faylda maʼlumot yoʻq.
error-file-unknown-format = Bu jadval emas. Excel (xlsx, xls), ODS yoki CSV fayl yuklang.
error-file-unclosed-quote = { $line }-qatorda qoʻshtirnoq yopilmagan. Uni tuzatib, qayta yuklang.
error-sheet-not-found = Faylda bunday varaq yoʻq.
error-header-not-found = Telefon ustuni topilmadi. Qaysi ustunda telefon borligini koʻrsating.
error-column-not-found = Koʻrsatilgan ustun faylda yoʻq. Ustunlarni qayta tanlang.

## Ustunlar
imports-field-name = Ism
imports-field-phone = Telefon
imports-field-secondary-phone = Ikkinchi telefon
imports-field-source = Manba
imports-field-course = Kurs
imports-field-notes = Izoh
imports-field-status = Bosqich

## Olinmagan qatorlar va importning oʻz rad javoblari
imports-row-duplicate-in-file = Bu raqam faylning oldingi qatorida bor.
imports-row-duplicate-lead = Bu raqamli lid allaqachon bor.
error-file-expired = Fayl endi saqlanmaydi. Uni qayta yuklang.
error-import-started = Bu import allaqachon boshlangan.
error-import-finished = Bu import allaqachon tugagan.
error-import-canceled = Import toʻxtatildi.
error-import-broken = Import qayta-qayta uzilib, oxiri toʻxtatildi. Yaratilgan lidlar saqlandi.
imports-reason = Sababi
