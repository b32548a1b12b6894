//! Roles: the three every centre has and those it defines, what each may do, and who may look after whose people.

use std::collections::HashMap;
use std::sync::Arc;

use platform::auth::{BUILT_IN_ROLES, Grants, Policies};
use platform::{Actor, App, Error, Permit, Result, Tx};
use sea_orm::FromQueryResult;

/// A role as it stands. A built-in one has no name of its own: every language has a word for it.
#[derive(Debug, Clone)]
pub struct Role {
    pub key: String,
    pub name: Option<String>,
    pub built_in: bool,
    pub grants: Grants,
    /// Who has it, deactivated people included.
    pub people: i64,
    pub version: i64,
}

/// The names of a tenant's own roles, for showing.
pub struct RoleNames(HashMap<String, String>);

impl RoleNames {
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }
}

#[derive(FromQueryResult)]
struct Row {
    key: String,
    name: String,
    version: i64,
}

/// The message that says what a permit allows.
pub fn permit_words(object: &str, action: &str) -> String {
    format!("permit-{object}-{action}").replace([':', '_'], "-")
}

/// Every role: the built-in ones, then the tenant's own by name; at most 100.
pub async fn roles(app: &App, actor: &Actor) -> Result<Vec<Role>> {
    actor.may(Permit::StaffRead)?;
    app.db
        .read(actor.tenant_id(), async move |tx: Tx| roles_in(&tx).await)
        .await
}

pub async fn role(app: &App, actor: &Actor, key: &str) -> Result<Role> {
    let found = roles(app, actor).await?.into_iter().find(|role| role.key == key);
    found.ok_or(Error::NotFound)
}

/// The roles an actor may give somebody.
pub async fn roles_to_give(app: &App, actor: &Actor) -> Result<Vec<Role>> {
    let all = roles(app, actor).await?;
    let rep = rep_of(&all);
    let mine = all
        .into_iter()
        .filter(|role| looks_after(actor, rep, role.grants).is_ok());
    Ok(mine.collect())
}

/// As [`roles`], only the names, remembered for a few seconds.
pub async fn role_names(app: &App, actor: &Actor) -> Result<Arc<RoleNames>> {
    let tenant = actor.tenant_id();
    let find = async || {
        let rows = app.db.glance(tenant, async move |tx: Tx| rows(&tx).await).await?;
        Ok(RoleNames(rows.into_iter().map(|row| (row.key, row.name)).collect()))
    };
    app.kept.get(tenant, find).await
}

pub(super) async fn roles_in(tx: &Tx) -> Result<Vec<Role>> {
    #[derive(FromQueryResult)]
    struct Count {
        role: String,
        people: i64,
    }
    let sql = "SELECT role, COUNT(*) AS people FROM app_user WHERE tenant_id = $1 GROUP BY role";
    let counts: Vec<Count> = tx.all(sql, vec![tx.tenant().0.into()]).await?;
    let people = |key: &str| counts.iter().find(|count| count.role == key).map_or(0, |c| c.people);
    let own = Policies::all_in(tx).await?;
    let grants = |key: &str| own.get(key).copied().unwrap_or_default();
    let built_in = BUILT_IN_ROLES.map(|key| Role {
        key: key.to_owned(),
        name: None,
        built_in: true,
        grants: grants(key),
        people: people(key),
        version: 1,
    });
    let rows = rows(tx).await?.into_iter().map(|row| Role {
        built_in: false,
        grants: grants(&row.key),
        people: people(&row.key),
        version: row.version,
        name: Some(row.name),
        key: row.key,
    });
    Ok(built_in.into_iter().chain(rows).collect())
}

/// Who may add, change or remove a person of a role: whoever looks after reps, for a role that may no more than a rep
/// does; whoever looks after managers, for any other; and nobody for a role that may more than they do.
pub(super) async fn may_manage(tx: &Tx, actor: &Actor, role: &str) -> Result<()> {
    actor.may(Permit::StaffSales)?;
    if !BUILT_IN_ROLES.contains(&role) {
        let sql = "SELECT key, name, version FROM role WHERE tenant_id = $1 AND key = $2";
        let row: Option<Row> = tx.one(sql, vec![tx.tenant().0.into(), role.into()]).await?;
        row.ok_or_else(|| Error::field("role", "unknown_role"))?;
    }
    let rep = Policies::grants_in(tx, "sales").await?;
    looks_after(actor, rep, Policies::grants_in(tx, role).await?)
}

/// As [`may_manage`], and the role stays until the transaction ends: nobody is given one that is just being removed.
pub(super) async fn may_give(tx: &Tx, actor: &Actor, role: &str) -> Result<()> {
    if !BUILT_IN_ROLES.contains(&role) {
        let hold = "UPDATE role SET version = version WHERE tenant_id = $1 AND key = $2";
        tx.run(hold, vec![tx.tenant().0.into(), role.into()]).await?;
    }
    may_manage(tx, actor, role).await
}

fn looks_after(actor: &Actor, rep: Grants, role: Grants) -> Result<()> {
    actor.may(if rep.covers(role) {
        Permit::StaffSales
    } else {
        Permit::StaffManagers
    })?;
    if actor.grants.covers(role) {
        Ok(())
    } else {
        Err(Error::Forbidden("role_above_own"))
    }
}

fn rep_of(roles: &[Role]) -> Grants {
    roles
        .iter()
        .find(|role| role.key == "sales")
        .map_or_else(Grants::default, |role| role.grants)
}

async fn rows(tx: &Tx) -> Result<Vec<Row>> {
    let sql = "SELECT key, name, version FROM role WHERE tenant_id = $1 ORDER BY name_key LIMIT 100";
    tx.all(sql, vec![tx.tenant().0.into()]).await
}

#[cfg(test)]
mod tests {
    use platform::locale::{Lang, find};

    use super::*;

    #[test]
    fn every_permit_has_its_words() {
        for lang in Lang::ALL {
            for (_, object, action) in Permit::ALL {
                let id = permit_words(object, action);
                assert!(find(lang, &id, &[]).is_some(), "{lang} has no {id}");
            }
        }
    }
}
