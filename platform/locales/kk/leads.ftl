leads-tag = Тег
leads-any-tag = Барлық тег
leads-sort = Реті
leads-sort-newest = Алдымен жаңалары
leads-sort-oldest = Алдымен ескілері
leads-sort-name = Аты бойынша
leads-sort-changed = Алдымен өзгергендері
leads-more-filters = Тағы сүзгілер
