settings-parts = Бөлімдер
settings-other = Басқа
settings-message = Не үшін өзгерді? (міндетті емес)
settings-history = Өзгерістер тарихы
settings-changed =
    { $n ->
        [0] Бәрі әдеттегідей
       *[other] { $n } баптау өзгертілген
    }
settings-replan = Жоспарланған { $n } қайта байланысты да жаңа мәндермен қайта жоспарлау
settings-own = Өзгертілген
settings-default = Әдеттегісіне қайтару: { $what }
settings-restored = { $n }-нұсқа қайтарылды
settings-restore-text = Осы сәттен бастап осы мәндер қолданылады. Кейінгі нұсқалар тарихта қалады.
settings-wrong = { $n } өрісті түзету керек, ештеңе сақталған жоқ.
settings-no-number = «{ $what }» бүтін сан емес.
settings-list-hint = Бірнешеуі болса, үтірмен
settings-on = қосулы
settings-off = өшірулі
settings-yes = иә
settings-no = жоқ
settings-none = жоқ
settings-and = { $from } және { $to }
settings-then = { $from }, содан соң { $to }
settings-after = Мерзімі: { $what } өткенде
settings-before = { $what } бұрын
settings-minutes = { $what } минут
settings-hours = { $what } сағат
settings-days = { $what } күн
settings-unit-minutes = минут
settings-unit-hours = сағат
settings-unit-days = күн
