## Why a script failed, or a part of its plan is refused
fault-wrong-hook = Мұны бұл оқиғада қолдануға болмайды.
fault-too-many-follow-ups = Жоспарда 20 қайта байланыс болады; бұл артық.
fault-out-of-range = Мерзім күнтізбеден тыс.
fault-already-past = Мерзім өтіп кетті, мұндай қайта байланысты аттап өту бұйырылған.
fault-too-far = Мерзімге дейін бір жылдан көп.

## What a golden test says when it is red
fault-expected =
    { $what ->
        [follow_ups] Жоспарланғаны: { $given }.
        [due] { $key } мерзімі — { $given }.
        [refused] { $key } қабылданбады: { $given }.
        [planned] { $key } жоспарланған.
        [absent] { $key } жоқ, бары: { $given }.
        [text] { $key } мәтіні — { $given }.
        [kept] Ашық қайта байланыстар қалады.
        [canceled] Ашық қайта байланыстар жойылады.
        [something] Жоспар бос емес.
        [told] Хабарланғаны: { $given }.
        [assigned] Лид берілді: { $given }.
        [waits] Лид { $given } кезегінде күтеді.
        [nobody] Лид ешкімге берілмеді.
        [reason] Себебі — { $given }.
        [tags] Жаңа тегтер: { $given }.
        [traced] Жазбада: { $given }.
        [answer] Мұнда expect() үшін run() жауабы керек.
        [texts] Мұнда мәтіндер тізімі керек.
        [value] Мән { $expected } емес, { $given }.
       *[other] Нәтиже: { $given }.
    }
fault-hook-failed = { $hook } ережесі { $n }-жолда тоқтады: { $text }
fault-only-in-tests = given, run және expect тек test_ функцияларында жазылады.
fault-too-many-runs = Тест ең көбі { $max } ережені шақырады.
fault-bad-context = Тест жағдайында { $name } өрісі қате.
fault-bad-moment = { $text } уақыт емес: "2026-11-20 15:00" түрінде жазыңыз.

## Trying a rule in the portal
script-panel-try = Сынау
script-panel-tests = Тесттер
try-about = Редактордағы мәтінді сол күйінде іске қосады. Ештеңе сақталмайды, ешкімге хабар бармайды.
try-lead = Лидте
try-lead-hint = Аты немесе телефоны
try-at = Сәт
try-context = Немесе жағдайды жазыңыз
try-context-hint = Ереже ctx ішінен оқитын нәрсе, JSON түрінде; лид таңдалса, соның үстіне. Иесіне жұмыс уақыты мен демалыс беруге болады.
try-run = Іске қосу
try-by-pack = Мәтінде мұндай ереже жоқ, пакет жауап берді:
try-nothing = Ештеңе болмайды.
try-cancels = Алдымен ашық қайта байланыстар жойылады.
try-flagged = жақында жұмыс уақыты жоқ
try-tags = Қойылатын тегтер:
try-untags = Алынатын тегтер:
try-refused = Орындалмайды
try-trace = Ереже не деді
try-cost =
    { $n ->
       *[other] { $n } қадам, { $time } мс
    }
try-to-owner = Лид иесіне
try-to-manager = Менеджерлерге
try-to-admin = Әкімшілерге
try-to-sales = Сатушыларға
try-assign = Лид кімге берілді: { $name }
try-queue = Лид күтеді: { $name }
try-reassign = Лид басқаға өтеді { $name }
try-reschedule = Қайта байланыс кейінге шегеріледі
try-block = Иесіне жаңа лид берілмейді
try-step = Қадам: { $name }
try-message = Хабар: { $name }
try-score = Баға: { $name }
try-kpi = Күн көрсеткіші: { $name }
try-allow = Сынақ сабағына жазуға болады
try-deny = Сынақ сабағына жазуға болмайды
tests-about = test_… атты функциялар не дұрыс болуы керегін айтады. Қызыл тесті бар нұсқа жарияланбайды.
tests-run = Тесттерді іске қосу
tests-none = Мәтінде әзірге тест жоқ. Тест былай болады:
tests-green =
    { $n ->
       *[other] { $n } тест те өтті
    }
tests-red =
    { $n ->
       *[other] { $n } тест өтпеді
    }
tests-idle = Бірде-бір тест бұл ережені шақырмайды.
tests-untested = Бұл кезеңдерге бірде-бір тест кірмейді
tests-pack-green =
    { $n ->
       *[other] Пакеттің { $n } уәдесі де орындалады
    }
tests-pack-red =
    { $n ->
       *[other] Пакеттің { $n } уәдесі енді орындалмайды
    }
tests-pack-about = Бұл жариялауға кедергі емес: өз ережеңіз пакеттен әдейі өзгеше болуы мүмкін.
toast-test-added = Шешім жобаңызға тест болып жазылды
why-to-test = Тест етіп сақтау
