## Times
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
weekday-1 = Monday
weekday-2 = Tuesday
weekday-3 = Wednesday
weekday-4 = Thursday
weekday-5 = Friday
weekday-6 = Saturday
weekday-7 = Sunday
date-day = { $day } { $month }
date-day-year = { $day } { $month } { $year }
date-weekday-day = { $weekday }, { $date }
day-today = Today
day-yesterday = Yesterday
moment-today = today { $time }
moment-yesterday = yesterday { $time }
moment-tomorrow = tomorrow { $time }
moment-day = { $date }, { $time }
ago-now = just now
ago-minutes = { $n } min ago
ago-hours = { $n } h ago
ago-yesterday = yesterday
ago-days =
    { $n ->
        [one] { $n } day
       *[other] { $n } days
    } ago
due-none = No step
due-minutes = in { $n } min
due-today = Today { $time }
due-tomorrow = Tomorrow { $time }
due-weekday = { $weekday }, { $time }
due-late-minutes = { $n } min late
due-late-hours = { $n } h late
due-late-days =
    { $n ->
        [one] { $n } day
       *[other] { $n } days
    } late
as-of = { $date }, as of { $time }

## Frame
app-name = Markaz
frame-skip = Skip to content
frame-search = Search
frame-search-hint = Lead, phone, page or action
frame-menu = Main menu
frame-quick = Quick menu
frame-path = Path
frame-theme = Switch theme
frame-logout = Sign out
frame-close = Close
frame-close-esc = Esc: Close
frame-language = Language
nav-home = Home
nav-home-short = Home
nav-today = Today
nav-leads = Leads
nav-team = Team
nav-users = Staff
nav-courses = Courses
nav-data = Data
nav-setup = Setup
nav-imports = Import
nav-packs = Packs
nav-settings = Settings
nav-scripts = Rules
nav-simulator = Telegram simulator
nav-more = More
form-save = Save
form-cancel = Cancel
form-back = Back
form-copy = Copy
form-copied = Copied
toast-offline = No network. What you typed is still here; try again in a moment.
toast-failed = The server could not answer. Try again.
toast-lead-created = Lead added
toast-status-changed = Status changed
toast-note-left = Note left
toast-assigned = Owner changed
toast-completed = Follow-up completed
toast-saved = Saved
toast-user-added = Person added
toast-deactivated = Person deactivated, their sessions are closed
toast-activated = Person is active again
toast-absent = Absence recorded
toast-present = Back at work
toast-published = Rule published
toast-pack-installed = Pack installed
toast-pack-enabled = The center runs on this pack now
toast-pack-disabled = Pack turned off; its data is kept
toast-restored = Earlier version restored
toast-password-changed = Password changed
toast-signed-out = You are signed out

## Sign-in
login-title = Sign in to { $name }
login-page = Sign in
login-username = Username
login-password = Password
login-go = Sign in
login-forgot = Forgot your password? An administrator will give you a one-time link.
password-rule = At least 8 characters: upper and lower case, a digit, a special sign
reset-page = New password
reset-title = Set a new password
reset-for = For { $name }. Earlier sessions will be closed.
reset-password = New password
reset-again = Repeat the password
reset-differs = The passwords differ
reset-go = Save the password
reset-done = The new password is saved. Sign in with it.
reset-expired-title = This link has expired
reset-expired-text = It works once and for a limited time. Ask an administrator for a new one.
reset-to-login = To sign-in

## Home
dash-figures = Figures
dash-total = Leads in total
dash-total-note = { $n } open
dash-new = New today
dash-new-note = { $n } waiting in the queue
dash-working = Working now
dash-working-note = of { $n } people
dash-overdue-card = Overdue follow-ups
dash-overdue-none = all on time
dash-overdue-note =
    { $n ->
        [one] { $n } person
       *[other] { $n } people
    }
dash-mine = My leads
dash-today-card = Follow-ups today
dash-mine-note = { $n } new today
dash-statuses = Leads by status
dash-waiting = Waiting in the queue
dash-waiting-empty-title = The queue is empty
dash-waiting-empty-text = Every lead has an owner.
dash-team = The team today
dash-team-note =
    { $n ->
        [one] { $n } person
       *[other] { $n } people
    }, { $of } working
dash-team-empty-title = No sales staff yet
dash-team-empty-text = Add a person and leads will be given to them.
dash-rep = Person
dash-now = Now
dash-load = Open leads
dash-today = Due today
dash-today-short = due
dash-conversion = Conversion
dash-overdue = Overdue
dash-overdue-short = overdue
dash-open-list = Open the list
dash-next = Coming follow-ups
dash-all-today = All of today
dash-alert =
    { $name } has { $n ->
        [one] { $n } overdue follow-up
       *[other] { $n } overdue follow-ups
    }.
dash-alert-text = No new leads go to them.
now-working = Working until { $time }
now-at-work = At work
now-blocked = Working, gets no leads
now-starts = Starts at { $time }
now-off = Off hours
now-on-leave = On leave
now-absent = Absent
now-absent-until = Absent until { $date }
now-inactive = Deactivated

## Leads
lead-add = Add a lead
lead-name = Name
lead-phone = Phone
lead-second-phone = Second phone
lead-course = Course
lead-course-none = No course
lead-field-none = Not chosen
lead-status = Status
lead-owner = Owner
lead-owner-rule = The rule decides
lead-owner-hint = Left open, the distribution rule gives it out
lead-waits = Waiting
lead-source = Source
lead-created = Added
lead-note = Note
lead-tags = Tags
lead-next = Next follow-up
lead-facts = Facts
lead-history = History
lead-call = Call
lead-call-now = Call now
lead-call-name = Call { $name }
lead-say = What did you agree on?
lead-leave-note = Leave a note
lead-note-hint = The note stays in the history
lead-outcome-hint = An outcome completes the step and keeps the note
lead-next-step = Next step
lead-no-next = Nothing is planned. When the status changes, the rule plans the next step.
lead-follow-ups = Then
lead-script = What to say: { $name }
lead-why = Why?
lead-move = Change the status
lead-now = Now
lead-move-go = Change
lead-move-hint = Shown in the history
lead-lost-reason = Why lost?
lead-assign = Assign
lead-assign-go = Assign
lead-open-existing = Open the existing one
lead-stale = The lead has changed meanwhile. Here is its new state; try again.
leads-views = Views
leads-all = All
leads-waiting = Waiting
leads-search = Name or phone
leads-filter = Filter
leads-any-status = Any status
leads-any-source = Any source
leads-any-owner = Any owner
leads-any-course = Any course
leads-from = from
leads-to = to
leads-apply = Apply
leads-clear = Clear filters
leads-drop-filter = Drop the filter: { $name }
leads-added = Added
leads-found = Search
leads-shown =
    { $n ->
        [one] { $n } lead
       *[other] { $n } leads
    } shown
leads-pages = Pages
leads-first = First
leads-next = Next
leads-empty-title = No leads yet
leads-empty-text = Add the first one or import a sheet.
leads-none-title = No lead matches
leads-none-text = Try fewer filters.
event-created = Lead added: { $what }
event-imported = Imported from a sheet: { $what }
event-status-changed = was: { $from }
event-assigned = became the owner
event-note = Note
event-follow-up-planned = Follow-up planned: { $what }
event-enquired-again = Enquired again
event-edited = Details edited
event-rule-planned = planned: { $what }
event-by-rule = The rule
why-owner = Why { $name }?
why-queue = Why waiting?
why-follow-up = Why this time?
why-rule = Rule
why-reason = Reason
why-version = Version
why-version-line = { $version }, line { $n }
why-open-leads = { $n } open
why-by-hand = Assigned by hand
why-fewest-open-leads = Fewest open leads
why-nobody-available = Nobody is available right now
why-fallback = The rule failed; the built-in order was used
why-off_duty = off hours
why-on_leave = on leave
why-absent = absent
why-blocked = too many overdue
why-course = not this course
why-full = at the cap
why-inactive = deactivated

## Today
today-progress = { $n } to do, { $of } overdue
today-view = View
today-mode-queue = One by one
today-mode-list = List
today-all-reps = Everyone
today-current = Current lead
today-full-card = Full card
today-note = Note
today-outcome = Call outcome
today-keys-outcome = outcome and next
today-keys-all = all keys
today-queue = Queue
today-due = Due
today-step = Step
today-group-overdue = Overdue
today-group-now = Now
today-group-later = Later
today-context-owner = Owner
today-closed = Outcomes are recorded in working time only
today-empty-title = All done for now
today-empty-text = A new lead or a step that comes due appears here.
today-empty-action = See the leads
today-tab-all = Today
today-ages = How long overdue
today-load = Overdue by rep
today-age-under-1h = Under an hour
today-age-1h-to-6h = 1–6 hours
today-age-6h-to-24h = 6–24 hours
today-age-over-24h = Over a day
outcome-reached = Talked
outcome-no_answer = No answer
outcome-later = Later
outcome-done = Done

## Import
import-steps = Steps
import-step-file = File
import-step-map = Match
import-step-run = Import
import-step-result = Result
import-drop = Drop a file here or choose one
import-limits = Excel, ODS or CSV, up to { $size } and { $n } rows
import-too-big = The file is too large: { $size } at most
import-upload = Upload
import-to-me = The leads will be yours
import-to-rule = The distribution rule gives the leads out
import-how = How it works
import-how-1 = Columns are recognized; you confirm them.
import-how-2 = Good rows go in; bad ones are listed with their reason.
import-how-3 = A repeated number never makes a second lead, so importing a file again is safe.
import-recent = Recent imports
import-file = File
import-when = When
import-who = Who
import-rows = Rows
import-created = Created
import-duplicates = Duplicates
import-rejected = Rejected
import-state = State
import-state-mapping = to be matched
import-state-queued = queued
import-state-running = running
import-state-done = done
import-state-failed = failed
import-none-title = Nothing imported yet
import-none-text = Choose the first file above.
import-other-file = Another file
import-about =
    { $n ->
        [one] { $n } row
       *[other] { $n } rows
    }, { $of } columns
import-columns = Matching the columns
import-column = Column in the file
import-field = Field in Markaz
import-field-of = Field for { $name }
import-found = Found
import-skip = Leave out
import-skipped = left out
import-recognized = recognized
import-preview = What it will look like
import-preview-note =
    first { $n ->
        [one] { $n } row
       *[other] { $n } rows
    }
import-ready = Ready to import
import-ready-text = The phone column must be chosen.
import-start = Start the import
import-running = Importing
import-finished = Import finished
import-stopped = Import stopped
import-progress = { $name }: { $n } / { $of } rows
import-left = about { $n } s left
import-stop = Stop
import-sheet = Sheet
import-seen = Numbers already known
import-keeps-going = It goes on even if you close the page.
import-open-leads = See the leads
import-another = Import another
import-bad = Rows with errors
import-bad-download = Download
import-bad-more =
    { $n ->
        [one] { $n } more row is
       *[other] { $n } more rows are
    } in the file.
import-row = Row
import-reason = Reason
import-text = Content

## Staff
user-add = Add a person
user-filter = List
user-person = Person
user-first-name = First name
user-last-name = Last name
user-phone = Phone
user-cap = Most open leads
user-cap-hint = Empty means no limit
user-weight = Share
user-weight-hint = When shares are on in the settings: 2 means twice as many leads, 0 means none
user-receives = Gets leads from distribution
user-courses = Takes leads of these courses
user-courses-hint = None ticked means all
user-active-tab = Active
user-inactive-tab = Deactivated
user-login = Username
user-login-hint = Latin letters, digits, dots
user-role = Role
user-who = Person
user-first-password = First password
user-hours = Working hours
user-hours-hint = Night shifts work too: 22:00–06:00. An empty day is a day off.
user-hours-none = not set
user-hours-week = { $n } h a week
user-from = From
user-to = To
user-add-window = Add hours
user-drop-window = Remove these hours
user-now = Now
user-telegram = Telegram
user-linked = linked
user-not-linked = not linked
user-absence = Absence
user-absence-hint = An absent person gets no new leads. Without a date, until they are back.
user-absent-until = until
user-absent = Mark absent
user-back = Back at work
user-access = Access
user-reset = Password reset link
user-reset-link = One-time link
user-reset-note = Send the link to { $name }. It works once, until { $time }, and is shown only now.
user-deactivate = Deactivate
user-activate = Activate again
role-admin = Administrator
role-manager = Manager
role-sales = Sales

## Courses
course-add = Add a course
course-name = Course name
course-script = Sales script
course-script-hint = Shown to the rep on the lead page
course-state = State
course-active = open
course-inactive = closed
course-active-label = Open for new leads
course-none-title = No courses yet
course-none-text = With courses, leads go to the people who know them.

## Scripts
script-when = When it runs
script-hooks = Rules
script-code = Code
script-side = Versions and pack
script-draft = Draft
script-pack = from the pack
script-paused = paused { $time }, the rule below answers
script-meant = Did you mean { $what }?
script-remove = Back to the pack rule
script-running = running: v{ $n }
script-overridden = overridden, v{ $n }
script-check = Check
script-check-hint = Checking shows errors at their line
script-checked = No errors
script-faults =
    { $n ->
        [one] { $n } problem
       *[other] { $n } problems
    }
script-place = line { $n }
script-fix-first = Fix the error first
script-publish = Publish
script-publish-text = New events use this version. Steps already planned stay as they are.
script-message = What changed?
script-message-hint = One line, shown in the list of versions
script-versions = Versions
script-live = Running
script-restore = Restore
script-no-versions = The pack's rule is running.
script-base = The pack's rule
script-base-hint = Your own rule can call it with base::.
hook-on_lead_created = When a lead comes
hook-on_status_changed = When the status changes
hook-distribute = Distribution
hook-about-on_lead_created = Plans a new lead's first follow-ups
hook-about-on_status_changed = Plans the follow-ups of the new status
hook-about-distribute = Chooses who gets the lead

## Profile
profile-title = Profile
profile-look = Appearance
profile-theme = Theme
theme-auto = As the device
theme-light = Light
theme-dark = Dark
profile-telegram-text = Link the bot: new leads, follow-ups and reminders come to Telegram.
profile-telegram-link = Get a link
profile-telegram-again = Link another account
profile-telegram-linked = The account { $name } is linked.
profile-telegram-note = Open it on your phone and press Start. It works once, until { $time }.
profile-no-bot = The center's bot is not set up yet.
profile-current = Current password
profile-change = Change the password

## Simulator
sim-demo = demo only
sim-refresh = Refresh
sim-people = Who writes
sim-faults = Fault
sim-fault-none = All is well
sim-fault-429 = 429, wait 3 seconds
sim-fault-403 = Bot blocked
sim-fault-500 = Telegram is down
sim-apply = Apply
sim-chat = Chat
sim-message = Message
sim-send = Send
sim-bot = bot
sim-log = Log
sim-none-title = No messages yet
sim-none-text = Link the bot from the profile, then write /start.

## Errors as pages
oops-home = To the home page
oops-request = Request:
oops-403-title = This page is not open to you
oops-403-text = If you need it, ask an administrator.
oops-404-title = There is no such page
oops-404-text = It may have been moved or deleted.
oops-421-title = There is no such center
oops-421-text = Check the address: each center has its own.
oops-429-title = Too many attempts
oops-429-text = Try again in a little while.
oops-500-title = Something broke on our side
oops-500-text = The error is recorded. Try again in a little while.
oops-other-title = The request was not carried out

## The centre's bot
nav-bot = Telegram bot
bot-works = Connected
bot-since = Connected: { $time }.
bot-mode-polling = Markaz asks Telegram for new messages.
bot-mode-webhook = Telegram delivers new messages to Markaz.
bot-people-text = Each employee links their own account on their profile page; new leads and reminders then come to their chat.
bot-connect = Connect the bot
bot-replace = Connect another bot
bot-step-1 = In Telegram, open @BotFather and send /newbot.
bot-step-2 = Choose a name and a username ending in “bot”.
bot-step-3 = Copy the token BotFather answers with and paste it here.
bot-token = Token
bot-token-hint = It is tried at once, then kept encrypted; nobody sees it again.
bot-disconnect = Disconnect
bot-disconnect-text = Messages stop at once. Links to employees' chats stay, and work again when the same bot is connected.
toast-bot-connected = The bot is connected
toast-bot-disconnected = The bot is disconnected

lead-plan = Plan a follow-up
lead-plan-when = When
lead-plan-text = What to do
lead-plan-text-hint = For example: call about the evening group
toast-follow-up-planned = The follow-up is planned
