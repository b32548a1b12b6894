//! What the centre says of itself; another time zone is only saved once its meaning was read.

use chrono_tz::{TZ_VARIANTS, Tz};
use platform::Error;
use poem::handler;
use poem::http::StatusCode;
use serde_json::{Value, json};
use workflows::tenants::centre::{self, COUNTRIES, CURRENCIES, Edit};

use crate::leads::errors;
use crate::nav::Section;
use crate::page::Choice;
use crate::render;
use crate::sent::Sent;
use crate::visit::{Answer, Visit, done};

const FIELDS: [&str; 6] = ["name", "address", "time_zone", "currency", "country", "support"];

#[handler]
pub async fn show(visit: Visit) -> Answer {
    page(&visit, None, None, None).await
}

#[handler]
pub async fn save(visit: Visit, sent: Sent) -> Answer {
    let (app, actor) = (visit.app(), visit.actor()?);
    let now = visit.request.tenant.time_zone;
    if let Ok(zone) = sent.get("time_zone").parse::<Tz>()
        && zone != now
        && sent.get("zone_read") != zone.name()
    {
        return page(&visit, Some(&sent), None, Some(zone)).await;
    }
    let change = Edit {
        name: Some(sent.get("name").to_owned()),
        address: Some(sent.get("address").to_owned()),
        time_zone: Some(sent.get("time_zone").to_owned()),
        currency: sent.some("currency"),
        country: Some(sent.get("country").to_owned()),
        support: Some(sent.get("support").to_owned()),
        second_factor: Some(sent.has("second_factor")),
    };
    match centre::edit(app, actor, change).await {
        Ok(_) => Ok(done("/centre", Some("toast-saved"))),
        Err(error @ Error::Invalid(_)) => page(&visit, Some(&sent), Some(error), None).await,
        Err(error) => Err(error.into()),
    }
}

async fn page(visit: &Visit, sent: Option<&Sent>, error: Option<Error>, asked: Option<Tz>) -> Answer {
    let (app, actor, words) = (visit.app(), visit.actor()?, &visit.words);
    let stored = centre::show(app, actor).await?;
    let typed = |name: &str, stored: &str| sent.map_or_else(|| stored.to_owned(), |sent| sent.get(name).to_owned());
    let means = match asked {
        Some(zone) => Some(meaning(visit, zone).await?),
        None => None,
    };
    let fields = error
        .as_ref()
        .map(|error| visit.field_errors(error))
        .unwrap_or_default();
    let currencies = with_current(&CURRENCIES, &stored.currency);
    let countries = with_current(&COUNTRIES, &stored.country);
    let country = |code: &String| {
        let id = format!("country-{}", code.to_lowercase());
        Choice::new(
            code,
            platform::locale::find(words.lang, &id, &[]).unwrap_or_else(|| code.clone()),
        )
    };
    let view = json!({
        "form": {
            "name": typed("name", &stored.name), "address": typed("address", &stored.address),
            "time_zone": typed("time_zone", &stored.time_zone), "country": typed("country", &stored.country),
            "support": typed("support", &stored.support),
            "currency": sent.and_then(|sent| sent.some("currency")).unwrap_or_else(|| stored.currency.clone()),
            "second_factor": sent.map_or(stored.second_factor, |sent| sent.has("second_factor")),
        },
        "zones": zones(visit, &stored.time_zone), "locked": stored.currency_locked,
        "currencies": currencies.iter().map(|code| Choice::new(code, code)).collect::<Vec<_>>(),
        "countries": countries.iter().map(country).collect::<Vec<_>>(),
        "currency_hint": words.t(if stored.currency_locked { "centre-currency-locked" } else { "centre-currency-hint" }),
        "means": means, "errors": errors(&fields, &FIELDS),
    });
    let status = if error.is_some() || asked.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let page = visit.page(Section::Centre, words.t("centre-title"));
    Ok(render::page_with(status, &page, "centre", &view))
}

/// What another time zone means for hours and due times, with an hour of today as the example.
async fn meaning(visit: &Visit, zone: Tz) -> Result<Value, Error> {
    let words = &visit.words;
    let touched = centre::zone_change(visit.app(), visit.actor()?).await?;
    let (here, there) = (
        words.time(words.now),
        words.now.with_timezone(&zone).format("%H:%M").to_string(),
    );
    Ok(json!({
        "zone": zone.name(),
        "clock": words.with("centre-zone-clock", &[("from", here.clone().into()), ("to", there.clone().into())]),
        "hours": words.count("centre-zone-hours", touched.people),
        "follow_ups": words.with("centre-zone-follow-ups", &[
            ("n", touched.follow_ups.into()), ("from", here.into()), ("to", there.into()),
        ]),
    }))
}

/// Zones of our half of the world, each with its clock now, and the one in force wherever it is.
fn zones(visit: &Visit, current: &str) -> Vec<Choice> {
    let now = visit.words.now;
    let near = |zone: &&Tz| {
        zone.name().starts_with("Asia/")
            || zone.name().starts_with("Europe/")
            || [current, "UTC"].contains(&zone.name())
    };
    let label = |zone: &Tz| {
        format!(
            "{} (UTC{})",
            zone.name().replace('_', " "),
            now.with_timezone(zone).format("%:z")
        )
    };
    TZ_VARIANTS
        .iter()
        .filter(near)
        .map(|zone| Choice::new(zone.name(), label(zone)))
        .collect()
}

fn with_current(known: &[&str], current: &str) -> Vec<String> {
    let mut all: Vec<String> = known.iter().map(|&code| code.to_owned()).collect();
    if !all.iter().any(|code| code == current) {
        all.insert(0, current.to_owned());
    }
    all
}
