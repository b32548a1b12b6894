## Roles
role-title = Roles
role-add = Add a role
role-about = Every center has three roles. Make your own from nothing or from a copy. A change holds from the next click on.
role-built-in = built in
role-matrix = Who may do what
role-may = May
role-yes = yes
role-no = no
role-people = { $n ->
    [0] Nobody has it yet
    [one] { $n } person has it
   *[other] { $n } people have it
}
role-permits = { $n } of { $of } permits
role-name = Name
role-copy = Copy
role-copy-of = { $name }, copy
role-built-in-why = A built-in role does not change. Copy it and tick what you need.
role-above-why = This role may more than you do, so you cannot change it.
role-not-yours = You may not do this yourself
role-needs = A tick brings along what it is of no use without
role-remove = Remove the role
role-remove-text = Nobody has this role.
role-move-text = Give them another role first.
role-move-to = New role
role-part-leads = Leads
role-part-follow-ups = Follow-ups
role-part-imports = Import and export
role-part-team = Team
role-part-teaching = Courses
role-part-setup = Setup
role-part-own = One's own
role-part-other = Other
toast-role-saved = Role saved
toast-role-removed = Role removed

## Permits
permit-leads-own-work = Work on the own leads
permit-leads-all-work = See and work on all leads
permit-leads-create = Add leads
permit-leads-assign = Give a lead to somebody else
permit-leads-move-back = Move a status back
permit-follow-ups-own-work = Do the own follow-ups
permit-follow-ups-all-work = Everybody's follow-ups, at any time
permit-follow-ups-bulk = Move and close overdue ones in bulk
permit-follow-ups-delete = Delete overdue follow-ups
permit-imports-create = Import leads from a table
permit-imports-all-read = See everybody's imports
permit-courses-read = See courses and sales scripts
permit-courses-write = Make and change courses
permit-staff-read = See the staff
permit-staff-sales-write = Look after reps, their hours and absence
permit-staff-managers-write = Look after managers and every other role
permit-leave-own-write = Ask for the own leave
permit-leave-decide = Decide on leave requests
permit-distribution-write = Set how leads are shared out
permit-scripts-write = Write and publish rules
permit-settings-write = Change the center's settings
permit-roles-write = Make and change roles
permit-bot-write = Connect the Telegram bot
permit-audit-read = See the log of changes
permit-numbers-team-read = The whole team's numbers
permit-profile-write = The own profile and password

## Second factor
factor-title = Two-step sign-in
factor-about = After the password we ask for a code from an app on your phone. A stolen password alone opens nothing.
factor-is-on = on
factor-is-off = off
factor-on = on since { $date }
factor-left = { $n ->
    [0] No recovery codes are left. Get new ones.
    [one] { $n } recovery code is left.
   *[other] { $n } recovery codes are left.
}
factor-begin = Set it up
factor-forced = Your center asks everybody for two-step sign-in. Set it up to go on.
factor-required = Your center asks everybody for it, so it stays on.
factor-qr = QR code for the app
factor-step-app = Open a code app on your phone, such as Google Authenticator.
factor-step-scan = Scan the picture, or type the key below.
factor-step-code = Type the 6 digits the app shows.
factor-code = Code
factor-confirm = Confirm
factor-again = Get a new key
factor-off = Turn it off
factor-renew = New recovery codes
factor-codes = Recovery codes
factor-codes-text = If your phone is lost, type one of these instead of a code. Each works once. Keep them now: they are not shown again.
factor-kept = I kept them
toast-factor-off = Two-step sign-in is off
toast-factor-reset = Two-step sign-in is reset
login-code-title = Enter the code
login-code-text = Open the code app on your phone.
login-code-hint = Without your phone, a recovery code will do
login-code-back = Sign in as somebody else
user-email = E-mail
user-reset-factor = Reset two-step sign-in
profile-details = My details

## Sessions
session-title = Where you are signed in
session-here = this device
session-unknown = Unknown device
session-since = Signed in: { $date }
session-end = End
session-end-others = End all others
toast-session-ended = Session ended
toast-sessions-ended = All other sessions ended

## Working hours and leaving
user-copy-week = Copy to Tue–Fri
user-next-day = ends the next day
user-leaves = Leaving
user-leaves-text = Signed out everywhere and given no more leads. Their history stays.
user-open-work = { $n } open leads and { $of } follow-ups are theirs.
user-hand-over = Their open work
user-hand-over-share = Share it out again
user-hand-over-to = Give it to one colleague
user-hand-over-who = To whom
user-hand-over-none = Choose
user-hand-over-keep = Leave it with them for now
event-returned = Back to distribution
login-support = Help: { $name }

## Center
centre-title = Center
centre-name = Name
centre-address = Address
centre-support = Support contact
centre-support-hint = A phone or a @telegram name. Whoever cannot get in sees it on the sign-in page.
centre-country = Country
centre-country-hint = Phones without a code are read as this country's
centre-currency = Currency
centre-currency-hint = It stays once the first amount is there
centre-currency-locked = There are amounts already, so it stays
centre-zone = Time zone
centre-zone-clock = It is { $from } now, and { $to } in the new zone.
centre-zone-hours = Working hours of { $n } people keep their clock: 09:00 becomes 09:00 of the new zone.
centre-zone-follow-ups = { $n } open follow-ups stay at the same instant and show another time: { $to } instead of { $from }.
centre-zone-days = The day, today's list and the nightly work begin by the new zone.
centre-zone-read = I understand, change it
centre-factor = Ask everybody for two-step sign-in
centre-factor-hint = Whoever has not set it up is sent to do so with the next page
country-uz = Uzbekistan
country-kz = Kazakhstan
country-kg = Kyrgyzstan
country-tj = Tajikistan
country-tm = Turkmenistan
country-ru = Russia
country-az = Azerbaijan
country-ge = Georgia
country-am = Armenia
country-tr = Turkey
country-by = Belarus
country-mn = Mongolia
permit-leads-trash = Put leads in the trash and restore them
permit-exports-create = Export lists to a file
