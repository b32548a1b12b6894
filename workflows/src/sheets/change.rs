//! What can be changed of a connected sheet: what its columns mean and where its leads go, whether it is read at all,
//! and the key it is read with.

use platform::{Actor, App, Error, Id, Permit, Result, Tx, audit};
use sea_orm::FromQueryResult;
use serde_json::json;

use super::connect::{book, look};
use super::port::ServiceKey;
use super::sheet::{self, Sheet, find_in, place};
use super::sync::enqueue_now;
use crate::courses;
use crate::imports::sheet::Mapping;
use crate::leads::OnRepeat;
use crate::ports::Desk;

/// How a sheet is read from now on.
#[derive(Debug, Clone)]
pub struct Settled {
    pub mapping: Mapping,
    pub course_id: Option<Id>,
    /// One rep for all of its leads; only for those who may assign. A rep's own sheet is the rep's.
    pub owner_id: Option<Id>,
    pub on_duplicate: OnRepeat,
    pub every_minutes: i32,
    /// Another tab of the spreadsheet.
    pub gid: Option<i64>,
}

pub const MINUTES: std::ops::RangeInclusive<i32> = 5..=1440;

pub async fn settle(desk: &Desk, actor: &Actor, id: Id, settled: Settled) -> Result<Sheet> {
    actor.may(Permit::ImportsCreate)?;
    if !MINUTES.contains(&settled.every_minutes) {
        return Err(Error::field("every_minutes", "bad_minutes"));
    }
    // The header as it is now: columns are named by their titles, wherever they move.
    let before = sheet::find(&desk.app, actor, id).await?;
    let key = before.key(&desk.app, actor.tenant_id())?;
    let there = book(&*desk.google, &key, &before.spreadsheet).await?;
    let gid = settled.gid.unwrap_or(before.gid);
    let tab = there.tabs.into_iter().find(|tab| tab.gid == gid);
    let tab = tab.ok_or_else(|| Error::refused("google_no_tab"))?;
    let (_, preview) = look(&*desk.google, &key, &before.spreadsheet, &tab).await?;
    let actor = actor.clone();
    desk.app
        .db
        .write(actor.tenant_id(), async move |tx: Tx| {
            let tenant = tx.tenant();
            find_in(&tx, &actor, id).await?;
            crate::imports::fits_in(&tx, &preview.header, &settled.mapping).await?;
            let owner = settled.owner_id.filter(|_| actor.can(Permit::LeadsAssign));
            if let Some(owner) = owner {
                let user = crate::staff::find_in(&tx, owner).await;
                if !user.is_ok_and(|user| user.active) {
                    return Err(Error::field("owner_id", "unknown_user"));
                }
            }
            if let Some(course) = settled.course_id {
                let known = courses::list_in(&tx).await?;
                if !known.iter().any(|known| known.id == course) {
                    return Err(Error::field("course_id", "unknown_reference"));
                }
            }
            let sql = "SELECT id FROM connected_sheet WHERE tenant_id = $1 AND spreadsheet = $2 AND gid = $3 AND id <> $4";
            let same = vec![tenant.0.into(), before.spreadsheet.as_str().into(), gid.into(), id.into()];
            if tx.one::<Other>(sql, same).await?.is_some() {
                return Err(Error::field("gid", "sheet_connected"));
            }
            crate::imports::remember(&tx, &preview.header, &settled.mapping).await?;
            let mapping = crate::imports::by_title(&preview.header, &settled.mapping);
            tx.run(
                "UPDATE connected_sheet SET header = $3, mapping = $4, course_id = $5, owner_id = $6, on_duplicate = $7, \
                 every_minutes = $8, gid = $9, tab = $10, state = 'active', error = NULL, tries = 0, \
                 pass = pass + 1, next_row = 0 WHERE tenant_id = $1 AND id = $2",
                vec![
                    tenant.0.into(),
                    id.into(),
                    json!(preview.header).into(),
                    json!(mapping).into(),
                    settled.course_id.into(),
                    owner.into(),
                    settled.on_duplicate.key().into(),
                    settled.every_minutes.into(),
                    gid.into(),
                    tab.name.as_str().into(),
                ],
            )
            .await?;
            enqueue_now(&tx, id).await?;
            let what = json!({"tab": tab.name, "every_minutes": settled.every_minutes, "owner_id": owner});
            audit::record(&tx, &actor, "sheet.settled", "sheet", id, what).await?;
            find_in(&tx, &actor, id).await
        })
        .await
}

#[derive(FromQueryResult)]
struct Other {
    #[expect(dead_code, reason = "only whether there is one matters")]
    id: Id,
}

/// Stops the reading, or goes on with it.
pub async fn pause(app: &App, actor: &Actor, id: Id, paused: bool) -> Result<Sheet> {
    let actor = actor.clone();
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            find_in(&tx, &actor, id).await?;
            let (from, to) = if paused {
                ("'active', 'broken'", "paused")
            } else {
                ("'paused', 'broken'", "active")
            };
            let sql = format!(
                "UPDATE connected_sheet SET state = $3, tries = 0 WHERE tenant_id = $1 AND id = $2 AND state IN ({from})"
            );
            let values = vec![tx.tenant().0.into(), id.into(), to.into()];
            if tx.run(&sql, values).await? == 1 {
                let action = if paused { "sheet.paused" } else { "sheet.resumed" };
                audit::record(&tx, &actor, action, "sheet", id, json!({})).await?;
                if !paused {
                    enqueue_now(&tx, id).await?;
                }
            }
            find_in(&tx, &actor, id).await
        })
        .await
}

/// Another key, tried before it replaces the one that no longer works.
pub async fn replace_key(desk: &Desk, actor: &Actor, id: Id, json: &str) -> Result<Sheet> {
    actor.may(Permit::ImportsCreate)?;
    let key = ServiceKey::read(json)?;
    let sheet = sheet::find(&desk.app, actor, id).await?;
    book(&*desk.google, &key, &sheet.spreadsheet).await?;
    let sealed = desk.app.secrets.seal(&place(actor.tenant_id(), id), &key.text())?;
    let actor = actor.clone();
    desk.app
        .db
        .write(actor.tenant_id(), async move |tx: Tx| {
            find_in(&tx, &actor, id).await?;
            let sql = "UPDATE connected_sheet SET key_sealed = $3, email = $4, error = NULL, tries = 0, \
                       state = CASE WHEN state = 'broken' THEN 'active' ELSE state END \
                       WHERE tenant_id = $1 AND id = $2";
            let email = key.client_email.as_str();
            tx.run(sql, vec![tx.tenant().0.into(), id.into(), sealed.into(), email.into()])
                .await?;
            enqueue_now(&tx, id).await?;
            audit::record(
                &tx,
                &actor,
                "sheet.key_replaced",
                "sheet",
                id,
                json!({"account": email}),
            )
            .await?;
            find_in(&tx, &actor, id).await
        })
        .await
}

/// Forgets a sheet and its key; the leads it made stay, as does the history of them.
pub async fn remove(app: &App, actor: &Actor, id: Id) -> Result<()> {
    let actor = actor.clone();
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            let sheet = find_in(&tx, &actor, id).await?;
            let key = || vec![tx.tenant().0.into(), id.into()];
            tx.run("DELETE FROM sheet_row WHERE tenant_id = $1 AND sheet_id = $2", key())
                .await?;
            tx.run("DELETE FROM connected_sheet WHERE tenant_id = $1 AND id = $2", key())
                .await?;
            let what = json!({"title": sheet.title, "tab": sheet.tab});
            audit::record(&tx, &actor, "sheet.removed", "sheet", id, what).await
        })
        .await
}
