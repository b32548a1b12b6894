## Why a script failed, or a part of its plan is refused
fault-wrong-hook = Это нельзя использовать в этом событии.
fault-too-many-follow-ups = В плане может быть 20 контактов; этот лишний.
fault-out-of-range = Срок лежит за пределами календаря.
fault-already-past = Срок прошёл, а такой контакт велено пропускать.
fault-too-far = До срока больше года.

## What a golden test says when it is red
fault-expected =
    { $what ->
        [follow_ups] Запланированы: { $given }.
        [due] Срок { $key } — { $given }.
        [refused] Контакт { $key } отклонён: { $given }.
        [planned] Контакт { $key } запланирован.
        [absent] Контакта { $key } нет, есть: { $given }.
        [text] Контакт { $key } говорит { $given }.
        [kept] Открытые контакты остаются.
        [canceled] Открытые контакты отменяются.
        [something] План не пуст.
        [told] Сообщено: { $given }.
        [assigned] Лид отдан: { $given }.
        [waits] Лид ждёт в очереди { $given }.
        [nobody] Лид никому не отдан.
        [reason] Причина — { $given }.
        [tags] Новые метки: { $given }.
        [traced] В записи: { $given }.
        [answer] Здесь expect() нужен ответ run().
        [texts] Здесь нужен список текстов.
        [value] Значение — { $given }, а не { $expected }.
       *[other] Получилось { $given }.
    }
fault-hook-failed = Правило { $hook } сломалось в строке { $n }: { $text }
fault-only-in-tests = given, run и expect пишутся только в функциях test_.
fault-too-many-runs = Тест вызывает не больше { $max } правил.
fault-bad-context = Контекст теста неверен в поле { $name }.
fault-bad-moment = { $text } — не момент времени: пишите "2026-11-20 15:00".

## Trying a rule in the portal
script-panel-try = Проба
script-panel-tests = Тесты
try-about = Запускает текст из редактора как есть. Ничего не сохраняется, никто не получает сообщений.
try-lead = На лиде
try-lead-hint = Имя или телефон
try-at = Момент
try-context = Или задайте условия
try-context-hint = То, что правило читает из ctx, в JSON; если выбран лид — поверх него. Владельцу можно задать рабочие часы и отпуск.
try-run = Запустить
try-by-pack = Такого правила в тексте нет, ответил пакет:
try-nothing = Ничего не произойдёт.
try-cancels = Сначала открытые контакты отменяются.
try-flagged = рядом нет рабочего времени
try-tags = Ставятся метки:
try-untags = Снимаются метки:
try-refused = Не будет сделано
try-trace = Что сказало правило
try-cost =
    { $n ->
        [one] { $n } шаг, { $time } мс
        [few] { $n } шага, { $time } мс
       *[other] { $n } шагов, { $time } мс
    }
try-to-owner = Владельцу лида
try-to-manager = Менеджерам
try-to-admin = Администраторам
try-to-sales = Продавцам
try-assign = Лид получает { $name }
try-queue = Лид ждёт: { $name }
try-reassign = Лид переходит к другому { $name }
try-reschedule = Контакт переносится
try-block = Владелец не получает новых лидов
try-step = Сделан шаг: { $name }
try-message = Сообщение: { $name }
try-score = Оценка: { $name }
try-kpi = Показатель дня: { $name }
try-allow = На пробный урок можно записать
try-deny = На пробный урок записать нельзя
tests-about = Функции с именем test_… говорят, что должно быть верно. Версия с красным тестом не публикуется.
tests-run = Запустить тесты
tests-none = В тексте пока нет тестов. Тест выглядит так:
tests-green =
    { $n ->
        [one] { $n } тест пройден
        [few] Все { $n } теста пройдены
       *[other] Все { $n } тестов пройдены
    }
tests-red =
    { $n ->
        [one] { $n } тест не пройден
        [few] { $n } теста не пройдены
       *[other] { $n } тестов не пройдены
    }
tests-idle = Ни один тест не вызывает это правило.
tests-untested = В эти статусы не входит ни один тест
tests-pack-green =
    { $n ->
        [one] Выполнено и { $n } обещание пакета
        [few] Выполнены и { $n } обещания пакета
       *[other] Выполнены и { $n } обещаний пакета
    }
tests-pack-red =
    { $n ->
        [one] { $n } обещание пакета больше не выполняется
        [few] { $n } обещания пакета больше не выполняются
       *[other] { $n } обещаний пакета больше не выполняются
    }
tests-pack-about = Публикации это не мешает: своё правило может отличаться от пакета намеренно.
toast-test-added = Решение записано тестом в вашем черновике
why-to-test = Сохранить как тест
