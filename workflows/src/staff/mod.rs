//! People of a centre: who works here, when, and who is away.

mod absence;
mod contact;
mod create;
mod edit;
mod edit_role;
mod presence;
mod role;
mod schedule;
mod user;

pub use absence::{FOLLOW_UPS, absence_follow_ups, set_absence};
pub use create::{NewUser, create, create_in, create_once};
pub use edit::{Edit, change_password, deactivate, edit, reset_link, set_language_and_theme};
pub use edit_role::{add_role, edit_role, remove_role};
pub use presence::{Presence, is_working, presence};
pub use role::{Role, RoleNames, permit_words, role, role_names, roles, roles_to_give};
pub use schedule::{WindowRow, schedules, set_windows, windows};
pub use user::{Colleagues, User, colleagues, courses_of, find, find_in, list, sellers};
