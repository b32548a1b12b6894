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
