## Many follow-ups at once
follow-ups-reschedule = Put off
follow-ups-reassign = Hand over
follow-ups-complete = Complete
follow-ups-delete = Delete
follow-ups-look = See what would change
follow-ups-hours = Hours from now
follow-ups-hours-hint = One after another in each rep’s working time. At most 720 hours.
follow-ups-to = To whom
follow-ups-with-leads = The leads change hands too
follow-ups-with-leads-hint = Without the leads, the colleague sees them until the follow-up is done. With them, everything open for them goes along.
follow-ups-complete-hint = Each is done by you, now, with this outcome.
follow-ups-delete-hint = They are kept but count neither as open nor as done.
follow-ups-preview = What would change
follow-ups-preview-undo = It can be taken back for seven days; what somebody touches meanwhile stays.
follow-ups-count = Follow-ups
follow-ups-first = First due
follow-ups-last = Last due
follow-ups-stay = These stay as they are
follow-ups-and-more = and { $n } more
follow-ups-will-reschedule = { $n } of { $of } follow-ups are put off
follow-ups-will-reassign = { $n } of { $of } follow-ups are handed over
follow-ups-will-complete = { $n } of { $of } follow-ups are completed
follow-ups-will-delete = { $n } of { $of } follow-ups are deleted
follow-ups-will-hours =
    { $n ->
        [0] Beginning now, one after another in each rep’s working time.
        [one] Beginning an hour from now, one after another in each rep’s working time.
       *[other] Beginning { $n } hours from now, one after another in each rep’s working time.
    }
follow-ups-will-owner = To { $name }.
follow-ups-will-leads =
    { $n ->
        [one] { $n } lead changes hands with them, with everything open for it.
       *[other] { $n } leads change hands with them, with everything open for them.
    }
follow-ups-will-outcome = Outcome: { $what }.
follow-ups-will-outside =
    { $n ->
        [one] { $n } finds no working time within three months
       *[other] { $n } find no working time within three months
    }
follow-ups-bulk-none = No follow-up was picked
follow-ups-bulk-running = Changing follow-ups
follow-ups-bulk-undone =
    { $n ->
        [one] { $n } follow-up is as it was
       *[other] { $n } follow-ups are as they were
    }
follow-ups-did-reschedule =
    { $n ->
        [one] { $n } follow-up put off
       *[other] { $n } follow-ups put off
    }
follow-ups-did-reassign =
    { $n ->
        [one] { $n } follow-up handed over
       *[other] { $n } follow-ups handed over
    }
follow-ups-did-complete =
    { $n ->
        [one] { $n } follow-up completed
       *[other] { $n } follow-ups completed
    }
follow-ups-did-delete =
    { $n ->
        [one] { $n } follow-up deleted
       *[other] { $n } follow-ups deleted
    }
event-follow-up-rescheduled = { $what }: put off from { $from } to { $to }
event-follow-up-reassigned = now does: { $what }
event-follow-up-deleted = deleted the step: { $what }
event-follow-up-undone = took back what was done to: { $what }
event-follow-up-moved-holiday = Moved because the center is closed: { $what }, { $from } → { $to }
event-follow-up-moved-opened = The day is open again, moved back: { $what }, { $from } → { $to }

## One follow-up
follow-ups-snooze-1h = 1 hour
follow-ups-snooze-tomorrow = tomorrow morning
follow-ups-snooze-3d = in 3 days
follow-ups-snooze-1w = in a week
follow-ups-reminded = Reminded { $time }, { $name }
follow-ups-reminder-delivered = delivered
follow-ups-reminder-waiting = on its way
follow-ups-reminder-failed = not delivered
follow-ups-reminder-portal = no Telegram linked
toast-follow-up-moved = Follow-up put off
today-stopped = New leads are not coming to you: { $n } follow-ups are overdue. They come again once fewer than { $of } are.
today-stopped-all = New leads are not coming to you until your overdue follow-ups are done: { $n }.
