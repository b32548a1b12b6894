leads-tag = Tag
leads-any-tag = Any tag
leads-sort = Order
leads-sort-newest = Newest first
leads-sort-oldest = Oldest first
leads-sort-name = By name
leads-sort-changed = Last changed first
leads-more-filters = More filters
leads-picked = Picked
leads-pick-page = Pick all on this page
leads-pick-none = Pick none
leads-pick-all = All { $n } that match
leads-tags = Tags
leads-tags-hint = Several with commas
leads-tag-go = Add
leads-untag-go = Take off
leads-bulk-trash = Delete
lead-choose = Choose
leads-bulk-assign-about = Open follow-ups go with the lead, into the new owner’s working time.
leads-bulk-status-about = Leads that may not make this move stay as they are and are listed.
leads-bulk-none = No lead was picked
leads-bulk-running = Changing leads
leads-bulk-undoing = Taking back
leads-bulk-through = { $n } of { $of }
leads-bulk-undo = Undo
trash-title = Trash
trash-about = Deleted leads stay here for thirty days with everything they had, then they are gone. One who asks again meanwhile comes back.
trash-by = Deleted by
trash-until = Gone on
trash-restore = Bring back
trash-back = To the leads
trash-empty-title = The trash is empty
trash-empty-text = What an administrator deletes can be brought back from here for thirty days.
toast-lead-trashed = Lead deleted. It can be brought back for thirty days.
toast-lead-restored = Lead brought back
event-trashed = moved to the trash
event-restored = brought back from the trash
event-restored-enquiry = came back from the trash with a new enquiry
event-change-undone = a change of many leads was taken back
leads-bulk-did-assign =
    { $n ->
        [one] { $n } lead has a new owner
       *[other] { $n } leads have a new owner
    }
leads-bulk-did-tag =
    { $n ->
        [one] Tags added to { $n } lead
       *[other] Tags added to { $n } leads
    }
leads-bulk-did-untag =
    { $n ->
        [one] Tags taken off { $n } lead
       *[other] Tags taken off { $n } leads
    }
leads-bulk-did-status =
    { $n ->
        [one] Status changed for { $n } lead
       *[other] Status changed for { $n } leads
    }
leads-bulk-did-trash =
    { $n ->
        [one] { $n } lead deleted
       *[other] { $n } leads deleted
    }
leads-bulk-undone =
    { $n ->
        [one] { $n } lead is as it was
       *[other] { $n } leads are as they were
    }
leads-bulk-same =
    { $n ->
        [one] { $n } was so already
       *[other] { $n } were so already
    }
leads-bulk-failed =
    { $n ->
        [one] { $n } could not be changed
       *[other] { $n } could not be changed
    }
leads-bulk-kept =
    { $n ->
        [one] { $n } stays changed: somebody worked on it since
       *[other] { $n } stay changed: somebody worked on them since
    }
leads-columns = Columns
leads-columns-go = Show these
leads-column-tags = Tags
leads-column-score = Score
leads-column-changed = Changed
view-keep = Keep this view
view-keep-go = Keep
view-name = Name
view-name-hint = It becomes a tab above the list
view-shared = Share with the team
view-edit = This view
view-edit-go = Save
view-drop = Delete the view
toast-view-kept = View kept
toast-view-dropped = View deleted
lead-known = { $name } has this phone already
lead-known-elsewhere = This phone is here already, with a colleague. If you add it, they are told that it asked again.
lead-known-trashed = A lead with this phone is in the trash. Adding it brings that lead back.
lead-delete = Delete the lead
leads-any = Any
leads-begins = begins with…
leads-whole = { $name }: exactly this
tags-title = Tags
tags-leads = Leads
tags-change = Change
tags-edit = Change the tag “{ $name }”
tags-name = Name of the tag
tags-name-hint = Every lead that has the tag gets the new name. This can be undone for seven days.
tags-rename = Rename
tags-into = Merge into another tag
tags-into-none = Choose a tag
tags-into-hint = Leads with this tag get the other one instead.
tags-merge = Merge
tags-drop = Remove the tag
tags-on-leads = { $n ->
    [one] On one lead
   *[other] On { $n } leads
}
tags-drop-text = { $n ->
    [0] No lead has this tag.
    [one] The tag is taken off one lead. This can be undone for seven days.
   *[other] The tag is taken off { $n } leads. This can be undone for seven days.
}
tags-none-title = No tags yet
tags-none-text = Tags are words you stick on leads: in the list, on a lead’s page, or from a table.
leads-bulk-did-retag = { $n ->
    [one] The tag of one lead changed
   *[other] The tag of { $n } leads changed
}
