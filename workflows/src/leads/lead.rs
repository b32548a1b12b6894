//! A lead's row, and the only way to one: within the tenant, and within what the actor may see.

use crate::follow_ups::entity as follow_up;
use platform::db::Scoped;
use platform::{Actor, App, Error, Id, Permit, Result, TenantId, Tx};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, FromQueryResult, QueryFilter, QuerySelect, Select};
use serde::{Deserialize, Serialize};

pub(crate) mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize, serde::Deserialize)]
    #[sea_orm(table_name = "lead")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        #[serde(skip)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub name: String,
        #[serde(skip)]
        pub name_key: String,
        pub phone: Option<String>,
        pub secondary_phone: Option<String>,
        pub course_id: Option<Uuid>,
        pub source: String,
        pub status: String,
        pub status_since: DateTimeUtc,
        pub owner_id: Option<Uuid>,
        pub assigned_at: Option<DateTimeUtc>,
        pub waiting_since: Option<DateTimeUtc>,
        pub notes: String,
        pub tags: Json,
        pub custom: Json,
        pub lost_reason: Option<String>,
        pub lost_at: Option<DateTimeUtc>,
        pub enrolled_at: Option<DateTimeUtc>,
        pub first_contact_at: Option<DateTimeUtc>,
        pub import_id: Option<Uuid>,
        pub branch_id: Option<Uuid>,
        pub created_by: Option<Uuid>,
        /// From 0 to 100; none until a rule gave one.
        pub score: Option<i16>,
        #[serde(default)]
        pub score_reasons: Option<Json>,
        /// In the trash since then.
        #[serde(skip)]
        pub deleted_at: Option<DateTimeUtc>,
        #[serde(skip)]
        pub deleted_by: Option<Uuid>,
        pub version: i64,
        pub created_at: DateTimeUtc,
        pub updated_at: DateTimeUtc,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

impl Scoped for entity::Entity {
    const TENANT: entity::Column = entity::Column::TenantId;

    /// Leads in the trash are nowhere else.
    fn of(tenant: TenantId) -> Select<Self> {
        every(tenant).filter(entity::Column::DeletedAt.is_null())
    }
}

#[expect(clippy::disallowed_methods, reason = "the one finder that sees the trash")]
pub(super) fn every(tenant: TenantId) -> Select<entity::Entity> {
    <entity::Entity as sea_orm::EntityTrait>::find().filter(entity::Column::TenantId.eq(tenant.0))
}

pub type Lead = entity::Model;

/// The leads an actor may see: all, or the own ones and those a follow-up was handed over of.
pub(crate) fn visible(actor: &Actor) -> Result<Select<entity::Entity>> {
    let all = entity::Entity::of(actor.tenant_id());
    if actor.can(Permit::LeadsAll) {
        return Ok(all);
    }
    actor.may(Permit::LeadsOwn)?;
    let person = actor.person()?;
    let handed = crate::follow_ups::open_of(actor.tenant_id(), person)
        .and_where(
            Expr::col((follow_up::Entity, follow_up::Column::LeadId)).equals((entity::Entity, entity::Column::Id)),
        )
        .to_owned();
    let own = Condition::any()
        .add(entity::Column::OwnerId.eq(person))
        .add(Expr::exists(handed));
    Ok(all.filter(own))
}

pub async fn find(app: &App, actor: &Actor, id: Id) -> Result<Lead> {
    let actor = actor.clone();
    app.db
        .glance(actor.tenant_id(), async move |tx: Tx| find_in(&tx, &actor, id).await)
        .await
}

pub async fn find_in(tx: &Tx, actor: &Actor, id: Id) -> Result<Lead> {
    visible(actor)?
        .filter(entity::Column::Id.eq(id))
        .one(tx)
        .await?
        .ok_or(Error::NotFound)
}

/// As [`find_in`], locked until the transaction ends where the engine has row locks.
pub(crate) async fn lock(tx: &Tx, actor: &Actor, id: Id) -> Result<Lead> {
    let mut query = visible(actor)?.filter(entity::Column::Id.eq(id));
    if tx.is_postgres() {
        query = query.lock_exclusive();
    }
    query.one(tx).await?.ok_or(Error::NotFound)
}

/// Any lead, in the trash or not, locked; whoever calls has asked whether the actor may.
pub(super) async fn lock_any(tx: &Tx, id: Id) -> Result<Option<Lead>> {
    let mut query = every(tx.tenant()).filter(entity::Column::Id.eq(id));
    if tx.is_postgres() {
        query = query.lock_exclusive();
    }
    Ok(query.one(tx).await?)
}

/// Refuses a stale version; `None` where the door does not check one.
pub(crate) fn fresh(lead: &Lead, version: Option<i64>) -> Result<()> {
    match version {
        Some(version) if version != lead.version => Err(Error::Precondition { missing: false }),
        _ => Ok(()),
    }
}

#[derive(Debug, Clone, FromQueryResult, Serialize, Deserialize)]
pub struct Sibling {
    pub id: Id,
    pub name: String,
}

/// Other leads with one of a lead's phones that the actor may see: usually the family.
pub async fn family(app: &App, actor: &Actor, lead: Id) -> Result<Vec<Sibling>> {
    let actor = actor.clone();
    app.db
        .read(actor.tenant_id(), async move |tx: Tx| {
            let lead = find_in(&tx, &actor, lead).await?;
            siblings(&tx, &actor, &lead).await
        })
        .await
}

pub(super) async fn siblings(tx: &Tx, actor: &Actor, lead: &Lead) -> Result<Vec<Sibling>> {
    let mut values = vec![tx.tenant().0.into(), lead.id.into()];
    let mut own = "";
    if !actor.can(Permit::LeadsAll) {
        values.push(actor.person()?.into());
        own = "AND l.owner_id = $3 ";
    }
    let sql = format!(
        "SELECT DISTINCT l.id, l.name FROM lead_phone AS mine \
         JOIN lead_phone AS other ON other.tenant_id = mine.tenant_id AND other.e164 = mine.e164 \
         JOIN lead AS l ON l.tenant_id = other.tenant_id AND l.id = other.lead_id \
         WHERE mine.tenant_id = $1 AND mine.lead_id = $2 AND other.lead_id <> $2 AND l.deleted_at IS NULL {own}ORDER BY l.name LIMIT 20"
    );
    tx.all(&sql, values).await
}
