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
