## Ережеде не қате болуы мүмкін: әр кодқа бір сөйлем. $reason — қозғалтқыштың өз сөйлемі.
fault-in-base = Пакет ережесінде: { $reason }
fault-syntax =
    { $what ->
        [end] Мәтін ерте бітті: жақша жабылмаған.
        [string] Тырнақша жабылмаған.
        [escape] Кері сызықтан кейін { $text } ештеңені білдірмейді.
        [number] { $text } сан емес.
        [input] { $text } бұл жерде артық.
        [missing] Бұл жерде { $text } жетіспейді.
        [expression] Бұл жерде мән не шақыру жетіспейді.
        [name] Бұл жерде атау жетіспейді.
        [reserved] { $name } — тілдің өз сөзі, атау бола алмайды.
        [params] { $name } функциясының параметрлері жоқ: { $name }(ctx) деп жазыңыз.
        [body] Функцияның ирек жақшадағы денесі жоқ.
        [fn_twice] { $name } функциясы екі рет жазылған.
        [twice] { $name } екі рет жазылған.
        [fn_inside] Функция басқа функцияның ішінде тұра алмайды.
        [constant] { $name } тұрақты, оған басқа мән беруге болмайды.
        [assignment] Бұған мән беруге болмайды.
        [break] break пен continue тек цикл ішінде жазылады.
       *[other] Мұны оқу мүмкін болмады: { $reason }
    }
fault-source-too-long = Ереже тым ұзын: { $n } байт, ең көбі { $max }.
fault-undefined-variable = Бұл жерде { $name } деген ештеңе жоқ.
fault-captured-variable = Атаусыз функция сыртындағы { $name } дегенді көрмейді.
fault-unknown-function =
    { $what ->
        [unit] { $name } жоқ: мерзімді hours(24), minutes(5) не days(1) деп жазыңыз, at() үшін уақыт керек.
       *[other] { $name } деген функция жоқ.
    }
fault-wrong-arity = { $name } үшін { $expected } мән керек, { $given } берілген.
fault-unknown-hook = { $name } деген оқиға жоқ, бұл функцияны ештеңе шақырмайды.
fault-top-level-statement = Бұл функциялардың сыртында тұр және ешқашан орындалмайды.
fault-unknown-status = { $name } деген кезең жоқ.
fault-unknown-source = { $name } деген дереккөз жоқ.
fault-unknown-lost-reason = { $name } деген бас тарту себебі жоқ.
fault-unknown-template = { $name } деген үлгі жоқ.
fault-unknown-setting = { $name } деген баптау жоқ.
fault-unknown-property =
    { $what ->
        [absent] Бұл жер бос, { $name } алуға болмайды: алдымен () мәнімен салыстырыңыз.
        [hook] { $name } тек басқа ережелерде бар.
       *[other] { $name } деген өріс жоқ.
    }
fault-unused-function =
    { $what ->
        [later] { $name } дегенді әзірге ештеңе шақырмайды.
       *[other] { $name } дегенді ештеңе шақырмайды.
    }
fault-status-without-follow-up = { $name } кезеңінде байланыс жоспарланбайды.
fault-unreachable-code = Орындалу бұл жерге ешқашан жетпейді.
fault-no-plan-on-path =
    { $hook ->
        [distribute] Ереже осы жерде assign(…) не queue(…) жауабынсыз бітуі мүмкін.
       *[other] Ереже осы жерде жауапсыз бітуі мүмкін.
    }
fault-wrong-return =
    { $hook ->
        [distribute] Ереже assign(…) не queue(…) деп жауап беруі керек.
        [lead_score] Ереже score(…) деп жауап беруі керек.
        [kpi_score] Ереже kpi(…) не () деп жауап беруі керек.
        [trial_rules] Ереже allow() не deny(…) деп жауап беруі керек.
        [message] Ереже template(…) деп жауап беруі керек.
       *[other] Ереже plan() деп жауап беруі керек.
    }
fault-no-unit = { $n } не? hours({ $n }), minutes({ $n }) не days({ $n }) деп жазыңыз.
fault-no-time = { $name } байланысының уақыты жоқ: after(…), before(…) не at(…) қосыңыз.
fault-duplicate-key = Жоспарда { $name } байланысы бар.
fault-plan-limit =
    { $what ->
        [follow_ups] Жоспарға ең көбі { $max } байланыс сыяды.
        [notices] Жоспарға ең көбі { $max } хабар сыяды.
        [tags] Жоспарға ең көбі { $max } белгі сыяды.
        [text] Бұл жерге 1-ден { $max } таңбаға дейінгі мәтін керек.
        [far] Байланыс ең көбі бір жыл алға қойылады.
        [negative] Байланысты теріс мерзімге қоюға болмайды.
        [score] Баға 0 мен 100 арасында болады.
        [parts] Бұл жерге ең көбі { $max } бөлік сыяды.
        [sequence] Тізбектегі нөмір 1 мен 1000 арасында болады.
       *[other] Бұл жоспарға сыймайды: { $reason }
    }
fault-unknown-anchor = before() trial_start не trial_end сәтінен санайды, { $name } емес.
fault-no-trial = Санайтын сынақ сабағы жоқ.
fault-unknown-candidate =
    { $what ->
        [nobody] assign() үшін ешкім берілмеді: queue(…) деп жауап беріңіз.
       *[other] { $name } үміткерлер арасында жоқ.
    }
fault-empty-range =
    { $what ->
        [weights] Әр нұсқаға 0-ден кем емес бір салмақ керек.
        [bucket] bucket() үшін 1-ден кем емес сан керек.
       *[other] Таңдайтын сан жоқ.
    }
fault-too-long =
    { $what ->
        [days] Жұмыс уақыты күнмен емес, сағатпен не минутпен саналады.
       *[other] Мерзім тым ұзын: { $reason }
    }
fault-operations = Ереже бір шақыруға рұқсат етілгеннен көп қадам жасайды.
fault-deadline = Ереже бір шақыруға рұқсат етілгеннен ұзақ жұмыс істейді.
fault-memory = Ереже бір шақыруға рұқсат етілгеннен көп жад алады.
fault-size = Мәтін, тізім не сөздік шектен асып өседі.
fault-depth =
    { $what ->
        [functions] Функциялар саны шектен көп.
        [variables] Айнымалылар саны шектен көп.
        [expression] Өрнек тым терең салынған.
       *[other] Функциялар бірін-бірі тым терең шақырады.
    }
fault-arithmetic =
    { $what ->
        [zero] Бірдеңе нөлге бөлінеді.
       *[other] Сан есептеуге тым үлкен.
    }
fault-thrown = Ереже жауап беруден бас тартты: { $text }
fault-paused = Қайта-қайта қате бергендіктен өткізіп жіберілді.
fault-killed = Ереже күшпен тоқтатылды.
fault-script-killed = Ереже жұмыс істеп тұрғанда ережелер қызметі тоқтап қалды.
fault-sandbox-unavailable = Ережелер қызметі жауап бермеді.
fault-sandbox-refused = Ережелер қызметі сұрауды қабылдамады.
fault-source-missing = Ереже мәтіні жетпеді.
fault-bad-batch = Ережені дайындау мүмкін болмады.
fault-runtime =
    { $what ->
        [bounds] { $max } элементті тізімде { $n }-орын жоқ.
        [type] Бұл жерге { $expected } керек, { $given } берілген.
        [for] for тек тізімдер мен аралықтарды аралайды.
        [index] Бұдан нөмірмен не атаумен ештеңе алуға болмайды.
       *[other] Ереже істен шықты: { $reason }
    }
