//! A user acting through a job: what they may do now, not what they might when they asked for it.

use sea_orm::FromQueryResult;

use super::Actor;
use crate::app::App;
use crate::db::Tx;
use crate::error::Result;
use crate::ids::Id;
use crate::tenancy::TenantRef;

/// The actor of a user; nobody for a deactivated one.
pub async fn as_user(app: &App, tenant: &TenantRef, user: Id) -> Result<Option<Actor>> {
    #[derive(FromQueryResult)]
    struct Row {
        first_name: String,
        last_name: String,
        role: String,
        locale: Option<String>,
        policy_version: i64,
    }
    let id = tenant.id;
    let sql = "SELECT u.first_name, u.last_name, u.role, u.locale, t.policy_version FROM app_user AS u \
               JOIN tenant AS t ON t.id = u.tenant_id WHERE u.tenant_id = $1 AND u.id = $2 AND u.active";
    let row: Option<Row> = app
        .db
        .read(id, async move |tx: Tx| {
            tx.one(sql, vec![id.0.into(), user.into()]).await
        })
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Actor {
        grants: app.policies.grants(id, row.policy_version, &row.role).await?,
        lang: row.locale.and_then(|code| code.parse().ok()).unwrap_or(tenant.locale),
        tenant: tenant.clone(),
        user: Some(user),
        name: format!("{} {}", row.first_name, row.last_name).trim().to_owned(),
        role: row.role,
        address: None,
        request_id: None,
    }))
}
