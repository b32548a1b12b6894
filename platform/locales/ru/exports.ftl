## Списки в файлах
nav-exports = Экспорт
exports-new = Новый файл
exports-what = Список
exports-of-leads = Лиды
exports-of-follow-ups = Контакты
exports-of-team = Команда сегодня
exports-format = Формат
exports-size = Размер
exports-xlsx = Excel (xlsx)
exports-xlsx-hint = Откроется в Excel, LibreOffice и Google Таблицах
exports-csv-semicolon = CSV с точкой с запятой
exports-csv-semicolon-hint = Для Excel на узбекском, русском и казахском
exports-csv-comma = CSV с запятой
exports-csv-comma-hint = Для Excel на английском и для программ
exports-usual = Этого ждут табличные программы на вашем языке
exports-count-leads =
    { $n ->
        [one] { $n } лид
        [few] { $n } лида
       *[many] { $n } лидов
    }
exports-count-follow-ups =
    { $n ->
        [one] { $n } контакт
        [few] { $n } контакта
       *[many] { $n } контактов
    }
exports-count-team =
    { $n ->
        [one] { $n } сотрудник
        [few] { $n } сотрудника
       *[many] { $n } сотрудников
    }
exports-filtered = С теми же фильтрами, что и в списке.
exports-all = Весь список.
exports-start = Подготовить файл
exports-hint = Файл хранится три дня и доступен только вам. Кто и что выгрузил, видно в журнале аудита.
exports-writing = Файл готовится
exports-ready = Файл готов
exports-failed = Файл не подготовлен
exports-expired = Файл больше не хранится
exports-progress = { $n } / { $of } строк
exports-until = Хранится до: { $time }
exports-download = Скачать
exports-others = Все файлы
exports-state-done = готов
exports-state-running = готовится
exports-state-failed = не вышло
exports-state-expired = срок истёк
exports-none-title = Файлов пока нет
exports-none-text = Отфильтруйте лиды как нужно и выгрузите то, что видите.
exports-list = Экспорт
exports-owner = Ответственный
exports-tags = Теги
exports-lost-reason = Причина отказа
exports-added = Добавлен
exports-changed = Изменён
exports-next = Следующий контакт
exports-due = Срок
exports-step = Что сделать
exports-lead = Лид
error-too-many-exports = Уже готовятся пять ваших файлов. Дождитесь одного из них.
error-export-too-large = Файл получился больше 25 МБ. Сузьте список фильтром и выгрузите его по частям.
error-export-canceled = Экспорт остановлен.
error-export-finished = Этот экспорт уже закончен.
error-export-broken = Экспорт раз за разом обрывался и был прекращён. Попробуйте ещё раз.
error-export-not-ready = Файл ещё не готов.
error-export-expired = Файл больше не хранится. Выгрузите список заново.
error-bad-format = Выберите формат.
exports-all-leads = Всего лидов
exports-conversion = Конверсия за 30 дней, %
