//! Messages to staff: put in the queue with the rows they speak of, in one transaction; sent afterwards by a job,
//! in each person's language.

mod leave;
mod queue;

pub use leave::{leave_answered, leave_closed, leave_requested};
pub use queue::{
    Due, Kind, ScriptNotice, follow_ups_due, lead_assigned, lead_enquired_again, leads_returned, rep_blocked,
    script_failing, script_notices, sheet_broken, waiting_leads,
};
