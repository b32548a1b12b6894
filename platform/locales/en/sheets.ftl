## Google sheets
nav-sheets = Google Sheets
sheets-connect = Connect a sheet
sheets-sheet = Sheet
sheets-synced = Last read
sheets-none-title = No sheet is connected
sheets-none-text = Rows added to a connected sheet become leads by themselves.
sheets-state-active = works
sheets-state-waiting = waits for Google
sheets-state-broken = stopped
sheets-state-mapping = to be matched
sheets-state-paused = paused
sheets-link = Address of the sheet
sheets-link-hint = Copy it from the browser with the right tab open
sheets-account = Service account
sheets-new-account = Another account, with its key below
sheets-key = Key of the service account (JSON)
sheets-key-hint = Stored encrypted and never shown again
sheets-try = Check and go on
sheets-how-1 = In the Google Cloud console make a service account and switch the Google Sheets API on.
sheets-how-2 = Make a JSON key for the account and paste it here.
sheets-how-3 = Share the sheet with the account’s address; reading is enough.
sheets-how-4 = Paste the sheet’s address. Markaz checks the connection before it keeps anything.
sheets-column = Column in the sheet
sheets-reading = How it is read
sheets-course-none = As the row says
sheets-course-hint = For rows that name no course
sheets-every = How often
sheets-every-minutes =
    { $n ->
        [one] every minute
       *[other] every { $n } minutes
    }
sheets-every-hours =
    { $n ->
        [one] every hour
       *[other] every { $n } hours
    }
sheets-every-day = once a day
sheets-begin = Begin reading
sheets-by-rule = by the distribution rule
sheets-sync = Read now
sheets-never = not yet
sheets-next = Next reading
sheets-rows = Rows in the sheet
sheets-day = Latest rows and errors
sheets-settings = Columns and schedule
sheets-pause = Pause
sheets-resume = Go on
sheets-again = Try again
sheets-new-key = New key
sheets-remove = Disconnect
sheets-remove-text = The sheet and its key are forgotten. The leads it made stay.
sheets-import-title = From Google Sheets
sheets-import-text = Connect a sheet and its new rows become leads by themselves.
toast-sheet-settled = The sheet is being read
toast-sheet-syncing = The sheet is being read
toast-sheet-removed = The sheet is disconnected
bot-sheet-broken = <b>Google Sheets stopped:</b> { $name }
error-google-key-unreadable = This is not the key of a service account. Paste the whole JSON file.
error-google-key-refused = Google no longer accepts the key of { $name }. Make a new key and put it in.
error-google-api-off = The Google Sheets API is switched off in the project of { $name }. Switch it on in the Google Cloud console.
error-google-not-shared = The sheet is not shared with { $name }. Share it with this address and try again.
error-google-not-found = Google has no such sheet. Check the address.
error-google-not-a-sheet = This is an Excel file in Google Drive. Save it as a Google sheet first.
error-google-no-tab = The sheet has no such tab. Choose it again.
error-google-busy = Google answers that it is busy. It is tried again by itself.
error-google-unreachable = Google could not be reached. It is tried again by itself.
error-google-bad-link = This is not the address of a Google sheet.
error-sheet-connected = This tab is connected already.
error-sheet-columns-changed = The matched columns are no longer in the sheet. Match them again.
error-sheet-not-settled = Match the columns first.
error-sheet-paused = The sheet is paused.
error-too-many-sheets = A hundred sheets are connected already. Disconnect one first.
error-unknown-sheet = There is no such sheet.
error-bad-minutes = Choose between 5 minutes and a day.
audit-object-sheet = Google sheets
audit-sheet-connected = connected a Google sheet
audit-sheet-settled = settled a Google sheet
audit-sheet-paused = paused a Google sheet
audit-sheet-resumed = resumed a Google sheet
audit-sheet-key-replaced = replaced the key of a Google sheet
audit-sheet-removed = disconnected a Google sheet
dash-sheet-broken = The Google sheet “{ $name }” is no longer read.
