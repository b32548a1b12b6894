## Сұраулар
error-not-found = Табылмады. Ол өшірілген немесе сізге көрінбейді.
error-bad-request = Сұрауды оқу мүмкін болмады: { $reason }
error-unreadable-text = Мәтінде сақтауға болмайтын таңба бар. Оны алып тастаңыз.
error-method-not-allowed = Бұл мекенжайда мұндай әрекет жоқ.
error-unsupported-media-type = Сұрау түрі дұрыс емес. JSON жіберіңіз (Content-Type: application/json).
error-encoded-body = Сығылған сұраулар қабылданбайды.
error-length-required = Сұраудың көлемін көрсету керек (Content-Length).
error-body-too-large = Сұрау тым үлкен.
error-unknown-host = Бұл мекенжайда оқу орталығы жоқ. Мекенжайды тексеріңіз.
error-bad-cursor = Бет белгісі ескірген. Тізімді басынан ашыңыз.
error-bad-idempotency-key = Idempotency-Key 1-ден 200-ге дейін таңбадан тұруы керек.
error-idempotency-key-reused = Бұл кілт басқа сұраумен қолданылған. Жаңа кілт алыңыз.
error-key-in-use = Дәл осындай сұрау қазір орындалуда. Сәл кейінірек қайталаңыз.
error-if-match-required = Алдымен жазбаны оқып, нұсқасын If-Match тақырыбында жіберіңіз.
error-stale-version = Сіз жұмыс істеп жатқанда жазбаны басқа біреу өзгертті. Бетті жаңартып, қайталап көріңіз.
error-too-many-requests = Әрекет тым көп. Сәл күтіп, қайталап көріңіз.

## Біздің ақаулар
error-internal = Біздің тарапта қате шықты. Қайталап көріңіз; көмектеспесе, әкімшіге сұрау нөмірін айтыңыз.
error-database-busy = Сервер қазір бос емес. Бірнеше секундтан кейін қайталаңыз.
error-database-unavailable = Дерекқор жауап бермейді. Сәл кейінірек қайталаңыз, ештеңе жоғалған жоқ.
error-scripts-unavailable = Сценарийлер қызметі қазір жұмыс істемейді. Сәл кейінірек қайталаңыз.
error-telegram-unavailable = Telegram жауап бермейді. Сәл кейінірек қайталаңыз.
error-job-lease-lost = Бұл жұмысты басқа сервер жалғастыруда.

## Құқықтар
error-sign-in-required = Алдымен жүйеге кіріңіз.
error-bad-credentials = Логин немесе құпиясөз дұрыс емес.
error-not-allowed = Бұған құқығыңыз жоқ. Қажет болса, әкімшіге хабарласыңыз.
error-not-a-person = Мұны жүйеге кірген қызметкер ғана жасай алады.
error-not-yourself = Өз рөліңізді өзгерте алмайсыз және өзіңізді өшіре алмайсыз.
error-cross-site-request = Сұрау басқа сайттан келді. Бетті жаңартып, қайталаңыз.
error-no-session = Бұл сұрау сеанспен емес, токенмен жіберілген.
error-link-used-or-expired = Сілтеменің мерзімі өткен немесе ол қолданылған. Әкімшіден жаңасын сұраңыз.
error-link-expired = Сілтеменің мерзімі өткен. Профиліңізден жаңасын алыңыз.
error-unknown-scope = Мұндай қолжетімділік аясы жоқ: { $scope }

## Өрістер
error-invalid = Белгіленген өрістерді түзетіңіз.
error-required = Мұны толтырыңыз.
error-too-long = Тым ұзын: ең көбі { $max } таңба.
error-too-many = Тым көп: ең көбі { $max }.
error-out-of-range = { $min } мен { $max } аралығында болсын.
error-wrong-type = Мән түрі дұрыс емес.
error-bad-number = Сан жазыңыз, мысалы 25 немесе 2,5.
error-unknown-age = Кешігу аралығы: under_1h, 1h_to_6h, 6h_to_24h немесе over_24h.
error-bad-date = Бар күнді жазыңыз, мысалы 2026-11-20.
error-unknown-choice = Мұндай нұсқа жоқ. Тізімнен таңдаңыз.
error-in-the-past = Бұл уақыт өтіп кетті. Келешектегі уақытты таңдаңыз.
error-too-far = Бұл тым алыс. Жақынырақ уақытты таңдаңыз.
error-ends-before-it-starts = Аяқталуы басталуынан кейін болуы керек.
error-bad-window = Жұмыс уақыты дұрыс емес немесе басқасымен қабаттасады.
error-unknown-field = Мұндай өріс жоқ.
error-bad-time = Уақыт 2026-11-20T15:00 немесе ығысуымен 2026-11-20T15:00:00+05:00 түрінде жазылады.
error-bad-key = Атау кіші латын әрпінен басталады; әріп, сан және _ таңбасынан тұрады.
error-list-full = Тізім толды: ең көбі { $max }.
error-last-of-list = Кемінде біреуі ұсынылуы керек.
error-bad-json = Бұл JSON емес.
error-unknown-time-zone = Мұндай уақыт белдеуі жоқ. Asia/Almaty сияқты жазыңыз.
error-source-or-version = Не жобаны, не нұсқаны жіберіңіз, екеуін бірдей емес.
error-file-required = Файлды таңдаңыз.
error-bad-mapping = mapping JSON болсын: {"{"}"phone": "Телефон", "name": 0{"}"}
error-already-exists = Мұндай жазба бар.
error-unknown-reference = Таңдалған жазба табылмады. Тізімнен қайта таңдаңыз.
error-weak-password = Құпиясөз кемінде 8 таңба болсын: бас және кіші әріп, сан және белгімен.
error-common-password = Бұл құпиясөзді бәрі бірінші болып байқайды. Басқасын таңдаңыз.
error-passwords-differ = Құпиясөздер бірдей емес.
error-bad-username = Логин 2-ден 60-қа дейін таңба болсын: латын әріптері, сандар және . _ - @
error-username-taken = Бұл логин бос емес. Басқасын таңдаңыз.
error-name-taken = Мұндай атау бар. Басқасын таңдаңыз.
error-bad-slug = Мекенжай 2-ден 40-қа дейін таңба болсын: кіші латын әріптері, сандар және сызықша; кейбір сөздер бос емес.
error-slug-taken = Бұл мекенжай бос емес.
error-bad-url = Бұл мекенжайға қосылу мүмкін емес. Ол https:// деп басталуы керек.
error-unknown-user = Мұндай қызметкер жоқ.
error-user-inactive = Бұл қызметкер енді жұмыс істемейді. Басқасын таңдаңыз.
error-unknown-role = Мұндай рөл жоқ.
error-unknown-language = Мұндай тіл жоқ.
error-unknown-theme = Мұндай көрініс жоқ.
error-unknown-pack = Мұндай жинақ жоқ.
error-unknown-setting = Мұндай баптау жоқ.

## Лидтер
error-duplicate-lead = Бұл телефонмен лид бар. Өтініш сол лидке жазылды.
error-phone-raced = Бұл телефонды жаңа ғана басқа жерден енгізді. Қайталап көріңіз.
error-unknown-source = Мұндай дереккөз жоқ.
error-unknown-status = Мұндай кезең жоқ.
error-same-status = Лид қазірдің өзінде осы кезеңде.
error-move-not-allowed = Бұл кезеңнен ол кезеңге өткізуге болмайды.
error-move-back-by-manager = Лидті артқа тек менеджер қайтара алады.
error-reason-required = Лидтің неге жоғалғанын таңдаңыз.
error-unknown-reason = Мұндай себеп жоқ.
error-lead-has-no-owner = Лид әлі ешкімге берілмеген. Алдымен қызметкерге беріңіз.

## Қайта байланыстар
error-follow-up-closed = Бұл қайта байланыс қазірдің өзінде жабылған.
error-outside-working-time = Қазір жұмыс уақытыңыз емес. Жұмыс уақытында белгілеңіз.
error-unknown-outcome = Мұндай нәтиже жоқ.

## Сценарийлер және бот
error-script-has-errors = Сценарийде қате бар, { $line }-жол, { $column }-таңба: { $reason }
error-test-failed = { $name } тесті { $line }-жолда өтпеді: { $reason }
error-settings-changed-meanwhile = Осы арада біреу баптауларды сақтады. Бетті жаңартып, қайталап көріңіз.
error-pack-clashes = { $name } кезеңі сізде басқа мағынада, сондықтан бұл жинақты орнатуға болмайды.
error-pack-requires = Бұл жинаққа { $name } де керек.
error-pack-permission-not-granted = Жинақ сұраған рұқсаттың бәрі берілмеген.
error-pack-not-installed = Бұл жинақ әлі орнатылмаған.
error-pack-changed-meanwhile = Осы арада жинақ өзгертілді. Бетті жаңартып, қайталап көріңіз.
error-published-meanwhile = Осы арада біреу басқа нұсқаны жариялады. Оны қарап, қайталап көріңіз.
error-no-bot = Орталықтың боты әлі қосылмаған.
error-bad-bot-token = Telegram бұл токенді танымады. Оны @BotFather-ден қайта көшіріңіз.
error-decision-not-degraded = Бұл шешімді ереженің өзі қабылдаған: қайта шешетін ештеңе жоқ.

## Leave
error-unknown-leave-kind = Мұндай себеп жоқ.
error-leave-too-long = Рұқсат { $max } күннен ұзақ болмайды және екі жылдан кейінге сұралмайды.
error-not-your-own-leave = Өз өтініміңізге өзіңіз жауап бере алмайсыз. Оны әкімші жасайды.
error-leave-decided = Бұл өтінімге жауап берілген.
error-leave-is-over = Бұл уақыт өтіп кетті.
error-leave-not-approved = Тек берілген рұқсатты аяқтауға болады.
error-bulk-running = Өзгеріс әлі орындалуда. Аяқталғанын күтіңіз.
error-undo-expired = Енді қайтаруға болмайды: жеті күн өтті.
error-changed-since = Содан кейін біреу өзгерткен
error-already-theirs = Бұл қызметкерде бұрыннан бар


## Staff and roles
error-role-above-own = Бұл рөлге сізден көбірек болады. Өзіңізде бар құқықты ғана бере аласыз.
error-role-in-use = Бұл рөл { $count } адамда бар. Алдымен оларға басқа рөл таңдаңыз.
error-role-built-in = Дайын рөл өзгермейді және жойылмайды. Көшірмесін жасаңыз.
error-unknown-permit = Мұндай құқық жоқ.
error-last-admin = Бұл соңғы әкімші. Алдымен басқа біреуді әкімші етіңіз.
error-bad-email = Пошта мекенжайы ат@сайт.uz түрінде жазылады.
error-email-taken = Бұл мекенжай басқа қызметкерде.
error-phone-taken = Бұл нөмір басқа қызметкерде.

## Second factor
error-bad-code = Код қате, ескірген не қолданылған. Қолданбадағы жаңасын жазыңыз.
error-second-factor-needed = Бұл есептік жазбаға код та керек.
error-second-factor-on = Екі қадамды кіру қосылып тұр.
error-second-factor-required = Орталық барлығынан екі қадамды кіруді талап етеді. Оны профильде баптаңыз.
error-no-second-factor = Екі қадамды кіру қосылмаған.
error-no-second-factor-begun = Алдымен QR-код алыңыз.
error-sign-in-again = Уақыт өтіп кетті. Қайта кіріңіз.

## Center
error-unknown-country = Тізімде мұндай ел жоқ.
error-unknown-currency = Тізімде мұндай валюта жоқ.
error-currency-locked = Сомалар бар, валюта енді өзгермейді.
error-unknown-column = Тізімде мұндай баған жоқ
error-bad-condition = Өз өрісі былай сұралады: өріс:is:мән, өріс:begins:мәтін, өріс:from:мән немесе өріс:to:мән — түрі рұқсат еткенше.
error-bad-yes-no = «Иә» немесе «жоқ» деп жазыңыз.
error-tag-taken = Басқа тег осылай аталған. Екеуін біріктіріңіз.
error-unknown-tag = Мұндай тег жоқ. Тізімнен таңдаңыз.
error-role-without-leads = Бұл әріптестің рөлі лидтермен жұмыс істемейді. Басқасын таңдаңыз.
