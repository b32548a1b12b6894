//! Asking for leave, in the centre's own days and hours. Whoever decides is told; overlaps are shown, not refused.

use calendar::{Interval, days_off, hours_off};
use chrono::{Days, NaiveDate};
use platform::events::{self, NewEvent};
use platform::idempotency::Key;
use platform::ids::new_id;
use platform::{Actor, App, Error, Id, Permit, Result, Tx, audit};
use sea_orm::FromQueryResult;
use serde_json::json;

use super::off::time;
use super::row::KINDS;
use crate::typed;

/// Longer than anybody's; a typing error in a year ends here.
const MOST_DAYS: i64 = 366;

#[derive(Debug, Clone)]
pub struct NewLeave {
    pub kind: String,
    pub first_day: NaiveDate,
    pub last_day: NaiveDate,
    /// Local hours of each day, in minutes from midnight, overnight where the end is not after the start.
    pub hours: Option<(i16, i16)>,
    pub note: String,
    pub urgent: bool,
}

/// Asks for leave; under the same key, and for the same days while nobody answered, the same request.
pub async fn request(app: &App, actor: &Actor, new: NewLeave, key: Option<Key>) -> Result<Id> {
    let author = actor.clone();
    app.once(actor, key, async move |tx: Tx| request_in(&tx, &author, new).await)
        .await
}

pub async fn request_in(tx: &Tx, actor: &Actor, new: NewLeave) -> Result<Id> {
    actor.may(Permit::LeaveOwn)?;
    let user = actor.person()?;
    let note = typed::text("note", &new.note, 1_000)?;
    let span = check(tx, actor, &new, &note)?;
    if let Some(same) = asked_already(tx, user, &new, span).await? {
        return Ok(same);
    }
    let id = new_id();
    tx.run(
        "INSERT INTO leave (tenant_id, id, user_id, kind, state, starts_at, ends_at, first_day, last_day, from_minute, \
         to_minute, note, urgent, created_at) VALUES ($1, $2, $3, $4, 'pending', $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        vec![
            tx.tenant().0.into(),
            id.into(),
            user.into(),
            new.kind.as_str().into(),
            span.from.into(),
            span.to.into(),
            new.first_day.to_string().into(),
            new.last_day.to_string().into(),
            new.hours.map(|(from, _)| from).into(),
            new.hours.map(|(_, to)| to).into(),
            note.as_str().into(),
            new.urgent.into(),
            tx.now().into(),
        ],
    )
    .await?;
    let payload = json!({"leave_id": id, "kind": new.kind, "from": span.from, "to": span.to, "urgent": new.urgent});
    let event = NewEvent {
        kind: "leave.requested",
        lead: None,
        owner: Some(user),
        cause: None,
        payload: payload.clone(),
    };
    events::record(tx, actor, event).await?;
    audit::record(tx, actor, "leave.requested", "leave", id, payload).await?;
    crate::messages::leave_requested(tx, user, id).await?;
    Ok(id)
}

fn check(tx: &Tx, actor: &Actor, new: &NewLeave, note: &str) -> Result<Interval> {
    if !KINDS.contains(&new.kind.as_str()) {
        return Err(Error::field("kind", "unknown_leave_kind"));
    }
    if new.kind == "other" && note.is_empty() {
        return Err(Error::field("note", "required"));
    }
    let today = actor.tenant.local_date(tx.now());
    if new.first_day < today {
        return Err(Error::field("first_day", "in_the_past"));
    }
    if new.last_day < new.first_day {
        return Err(Error::field("last_day", "ends_before_it_starts"));
    }
    if (new.last_day - new.first_day).num_days() >= MOST_DAYS || new.first_day > today + Days::new(2 * 366) {
        return Err(Error::field("last_day", "leave_too_long").with("max", MOST_DAYS));
    }
    let zone = actor.tenant.time_zone;
    let span = match new.hours {
        None => days_off(zone, new.first_day, new.last_day),
        Some((from, to)) => {
            let good = (0..1440).contains(&from) && (0..=1440).contains(&to) && from != to;
            if !good {
                return Err(Error::field("to", "bad_window"));
            }
            let days = hours_off(zone, new.first_day, new.last_day, time(from), time(to));
            let (first, last) = (days.first(), days.last());
            let (Some(first), Some(last)) = (first, last) else {
                return Err(Error::field("to", "bad_window"));
            };
            Interval {
                from: first.from,
                to: last.to,
            }
        }
    };
    if span.to <= tx.now() {
        return Err(Error::field(
            if new.hours.is_some() { "to" } else { "last_day" },
            "in_the_past",
        ));
    }
    if span.to <= span.from {
        return Err(Error::field("to", "bad_window"));
    }
    Ok(span)
}

/// A press repeated, or a form sent twice, asks for nothing new.
async fn asked_already(tx: &Tx, user: Id, new: &NewLeave, span: Interval) -> Result<Option<Id>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Id,
    }
    let sql = "SELECT id FROM leave WHERE tenant_id = $1 AND user_id = $2 AND state = 'pending' AND starts_at = $3 \
               AND ends_at = $4 AND kind = $5 ORDER BY id LIMIT 1";
    let values = vec![
        tx.tenant().0.into(),
        user.into(),
        span.from.into(),
        span.to.into(),
        new.kind.as_str().into(),
    ];
    let row: Option<Row> = tx.one(sql, values).await?;
    Ok(row.map(|row| row.id))
}
