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

## Takror raqam nima degani va importni qaytarib olish
error-bad-choice = Quyidagilardan birini tanlang: skip, update, link.
error-import-not-undoable = Qaytarib olinadigan narsa yoʻq: import tugamagan, hech narsa yaratmagan yoki allaqachon qaytarib olingan.
imports-row-duplicate-filled = Bu raqamli lid bor edi; unda yetishmagani toʻldirildi.
import-history = Importlar tarixi
import-state-undoing = qaytarib olinmoqda
import-state-undone = qaytarib olingan
import-remembered = Ustunlar oʻtgan safargidek moslandi.
import-repeats = Avvaldan maʼlum raqamlar
import-repeats-wait = Jadval koʻrib chiqilmoqda…
import-repeats-none = Bu jadvaldagi raqamlarning hech biri hali maʼlum emas.
import-repeats-phone = Avval telefon ustunini tanlang.
import-repeats-here = Qayerda bor
import-repeats-do = Nima qilinsin
import-repeats-earlier = shu faylning { $n }-qatori
import-repeats-hidden = hamkasbingizning lidi
import-repeats-more = Yana { $n } ta shunday qator butun fayl uchun tanlovga boʻysunadi.
import-dup = Raqam avvaldan bor boʻlsa
import-dup-file = Butun fayldagidek
import-dup-row = { $name }: nima qilinsin
import-dup-skip = Qatorni oʻtkazib yuborish
import-dup-skip-hint = Lid oʻz holicha qoladi
import-dup-skip-short = Oʻtkazish
import-dup-update = Lidda yetishmaganini toʻldirish
import-dup-update-hint = Bor maʼlumot almashtirilmaydi
import-dup-update-short = Toʻldirish
import-dup-link = Oila aʼzosi sifatida qoʻshish
import-dup-link-hint = Ismi boshqa boʻlsa, alohida lid boʻladi, masalan aka-uka yoki opa-singil
import-dup-link-short = Oilaga qoʻshish
import-linked = shundan oila aʼzolari
import-updated = shundan toʻldirilgani
import-removed = Qaytarib olindi
import-stayed = Qoldi
import-undo = Importni qaytarib olish
import-undo-hint = Butun importni keyin qaytarib olish mumkin.
import-undo-text = { $n } ta lid qayta aloqalari bilan oʻchadi, toʻldirilgan maydonlar yana boʻshatiladi.
import-undo-stay = Import qilingandan keyin kimdir ishlagan lidlar qoladi va roʻyxatda koʻrsatiladi.
import-undoing = Import qaytarib olinmoqda
import-undone = Import qaytarib olindi
import-kept = Qolgan lidlar
import-kept-text = Bu lidlar bilan kimdir ishlagan, shuning uchun ularga tegilmadi.
event-filled = Boʻsh maydonlar jadvaldan toʻldirildi
