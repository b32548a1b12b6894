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
