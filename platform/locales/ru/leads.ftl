leads-tag = Тег
leads-any-tag = Любой тег
leads-sort = Порядок
leads-sort-newest = Сначала новые
leads-sort-oldest = Сначала давние
leads-sort-name = По имени
leads-sort-changed = Сначала изменённые
leads-more-filters = Ещё фильтры
leads-picked = Отмечено
leads-pick-page = Отметить все на странице
leads-pick-none = Снять отметки
leads-pick-all = Все подходящие: { $n }
leads-tags = Теги
leads-tags-hint = Несколько через запятую
leads-tag-go = Добавить
leads-untag-go = Убрать
leads-bulk-trash = Удалить
lead-choose = Выберите
leads-bulk-assign-about = Открытые напоминания переходят вместе с лидом, в рабочее время нового ответственного.
leads-bulk-status-about = Лиды, которым этот переход нельзя, останутся как есть и будут перечислены.
leads-bulk-none = Не отмечено ни одного лида
leads-bulk-running = Лиды меняются
leads-bulk-undoing = Возвращаем как было
leads-bulk-through = { $n } из { $of }
leads-bulk-undo = Отменить
trash-title = Корзина
trash-about = Удалённые лиды лежат здесь тридцать дней со всем, что у них было, потом исчезают. Кто за это время обратится снова, вернётся.
trash-by = Удалил
trash-until = Исчезнет
trash-restore = Вернуть
trash-back = К лидам
trash-empty-title = Корзина пуста
trash-empty-text = Всё, что удалил администратор, можно вернуть отсюда в течение тридцати дней.
toast-lead-trashed = Лид удалён. Вернуть можно тридцать дней.
toast-lead-restored = Лид возвращён
event-trashed = перемещён в корзину
event-restored = возвращён из корзины
event-restored-enquiry = вернулся из корзины с новым обращением
event-change-undone = общее изменение лидов отменено
leads-bulk-did-assign =
    { $n ->
        [one] { $n } лид передан
        [few] { $n } лида переданы
       *[other] { $n } лидов переданы
    }
leads-bulk-did-tag =
    { $n ->
        [one] Теги добавлены { $n } лиду
        [few] Теги добавлены { $n } лидам
       *[other] Теги добавлены { $n } лидам
    }
leads-bulk-did-untag =
    { $n ->
        [one] Теги убраны у { $n } лида
        [few] Теги убраны у { $n } лидов
       *[other] Теги убраны у { $n } лидов
    }
leads-bulk-did-status =
    { $n ->
        [one] Этап изменён у { $n } лида
        [few] Этап изменён у { $n } лидов
       *[other] Этап изменён у { $n } лидов
    }
leads-bulk-did-trash =
    { $n ->
        [one] Удалён { $n } лид
        [few] Удалены { $n } лида
       *[other] Удалены { $n } лидов
    }
leads-bulk-undone =
    { $n ->
        [one] { $n } лид снова как был
        [few] { $n } лида снова как были
       *[other] { $n } лидов снова как были
    }
leads-bulk-same =
    { $n ->
        [one] { $n } уже был таким
        [few] { $n } уже были такими
       *[other] { $n } уже были такими
    }
leads-bulk-failed =
    { $n ->
        [one] { $n } изменить нельзя
        [few] { $n } изменить нельзя
       *[other] { $n } изменить нельзя
    }
leads-bulk-kept =
    { $n ->
        [one] { $n } остался изменённым: с ним уже работали
        [few] { $n } остались изменёнными: с ними уже работали
       *[other] { $n } остались изменёнными: с ними уже работали
    }
leads-columns = Столбцы
leads-columns-go = Показать эти
leads-column-tags = Теги
leads-column-score = Оценка
leads-column-changed = Изменён
view-keep = Сохранить этот вид
view-keep-go = Сохранить
view-name = Название
view-name-hint = Станет вкладкой над списком
view-shared = Поделиться с командой
view-edit = Этот вид
view-edit-go = Сохранить
view-drop = Удалить вид
toast-view-kept = Вид сохранён
toast-view-dropped = Вид удалён
lead-known = Этот номер уже у лида { $name }
lead-known-elsewhere = Этот номер уже есть, у коллеги. Если добавить, коллега узнает о повторном обращении.
lead-known-trashed = Лид с этим номером в корзине. Если добавить, он вернётся.
lead-delete = Удалить лид
leads-any = Все
leads-begins = начинается с…
leads-whole = { $name }: точно так
tags-title = Теги
tags-leads = Лиды
tags-change = Изменить
tags-edit = Изменить тег «{ $name }»
tags-name = Название тега
tags-name-hint = Новое название получат все лиды с этим тегом. Отменить можно в течение семи дней.
tags-rename = Переименовать
tags-into = Объединить с другим тегом
tags-into-none = Выберите тег
tags-into-hint = Лиды с этим тегом получат вместо него другой.
tags-merge = Объединить
tags-drop = Удалить тег
tags-on-leads = { $n ->
    [one] На { $n } лиде
    [few] На { $n } лидах
   *[other] На { $n } лидах
}
tags-drop-text = { $n ->
    [0] Этого тега нет ни на одном лиде.
    [one] Тег будет снят с { $n } лида. Отменить можно в течение семи дней.
    [few] Тег будет снят с { $n } лидов. Отменить можно в течение семи дней.
   *[other] Тег будет снят с { $n } лидов. Отменить можно в течение семи дней.
}
tags-none-title = Тегов пока нет
tags-none-text = Теги — слова, которыми помечают лиды: в списке, на странице лида или из таблицы.
leads-bulk-did-retag = { $n ->
    [one] Тег изменён у { $n } лида
    [few] Тег изменён у { $n } лидов
   *[other] Тег изменён у { $n } лидов
}
