## Why a script failed, or a part of its plan is refused
fault-wrong-hook = This cannot be used in this hook.
fault-too-many-follow-ups = A plan holds 20 follow-ups; this one is too many.
fault-out-of-range = The time lies outside the calendar.
fault-already-past = The time has passed, and the follow-up was to be skipped then.
fault-too-far = The time is more than a year away.

## What a golden test says when it is red
fault-expected =
    { $what ->
        [follow_ups] The follow-ups are { $given }.
        [due] { $key } falls due { $given }.
        [refused] { $key } is refused: { $given }.
        [planned] { $key } is planned.
        [absent] There is no follow-up { $key } among { $given }.
        [text] { $key } says { $given }.
        [kept] Open follow-ups are kept.
        [canceled] Open follow-ups are canceled.
        [something] The plan is not empty.
        [told] Told are { $given }.
        [assigned] The lead is given to { $given }.
        [waits] The lead waits in { $given }.
        [nobody] Nobody is given the lead.
        [reason] The reason is { $given }.
        [tags] The new tags are { $given }.
        [traced] Traced is { $given }.
        [answer] expect() needs the answer of run() here.
        [texts] A list of texts is needed here.
        [value] The value is { $given }, not { $expected }.
       *[other] It is { $given }.
    }
fault-hook-failed = { $hook } failed at line { $n }: { $text }
fault-only-in-tests = given, run and expect belong in test_ functions only.
fault-too-many-runs = A test runs { $max } hooks at most.
fault-bad-context = The context of the test is wrong at { $name }.
fault-bad-moment = { $text } is no moment: write "2026-11-20 15:00".

## Trying a rule in the portal
script-panel-try = Try
script-panel-tests = Tests
try-about = Runs the text in the editor as it stands. Nothing is stored and nobody is told.
try-lead = On a lead
try-lead-hint = Name or phone
try-at = At
try-context = Or type the context
try-context-hint = What the rule reads of ctx, as JSON; laid over the lead if one is chosen. The owner may carry working hours and leave.
try-run = Run
try-by-pack = The text has no such rule; the pack answered:
try-nothing = Nothing would happen.
try-cancels = Open follow-ups are canceled first.
try-flagged = no working time near
try-tags = Tags put on:
try-untags = Tags taken off:
try-refused = Would not be done
try-trace = What the rule said
try-cost =
    { $n ->
        [one] { $n } step, { $time } ms
       *[other] { $n } steps, { $time } ms
    }
try-to-owner = The owner
try-to-manager = The managers
try-to-admin = The administrators
try-to-sales = The reps
try-assign = The lead goes to { $name }
try-queue = The lead waits: { $name }
try-reassign = The lead goes to somebody else { $name }
try-reschedule = The follow-up is put off
try-block = The owner gets no new leads
try-step = Step taken: { $name }
try-message = Message: { $name }
try-score = Score: { $name }
try-kpi = Figure of the day: { $name }
try-allow = The trial may be booked
try-deny = The trial may not be booked
tests-about = Functions named test_… say what must hold. A version with a red test is not published.
tests-run = Run the tests
tests-none = The text has no tests yet. One looks like this:
tests-green =
    { $n ->
        [one] The test is green
       *[other] All { $n } tests are green
    }
tests-red =
    { $n ->
        [one] { $n } test is red
       *[other] { $n } tests are red
    }
tests-idle = No test runs this rule.
tests-untested = No test enters these statuses
tests-pack-green =
    { $n ->
        [one] The pack's own test holds too
       *[other] The pack's own { $n } tests hold too
    }
tests-pack-red =
    { $n ->
        [one] { $n } promise of the pack no longer holds
       *[other] { $n } promises of the pack no longer hold
    }
tests-pack-about = These do not stop publishing: a rule of your own may differ from the pack on purpose.
toast-test-added = The decision stands as a test in your draft
why-to-test = Keep as a test
