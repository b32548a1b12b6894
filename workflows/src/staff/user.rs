//! A user's row, and the lists of people.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use platform::db::Scoped;
use platform::{Actor, App, Error, Id, Permit, Result, Tx, scoped};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect};

pub(crate) mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel, serde::Serialize)]
    #[sea_orm(table_name = "app_user")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        #[serde(skip)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub username: String,
        pub first_name: String,
        pub last_name: String,
        #[serde(skip)]
        pub name_key: String,
        pub email: Option<String>,
        pub phone: Option<String>,
        pub role: String,
        #[serde(skip)]
        pub password_hash: Option<String>,
        pub active: bool,
        pub receives_leads: bool,
        pub locale: Option<String>,
        #[serde(skip)]
        pub theme: String,
        pub branch_id: Option<Uuid>,
        pub weight: i32,
        pub lead_cap: Option<i32>,
        pub last_assigned_at: Option<DateTimeUtc>,
        #[serde(skip)]
        pub hours_set: bool,
        pub absent_from: Option<DateTimeUtc>,
        pub absent_to: Option<DateTimeUtc>,
        pub blocked_since: Option<DateTimeUtc>,
        pub version: i64,
        pub created_at: DateTimeUtc,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

scoped!(entity);

pub type User = entity::Model;

impl User {
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name).trim().to_owned()
    }

    /// Whether a manager marked this person away at an instant; an open end means until further notice.
    pub fn absent_at(&self, at: DateTime<Utc>) -> bool {
        self.absent_from.is_some_and(|from| from <= at) && self.absent_to.is_none_or(|to| at < to)
    }
}

/// One user: an own record for everybody, others' for those who may read staff.
pub async fn find(app: &App, actor: &Actor, id: Id) -> Result<User> {
    if actor.user != Some(id) {
        actor.may(Permit::StaffRead)?;
    }
    app.db
        .read(actor.tenant_id(), async move |tx: Tx| find_in(&tx, id).await)
        .await
}

pub async fn find_in(tx: &Tx, id: Id) -> Result<User> {
    let user = entity::Entity::of(tx.tenant())
        .filter(entity::Column::Id.eq(id))
        .one(tx)
        .await?;
    user.ok_or(Error::NotFound)
}

/// All users by name; at most 1,000, far above any centre.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<User>> {
    actor.may(Permit::StaffRead)?;
    let tenant = actor.tenant_id();
    app.db
        .glance(tenant, async move |tx: Tx| {
            let users = entity::Entity::of(tenant)
                .order_by_asc(entity::Column::NameKey)
                .limit(1000)
                .all(&tx)
                .await?;
            Ok(users)
        })
        .await
}

/// Everybody by name and by id, for showing: names beside what people own, never a decision.
pub struct Colleagues {
    pub all: Vec<User>,
    places: HashMap<Id, usize>,
}

impl Colleagues {
    pub fn get(&self, id: Id) -> Option<&User> {
        self.places.get(&id).and_then(|place| self.all.get(*place))
    }
}

/// As [`list`], remembered for a few seconds.
pub async fn colleagues(app: &App, actor: &Actor) -> Result<Arc<Colleagues>> {
    actor.may(Permit::StaffRead)?;
    let find = async || {
        let all = list(app, actor).await?;
        let places = all.iter().enumerate().map(|(place, user)| (user.id, place)).collect();
        Ok(Colleagues { all, places })
    };
    app.kept.get(actor.tenant_id(), find).await
}

/// Everybody who sells, by name: reps, and whoever else receives leads.
pub async fn sellers(tx: &Tx) -> Result<Vec<User>> {
    let sells = Condition::any()
        .add(entity::Column::Role.eq("sales"))
        .add(entity::Column::ReceivesLeads.eq(true));
    let found = entity::Entity::of(tx.tenant())
        .filter(entity::Column::Active.eq(true))
        .filter(sells)
        .order_by_asc(entity::Column::NameKey)
        .limit(1000)
        .all(tx)
        .await?;
    Ok(found)
}

/// The courses a user takes leads of; none means all.
pub async fn courses_of(app: &App, actor: &Actor, id: Id) -> Result<Vec<Id>> {
    find(app, actor, id).await?;
    app.db
        .read(actor.tenant_id(), async move |tx: Tx| courses_in(&tx, id).await)
        .await
}

pub(super) async fn courses_in(tx: &Tx, id: Id) -> Result<Vec<Id>> {
    #[derive(sea_orm::FromQueryResult)]
    struct Row {
        course_id: Id,
    }
    let sql = "SELECT course_id FROM user_course WHERE tenant_id = $1 AND user_id = $2 ORDER BY course_id LIMIT 1000";
    let rows: Vec<Row> = tx.all(sql, vec![tx.tenant().0.into(), id.into()]).await?;
    Ok(rows.into_iter().map(|row| row.course_id).collect())
}
