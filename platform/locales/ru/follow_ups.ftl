## Many follow-ups at once
follow-ups-reschedule = Отложить
follow-ups-reassign = Передать
follow-ups-complete = Завершить
follow-ups-delete = Удалить
follow-ups-look = Посмотреть, что изменится
follow-ups-hours = Через сколько часов
follow-ups-hours-hint = Одно за другим в рабочее время каждого сотрудника. Не больше 720 часов.
follow-ups-to = Кому
follow-ups-with-leads = Лиды тоже переходят
follow-ups-with-leads-hint = Без лидов коллега видит их, пока касание не выполнено. С лидами переходит всё, что по ним открыто.
follow-ups-complete-hint = Каждое завершается от вашего имени, сейчас, с этим итогом.
follow-ups-delete-hint = Они сохраняются, но не считаются ни открытыми, ни выполненными.
follow-ups-preview = Что изменится
follow-ups-preview-undo = Отменить можно в течение семи дней; то, чего за это время кто-то коснулся, останется как есть.
follow-ups-count = Касания
follow-ups-first = Первое
follow-ups-last = Последнее
follow-ups-stay = Останется как есть
follow-ups-and-more = и ещё { $n }
follow-ups-will-reschedule = Отложится касаний: { $n } из { $of }
follow-ups-will-reassign = Передаётся касаний: { $n } из { $of }
follow-ups-will-complete = Завершится касаний: { $n } из { $of }
follow-ups-will-delete = Удалится касаний: { $n } из { $of }
follow-ups-will-hours =
    { $n ->
        [0] Начиная с этой минуты, одно за другим в рабочее время каждого сотрудника.
        [one] Начиная через { $n } час, одно за другим в рабочее время каждого сотрудника.
        [few] Начиная через { $n } часа, одно за другим в рабочее время каждого сотрудника.
       *[other] Начиная через { $n } часов, одно за другим в рабочее время каждого сотрудника.
    }
follow-ups-will-owner = Кому: { $name }.
follow-ups-will-leads =
    { $n ->
        [one] Вместе с ними переходит { $n } лид со всем, что по нему открыто.
        [few] Вместе с ними переходят { $n } лида со всем, что по ним открыто.
       *[other] Вместе с ними переходят { $n } лидов со всем, что по ним открыто.
    }
follow-ups-will-outcome = Итог: { $what }.
follow-ups-will-outside = Нет рабочего времени в ближайшие три месяца: { $n }
follow-ups-bulk-none = Не выбрано ни одного касания
follow-ups-bulk-running = Касания меняются
follow-ups-bulk-undone =
    { $n ->
        [one] { $n } касание снова такое, как было
        [few] { $n } касания снова такие, как были
       *[other] { $n } касаний снова такие, как были
    }
follow-ups-did-reschedule =
    { $n ->
        [one] Отложено { $n } касание
        [few] Отложено { $n } касания
       *[other] Отложено { $n } касаний
    }
follow-ups-did-reassign =
    { $n ->
        [one] Передано { $n } касание
        [few] Передано { $n } касания
       *[other] Передано { $n } касаний
    }
follow-ups-did-complete =
    { $n ->
        [one] Завершено { $n } касание
        [few] Завершено { $n } касания
       *[other] Завершено { $n } касаний
    }
follow-ups-did-delete =
    { $n ->
        [one] Удалено { $n } касание
        [few] Удалено { $n } касания
       *[other] Удалено { $n } касаний
    }
event-follow-up-rescheduled = { $what }: отложено с { $from } на { $to }
event-follow-up-reassigned = теперь выполняет: { $what }
event-follow-up-deleted = удалён шаг: { $what }
event-follow-up-undone = отменено изменение шага: { $what }
event-follow-up-moved-holiday = Перенесено: центр закрыт. { $what }, { $from } → { $to }
event-follow-up-moved-opened = День снова рабочий, возвращено: { $what }, { $from } → { $to }

## One follow-up
follow-ups-snooze-1h = 1 час
follow-ups-snooze-tomorrow = завтра утром
follow-ups-snooze-3d = через 3 дня
follow-ups-snooze-1w = через неделю
follow-ups-reminded = Напоминание { $time }, { $name }
follow-ups-reminder-delivered = доставлено
follow-ups-reminder-waiting = в пути
follow-ups-reminder-failed = не доставлено
follow-ups-reminder-portal = Telegram не привязан
toast-follow-up-moved = Касание отложено
today-stopped = Новые лиды к вам не приходят: просрочено касаний: { $n }. Они придут снова, когда их станет меньше { $of }.
today-stopped-all = Новые лиды не придут, пока вы не выполните просроченное: { $n }.
