## Почему файл не прочитан
error-file-too-large = Файл слишком большой. Разделите его на части.
error-file-too-many-rows = В файле слишком много строк: за один раз до 200 000. Загрузите его частями.
error-file-unreadable = Файл повреждён или загружен не до конца. Откройте его в табличной программе и сохраните заново.
error-file-password-protected = Файл защищён паролем. Снимите пароль и загрузите снова.
error-file-empty = В файле нет данных.
error-file-unknown-format = Это не таблица. Загрузите файл Excel (xlsx, xls), ODS или CSV.
error-file-unclosed-quote = В строке { $line } не закрыта кавычка. Исправьте её и загрузите файл снова.
error-sheet-not-found = В файле нет такого листа.
error-header-not-found = Не найден столбец с телефоном. Укажите, в каком столбце телефон.
error-column-not-found = Указанного столбца нет в файле. Выберите столбцы заново.

## Столбцы
imports-field-name = Имя
imports-field-phone = Телефон
imports-field-secondary-phone = Второй телефон
imports-field-source = Источник
imports-field-course = Курс
imports-field-notes = Комментарий
imports-field-status = Этап

## Строки, которые не взяты, и отказы самого импорта
imports-row-duplicate-in-file = Этот номер уже есть в одной из предыдущих строк файла.
imports-row-duplicate-lead = Лид с этим номером уже есть.
error-file-expired = Файл больше не хранится. Загрузите его ещё раз.
error-import-started = Этот импорт уже начат.
error-import-finished = Этот импорт уже завершён.
error-import-canceled = Импорт остановлен.
error-import-broken = Импорт несколько раз прерывался и остановлен. Созданные лиды сохранены.
imports-reason = Причина
