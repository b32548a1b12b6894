## Roles
role-title = Роли
role-add = Добавить роль
role-about = Три роли есть в каждом центре. Свои можно составить с нуля или скопировать готовую. Изменение действует уже со следующего нажатия.
role-built-in = готовая
role-matrix = Кому что можно
role-may = Можно
role-yes = да
role-no = нет
role-people = { $n ->
    [0] Пока ни у кого
    [one] У { $n } человека
   *[other] У { $n } человек
}
role-permits = { $n } прав из { $of }
role-name = Название
role-copy = Копировать
role-copy-of = { $name }, копия
role-built-in-why = Готовая роль не меняется. Скопируйте её и отметьте нужное.
role-above-why = Этой роли можно больше, чем вам, поэтому изменить её вы не можете.
role-not-yours = У вас нет этого права
role-needs = Отметка добавляет и права, без которых она бесполезна
role-remove = Удалить роль
role-remove-text = Этой роли ни у кого нет.
role-move-text = Сначала дайте им другую роль.
role-move-to = Новая роль
role-part-leads = Лиды
role-part-follow-ups = Повторные касания
role-part-imports = Импорт и экспорт
role-part-team = Команда
role-part-teaching = Курсы
role-part-setup = Настройка
role-part-own = Своё
role-part-other = Другое
toast-role-saved = Роль сохранена
toast-role-removed = Роль удалена

## Permits
permit-leads-own-work = Работать со своими лидами
permit-leads-all-work = Видеть и вести всех лидов
permit-leads-create = Добавлять лидов
permit-leads-assign = Передавать лида другому
permit-leads-move-back = Возвращать статус назад
permit-follow-ups-own-work = Выполнять свои касания
permit-follow-ups-all-work = Касания всех, в любое время
permit-follow-ups-bulk = Массово переносить и закрывать просроченные
permit-follow-ups-delete = Удалять просроченные касания
permit-imports-create = Загружать лидов из таблицы
permit-imports-all-read = Видеть импорты всех
permit-courses-read = Видеть курсы и тексты продаж
permit-courses-write = Создавать и менять курсы
permit-staff-read = Видеть сотрудников
permit-staff-sales-write = Вести продавцов, их часы и отсутствие
permit-staff-managers-write = Вести менеджеров и остальные роли
permit-leave-own-write = Просить отпуск для себя
permit-leave-decide = Решать заявки на отпуск
permit-distribution-write = Настраивать распределение лидов
permit-scripts-write = Писать и публиковать правила
permit-settings-write = Менять настройки центра
permit-roles-write = Создавать и менять роли
permit-bot-write = Подключать Telegram-бота
permit-audit-read = Видеть журнал изменений
permit-numbers-team-read = Показатели всей команды
permit-profile-write = Свой профиль и пароль

## Second factor
factor-title = Двухэтапный вход
factor-about = После пароля спросим код из приложения на телефоне. Одного украденного пароля будет мало.
factor-is-on = включён
factor-is-off = выключен
factor-on = включён с { $date }
factor-left = { $n ->
    [0] Резервных кодов не осталось. Получите новые.
    [one] Остался { $n } резервный код.
    [few] Осталось { $n } резервных кода.
   *[other] Осталось { $n } резервных кодов.
}
factor-begin = Настроить
factor-forced = Центр требует двухэтапный вход от всех. Настройте его, чтобы продолжить.
factor-required = Центр требует его от всех, выключить нельзя.
factor-qr = QR-код для приложения
factor-step-app = Откройте на телефоне приложение кодов, например Google Authenticator.
factor-step-scan = Наведите камеру на рисунок или введите ключ ниже.
factor-step-code = Впишите 6 цифр из приложения.
factor-code = Код
factor-confirm = Подтвердить
factor-again = Получить новый ключ
factor-off = Выключить
factor-renew = Новые резервные коды
factor-codes = Резервные коды
factor-codes-text = Если телефон потеряется, вместо кода впишите один из этих. Каждый действует один раз. Сохраните их сейчас: больше мы их не покажем.
factor-kept = Сохранено
toast-factor-off = Двухэтапный вход выключен
toast-factor-reset = Двухэтапный вход сброшен
login-code-title = Введите код
login-code-text = Откройте приложение кодов на телефоне.
login-code-hint = Нет телефона под рукой — подойдёт резервный код
login-code-back = Войти под другим именем
user-email = Эл. почта
user-reset-factor = Сбросить двухэтапный вход
profile-details = Мои данные

## Sessions
session-title = Где выполнен вход
session-here = это устройство
session-unknown = Неизвестное устройство
session-since = Вход: { $date }
session-end = Завершить
session-end-others = Завершить все остальные
toast-session-ended = Сеанс завершён
toast-sessions-ended = Остальные сеансы завершены

## Working hours and leaving
user-copy-week = На будни до пятницы
user-next-day = заканчивается на следующий день
user-leaves = Уходит
user-leaves-text = Выйдет на всех устройствах и больше не получит лидов. История останется.
user-open-work = Открытых лидов: { $n }, касаний: { $of }.
user-hand-over = Открытая работа
user-hand-over-share = Распределить заново
user-hand-over-to = Передать одному сотруднику
user-hand-over-who = Кому
user-hand-over-none = Выберите
user-hand-over-keep = Пока оставить за ним
event-returned = Возвращён в распределение
login-support = Помощь: { $name }

## Center
centre-title = Центр
centre-name = Название
centre-address = Адрес
centre-support = Контакт для помощи
centre-support-hint = Телефон или @telegram. Его видит на странице входа тот, кто не может войти.
centre-country = Страна
centre-country-hint = Номера без кода читаются как номера этой страны
centre-currency = Валюта
centre-currency-hint = После первой суммы уже не меняется
centre-currency-locked = Суммы уже есть, валюта не меняется
centre-zone = Часовой пояс
centre-zone-clock = Сейчас { $from }, в новом поясе { $to }.
centre-zone-hours = Рабочие часы сотрудников ({ $n }) останутся теми же по часам: 09:00 станет 09:00 нового пояса.
centre-zone-follow-ups = Открытые касания ({ $n }) останутся в тот же миг, но покажут другое время: { $to } вместо { $from }.
centre-zone-days = День, список на сегодня и ночные работы начнутся по новому поясу.
centre-zone-read = Понятно, изменить
centre-factor = Требовать двухэтапный вход от всех
centre-factor-hint = Кто его не настроил, уже на следующей странице попадёт на настройку
country-uz = Узбекистан
country-kz = Казахстан
country-kg = Кыргызстан
country-tj = Таджикистан
country-tm = Туркменистан
country-ru = Россия
country-az = Азербайджан
country-ge = Грузия
country-am = Армения
country-tr = Турция
country-by = Беларусь
country-mn = Монголия
permit-leads-trash = Удалять лидов в корзину и возвращать
permit-exports-create = Выгружать списки в файл
