pack-intro = A pack gives a center its statuses, rules, settings and messages. A center runs on one pack at a time, pinned to a version.
pack-none-running = No pack is on: only the core rules act.
pack-running = Running
pack-installed = Installed
pack-look = What is in it
pack-look-install = See what would change
pack-install = Install
pack-enable = Run on this pack
pack-disable = Turn off
pack-upgrade-to = Upgrade to { $version }
pack-downgrade-to = Go back to { $version }
pack-step-install = Not installed yet
pack-step-install-note = Installing adds its words; nothing else changes until you run on it.
pack-step-enable = { $to } is installed. Running on it changes the following.
pack-step-upgrade = Upgrade from { $from } to { $to }
pack-step-downgrade = Back from { $from } to { $to }
pack-step-none = Version { $to }
pack-runs-here = The center runs on this version
pack-asks = The pack asks to
pack-granted = Granted:
pack-may-plan-follow-ups = plan follow-ups
pack-may-plan-notify = notify staff
pack-may-plan-tags = tag leads
pack-may-plan-messages = choose messages to clients
pack-may-plan-move = move or hand over late follow-ups
pack-may-assign = give leads to reps
pack-may-block-owner = stop new leads for a rep
pack-report = What changes
pack-report-hint = A report only; nothing is changed yet
pack-new-statuses = New statuses
pack-retired = Go out of use
pack-retired-hint = Leads stay in their status, and can be moved from it to any of the new ones.
pack-leads =
    { $n ->
        [0] no leads
        [one] { $n } lead
       *[other] { $n } leads
    }
pack-clashes = Clashes
pack-blocking = in the way
pack-yours-stays = yours stays
pack-word-status = status
pack-word-source = source
pack-word-lost_reason = reason
pack-word-pack_text = text
pack-new-words = New words
pack-new-sources =
    { $n ->
        [one] { $n } source
       *[other] { $n } sources
    }
pack-new-lost-reasons =
    { $n ->
        [one] { $n } reason
       *[other] { $n } reasons
    }
pack-new-texts =
    { $n ->
        [one] { $n } text
       *[other] { $n } texts
    }
pack-new-fields =
    { $n ->
        [one] { $n } field
       *[other] { $n } fields
    }
pack-new-settings = New settings
pack-misfits = Values that no longer fit
pack-functions-new = New functions
pack-functions-changed = Changed functions
pack-functions-gone = Functions gone
pack-checked = Check
pack-unchecked = The script process did not answer, so nothing was checked.
pack-quiet = Statuses and words stay as they are.
pack-own-rule = Your rule
pack-open-rule = Open the rule
pack-kept = Your rule stays as it is. If you want what is new in the pack, bring it over yourself.
pack-base-changes = What it calls by base:: changes: { $what }
pack-they-changed = What the pack changed
pack-you-changed = What you changed
pack-verdict-unmoved = unchanged in the pack
pack-verdict-copy = a copy of the old pack
pack-verdict-overtaken = the new pack says the same
pack-verdict-parted = both changed
pack-messages = Messages to clients
pack-changelog = Version history
