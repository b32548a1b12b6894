//! People of a centre: who works here, when, and who is away.

mod absence;
mod contact;
mod create;
mod edit;
mod edit_role;
mod hand_over;
mod own;
mod presence;
mod role;
mod schedule;
mod user;

pub use absence::{FOLLOW_UPS, absence_follow_ups, set_absence};
pub use create::{NewUser, create, create_in, create_once};
pub use edit::{Edit, edit, reset_link, reset_second_factor};
pub use edit_role::{add_role, edit_role, remove_role};
pub use hand_over::{HandOver, OpenWork, deactivate, hand_over, let_go, open_work};
pub use own::{Details, change_password, edit_own, set_language_and_theme};
pub use presence::{Presence, is_working, presence};
pub use role::{Role, RoleNames, permit_words, role, role_names, roles, roles_to_give};
pub use schedule::{WindowRow, schedules, set_windows, windows};
pub use user::{Colleagues, User, colleagues, courses_of, find, find_in, list, sellers};
