//! A failing override loses nothing, but its admins must know: five failures in ten minutes pause it.

use chrono::{DateTime, TimeDelta, Utc};
use platform::events::{self, NewEvent};
use platform::ids::new_id;
use platform::{Actor, Result, Tx};
use sea_orm::FromQueryResult;
use serde_json::json;
use wire::{Failure, Hook, Level};

use super::overview::Pause;

const WINDOW: TimeDelta = TimeDelta::minutes(10);
const ALLOWED: i32 = 5;

/// Counts failures of the tenant's own script; faults of ours (a dead process) do not count against it.
pub async fn note_failures(tx: &Tx, actor: &Actor, hook: Hook, failures: &[Failure]) -> Result<()> {
    #[derive(FromQueryResult)]
    struct State {
        failures: i32,
        failures_since: Option<DateTime<Utc>>,
        published: Option<i64>,
    }
    let own: Vec<&Failure> = failures
        .iter()
        .filter(|f| f.level == Level::Override && !f.code.starts_with("sandbox_"))
        .collect();
    let Some(last) = own.last() else { return Ok(()) };
    let (tenant, now) = (tx.tenant(), tx.now());
    let lock = if tx.is_postgres() { " FOR UPDATE" } else { "" };
    let sql = format!(
        "SELECT failures, failures_since, published FROM script_state WHERE tenant_id = $1 AND hook = $2 \
         AND paused_at IS NULL{lock}"
    );
    let Some(state) = tx
        .one::<State>(&sql, vec![tenant.0.into(), hook.as_str().into()])
        .await?
    else {
        return Ok(());
    };
    let since = state.failures_since.filter(|since| now - *since < WINDOW);
    let count = since.map_or(0, |_| state.failures) + own.len() as i32;
    let since = since.unwrap_or(now);
    let paused = (count >= ALLOWED).then_some(now);
    let reason = json!(Pause::of(last)).to_string();
    tx.run(
        "UPDATE script_state SET failures = $3, failures_since = $4, paused_at = $5, pause_reason = $6, \
         version = version + 1 WHERE tenant_id = $1 AND hook = $2",
        vec![
            tenant.0.into(),
            hook.as_str().into(),
            count.into(),
            since.into(),
            paused.into(),
            paused.map(|_| reason).into(),
        ],
    )
    .await?;
    let payload = json!({
        "hook": hook.as_str(), "version": state.published, "code": last.code, "message": last.message,
        "args": last.args,
        "line": last.line, "column": last.column, "paused": paused.is_some(),
    });
    // One notice when failures begin, one when the script is paused.
    let stage = if paused.is_some() { "paused" } else { "failing" };
    let uniq = format!(
        "script/{}/{}/{stage}/{}",
        hook.as_str(),
        state.published.unwrap_or(0),
        since.timestamp()
    );
    let added = tx
        .run(
            "INSERT INTO notice (tenant_id, id, uniq, audience, kind, payload, created_at) \
             VALUES ($1, $2, $3, 'admin', 'script_failing', $4, $5) ON CONFLICT (tenant_id, uniq) DO NOTHING",
            vec![
                tenant.0.into(),
                new_id().into(),
                uniq.as_str().into(),
                payload.clone().into(),
                now.into(),
            ],
        )
        .await?;
    if added == 0 {
        return Ok(());
    }
    let event = NewEvent {
        kind: "script.failing",
        lead: None,
        owner: None,
        cause: None,
        payload: payload.clone(),
    };
    events::record(tx, actor, event).await?;
    crate::messages::script_failing(tx, &uniq, payload).await
}
