## Desk
nav-distribution = Distribution
dist-give-out = Give out now
dist-free-note = { $n } of { $of } can take a lead now
dist-who = Who can take a lead
dist-given-note =
    { $n ->
        [one] { $n } lead given out in 30 days
       *[other] { $n } leads given out in 30 days
    }
dist-now = Now
dist-today = Today
dist-fair = Received in 30 days / share
dist-fair-short = in 30 days
dist-fair-note = The share is what comes to a person of the leads given out by the rule. Those given by hand are counted apart.
dist-by-hand =
    { $n ->
        [one] +{ $n } by hand
       *[other] +{ $n } by hand
    }
dist-available = can take a lead
dist-all-courses = all courses
dist-edit = Change { $name }
dist-rep-title = { $name }: share, cap, courses

## Why not
dist-not-receiving = does not receive leads
dist-never-works = has no working hours
dist-off-hours = off hours, starts { $time }
dist-on-leave = on leave until { $time }
dist-holiday = holiday until { $time }
dist-absent = absent until { $time }
dist-blocked =
    { $n ->
        [one] { $n } overdue follow-up
       *[other] { $n } overdue follow-ups
    }
dist-at-cap =
    { $n ->
        [one] at the cap: { $n } open lead
       *[other] at the cap: { $n } open leads
    }
dist-no-share = share is 0

## Rules
dist-rules = Rules
dist-strategy = Who gets it
dist-strategy-hint = Among equals, whoever has waited longest.
dist-fewest-open = Fewest open leads
dist-by-share = By each rep’s share
dist-own-rule = The center gives leads out by its own script, which an administrator changes. The limits below hold all the same.
dist-cap = Most open leads
dist-cap-hint = 0 means no limit. A rep’s own cap comes first.
dist-block = Overdue that stop new leads
dist-block-hint = 0 means never.
dist-grace = Grace before it counts, minutes
dist-silent = Return an untouched lead after, working minutes
dist-silent-hint = 0 means never. It goes back only while somebody else can take it.

## Queue
dist-queue-ready = somebody can take them now
dist-queue-nobody-teaches = nobody at work takes leads of this course
dist-queue-nobody-available = nobody can take a lead now
toast-giving-out = Leads are being given out

## Elsewhere
event-lead-untouched =
    { $n ->
        [one] Untouched for { $n } working minute, back to distribution. Owner before: { $name }
       *[other] Untouched for { $n } working minutes, back to distribution. Owner before: { $name }
    }
lead-move-follow-ups = Move open follow-ups as well
why-owner-silent = The owner before did not touch it, so somebody else
bot-leads-returned =
    { $count ->
        [one] { $count } of your leads was not touched for { $time } working minutes and went to others.
       *[other] { $count } of your leads were not touched for { $time } working minutes and went to others.
    }
