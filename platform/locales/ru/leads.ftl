leads-tag = Тег
leads-any-tag = Любой тег
leads-sort = Порядок
leads-sort-newest = Сначала новые
leads-sort-oldest = Сначала давние
leads-sort-name = По имени
leads-sort-changed = Сначала изменённые
leads-more-filters = Ещё фильтры
