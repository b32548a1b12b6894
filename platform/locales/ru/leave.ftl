## Times
month-name-1 = Январь
month-name-2 = Февраль
month-name-3 = Март
month-name-4 = Апрель
month-name-5 = Май
month-name-6 = Июнь
month-name-7 = Июль
month-name-8 = Август
month-name-9 = Сентябрь
month-name-10 = Октябрь
month-name-11 = Ноябрь
month-name-12 = Декабрь
leave-month = { $name } { $date }
leave-days = { $from } – { $to }
leave-hours = { $date }, { $from }–{ $to }
leave-since = с { $date }
leave-length =
    { $n ->
        [one] { $n } день
        [few] { $n } дня
       *[many] { $n } дней
    }
leave-part-day = часть дня

## Requests
nav-leave = Отпуска и отгулы
leave-ask = Попросить отгул
leave-tab-pending = Ждут ответа
leave-tab-mine = Мои
leave-tab-calendar = Кто когда отсутствует
leave-tab-all = Все заявки
leave-tab-holidays = Праздники
leave-when = Когда
leave-kind = Причина
leave-note = Пояснение
leave-note-hint = Для причины «Другое» напишите пояснение.
leave-asked = Подана
leave-state = Состояние
leave-kind-illness = Болезнь
leave-kind-personal = Личное
leave-kind-vacation = Отпуск
leave-kind-other = Другое
leave-state-pending = ждёт ответа
leave-state-approved = одобрена
leave-state-now = сейчас отсутствует
leave-state-past = прошла
leave-state-ended = закончена раньше
leave-state-rejected = отклонена
leave-state-cancelled = отменена
leave-urgent = срочно
leave-urgent-ask = Срочно, ответ нужен скорее
leave-first-day = Первый день
leave-last-day = Последний день
leave-from = Со скольки
leave-to = До скольки
leave-hours-hint = Для целых дней оставьте пустым. Если дней несколько, эти часы каждый день.
leave-send = Отправить заявку
leave-approve = Одобрить
leave-reject = Отклонить
leave-none-pending = Заявок без ответа нет
leave-none-pending-text = Когда кто-то попросит отгул, вы увидите это здесь и в Telegram.
leave-none = Заявок пока нет
leave-none-text = В это время новые лиды не приходят, а контакты переносятся на следующее рабочее время.
leave-asked-at = подана: { $time }
leave-answered-at = Ответ: { $time }
leave-ended-at = Прекращена: { $time }
leave-cancel = Отозвать заявку
leave-end = Закончить сейчас: снова на работе
leave-call-off = Отменить
leave-end-hint = Перенесённые контакты вернутся на своё время или на ближайшее рабочее.
leave-beside = Кто ещё отсутствует в это время
leave-beside-none = В это время все остальные на месте.
leave-beside-own = другая заявка этого человека
leave-beside-asked = просит
leave-open = Открыть заявку
leave-answer = Ответ
leave-past = Это время уже прошло, одобрить нельзя.
leave-reason = Пояснение к ответу
leave-reason-hint = При отказе причина обязательна.
leave-follow-ups-move =
    { $n ->
        [one] На это время приходится { $n } контакт: он перейдёт на следующее рабочее время.
        [few] На это время приходится { $n } контакта: они перейдут на следующее рабочее время.
       *[many] На это время приходится { $n } контактов: они перейдут на следующее рабочее время.
    }

## Calendar and holidays
leave-this-month = Этот месяц
leave-previous = Предыдущий месяц
leave-next = Следующий месяц
leave-nobody-away = В этом месяце все на работе
leave-nobody-away-text = Здесь видны одобренные отпуска и отмеченные отсутствия.
leave-mark-absent = Отметить отсутствие
leave-choose-person = Выберите
leave-absent-from = С какого дня
leave-absent-until = По какой день
leave-absent-hint = Пустая дата: с этого момента и до возвращения. Отсутствующий не получает новых лидов; если указан последний день, его контакты переходят на следующее рабочее время.
holiday-add = Добавить праздник
holiday-day = День
holiday-name = Название
holiday-hint = В этот день центр закрыт: лиды не раздаются, новые контакты планируются на следующее рабочее время.
holiday-none = Праздники не заданы
holiday-none-text = В заданные праздники центр считается закрытым.
holiday-remove = Убрать: { $name }

## Elsewhere
toast-leave-asked = Заявка отправлена
toast-leave-approved = Заявка одобрена
toast-leave-rejected = Заявка отклонена
toast-leave-cancelled = Заявка отозвана
toast-leave-ended = Отсутствие прекращено
dash-leave =
    { $n ->
        [one] { $n } заявка на отгул ждёт ответа.
        [few] { $n } заявки на отгул ждут ответа.
       *[many] { $n } заявок на отгул ждут ответа.
    }
event-follow-up-moved-leave = Перенесено из-за отпуска: { $what }, { $from } → { $to }
event-follow-up-moved-absence = Перенесено из-за отсутствия: { $what }, { $from } → { $to }
event-follow-up-moved-back = Отпуск закончился раньше, возвращено: { $what }, { $from } → { $to }

## Telegram
bot-leave-asked = <b>Просьба об отгуле</b>
bot-leave-is-approved = <b>Отгул одобрен</b>
bot-leave-is-rejected = <b>В отгуле отказано</b>
bot-leave-is-cancelled = <b>Отгул отменён</b>
bot-leave-ended = <b>Отгул закончился раньше</b>
bot-leave-urgent = Срочно!
bot-leave-answer = Ответ: { $reason }
bot-leave-colleagues =
    { $count ->
        [one] В это время отсутствует или просит отгул ещё { $count } коллега.
        [few] В это время отсутствуют или просят отгул ещё { $count } коллеги.
       *[many] В это время отсутствуют или просят отгул ещё { $count } коллег.
    }
bot-leave-follow-ups =
    { $count ->
        [one] { $count } контакт перейдёт на следующее рабочее время.
        [few] { $count } контакта перейдут на следующее рабочее время.
       *[many] { $count } контактов перейдут на следующее рабочее время.
    }
bot-leave-approve = Одобрить
bot-leave-reject = Отказать
bot-leave-back = Назад
bot-leave-why = Почему отказ? Другую причину можно написать в портале.
bot-leave-why-few-people = В эти дни мало людей
bot-leave-why-busy-days = В эти дни много работы
bot-leave-why-talk-first = Давайте сначала поговорим
bot-leave-approved = Вы одобрили.
bot-leave-rejected = Вы отказали.
