keys-title = Горячие клавиши
keys-anywhere = Везде
keys-in-lists = В списках
keys-on-a-lead = В карточке лида и в очереди
keys-on-the-board = На доске
keys-search = Найти лид, страницу или действие
keys-list = Этот список
keys-go = Выполнить показанное
keys-close = Закрыть
keys-rows = Следующая, предыдущая строка
keys-open = Открыть строку
keys-pick = Отметить строку
keys-undo = Отменить сделанное со многими
keys-outcome = Итог звонка
keys-note = Написать заметку
keys-call = Позвонить
keys-status = Сменить этап
keys-board-walk = От карточки к карточке
keys-board-take = Взять карточку, затем выбрать столбец стрелками
keys-board-put = Положить сюда
keys-board-drop = Оставить на прежнем месте
keys-board-move = Выбрать из списка, куда перенести
palette-actions = Действия
palette-pages = Перейти
palette-portal = Портал
palette-results = Что нашлось
palette-found = { $n ->
    [0] Ничего не найдено
    [one] Найден { $n } вариант
    [few] Найдено { $n } варианта
   *[other] Найдено { $n } вариантов
}
palette-none = Ничего похожего нет. Попробуйте имя, телефон, его последние четыре цифры или название страницы.
palette-overdue = Просроченные контакты
palette-waiting = Лиды без ответственного
palette-away = Кто отсутствует
palette-dark = Тёмная тема
palette-light = Светлая тема
palette-auto = Тема как на устройстве
toast-undo = Вернуть
toast-undone = Отменено
toast-not-copied = Не скопировано: браузер не разрешил. Выделите текст и скопируйте вручную.
toast-lead-stale = Лид тем временем изменился. Вот его новое состояние; попробуйте ещё раз.
