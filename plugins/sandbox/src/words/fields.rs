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
    let names = match of {
        "ctx" => {
            "event now tenant settings lead via duplicates queue_ahead from to from_kind to_kind \
             trial candidates followup outcome late owner days_since_lost done_steps activity day worked group \
             room template_key channels statuses courses"
        }
        "event" => "id kind occurred_at actor depth",
        "actor" => "id role",
        "tenant" => "tz locale currency country",
        "lead" => {
            "id status source course_id branch_id owner_id created_at status_since first_contact_at \
             lost_at lost_reason tags custom open_followups score"
        }
        "trial" => "starts_at ends_at group_id result",
        "followup" => "key due_at sequence",
        "owner" => "overdue open",
        "activity" => "enquiries reached unanswered followups_done followups_late last_contact_at",
        "day" => "contacts followups_due followups_done trials enrolled response_min overdue",
        "group" => "id capacity students trials",
        "room" => "id capacity",
        "candidate" => {
            "id available on_leave absent blocked in_hours open_leads overdue assigned_today \
             last_assigned_at capacity weight branch_id conversion_30d courses"
        }
        _ => "",
    };
    names.split_whitespace().collect()
}
