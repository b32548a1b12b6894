## Times
month-1 = января
month-2 = февраля
month-3 = марта
month-4 = апреля
month-5 = мая
month-6 = июня
month-7 = июля
month-8 = августа
month-9 = сентября
month-10 = октября
month-11 = ноября
month-12 = декабря
weekday-1 = Понедельник
weekday-2 = Вторник
weekday-3 = Среда
weekday-4 = Четверг
weekday-5 = Пятница
weekday-6 = Суббота
weekday-7 = Воскресенье
date-day = { $day } { $month }
date-day-year = { $day } { $month } { $year }
date-weekday-day = { $weekday }, { $date }
day-today = Сегодня
day-yesterday = Вчера
moment-today = сегодня { $time }
moment-yesterday = вчера { $time }
moment-tomorrow = завтра { $time }
moment-day = { $date }, { $time }
ago-now = только что
ago-minutes = { $n } мин назад
ago-hours = { $n } ч назад
ago-yesterday = вчера
ago-days =
    { $n ->
        [one] { $n } день
        [few] { $n } дня
       *[many] { $n } дней
    } назад
due-none = Шага нет
due-minutes = через { $n } мин
due-today = Сегодня { $time }
due-tomorrow = Завтра { $time }
due-weekday = { $weekday }, { $time }
due-late-minutes = опоздание { $n } мин
due-late-hours = опоздание { $n } ч
due-late-days =
    опоздание { $n ->
        [one] { $n } день
        [few] { $n } дня
       *[many] { $n } дней
    }
as-of = { $date }, на { $time }

## Frame
app-name = Markaz
frame-skip = К содержанию
frame-search = Поиск
frame-search-hint = Лид, телефон, страница или действие
frame-menu = Главное меню
frame-quick = Быстрое меню
frame-path = Путь
frame-theme = Сменить тему
frame-logout = Выйти
frame-close = Закрыть
frame-close-esc = Esc: Закрыть
frame-language = Язык
nav-home = Главная
nav-home-short = Главная
nav-today = Сегодня
nav-leads = Лиды
nav-team = Команда
nav-users = Сотрудники
nav-courses = Курсы
nav-data = Данные
nav-setup = Настройка
nav-imports = Импорт
nav-packs = Пакеты
nav-settings = Настройки
nav-scripts = Правила
nav-simulator = Симулятор Telegram
nav-more = Ещё
form-save = Сохранить
form-cancel = Отмена
form-back = Назад
form-copy = Скопировать
form-copied = Скопировано
toast-offline = Нет сети. Введённое на месте, попробуйте ещё раз чуть позже.
toast-failed = Сервер не смог ответить. Попробуйте ещё раз.
toast-lead-created = Лид добавлен
toast-status-changed = Этап изменён
toast-note-left = Заметка добавлена
toast-assigned = Ответственный сменён
toast-completed = Контакт выполнен
toast-saved = Сохранено
toast-user-added = Сотрудник добавлен
toast-deactivated = Сотрудник отключён, его сеансы закрыты
toast-activated = Сотрудник снова работает
toast-absent = Отсутствие отмечено
toast-present = Снова на работе
toast-published = Правило опубликовано
toast-pack-installed = Пакет установлен
toast-pack-enabled = Центр работает по этому пакету
toast-pack-disabled = Пакет остановлен, данные на месте
toast-restored = Прежняя версия возвращена
toast-password-changed = Пароль изменён
toast-signed-out = Вы вышли

## Sign-in
login-title = { $name }: вход
login-page = Вход
login-username = Логин
login-password = Пароль
login-go = Войти
login-forgot = Забыли пароль? Администратор даст вам одноразовую ссылку.
password-rule = Не меньше 8 знаков: заглавная и строчная буквы, цифра, особый знак
reset-page = Новый пароль
reset-title = Задайте новый пароль
reset-for = Для { $name }. Прежние сеансы закроются.
reset-password = Новый пароль
reset-again = Повторите пароль
reset-differs = Пароли не совпадают
reset-go = Сохранить пароль
reset-done = Новый пароль сохранён. Войдите с ним.
reset-expired-title = Ссылка устарела
reset-expired-text = Она действует один раз и недолго. Попросите у администратора новую.
reset-to-login = На страницу входа

## Home
dash-figures = Показатели
dash-total = Всего лидов
dash-total-note = открытых: { $n }
dash-new = Новых сегодня
dash-new-note = ждут в очереди: { $n }
dash-working = Сейчас работают
dash-working-note = из { $n } человек
dash-overdue-card = Просроченные контакты
dash-overdue-none = всё вовремя
dash-overdue-note = сотрудников: { $n }
dash-mine = Мои лиды
dash-today-card = Контакты на сегодня
dash-mine-note = новых сегодня: { $n }
dash-statuses = Лиды по этапам
dash-waiting = Ждут в очереди
dash-waiting-empty-title = Очередь пуста
dash-waiting-empty-text = У каждого лида есть ответственный.
dash-team = Команда сегодня
dash-team-note =
    { $n ->
        [one] { $n } человек
        [few] { $n } человека
       *[many] { $n } человек
    }, на смене { $of }
dash-team-empty-title = Продавцов пока нет
dash-team-empty-text = Добавьте сотрудника, и лиды пойдут к нему.
dash-rep = Сотрудник
dash-now = Сейчас
dash-load = Открытые лиды
dash-today = Контакты сегодня
dash-today-short = контактов
dash-conversion = Конверсия
dash-overdue = Просрочено
dash-overdue-short = просрочено
dash-open-list = Открыть список
dash-next = Ближайшие контакты
dash-all-today = Все на сегодня
dash-alert =
    { $name }: { $n ->
        [one] { $n } контакт просрочен
        [few] { $n } контакта просрочено
       *[many] { $n } контактов просрочено
    }.
dash-alert-text = Новые лиды к нему не идут.
now-working = Работает до { $time }
now-at-work = Работает
now-blocked = Работает, лиды не идут
now-starts = Начнёт в { $time }
now-off = Сейчас не рабочее время
now-on-leave = В отпуске
now-absent = Отсутствует
now-absent-until = Отсутствует до { $date }
now-inactive = Отключён

## Leads
lead-add = Добавить лид
lead-name = Имя
lead-phone = Телефон
lead-second-phone = Второй телефон
lead-course = Курс
lead-course-none = Курс не выбран
lead-field-none = Не выбрано
lead-status = Этап
lead-owner = Ответственный
lead-owner-rule = Выберет правило
lead-owner-hint = Если не выбрать, назначит правило распределения
lead-waits = В очереди
lead-source = Источник
lead-created = Добавлен
lead-note = Заметка
lead-tags = Теги
lead-next = Следующий контакт
lead-facts = Сведения
lead-history = История
lead-call = Позвонить
lead-call-now = Позвонить
lead-call-name = Позвонить: { $name }
lead-say = О чём договорились?
lead-leave-note = Оставить заметку
lead-note-hint = Заметка останется в истории
lead-outcome-hint = Итог закроет контакт, заметка сохранится с ним
lead-next-step = Следующий шаг
lead-no-next = Контактов не запланировано. При смене этапа правило поставит новый.
lead-follow-ups = Дальше
lead-script = Текст разговора: { $name }
lead-why = Почему?
lead-move = Сменить этап
lead-now = Сейчас
lead-move-go = Сменить
lead-move-hint = Видно в истории
lead-lost-reason = Почему отказался?
lead-assign = Назначить
lead-assign-go = Назначить
lead-open-existing = Открыть имеющийся
lead-stale = Лид тем временем изменился. Показано новое состояние, повторите.
leads-views = Виды
leads-all = Все
leads-waiting = Ждут в очереди
leads-search = Имя или телефон
leads-filter = Фильтр
leads-any-status = Все этапы
leads-any-source = Все источники
leads-any-owner = Все сотрудники
leads-any-course = Все курсы
leads-from = с
leads-to = по
leads-apply = Применить
leads-clear = Сбросить фильтры
leads-drop-filter = Убрать фильтр: { $name }
leads-added = Добавлен
leads-found = Поиск
leads-shown =
    показано { $n ->
        [one] { $n } лид
        [few] { $n } лида
       *[many] { $n } лидов
    }
leads-pages = Страницы
leads-first = В начало
leads-next = Дальше
leads-empty-title = Лидов пока нет
leads-empty-text = Добавьте первый или загрузите из таблицы.
leads-none-title = Подходящих лидов нет
leads-none-text = Попробуйте ослабить фильтры.
event-created = Лид добавлен: { $what }
event-imported = Загружен из таблицы: { $what }
event-status-changed = до этого: { $from }
event-assigned = стал ответственным
event-note = Заметка
event-follow-up-planned = Запланирован контакт: { $what }
event-enquired-again = Обратился снова
event-edited = Данные изменены
event-rule-planned = запланировало: { $what }
event-by-rule = Правило
why-owner = Почему { $name }?
why-queue = Почему в очереди?
why-follow-up = Почему это время?
why-rule = Правило
why-reason = Причина
why-version = Версия
why-version-line = { $version }, строка { $n }
why-open-leads = открытых: { $n }
why-by-hand = Назначено вручную
why-fewest-open-leads = Меньше всех открытых лидов
why-nobody-available = Сейчас нет свободных сотрудников
why-fallback = Правило не сработало, применён основной порядок
why-off_duty = не рабочее время
why-on_leave = в отпуске
why-absent = отсутствует
why-blocked = много просрочек
why-course = не ведёт этот курс
why-full = достиг предела
why-inactive = отключён

## Today
today-progress = ждут { $n }, просрочено { $of }
today-view = Вид
today-mode-queue = По одному
today-mode-list = Список
today-all-reps = Все сотрудники
today-current = Текущий лид
today-full-card = Вся карточка
today-note = Заметка
today-outcome = Итог звонка
today-keys-outcome = итог и следующий
today-keys-all = все
today-queue = Очередь
today-due = Срок
today-step = Шаг
today-group-overdue = Просрочено
today-group-now = Сейчас
today-group-later = Позже
today-context-owner = Ответственный
today-closed = Итог можно отметить только в рабочее время
today-empty-title = Пока всё сделано
today-empty-text = Новый лид или подошедший срок появятся здесь.
today-empty-action = Посмотреть лиды
today-tab-all = На сегодня
today-ages = Как давно просрочено
today-load = Просрочено у сотрудников
today-age-under-1h = До часа
today-age-1h-to-6h = 1–6 часов
today-age-6h-to-24h = 6–24 часа
today-age-over-24h = Больше суток
outcome-reached = Поговорили
outcome-no_answer = Нет ответа
outcome-later = Перезвонить позже
outcome-done = Сделано

## Import
import-steps = Шаги
import-step-file = Файл
import-step-map = Сопоставление
import-step-run = Загрузка
import-step-result = Итог
import-drop = Перетащите файл сюда или выберите
import-limits = Excel, ODS или CSV, до { $size }, до { $n } строк
import-too-big = Файл слишком большой: не больше { $size }
import-upload = Загрузить
import-to-me = Лиды достанутся вам
import-to-rule = Лиды раздаст правило распределения
import-how = Как это работает
import-how-1 = Столбцы распознаются сами, вы подтверждаете.
import-how-2 = Верные строки загружаются, ошибочные остаются в списке с причиной.
import-how-3 = Повторный номер не создаёт второй лид: файл можно загрузить ещё раз.
import-recent = Последние импорты
import-file = Файл
import-when = Когда
import-who = Кто
import-rows = Строки
import-created = Создано
import-duplicates = Повторы
import-rejected = Отклонено
import-state = Состояние
import-state-mapping = ждёт сопоставления
import-state-queued = в очереди
import-state-running = загружается
import-state-done = готово
import-state-failed = остановлен
import-none-title = Импортов ещё не было
import-none-text = Выберите первый файл выше.
import-other-file = Другой файл
import-about =
    { $n ->
        [one] { $n } строка
        [few] { $n } строки
       *[many] { $n } строк
    }, столбцов: { $of }
import-columns = Сопоставление столбцов
import-column = Столбец в файле
import-field = Поле в Markaz
import-field-of = Поле для «{ $name }»
import-found = Найдено
import-skip = Пропустить
import-skipped = не берётся
import-recognized = распознан
import-preview = Так будет
import-preview-note =
    первые { $n ->
        [one] { $n } строка
        [few] { $n } строки
       *[many] { $n } строк
    }
import-ready = Готово к загрузке
import-ready-text = Столбец телефона должен быть выбран.
import-start = Начать загрузку
import-running = Загружается
import-finished = Импорт завершён
import-stopped = Импорт остановлен
import-progress = { $name }: { $n } / { $of } строк
import-left = ещё около { $n } с
import-stop = Остановить
import-sheet = Лист
import-seen = Уже известные номера
import-keeps-going = Продолжится, даже если закрыть страницу.
import-open-leads = К лидам
import-another = Ещё импорт
import-bad = Строки с ошибками
import-bad-download = Скачать
import-bad-more =
    Ещё { $n ->
        [one] { $n } строка
        [few] { $n } строки
       *[many] { $n } строк
    } — в файле.
import-row = Строка
import-reason = Причина
import-text = Содержимое

## Staff
user-add = Добавить сотрудника
user-filter = Список
user-person = Сотрудник
user-first-name = Имя
user-last-name = Фамилия
user-phone = Телефон
user-cap = Предел открытых лидов
user-cap-hint = Пусто — без предела
user-weight = Доля
user-weight-hint = Если доли включены в настройках: 2 значит вдвое больше лидов, 0 значит ни одного
user-receives = Получает лиды при распределении
user-courses = Лиды каких курсов берёт
user-courses-hint = Если не отмечено, все
user-active-tab = Работают
user-inactive-tab = Отключённые
user-login = Логин
user-login-hint = Латинские буквы, цифры, точка
user-role = Роль
user-who = Сотрудник
user-first-password = Первый пароль
user-hours = Рабочее время
user-hours-hint = Ночная смена тоже возможна: 22:00–06:00. Пустой день выходной.
user-hours-none = не задано
user-hours-week = { $n } ч в неделю
user-from = Начало
user-to = Конец
user-add-window = Добавить время
user-drop-window = Убрать время
user-now = Сейчас
user-telegram = Telegram
user-linked = подключён
user-not-linked = не подключён
user-absence = Отсутствие
user-absence-hint = Отсутствующему новые лиды не идут. Без даты — до возвращения.
user-absent-until = до какого дня
user-absent = Отметить отсутствие
user-back = Вернулся
user-access = Доступ
user-reset = Ссылка для сброса пароля
user-reset-link = Одноразовая ссылка
user-reset-note = Передайте ссылку: { $name }. Она действует один раз, до { $time }, и видна только сейчас.
user-deactivate = Отключить
user-activate = Включить снова
role-admin = Администратор
role-manager = Менеджер
role-sales = Продажи

## Courses
course-add = Добавить курс
course-name = Название курса
course-script = Текст разговора
course-script-hint = Виден продавцу на странице лида
course-state = Состояние
course-active = открыт
course-inactive = закрыт
course-active-label = Открыт для новых лидов
course-none-title = Курсов пока нет
course-none-text = С курсами лиды идут тем, кто их ведёт.

## Scripts
script-when = Когда работает
script-hooks = Правила
script-code = Код
script-side = Версии и пакет
script-draft = Черновик
script-pack = основной пакет
script-paused = остановлено { $time }, работает прежнее правило
script-meant = Может быть, { $what }?
script-remove = Вернуться к правилу пакета
script-running = работает: v{ $n }
script-overridden = изменено, v{ $n }
script-check = Проверить
script-check-hint = Проверка покажет ошибки с их строкой
script-checked = Ошибок нет
script-faults =
    { $n ->
        [one] { $n } замечание
        [few] { $n } замечания
       *[many] { $n } замечаний
    }
script-place = строка { $n }
script-fix-first = Сначала исправьте ошибку
script-publish = Опубликовать
script-publish-text = Новые события пойдут по этой версии. Запланированные контакты не изменятся.
script-message = Что изменилось?
script-message-hint = Одна строка, видна в списке версий
script-versions = Версии
script-live = Работает
script-restore = Вернуть
script-no-versions = Пока работает правило из пакета.
script-base = Правило пакета
script-base-hint = Из своего правила его можно вызвать через base::.
hook-on_lead_created = Когда приходит лид
hook-on_status_changed = Когда меняется этап
hook-distribute = Распределение
hook-about-on_lead_created = Ставит первые контакты новому лиду
hook-about-on_status_changed = Ставит контакты нового этапа
hook-about-distribute = Выбирает, кому отдать лид

## Profile
profile-title = Профиль
profile-look = Вид
profile-theme = Тема
theme-auto = Как в системе
theme-light = Светлая
theme-dark = Тёмная
profile-telegram-text = Подключите бота: новые лиды, контакты и напоминания придут в Telegram.
profile-telegram-link = Получить ссылку
profile-telegram-again = Подключить другой аккаунт
profile-telegram-linked = Подключён аккаунт { $name }.
profile-telegram-note = Откройте на телефоне и нажмите «Start». Ссылка действует один раз, до { $time }.
profile-no-bot = Бот центра ещё не настроен.
profile-current = Текущий пароль
profile-change = Сменить пароль

## Simulator
sim-demo = только демо
sim-refresh = Обновить
sim-people = Кто пишет
sim-faults = Неисправность
sim-fault-none = Всё исправно
sim-fault-429 = 429, ждать 3 секунды
sim-fault-403 = Бот заблокирован
sim-fault-500 = Telegram не работает
sim-apply = Применить
sim-chat = Чат
sim-message = Сообщение
sim-send = Отправить
sim-bot = бот
sim-log = Журнал
sim-none-title = Сообщений пока нет
sim-none-text = Подключите бота в профиле и напишите /start.

## Errors as pages
oops-home = На главную
oops-request = Номер запроса:
oops-403-title = Эта страница вам недоступна
oops-403-text = Если нужно, попросите доступ у администратора.
oops-404-title = Такой страницы нет
oops-404-text = Возможно, её перенесли или удалили.
oops-421-title = Такого центра нет
oops-421-text = Проверьте адрес: у каждого центра он свой.
oops-429-title = Слишком много попыток
oops-429-text = Попробуйте чуть позже.
oops-500-title = Ошибка на сервере
oops-500-text = Ошибка записана. Попробуйте чуть позже.
oops-other-title = Запрос не выполнен

## Бот центра
nav-bot = Telegram-бот
bot-works = Подключён
bot-since = Подключён: { $time }.
bot-mode-polling = Markaz сам спрашивает Telegram о новых сообщениях.
bot-mode-webhook = Telegram сам доставляет новые сообщения в Markaz.
bot-people-text = Каждый сотрудник подключает свой аккаунт на странице профиля: новые лиды и напоминания придут ему в чат.
bot-connect = Подключить бота
bot-replace = Подключить другого бота
bot-step-1 = Откройте в Telegram @BotFather и отправьте /newbot.
bot-step-2 = Выберите имя и имя пользователя, которое оканчивается на «bot».
bot-step-3 = Скопируйте токен из ответа BotFather и вставьте его сюда.
bot-token = Токен
bot-token-hint = Токен сразу проверяется и хранится зашифрованным; больше его никто не увидит.
bot-disconnect = Отключить
bot-disconnect-text = Сообщения прекратятся сразу. Связи с чатами сотрудников сохранятся и заработают, когда этот же бот будет подключён снова.
toast-bot-connected = Бот подключён
toast-bot-disconnected = Бот отключён

lead-plan = Запланировать контакт
lead-plan-when = Когда
lead-plan-text = Что сделать
lead-plan-text-hint = Например: позвонить насчёт вечерней группы
toast-follow-up-planned = Контакт запланирован
