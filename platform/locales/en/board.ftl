## Board
nav-board = Board
board-label = Board of statuses
board-as-list = List
board-late = overdue
board-soon = within an hour
board-planned = planned
board-none = no step
board-more = Show more
board-no = Cannot be moved here
board-back = Only a manager moves back
board-asks = You will be asked for the reason
board-reason-none = Choose a reason
board-picked = { $name } picked up. Left and right arrows choose a status, Enter drops, Esc cancels.
board-over = Can be dropped: { $to }
board-cancelled = Left in place
board-nowhere = { $name }: no status to move to from here
board-moved = { $name }: { $to }
board-undo = Undo
board-undone = { $name } is back: { $to }
board-moved-by = { $name } is in “{ $to }” now: { $what } moved it. Your move was not made.
board-moved-meanwhile = { $name } is in “{ $to }” now. Your move was not made.
board-gone = This lead is no longer yours and has left the board.

## Live updates
live-off = Not live, reconnecting
live-changed = A colleague has just changed this lead.
live-list-changed = The list has news.
live-show = Refresh

## Board
error-moved-on-since = The lead has moved on since, this can no longer be undone.
error-too-late-to-undo = A move can be undone within 10 minutes. Change the status yourself.
## A lead's fields and calls
field-edit = Edit: { $name }
field-keep-mine = Save mine
field-keep-theirs = Keep the new one
field-changed-by = { $name } has changed this meanwhile: { $what }
field-changed = This has changed meanwhile: { $what }
lead-log-call = Log a call
lead-earlier = Show earlier
call-direction = Direction
call-out = Outgoing
call-in = Incoming
call-outcome = Outcome
outcome-busy = Busy
outcome-wrong_number = Wrong number
event-call-out = outgoing call
event-call-in = incoming call
event-move-undone = move undone, was: { $from }
toast-call-logged = Call logged
error-unknown-direction = The direction is “out” or “in”.
