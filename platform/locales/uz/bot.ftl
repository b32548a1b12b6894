## Buyruqlar roʻyxati
bot-command-today = Bugungi aloqalar
bot-command-overdue = Kechikkan aloqalar
bot-command-stats = Mening natijalarim
bot-command-lang = Til
bot-command-mute = Xabarlarni toʻxtatish yoki yoqish
bot-command-help = Yordam

## Ulash
bot-hello = Assalomu alaykum! Bu <b>{ $tenant }</b> boti. Xodim boʻlsangiz, portaldagi profilingizdan havola oling va uni shu yerda oching.
bot-linked = <b>{ $name }</b>, hisobingiz ulandi. Yangi lidlar va aloqalar shu yerga keladi.
bot-link-expired = Bu havola eskirgan yoki ishlatilgan. Profilingizdan yangisini oling.
bot-not-linked = Hisobingiz hali ulanmagan. Portaldagi profilingizdan havola oling.
bot-help =
    Men nima qila olaman:
    /today bugungi aloqalar
    /overdue kechikkan aloqalar
    /stats natijalaringiz
    /lang til
    /mute xabarlarni toʻxtatish yoki yoqish
bot-unknown = Bu buyruqni bilmayman. /help buyruqlarni koʻrsatadi.
bot-lang-choose = Tilni tanlang
bot-lang-set = Endi oʻzbekcha yozaman.
bot-muted = Xabarlar toʻxtatildi. Yana yoqish: /mute
bot-unmuted = Xabarlar yoqildi.
bot-old-button = Bu tugma eskirgan.

## Ishlar
bot-today-head = <b>Bugungi aloqalar</b>
bot-today-none = Bugunga aloqa qolmadi.
bot-overdue-head = <b>Kechikkan aloqalar</b>
bot-overdue-none = Kechikkan aloqa yoʻq.
bot-list-more = Qolganlari portalda.
bot-due-at = Muddati: { $time }
bot-due-past = Muddati oʻtdi: { $time }
bot-follow-up-closed = Bu aloqa yopilgan.
bot-outcome-reached = Gaplashdik
bot-outcome-no-answer = Javob yoʻq
bot-outcome-later = Keyinroq
bot-next = Keyingisi
bot-done = Yozib qoʻyildi.
bot-gone = Bu endi sizning ishingiz emas.
bot-stats =
    <b>Bugun</b>
    Lidlaringiz: { $leads }
    Bugungi aloqalar: { $today }
    Kechikkan: { $overdue }
    Bugungi yangi lidlar: { $new }

## Xabarlar
bot-lead-assigned = Sizga yangi lid berildi.
bot-leads-assigned = Sizga { $count } ta yangi lid berildi.
bot-lead-enquired-again = Lidingiz yana murojaat qildi.
bot-follow-up-due = Aloqa vaqti keldi.
bot-follow-ups-due = { $count } ta aloqaning vaqti keldi.
bot-you-are-blocked = { $count } ta aloqangiz kechikdi, shuning uchun yangi lid berilmayapti. Avval ularni bajaring.
bot-rep-blocked = <b>{ $name }</b>: { $count } ta kechikkan aloqa, yangi lid berilmayapti.
bot-leads-waiting = { $count } ta lid kutmoqda: hozir ishda hech kim yoʻq.
bot-script-failing = “{ $name }” qoidasi xato beryapti, { $line }-qator: { $reason }. Hozircha oldingi qoida ishlayapti.
bot-script-paused = “{ $name }” qoidasi koʻp xato bergani uchun toʻxtatildi, { $line }-qator: { $reason }. Oldingi qoida ishlayapti.
bot-notice-leads = { $count } ta lid.
