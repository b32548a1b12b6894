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

## Family and merging
family-title = Family and duplicates
family-add = Add as a family member
merge-title = Merge
merge-open = Merge with another lead
merge-compare = Compare
merge-found = Similar leads
merge-find-text = Choose the lead that is the same person as { $name }: those with the same phone are first.
merge-text = For each row choose the value that stays.
merge-stays = stays
merge-goes = goes into it
merge-same = same
merge-both = Keep both notes
merge-keeps = Tags, every phone, the history and follow-ups of both leads stay. It can be undone for 30 days.
merge-go = Merge
merge-swap = Swap sides
merge-made = Merged with { $name }, { $time }
event-merged = Merged with { $name }
event-unmerged = Merge undone
toast-merged = Leads merged
toast-unmerged = Merge undone
error-same-lead = A lead cannot be merged with itself.
error-merge-too-old = The merge could be undone for 30 days.
error-unknown-lead = There is no such lead. Choose from the list again.
