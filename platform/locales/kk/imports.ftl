## Файл неге оқылмады
error-file-too-large = Файл тым үлкен. Оны бірнеше бөлікке бөліңіз.
error-file-too-many-rows = Файлда жол тым көп: бір жолы 200 000-ға дейін. Бөліп жүктеңіз.
error-file-unreadable = Файл бүлінген немесе соңына дейін жүктелмеген. Оны кесте бағдарламасында ашып, қайта сақтаңыз.
error-file-password-protected = Файл құпиясөзбен қорғалған. Құпиясөзді алып тастап, қайта жүктеңіз.
error-file-empty = Файлда дерек жоқ.
error-file-unknown-format = Бұл кесте емес. Excel (xlsx, xls), ODS немесе CSV файлын жүктеңіз.
error-file-unclosed-quote = { $line }-жолда тырнақша жабылмаған. Оны түзетіп, қайта жүктеңіз.
error-sheet-not-found = Файлда мұндай парақ жоқ.
error-header-not-found = Телефон бағаны табылмады. Телефон қай бағанда екенін көрсетіңіз.
error-column-not-found = Таңдалған баған файлда жоқ. Бағандарды қайта таңдаңыз.

## Бағандар
imports-field-name = Аты
imports-field-phone = Телефон
imports-field-secondary-phone = Екінші телефон
imports-field-source = Дереккөз
imports-field-course = Курс
imports-field-notes = Ескертпе
imports-field-status = Кезең

## Алынбаған жолдар және импорттың өз бас тартулары
imports-row-duplicate-in-file = Бұл нөмір файлдың алдыңғы жолында бар.
imports-row-duplicate-lead = Бұл нөмірі бар лид бұрыннан бар.
error-file-expired = Файл енді сақталмайды. Оны қайта жүктеңіз.
error-import-started = Бұл импорт басталып қойған.
error-import-finished = Бұл импорт аяқталып қойған.
error-import-canceled = Импорт тоқтатылды.
error-import-broken = Импорт бірнеше рет үзіліп, ақыры тоқтатылды. Жасалған лидтер сақталды.
imports-reason = Себебі

## Қайталанған нөмірдің мәні және импортты қайтару
error-bad-choice = Мыналардың бірін таңдаңыз: skip, update, link.
error-import-not-undoable = Қайтаратын ештеңе жоқ: импорт аяқталмаған, ештеңе жасамаған немесе бұрын қайтарылған.
imports-row-duplicate-filled = Бұл нөмірлі лид бар еді; онда жетіспегені толтырылды.
import-history = Импорттар тарихы
import-state-undoing = қайтарылып жатыр
import-state-undone = қайтарылды
import-remembered = Бағандар өткен жолғыдай сәйкестендірілді.
import-repeats = Бұрыннан белгілі нөмірлер
import-repeats-wait = Кесте қаралып жатыр…
import-repeats-none = Бұл кестедегі нөмірлердің бірде-бірі әлі белгісіз.
import-repeats-phone = Алдымен телефон бағанын таңдаңыз.
import-repeats-here = Қайда бар
import-repeats-do = Не істеу керек
import-repeats-earlier = осы файлдың { $n }-жолы
import-repeats-hidden = әріптесіңіздің лиді
import-repeats-more = Тағы { $n } осындай жол бүкіл файлға арналған таңдауға бағынады.
import-dup = Нөмір бұрыннан бар болса
import-dup-file = Бүкіл файлдағыдай
import-dup-row = { $name }: не істеу керек
import-dup-skip = Жолды өткізіп жіберу
import-dup-skip-hint = Лид сол күйінде қалады
import-dup-skip-short = Өткізу
import-dup-update = Лидте жетіспегенін толтыру
import-dup-update-hint = Бар дерек ауыстырылмайды
import-dup-update-short = Толтыру
import-dup-link = Отбасы мүшесі ретінде қосу
import-dup-link-hint = Аты басқа болса, бөлек лид болады, мысалы аға-іні не апа-сіңлі
import-dup-link-short = Отбасына қосу
import-linked = оның ішінде отбасы
import-updated = оның ішінде толтырылғаны
import-removed = Қайтарылды
import-stayed = Қалды
import-undo = Импортты қайтару
import-undo-hint = Бүкіл импортты кейін қайтаруға болады.
import-undo-text = { $n } лид қайта байланыстарымен бірге жойылады, толтырылған өрістер қайта босатылады.
import-undo-stay = Импорттан кейін біреу жұмыс істеген лидтер қалады және тізімде көрсетіледі.
import-undoing = Импорт қайтарылып жатыр
import-undone = Импорт қайтарылды
import-kept = Қалған лидтер
import-kept-text = Бұл лидтермен біреу жұмыс істеген, сондықтан оларға тиіскен жоқпыз.
event-filled = Бос өрістер кестеден толтырылды
