leads-tag = Tag
leads-any-tag = Any tag
leads-sort = Order
leads-sort-newest = Newest first
leads-sort-oldest = Oldest first
leads-sort-name = By name
leads-sort-changed = Last changed first
leads-more-filters = More filters
