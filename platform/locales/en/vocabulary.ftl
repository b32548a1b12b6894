## The center's own words about a lead
settings-areas = Parts of the settings
settings-area-rules = Rules
fields-title = Lead fields
fields-sources = Sources
fields-sources-about = Where a lead came from. Imports, forms and the API choose from this list.
fields-sources-add = Add a source
fields-lost-reasons = Lost reasons
fields-lost-reasons-about = When a lead is lost, a rep chooses one of these.
fields-lost-reasons-add = Add a reason
fields-custom-fields = Fields of your own
fields-custom-fields-about = What else you ask about a lead. Shown in the form, on the lead’s page, in the API and to rules.
fields-custom-fields-add = Add a field
fields-add = Add
fields-none = Nothing here yet.
fields-retired = Not offered
fields-up = Up: { $what }
fields-down = Down: { $what }
fields-label = Name
fields-kind = Kind
fields-kind-text = Text
fields-kind-number = Number
fields-kind-boolean = Yes or no
fields-kind-date = Date
fields-kind-choice = Choice from a list
fields-options = Choices
fields-options-n =
    { $n ->
        [one] { $n } choice
       *[other] { $n } choices
    }
fields-options-hint = A choice you empty is offered no more; leads that hold it keep it.
fields-new-options = New choices
fields-new-options-hint = One a line.
fields-other-languages = In other languages
fields-offered = Offer it in forms
fields-key = Its name in rules and the API:
