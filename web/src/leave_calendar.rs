//! Who is away when, a month at a time; absence set by a manager; the centre's holidays.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, Months, NaiveDate};
use platform::{Error, Id, Permit};
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Path, Query};
use serde::Deserialize;
use serde_json::{Value, json};
use workflows::leave::{self, Away, Calendar};
use workflows::staff;

use crate::leads::errors;
use crate::leave::{span, tabs};
use crate::nav::Section;
use crate::page::{Choice, Person};
use crate::render;
use crate::sent::Sent;
use crate::visit::{Answer, Visit, done};

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// `2026-11`; this month when absent.
    month: String,
}

#[handler]
pub async fn show(visit: Visit, Query(asked): Query<Asked>) -> Answer {
    page(
        &visit,
        &asked.month,
        json!({"user_id": "", "from": "", "until": ""}),
        None,
    )
    .await
}

/// A manager marks somebody away, from a day on, until a day or until they are back.
#[handler]
pub async fn mark_absent(visit: Visit, sent: Sent) -> Answer {
    let marked = match absence(&visit, &sent) {
        Ok((user, from, to)) => staff::set_absence(visit.app(), visit.actor()?, user, Some(from), to).await,
        Err(error) => Err(error),
    };
    match marked {
        Ok(()) => Ok(done("/leave/calendar", Some("toast-absent"))),
        Err(error @ Error::Invalid(_)) => {
            let typed = json!({"user_id": sent.get("user_id"), "from": sent.get("from"), "until": sent.get("until")});
            page(&visit, "", typed, Some(error)).await
        }
        Err(error) => Err(error.into()),
    }
}

#[handler]
pub async fn holidays(visit: Visit) -> Answer {
    holidays_page(&visit, json!({"day": "", "name": ""}), None).await
}

#[handler]
pub async fn add_holiday(visit: Visit, sent: Sent) -> Answer {
    let added = match sent.get("day").parse::<NaiveDate>() {
        Ok(day) => leave::add_holiday(visit.app(), visit.actor()?, day, sent.get("name")).await,
        Err(_) => Err(Error::field("day", "bad_date")),
    };
    match added {
        Ok(()) => Ok(done("/leave/holidays", Some("toast-saved"))),
        Err(error @ Error::Invalid(_)) => {
            let typed = json!({"day": sent.get("day"), "name": sent.get("name")});
            holidays_page(&visit, typed, Some(error)).await
        }
        Err(error) => Err(error.into()),
    }
}

#[handler]
pub async fn remove_holiday(visit: Visit, Path(day): Path<NaiveDate>, _sent: Sent) -> Answer {
    leave::remove_holiday(visit.app(), visit.actor()?, day).await?;
    Ok(done("/leave/holidays", Some("toast-saved")))
}

type Instant = chrono::DateTime<chrono::Utc>;

fn absence(visit: &Visit, sent: &Sent) -> Result<(Id, Instant, Option<Instant>), Error> {
    let tenant = &visit.request.tenant;
    let user = sent
        .id("user_id", "unknown_user")?
        .ok_or_else(|| Error::field("user_id", "required"))?;
    let day = |name: &'static str| {
        let parsed = sent.some(name).map(|text| text.parse::<NaiveDate>()).transpose();
        parsed.map_err(|_| Error::field(name, "bad_date"))
    };
    let from = day("from")?.filter(|day| *day > visit.words.today());
    let from = from.map_or(visit.words.now, |day| tenant.day_start(day));
    let until = day("until")?.and_then(|day| day.succ_opt());
    let until = until.map(|day| tenant.day_start(day));
    if until.is_some_and(|until| until <= from) {
        return Err(Error::field("until", "ends_before_it_starts"));
    }
    Ok((user, from, until))
}

async fn page(visit: &Visit, month: &str, form: Value, error: Option<Error>) -> Answer {
    let (app, actor, words) = (visit.app(), visit.actor()?, &visit.words);
    let first = format!("{month}-01").parse::<NaiveDate>().ok();
    let today = words.today();
    let first = first
        .filter(|day| (day.year() - today.year()).abs() <= 20)
        .or(today.with_day(1))
        .unwrap_or(today);
    let next = first.checked_add_months(Months::new(1)).unwrap_or(first);
    let last = next.pred_opt().unwrap_or(first);
    let (found, waiting) = tokio::try_join!(leave::calendar(app, actor, first, last), leave::pending(app, actor))?;
    let manages = actor.can(Permit::StaffSales);
    let mut people: BTreeMap<String, (Id, String)> = BTreeMap::new();
    let mut choices = Vec::new();
    if actor.can(Permit::StaffRead) {
        let everybody = staff::colleagues(app, actor).await?;
        for user in everybody.all.iter().filter(|user| user.active) {
            if user.role == "sales" || user.receives_leads {
                people.insert(format!("{}{}", user.name_key, user.id), (user.id, user.full_name()));
            }
            if user.role == "sales" || actor.can(Permit::StaffManagers) {
                choices.push(Choice::new(user.id, user.full_name()));
            }
        }
    }
    for away in &found.away {
        if !people.values().any(|(id, _)| *id == away.user_id) {
            let key = format!("{}{}", platform::fold::name_key(&away.name), away.user_id);
            people.insert(key, (away.user_id, away.name.clone()));
        }
    }
    let fields = error
        .as_ref()
        .map(|error| visit.field_errors(error))
        .unwrap_or_default();
    let days: Vec<NaiveDate> = first.iter_days().take_while(|day| *day <= last).collect();
    let month_name = words.t(&format!("month-name-{}", first.month()));
    let title = words.with(
        "leave-month",
        &[("name", month_name.into()), ("date", first.year().to_string().into())],
    );
    let of = |day: NaiveDate| format!("/leave/calendar?month={}", day.format("%Y-%m"));
    let view = json!({
        "tabs": tabs(visit, "calendar", waiting)?, "title": title,
        "previous": of(first.checked_sub_days(Days::new(1)).unwrap_or(first)), "next": of(next),
        "now": (first.year() != today.year() || first.month() != today.month()).then_some("/leave/calendar"),
        "days": days.iter().map(|day| day_head(visit, &found, *day)).collect::<Vec<_>>(),
        "rows": people.values().map(|(id, name)| line(visit, &found, *id, name, &days)).collect::<Vec<_>>(),
        "entries": found.away.iter().map(|away| entry(visit, away)).collect::<Vec<_>>(),
        "holidays": found.holidays.iter().map(|holiday| {
            json!({"day": words.long_date(holiday.day), "name": holiday.name})
        }).collect::<Vec<_>>(),
        "people": manages.then_some(choices), "form": form, "errors": errors(&fields, &["user_id", "from", "until"]),
    });
    let status = match error {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    Ok(render::page_with(
        status,
        &visit.page(Section::Leave, words.t("leave-tab-calendar")),
        "leave/calendar",
        &view,
    ))
}

fn day_head(visit: &Visit, found: &Calendar, day: NaiveDate) -> Value {
    let holiday = found.holidays.iter().find(|holiday| holiday.day == day);
    let weekday = visit.words.weekday(day);
    let mut class = vec![];
    if day == visit.words.today() {
        class.push("today");
    }
    if holiday.is_some() || day.weekday() == chrono::Weekday::Sun {
        class.push("shut");
    }
    json!({
        "number": day.day(), "weekday": weekday.chars().next().map(String::from), "class": class.join(" "),
        "title": match holiday {
            Some(holiday) => format!("{}, {}", visit.words.long_date(day), holiday.name),
            None => visit.words.long_date(day),
        },
    })
}

fn line(visit: &Visit, found: &Calendar, user: Id, name: &str, days: &[NaiveDate]) -> Value {
    let theirs: Vec<&Away> = found.away.iter().filter(|away| away.user_id == user).collect();
    let cells = days.iter().map(|day| {
        // What is certain covers what is only asked for.
        let on = |away: &&&Away| away.first_day <= *day && *day <= away.last_day;
        let away = theirs
            .iter()
            .filter(on)
            .min_by_key(|away| (away.state == "pending", away.from_minute.is_some()));
        let shut = day.weekday() == chrono::Weekday::Sun || found.holidays.iter().any(|holiday| holiday.day == *day);
        let mut class = vec![];
        if *day == visit.words.today() {
            class.push("today");
        }
        if shut {
            class.push("shut");
        }
        let Some(away) = away else {
            return json!({"class": class.join(" "), "mark": null, "href": null, "title": null});
        };
        let mut mark = vec!["m", tone(away)];
        if away.first_day == *day {
            mark.push("first");
        }
        if away.last_day == *day {
            mark.push("last");
        }
        if away.from_minute.is_some() {
            mark.push("part");
        }
        json!({
            "class": class.join(" "), "mark": mark.join(" "), "href": away.leave_id.map(|id| format!("/leave/{id}")),
            "title": format!("{name}: {}", told(visit, away)),
        })
    });
    json!({"person": Person::new(user, name), "cells": cells.collect::<Vec<_>>()})
}

fn tone(away: &Away) -> &'static str {
    match (away.state.as_str(), away.kind.as_deref()) {
        ("pending", _) => "m-asked",
        ("absent", _) => "m-absent",
        (_, Some("illness")) => "m-illness",
        _ => "m-leave",
    }
}

/// `Vacation, 23 November – 27 November`; without the reason for who may not know it.
fn told(visit: &Visit, away: &Away) -> String {
    let words = &visit.words;
    let what = match (away.state.as_str(), away.kind.as_deref()) {
        ("absent", _) => words.t("now-absent"),
        (_, Some(kind)) => words.t(&format!("leave-kind-{kind}")),
        _ => words.t("now-on-leave"),
    };
    let when = span(
        visit,
        away.first_day,
        away.last_day,
        away.from_minute.zip(away.to_minute),
    );
    format!("{what}, {when}")
}

fn entry(visit: &Visit, away: &Away) -> Value {
    json!({
        "person": Person::new(away.user_id, &away.name), "href": away.leave_id.map(|id| format!("/leave/{id}")),
        "told": told(visit, away), "asked": away.state == "pending",
    })
}

async fn holidays_page(visit: &Visit, form: Value, error: Option<Error>) -> Answer {
    let (app, actor, words) = (visit.app(), visit.actor()?, &visit.words);
    let (found, waiting) = tokio::try_join!(leave::holidays(app, actor, words.today()), leave::pending(app, actor))?;
    let fields = error
        .as_ref()
        .map(|error| visit.field_errors(error))
        .unwrap_or_default();
    let view = json!({
        "tabs": tabs(visit, "holidays", waiting)?, "can_edit": actor.can(Permit::Settings), "form": form,
        "today": words.today().to_string(), "errors": errors(&fields, &["day", "name"]),
        "rows": found.iter().map(|holiday| json!({
            "day": holiday.day.to_string(), "shown": words.long_date(holiday.day), "name": holiday.name,
        })).collect::<Vec<_>>(),
    });
    let status = match error {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    Ok(render::page_with(
        status,
        &visit.page(Section::Leave, words.t("leave-tab-holidays")),
        "leave/holidays",
        &view,
    ))
}
