## Редактор правил
script-panel-versions = Версии
script-panel-pack = Пакет
script-later = пока не работает
script-later-text = Это правило пока никто не вызывает. Его уже можно написать и проверить: оно заработает, когда появится его часть Markaz.
hook-on_followup_completed = Когда контакт завершён
hook-on_overdue = Когда контакт просрочен
hook-reactivation = Возврат
hook-lead_score = Оценка лида
hook-kpi_score = Оценка KPI
hook-trial_rules = Правила пробных
hook-message = Текст сообщения
hook-about-on_followup_completed = Решает, что делать после завершённого контакта
hook-about-on_overdue = Решает, что делать с пропущенным контактом
hook-about-reactivation = Выбирает следующий шаг для потерянного лида
hook-about-lead_score = Говорит от 0 до 100, насколько лид перспективен
hook-about-kpi_score = Сводит день сотрудника к одной цифре
hook-about-trial_rules = Решает, можно ли записать лида на пробный урок группы
hook-about-message = Выбирает шаблон и канал
script-saved = сохранено в { $time }
script-typing = печатаете…
script-unsaved = Не сохранено: нет связи. Набранное осталось здесь.
script-mend = Исправить
script-caret = строка %l, столбец %c
script-keys = Ctrl S сохранить, Ctrl Enter проверить, F8 к следующему
script-faults-list = Замечания
script-meanwhile = Пока вы писали, опубликована версия { $n }. Сравните, прежде чем публиковать свою.
script-meanwhile-pack = Пока вы писали, вернули правило пакета. Сравните, прежде чем публиковать своё.
script-rebase = Продолжить поверх неё
script-discard = Выбросить черновик
script-diff = Сравнить
script-diff-running = Сравнить с работающей
script-drafts = Черновики других
script-draft-of = Черновик: { $name }
script-no-draft = без изменений
script-changes = Изменения
script-from = Было
script-to = Стало
script-compare = Сравнить
script-same = Тексты одинаковы.
script-skipped =
    { $n ->
        [one] { $n } строка без изменений
        [few] { $n } строки без изменений
       *[many] { $n } строк без изменений
    }
script-pending =
    { $n ->
        [one] Ждёт { $n } контакт, поставленный этим правилом
        [few] Ждут { $n } контакта, поставленные этим правилом
       *[many] Ждут { $n } контактов, поставленных этим правилом
    }
script-leave = Оставить как есть
script-replan = Поставить заново по новой версии
script-replan-hint = Сделанные шаги не повторяются. Работа идёт в фоне, у каждого плана остаётся своё «почему?».
script-restore-n = Вернуть v{ $n }
script-restore-text = Новые события пойдут по этой версии. Из истории ничего не пропадёт.
toast-draft-discarded = Черновик выброшен
why-failed-line = { $version }, строка { $n }: { $what }
why-failed = { $version }: { $what }
