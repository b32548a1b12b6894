## Desk
nav-distribution = Бөлу
dist-give-out = Қазір бөлу
dist-free-note = { $of } адамның { $n }-і қазір лид ала алады
dist-who = Кім лид ала алады
dist-given-note = 30 күнде { $n } лид бөлінді
dist-now = Қазір
dist-today = Бүгін
dist-fair = 30 күнде алды / үлесі
dist-fair-short = 30 күнде
dist-fair-note = «Үлесі»: ереже бойынша бөлінген лидтерден қызметкерге тиесілісі. Қолмен берілгендер бөлек саналады.
dist-by-hand = +{ $n } қолмен
dist-available = лид ала алады
dist-all-courses = барлық курстар
dist-edit = { $name }: өзгерту
dist-rep-title = { $name }: үлес, шек, курстар

## Why not
dist-not-receiving = лид алмайды
dist-never-works = жұмыс уақыты енгізілмеген
dist-off-hours = жұмыс уақыты емес, басталады: { $time }
dist-on-leave = рұқсатта: { $time } дейін
dist-holiday = мереке: { $time } дейін
dist-absent = жоқ: { $time } дейін
dist-blocked = { $n } байланыс кешіккен
dist-at-cap = шекте: { $n } ашық лид
dist-no-share = үлесі 0

## Rules
dist-rules = Ережелер
dist-strategy = Кімге беріледі
dist-strategy-hint = Тең болса, лидсіз ең ұзақ жүргенге.
dist-fewest-open = Ашық лиді ең аз қызметкерге
dist-by-share = Үлесіне қарай
dist-own-rule = Орталық өз скриптімен бөледі, оны әкімші өзгертеді. Төмендегі шектер бәрібір қолданылады.
dist-cap = Ең көп ашық лид
dist-cap-hint = 0: шектелмейді. Қызметкердің өз шегі басым.
dist-block = Жаңа лидті тоқтататын кешігулер
dist-block-hint = 0: тоқтатылмайды.
dist-grace = Мұрсат, минут
dist-silent = Тиіспеген лид қайтады, жұмыс минуты
dist-silent-hint = 0: қайтпайды. Басқа біреу ала алса ғана қайтады.

## Queue
dist-queue-ready = қазір алуға болады
dist-queue-nobody-teaches = жұмыстағылардың ешқайсысы бұл курстың лидін алмайды
dist-queue-nobody-available = қазір лид алатын адам жоқ
toast-giving-out = Лидтер бөлінуде

## Elsewhere
event-lead-untouched = { $n } жұмыс минутында тиіспеді, бөлуге қайтты. Бұрынғы иесі: { $name }
lead-move-follow-ups = Ашық байланыстары да өтсін
why-owner-silent = Бұрынғы иесі тиіспегендіктен, басқасына
bot-leads-returned = { $count } лидіңізге { $time } жұмыс минутында тиіспедіңіз, олар басқаларға берілді.
