//! What a centre says of itself: name, address, time zone, currency, country, whom to ask for help.

use crate::typed;
use chrono_tz::Tz;
use platform::audit::{self, Changes};
use platform::auth::second_factor;
use platform::{Actor, App, Error, Permit, Result, Tx};
use sea_orm::FromQueryResult;

/// Tables that hold amounts of money, each with its currency: once one has a row, the currency stays.
pub const AMOUNTS: &[&str] = &[];

pub const CURRENCIES: [&str; 12] = [
    "UZS", "KZT", "KGS", "TJS", "TMT", "RUB", "AZN", "GEL", "AMD", "TRY", "USD", "EUR",
];
pub const COUNTRIES: [&str; 12] = ["UZ", "KZ", "KG", "TJ", "TM", "RU", "AZ", "GE", "AM", "TR", "BY", "MN"];

#[derive(Debug, Clone, FromQueryResult)]
struct Row {
    name: String,
    address: Option<String>,
    time_zone: String,
    currency: String,
    country: String,
    support: Option<String>,
    second_factor: bool,
}

#[derive(Debug, Clone)]
pub struct Centre {
    pub name: String,
    pub address: String,
    pub time_zone: String,
    pub currency: String,
    /// There are amounts already.
    pub currency_locked: bool,
    /// ISO 3166 alpha-2; national phone numbers are read in it.
    pub country: String,
    /// Whom people of the centre ask for help: shown where somebody cannot get in.
    pub support: String,
    /// Everybody must sign in in two steps.
    pub second_factor: bool,
}

#[derive(Debug, Clone, Default)]
pub struct Edit {
    pub name: Option<String>,
    pub address: Option<String>,
    pub time_zone: Option<String>,
    pub currency: Option<String>,
    pub country: Option<String>,
    pub support: Option<String>,
    pub second_factor: Option<bool>,
}

/// What another time zone would touch.
#[derive(Debug, Clone, FromQueryResult)]
pub struct ZoneChange {
    /// They keep their instant, and so show another local time.
    pub follow_ups: i64,
    /// Their working hours keep their local time, and so begin at another instant.
    pub people: i64,
}

pub async fn show(app: &App, actor: &Actor) -> Result<Centre> {
    actor.may(Permit::Settings)?;
    app.db
        .read(actor.tenant_id(), async move |tx: Tx| load(&tx).await)
        .await
}

pub async fn zone_change(app: &App, actor: &Actor) -> Result<ZoneChange> {
    actor.may(Permit::Settings)?;
    let tenant = actor.tenant_id();
    let sql = "SELECT (SELECT COUNT(*) FROM follow_up AS f WHERE f.tenant_id = $1 AND f.state = 'open') AS follow_ups, \
               (SELECT COUNT(*) FROM app_user AS u WHERE u.tenant_id = $1 AND u.active AND u.hours_set) AS people";
    let found = app
        .db
        .read(tenant, async move |tx: Tx| tx.one(sql, vec![tenant.0.into()]).await)
        .await?;
    found.ok_or(Error::NotFound)
}

/// Changes what is given. Other nodes see it within seconds.
pub async fn edit(app: &App, actor: &Actor, edit: Edit) -> Result<Centre> {
    actor.may(Permit::Settings)?;
    let author = actor.clone();
    let edited = app
        .db
        .write(actor.tenant_id(), async move |tx: Tx| edit_in(&tx, &author, edit).await)
        .await;
    app.tenants.forget();
    edited
}

async fn edit_in(tx: &Tx, actor: &Actor, edit: Edit) -> Result<Centre> {
    let was = load(tx).await?;
    let mut next = was.clone();
    if let Some(name) = edit.name {
        next.name = typed::line("name", &name, 100)?;
        if next.name.is_empty() {
            return Err(Error::field("name", "required"));
        }
    }
    if let Some(address) = edit.address {
        next.address = typed::text("address", &address, 300)?;
    }
    if let Some(support) = edit.support {
        next.support = typed::line("support", &support, 200)?;
    }
    if let Some(zone) = edit.time_zone {
        let zone: Tz = zone
            .trim()
            .parse()
            .map_err(|_| Error::field("time_zone", "unknown_time_zone"))?;
        next.time_zone = zone.name().to_owned();
    }
    if let Some(country) = edit.country {
        next.country =
            known(&COUNTRIES, &country, &was.country).ok_or_else(|| Error::field("country", "unknown_country"))?;
    }
    if let Some(currency) = edit.currency {
        next.currency =
            known(&CURRENCIES, &currency, &was.currency).ok_or_else(|| Error::field("currency", "unknown_currency"))?;
        if next.currency != was.currency && was.currency_locked {
            return Err(Error::field("currency", "currency_locked"));
        }
    }
    let mut changes = Changes::default();
    changes.field("name", &was.name, &next.name);
    changes.field("address", &was.address, &next.address);
    changes.field("time_zone", &was.time_zone, &next.time_zone);
    changes.field("currency", &was.currency, &next.currency);
    changes.field("country", &was.country, &next.country);
    changes.field("support", &was.support, &next.support);
    if let Some(required) = edit.second_factor {
        next.second_factor = required;
        changes.field("second_factor_required", was.second_factor, required);
        second_factor::require_in(tx, required).await?;
    }
    if changes.is_empty() {
        return Ok(next);
    }
    tx.run(
        "UPDATE tenant SET name = $2, address = $3, time_zone = $4, currency = $5, country = $6, support = $7 WHERE id = $1",
        vec![
            tx.tenant().0.into(),
            next.name.as_str().into(),
            next.address.as_str().into(),
            next.time_zone.as_str().into(),
            next.currency.as_str().into(),
            next.country.as_str().into(),
            next.support.as_str().into(),
        ],
    )
    .await?;
    audit::record(tx, actor, "centre.changed", "centre", tx.tenant().0, changes.into()).await?;
    Ok(next)
}

async fn load(tx: &Tx) -> Result<Centre> {
    let sql = "SELECT name, address, time_zone, currency, country, support, second_factor FROM tenant WHERE id = $1";
    let row: Option<Row> = tx.one(sql, vec![tx.tenant().0.into()]).await?;
    let row = row.ok_or(Error::NotFound)?;
    Ok(Centre {
        currency_locked: amounts_exist(tx).await?,
        name: row.name,
        address: row.address.unwrap_or_default(),
        time_zone: row.time_zone,
        currency: row.currency,
        country: row.country,
        support: row.support.unwrap_or_default(),
        second_factor: row.second_factor,
    })
}

async fn amounts_exist(tx: &Tx) -> Result<bool> {
    #[derive(FromQueryResult)]
    struct Any {
        #[expect(dead_code, reason = "only whether there is a row matters")]
        one: i32,
    }
    for table in AMOUNTS {
        let sql = format!("SELECT 1 AS one FROM {table} WHERE tenant_id = $1 LIMIT 1");
        if tx.one::<Any>(&sql, vec![tx.tenant().0.into()]).await?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// One of ours, or what the centre has already: it may have been made with another.
fn known(list: &[&str], typed: &str, current: &str) -> Option<String> {
    let typed = typed.trim().to_uppercase();
    (list.contains(&typed.as_str()) || typed == current).then_some(typed)
}
