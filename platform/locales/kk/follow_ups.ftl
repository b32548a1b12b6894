## Many follow-ups at once
follow-ups-reschedule = Кейінге қалдыру
follow-ups-reassign = Басқаға беру
follow-ups-complete = Аяқтау
follow-ups-delete = Жою
follow-ups-look = Не өзгеретінін көру
follow-ups-hours = Неше сағаттан кейін
follow-ups-hours-hint = Әр қызметкердің жұмыс уақытында бірінен соң бірі. Ең көбі 720 сағат.
follow-ups-to = Кімге
follow-ups-with-leads = Лидтер де ауысады
follow-ups-with-leads-hint = Лидтерсіз берілсе, әріптес оларды қайта байланыс орындалғанша көреді. Лидтермен бірге берілсе, олар бойынша ашық істің бәрі ауысады.
follow-ups-complete-hint = Әрқайсысы сіздің атыңыздан, қазір, осы нәтижемен аяқталады.
follow-ups-delete-hint = Олар сақталады, бірақ ашық та, орындалған да болып есептелмейді.
follow-ups-preview = Не өзгереді
follow-ups-preview-undo = Жеті күн ішінде қайтаруға болады; осы аралықта біреу тигені өз күйінде қалады.
follow-ups-count = Қайта байланыстар
follow-ups-first = Біріншісі
follow-ups-last = Соңғысы
follow-ups-stay = Мыналар өз күйінде қалады
follow-ups-and-more = және тағы { $n }
follow-ups-will-reschedule = { $of } қайта байланыстың { $n } кейінге қалады
follow-ups-will-reassign = { $of } қайта байланыстың { $n } басқаға беріледі
follow-ups-will-complete = { $of } қайта байланыстың { $n } аяқталады
follow-ups-will-delete = { $of } қайта байланыстың { $n } жойылады
follow-ups-will-hours =
    { $n ->
        [0] Қазірден бастап, әр қызметкердің жұмыс уақытында бірінен соң бірі.
       *[other] { $n } сағаттан кейін бастап, әр қызметкердің жұмыс уақытында бірінен соң бірі.
    }
follow-ups-will-owner = Кімге: { $name }.
follow-ups-will-leads = Олармен бірге { $n } лид бар ашық ісімен ауысады.
follow-ups-will-outcome = Нәтиже: { $what }.
follow-ups-will-outside = Үш ай ішінде жұмыс уақыты табылмағаны: { $n }
follow-ups-bulk-none = Бірде-бір қайта байланыс таңдалмады
follow-ups-bulk-running = Қайта байланыстар өзгеруде
follow-ups-bulk-undone = { $n } қайта байланыс бұрынғы қалпына келді
follow-ups-did-reschedule = { $n } қайта байланыс кейінге қалдырылды
follow-ups-did-reassign = { $n } қайта байланыс басқаға берілді
follow-ups-did-complete = { $n } қайта байланыс аяқталды
follow-ups-did-delete = { $n } қайта байланыс жойылды
event-follow-up-rescheduled = { $what }: { $from } уақытынан { $to } уақытына қалдырылды
event-follow-up-reassigned = енді орындайды: { $what }
event-follow-up-deleted = қадамды жойды: { $what }
event-follow-up-undone = өзгерісті қайтарды: { $what }
event-follow-up-moved-holiday = Орталық жабық болғандықтан жылжыды: { $what }, { $from } → { $to }
event-follow-up-moved-opened = Күн қайтадан жұмыс күні, қайтарылды: { $what }, { $from } → { $to }

## One follow-up
follow-ups-snooze-1h = 1 сағат
follow-ups-snooze-tomorrow = ертең таңертең
follow-ups-snooze-3d = 3 күннен кейін
follow-ups-snooze-1w = бір аптадан кейін
follow-ups-reminded = Еске салу { $time }, { $name }
follow-ups-reminder-delivered = жетті
follow-ups-reminder-waiting = жолда
follow-ups-reminder-failed = жетпеді
follow-ups-reminder-portal = Telegram байланбаған
toast-follow-up-moved = Қайта байланыс кейінге қалдырылды
today-stopped = Сізге жаңа лидтер келмей тұр: { $n } қайта байланыс кешікті. Олар { $of } санынан азайғанда қайта келеді.
today-stopped-all = Кешіккен қайта байланыстар орындалмайынша сізге жаңа лидтер келмейді: { $n }.
