## Times
month-name-1 = January
month-name-2 = February
month-name-3 = March
month-name-4 = April
month-name-5 = May
month-name-6 = June
month-name-7 = July
month-name-8 = August
month-name-9 = September
month-name-10 = October
month-name-11 = November
month-name-12 = December
leave-month = { $name } { $date }
leave-days = { $from } – { $to }
leave-hours = { $date }, { $from }–{ $to }
leave-since = since { $date }
leave-length =
    { $n ->
        [one] { $n } day
       *[other] { $n } days
    }
leave-part-day = part of the day

## Requests
nav-leave = Leave
leave-ask = Ask for leave
leave-tab-pending = Waiting for an answer
leave-tab-mine = Mine
leave-tab-calendar = Who is away
leave-tab-all = All requests
leave-tab-holidays = Holidays
leave-when = When
leave-kind = Reason
leave-note = Note
leave-note-hint = The reason “Other” needs a note.
leave-asked = Asked
leave-state = State
leave-kind-illness = Illness
leave-kind-personal = Personal
leave-kind-vacation = Vacation
leave-kind-other = Other
leave-state-pending = waiting
leave-state-approved = approved
leave-state-now = away now
leave-state-past = past
leave-state-ended = ended early
leave-state-rejected = rejected
leave-state-cancelled = cancelled
leave-urgent = urgent
leave-urgent-ask = Urgent, I need an answer soon
leave-first-day = First day
leave-last-day = Last day
leave-from = From
leave-to = To
leave-hours-hint = Leave blank for whole days. Over several days: these hours on each.
leave-send = Send the request
leave-approve = Approve
leave-reject = Reject
leave-none-pending = No request is waiting
leave-none-pending-text = When somebody asks for leave, you see it here and in Telegram.
leave-none = No leave yet
leave-none-text = During leave no new leads come, and follow-ups move to the next working time.
leave-asked-at = asked: { $time }
leave-answered-at = Answered: { $time }
leave-ended-at = Ended: { $time }
leave-cancel = Take the request back
leave-end = End now: back at work
leave-call-off = Call the leave off
leave-end-hint = Follow-ups it moved come back to their time, or to the nearest working time.
leave-beside = Also away at that time
leave-beside-none = Everybody else is here at that time.
leave-beside-own = another request of theirs
leave-beside-asked = asked
leave-open = Open the request
leave-answer = Answer
leave-past = This time has passed: it can no longer be approved.
leave-reason = A word with the answer
leave-reason-hint = A rejection needs a reason.
leave-follow-ups-move =
    { $n ->
        [one] { $n } follow-up falls into it and will move to the next working time.
       *[other] { $n } follow-ups fall into it and will move to the next working time.
    }

## Calendar and holidays
leave-this-month = This month
leave-previous = Previous month
leave-next = Next month
leave-nobody-away = Everybody is here this month
leave-nobody-away-text = Approved leave and absences show here.
leave-mark-absent = Mark somebody absent
leave-choose-person = Choose
leave-absent-from = From
leave-absent-until = Until
leave-absent-hint = No date: from now, until they are back. An absent person gets no new leads; with a last day, their follow-ups move to the next working time.
holiday-add = Add a holiday
holiday-day = Day
holiday-name = Name
holiday-hint = The center is closed that day: no leads are given out, and new follow-ups are planned for the next working time.
holiday-none = No holidays yet
holiday-none-text = On the holidays set here the center is closed.
holiday-remove = Remove { $name }

## Elsewhere
toast-leave-asked = Request sent
toast-leave-approved = Leave approved
toast-leave-rejected = Request rejected
toast-leave-cancelled = Request taken back
toast-leave-ended = Leave ended
dash-leave =
    { $n ->
        [one] { $n } leave request is waiting for an answer.
       *[other] { $n } leave requests are waiting for an answer.
    }
event-follow-up-moved-leave = Moved because of leave: { $what }, { $from } → { $to }
event-follow-up-moved-absence = Moved because of absence: { $what }, { $from } → { $to }
event-follow-up-moved-back = Leave ended early, moved back: { $what }, { $from } → { $to }

## Telegram
bot-leave-asked = <b>Leave request</b>
bot-leave-is-approved = <b>Leave approved</b>
bot-leave-is-rejected = <b>Leave rejected</b>
bot-leave-is-cancelled = <b>Leave called off</b>
bot-leave-ended = <b>Leave ended early</b>
bot-leave-urgent = Urgent!
bot-leave-answer = Answer: { $reason }
bot-leave-colleagues =
    { $count ->
        [one] { $count } colleague is also away then, or asked to be.
       *[other] { $count } colleagues are also away then, or asked to be.
    }
bot-leave-follow-ups =
    { $count ->
        [one] { $count } follow-up will move to the next working time.
       *[other] { $count } follow-ups will move to the next working time.
    }
bot-leave-approve = Approve
bot-leave-reject = Reject
bot-leave-back = Back
bot-leave-why = Why not? Another reason can be written in the portal.
bot-leave-why-few-people = Too few people on those days
bot-leave-why-busy-days = Those days are too busy
bot-leave-why-talk-first = Let us talk first
bot-leave-approved = You approved it.
bot-leave-rejected = You rejected it.
