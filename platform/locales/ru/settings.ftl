settings-parts = Разделы
settings-other = Прочее
settings-message = Зачем изменили? (необязательно)
settings-history = История изменений
settings-changed =
    { $n ->
        [0] Всё по умолчанию
        [one] Изменена { $n } настройка
        [few] Изменены { $n } настройки
       *[many] Изменено { $n } настроек
    }
settings-replan =
    { $n ->
        [one] Перепланировать и { $n } уже запланированный контакт
        [few] Перепланировать и { $n } уже запланированных контакта
       *[many] Перепланировать и { $n } уже запланированных контактов
    }
settings-own = Изменено
settings-default = Вернуть по умолчанию: { $what }
settings-restored = Возвращена версия { $n }
settings-restore-text = С этого момента действуют эти значения. Более поздние версии остаются в истории.
settings-wrong =
    { $n ->
        [one] Исправьте { $n } поле, ничего не сохранено.
        [few] Исправьте { $n } поля, ничего не сохранено.
       *[many] Исправьте { $n } полей, ничего не сохранено.
    }
settings-no-number = «{ $what }» не целое число.
settings-list-hint = Если несколько, через запятую
settings-on = включено
settings-off = выключено
settings-yes = да
settings-no = нет
settings-none = нет
settings-and = { $from } и { $to }
settings-then = { $from }, затем { $to }
settings-after = Через { $what }
settings-before = За { $what } до начала
settings-minutes =
    { $n ->
        [one] { $what } минуту
        [few] { $what } минуты
       *[many] { $what } минут
    }
settings-hours =
    { $n ->
        [one] { $what } час
        [few] { $what } часа
       *[many] { $what } часов
    }
settings-days =
    { $n ->
        [one] { $what } день
        [few] { $what } дня
       *[many] { $what } дней
    }
settings-unit-minutes = мин
settings-unit-hours = ч
settings-unit-days = дн.
