print-title = Бүгінгі тізімді басып шығару
print-print = Басып шығару
print-made = { $time } жағдайы бойынша
print-done = Орындалды
print-note = Соңғы жазба
print-left-out = { $n ->
    *[other] Тағы { $n } байланыс сыймады. Қалғанын басып шығару үшін бір қызметкерді таңдаңыз.
}
