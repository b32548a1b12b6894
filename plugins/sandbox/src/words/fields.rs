//! The fields of `ctx` and of the things on it, for the editor and the lints.

/// Everything that has fields.
pub const KINDS: [&str; 13] = [
    "ctx",
    "event",
    "actor",
    "tenant",
    "lead",
    "trial",
    "followup",
    "candidate",
    "owner",
    "activity",
    "day",
    "group",
    "room",
];

/// The fields of `ctx`, `lead` and so on; none for a name that has none.
pub fn fields_of(of: &str) -> Vec<&'static str> {
    types_of(of).into_iter().map(|(name, _)| name).collect()
}

/// The fields with what each holds; `?` marks what may be absent, which is `()`.
pub fn types_of(of: &str) -> Vec<(&'static str, &'static str)> {
    let fields = match of {
        "ctx" => {
            "event:Event now:Time tenant:Tenant settings:Settings lead:Lead via:String duplicates:Array queue_ahead:int \
             from:String to:String from_kind:String? to_kind:String? trial:Trial? candidates:Array followup:FollowUp \
             outcome:String late:Duration owner:Owner days_since_lost:int done_steps:Array activity:Activity day:Day \
             worked:bool group:Group room:Room? template_key:String channels:Array statuses:Array courses:Array"
        }
        "event" => "id:String kind:String occurred_at:Time actor:Actor depth:int",
        "actor" => "id:String? role:String",
        "tenant" => "tz:String locale:String currency:String country:String",
        "lead" => {
            "id:String status:String source:String course_id:String? branch_id:String? owner_id:String? created_at:Time \
             status_since:Time first_contact_at:Time? lost_at:Time? lost_reason:String? tags:Array custom:Map \
             open_followups:int score:int?"
        }
        "trial" => "starts_at:Time ends_at:Time group_id:String? result:String?",
        "followup" => "key:String due_at:Time sequence:int?",
        "owner" => "overdue:int open:int",
        "activity" => {
            "enquiries:int reached:int unanswered:int followups_done:int followups_late:int last_contact_at:Time?"
        }
        "day" => {
            "contacts:int followups_due:int followups_done:int trials:int enrolled:int response_min:int? overdue:int"
        }
        "group" => "id:String capacity:int students:int trials:int",
        "room" => "id:String capacity:int",
        "candidate" => {
            "id:String available:bool on_leave:bool absent:bool blocked:bool in_hours:bool open_leads:int overdue:int \
             assigned_today:int last_assigned_at:Time? capacity:int? weight:float branch_id:String? conversion_30d:float? \
             courses:Array"
        }
        _ => "",
    };
    fields
        .split_whitespace()
        .filter_map(|field| field.split_once(':'))
        .collect()
}
