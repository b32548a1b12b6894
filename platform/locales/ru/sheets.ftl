## Google Таблицы
nav-sheets = Google Таблицы
sheets-connect = Подключить таблицу
sheets-sheet = Таблица
sheets-synced = Прочитана
sheets-none-title = Таблицы не подключены
sheets-none-text = Строки, добавленные в подключённую таблицу, сами становятся лидами.
sheets-state-active = работает
sheets-state-waiting = ждём Google
sheets-state-broken = остановлена
sheets-state-mapping = сопоставить столбцы
sheets-state-paused = на паузе
sheets-link = Адрес таблицы
sheets-link-hint = Откройте нужный лист и скопируйте адрес из браузера
sheets-account = Сервисный аккаунт
sheets-new-account = Другой аккаунт, ключ ниже
sheets-key = Ключ сервисного аккаунта (JSON)
sheets-key-hint = Хранится зашифрованным и больше не показывается
sheets-try = Проверить и продолжить
sheets-how-1 = В консоли Google Cloud создайте сервисный аккаунт и включите Google Sheets API.
sheets-how-2 = Создайте для аккаунта ключ JSON и вставьте его сюда.
sheets-how-3 = Откройте таблице доступ для адреса аккаунта; чтения достаточно.
sheets-how-4 = Вставьте адрес таблицы. Markaz проверит подключение, прежде чем что-то сохранить.
sheets-column = Столбец таблицы
sheets-reading = Как читать
sheets-course-none = Как указано в строке
sheets-course-hint = Для строк без курса
sheets-every = Как часто
sheets-every-minutes =
    { $n ->
        [one] каждую { $n } минуту
        [few] каждые { $n } минуты
       *[many] каждые { $n } минут
    }
sheets-every-hours =
    { $n ->
        [one] каждый час
        [few] каждые { $n } часа
       *[many] каждые { $n } часов
    }
sheets-every-day = раз в день
sheets-begin = Начать читать
sheets-by-rule = по правилу распределения
sheets-sync = Прочитать сейчас
sheets-never = ещё не читалась
sheets-next = Следующее чтение
sheets-rows = Строк в таблице
sheets-day = Последние строки и ошибки
sheets-settings = Столбцы и расписание
sheets-pause = Пауза
sheets-resume = Продолжить
sheets-again = Попробовать снова
sheets-new-key = Новый ключ
sheets-remove = Отключить
sheets-remove-text = Таблица и её ключ будут забыты. Лиды из неё останутся.
sheets-import-title = Из Google Таблиц
sheets-import-text = Подключите таблицу, и новые строки сами станут лидами.
toast-sheet-settled = Таблица читается
toast-sheet-syncing = Таблица читается
toast-sheet-removed = Таблица отключена
bot-sheet-broken = <b>Google Таблица остановилась:</b> { $name }
error-google-key-unreadable = Это не ключ сервисного аккаунта. Вставьте файл JSON целиком.
error-google-key-refused = Google больше не принимает ключ { $name }. Создайте новый ключ и замените его.
error-google-api-off = В проекте { $name } выключен Google Sheets API. Включите его в консоли Google Cloud.
error-google-not-shared = У { $name } нет доступа к таблице. Откройте доступ этому адресу и попробуйте снова.
error-google-not-found = У Google нет такой таблицы. Проверьте адрес.
error-google-not-a-sheet = Это файл Excel на Google Диске. Сначала сохраните его как Google Таблицу.
error-google-no-tab = В таблице нет такого листа. Выберите его заново.
error-google-busy = Google отвечает, что занят. Попробуем ещё раз сами.
error-google-unreachable = Не удалось связаться с Google. Попробуем ещё раз сами.
error-google-bad-link = Это не адрес Google Таблицы.
error-sheet-connected = Этот лист уже подключён.
error-sheet-columns-changed = Сопоставленных столбцов в таблице больше нет. Сопоставьте их заново.
error-sheet-not-settled = Сначала сопоставьте столбцы.
error-sheet-paused = Таблица на паузе.
error-too-many-sheets = Подключено уже сто таблиц. Сначала отключите одну.
error-unknown-sheet = Такой таблицы нет.
error-bad-minutes = Выберите от 5 минут до суток.
audit-object-sheet = Google Таблицы
audit-sheet-connected = подключил Google Таблицу
audit-sheet-settled = настроил Google Таблицу
audit-sheet-paused = поставил Google Таблицу на паузу
audit-sheet-resumed = возобновил чтение Google Таблицы
audit-sheet-key-replaced = заменил ключ Google Таблицы
audit-sheet-removed = отключил Google Таблицу
dash-sheet-broken = Таблица Google «{ $name }» больше не читается.
