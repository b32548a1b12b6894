## Список команд
bot-command-today = Дела на сегодня
bot-command-overdue = Просроченные дела
bot-command-stats = Мои результаты
bot-command-lang = Язык
bot-command-mute = Выключить или включить сообщения
bot-command-help = Помощь

## Привязка
bot-hello = Здравствуйте! Это бот центра <b>{ $tenant }</b>. Если вы сотрудник, возьмите ссылку в своём профиле на портале и откройте её здесь.
bot-linked = <b>{ $name }</b>, ваша учётная запись привязана. Новые лиды и дела будут приходить сюда.
bot-link-expired = Эта ссылка устарела или уже использована. Возьмите новую в своём профиле.
bot-not-linked = Ваша учётная запись ещё не привязана. Возьмите ссылку в своём профиле на портале.
bot-help =
    Что я умею:
    /today дела на сегодня
    /overdue просроченные дела
    /stats ваши результаты
    /lang язык
    /mute выключить или включить сообщения
bot-unknown = Я не знаю этой команды. Список команд: /help
bot-lang-choose = Выберите язык
bot-lang-set = Теперь пишу по-русски.
bot-muted = Сообщения выключены. Включить снова: /mute
bot-unmuted = Сообщения включены.
bot-old-button = Эта кнопка устарела.

## Работа
bot-today-head = <b>Дела на сегодня</b>
bot-today-none = На сегодня дел не осталось.
bot-overdue-head = <b>Просроченные дела</b>
bot-overdue-none = Просроченных дел нет.
bot-list-more = Остальные на портале.
bot-due-at = Срок: { $time }
bot-due-past = Срок прошёл: { $time }
bot-follow-up-closed = Это дело закрыто.
bot-outcome-reached = Поговорили
bot-outcome-no-answer = Нет ответа
bot-outcome-later = Позже
bot-next = Следующее
bot-done = Записано.
bot-gone = Это уже не ваше дело.
bot-stats =
    <b>Сегодня</b>
    Ваших лидов: { $leads }
    Дел на сегодня: { $today }
    Просрочено: { $overdue }
    Новых лидов за сегодня: { $new }

## Уведомления
bot-lead-assigned = Вам передан новый лид.
bot-leads-assigned =
    { $count ->
        [one] Вам передан { $count } новый лид.
        [few] Вам переданы { $count } новых лида.
       *[many] Вам передано { $count } новых лидов.
    }
bot-lead-enquired-again = Ваш лид обратился снова.
bot-follow-up-due = Пора связаться.
bot-follow-ups-due =
    { $count ->
        [one] Подошёл срок { $count } дела.
       *[many] Подошёл срок { $count } дел.
    }
bot-you-are-blocked =
    { $count ->
        [one] У вас просрочено { $count } дело, поэтому новые лиды не передаются. Сначала сделайте его.
        [few] У вас просрочено { $count } дела, поэтому новые лиды не передаются. Сначала сделайте их.
       *[many] У вас просрочено { $count } дел, поэтому новые лиды не передаются. Сначала сделайте их.
    }
bot-rep-blocked = <b>{ $name }</b>: просроченных дел { $count }, новые лиды не передаются.
bot-leads-waiting = Ждут распределения, лидов: { $count }. Сейчас никто не работает.
bot-script-failing = Правило «{ $name }» даёт ошибку, строка { $line }: { $reason }. Пока работает прежнее правило.
bot-script-paused = Правило «{ $name }» остановлено: слишком много ошибок, строка { $line }: { $reason }. Работает прежнее правило.
bot-notice-leads =
    { $count ->
        [one] { $count } лид.
        [few] { $count } лида.
       *[other] { $count } лидов.
    }
