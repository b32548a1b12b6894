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
