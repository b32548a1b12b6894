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
