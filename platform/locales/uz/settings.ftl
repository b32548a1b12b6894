settings-parts = Boʻlimlar
settings-other = Boshqa
settings-message = Nima uchun oʻzgardi? (ixtiyoriy)
settings-history = Oʻzgarishlar tarixi
settings-changed =
    { $n ->
        [0] Hammasi odatdagidek
       *[other] { $n } tasi oʻzgartirilgan
    }
settings-replan = Rejalashtirilgan { $n } ta qayta aloqani ham yangi qiymatlar bilan qayta rejalash
settings-own = Oʻzgartirilgan
settings-default = Odatdagisiga qaytarish: { $what }
settings-restored = { $n }-versiya qaytarildi
settings-restore-text = Shu paytdan boshlab shu qiymatlar amal qiladi. Keyingi versiyalar tarixda qoladi.
settings-wrong = { $n } ta maydonni tuzatish kerak, hech narsa saqlanmadi.
settings-no-number = “{ $what }” butun son emas.
settings-list-hint = Bir nechta boʻlsa, vergul bilan
settings-on = yoqilgan
settings-off = oʻchirilgan
settings-yes = ha
settings-no = yoʻq
settings-none = yoʻq
settings-and = { $from } va { $to }
settings-then = { $from }, soʻng { $to }
settings-after = { $what }dan keyin
settings-before = { $what } oldin
settings-minutes = { $what } daqiqa
settings-hours = { $what } soat
settings-days = { $what } kun
settings-unit-minutes = daqiqa
settings-unit-hours = soat
settings-unit-days = kun
