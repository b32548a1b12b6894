## Why a file was not read
error-file-too-large = The file is too large. Split it into parts.
error-file-too-many-rows = The file has too many rows: up to 200,000 at a time. Upload it in parts.
error-file-unreadable = The file is damaged or was not uploaded completely. Open it in a spreadsheet program and save it again.
error-file-password-protected = The file is protected by a password. Remove the password and upload it again.
error-file-empty = The file holds no data.
error-file-unknown-format = This is not a table. Upload an Excel (xlsx, xls), ODS or CSV file.
error-file-unclosed-quote = A quotation mark is not closed in row { $line }. Mend it and upload the file again.
error-sheet-not-found = The file has no such sheet.
error-header-not-found = No phone column was found. Say which column holds the phone.
error-column-not-found = The file does not have the chosen column. Choose the columns again.

## Columns
imports-field-name = Name
imports-field-phone = Phone
imports-field-secondary-phone = Second phone
imports-field-source = Source
imports-field-course = Course
imports-field-notes = Notes
imports-field-status = Status

## Rows that were not taken, and an import's own refusals
imports-row-duplicate-in-file = This number is already in an earlier row of the file.
imports-row-duplicate-lead = There is already a lead with this number.
error-file-expired = The file is no longer kept. Upload it again.
error-import-started = This import has already started.
error-import-finished = This import is already over.
error-import-canceled = The import was stopped.
error-import-broken = The import broke off again and again and was given up. The leads it made are kept.
imports-reason = Reason

## What a repeated number means, and taking an import back
error-bad-choice = Choose one of: skip, update, link.
error-import-not-undoable = There is nothing to take back: the import is not over, has made nothing or was taken back already.
imports-row-duplicate-filled = There is already a lead with this number; what it lacked was filled in.
import-history = Import history
import-state-undoing = being taken back
import-state-undone = taken back
import-remembered = The columns are matched as last time.
import-repeats = Numbers already known
import-repeats-wait = Looking through the table…
import-repeats-none = No number of this table is known yet.
import-repeats-phone = Choose the phone column first.
import-repeats-here = Known from
import-repeats-do = What to do
import-repeats-earlier = row { $n } of this file
import-repeats-hidden = a colleague’s lead
import-repeats-more =
    { $n ->
        [one] One more such row follows the choice for the whole file.
       *[other] { $n } more such rows follow the choice for the whole file.
    }
import-dup = If the number is already known
import-dup-file = As the whole file
import-dup-row = What to do with { $name }
import-dup-skip = Skip the row
import-dup-skip-hint = The lead stays as it is
import-dup-skip-short = Skip
import-dup-update = Fill in what the lead lacks
import-dup-update-hint = Nothing it has is replaced
import-dup-update-short = Fill in
import-dup-link = Add as family
import-dup-link-hint = Another name makes a lead of its own, such as a brother or sister
import-dup-link-short = Add as family
import-linked = of them family
import-updated = of them filled in
import-removed = Taken back
import-stayed = Stayed
import-undo = Take the import back
import-undo-hint = The whole import can be taken back later.
import-undo-text =
    { $n ->
        [one] One lead goes with its follow-ups, and what was filled in is emptied again.
       *[other] { $n } leads go with their follow-ups, and what was filled in is emptied again.
    }
import-undo-stay = Leads somebody has worked on since stay, and are listed.
import-undoing = Taking the import back
import-undone = Import taken back
import-kept = Stayed
import-kept-text = Somebody has worked on these leads since, so they were left alone.
event-filled = Empty fields filled in from a sheet
