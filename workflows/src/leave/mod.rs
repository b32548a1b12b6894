//! Leave: asked for, answered, in force only inside its interval, and what moves out of its way. Holidays of the
//! centre, and who is away when.

mod away;
mod closed_day;
mod conflicts;
mod decide;
mod end;
mod holidays;
mod list;
mod off;
mod request;
mod row;
mod settle;

pub use away::{Away, Calendar, calendar};
pub use closed_day::{CLOSED_DAY, closed_day};
pub use conflicts::{Beside, Conflicts, conflicts};
pub use decide::{Decision, decide};
pub use end::{cancel, end};
pub use holidays::{Holiday, add_holiday, holidays, remove_holiday};
pub use list::{Filter, Page, list, pending};
pub(crate) use off::Off;
pub use request::{NewLeave, request, request_in};
pub use row::{KINDS, Leave, find};
pub use settle::{FOLLOW_UPS, follow_ups};
