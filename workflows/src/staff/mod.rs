//! People of a centre: who works here, when, and who is away.

mod absence;
mod create;
mod edit;
mod presence;
mod schedule;
mod user;

pub use absence::{FOLLOW_UPS, absence_follow_ups, set_absence};
pub use create::{NewUser, create, create_in, create_once};
pub use edit::{Edit, change_password, deactivate, edit, reset_link, set_language_and_theme};
pub use presence::{Presence, is_working, presence};
pub use schedule::{WindowRow, schedules, set_windows, windows};
pub use user::{Colleagues, User, colleagues, courses_of, find, find_in, list, sellers};
