app-name = Markaz
