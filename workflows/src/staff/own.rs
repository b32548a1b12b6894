//! What everybody changes of their own: name, e-mail and phone, password, language and theme.

use platform::audit::{self, Changes};
use platform::auth::{password, reset};
use platform::db::Scoped;
use platform::fold::name_key;
use platform::locale::Lang;
use platform::{Actor, App, Error, Permit, Result, Tx};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, IntoActiveModel, QueryFilter};
use serde_json::json;

use super::contact;
use super::user::{Colleagues, User, entity, find_in};
use crate::typed;

#[derive(Debug, Clone, Default)]
pub struct Details {
    pub first_name: String,
    pub last_name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
}

pub async fn edit_own(app: &App, actor: &Actor, details: Details) -> Result<User> {
    actor.may(Permit::Profile)?;
    let (id, author) = (actor.person()?, actor.clone());
    let edited = app
        .db
        .write(actor.tenant_id(), async move |tx: Tx| {
            let user = find_in(&tx, id).await?;
            let (first, last) = (
                typed::line("first_name", &details.first_name, 100)?,
                typed::line("last_name", &details.last_name, 100)?,
            );
            if first.is_empty() {
                return Err(Error::field("first_name", "required"));
            }
            let email = contact::email(details.email.as_deref())?;
            let phone = contact::phone(&author, details.phone.as_deref())?;
            let fresh = |now: &Option<String>, was: &Option<String>| now.clone().filter(|_| now != was);
            let (new_email, new_phone) = (fresh(&email, &user.email), fresh(&phone, &user.phone));
            contact::only_theirs(&tx, Some(id), new_email.as_deref(), new_phone.as_deref()).await?;
            let mut changes = Changes::default();
            changes.field("first_name", &user.first_name, &first);
            changes.field("last_name", &user.last_name, &last);
            changes.personal("email", user.email.as_deref(), email.as_deref());
            changes.personal("phone", user.phone.as_deref(), phone.as_deref());
            if changes.is_empty() {
                return Ok(user);
            }
            let version = user.version + 1;
            let mut row = user.into_active_model();
            row.name_key = Set(name_key(&format!("{first} {last}")));
            row.first_name = Set(first);
            row.last_name = Set(last);
            row.email = Set(email);
            row.phone = Set(phone);
            row.version = Set(version);
            let changed = row.update(&tx).await?;
            audit::record(&tx, &author, "user.changed", "user", id, changes.into()).await?;
            Ok(changed)
        })
        .await;
    app.kept.forget::<Colleagues>(actor.tenant_id());
    edited
}

/// The own password, with the old one as proof. Signs out everywhere.
pub async fn change_password(app: &App, actor: &Actor, old: &str, new: &str) -> Result<()> {
    let (id, author) = (actor.person()?, actor.clone());
    password::prove(app, actor, "old_password", old).await?;
    password::check_rule(new)?;
    let hash = password::hash(new).await?;
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            reset::set_in(&tx, id, &hash).await?;
            audit::record(&tx, &author, "user.password_changed", "user", id, json!({})).await
        })
        .await
}

pub async fn set_language_and_theme(app: &App, actor: &Actor, lang: Lang, theme: &str) -> Result<()> {
    if !["auto", "light", "dark"].contains(&theme) {
        return Err(Error::field("theme", "unknown_theme"));
    }
    let (id, tenant, theme) = (actor.person()?, actor.tenant_id(), theme.to_owned());
    let author = actor.clone();
    app.db
        .write(tenant, async move |tx: Tx| {
            entity::Entity::change(tenant)
                .filter(entity::Column::Id.eq(id))
                .col_expr(entity::Column::Locale, Expr::value(lang.code()))
                .col_expr(entity::Column::Theme, Expr::value(theme))
                .exec(&tx)
                .await?;
            let told = json!({"locale": {"from": author.lang.code(), "to": lang.code()}});
            audit::record(&tx, &author, "user.look_changed", "user", id, told).await
        })
        .await
}
