//! Leads taken back with the import that made them: gone as if they had never come, unless a person has touched them.
//! Their events stay, and say so.

use platform::db::list;
use platform::events::{self, NewEvent};
use platform::{Actor, Id, Result, Tx};
use sea_orm::{FromQueryResult, Value};
use serde_json::json;

use super::trash::BELONGINGS;

/// Whatever a person did with a lead, and whatever the lead itself did again, left an event behind; another table that
/// filled it in left its note.
const TOUCHED: &str = "(EXISTS (SELECT 1 FROM event AS e WHERE e.tenant_id = $1 AND e.lead_id = l.id \
     AND e.kind NOT IN ('lead.created', 'lead.filled') \
     AND (e.actor_id IS NOT NULL OR e.kind = 'lead.enquired_again')) \
     OR EXISTS (SELECT 1 FROM import_fill AS f WHERE f.tenant_id = $1 AND f.lead_id = l.id AND f.import_id <> $2))";

/// Removes those of the leads that nobody has touched, with their follow-ups. Returns how many.
pub(crate) async fn withdraw_untouched_in(tx: &Tx, actor: &Actor, import: Id, leads: &[Id]) -> Result<usize> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Id,
        owner_id: Option<Id>,
    }
    if leads.is_empty() {
        return Ok(0);
    }
    let lock = if tx.is_postgres() { " FOR UPDATE" } else { "" };
    let sql = format!(
        "SELECT l.id, l.owner_id FROM lead AS l WHERE l.tenant_id = $1 AND l.import_id = $2 AND l.id IN ({}) \
         AND NOT {TOUCHED}{lock}",
        list(3, leads.len())
    );
    let gone: Vec<Row> = tx.all(&sql, values(tx, &[import.into()], leads)).await?;
    let ids: Vec<Id> = gone.iter().map(|row| row.id).collect();
    if ids.is_empty() {
        return Ok(0);
    }
    let freed = phones(tx, &ids).await?;
    for table in BELONGINGS {
        let sql = format!(
            "DELETE FROM {table} WHERE tenant_id = $1 AND lead_id IN ({})",
            list(2, ids.len())
        );
        tx.run(&sql, values(tx, &[], &ids)).await?;
    }
    let sql = format!(
        "DELETE FROM lead WHERE tenant_id = $1 AND id IN ({})",
        list(2, ids.len())
    );
    tx.run(&sql, values(tx, &[], &ids)).await?;
    move_up(tx, freed).await?;
    let told = gone.iter().map(|row| NewEvent {
        kind: "lead.withdrawn",
        lead: Some(row.id),
        owner: row.owner_id,
        cause: None,
        payload: json!({"import_id": import}),
    });
    events::record_all(tx, actor, told.collect()).await?;
    Ok(ids.len())
}

async fn phones(tx: &Tx, leads: &[Id]) -> Result<Vec<String>> {
    #[derive(FromQueryResult)]
    struct Row {
        e164: String,
    }
    let sql = format!(
        "SELECT DISTINCT e164 FROM lead_phone WHERE tenant_id = $1 AND lead_id IN ({})",
        list(2, leads.len())
    );
    let rows: Vec<Row> = tx.all(&sql, values(tx, &[], leads)).await?;
    Ok(rows.into_iter().map(|row| row.e164).collect())
}

/// Where the first of a family went, the next one is first: every door looks for a phone there.
async fn move_up(tx: &Tx, phones: Vec<String>) -> Result<()> {
    for chunk in phones.chunks(900) {
        let mut values: Vec<Value> = vec![tx.tenant().0.into()];
        values.extend(chunk.iter().map(|phone| Value::from(phone.as_str())));
        let sql = format!(
            "UPDATE lead_phone SET sibling = 0 WHERE tenant_id = $1 AND sibling > 0 AND e164 IN ({}) AND sibling = \
             (SELECT MIN(o.sibling) FROM lead_phone AS o WHERE o.tenant_id = $1 AND o.e164 = lead_phone.e164)",
            list(2, chunk.len())
        );
        tx.run(&sql, values).await?;
    }
    Ok(())
}

fn values(tx: &Tx, between: &[Value], leads: &[Id]) -> Vec<Value> {
    let mut values: Vec<Value> = vec![tx.tenant().0.into()];
    values.extend(between.iter().cloned());
    values.extend(leads.iter().map(|id| Value::from(*id)));
    values
}
