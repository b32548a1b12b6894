## Что бывает не так в правиле: одна фраза на код. $reason — фраза самого движка.
fault-in-base = В правиле пакета: { $reason }
fault-syntax =
    { $what ->
        [end] Текст обрывается: не закрыта скобка.
        [string] Не закрыта кавычка.
        [escape] { $text } после обратной черты ничего не значит.
        [number] { $text } — не число.
        [input] { $text } здесь не на месте.
        [missing] Здесь не хватает { $text }.
        [expression] Здесь не хватает значения или вызова.
        [name] Здесь не хватает имени.
        [reserved] { $name } — слово языка, именем быть не может.
        [params] У функции { $name } нет списка параметров: напишите { $name }(ctx).
        [body] У функции нет тела в фигурных скобках.
        [fn_twice] Функция { $name } написана дважды.
        [twice] { $name } написано дважды.
        [fn_inside] Функция не может стоять внутри другой функции.
        [constant] { $name } — постоянная, её нельзя менять.
        [assignment] Этому нельзя ничего присвоить.
        [break] break и continue пишут внутри цикла.
       *[other] Это не удаётся прочесть: { $reason }
    }
fault-source-too-long = Правило слишком длинное: { $n } байт, можно { $max }.
fault-undefined-variable = Здесь ничего не называется { $name }.
fault-captured-variable = Функция без имени не видит { $name } из функции вокруг неё.
fault-unknown-function =
    { $what ->
        [unit] { $name } не существует: длину пишут hours(24), minutes(5) или days(1), а для at() нужно время.
       *[other] Функции { $name } нет.
    }
fault-wrong-arity = { $name } ждёт аргументов: { $expected }, дано: { $given }.
fault-unknown-hook = Хука { $name } нет, эту функцию никто не вызовет.
fault-top-level-statement = Это стоит вне функций и никогда не выполнится.
fault-unknown-status = Этапа { $name } нет.
fault-unknown-source = Источника { $name } нет.
fault-unknown-lost-reason = Причины отказа { $name } нет.
fault-unknown-template = Шаблона { $name } нет.
fault-unknown-setting = Настройки { $name } нет.
fault-unknown-property =
    { $what ->
        [absent] Здесь пусто, взять { $name } не у чего: сначала сравните с ().
        [hook] { $name } есть только в других правилах.
       *[other] Поля { $name } нет.
    }
fault-unused-function =
    { $what ->
        [later] { $name } пока никто не вызывает.
       *[other] { $name } никто не вызывает.
    }
fault-status-without-follow-up = Этап { $name } остаётся без контакта.
fault-unreachable-code = Сюда выполнение никогда не дойдёт.
fault-no-plan-on-path =
    { $hook ->
        [distribute] Здесь правило может закончиться без assign(…) и queue(…).
       *[other] Здесь правило может закончиться без ответа.
    }
fault-wrong-return =
    { $hook ->
        [distribute] Правило должно ответить assign(…) или queue(…).
        [lead_score] Правило должно ответить score(…).
        [kpi_score] Правило должно ответить kpi(…) или ().
        [trial_rules] Правило должно ответить allow() или deny(…).
        [message] Правило должно ответить template(…).
       *[other] Правило должно ответить plan().
    }
fault-no-unit = { $n } чего? Напишите hours({ $n }), minutes({ $n }) или days({ $n }).
fault-no-time = У контакта { $name } нет времени: добавьте after(…), before(…) или at(…).
fault-duplicate-key = Контакт { $name } в плане уже есть.
fault-plan-limit =
    { $what ->
        [follow_ups] Контактов в плане может быть не больше { $max }.
        [notices] Сообщений в плане может быть не больше { $max }.
        [tags] Меток в плане может быть не больше { $max }.
        [text] Здесь нужен текст от 1 до { $max } знаков.
        [far] Контакт ставят не дальше чем на год.
        [negative] Контакт нельзя поставить на отрицательный срок.
        [score] Оценка — от 0 до 100.
        [parts] Здесь помещается не больше { $max } частей.
        [sequence] Номер в серии — от 1 до 1000.
       *[other] План этого не вмещает: { $reason }
    }
fault-unknown-anchor = before() считает от trial_start или trial_end, а не от { $name }.
fault-no-trial = Нет пробного урока, от которого считать.
fault-unknown-candidate =
    { $what ->
        [nobody] assign() не дали никого: ответьте queue(…).
       *[other] { $name } — не из кандидатов.
    }
fault-empty-range =
    { $what ->
        [weights] Весов должно быть столько же, сколько вариантов, каждый не меньше 0.
        [bucket] bucket() нужно число не меньше 1.
       *[other] Выбирать не из чего.
    }
fault-too-long =
    { $what ->
        [days] Рабочее время считают в часах или минутах, не в днях.
       *[other] Срок слишком велик: { $reason }
    }
fault-operations = Правило делает больше шагов, чем можно за вызов.
fault-deadline = Правило работает дольше, чем можно за вызов.
fault-memory = Правило занимает больше памяти, чем можно за вызов.
fault-size = Текст, список или словарь вырастает больше допустимого.
fault-depth =
    { $what ->
        [functions] Функций больше, чем можно в правиле.
        [variables] Переменных больше, чем можно в правиле.
        [expression] Выражение вложено слишком глубоко.
       *[other] Функции вызывают друг друга слишком глубоко.
    }
fault-arithmetic =
    { $what ->
        [zero] Что-то делится на ноль.
       *[other] Число слишком велико для счёта.
    }
fault-thrown = Правило отказалось отвечать: { $text }
fault-paused = Пропущено после нескольких сбоев подряд.
fault-killed = Правило остановлено принудительно.
fault-script-killed = Служба правил остановилась во время работы правила.
fault-sandbox-unavailable = Служба правил не ответила.
fault-sandbox-refused = Служба правил отклонила запрос.
fault-source-missing = Текст правила не дошёл.
fault-bad-batch = Правило не удалось подготовить.
fault-runtime =
    { $what ->
        [bounds] В списке из { $max } нет места { $n }.
        [type] Здесь нужно { $expected }, а дано { $given }.
        [for] Через for проходят только списки и промежутки.
        [index] Отсюда ничего не взять по номеру или имени.
       *[other] Правило сломалось: { $reason }
    }
