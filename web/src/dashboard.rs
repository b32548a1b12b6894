//! The home page: four figures that open their lists, who waits, and the team today; a rep sees the own day.

use platform::{Error, Permit, http};
use poem::handler;
use serde_json::{Value, json};
use workflows::follow_ups::{self, Filter};
use workflows::leads;
use workflows::leave;
use workflows::numbers::{self, Away, Rep, Team};
use workflows::sheets::{self, Broken};

use crate::book::{Book, css};
use crate::follow_ups::row;
use crate::nav::Section;
use crate::page::Person;
use crate::render;
use crate::visit::{Answer, Visit, done};

#[handler]
pub async fn show(visit: Visit) -> Answer {
    let words = &visit.words;
    if !visit.actor()?.can(Permit::FollowUpsOwn) {
        return Ok(done(first_of_theirs(&visit), None));
    }
    let as_of = [
        ("date", words.long_date(words.today()).into()),
        ("time", words.time(words.now).into()),
    ];
    let mut view = if visit.actor()?.can(Permit::TeamNumbers) {
        team(&visit).await?
    } else {
        own(&visit).await?
    };
    view["as_of"] = json!(words.with("as-of", &as_of));
    Ok(render::page(
        &visit.page(Section::Home, words.t("nav-home")),
        "dashboard",
        &view,
    ))
}

/// Where somebody whose role knows no follow-ups begins: the first page of the menu besides this one.
fn first_of_theirs(visit: &Visit) -> &'static str {
    let page = visit.page(Section::Home, String::new());
    let links = page.nav.iter().flat_map(|group| &group.links);
    links
        .map(|link| link.href)
        .find(|href| *href != "/")
        .unwrap_or("/profile")
}

async fn own(visit: &Visit) -> Result<Value, Error> {
    let (app, actor, words) = (visit.app(), visit.actor()?, &visit.words);
    let filter = Filter {
        limit: Some(6),
        ..Filter::default()
    };
    let (book, mine, next, broken) = tokio::try_join!(
        Book::open(visit),
        numbers::own(app, actor),
        follow_ups::list(app, actor, filter),
        sheets::broken(app, actor)
    )?;
    let next: Vec<Value> = next.items.iter().map(|item| row(visit, &book, item, None)).collect();
    let overdue_note = if mine.overdue == 0 {
        words.t("dash-overdue-none")
    } else {
        String::new()
    };
    Ok(json!({
        "rep": true, "alerts": broken.iter().map(|sheet| sheet_alert(visit, sheet)).collect::<Vec<_>>(), "next": next,
        "cards": [
            card("/leads", words.t("dash-mine"), mine.leads, None, words.count("dash-mine-note", mine.new_today)),
            card("/today", words.t("dash-today-card"), mine.today, None, String::new()),
            late(card("/today?view=overdue&mode=list", words.t("dash-overdue-card"), mine.overdue, None, overdue_note)),
        ],
    }))
}

async fn team(visit: &Visit) -> Result<Value, Error> {
    let (app, actor, words) = (visit.app(), visit.actor()?, &visit.words);
    let waits = leads::Filter {
        waiting: true,
        limit: Some(5),
        ..leads::Filter::default()
    };
    let (book, team, waiting, asking, broken) = tokio::try_join!(
        Book::open(visit),
        numbers::team(app, actor),
        leads::list(app, actor, waits),
        leave::pending(app, actor),
        sheets::broken(app, actor)
    )?;
    let late_people = team.reps.iter().filter(|rep| rep.overdue > 0).count() as i64;
    let open: i64 = team.reps.iter().map(|rep| rep.open).sum();
    let overdue_note = if team.overdue == 0 {
        words.t("dash-overdue-none")
    } else {
        words.count("dash-overdue-note", late_people)
    };
    let busiest = team.reps.iter().map(|rep| rep.open).max().unwrap_or(0);
    let blocked = team.reps.iter().filter(|rep| rep.blocked_since.is_some());
    let today = words.today();
    let of = team.reps.iter().filter(|rep| rep.receives_leads).count();
    let alerts = blocked.map(|rep| alert(visit, rep)).chain(leave_alert(visit, asking));
    let alerts = alerts.chain(broken.iter().map(|sheet| sheet_alert(visit, sheet)));
    Ok(json!({
        "rep": false, "alerts": alerts.collect::<Vec<_>>(),
        "cards": [
            card("/leads", words.t("dash-total"), team.total, None, words.count("dash-total-note", open)),
            card(&format!("/leads?from={today}"), words.t("dash-new"), team.new_today, None,
                words.count("dash-new-note", team.waiting)),
            card("/users", words.t("dash-working"), team.working_now, Some(of), String::new()),
            late(card("/today?view=overdue&mode=list", words.t("dash-overdue-card"), team.overdue, None, overdue_note)),
        ],
        "funnel": funnel(&book, &team),
        "waiting": waiting.items.iter().map(|lead| json!({
            "id": lead.id, "name": lead.name, "course": book.course_name(lead.course_id),
            "reason": book.source(&lead.source), "since": words.ago(lead.waiting_since.unwrap_or(lead.created_at)),
        })).collect::<Vec<_>>(),
        "waiting_count": team.waiting,
        "export": actor.can(Permit::Exports),
        "team_note": words.with("dash-team-note", &[("n", (team.reps.len() as i64).into()), ("of", team.working_now.into())]),
        "reps": team.reps.iter().map(|rep| rep_row(visit, rep, busiest)).collect::<Vec<_>>(),
    }))
}

fn card(href: &str, label: String, figure: i64, of: Option<usize>, note: String) -> Value {
    json!({"href": href, "label": label, "figure": figure, "of": of, "note": note, "late": false})
}

/// Red only where something is late.
fn late(mut card: Value) -> Value {
    card["late"] = json!(card["figure"].as_i64().unwrap_or_default() > 0);
    card
}

fn funnel(book: &Book, team: &Team) -> Vec<Value> {
    let most = team.statuses.values().copied().max().unwrap_or(0).max(1);
    book.registry
        .statuses
        .iter()
        .filter(|status| !status.retired || team.statuses.get(&status.key).is_some_and(|count| *count > 0))
        .map(|status| {
            let (count, kind) = (team.statuses.get(&status.key).copied().unwrap_or(0), css(&status.kind));
            json!({
                "href": format!("/leads?status={}", status.key), "css": kind, "glyph": format!("g-{kind}"),
                "label": book.label(&status.labels), "count": count, "percent": count * 100 / most,
            })
        })
        .collect()
}

/// The load bar is of the cap where there is one, else beside the busiest.
fn rep_row(visit: &Visit, rep: &Rep, busiest: i64) -> Value {
    let cap = rep.cap.map(i64::from).filter(|cap| *cap > 0);
    let percent = rep.open * 100 / cap.unwrap_or(busiest).max(1);
    let bar = match percent {
        90.. if cap.is_some() => "bar full",
        75.. if cap.is_some() => "bar warn",
        _ if !rep.working => "bar idle",
        _ => "bar",
    };
    json!({
        "person": Person::new(rep.id, &rep.name).working(rep.working),
        "now": now(visit, rep), "now_bad": rep.blocked_since.is_some(), "absence": away(visit, rep),
        "total": rep.leads, "leads": rep.open, "cap": cap, "load_percent": percent, "load_class": bar,
        "today": rep.today, "overdue": rep.overdue, "overdue_bad": rep.blocked_since.is_some(),
        "conversion": rep.conversion.map_or_else(|| "—".to_owned(), |share| format!("{:.0}%", share * 100.0)),
    })
}

fn away(visit: &Visit, rep: &Rep) -> Option<String> {
    rep.away.map(|away| match away {
        Away::Leave => visit.words.t("now-on-leave"),
        Away::Absent => visit.words.t("now-absent"),
    })
}

fn now(visit: &Visit, rep: &Rep) -> String {
    let words = &visit.words;
    let time = rep.until.map(|at| words.time(at)).unwrap_or_default();
    let today = rep.until.is_some_and(|at| words.day(at) == words.today());
    match (rep.working, rep.blocked_since.is_some()) {
        (true, true) => words.t("now-blocked"),
        (true, false) if rep.until.is_some() => words.with("now-working", &[("time", time.into())]),
        (true, false) => words.t("now-at-work"),
        (false, _) if today => words.with("now-starts", &[("time", time.into())]),
        (false, _) => words.t("now-off"),
    }
}

fn leave_alert(visit: &Visit, asking: i64) -> Option<Value> {
    (asking > 0).then(|| {
        json!({
            "tone": "alert-info", "icon": "leave", "title": visit.words.count("dash-leave", asking), "text": "",
            "href": "/leave",
        })
    })
}

/// A sheet that is not read brings no leads, and nobody would notice.
fn sheet_alert(visit: &Visit, sheet: &Broken) -> Value {
    let code = sheet.error.as_deref();
    let why = code.map(|code| http::message(visit.words.lang, code, &serde_json::Map::new()));
    json!({
        "tone": "alert-danger", "icon": "link",
        "title": visit.words.with("dash-sheet-broken", &[("name", sheet.title.as_str().into())]),
        "text": why.unwrap_or_default(), "href": format!("/sheets/{}", sheet.id),
    })
}

fn alert(visit: &Visit, rep: &Rep) -> Value {
    let title = [("name", rep.name.as_str().into()), ("n", rep.overdue.into())];
    json!({
        "tone": "alert-danger", "icon": "alert",
        "title": visit.words.with("dash-alert", &title), "text": visit.words.t("dash-alert-text"),
        "href": format!("/today?mode=list&view=overdue&owner={}", rep.id),
    })
}
