## Desk
nav-distribution = Распределение
dist-give-out = Раздать сейчас
dist-free-note = Сейчас могут взять лид: { $n } из { $of }
dist-who = Кто может взять лид
dist-given-note =
    { $n ->
        [one] За 30 дней роздан { $n } лид
        [few] За 30 дней роздано { $n } лида
       *[many] За 30 дней роздано { $n } лидов
    }
dist-now = Сейчас
dist-today = Сегодня
dist-fair = Получил за 30 дней / доля
dist-fair-short = за 30 дней
dist-fair-note = «Доля»: сколько из розданных по правилу лидов приходится на сотрудника. Отданные вручную считаются отдельно.
dist-by-hand =
    { $n ->
        [one] +{ $n } вручную
        [few] +{ $n } вручную
       *[many] +{ $n } вручную
    }
dist-available = может взять лид
dist-all-courses = все курсы
dist-edit = Изменить: { $name }
dist-rep-title = { $name }: доля, предел, курсы

## Why not
dist-not-receiving = не получает лиды
dist-never-works = рабочее время не задано
dist-off-hours = нерабочее время, начнёт: { $time }
dist-on-leave = в отпуске до: { $time }
dist-holiday = праздник до: { $time }
dist-absent = отсутствует до: { $time }
dist-blocked =
    { $n ->
        [one] просрочен { $n } контакт
        [few] просрочено { $n } контакта
       *[many] просрочено { $n } контактов
    }
dist-at-cap =
    { $n ->
        [one] на пределе: { $n } открытый лид
        [few] на пределе: { $n } открытых лида
       *[many] на пределе: { $n } открытых лидов
    }
dist-no-share = доля 0

## Rules
dist-rules = Правила
dist-strategy = Кому отдаётся
dist-strategy-hint = При равенстве тому, кто дольше всех без лида.
dist-fewest-open = У кого меньше открытых лидов
dist-by-share = По доле сотрудника
dist-own-rule = Центр распределяет по своему скрипту, его меняет администратор. Пределы ниже действуют всё равно.
dist-cap = Предел открытых лидов
dist-cap-hint = 0: без предела. Собственный предел важнее.
dist-block = Просрочек, чтобы остановить лиды
dist-block-hint = 0: не останавливать.
dist-grace = Отсрочка, минут
dist-silent = Нетронутый лид вернуть через, рабочих минут
dist-silent-hint = 0: не возвращать. Возвращается, только если может взять кто-то ещё.

## Queue
dist-queue-ready = есть кому взять
dist-queue-nobody-teaches = никто из работающих не берёт лиды этого курса
dist-queue-nobody-available = сейчас некому взять
toast-giving-out = Лиды раздаются

## Elsewhere
event-lead-untouched =
    { $n ->
        [one] Не тронут { $n } рабочую минуту, возвращён в распределение. Прежний владелец: { $name }
        [few] Не тронут { $n } рабочие минуты, возвращён в распределение. Прежний владелец: { $name }
       *[many] Не тронут { $n } рабочих минут, возвращён в распределение. Прежний владелец: { $name }
    }
lead-move-follow-ups = Передать и открытые контакты
why-owner-silent = Прежний владелец не тронул, отдан другому
bot-leads-returned =
    { $count ->
        [one] { $count } ваш лид не тронут { $time } рабочих минут и отдан другим.
        [few] { $count } ваших лида не тронуты { $time } рабочих минут и отданы другим.
       *[many] { $count } ваших лидов не тронуты { $time } рабочих минут и отданы другим.
    }
