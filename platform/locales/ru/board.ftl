## Доска
nav-board = Доска
board-label = Доска этапов
board-as-list = Список
board-late = просрочено
board-soon = в течение часа
board-planned = в плане
board-none = шага нет
board-more = Показать ещё
board-no = Сюда перенести нельзя
board-back = Вернуть может только менеджер
board-asks = После переноса нужна причина
board-reason-none = Выберите причину
board-picked = Взято: { $name }. Стрелки влево и вправо выбирают этап, Enter ставит, Esc отменяет.
board-over = Можно поставить: { $to }
board-cancelled = Осталось на месте
board-nowhere = { $name }: с этого этапа переносить некуда
board-moved = { $name }: { $to }
board-undo = Вернуть
board-undone = { $name } снова здесь: { $to }
board-moved-by = { $name } уже на этапе «{ $to }»: перенёс { $what }. Ваш перенос не выполнен.
board-moved-meanwhile = { $name } уже на этапе «{ $to }». Ваш перенос не выполнен.
board-gone = Этот лид больше не ваш и убран с доски.

## Обновление вживую
live-off = Не вживую, подключаемся
live-changed = Коллега только что изменил этот лид.
live-list-changed = В списке есть новое.
live-show = Обновить

## Board
error-moved-on-since = Лид с тех пор переместили, вернуть уже нельзя.
error-too-late-to-undo = Вернуть можно в течение 10 минут. Измените этап вручную.
## Поля лида и звонки
field-edit = Изменить: { $name }
field-keep-mine = Сохранить моё
field-keep-theirs = Оставить новое
field-changed-by = { $name } тем временем поставил: { $what }
field-changed = Это тем временем изменили: { $what }
lead-log-call = Записать звонок
lead-earlier = Показать раньше
call-direction = Направление
call-out = Исходящий
call-in = Входящий
call-outcome = Итог
outcome-busy = Занято
outcome-wrong_number = Неверный номер
event-call-out = исходящий звонок
event-call-in = входящий звонок
event-move-undone = этап возвращён, было: { $from }
toast-call-logged = Звонок записан
error-unknown-direction = Направление: “out” или “in”.

## Семья и объединение
family-title = Семья и дубли
family-add = Добавить как члена семьи
merge-title = Объединение
merge-open = Объединить с другим лидом
merge-compare = Сравнить
merge-found = Похожие лиды
merge-find-text = Выберите лид, который тот же человек, что и { $name }: с тем же телефоном сверху.
merge-text = Для каждой строки выберите значение, которое останется.
merge-stays = остаётся
merge-goes = вливается
merge-same = одинаково
merge-both = Оставить обе заметки
merge-keeps = Теги, все телефоны, история и контакты останутся от обоих лидов. Вернуть можно в течение 30 дней.
merge-go = Объединить
merge-swap = Поменять местами
merge-made = Объединён с { $name }, { $time }
event-merged = Объединён с { $name }
event-unmerged = Объединение отменено
toast-merged = Лиды объединены
toast-unmerged = Объединение отменено
error-same-lead = Лид нельзя объединить с самим собой.
error-merge-too-old = Объединение можно было отменить в течение 30 дней.
error-unknown-lead = Такого лида нет. Выберите из списка снова.
