leads-tag = Teg
leads-any-tag = Hamma teg
leads-sort = Tartib
leads-sort-newest = Avval yangilari
leads-sort-oldest = Avval eskilari
leads-sort-name = Ism boʻyicha
leads-sort-changed = Avval oʻzgarganlari
leads-more-filters = Yana filtrlar
