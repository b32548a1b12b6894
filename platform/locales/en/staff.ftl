## Roles
role-title = Roles
role-add = Add a role
role-about = Every center has three roles. Make your own from nothing or from a copy. A change holds from the next click on.
role-built-in = built in
role-matrix = Who may do what
role-may = May
role-yes = yes
role-no = no
role-people = { $n ->
    [0] Nobody has it yet
    [one] { $n } person has it
   *[other] { $n } people have it
}
role-permits = { $n } of { $of } permits
role-name = Name
role-copy = Copy
role-copy-of = { $name }, copy
role-built-in-why = A built-in role does not change. Copy it and tick what you need.
role-above-why = This role may more than you do, so you cannot change it.
role-not-yours = You may not do this yourself
role-needs = A tick brings along what it is of no use without
role-remove = Remove the role
role-remove-text = Nobody has this role.
role-move-text = Give them another role first.
role-move-to = New role
role-part-leads = Leads
role-part-follow-ups = Follow-ups
role-part-imports = Import and export
role-part-team = Team
role-part-teaching = Courses
role-part-setup = Setup
role-part-own = One's own
role-part-other = Other
toast-role-saved = Role saved
toast-role-removed = Role removed

## Permits
permit-leads-own-work = Work on the own leads
permit-leads-all-work = See and work on all leads
permit-leads-create = Add leads
permit-leads-assign = Give a lead to somebody else
permit-leads-move-back = Move a status back
permit-follow-ups-own-work = Do the own follow-ups
permit-follow-ups-all-work = Everybody's follow-ups, at any time
permit-follow-ups-bulk = Move and close overdue ones in bulk
permit-follow-ups-delete = Delete overdue follow-ups
permit-imports-create = Import leads from a table
permit-imports-all-read = See everybody's imports
permit-courses-read = See courses and sales scripts
permit-courses-write = Make and change courses
permit-staff-read = See the staff
permit-staff-sales-write = Look after reps, their hours and absence
permit-staff-managers-write = Look after managers and every other role
permit-leave-own-write = Ask for the own leave
permit-leave-decide = Decide on leave requests
permit-distribution-write = Set how leads are shared out
permit-scripts-write = Write and publish rules
permit-settings-write = Change the center's settings
permit-roles-write = Make and change roles
permit-bot-write = Connect the Telegram bot
permit-audit-read = See the log of changes
permit-numbers-team-read = The whole team's numbers
permit-profile-write = The own profile and password
