## Тақта
nav-board = Тақта
board-label = Кезеңдер тақтасы
board-as-list = Тізім
board-late = кешіккен
board-soon = бір сағат ішінде
board-planned = жоспарда
board-none = қадам жоқ
board-more = Тағы көрсету
board-no = Мұнда ауыстыруға болмайды
board-back = Тек менеджер қайтара алады
board-asks = Қойсаңыз, себебі сұралады
board-reason-none = Себебін таңдаңыз
board-picked = { $name } алынды. Сол және оң жақ көрсеткіштер кезеңді таңдайды, Enter қояды, Esc бас тартады.
board-over = Қоюға болады: { $to }
board-cancelled = Орнында қалды
board-nowhere = { $name }: бұл кезеңнен ауысатын жер жоқ
board-moved = { $name }: { $to }
board-undo = Қайтару
board-undone = { $name } қайтарылды: { $to }
board-moved-by = { $name } қазір «{ $to }» кезеңінде: { $what } ауыстырған. Сіз таңдаған кезең қойылмады.
board-moved-meanwhile = { $name } қазір «{ $to }» кезеңінде. Сіз таңдаған кезең қойылмады.
board-gone = Бұл лид енді сіздікі емес, тақтадан алынды.

## Тікелей жаңарту
live-off = Тікелей емес, қосылып жатыр
live-changed = Әріптесіңіз бұл лидті жаңа ғана өзгертті.
live-list-changed = Тізімде жаңалық бар.
live-show = Жаңарту

## Board
error-moved-on-since = Лид содан бері ауыстырылған, қайтаруға болмайды.
error-too-late-to-undo = Қайтару уақыты өтті: 10 минут. Кезеңді өзіңіз өзгертіңіз.
## Лидтің өрістері мен қоңыраулар
field-edit = Өзгерту: { $name }
field-keep-mine = Менікін сақтау
field-keep-theirs = Жаңасы қалсын
field-changed-by = { $name } осы арада өзгертті: { $what }
field-changed = Бұл осы арада өзгерген: { $what }
lead-log-call = Қоңырауды жазу
lead-earlier = Бұрынғыларын көрсету
call-direction = Бағыты
call-out = Шығыс
call-in = Кіріс
call-outcome = Нәтижесі
outcome-busy = Бос емес
outcome-wrong_number = Нөмір қате
event-call-out = шығыс қоңырау
event-call-in = кіріс қоңырау
event-move-undone = кезең қайтарылды, бұрын: { $from }
toast-call-logged = Қоңырау жазылды
error-unknown-direction = Бағыты “out” немесе “in” болсын.
