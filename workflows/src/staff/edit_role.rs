//! Making, changing and removing a tenant's own roles. A role never grants more than whoever writes it has.

use platform::audit::{self, Changes};
use platform::auth::{BUILT_IN_ROLES, Grants, Policies};
use platform::fold::name_key;
use platform::idempotency::Key;
use platform::ids::new_id;
use platform::{Actor, App, Error, Id, Permit, Result, Tx};
use serde_json::json;

use super::role::{Role, RoleNames, may_give, may_manage, roles_in};
use super::user::Colleagues;
use crate::typed;

const MOST: usize = 100;

/// Makes a role and answers its key.
pub async fn add_role(app: &App, actor: &Actor, name: &str, grants: Grants, key: Option<Key>) -> Result<Id> {
    actor.may(Permit::Roles)?;
    let (author, name) = (actor.clone(), named(name)?);
    let made = app
        .once(actor, key, async move |tx: Tx| {
            let grants = within(&author, grants)?;
            if roles_in(&tx).await?.len() >= MOST {
                return Err(Error::field("name", "too_many").with("max", MOST));
            }
            free(&tx, &name, "").await?;
            let id = new_id();
            tx.run(
                "INSERT INTO role (tenant_id, key, name, name_key, version, created_at) VALUES ($1, $2, $3, $4, 1, $5)",
                vec![
                    tx.tenant().0.into(),
                    id.to_string().into(),
                    name.as_str().into(),
                    name_key(&name).into(),
                    tx.now().into(),
                ],
            )
            .await?;
            Policies::set_in(&tx, &id.to_string(), grants).await?;
            let told = json!({"name": {"from": null, "to": name}, "permits": {"from": [], "to": permits(grants)}});
            audit::record(&tx, &author, "role.created", "role", id, told).await?;
            Ok(id)
        })
        .await;
    app.kept.forget::<RoleNames>(actor.tenant_id());
    made
}

/// Changes a role's name, what it may do, or both. It holds on every node with the next request.
pub async fn edit_role(app: &App, actor: &Actor, key: &str, name: Option<&str>, grants: Option<Grants>) -> Result<()> {
    actor.may(Permit::Roles)?;
    let (author, key, name) = (actor.clone(), key.to_owned(), name.map(named).transpose()?);
    let done = app
        .db
        .write(actor.tenant_id(), async move |tx: Tx| {
            let role = own(&tx, &author, &key).await?;
            let mut changes = Changes::default();
            if let Some(name) = &name {
                free(&tx, name, &key).await?;
                changes.field("name", &role.name, name);
                tx.run(
                    "UPDATE role SET name = $3, name_key = $4, version = version + 1 WHERE tenant_id = $1 AND key = $2",
                    vec![
                        tx.tenant().0.into(),
                        key.as_str().into(),
                        name.as_str().into(),
                        name_key(name).into(),
                    ],
                )
                .await?;
            }
            if let Some(grants) = grants {
                let grants = within(&author, grants)?;
                changes.field("permits", permits(role.grants), permits(grants));
                Policies::set_in(&tx, &key, grants).await?;
            }
            if changes.is_empty() {
                return Ok(());
            }
            audit::record(&tx, &author, "role.changed", "role", id_of(&key)?, changes.into()).await
        })
        .await;
    app.kept.forget::<RoleNames>(actor.tenant_id());
    done
}

/// Removes a role nobody has; or gives its people another one first.
pub async fn remove_role(app: &App, actor: &Actor, key: &str, move_to: Option<&str>) -> Result<()> {
    actor.may(Permit::Roles)?;
    let (author, key, move_to) = (actor.clone(), key.to_owned(), move_to.map(str::to_owned));
    let done = app
        .db
        .write(actor.tenant_id(), async move |tx: Tx| {
            let role = own(&tx, &author, &key).await?;
            let tenant = tx.tenant();
            let remove = "DELETE FROM role WHERE tenant_id = $1 AND key = $2";
            if role.people > 0 {
                let to = move_to.as_deref().filter(|to| *to != key);
                let to = to.ok_or_else(|| Error::refused("role_in_use").with("count", role.people))?;
                may_manage(&tx, &author, &key).await?;
                may_give(&tx, &author, to).await?;
                let sql = "UPDATE app_user SET role = $3, version = version + 1 WHERE tenant_id = $1 AND role = $2";
                tx.run(sql, vec![tenant.0.into(), key.as_str().into(), to.into()])
                    .await?;
            }
            Policies::set_in(&tx, &key, Grants::default()).await?;
            tx.run(remove, vec![tenant.0.into(), key.as_str().into()]).await?;
            let told = json!({"name": {"from": role.name, "to": null}, "people": role.people, "moved_to": move_to});
            audit::record(&tx, &author, "role.removed", "role", id_of(&key)?, told).await
        })
        .await;
    app.kept.forget::<RoleNames>(actor.tenant_id());
    app.kept.forget::<Colleagues>(actor.tenant_id());
    done
}

/// The role, if it is the tenant's own and may no more than the actor does; held until the transaction ends.
async fn own(tx: &Tx, actor: &Actor, key: &str) -> Result<Role> {
    if BUILT_IN_ROLES.contains(&key) {
        return Err(Error::refused("role_built_in"));
    }
    let hold = "UPDATE role SET version = version WHERE tenant_id = $1 AND key = $2";
    if tx.run(hold, vec![tx.tenant().0.into(), key.into()]).await? == 0 {
        return Err(Error::NotFound);
    }
    let role = roles_in(tx).await?.into_iter().find(|role| role.key == key);
    let role = role.ok_or(Error::NotFound)?;
    within(actor, role.grants)?;
    Ok(role)
}

fn within(actor: &Actor, grants: Grants) -> Result<Grants> {
    let whole = grants.complete();
    if actor.grants.covers(whole) {
        Ok(whole)
    } else {
        Err(Error::Forbidden("role_above_own"))
    }
}

fn named(name: &str) -> Result<String> {
    let name = typed::line("name", name, 60)?;
    if name_key(&name).is_empty() {
        Err(Error::field("name", "required"))
    } else {
        Ok(name)
    }
}

/// Nobody else's name: not another own role's, nor a built-in one's in any language.
async fn free(tx: &Tx, name: &str, but: &str) -> Result<()> {
    let wanted = name_key(name);
    let word = |lang, key: &&str| platform::locale::t(lang, &format!("role-{key}"), &[]);
    let built_in = platform::locale::Lang::ALL
        .into_iter()
        .any(|lang| BUILT_IN_ROLES.iter().any(|key| name_key(&word(lang, key)) == wanted));
    let taken = roles_in(tx).await?.iter().any(|role| {
        let name = role.name.as_deref().filter(|_| role.key != but);
        name.is_some_and(|name| name_key(name) == wanted)
    });
    if built_in || taken {
        Err(Error::field("name", "name_taken"))
    } else {
        Ok(())
    }
}

fn permits(grants: Grants) -> Vec<String> {
    grants
        .rows()
        .map(|(_, object, action)| format!("{object} {action}"))
        .collect()
}

fn id_of(key: &str) -> Result<Id> {
    key.parse().map_err(|_| Error::NotFound)
}
