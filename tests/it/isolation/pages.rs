//! Every address of the portal's table of contents, asked with the other centre's ids, session and host. An address
//! without a fixture fails.

use platform::auth::session;
use reqwest::header::SET_COOKIE;
use reqwest::{Method, RequestBuilder};
use support::both_engines;
use support::site::{Reply, Site};

use super::content::content;
use super::victim::{Victim, WORD};

const CONTENTS: &str = include_str!("../../../web/src/portal.rs");

/// (method, path) of every `.at("…", get(…).post(…))`.
pub fn pages() -> Vec<(Method, &'static str)> {
    let mut found = Vec::new();
    for part in CONTENTS.split(".at(").skip(1) {
        let Some((path, rest)) = part
            .trim_start()
            .strip_prefix('"')
            .and_then(|rest| rest.split_once('"'))
        else {
            panic!("an address the test cannot read: {part:.60}");
        };
        let handler = rest.split("\n        .").next().unwrap_or_default();
        for (word, method) in [
            ("get(", Method::GET),
            ("post(", Method::POST),
            ("delete(", Method::DELETE),
            ("put(", Method::PUT),
        ] {
            if handler.contains(word) {
                found.push((method, path));
            }
        }
    }
    assert!(found.len() > 40, "the table of contents was read");
    found
}

/// The path with the victim's ids, a form, and whether a row of the victim's is named.
pub fn fixture(path: &str, victim: &Victim) -> Option<(String, Vec<(&'static str, String)>, bool)> {
    let at = |id: &str| path.replace(":id", id);
    let form = |fields: &[(&'static str, &str)]| {
        fields
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect()
    };
    let Victim {
        lead,
        rep,
        course,
        follow_up,
        import,
        export,
        sheet,
        ..
    } = victim;
    Some(match path {
        "/" | "/decisions" | "/login" | "/logout" | "/leads/new" | "/today" | "/today/print" | "/help"
        | "/users/new" | "/courses/new" | "/scripts" | "/profile" | "/profile/look" | "/profile/telegram" | "/more"
        | "/imports" | "/imports/new" | "/settings" | "/bot" | "/bot/removal" => {
            (path.to_owned(), form(&[("lang", "uz"), ("theme", "auto")]), false)
        }
        "/help/:chapter" => ("/help/today".to_owned(), vec![], false),
        "/leave" | "/leave/new" | "/leave/calendar" | "/leave/holidays" => (
            path.to_owned(),
            form(&[
                ("kind", "illness"),
                ("first_day", &victim.holiday),
                ("day", &victim.holiday),
                ("name", "X"),
            ]),
            false,
        ),
        "/distribution" | "/distribution/runs" => (path.to_owned(), form(&[("strategy", "by_share")]), false),
        "/distribution/reps/:id" => (at(rep), form(&[("weight", "2")]), true),
        "/leave/absence" => (path.to_owned(), form(&[("user_id", rep)]), true),
        "/leave/holidays/:day/removal" => (path.replace(":day", &victim.holiday), vec![], false),
        _ if path.starts_with("/leave/:id") => (at(&victim.leave), form(&[("approve", "1")]), true),
        "/packs" | "/packs/off" => (path.to_owned(), vec![], false),
        _ if path.starts_with("/packs/:name") => (path.replace(":name", "driving-school"), vec![], false),
        "/settings/tags" => (path.to_owned(), vec![], false),
        _ if path.starts_with("/settings/tags/") => {
            let asked = format!("{path}?key=b1");
            (asked, form(&[("key", "b1"), ("name", "X"), ("into", "x")]), true)
        }
        "/settings/fields" => (path.to_owned(), vec![], false),
        _ if path.starts_with("/settings/fields/:list") => {
            let path = path.replace(":list", "custom-fields").replace(":key", WORD);
            let named = path.contains(WORD);
            (path, form(&[("label_uz", "X"), ("position", "0")]), named)
        }
        "/settings/versions/:version/restore" => (path.replace(":version", "1"), vec![], false),
        "/profile/password" => (
            path.to_owned(),
            form(&[("old_password", "x"), ("password", "y"), ("again", "y")]),
            false,
        ),
        "/search" | "/leads" => (
            format!("{path}?q=kanareyka"),
            form(&[
                ("name", "X"),
                ("phone", "+998907654320"),
                ("course_id", course),
                ("owner_id", rep),
            ]),
            false,
        ),
        "/users" => (
            path.to_owned(),
            form(&[("username", "x2"), ("first_name", "X"), ("role", "sales")]),
            false,
        ),
        "/courses" => (path.to_owned(), form(&[("name", "Z")]), false),
        "/reset/:token" => {
            let form = form(&[("password", "Yangi-5678!"), ("again", "Yangi-5678!")]);
            (path.replace(":token", &victim.reset), form, false)
        }
        "/leads/duplicate" => (format!("{path}?phone=90-123-45-02"), vec![], false),
        "/leads/columns" => (path.to_owned(), form(&[("column", "phone")]), false),
        "/leads/views" => (path.to_owned(), form(&[("name", "X"), ("list", "status=new")]), false),
        "/leads/views/:id" | "/leads/views/:id/removal" => (at(&victim.view), form(&[("name", "X")]), true),
        "/leads/trash" => (path.to_owned(), vec![], false),
        "/leads/matching" => (format!("{path}?q=kanareyka"), vec![], false),
        "/leads/bulk" => (
            path.to_owned(),
            form(&[("action", "tag"), ("tags", "X"), ("id", lead), ("key", "k")]),
            true,
        ),
        "/leads/bulk/:id" | "/leads/bulk/:id/undo" => (at(&victim.bulk), vec![], true),
        "/follow-ups/:id/due" => (at(follow_up), form(&[("for", "1h")]), true),
        "/follow-ups/bulk" | "/follow-ups/bulk/preview" => (
            path.to_owned(),
            form(&[
                ("action", "reschedule"),
                ("hours", "1"),
                ("id", follow_up),
                ("key", "k"),
            ]),
            true,
        ),
        "/follow-ups/bulk/:id" | "/follow-ups/bulk/:id/undo" => (at(&victim.follow_up_bulk), vec![], true),
        "/follow-ups/matching" => (format!("{path}?view=overdue"), vec![], false),
        "/leads/:id/trash" | "/leads/:id/restoration" => (at(lead), vec![], true),
        "/leads/:id" | "/leads/:id/decisions" | "/leads/:id/timeline" => (at(lead), vec![], true),
        "/leads/board" | "/leads/board/column" => (format!("{path}?q=kanareyka&status=new"), vec![], false),
        "/leads/board/cards" => (format!("{path}?ids={lead}"), vec![], false),
        "/leads/:id/moves" => (at(lead), form(&[("to", "contacted")]), true),
        "/leads/:id/moves/:move/undo" => (at(lead).replace(":move", lead), vec![], true),
        // Without an end: asked in a test of its own.
        "/events" => (format!("{path}?since=x"), vec![], false),
        "/leads/:id/status" => (at(lead), form(&[("status", "contacted"), ("to", "contacted")]), true),
        "/leads/:id/owner" => (at(lead), form(&[("owner_id", rep)]), true),
        "/leads/:id/calls" => (at(lead), form(&[("direction", "out"), ("outcome", "reached")]), true),
        "/leads/:id/fields/:field" => (at(lead).replace(":field", "notes"), form(&[("value", "X")]), true),
        "/leads/:id/merge" => (at(lead), form(&[("with", lead)]), true),
        "/leads/:id/merges/:merge/undo" => (at(lead).replace(":merge", lead), vec![], true),
        "/leads/:id/notes" => (at(lead), form(&[("text", "X")]), true),
        "/leads/:id/follow-ups" => (at(lead), form(&[("due_at", "2031-01-01T10:00"), ("text", "X")]), true),
        "/decisions/:id/test" | "/decisions/:id/rerun" => (at(&victim.decision), vec![], true),
        "/follow-ups/:id/completion" => (at(follow_up), form(&[("outcome", "done")]), true),
        "/login/code"
        | "/profile/details"
        | "/profile/second-factor"
        | "/profile/second-factor/confirmation"
        | "/profile/second-factor/codes"
        | "/profile/second-factor/removal"
        | "/profile/other-sessions" => {
            let fields = form(&[
                ("ticket", "x"),
                ("code", "123456"),
                ("password", "x"),
                ("first_name", "X"),
            ]);
            (path.to_owned(), fields, false)
        }
        "/profile/sessions/:id/end" => (at(&victim.session), vec![], true),
        "/users/:id/second-factor" => (at(rep), vec![], true),
        "/audit" | "/centre" => (
            path.to_owned(),
            form(&[("name", "X"), ("time_zone", "Asia/Tashkent"), ("country", "UZ")]),
            false,
        ),
        "/roles" => (path.to_owned(), form(&[("name", "X")]), false),
        "/roles/new" => (path.to_owned(), vec![], false),
        "/roles/:key" | "/roles/:key/removal" => {
            let fields = form(&[("name", "Y"), ("move_to", "sales")]);
            (path.replace(":key", &victim.role), fields, true)
        }
        "/users/:id" => (at(rep), form(&[("first_name", "X"), ("role", "sales")]), true),
        "/users/:id/hours" => (at(rep), form(&[("mon", "")]), true),
        "/users/:id/absence" => (at(rep), form(&[("away", "1")]), true),
        "/users/:id/active" => (at(rep), form(&[("active", "0")]), true),
        "/users/:id/reset-link" => (at(rep), vec![], true),
        "/courses/:id" => (at(course), form(&[("name", "Y")]), true),
        "/sheets" | "/sheets/new" => (path.to_owned(), form(&[("link", "x"), ("same_as", sheet)]), false),
        _ if path.starts_with("/sheets/:id") => {
            let key = r#"{"client_email": "a@b", "private_key": "PRIVATE KEY"}"#;
            (path.replace(":id", sheet), form(&[("key", key), ("paused", "1")]), true)
        }
        "/exports" => (path.to_owned(), form(&[("what", "leads"), ("format", "xlsx")]), false),
        "/exports/new" => ("/exports/new?q=kanareyka&what=leads".to_owned(), vec![], false),
        _ if path.starts_with("/exports/:id") => (path.replace(":id", export), vec![], true),
        _ if path.starts_with("/imports/:id") => (at(import), form(&[("phone", "1")]), true),
        // The engine's words are the same for everybody.
        "/scripts/words/:version" => ("/scripts/words/0".to_owned(), vec![], false),
        _ if path.starts_with("/scripts/:hook") => {
            let path = path.replace(":hook", "on_lead_created").replace(":version", "1");
            (
                path,
                form(&[
                    ("source", "fn on_lead_created(ctx) { }"),
                    ("message", "X"),
                    ("lead", lead),
                ]),
                false,
            )
        }
        // Development's own: not there without the simulator.
        _ if path.starts_with("/simulator") => (path.to_owned(), vec![], false),
        // The built front end is the same for everybody.
        "/assets/:version/*path" => ("/assets/0/app.css".to_owned(), vec![], false),
        _ => return None,
    })
}

fn ask(site: &Site, method: &Method, slug: &str, path: &str, form: &[(&str, String)]) -> RequestBuilder {
    let request = site
        .request(method.clone(), slug, path)
        .header("Sec-Fetch-Site", "same-origin");
    if *method == Method::GET {
        request
    } else {
        request.form(form)
    }
}

both_engines! {
    async fn no_page_reaches_another_centre(site: Site) {
        let victim = Victim::on(&site).await;
        let tenant = site.test.tenant("beta").await;
        let attacker = site.user(&tenant, "attacker", "admin").await;
        let before = content(&site.test.database, victim.admin.tenant.id).await;
        for (method, path) in pages() {
            let (address, form, foreign) =
                fixture(path, &victim).unwrap_or_else(|| panic!("{path} has no fixture: how can it be attacked?"));
            let opened = session::open(site.app(), &tenant, attacker.id, None, None).await.expect("a session");
            let found = session::resolve(site.app(), &tenant, &opened.token).await.expect("it resolves").expect("it is good");
            let cookie = format!("{}={}", platform::http::SESSION_COOKIE, opened.token);
            let asked = format!("{method} {path}");

            let own = ask(&site, &method, "beta", &address, &form).header("Cookie", &cookie).header("X-Csrf-Token", &found.csrf);
            let reply = Reply::of(own).await;
            // What was typed may be shown again, such as the words of a search.
            if !address.contains("?q=") {
                victim.unseen_in(&asked, &reply);
            }
            assert!(reply.status < 500 || reply.status == 503, "{asked}: {} {}", reply.status, reply.text);
            if foreign {
                assert!([403, 404, 405, 422].contains(&reply.status), "{asked}: {} {:.300}", reply.status, reply.text);
            }
            assert!(reply.headers.get(SET_COOKIE).is_none_or(|set| !set.to_str().unwrap_or_default().contains("sid=ey")), "{asked}");

            if path == "/login" || path.starts_with("/reset") || path.starts_with("/assets") {
                continue;
            }
            for (how, slug, cookie) in [("own session, other's host", "alpha", &cookie), ("other's session", "beta", &victim.cookie)] {
                let reply = Reply::of(ask(&site, &method, slug, &address, &form).header("Cookie", cookie)).await;
                let asked = format!("{asked} by {how}");
                assert!(reply.status != 200 && reply.status < 500, "{asked}: {} {:.300}", reply.status, reply.text);
                if !address.contains("?q=") {
                    victim.unseen_in(&asked, &reply);
                }
            }
        }
        let after = content(&site.test.database, victim.admin.tenant.id).await;
        for (table, rows) in &before {
            assert_eq!(rows, &after[table], "{table} of the other centre changed");
        }
    }
}
