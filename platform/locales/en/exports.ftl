## Lists as files
nav-exports = Export
exports-new = New file
exports-what = List
exports-of-leads = Leads
exports-of-follow-ups = Follow-ups
exports-of-team = The team today
exports-format = Format
exports-size = Size
exports-xlsx = Excel (xlsx)
exports-xlsx-hint = Opens in Excel, LibreOffice and Google Sheets
exports-csv-semicolon = CSV with semicolons
exports-csv-semicolon-hint = For Excel in Uzbek, Russian and Kazakh
exports-csv-comma = CSV with commas
exports-csv-comma-hint = For Excel in English and for programs
exports-usual = What spreadsheet programs in your language expect
exports-count-leads =
    { $n ->
        [one] One lead
       *[other] { $n } leads
    }
exports-count-follow-ups =
    { $n ->
        [one] One follow-up
       *[other] { $n } follow-ups
    }
exports-count-team =
    { $n ->
        [one] One person
       *[other] { $n } people
    }
exports-filtered = As the list was filtered.
exports-all = The whole list.
exports-start = Make the file
exports-hint = The file is kept for three days, only for you. Who exported what is in the audit log.
exports-writing = The file is being written
exports-ready = The file is ready
exports-failed = No file was made
exports-expired = The file is no longer kept
exports-progress = { $n } / { $of } rows
exports-until = Kept until: { $time }
exports-download = Download
exports-others = All files
exports-state-done = ready
exports-state-running = being written
exports-state-failed = failed
exports-state-expired = expired
exports-none-title = No files yet
exports-none-text = Filter the leads as you need them, then export what you see.
exports-list = Export
exports-owner = Owner
exports-tags = Tags
exports-lost-reason = Lost reason
exports-added = Added
exports-changed = Changed
exports-next = Next follow-up
exports-due = Due
exports-step = What
exports-lead = Lead
error-too-many-exports = Five of your files are being written already. Wait for one of them.
error-export-too-large = The file came out larger than 25 MB. Narrow the list with a filter and take it in parts.
error-export-canceled = The export was stopped.
error-export-finished = This export is already over.
error-export-broken = The export broke off again and again and was given up. Try again.
error-export-not-ready = The file is not ready yet.
error-export-expired = The file is no longer kept. Export the list again.
error-bad-format = Choose a format.
exports-all-leads = All leads
exports-conversion = Conversion in 30 days, %
