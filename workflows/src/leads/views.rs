//! Lists people keep: a filter with a name, one's own or the team's, and the columns each likes to see.

use platform::idempotency::Key;
use platform::ids::new_id;
use platform::{Actor, App, Error, Id, Permit, Result, Tx};
use sea_orm::{FromQueryResult, Value};
use serde::Serialize;
use serde_json::json;

use super::custom::fields_in;
use crate::typed;

const MOST: i64 = 50;
const LONGEST_NAME: usize = 60;
const LONGEST_QUERY: usize = 2_000;

/// Every column there is to choose from besides the centre's own fields, in the order they stand.
pub const COLUMNS: [&str; 10] = [
    "phone", "course", "status", "owner", "next", "source", "tags", "score", "changed", "created",
];
const USUAL: [&str; 7] = ["phone", "course", "status", "owner", "next", "source", "created"];

#[derive(Debug, Clone, FromQueryResult, Serialize)]
pub struct View {
    pub id: Id,
    pub owner_id: Id,
    pub shared: bool,
    pub name: String,
    /// The list's address after `?`.
    pub query: String,
}

/// How the list looks to somebody.
#[derive(Debug, Clone, Default)]
pub struct ListLook {
    /// Own and shared views, by name.
    pub views: Vec<View>,
    pub columns: Vec<String>,
}

#[derive(Debug, Clone, Default)]
pub struct ViewEdit {
    pub name: Option<String>,
    pub shared: Option<bool>,
    pub query: Option<String>,
}

pub async fn list_look(app: &App, actor: &Actor) -> Result<ListLook> {
    #[derive(FromQueryResult)]
    struct Row {
        columns: serde_json::Value,
    }
    may(actor)?;
    let user = actor.user;
    app.db
        .read(actor.tenant_id(), async move |tx: Tx| {
            let values = || -> Vec<Value> { vec![tx.tenant().0.into(), user.into()] };
            let sql = "SELECT id, owner_id, shared, name, query FROM lead_view \
                       WHERE tenant_id = $1 AND (shared OR owner_id = $2) ORDER BY name, id LIMIT 200";
            let views = tx.all(sql, values()).await?;
            let sql = "SELECT columns FROM lead_columns WHERE tenant_id = $1 AND user_id = $2";
            let row: Option<Row> = tx.one(sql, values()).await?;
            let kept: Option<Vec<String>> = row.and_then(|row| serde_json::from_value(row.columns).ok());
            let columns = kept.unwrap_or_else(|| USUAL.map(str::to_owned).to_vec());
            Ok(ListLook { views, columns })
        })
        .await
}

/// Keeps a list under a name. Whoever may assign leads may share it with the team.
pub async fn keep_view(app: &App, actor: &Actor, view: ViewEdit, key: Option<Key>) -> Result<Id> {
    may(actor)?;
    let owner = actor.person()?;
    let shared = sharing(actor, view.shared)?.unwrap_or(false);
    let name = named(view.name.as_deref().unwrap_or_default())?;
    let query = bounded(view.query.unwrap_or_default())?;
    app.once(actor, key, async move |tx: Tx| {
        #[derive(FromQueryResult)]
        struct Row {
            count: i64,
        }
        let sql = "SELECT COUNT(*) AS count FROM lead_view WHERE tenant_id = $1 AND owner_id = $2";
        let row: Option<Row> = tx.one(sql, vec![tx.tenant().0.into(), owner.into()]).await?;
        if row.is_some_and(|row| row.count >= MOST) {
            return Err(Error::field("name", "too_many").with("max", MOST));
        }
        let id = new_id();
        let sql = "INSERT INTO lead_view (tenant_id, id, owner_id, shared, name, query, created_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let values = vec![
            tx.tenant().0.into(),
            id.into(),
            owner.into(),
            shared.into(),
            name.into(),
            query.into(),
            tx.now().into(),
        ];
        tx.run(sql, values).await?;
        Ok(id)
    })
    .await
}

/// Renames a view, shares it or not, or gives it another filter.
pub async fn edit_view(app: &App, actor: &Actor, id: Id, edit: ViewEdit) -> Result<View> {
    may(actor)?;
    let shared = sharing(actor, edit.shared)?;
    let name = edit.name.as_deref().map(named).transpose()?;
    let query = edit.query.map(bounded).transpose()?;
    let actor = actor.clone();
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            let mut view = own_in(&tx, &actor, id).await?;
            view.name = name.unwrap_or(view.name);
            view.shared = shared.unwrap_or(view.shared);
            view.query = query.unwrap_or(view.query);
            let sql = "UPDATE lead_view SET name = $3, shared = $4, query = $5 WHERE tenant_id = $1 AND id = $2";
            let values = vec![
                tx.tenant().0.into(),
                id.into(),
                view.name.as_str().into(),
                view.shared.into(),
                view.query.as_str().into(),
            ];
            tx.run(sql, values).await?;
            Ok(view)
        })
        .await
}

pub async fn drop_view(app: &App, actor: &Actor, id: Id) -> Result<()> {
    may(actor)?;
    let actor = actor.clone();
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            own_in(&tx, &actor, id).await?;
            let sql = "DELETE FROM lead_view WHERE tenant_id = $1 AND id = $2";
            tx.run(sql, vec![tx.tenant().0.into(), id.into()]).await.map(|_| ())
        })
        .await
}

/// The columns of one's own list, `custom.<key>` being the centre's own; names nobody knows are refused.
pub async fn choose_columns(app: &App, actor: &Actor, columns: Vec<String>) -> Result<Vec<String>> {
    may(actor)?;
    let user = actor.person()?;
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            let own = fields_in(&tx).await?.into_iter().map(|field| own_column(&field.key));
            let known: Vec<String> = COLUMNS.map(str::to_owned).into_iter().chain(own).collect();
            if columns.iter().any(|column| !known.contains(column)) {
                return Err(Error::field("columns", "unknown_column"));
            }
            let kept: Vec<String> = known.into_iter().filter(|column| columns.contains(column)).collect();
            let sql = "INSERT INTO lead_columns (tenant_id, user_id, columns) VALUES ($1, $2, $3) \
                       ON CONFLICT (tenant_id, user_id) DO UPDATE SET columns = excluded.columns";
            let values = vec![tx.tenant().0.into(), user.into(), json!(kept).into()];
            tx.run(sql, values).await?;
            Ok(kept)
        })
        .await
}

/// The name of a column for one of the centre's own fields.
pub fn own_column(key: &str) -> String {
    format!("custom.{key}")
}

fn may(actor: &Actor) -> Result<()> {
    if actor.can(Permit::LeadsAll) {
        return Ok(());
    }
    actor.may(Permit::LeadsOwn)
}

fn sharing(actor: &Actor, shared: Option<bool>) -> Result<Option<bool>> {
    if shared == Some(true) {
        actor.may(Permit::LeadsAssign)?;
    }
    Ok(shared)
}

fn named(name: &str) -> Result<String> {
    let name = typed::line("name", name, LONGEST_NAME)?;
    if name.is_empty() {
        return Err(Error::field("name", "required"));
    }
    Ok(name)
}

fn bounded(query: String) -> Result<String> {
    if query.len() > LONGEST_QUERY {
        return Err(Error::field("query", "too_long").with("max", LONGEST_QUERY as u64));
    }
    Ok(query.trim_start_matches('?').to_owned())
}

/// One's own view, or a shared one for who may share.
async fn own_in(tx: &Tx, actor: &Actor, id: Id) -> Result<View> {
    let sql = "SELECT id, owner_id, shared, name, query FROM lead_view WHERE tenant_id = $1 AND id = $2";
    let view: Option<View> = tx.one(sql, vec![tx.tenant().0.into(), id.into()]).await?;
    let found = view.filter(|view| actor.user == Some(view.owner_id) || view.shared);
    let view = found.ok_or(Error::NotFound)?;
    if actor.user != Some(view.owner_id) {
        actor.may(Permit::LeadsAssign)?;
    }
    Ok(view)
}
