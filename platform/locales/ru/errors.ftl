## Запросы
error-not-found = Не найдено. Запись удалена или вам не видна.
error-bad-request = Запрос не удалось прочитать: { $reason }
error-unreadable-text = В тексте есть символ, который нельзя сохранить. Уберите его.
error-method-not-allowed = По этому адресу такого действия нет.
error-unsupported-media-type = Неверный тип запроса. Отправьте JSON (Content-Type: application/json).
error-encoded-body = Сжатые запросы не принимаются.
error-length-required = Нужно указать размер запроса (Content-Length).
error-body-too-large = Запрос слишком большой.
error-unknown-host = По этому адресу учебного центра нет. Проверьте адрес.
error-bad-cursor = Метка страницы устарела. Откройте список сначала.
error-bad-idempotency-key = Idempotency-Key должен содержать от 1 до 200 символов.
error-idempotency-key-reused = Этот ключ уже использован с другим запросом. Возьмите новый.
error-key-in-use = Такой же запрос сейчас выполняется. Повторите чуть позже.
error-if-match-required = Сначала прочитайте запись и передайте её версию в заголовке If-Match.
error-stale-version = Пока вы работали, запись изменил кто-то другой. Обновите страницу и повторите.
error-too-many-requests = Слишком много попыток. Подождите немного и повторите.

## Сбои на нашей стороне
error-internal = Произошла ошибка на нашей стороне. Повторите; если не поможет, сообщите администратору номер запроса.
error-database-busy = Сервер сейчас занят. Повторите через несколько секунд.
error-database-unavailable = База данных не отвечает. Повторите чуть позже, ничего не потеряно.
error-scripts-unavailable = Служба сценариев сейчас не работает. Повторите чуть позже.
error-telegram-unavailable = Telegram не отвечает. Повторите чуть позже.
error-job-lease-lost = Эту работу продолжает другой сервер.

## Права
error-sign-in-required = Сначала войдите в систему.
error-bad-credentials = Неверный логин или пароль.
error-not-allowed = У вас нет на это права. Если нужно, обратитесь к администратору.
error-not-a-person = Это может сделать только вошедший сотрудник.
error-not-yourself = Нельзя изменить собственную роль или отключить самого себя.
error-cross-site-request = Запрос пришёл с другого сайта. Обновите страницу и повторите.
error-no-session = Этот запрос подписан токеном, а не сеансом.
error-link-used-or-expired = Ссылка устарела или уже использована. Попросите у администратора новую.
error-link-expired = Ссылка устарела. Возьмите новую в своём профиле.
error-unknown-scope = Такой области доступа нет: { $scope }

## Поля
error-invalid = Исправьте отмеченные поля.
error-required = Заполните это поле.
error-too-long = Слишком длинно: не более { $max } символов.
error-too-many = Слишком много: не более { $max }.
error-out-of-range = Допустимо от { $min } до { $max }.
error-wrong-type = Значение неверного вида.
error-bad-number = Напишите число, например 25 или 2,5.
error-unknown-age = Давность: under_1h, 1h_to_6h, 6h_to_24h или over_24h.
error-bad-date = Укажите существующую дату, например 2026-11-20.
error-unknown-choice = Такого варианта нет. Выберите из списка.
error-in-the-past = Это время уже прошло. Выберите будущее.
error-too-far = Это слишком далеко. Выберите время поближе.
error-ends-before-it-starts = Окончание должно быть позже начала.
error-bad-window = Рабочее время указано неверно или пересекается с другим.
error-unknown-field = Такого поля нет.
error-bad-time = Время пишется так: 2026-11-20T15:00, или со смещением: 2026-11-20T15:00:00+05:00.
error-bad-key = Имя начинается со строчной латинской буквы и состоит из букв, цифр и _.
error-list-full = Список полон: не больше { $max }.
error-last-of-list = Хотя бы один пункт должен предлагаться.
error-bad-json = Это не JSON.
error-unknown-time-zone = Такого часового пояса нет. Пишите, например, Asia/Tashkent.
error-source-or-version = Отправьте либо черновик, либо версию, не то и другое сразу.
error-file-required = Выберите файл.
error-bad-mapping = mapping должен быть в JSON: {"{"}"phone": "Телефон", "name": 0{"}"}
error-already-exists = Такая запись уже есть.
error-unknown-reference = Выбранная запись не найдена. Выберите её из списка заново.
error-weak-password = Пароль: не менее 8 символов, с заглавной и строчной буквой, цифрой и знаком.
error-common-password = Этот пароль все пробуют первым. Выберите другой.
error-passwords-differ = Пароли не совпадают.
error-bad-username = Логин: от 2 до 60 символов, латинские буквы, цифры и . _ - @
error-username-taken = Этот логин занят. Выберите другой.
error-name-taken = Такое название уже есть. Выберите другое.
error-bad-slug = Адрес: от 2 до 40 символов, строчные латинские буквы, цифры и дефис; некоторые слова заняты.
error-slug-taken = Этот адрес занят.
error-bad-url = К этому адресу нельзя подключиться. Он должен начинаться с https://.
error-unknown-user = Такого сотрудника нет.
error-user-inactive = Этот сотрудник больше не работает. Выберите другого.
error-unknown-role = Такой роли нет.
error-unknown-language = Такого языка нет.
error-unknown-theme = Такого оформления нет.
error-unknown-pack = Такого пакета нет.
error-unknown-setting = Такой настройки нет.

## Лиды
error-duplicate-lead = Лид с таким телефоном уже есть. Обращение записано в него.
error-phone-raced = Этот телефон только что внесли в другом месте. Повторите.
error-unknown-source = Такого источника нет.
error-unknown-status = Такого этапа нет.
error-same-status = Лид уже на этом этапе.
error-move-not-allowed = С этого этапа на тот перейти нельзя.
error-move-back-by-manager = Вернуть лида назад может только менеджер.
error-reason-required = Укажите, почему лид потерян.
error-unknown-reason = Такой причины нет.
error-lead-has-no-owner = Лид ещё никому не отдан. Сначала назначьте сотрудника.

## Повторные контакты
error-follow-up-closed = Этот повторный контакт уже закрыт.
error-outside-working-time = Сейчас не ваше рабочее время. Отметьте в рабочее время.
error-unknown-outcome = Такого результата нет.

## Сценарии и бот
error-script-has-errors = В сценарии ошибка, строка { $line }, символ { $column }: { $reason }
error-test-failed = Тест { $name } не прошёл, строка { $line }: { $reason }
error-settings-changed-meanwhile = Тем временем кто-то сохранил настройки. Обновите страницу и повторите.
error-pack-clashes = Этап { $name } у вас означает другое, поэтому пакет установить нельзя.
error-pack-requires = Этому пакету нужен ещё { $name }.
error-pack-permission-not-granted = Пакету дано не всё, о чём он просит.
error-pack-not-installed = Этот пакет ещё не установлен.
error-pack-changed-meanwhile = Тем временем пакет сменили. Обновите страницу и повторите.
error-published-meanwhile = Тем временем кто-то опубликовал другую версию. Посмотрите её и повторите.
error-no-bot = Бот центра ещё не подключён.
error-bad-bot-token = Telegram не узнал этот токен. Скопируйте его из @BotFather ещё раз.
error-decision-not-degraded = Это решение приняло само правило: переделывать нечего.

## Leave
error-unknown-leave-kind = Такой причины нет.
error-leave-too-long = Отпуск не длиннее { $max } дней и не позже чем через два года.
error-not-your-own-leave = На свою заявку отвечаете не вы, а администратор.
error-leave-decided = На эту заявку уже ответили.
error-leave-is-over = Это время уже прошло.
error-leave-not-approved = Закончить можно только одобренное.
error-bulk-running = Изменение ещё выполняется. Дождитесь конца.
error-undo-expired = Отменить уже нельзя: прошло семь дней.
error-changed-since = После этого его уже меняли
error-already-theirs = Уже у этого сотрудника


## Staff and roles
error-role-above-own = Этой роли можно больше, чем вам. Давать можно только те права, что есть у вас.
error-role-in-use = Эта роль есть у сотрудников: { $count }. Сначала выберите им другую.
error-role-built-in = Готовая роль не меняется и не удаляется. Сделайте копию.
error-unknown-permit = Такого права нет.
error-last-admin = Это последний администратор. Сначала назначьте другого.
error-bad-email = Адрес почты пишется так: имя@сайт.uz.
error-email-taken = Этот адрес у другого сотрудника.
error-phone-taken = Этот номер у другого сотрудника.

## Second factor
error-bad-code = Код неверный, устарел или уже использован. Впишите новый из приложения.
error-second-factor-needed = Для этой учётной записи нужен ещё код.
error-second-factor-on = Двухэтапный вход уже включён.
error-second-factor-required = Центр требует двухэтапный вход от всех. Настройте его в профиле.
error-no-second-factor = Двухэтапный вход не включён.
error-no-second-factor-begun = Сначала получите QR-код.
error-sign-in-again = Время вышло. Войдите ещё раз.

## Center
error-unknown-country = Такой страны в списке нет.
error-unknown-currency = Такой валюты в списке нет.
error-currency-locked = Суммы уже есть, валюту менять нельзя.
error-unknown-column = В списке нет такого столбца
error-bad-condition = Своё поле ищут так: поле:is:значение, поле:begins:текст, поле:from:значение или поле:to:значение, насколько позволяет его вид.
error-bad-yes-no = Напишите «да» или «нет».
error-tag-taken = Так называется другой тег. Объедините их.
error-unknown-tag = Такого тега нет. Выберите из списка.
error-role-without-leads = Роль этого сотрудника не работает с лидами. Выберите другого.
