## Пәрмендер тізімі
bot-command-today = Бүгінгі байланыстар
bot-command-overdue = Мерзімі өткен байланыстар
bot-command-stats = Менің нәтижелерім
bot-command-lang = Тіл
bot-command-mute = Хабарламаларды өшіру немесе қосу
bot-command-help = Көмек

## Байланыстыру
bot-hello = Сәлеметсіз бе! Бұл <b>{ $tenant }</b> орталығының боты. Осында жұмыс істесеңіз, порталдағы профиліңізден сілтеме алып, оны осы жерде ашыңыз.
bot-linked = <b>{ $name }</b>, тіркелгіңіз байланыстырылды. Жаңа лидтер мен байланыстар осында келеді.
bot-link-expired = Бұл сілтеменің мерзімі өткен немесе ол қолданылған. Профиліңізден жаңасын алыңыз.
bot-not-linked = Тіркелгіңіз әлі байланыстырылмаған. Порталдағы профиліңізден сілтеме алыңыз.
bot-help =
    Мен не істей аламын:
    /today бүгінгі байланыстар
    /overdue мерзімі өткен байланыстар
    /stats нәтижелеріңіз
    /lang тіл
    /mute хабарламаларды өшіру немесе қосу
bot-unknown = Бұл пәрменді білмеймін. Пәрмендер: /help
bot-lang-choose = Тілді таңдаңыз
bot-lang-set = Енді қазақша жазамын.
bot-muted = Хабарламалар өшірілді. Қайта қосу: /mute
bot-unmuted = Хабарламалар қосылды.
bot-old-button = Бұл батырма ескірген.

## Жұмыс
bot-today-head = <b>Бүгінгі байланыстар</b>
bot-today-none = Бүгінге байланыс қалмады.
bot-overdue-head = <b>Мерзімі өткен байланыстар</b>
bot-overdue-none = Мерзімі өткен байланыс жоқ.
bot-list-more = Қалғандары порталда.
bot-due-at = Мерзімі: { $time }
bot-due-past = Мерзімі өтті: { $time }
bot-follow-up-closed = Бұл байланыс жабылған.
bot-outcome-reached = Сөйлестік
bot-outcome-no-answer = Жауап жоқ
bot-outcome-later = Кейінірек
bot-next = Келесісі
bot-done = Жазып қойылды.
bot-gone = Бұл енді сіздің жұмысыңыз емес.
bot-stats =
    <b>Бүгін</b>
    Лидтеріңіз: { $leads }
    Бүгінгі байланыстар: { $today }
    Мерзімі өткені: { $overdue }
    Бүгінгі жаңа лидтер: { $new }

## Хабарламалар
bot-lead-assigned = Сізге жаңа лид берілді.
bot-leads-assigned = Сізге { $count } жаңа лид берілді.
bot-lead-enquired-again = Лидіңіз қайта хабарласты.
bot-follow-up-due = Хабарласатын уақыт келді.
bot-follow-ups-due = { $count } байланыстың уақыты келді.
bot-you-are-blocked = { $count } байланысыңыздың мерзімі өтті, сондықтан жаңа лид берілмейді. Алдымен соларды орындаңыз.
bot-rep-blocked = <b>{ $name }</b>: мерзімі өткен { $count } байланыс, жаңа лид берілмейді.
bot-leads-waiting = { $count } лид күтіп тұр: қазір жұмыста ешкім жоқ.
bot-script-failing = «{ $name }» ережесі қате беріп тұр, { $line }-жол: { $reason }. Әзірге алдыңғы ереже жұмыс істейді.
bot-script-paused = «{ $name }» ережесі тым көп қате бергендіктен тоқтатылды, { $line }-жол: { $reason }. Алдыңғы ереже жұмыс істейді.
bot-notice-leads = { $count } лид.
