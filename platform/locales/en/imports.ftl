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
