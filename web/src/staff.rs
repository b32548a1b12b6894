//! People: the list, a form for each, working hours, absence, and the one-time link for a forgotten password.

use platform::auth::second_factor;
use platform::{Error, Id, Permit};
use poem::http::StatusCode;
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use serde_json::{Value, json};
use workflows::courses;
use workflows::staff::{self, Edit, HandOver, NewUser, Presence, User};

use crate::hours;
use crate::leads::errors;
use crate::nav::Section;
use crate::page::{Choice, Person};
use crate::render;
use crate::sent::Sent;
use crate::visit::{Answer, Visit, done, role_label};

const FIELDS: [&str; 12] = [
    "until",
    "email",
    "hand_over_to",
    "first_name",
    "last_name",
    "username",
    "phone",
    "role",
    "password",
    "lead_cap",
    "weight",
    "hours",
];

#[derive(Deserialize)]
pub struct Which {
    #[serde(default)]
    inactive: Option<String>,
}

#[handler]
pub async fn list(visit: Visit, Query(which): Query<Which>) -> Answer {
    let (app, actor, words) = (visit.app(), visit.actor()?, &visit.words);
    let (users, presence, names, roles) = tokio::try_join!(
        staff::list(app, actor),
        staff::presence(app, actor),
        staff::role_names(app, actor),
        staff::roles(app, actor),
    )?;
    let active = which.inactive.is_none();
    let rows: Vec<Value> = users
        .iter()
        .filter(|user| user.active == active)
        .map(|user| {
            let now = presence.get(&user.id).cloned().unwrap_or_default();
            let (tone, shown) = now_words(&visit, user, &now);
            json!({
                "person": Person::new(user.id, &user.full_name()).working(now.working), "username": user.username,
                "role": names.get(&user.role).map_or_else(|| role_label(words, &user.role), str::to_owned), "hours": hours(&visit, user, &now),
                "now": shown, "tone": tone, "telegram": now.linked,
            })
        })
        .collect();
    let at = if active { "/users" } else { "/users?inactive=1" };
    let view = json!({
        "can_add": actor.can(Permit::StaffSales),
        "tabs": tabs(&visit, at, &users, roles.len()),
        "rows": rows,
    });
    Ok(render::page(
        &visit.page(Section::Users, words.t("nav-users")),
        "users/list",
        &view,
    ))
}

/// The pages about people, each with how many there are.
pub fn tabs(visit: &Visit, at: &str, users: &[User], roles: usize) -> Vec<Value> {
    let count = |active: bool| users.iter().filter(|user| user.active == active).count();
    let tab = |href: &str, label: &str, count: usize| json!({"href": href, "label": visit.words.t(label), "current": href == at, "count": count});
    vec![
        tab("/users", "user-active-tab", count(true)),
        tab("/users?inactive=1", "user-inactive-tab", count(false)),
        tab("/roles", "role-title", roles),
    ]
}

#[handler]
pub async fn new(visit: Visit) -> Answer {
    visit.actor()?.may(Permit::StaffSales)?;
    let form = json!({
        "first_name": "", "last_name": "", "username": "", "email": "", "phone": "", "role": "sales", "lead_cap": "", "weight": 1,
        "receives_leads": true, "courses": [], "hand_over": "", "hand_over_to": "",
    });
    show(&visit, None, form, None, None).await
}

#[handler]
pub async fn add(visit: Visit, sent: Sent) -> Answer {
    let person = NewUser {
        username: sent.get("username").to_owned(),
        first_name: sent.get("first_name").to_owned(),
        last_name: sent.get("last_name").to_owned(),
        role: sent.get("role").to_owned(),
        email: sent.some("email"),
        phone: sent.some("phone"),
        password: Some(sent.get("password").to_owned()),
        receives_leads: sent.has("receives_leads"),
    };
    match staff::create_once(visit.app(), visit.actor()?, person, visit.once(&sent)?).await {
        Ok(id) => Ok(done(&format!("/users/{id}"), Some("toast-user-added"))),
        Err(error) => show(&visit, None, typed(&sent), Some(error), None).await,
    }
}

#[handler]
pub async fn one(visit: Visit, Path(id): Path<Id>) -> Answer {
    visit.actor()?.may(Permit::StaffRead)?;
    let form = stored(&visit, id).await?;
    show(&visit, Some(id), form, None, None).await
}

#[handler]
pub async fn edit(visit: Visit, Path(id): Path<Id>, sent: Sent) -> Answer {
    let cap = match sent.some("lead_cap").map(|text| text.parse()).transpose() {
        Ok(cap) => cap,
        Err(_) => {
            let error = Error::field("lead_cap", "out_of_range");
            return show(&visit, Some(id), typed(&sent), Some(error), None).await;
        }
    };
    let weight = match sent.some("weight").map(|text| text.parse()).transpose() {
        Ok(weight) => weight,
        Err(_) => {
            let error = Error::field("weight", "out_of_range").with("min", 0).with("max", 100);
            return show(&visit, Some(id), typed(&sent), Some(error), None).await;
        }
    };
    let change = Edit {
        first_name: Some(sent.get("first_name").to_owned()),
        last_name: Some(sent.get("last_name").to_owned()),
        email: Some(sent.some("email")),
        phone: Some(sent.some("phone")),
        role: sent.some("role"),
        receives_leads: Some(sent.has("receives_leads")),
        lead_cap: Some(cap),
        weight,
        courses: chosen_courses(&visit, &sent)?,
        ..Edit::default()
    };
    match staff::edit(visit.app(), visit.actor()?, id, change).await {
        Ok(_) => Ok(see(id, "toast-saved")),
        Err(error) => show(&visit, Some(id), typed(&sent), Some(error), None).await,
    }
}

#[handler]
pub async fn set_hours(visit: Visit, Path(id): Path<Id>, sent: Sent) -> Answer {
    let typed = hours::typed(&sent);
    let set = match hours::read(&typed) {
        Ok(windows) => staff::set_windows(visit.app(), visit.actor()?, id, windows).await,
        Err(error) => Err(error),
    };
    match set {
        Ok(()) => Ok(see(id, "toast-saved")),
        Err(error @ Error::Invalid(_)) => {
            let form = stored(&visit, id).await?;
            let week = hours::typed_week(&visit, &typed, &error);
            show_with(
                &visit,
                Some(id),
                form,
                Some(Error::field("hours", "bad_window")),
                None,
                Some(week),
            )
            .await
        }
        Err(error) => Err(error.into()),
    }
}

#[handler]
pub async fn set_absence(visit: Visit, Path(id): Path<Id>, sent: Sent) -> Answer {
    let (app, actor) = (visit.app(), visit.actor()?);
    if sent.has("present") {
        staff::set_absence(app, actor, id, None, None).await?;
        return Ok(see(id, "toast-present"));
    }
    let until = sent.some("until").map(|day| day.parse::<chrono::NaiveDate>());
    let marked = match until.transpose() {
        Ok(until) => {
            let until = until.and_then(|day| day.succ_opt());
            let until = until.map(|day| visit.request.tenant.day_start(day));
            staff::set_absence(app, actor, id, Some(visit.words.now), until).await
        }
        Err(_) => Err(Error::field("until", "bad_date")),
    };
    match marked {
        Ok(()) => Ok(see(id, "toast-absent")),
        Err(error) => {
            let form = stored(&visit, id).await?;
            show(&visit, Some(id), form, Some(error), None).await
        }
    }
}

#[handler]
pub async fn set_active(visit: Visit, Path(id): Path<Id>, sent: Sent) -> Answer {
    let (app, actor, active) = (visit.app(), visit.actor()?, sent.get("active") == "1");
    let done = if active {
        let change = Edit {
            active: Some(true),
            ..Edit::default()
        };
        staff::edit(app, actor, id, change).await
    } else {
        match hand_over(&sent) {
            Ok(hand_over) => staff::let_go(app, actor, id, hand_over).await,
            Err(error) => Err(error),
        }
    };
    match done {
        Ok(_) if active => Ok(see(id, "toast-activated")),
        Ok(_) => Ok(see(id, "toast-deactivated")),
        Err(error @ (Error::Refused(_) | Error::Invalid(_) | Error::Forbidden("role_above_own"))) => {
            let mut form = stored(&visit, id).await?;
            form["hand_over"] = json!(sent.get("hand_over"));
            form["hand_over_to"] = json!(sent.get("hand_over_to"));
            show(&visit, Some(id), form, Some(error), None).await
        }
        Err(error) => Err(error.into()),
    }
}

fn hand_over(sent: &Sent) -> Result<HandOver, Error> {
    match sent.get("hand_over") {
        "to" => {
            let to = sent.id("hand_over_to", "unknown_user")?;
            to.map(HandOver::To)
                .ok_or_else(|| Error::field("hand_over_to", "required"))
        }
        "share_out" => Ok(HandOver::ShareOut),
        _ => Ok(HandOver::Keep),
    }
}

#[handler]
pub async fn reset_second_factor(visit: Visit, Path(id): Path<Id>, _sent: Sent) -> Answer {
    staff::reset_second_factor(visit.app(), visit.actor()?, id).await?;
    Ok(see(id, "toast-factor-reset"))
}

/// The link is shown once, on the page that answers the press.
#[handler]
pub async fn reset_link(visit: Visit, Path(id): Path<Id>, _sent: Sent) -> Answer {
    let token = staff::reset_link(visit.app(), visit.actor()?, id).await?;
    let form = stored(&visit, id).await?;
    show(
        &visit,
        Some(id),
        form,
        None,
        Some(visit.address(&format!("/reset/{token}"))),
    )
    .await
}

fn see(id: Id, toast: &str) -> Response {
    done(&format!("/users/{id}"), Some(toast))
}

async fn stored(visit: &Visit, id: Id) -> Result<Value, Error> {
    let (user, courses) = tokio::try_join!(
        staff::find(visit.app(), visit.actor()?, id),
        staff::courses_of(visit.app(), visit.actor()?, id)
    )?;
    Ok(json!({
        "first_name": user.first_name, "last_name": user.last_name, "username": user.username,
        "email": user.email, "phone": user.phone, "role": user.role, "lead_cap": user.lead_cap, "weight": user.weight, "receives_leads": user.receives_leads,
        "courses": courses, "hand_over": "", "hand_over_to": "",
    }))
}

/// `None` for whoever was shown no courses to choose from.
pub fn chosen_courses(visit: &Visit, sent: &Sent) -> Result<Option<Vec<Id>>, Error> {
    let chosen = || sent.all("courses").iter().filter_map(|id| id.parse().ok()).collect();
    Ok(visit.actor()?.can(Permit::CoursesRead).then(chosen))
}

fn typed(sent: &Sent) -> Value {
    json!({
        "first_name": sent.get("first_name"), "last_name": sent.get("last_name"), "username": sent.get("username"),
        "email": sent.get("email"), "phone": sent.get("phone"), "role": sent.get("role"), "lead_cap": sent.get("lead_cap"), "weight": sent.get("weight"),
        "receives_leads": sent.has("receives_leads"), "courses": sent.all("courses"),
        "hand_over": "", "hand_over_to": "",
    })
}

async fn show(visit: &Visit, id: Option<Id>, form: Value, error: Option<Error>, link: Option<String>) -> Answer {
    show_with(visit, id, form, error, link, None).await
}

async fn show_with(
    visit: &Visit,
    id: Option<Id>,
    form: Value,
    error: Option<Error>,
    link: Option<String>,
    typed_week: Option<Vec<Value>>,
) -> Answer {
    let (app, actor, words) = (visit.app(), visit.actor()?, &visit.words);
    if let Some(error @ (Error::NotFound | Error::Forbidden("not_allowed") | Error::Internal(_))) = error {
        return Err(error.into());
    }
    let user = match id {
        Some(id) => Some(staff::find(app, actor, id).await?),
        None => None,
    };
    let (mut telegram, mut work, mut colleagues) = (false, Value::Null, Vec::new());
    if let Some(user) = user.as_ref() {
        let (presence, open, all) = tokio::try_join!(
            staff::presence(app, actor),
            staff::open_work(app, actor, user.id),
            staff::colleagues(app, actor)
        )?;
        telegram = presence.get(&user.id).is_some_and(|now| now.linked);
        if open.leads + open.follow_ups > 0 {
            let counts = [("n", open.leads.into()), ("of", open.follow_ups.into())];
            work = json!(words.with("user-open-work", &counts));
        }
        let others = all.all.iter().filter(|other| other.active && other.id != user.id);
        colleagues = others.map(|other| Choice::new(other.id, other.full_name())).collect();
    }
    let factor = match id {
        Some(id) => second_factor::enrolled(app, actor).await?.contains(&id),
        None => false,
    };
    let windows = match id {
        Some(id) => staff::windows(app, actor, id).await?,
        None => Vec::new(),
    };
    let fields = error
        .as_ref()
        .map(|error| visit.field_errors(error))
        .unwrap_or_default();
    let problem = error
        .as_ref()
        .filter(|_| fields.is_empty())
        .map(|error| visit.explain(error));
    let roles = staff::roles_to_give(app, actor).await?;
    let mut choices: Vec<Choice> = roles
        .iter()
        .map(|role| Choice::new(&role.key, crate::roles::name(visit, role)))
        .collect();
    // Whoever has a role that may more keeps it, seen by name.
    if let Some(user) = user
        .as_ref()
        .filter(|user| !roles.iter().any(|role| role.key == user.role))
    {
        let role = staff::role(app, actor, &user.role).await?;
        choices.push(Choice::new(&role.key, crate::roles::name(visit, &role)));
    }
    let chosen: Vec<&str> = form["courses"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let teaches: Vec<Value> = courses::shown(app, actor)
        .await?
        .iter()
        .filter(|course| course.active)
        .map(|c| json!({"id": c.id, "name": c.name, "chosen": chosen.contains(&c.id.to_string().as_str())}))
        .collect();
    let heading = user.as_ref().map_or_else(|| words.t("user-add"), User::full_name);
    let absent = user
        .as_ref()
        .filter(|user| user.absent_at(words.now))
        .map(|user| match user.absent_to {
            Some(to) => words.with(
                "now-absent-until",
                &[("date", words.date(words.day(to - chrono::TimeDelta::seconds(1))).into())],
            ),
            None => words.t("now-absent"),
        });
    let tomorrow = words.moment(words.now + chrono::TimeDelta::hours(24));
    let view = json!({
        "heading": heading,
        "action": id.map_or_else(|| "/users".to_owned(), |id| format!("/users/{id}")),
        "existing": id.is_some(), "form": form, "errors": errors(&fields, &FIELDS), "problem": problem,
        "roles": choices,
        "teaches": teaches, "week": typed_week.unwrap_or_else(|| hours::week(visit, &windows)), "week_total": hours::total(visit, &windows), "zone": visit.request.tenant.time_zone.name(),
        "absence": absent, "active": user.as_ref().is_some_and(|user| user.active),
        "can_deactivate": id.is_some() && id != actor.user,
        "factor": factor, "reset_link": link, "telegram": telegram, "work": work, "colleagues": colleagues,
        "reset_note": words.with("user-reset-note", &[("name", heading.clone().into()), ("time", tomorrow.into())]),
    });
    let status = if error.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    Ok(render::page_with(
        status,
        &visit.page(Section::Users, heading),
        "users/form",
        &view,
    ))
}

/// Where somebody is right now, and the colour that goes with it.
pub fn now_words(visit: &Visit, user: &User, now: &Presence) -> (&'static str, String) {
    let words = &visit.words;
    let until = now.changes_at.map(|at| words.time(at)).unwrap_or_default();
    let near = now.changes_at.is_some_and(|at| words.day(at) == words.today());
    if !user.active {
        ("", words.t("now-inactive"))
    } else if user.absent_at(words.now) {
        ("tag-warning", words.t("now-absent"))
    } else if now.working && user.blocked_since.is_some() {
        ("tag-danger", words.t("now-blocked"))
    } else if now.working && now.changes_at.is_some() {
        ("tag-success", words.with("now-working", &[("time", until.into())]))
    } else if now.working {
        ("tag-success", words.t("now-at-work"))
    } else if near {
        ("", words.with("now-starts", &[("time", until.into())]))
    } else {
        ("", words.t("now-off"))
    }
}

fn hours(visit: &Visit, user: &User, now: &Presence) -> String {
    if user.hours_set {
        visit.words.count("user-hours-week", now.week_minutes / 60)
    } else {
        visit.words.t("user-hours-none")
    }
}
