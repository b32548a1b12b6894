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

## Что значит повторный номер, и как вернуть импорт назад
error-bad-choice = Выберите одно из: skip, update, link.
error-import-not-undoable = Отменять нечего: импорт не закончен, ничего не создал или уже отменён.
imports-row-duplicate-filled = Лид с таким номером уже есть; пустые поля в нём заполнены.
import-history = История импортов
import-state-undoing = отменяется
import-state-undone = отменён
import-remembered = Столбцы сопоставлены как в прошлый раз.
import-repeats = Уже известные номера
import-repeats-wait = Просматриваем таблицу…
import-repeats-none = Ни один номер этой таблицы пока не известен.
import-repeats-phone = Сначала выберите столбец с телефоном.
import-repeats-here = Где уже есть
import-repeats-do = Что сделать
import-repeats-earlier = строка { $n } этого файла
import-repeats-hidden = лид коллеги
import-repeats-more =
    { $n ->
        [one] Ещё { $n } такая строка подчиняется выбору для всего файла.
        [few] Ещё { $n } такие строки подчиняются выбору для всего файла.
       *[many] Ещё { $n } таких строк подчиняются выбору для всего файла.
    }
import-dup = Если номер уже известен
import-dup-file = Как для всего файла
import-dup-row = Что сделать: { $name }
import-dup-skip = Пропустить строку
import-dup-skip-hint = Лид останется как есть
import-dup-skip-short = Пропустить
import-dup-update = Заполнить пустые поля лида
import-dup-update-hint = Имеющиеся данные не заменяются
import-dup-update-short = Заполнить
import-dup-link = Добавить как семью
import-dup-link-hint = Другое имя станет отдельным лидом, например брат или сестра
import-dup-link-short = Добавить как семью
import-linked = из них семья
import-updated = из них дополнено
import-removed = Удалено при отмене
import-stayed = Осталось
import-undo = Отменить импорт
import-undo-hint = Весь импорт можно будет отменить позже.
import-undo-text =
    { $n ->
        [one] { $n } лид исчезнет вместе с контактами, а заполненные поля снова опустеют.
        [few] { $n } лида исчезнут вместе с контактами, а заполненные поля снова опустеют.
       *[many] { $n } лидов исчезнут вместе с контактами, а заполненные поля снова опустеют.
    }
import-undo-stay = Лиды, с которыми уже поработали, останутся и будут показаны списком.
import-undoing = Отменяем импорт
import-undone = Импорт отменён
import-kept = Остались
import-kept-text = С этими лидами уже кто-то поработал, поэтому их не тронули.
event-filled = Пустые поля заполнены из таблицы
