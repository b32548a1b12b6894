//! A follow-up's row and the way to it.

use std::collections::HashMap;

use platform::db::Scoped;
use platform::{Actor, App, Error, Id, Permit, Result, TenantId, Tx, scoped};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, Select};

pub(crate) mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
    #[sea_orm(table_name = "follow_up")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        #[serde(skip)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub lead_id: Uuid,
        pub owner_id: Uuid,
        pub due_at: DateTimeUtc,
        /// No working time was near enough: due where it was asked for.
        pub flagged: bool,
        /// open, done, cancelled, deleted.
        pub state: String,
        /// auto (planned by a rule) or manual.
        pub kind: String,
        #[serde(skip)]
        pub identity: String,
        pub key: String,
        pub sequence: i32,
        /// A key of the pack's texts, or what a person wrote.
        pub text: String,
        pub event_id: Option<Uuid>,
        pub decision_id: Option<Uuid>,
        pub outcome: Option<String>,
        pub note: String,
        pub completed_at: Option<DateTimeUtc>,
        pub completed_by: Option<Uuid>,
        pub closed_at: Option<DateTimeUtc>,
        pub reminded_at: Option<DateTimeUtc>,
        pub overdue_at: Option<DateTimeUtc>,
        pub created_by: Option<Uuid>,
        pub version: i64,
        pub created_at: DateTimeUtc,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

scoped!(entity);

pub type FollowUp = entity::Model;

pub(crate) fn visible(actor: &Actor) -> Result<Select<entity::Entity>> {
    let all = entity::Entity::of(actor.tenant_id());
    if actor.can(Permit::FollowUpsAll) {
        return Ok(all);
    }
    actor.may(Permit::FollowUpsOwn)?;
    Ok(all.filter(entity::Column::OwnerId.eq(actor.person()?)))
}

pub async fn find(app: &App, actor: &Actor, id: Id) -> Result<FollowUp> {
    let actor = actor.clone();
    app.db
        .glance(actor.tenant_id(), async move |tx: Tx| find_in(&tx, &actor, id).await)
        .await
}

pub(super) async fn find_in(tx: &Tx, actor: &Actor, id: Id) -> Result<FollowUp> {
    visible(actor)?
        .filter(entity::Column::Id.eq(id))
        .one(tx)
        .await?
        .ok_or(Error::NotFound)
}

/// As [`find`], locked until the transaction ends where the engine has row locks.
pub(super) async fn lock(tx: &Tx, actor: &Actor, id: Id) -> Result<FollowUp> {
    let mut query = visible(actor)?.filter(entity::Column::Id.eq(id));
    if tx.is_postgres() {
        query = query.lock_exclusive();
    }
    query.one(tx).await?.ok_or(Error::NotFound)
}

/// As [`lock`], of many, in one order whoever asks; those the actor may not see are left out.
pub(super) async fn lock_all(tx: &Tx, actor: &Actor, ids: &[Id]) -> Result<HashMap<Id, FollowUp>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut query = visible(actor)?
        .filter(entity::Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(entity::Column::Id);
    if tx.is_postgres() {
        query = query.lock_exclusive();
    }
    let found = query.all(tx).await?;
    Ok(found.into_iter().map(|found| (found.id, found)).collect())
}

/// Somebody's open follow-ups, for a condition on their leads.
pub(crate) fn open_of(tenant: TenantId, person: Id) -> SelectStatement {
    Query::select()
        .column((entity::Entity, entity::Column::Id))
        .from(entity::Entity)
        .and_where(Expr::col((entity::Entity, entity::Column::TenantId)).eq(tenant.0))
        .and_where(Expr::col((entity::Entity, entity::Column::OwnerId)).eq(person))
        .and_where(Expr::col((entity::Entity, entity::Column::State)).eq("open"))
        .to_owned()
}

/// A lead's follow-ups, open ones first by time, then the closed ones; at most 200.
pub async fn of_lead(app: &App, actor: &Actor, lead: Id) -> Result<Vec<FollowUp>> {
    let actor = actor.clone();
    app.db
        .read(actor.tenant_id(), async move |tx: Tx| {
            crate::leads::find_in(&tx, &actor, lead).await?;
            of_lead_in(&tx, lead).await
        })
        .await
}

/// As [`of_lead`], of a lead already found to be visible.
pub(crate) async fn of_lead_in(tx: &Tx, lead: Id) -> Result<Vec<FollowUp>> {
    let mut found = entity::Entity::of(tx.tenant())
        .filter(entity::Column::LeadId.eq(lead))
        .filter(entity::Column::State.ne("deleted"))
        .order_by_desc(entity::Column::CreatedAt)
        .limit(200)
        .all(tx)
        .await?;
    found.sort_by_key(|f| (f.state != "open", f.due_at));
    Ok(found)
}
