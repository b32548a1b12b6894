## The center's own words about a lead
settings-areas = Разделы настроек
settings-area-rules = Правила
fields-title = Поля лида
fields-sources = Источники
fields-sources-about = Откуда пришёл лид. Этот список видят импорт, формы и API.
fields-sources-add = Добавить источник
fields-lost-reasons = Причины потери
fields-lost-reasons-about = Когда лид потерян, сотрудник выбирает одну из них.
fields-lost-reasons-add = Добавить причину
fields-custom-fields = Свои поля
fields-custom-fields-about = О чём ещё спрашивают лида. Видны в форме, на странице лида, в API и в правилах.
fields-custom-fields-add = Добавить поле
fields-add = Добавить
fields-none = Пока пусто.
fields-retired = Не предлагается
fields-up = Выше: { $what }
fields-down = Ниже: { $what }
fields-label = Название
fields-kind = Вид
fields-kind-text = Текст
fields-kind-number = Число
fields-kind-boolean = Да или нет
fields-kind-date = Дата
fields-kind-choice = Выбор из списка
fields-options = Варианты
fields-options-n =
    { $n ->
        [one] { $n } вариант
        [few] { $n } варианта
       *[other] { $n } вариантов
    }
fields-options-hint = Очищенный вариант больше не предлагается; у лидов, где он выбран, он останется.
fields-new-options = Новые варианты
fields-new-options-hint = По одному на строке.
fields-other-languages = На других языках
fields-offered = Предлагать в формах
fields-key = Имя в правилах и API:
