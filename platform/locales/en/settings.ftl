settings-parts = Parts
settings-other = Other
settings-message = What for? (optional)
settings-history = History
settings-changed =
    { $n ->
        [0] All as the pack has it
        [one] { $n } setting changed
       *[other] { $n } settings changed
    }
settings-replan =
    { $n ->
        [one] Also plan { $n } pending follow-up anew
       *[other] Also plan { $n } pending follow-ups anew
    }
settings-own = Changed
settings-default = Back to { $what }
settings-restored = Version { $n } restored
settings-restore-text = These values count from now on. Later versions stay in the history.
settings-wrong =
    { $n ->
        [one] Correct { $n } field; nothing was saved.
       *[other] Correct { $n } fields; nothing was saved.
    }
settings-no-number = “{ $what }” is no whole number.
settings-list-hint = Several are parted by commas
settings-on = on
settings-off = off
settings-yes = yes
settings-no = no
settings-none = none
settings-and = { $from } and { $to }
settings-then = { $from }, then { $to }
settings-after = After { $what }
settings-before = { $what } before
settings-minutes =
    { $n ->
        [one] { $what } minute
       *[other] { $what } minutes
    }
settings-hours =
    { $n ->
        [one] { $what } hour
       *[other] { $what } hours
    }
settings-days =
    { $n ->
        [one] { $what } day
       *[other] { $what } days
    }
settings-unit-minutes = minutes
settings-unit-hours = hours
settings-unit-days = days
