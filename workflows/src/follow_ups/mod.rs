//! Follow-ups: planned by the tenant's rules or by hand, due in the owner's working time, done once.

mod around_leave;
mod bulk;
mod complete;
mod due;
mod follow_up;
mod hand_over;
mod late;
mod list;
mod overdue;
mod overdue_load;
mod reminders;
mod schedule;
mod sheet;
mod snooze;

pub use around_leave::{Around, bring_back_in, move_out_in};
pub(crate) use bulk::forget_bulk_in;
pub use bulk::{
    Bulk, Change, Chosen, MOST_CHOSEN, MOST_HOURS, MOST_MATCHING, Of, Preview, Refused, Stays, bulk, bulk_now,
    change_many, preview, refused, undo_many,
};
pub use complete::{Outcome, complete};
pub use due::{claim_due_sql, remind};
pub use follow_up::{FollowUp, find, of_lead};
pub(crate) use follow_up::{entity, of_lead_in, open_of};
pub(crate) use hand_over::remind_again_in;
pub use hand_over::{cancel_open_in, hand_over_all_in, hand_over_in, put_off_in};
pub use late::{Stopped, own_late, own_stop};
pub use list::{Filter, Item, Page, View, list, matching};
pub use overdue::{Block, COUNT_OVERDUE, MARK_OVERDUE, block, sweep};
pub use overdue_load::{Age, Load, overdue_load};
pub(crate) use reminders::of_in as reminders_of_in;
pub use reminders::{Reminder, reminders};
pub(crate) use schedule::wake_in;
pub use schedule::{NewFollowUp, Planned, schedule, schedule_in, store_in};
pub use sheet::{Sheet, sheet};
pub use snooze::{Snooze, snooze};
