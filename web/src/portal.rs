//! The portal's table of contents: every address, and the page or press behind it.

use std::sync::Arc;

use poem::{Endpoint, EndpointExt, Response, Route, get, post};
use workflows::bots::BotApi;
use workflows::ports::Desk;

use crate::bots::Messenger;
use crate::door::Door;
use crate::simulator::{Phones, Simulated};
use crate::{
    assets, audit, board, bots, centre, courses, dashboard, decisions, distribution, events, exports, follow_ups,
    follow_ups_many, follow_ups_print, help, imports, lead, lead_fields, leads, leads_many, leads_trash, leads_views,
    leave, leave_calendar, merge, packs, palette, profile, roles, scripts, scripts_changes, scripts_live,
    second_factor, session, settings, sheets, simulator, staff, tags, tries, vocabulary,
};

/// Everything a person opens on a tenant's host. `phones` is the Telegram simulator of `--demo`.
pub fn portal(
    desk: Desk,
    messenger: Arc<dyn BotApi>,
    phones: Option<Arc<dyn Phones>>,
) -> impl Endpoint<Output = Response> {
    let door = Door {
        desk,
        demo: phones.is_some(),
    };
    let pages = Route::new()
        .at("/", get(dashboard::show))
        .at("/login", get(session::form).post(session::sign_in))
        .at("/login/code", post(session::sign_in_with_code))
        .at("/logout", post(session::sign_out))
        .at("/reset/:token", get(session::reset_form).post(session::reset_password))
        .at("/leads", get(leads::list).post(leads::add))
        .at("/leads/new", get(leads::new))
        .at("/leads/board", get(board::show))
        .at("/leads/board/column", get(board::more))
        .at("/leads/board/cards", get(board::cards))
        .at("/leads/:id/moves", post(board::put))
        .at("/leads/:id/moves/:move/undo", post(board::take_back))
        .at("/leads/bulk", post(leads_many::change_many))
        .at("/leads/bulk/:id", get(leads_many::progress))
        .at("/leads/bulk/:id/undo", post(leads_many::undo))
        .at("/leads/views", post(leads_views::keep))
        .at("/leads/views/:id", post(leads_views::edit))
        .at("/leads/views/:id/removal", post(leads_views::forget))
        .at("/leads/columns", post(leads_views::columns))
        .at("/leads/duplicate", get(leads_views::duplicate))
        .at("/leads/matching", get(leads_many::matching))
        .at("/leads/trash", get(leads_trash::list))
        .at("/leads/:id", get(lead::show))
        .at("/leads/:id/trash", post(leads_trash::delete))
        .at("/leads/:id/restoration", post(leads_trash::restore))
        .at("/leads/:id/status", post(lead::change_status))
        .at("/leads/:id/merge", get(merge::show).post(merge::go))
        .at("/leads/:id/merges/:merge/undo", post(merge::undo))
        .at("/leads/:id/owner", post(lead::assign))
        .at("/leads/:id/notes", post(lead::add_note))
        .at("/leads/:id/calls", post(lead::log_call))
        .at("/leads/:id/timeline", get(lead::earlier))
        .at("/leads/:id/fields/:field", post(lead_fields::save))
        .at("/leads/:id/follow-ups", post(lead::plan_follow_up))
        .at("/search", get(palette::search))
        .at("/events", get(events::listen))
        .at("/today", get(follow_ups::today))
        .at("/today/print", get(follow_ups_print::print))
        .at("/follow-ups/:id/completion", post(follow_ups::complete))
        .at("/follow-ups/:id/due", post(follow_ups::snooze))
        .at("/follow-ups/bulk", post(follow_ups_many::change_many))
        .at("/follow-ups/bulk/preview", post(follow_ups_many::preview))
        .at("/follow-ups/bulk/:id", get(follow_ups_many::progress))
        .at("/follow-ups/bulk/:id/undo", post(follow_ups_many::undo))
        .at("/follow-ups/matching", get(follow_ups_many::matching))
        .at("/users", get(staff::list).post(staff::add))
        .at("/users/new", get(staff::new))
        .at("/users/:id", get(staff::one).post(staff::edit))
        .at("/users/:id/hours", post(staff::set_hours))
        .at("/users/:id/absence", post(staff::set_absence))
        .at("/users/:id/active", post(staff::set_active))
        .at("/users/:id/second-factor", post(staff::reset_second_factor))
        .at("/users/:id/reset-link", post(staff::reset_link))
        .at("/leave", get(leave::list).post(leave::ask))
        .at("/leave/new", get(leave::new))
        .at("/leave/calendar", get(leave_calendar::show))
        .at("/leave/absence", post(leave_calendar::mark_absent))
        .at(
            "/leave/holidays",
            get(leave_calendar::holidays).post(leave_calendar::add_holiday),
        )
        .at("/leave/holidays/:day/removal", post(leave_calendar::remove_holiday))
        .at("/leave/:id", get(leave::one))
        .at("/leave/:id/decision", post(leave::decide))
        .at("/leave/:id/cancellation", post(leave::cancel))
        .at("/leave/:id/end", post(leave::end))
        .at("/roles", get(roles::list).post(roles::add))
        .at("/roles/new", get(roles::new))
        .at("/roles/:key", get(roles::one).post(roles::edit))
        .at("/roles/:key/removal", post(roles::remove))
        .at("/distribution", get(distribution::show).post(distribution::save))
        .at("/distribution/runs", post(distribution::give_out))
        .at("/distribution/reps/:id", post(distribution::save_rep))
        .at("/imports", get(imports::index).post(imports::upload))
        .at("/imports/:id", get(imports::one))
        .at("/imports/:id/progress", get(imports::progress))
        .at("/imports/:id/sheet", post(imports::choose_sheet))
        .at("/imports/:id/mapping", post(imports::start))
        .at("/imports/:id/repeats", post(imports::repeats))
        .at("/imports/:id/cancellation", post(imports::cancel))
        .at("/imports/:id/reversal", post(imports::undo))
        .at("/imports/:id/:table", get(imports::download))
        .at("/sheets", get(sheets::index).post(sheets::connect))
        .at("/sheets/new", get(sheets::new))
        .at("/sheets/:id", get(sheets::one))
        .at("/sheets/:id/mapping", post(sheets::settle))
        .at("/sheets/:id/sync", post(sheets::sync))
        .at("/sheets/:id/pause", post(sheets::pause))
        .at("/sheets/:id/key", post(sheets::replace_key))
        .at("/sheets/:id/removal", post(sheets::remove))
        .at("/exports", get(exports::index).post(exports::start))
        .at("/exports/new", get(exports::new))
        .at("/exports/:id", get(exports::one))
        .at("/exports/:id/progress", get(exports::progress))
        .at("/exports/:id/cancellation", post(exports::cancel))
        .at("/exports/:id/file", get(exports::download))
        .at("/courses", get(courses::list).post(courses::add))
        .at("/courses/new", get(courses::new))
        .at("/courses/:id", get(courses::one).post(courses::edit))
        .at("/decisions", get(decisions::list))
        .at("/decisions/:id/rerun", post(decisions::rerun))
        .at("/scripts", get(scripts::index))
        .at("/scripts/words/:version", get(scripts_live::words))
        .at("/scripts/:hook", get(scripts::show))
        .at("/scripts/:hook/check", post(scripts_live::check))
        .at("/scripts/:hook/changes", get(scripts_changes::show))
        .at("/scripts/:hook/draft", post(scripts::submit))
        .at("/scripts/:hook/try", post(tries::run))
        .at("/scripts/:hook/leads", get(tries::find))
        .at("/scripts/:hook/tests", post(tries::prove))
        .at("/decisions/:id/test", post(tries::keep))
        .at("/scripts/:hook/removal", post(scripts::remove))
        .at("/scripts/:hook/versions/:version/restore", post(scripts::restore))
        .at("/packs", get(packs::list))
        .at("/packs/off", post(packs::disable))
        .at("/packs/:name", get(packs::show))
        .at("/packs/:name/installation", post(packs::install))
        .at("/packs/:name/running", post(packs::enable))
        .at("/settings", get(settings::show).post(settings::save))
        .at("/settings/versions/:version/restore", post(settings::restore))
        .at("/settings/tags", get(tags::list))
        .at("/settings/tags/edit", get(tags::one))
        .at("/settings/tags/name", post(tags::rename))
        .at("/settings/tags/merge", post(tags::merge))
        .at("/settings/tags/removal", post(tags::drop))
        .at("/settings/fields", get(vocabulary::index))
        .at("/settings/fields/:list/new", get(vocabulary::new).post(vocabulary::add))
        .at(
            "/settings/fields/:list/:key",
            get(vocabulary::one).post(vocabulary::edit),
        )
        .at("/settings/fields/:list/:key/place", post(vocabulary::place))
        .at("/centre", get(centre::show).post(centre::save))
        .at("/audit", get(audit::list))
        .at("/profile", get(profile::show))
        .at("/profile/look", post(profile::set_look))
        .at("/profile/telegram", post(profile::link_telegram))
        .at("/profile/details", post(profile::edit))
        .at("/profile/sessions/:id/end", post(profile::end_session))
        .at("/profile/other-sessions", post(profile::end_others))
        .at(
            "/profile/second-factor",
            get(second_factor::show).post(second_factor::begin),
        )
        .at("/profile/second-factor/confirmation", post(second_factor::confirm))
        .at("/profile/second-factor/codes", post(second_factor::renew))
        .at("/profile/second-factor/removal", post(second_factor::turn_off))
        .at("/profile/password", post(profile::change_password))
        .at("/more", get(profile::more))
        .at("/help", get(help::index))
        .at("/help/:chapter", get(help::show))
        .at("/bot", get(bots::show).post(bots::connect))
        .at("/bot/removal", post(bots::disconnect))
        .at("/simulator", get(simulator::show))
        .at("/simulator/say", post(simulator::say))
        .at("/simulator/press", post(simulator::press))
        .at("/simulator/faults", post(simulator::fail));
    Route::new()
        .at("/assets/:version/*path", get(assets::serve))
        .nest("/", pages.data(Simulated(phones)).data(Messenger(messenger)).with(door))
        .map_to_response()
}
