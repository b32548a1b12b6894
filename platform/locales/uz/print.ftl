print-title = Bugungi roʻyxatni chop etish
print-print = Chop etish
print-made = { $time } holatiga
print-done = Bajarildi
print-note = Oxirgi izoh
print-left-out = { $n ->
    *[other] Yana { $n } ta aloqa sigʻmadi. Qolganini chop etish uchun bitta xodimni tanlang.
}
