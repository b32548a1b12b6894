//! The rows an import did not take, each with its reason in the reader's language, as a list and as a table to mend
//! and upload again.

use platform::http::message;
use platform::locale::{Lang, find, t};
use platform::{Actor, Error, Id, Permit, Result, Tx};
use sea_orm::{FromQueryResult, Value};
use serde::Serialize;
use serde_json::Map;
use wire::pack::CustomField;

use super::import::find_in;
use crate::leads::custom::fields_in;
use crate::leads::label;
use crate::ports::Desk;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Rejected,
    Duplicates,
}

#[derive(Debug, Clone, Serialize)]
pub struct Skipped {
    /// What stands beside the row in a spreadsheet program.
    pub row: i64,
    pub code: String,
    pub field: Option<String>,
    pub message: String,
    /// The lead that was there first, for who may see it.
    pub lead_id: Option<Id>,
    pub cells: Vec<String>,
}

/// Rows after a given one, in the file's order; at most 1,000.
pub async fn skipped(
    app: &platform::App,
    actor: &Actor,
    id: Id,
    kind: Kind,
    after: i64,
    limit: u64,
) -> Result<Vec<Skipped>> {
    let actor = actor.clone();
    app.db
        .read(actor.tenant_id(), async move |tx: Tx| {
            find_in(&tx, &actor, id).await?;
            page(&tx, &actor, id, kind, after, limit.clamp(1, 1000)).await
        })
        .await
}

/// The rows as csv under the file's own titles, with the reason as the last column.
pub async fn download(desk: &Desk, actor: &Actor, id: Id, kind: Kind) -> Result<Vec<u8>> {
    let import = super::find(&desk.app, actor, id).await?;
    let mut table = desk.sheets.sheets.csv().map_err(Error::internal)?;
    let titles = import.header();
    let reason = t(actor.lang, "imports-reason", &[]);
    let line = titles.iter().chain([&reason]).map(String::as_str).collect::<Vec<_>>();
    table.row(&line).map_err(Error::internal)?;
    let mut after = 0;
    loop {
        let rows = skipped(&desk.app, actor, id, kind, after, 1000).await?;
        let Some(last) = rows.last() else { break };
        after = last.row;
        for row in &rows {
            let cell = |at: usize| row.cells.get(at).map_or("", String::as_str);
            let mut line: Vec<&str> = (0..titles.len()).map(cell).collect();
            line.push(&row.message);
            table.row(&line).map_err(Error::internal)?;
        }
    }
    table.finish().map_err(Error::internal)
}

async fn page(tx: &Tx, actor: &Actor, id: Id, kind: Kind, after: i64, limit: u64) -> Result<Vec<Skipped>> {
    #[derive(FromQueryResult)]
    struct Row {
        number: i64,
        code: String,
        field: Option<String>,
        args: serde_json::Value,
        cells: serde_json::Value,
        lead_id: Option<Id>,
        owner_id: Option<Id>,
    }
    let which = match kind {
        Kind::Rejected => "NOT IN",
        Kind::Duplicates => "IN",
    };
    let sql = format!(
        "SELECT r.number, r.code, r.field, r.args, r.cells, l.id AS lead_id, l.owner_id FROM import_row AS r \
         LEFT JOIN lead AS l ON l.tenant_id = r.tenant_id AND l.id = r.lead_id AND l.deleted_at IS NULL \
         WHERE r.tenant_id = $1 AND r.import_id = $2 AND r.number > $3 \
         AND r.code {which} ('duplicate_in_file', 'duplicate_lead', 'duplicate_filled') ORDER BY r.number LIMIT {limit}"
    );
    let values: Vec<Value> = vec![tx.tenant().0.into(), id.into(), after.into()];
    let rows: Vec<Row> = tx.all(&sql, values).await?;
    let own = match rows
        .iter()
        .any(|row| row.field.as_deref().is_some_and(|f| f.starts_with("custom.")))
    {
        true => fields_in(tx).await?,
        false => Vec::new(),
    };
    let sees = |owner: Option<Id>| actor.can(Permit::LeadsAll) || (actor.user.is_some() && owner == actor.user);
    Ok(rows
        .into_iter()
        .map(|row| Skipped {
            row: row.number,
            message: said(actor.lang, &own, &row.code, row.field.as_deref(), &row.args),
            code: row.code,
            field: row.field,
            lead_id: row.lead_id.filter(|_| sees(row.owner_id)),
            cells: serde_json::from_value(row.cells).unwrap_or_default(),
        })
        .collect())
}

/// The reason in words; most say of themselves which column they mean.
fn said(lang: Lang, own: &[CustomField], code: &str, field: Option<&str>, args: &serde_json::Value) -> String {
    if let Some(text) = find(lang, &format!("imports-row-{}", code.replace('_', "-")), &[]) {
        return text;
    }
    let none = Map::new();
    let text = message(lang, code, args.as_object().unwrap_or(&none));
    match field {
        Some(field) if !code.starts_with("phone_") => {
            let id = format!("imports-field-{}", field.replace('_', "-"));
            let name = match field.strip_prefix("custom.") {
                Some(key) => own
                    .iter()
                    .find(|own| own.key == key)
                    .map(|own| label(&own.labels, lang).to_owned()),
                None => find(lang, &id, &[]),
            };
            name.map_or(text.clone(), |name| format!("{name}: {text}"))
        }
        _ => text,
    }
}
