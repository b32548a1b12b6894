## Requests
error-not-found = Not found. It was removed, or you may not see it.
error-bad-request = The request could not be read: { $reason }
error-unreadable-text = The text holds a character that cannot be stored. Take it out.
error-method-not-allowed = There is no such action at this address.
error-unsupported-media-type = The request is of the wrong type. Send JSON (Content-Type: application/json).
error-encoded-body = Compressed requests are not accepted.
error-length-required = The request must state its length (Content-Length).
error-body-too-large = The request is too large.
error-unknown-host = There is no training centre at this address. Check the address.
error-bad-cursor = This page mark is out of date. Open the list from its beginning.
error-bad-idempotency-key = Idempotency-Key must have 1 to 200 characters.
error-idempotency-key-reused = This key was used with another request. Take a new one.
error-key-in-use = The same request is running right now. Repeat it in a moment.
error-if-match-required = Read the record first and send its version in the If-Match header.
error-stale-version = Somebody else changed this record meanwhile. Reload the page and try again.
error-too-many-requests = Too many attempts. Wait a little and try again.

## Faults of ours
error-internal = Something went wrong on our side. Try again; if it stays, tell your administrator the request number.
error-database-busy = The server is busy. Try again in a few seconds.
error-database-unavailable = The database does not answer. Try again soon; nothing is lost.
error-scripts-unavailable = The script service is not running right now. Try again in a moment.
error-telegram-unavailable = Telegram does not answer. Try again soon.
error-job-lease-lost = Another server carries this work on.

## Who may do what
error-sign-in-required = Sign in first.
error-bad-credentials = The user name or password is wrong.
error-not-allowed = You may not do this. Ask your administrator if you need to.
error-not-a-person = Only a person who signed in can do this.
error-not-yourself = You cannot change your own role or deactivate yourself.
error-cross-site-request = The request came from another site. Reload the page and try again.
error-no-session = This request is signed by a token, not by a session.
error-link-used-or-expired = This link has expired or was used already. Ask your administrator for a new one.
error-link-expired = This link has expired. Take a new one from your profile.
error-unknown-scope = There is no such scope: { $scope }

## Fields
error-invalid = Mend the marked fields.
error-required = Fill this in.
error-too-long = Too long: at most { $max } characters.
error-too-many = Too many: at most { $max }.
error-out-of-range = Choose from { $min } to { $max }.
error-wrong-type = The value is of the wrong kind.
error-bad-number = Write a number, such as 25 or 2,5.
error-unknown-age = An age is under_1h, 1h_to_6h, 6h_to_24h or over_24h.
error-bad-date = Write a date that exists, such as 2026-11-20.
error-unknown-choice = This is not one of the choices. Choose from the list.
error-in-the-past = This time has passed. Choose one in the future.
error-too-far = This is too far away. Choose an earlier time.
error-ends-before-it-starts = The end must come after the start.
error-bad-window = These hours are wrong or overlap with others.
error-unknown-field = There is no such field.
error-bad-time = A time is written 2026-11-20T15:00 or with its offset, such as 2026-11-20T15:00:00+05:00.
error-bad-key = A name begins with a small Latin letter and holds letters, digits and _.
error-list-full = This list is full: at most { $max }.
error-last-of-list = At least one must be offered.
error-bad-json = This is not JSON.
error-unknown-time-zone = There is no such time zone. Write it as Asia/Tashkent.
error-source-or-version = Send a draft or a version, not both.
error-file-required = Choose a file.
error-bad-mapping = mapping must be JSON such as {"{"}"phone": "Phone", "name": 0{"}"}
error-already-exists = This is here already.
error-unknown-reference = What you chose was not found. Choose again from the list.
error-weak-password = A password needs at least 8 characters with a capital and a small letter, a digit and a sign.
error-common-password = Everybody tries this password first. Choose another.
error-passwords-differ = The passwords differ.
error-bad-username = A user name has 2 to 60 characters: Latin letters, digits and . _ - @
error-username-taken = This user name is taken. Choose another.
error-name-taken = This name is taken. Choose another.
error-bad-slug = An address has 2 to 40 characters: small Latin letters, digits and hyphens; some words are reserved.
error-slug-taken = This address is taken.
error-bad-url = This address cannot be used. It must begin with https://.
error-unknown-user = There is no such user.
error-user-inactive = This user no longer works here. Choose another.
error-unknown-role = There is no such role.
error-unknown-language = There is no such language.
error-unknown-theme = There is no such theme.
error-unknown-pack = There is no such pack.
error-unknown-setting = There is no such setting.

## Leads
error-duplicate-lead = A lead with this phone is here already. The enquiry was added to it.
error-phone-raced = This phone was entered elsewhere a moment ago. Try again.
error-unknown-source = There is no such source.
error-unknown-status = There is no such status.
error-same-status = The lead has this status already.
error-move-not-allowed = A lead cannot move from this status to that one.
error-move-back-by-manager = Only a manager moves a lead back.
error-reason-required = Choose why the lead was lost.
error-unknown-reason = There is no such reason.
error-lead-has-no-owner = Nobody owns this lead yet. Give it to somebody first.

## Follow-ups
error-follow-up-closed = This follow-up is closed already.
error-outside-working-time = You are not at work now. Complete it in your working time.
error-unknown-outcome = There is no such outcome.

## Scripts and the bot
error-script-has-errors = The script has an error at line { $line }, column { $column }: { $reason }
error-test-failed = The test { $name } is red at line { $line }: { $reason }
error-settings-changed-meanwhile = Somebody saved the settings meanwhile. Reload the page and try again.
error-pack-clashes = The status { $name } means something else here, so the pack cannot be installed.
error-pack-requires = This pack also needs { $name }.
error-pack-permission-not-granted = The pack was not granted everything it asks for.
error-pack-not-installed = This pack is not installed yet.
error-pack-changed-meanwhile = The pack was changed meanwhile. Reload the page and try again.
error-published-meanwhile = Somebody published another version meanwhile. Look at it and try again.
error-no-bot = The centre has no bot yet.
error-bad-bot-token = Telegram does not know this token. Copy it from @BotFather again.
error-decision-not-degraded = This decision was made by the rule it belongs to: there is nothing to make again.

## Leave
error-unknown-leave-kind = There is no such reason.
error-leave-too-long = Leave is at most { $max } days long and at most two years ahead.
error-not-your-own-leave = You cannot answer your own request. An administrator does.
error-leave-decided = This request was answered already.
error-leave-is-over = This time has passed.
error-leave-not-approved = Only approved leave can be ended.
error-bulk-running = This change is still running. Wait until it is done.
error-undo-expired = This can no longer be taken back: seven days have passed.
error-changed-since = Somebody changed it since
error-already-theirs = Already with this person


## Staff and roles
error-role-above-own = This role may more than you do. You can only give what you have yourself.
error-role-in-use = { $count } people have this role. Choose another one for them first.
error-role-built-in = A built-in role is not changed or removed. Make a copy.
error-unknown-permit = There is no such permit.
error-last-admin = This is the last administrator. Make somebody else one first.
error-bad-email = An e-mail is written name@site.uz.
error-email-taken = Somebody else here has this e-mail.
error-phone-taken = Somebody else here has this phone.

## Second factor
error-bad-code = The code is wrong, old or used already. Type the newest one of the app.
error-second-factor-needed = This account needs a code as well.
error-second-factor-on = Two-step sign-in is on already.
error-second-factor-required = Your center asks everybody for two-step sign-in. Set it up in your profile.
error-no-second-factor = Two-step sign-in is not on.
error-no-second-factor-begun = Get a QR code first.
error-sign-in-again = That took too long. Sign in again.

## Center
error-unknown-country = There is no such country on the list.
error-unknown-currency = There is no such currency on the list.
error-currency-locked = There are amounts already, so the currency stays.
error-unknown-column = The list has no such column
error-bad-condition = A field of your own is asked for as field:is:value, field:begins:text, field:from:value or field:to:value, as far as its kind allows.
error-bad-yes-no = Write yes or no.
error-tag-taken = Another tag is called that. Merge the two instead.
error-unknown-tag = There is no such tag. Choose from the list.
error-role-without-leads = This colleague’s role does not work with leads. Choose another.
