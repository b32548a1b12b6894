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
