keys-title = Keyboard shortcuts
keys-anywhere = Anywhere
keys-in-lists = In lists
keys-on-a-lead = On a lead, in the queue
keys-on-the-board = On the board
keys-search = Find a lead, a page, an action
keys-list = This list
keys-go = Go ahead with what is shown
keys-close = Close
keys-rows = Next, previous row
keys-open = Open the row
keys-pick = Tick the row
keys-undo = Undo what was done to many
keys-outcome = Call outcome
keys-note = Write a note
keys-call = Call
keys-status = Change the status
keys-board-walk = From card to card
keys-board-take = Take the card, then choose a column by arrows
keys-board-put = Put it there
keys-board-drop = Leave it where it was
keys-board-move = Choose from a list where it goes
palette-actions = Actions
palette-pages = Go to
palette-portal = The portal
palette-results = What was found
palette-found = { $n ->
    [0] Nothing found
    [one] { $n } found
   *[other] { $n } found
}
palette-none = Nothing like it here. Try a name, a phone, its last four digits, or the name of a page.
palette-overdue = Overdue follow-ups
palette-waiting = Leads without an owner
palette-away = Who is away
palette-dark = Dark theme
palette-light = Light theme
palette-auto = Theme as on the device
toast-undo = Undo
toast-undone = Taken back
toast-not-copied = Not copied: this browser does not allow it. Select the text and copy it by hand.
toast-lead-stale = The lead has changed meanwhile. Here is its new state; try again.
