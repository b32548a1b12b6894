## List of commands
bot-command-today = Today’s follow-ups
bot-command-overdue = Overdue follow-ups
bot-command-stats = My results
bot-command-lang = Language
bot-command-mute = Turn messages off or on
bot-command-help = Help

## Linking
bot-hello = Hello! This is the bot of <b>{ $tenant }</b>. If you work here, take a link from your profile in the portal and open it here.
bot-linked = <b>{ $name }</b>, your account is linked. New leads and follow-ups will come here.
bot-link-expired = This link has expired or was used already. Take a new one from your profile.
bot-not-linked = Your account is not linked yet. Take a link from your profile in the portal.
bot-help =
    What I can do:
    /today today’s follow-ups
    /overdue overdue follow-ups
    /stats your results
    /lang language
    /mute turn messages off or on
bot-unknown = I do not know this command. See /help
bot-lang-choose = Choose a language
bot-lang-set = I write in English now.
bot-muted = Messages are off. Turn them on again: /mute
bot-unmuted = Messages are on.
bot-old-button = This button is out of date.

## Work
bot-today-head = <b>Today’s follow-ups</b>
bot-today-none = Nothing left to follow up today.
bot-overdue-head = <b>Overdue follow-ups</b>
bot-overdue-none = Nothing is overdue.
bot-list-more = The rest is in the portal.
bot-due-at = Due: { $time }
bot-due-past = Was due: { $time }
bot-follow-up-closed = This follow-up is closed.
bot-outcome-reached = We talked
bot-outcome-no-answer = No answer
bot-outcome-later = Later
bot-next = Next
bot-done = Noted.
bot-gone = This is no longer yours.
bot-stats =
    <b>Today</b>
    Your leads: { $leads }
    Due today: { $today }
    Overdue: { $overdue }
    New leads today: { $new }

## Notices
bot-lead-assigned = A new lead is yours.
bot-leads-assigned =
    { $count ->
        [one] { $count } new lead is yours.
       *[other] { $count } new leads are yours.
    }
bot-lead-enquired-again = Your lead asked again.
bot-follow-up-due = Time to get in touch.
bot-follow-ups-due =
    { $count ->
        [one] { $count } follow-up is due.
       *[other] { $count } follow-ups are due.
    }
bot-you-are-blocked =
    { $count ->
        [one] { $count } of your follow-ups is overdue, so no new leads come to you. Do it first.
       *[other] { $count } of your follow-ups are overdue, so no new leads come to you. Do them first.
    }
bot-rep-blocked = <b>{ $name }</b> has { $count } overdue follow-ups and gets no new leads.
bot-leads-waiting =
    { $count ->
        [one] { $count } lead is waiting: nobody is at work now.
       *[other] { $count } leads are waiting: nobody is at work now.
    }
bot-script-failing = The rule “{ $name }” fails at line { $line }: { $reason }. The previous rule is used for now.
bot-script-paused = The rule “{ $name }” was stopped after too many failures, line { $line }: { $reason }. The previous rule is used.
bot-notice-leads =
    { $count ->
        [one] { $count } lead.
       *[other] { $count } leads.
    }
