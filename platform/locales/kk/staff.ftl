## Roles
role-title = Рөлдер
role-add = Рөл қосу
role-about = Үш рөл әр орталықта бар. Өз рөліңізді нөлден не көшіріп жасайсыз. Өзгеріс келесі басудан бастап күшіне енеді.
role-built-in = дайын
role-matrix = Кімге не болады
role-may = Болады
role-yes = иә
role-no = жоқ
role-people = { $n ->
    [0] Әзірге ешкімде жоқ
   *[other] { $n } адамда
}
role-permits = { $of } құқықтың { $n }-і
role-name = Атауы
role-copy = Көшіру
role-copy-of = { $name }, көшірме
role-built-in-why = Дайын рөл өзгермейді. Көшіріп алып, керегін белгілеңіз.
role-above-why = Бұл рөлге сізден көбірек болады, сондықтан оны өзгерте алмайсыз.
role-not-yours = Сізде бұл құқық жоқ
role-needs = Белгі өзіне қажет құқықтарды да қосады
role-remove = Рөлді жою
role-remove-text = Бұл рөл ешкімде жоқ.
role-move-text = Алдымен оларға басқа рөл беріңіз.
role-move-to = Жаңа рөл
role-part-leads = Лидтер
role-part-follow-ups = Қайта байланыс
role-part-imports = Импорт пен экспорт
role-part-team = Команда
role-part-teaching = Курстар
role-part-setup = Баптау
role-part-own = Өзінікі
role-part-other = Басқа
toast-role-saved = Рөл сақталды
toast-role-removed = Рөл жойылды

## Permits
permit-leads-own-work = Өз лидтерімен жұмыс істеу
permit-leads-all-work = Барлық лидті көру және жүргізу
permit-leads-create = Лид қосу
permit-leads-assign = Лидті басқаға беру
permit-leads-move-back = Кезеңді кері қайтару
permit-follow-ups-own-work = Өз қайта байланысын орындау
permit-follow-ups-all-work = Барлығының қайта байланысы, кез келген уақытта
permit-follow-ups-bulk = Кешіккендерді бірден ауыстыру және жабу
permit-follow-ups-delete = Кешіккен қайта байланысты жою
permit-imports-create = Кестеден лид енгізу
permit-imports-all-read = Барлығының импортын көру
permit-courses-read = Курстар мен сату мәтінін көру
permit-courses-write = Курстарды құру және өзгерту
permit-staff-read = Қызметкерлерді көру
permit-staff-sales-write = Сатушылар, олардың жұмыс уақыты мен жоқтығы
permit-staff-managers-write = Менеджерлер мен басқа рөлдегілер
permit-leave-own-write = Өзіне рұқсат сұрау
permit-leave-decide = Рұқсат сұрауларын шешу
permit-distribution-write = Лид бөлуді баптау
permit-scripts-write = Ережелерді жазу және жариялау
permit-settings-write = Орталық баптаулары
permit-roles-write = Рөлдерді құру және өзгерту
permit-bot-write = Telegram ботты қосу
permit-audit-read = Өзгерістер журналын көру
permit-numbers-team-read = Бүкіл команда көрсеткіштері
permit-profile-write = Өз профилі мен құпиясөзі

## Second factor
factor-title = Екі қадамды кіру
factor-about = Құпиясөзден кейін телефондағы қолданбаның коды сұралады. Ұрланған құпиясөздің өзі жетпейді.
factor-is-on = қосулы
factor-is-off = өшірулі
factor-on = { $date } бастап қосулы
factor-left = { $n ->
    [0] Қосалқы код қалмады. Жаңасын алыңыз.
   *[other] { $n } қосалқы код қалды.
}
factor-begin = Баптау
factor-forced = Орталық барлығынан екі қадамды кіруді талап етеді. Жалғастыру үшін баптаңыз.
factor-required = Орталық мұны барлығынан талап етеді, өшіруге болмайды.
factor-qr = Қолданбаға арналған QR-код
factor-step-app = Телефонда код қолданбасын ашыңыз, мысалы, Google Authenticator.
factor-step-scan = Суретті сканерлеңіз не төмендегі кілтті енгізіңіз.
factor-step-code = Қолданба көрсеткен 6 санды жазыңыз.
factor-code = Код
factor-confirm = Растау
factor-again = Жаңа кілт алу
factor-off = Өшіру
factor-renew = Жаңа қосалқы кодтар
factor-codes = Қосалқы кодтар
factor-codes-text = Телефон жоғалса, код орнына осылардың бірін жазасыз. Әрқайсысы бір рет істейді. Қазір сақтап қойыңыз: қайта көрсетілмейді.
factor-kept = Сақтап қойдым
toast-factor-off = Екі қадамды кіру өшірілді
toast-factor-reset = Екі қадамды кіру алып тасталды
login-code-title = Кодты енгізіңіз
login-code-text = Телефондағы код қолданбасын ашыңыз.
login-code-hint = Телефон қолыңызда болмаса, қосалқы код та жарайды
login-code-back = Басқа есептік жазбамен кіру
user-email = Эл. пошта
user-reset-factor = Екі қадамды кіруді алып тастау
profile-details = Менің деректерім

## Sessions
session-title = Қайда ашық
session-here = осы құрылғы
session-unknown = Белгісіз құрылғы
session-since = Кірген: { $date }
session-end = Аяқтау
session-end-others = Қалғанын аяқтау
toast-session-ended = Сеанс аяқталды
toast-sessions-ended = Қалған сеанстар аяқталды

## Working hours and leaving
user-copy-week = Сейсенбі–жұмаға көшіру
user-next-day = келесі күні аяқталады
user-leaves = Жұмыстан кетеді
user-leaves-text = Барлық құрылғыда шығады, жаңа лид алмайды. Тарихы қалады.
user-open-work = { $n } ашық лиді мен { $of } қайта байланысы бар.
user-hand-over = Ашық жұмысы
user-hand-over-share = Қайта бөлінсін
user-hand-over-to = Бір қызметкерге берілсін
user-hand-over-who = Кімге
user-hand-over-none = Таңдаңыз
user-hand-over-keep = Әзірге өзінде қалсын
event-returned = Бөлуге қайтарылды
login-support = Көмек: { $name }

## Center
centre-title = Орталық
centre-name = Атауы
centre-address = Мекенжай
centre-support = Көмек байланысы
centre-support-hint = Телефон не @telegram. Кіре алмаған қызметкер оны кіру бетінде көреді.
centre-country = Ел
centre-country-hint = Кодсыз нөмірлер осы елдікі деп оқылады
centre-currency = Валюта
centre-currency-hint = Бірінші сомадан кейін өзгермейді
centre-currency-locked = Сомалар бар, валюта өзгермейді
centre-zone = Уақыт белдеуі
centre-zone-clock = Қазір { $from }, жаңа белдеуде { $to }.
centre-zone-hours = { $n } қызметкердің жұмыс уақыты сағат бойынша өзгермейді: 09:00 жаңа белдеудің 09:00-і болады.
centre-zone-follow-ups = { $n } ашық қайта байланыс сол сәтте қалады, тек басқа сағат көрсетеді: { $from } орнына { $to }.
centre-zone-days = Күн, бүгінгі тізім және түнгі жұмыс жаңа белдеу бойынша басталады.
centre-zone-read = Түсіндім, өзгертілсін
centre-factor = Барлығынан екі қадамды кіру сұралсын
centre-factor-hint = Баптамаған қызметкер келесі бетте-ақ баптауға жіберіледі
country-uz = Өзбекстан
country-kz = Қазақстан
country-kg = Қырғызстан
country-tj = Тәжікстан
country-tm = Түрікменстан
country-ru = Ресей
country-az = Әзербайжан
country-ge = Грузия
country-am = Армения
country-tr = Түркия
country-by = Беларусь
country-mn = Моңғолия
permit-leads-trash = Лидті себетке салу және қайтару
permit-exports-create = Тізімдерді файлға шығару
