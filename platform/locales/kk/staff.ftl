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
