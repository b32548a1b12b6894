pack-intro = Пакет даёт центру этапы, правила, настройки и сообщения. Центр работает по одному пакету, на выбранной версии.
pack-none-running = Ни один пакет не включён: действуют только базовые правила.
pack-running = Работает
pack-installed = Установлен
pack-look = Состав
pack-look-install = Что изменится
pack-install = Установить
pack-enable = Перейти на этот пакет
pack-disable = Остановить
pack-upgrade-to = Обновить до { $version }
pack-downgrade-to = Вернуться к { $version }
pack-step-install = Ещё не установлен
pack-step-install-note = После установки добавятся его слова; пока вы не перейдёте на него, ничего не изменится.
pack-step-enable = { $to } установлен. После перехода изменится следующее.
pack-step-upgrade = Обновление с { $from } до { $to }
pack-step-downgrade = Возврат с { $from } к { $to }
pack-step-none = Версия { $to }
pack-runs-here = Центр работает на этой версии
pack-asks = Пакет просит разрешить
pack-granted = Разрешено:
pack-may-plan-follow-ups = планировать контакты
pack-may-plan-notify = уведомлять сотрудников
pack-may-plan-tags = ставить лиду метки
pack-may-plan-messages = выбирать сообщение клиенту
pack-may-plan-move = переносить просроченный контакт или передавать его
pack-may-assign = раздавать лидов сотрудникам
pack-may-block-owner = останавливать новые лиды сотруднику
pack-report = Что изменится
pack-report-hint = Это только отчёт, пока ничего не изменено
pack-new-statuses = Новые этапы
pack-retired = Выйдут из употребления
pack-retired-hint = Лиды остаются на своём этапе, их можно перевести на любой новый.
pack-leads =
    { $n ->
        [0] лидов нет
        [one] { $n } лид
        [few] { $n } лида
       *[many] { $n } лидов
    }
pack-clashes = Совпадения
pack-blocking = мешает
pack-yours-stays = ваше остаётся
pack-word-status = этап
pack-word-source = источник
pack-word-lost_reason = причина
pack-word-pack_text = текст
pack-new-words = Новые слова
pack-new-sources =
    { $n ->
        [one] { $n } источник
        [few] { $n } источника
       *[many] { $n } источников
    }
pack-new-lost-reasons =
    { $n ->
        [one] { $n } причина
        [few] { $n } причины
       *[many] { $n } причин
    }
pack-new-texts =
    { $n ->
        [one] { $n } текст
        [few] { $n } текста
       *[many] { $n } текстов
    }
pack-new-fields =
    { $n ->
        [one] { $n } поле
        [few] { $n } поля
       *[many] { $n } полей
    }
pack-new-settings = Новые настройки
pack-misfits = Значения, которые больше не подходят
pack-functions-new = Новые функции
pack-functions-changed = Изменённые функции
pack-functions-gone = Убранные функции
pack-checked = Проверка
pack-unchecked = Процесс скриптов не ответил, проверки не было.
pack-quiet = Этапы и слова не меняются.
pack-own-rule = Ваше правило
pack-open-rule = Открыть правило
pack-kept = Ваше правило остаётся как есть. Если нужно, перенесите в него новое из пакета сами.
pack-base-changes = Изменится то, что оно вызывает через base::: { $what }
pack-they-changed = Что изменил пакет
pack-you-changed = Что изменили вы
pack-verdict-unmoved = в пакете без изменений
pack-verdict-copy = копия прежнего пакета
pack-verdict-overtaken = так теперь и в пакете
pack-verdict-parted = изменили оба
pack-messages = Сообщения клиентам
pack-changelog = История версий
