error-phone-missing = Telefon raqami yoʻq.
error-phone-not-a-number = Bu telefon raqamiga oʻxshamaydi. Faqat raqamlarni yozing: 90 123 45 67.
error-phone-too-short = Raqam qisqa. Operator kodi bilan toʻliq yozing: 90 123 45 67.
error-phone-too-long = Raqam uzun. Bitta raqamni yozing, ikkinchisi uchun alohida maydon bor.
error-phone-unknown = Bunday raqam mavjud emas. Kodini tekshiring.
error-phone-digits-lost = Jadval raqamning oxirini yoʻqotgan (9,98901E+11). Ustunni matn koʻrinishiga oʻtkazib, raqamlarni qayta kiriting.
