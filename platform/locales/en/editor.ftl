## The editor of rules
script-panel-versions = Versions
script-panel-pack = Pack
script-later = not in use yet
script-later-text = Nothing calls this rule yet. You can write and check it now; it starts working when its part of Markaz arrives.
hook-on_followup_completed = When a follow-up is done
hook-on_overdue = When a follow-up is late
hook-reactivation = Winning back
hook-lead_score = Lead score
hook-kpi_score = KPI score
hook-trial_rules = Trial rules
hook-message = Message text
hook-about-on_followup_completed = Decides what follows a finished contact
hook-about-on_overdue = Decides what happens when a contact is missed
hook-about-reactivation = Chooses the next step for a lost lead
hook-about-lead_score = Says from 0 to 100 how promising a lead is
hook-about-kpi_score = Turns a rep's day into one figure
hook-about-trial_rules = Says whether a lead may be booked into a group's trial
hook-about-message = Chooses the template and its channel
script-saved = saved { $time }
script-typing = typing…
script-unsaved = Not saved: no connection. What you typed is still here.
script-mend = Fix
script-caret = line %l, column %c
script-keys = Ctrl S saves, Ctrl Enter checks, F8 next problem
script-faults-list = Problems
script-meanwhile = Version { $n } was published while you were writing. Compare before you publish yours.
script-meanwhile-pack = The pack's rule was put back while you were writing. Compare before you publish yours.
script-rebase = Continue over it
script-discard = Discard draft
script-diff = Compare
script-diff-running = Compare with what runs now
script-drafts = Drafts of others
script-draft-of = Draft: { $name }
script-no-draft = no changes
script-changes = Changes
script-from = From
script-to = To
script-compare = Compare
script-same = The texts are the same.
script-skipped =
    { $n ->
        [one] { $n } line the same
       *[other] { $n } lines the same
    }
script-pending =
    { $n ->
        [one] { $n } follow-up planned by this rule is waiting
       *[other] { $n } follow-ups planned by this rule are waiting
    }
script-leave = Leave them as they are
script-replan = Plan them anew by the new version
script-replan-hint = Steps already done are not asked for again. It runs in the background, and each plan keeps its “why?”.
script-restore-n = Back to v{ $n }
script-restore-text = New events use this version from now on. Nothing in the history is lost.
toast-draft-discarded = Draft discarded
why-failed-line = { $version }, line { $n }: { $what }
why-failed = { $version }: { $what }
