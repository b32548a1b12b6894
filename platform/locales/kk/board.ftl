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

## Отбасы және біріктіру
family-title = Отбасы және қайталанулар
family-add = Отбасы мүшесі ретінде қосу
merge-title = Біріктіру
merge-open = Басқа лидпен біріктіру
merge-compare = Салыстыру
merge-found = Ұқсас лидтер
merge-find-text = { $name } адамымен бір болатын лидті таңдаңыз: телефоны бірдейлері жоғарыда.
merge-text = Әр жол үшін қалатын мәнді таңдаңыз.
merge-stays = қалады
merge-goes = қосылады
merge-same = бірдей
merge-both = Екі жазба да қалсын
merge-keeps = Тегтер, барлық телефондар, тарих пен байланыстар екі лидтен де қалады. 30 күн ішінде қайтаруға болады.
merge-go = Біріктіру
merge-swap = Орнын ауыстыру
merge-made = { $name } лидімен біріктірілген, { $time }
event-merged = { $name } лидімен біріктірілді
event-unmerged = Біріктіру қайтарылды
toast-merged = Лидтер біріктірілді
toast-unmerged = Біріктіру қайтарылды
error-same-lead = Лидті өзімен біріктіруге болмайды.
error-merge-too-old = Біріктіруді 30 күн ішінде қайтаруға болатын еді.
error-unknown-lead = Мұндай лид жоқ. Тізімнен қайта таңдаңыз.
