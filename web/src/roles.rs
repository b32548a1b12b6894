//! Roles: who may do what, side by side, and a form for each of the centre's own.

use platform::auth::Grants;
use platform::{Error, Permit};
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Path, Query};
use serde::Deserialize;
use serde_json::{Value, json};
use workflows::staff::{self, Role};

use crate::leads::errors;
use crate::nav::Section;
use crate::page::Choice;
use crate::render;
use crate::sent::Sent;
use crate::staff::tabs;
use crate::visit::{Answer, Visit, done, role_label};

/// The parts of the matrix, by the object a permit is about. What names none of them comes last.
const PARTS: [(&str, &[&str]); 7] = [
    ("role-part-leads", &["leads"]),
    ("role-part-follow-ups", &["follow_ups"]),
    ("role-part-imports", &["imports", "exports"]),
    (
        "role-part-team",
        &[
            "staff",
            "roles",
            "leave",
            "distribution",
            "numbers",
            "messages",
            "audit",
        ],
    ),
    (
        "role-part-teaching",
        &["courses", "rooms", "groups", "trials", "offers"],
    ),
    ("role-part-setup", &["settings", "scripts", "bot", "integrations"]),
    ("role-part-own", &["profile"]),
];

#[derive(Deserialize)]
pub struct Copied {
    #[serde(default)]
    from: Option<String>,
}

#[handler]
pub async fn list(visit: Visit) -> Answer {
    let (app, actor, words) = (visit.app(), visit.actor()?, &visit.words);
    let (roles, users) = tokio::try_join!(staff::roles(app, actor), staff::list(app, actor))?;
    let columns: Vec<Value> = roles
        .iter()
        .map(|role| {
            json!({
                "key": role.key, "name": name(&visit, role), "built_in": role.built_in,
                "people": words.count("role-people", role.people),
                "permits": words.with("role-permits", &[
                    ("n", (role.grants.rows().count() as i64).into()), ("of", (Permit::ALL.len() as i64).into()),
                ]),
            })
        })
        .collect();
    let parts: Vec<Value> = parts()
        .into_iter()
        .map(|(label, permits)| {
            let rows = permits.into_iter().map(|(permit, object, action)| {
                let marks: Vec<bool> = roles.iter().map(|role| role.grants.has(permit)).collect();
                json!({"label": words.t(&staff::permit_words(object, action)), "marks": marks})
            });
            json!({"label": words.t(label), "rows": rows.collect::<Vec<_>>()})
        })
        .collect();
    let view = json!({
        "tabs": tabs(&visit, "/roles", &users, roles.len()), "roles": columns, "parts": parts,
        "width": roles.len() + 1, "can_edit": actor.can(Permit::Roles),
    });
    Ok(render::page(
        &visit.page(Section::Users, words.t("role-title")),
        "roles/list",
        &view,
    ))
}

#[handler]
pub async fn new(visit: Visit, Query(copied): Query<Copied>) -> Answer {
    let actor = visit.actor()?;
    actor.may(Permit::Roles)?;
    let from = match &copied.from {
        Some(key) => Some(staff::role(visit.app(), actor, key).await?),
        None => None,
    };
    let title = from.as_ref().map_or_else(String::new, |role| {
        visit.words.with("role-copy-of", &[("name", name(&visit, role).into())])
    });
    let grants = from.map_or_else(Grants::default, |role| role.grants.and(actor.grants));
    show(&visit, None, &title, grants, None).await
}

#[handler]
pub async fn add(visit: Visit, sent: Sent) -> Answer {
    let grants = typed(&sent);
    match staff::add_role(
        visit.app(),
        visit.actor()?,
        sent.get("name"),
        grants,
        visit.once(&sent)?,
    )
    .await
    {
        Ok(_) => Ok(done("/roles", Some("toast-role-saved"))),
        Err(error) => show(&visit, None, sent.get("name"), grants, Some(error)).await,
    }
}

#[handler]
pub async fn one(visit: Visit, Path(key): Path<String>) -> Answer {
    let role = staff::role(visit.app(), visit.actor()?, &key).await?;
    let (title, grants) = (name(&visit, &role), role.grants);
    show(&visit, Some(role), &title, grants, None).await
}

#[handler]
pub async fn edit(visit: Visit, Path(key): Path<String>, sent: Sent) -> Answer {
    let (app, actor, grants) = (visit.app(), visit.actor()?, typed(&sent));
    match staff::edit_role(app, actor, &key, Some(sent.get("name")), Some(grants)).await {
        Ok(()) => Ok(done("/roles", Some("toast-role-saved"))),
        Err(error) => {
            let role = staff::role(app, actor, &key).await?;
            show(&visit, Some(role), sent.get("name"), grants, Some(error)).await
        }
    }
}

#[handler]
pub async fn remove(visit: Visit, Path(key): Path<String>, sent: Sent) -> Answer {
    let (app, actor) = (visit.app(), visit.actor()?);
    match staff::remove_role(app, actor, &key, sent.some("move_to").as_deref()).await {
        Ok(()) => Ok(done("/roles", Some("toast-role-removed"))),
        Err(error @ (Error::Refused(_) | Error::Forbidden("role_above_own"))) => {
            let role = staff::role(app, actor, &key).await?;
            let (title, grants) = (name(&visit, &role), role.grants);
            show(&visit, Some(role), &title, grants, Some(error)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// A role as a person reads it.
pub fn name(visit: &Visit, role: &Role) -> String {
    role.name.clone().unwrap_or_else(|| role_label(&visit.words, &role.key))
}

async fn show(visit: &Visit, role: Option<Role>, title: &str, grants: Grants, error: Option<Error>) -> Answer {
    let (app, actor, words) = (visit.app(), visit.actor()?, &visit.words);
    if let Some(error @ (Error::NotFound | Error::Internal(_) | Error::Forbidden("not_allowed"))) = error {
        return Err(error.into());
    }
    let fields = error
        .as_ref()
        .map(|error| visit.field_errors(error))
        .unwrap_or_default();
    let problem = error
        .as_ref()
        .filter(|_| fields.is_empty())
        .map(|error| visit.explain(error));
    let own = role.as_ref().is_none_or(|role| !role.built_in);
    let above = role.as_ref().is_some_and(|role| !actor.grants.covers(role.grants));
    let readonly = !own || above || !actor.can(Permit::Roles);
    let parts: Vec<Value> = parts()
        .into_iter()
        .map(|(label, permits)| {
            let rows = permits.into_iter().map(|(permit, object, action)| {
                let always = permit == Permit::Profile;
                json!({
                    "value": format!("{object} {action}"), "label": words.t(&staff::permit_words(object, action)),
                    "on": grants.has(permit) || always, "off": readonly || always || !actor.can(permit),
                    "above": !readonly && !actor.can(permit),
                })
            });
            json!({"label": words.t(label), "rows": rows.collect::<Vec<_>>()})
        })
        .collect();
    let heading = role
        .as_ref()
        .map_or_else(|| words.t("role-add"), |role| name(visit, role));
    let others: Vec<Choice> = match &role {
        Some(role) if !readonly && role.people > 0 => {
            let mine = staff::roles_to_give(app, actor).await?;
            let others = mine.iter().filter(|other| other.key != role.key);
            others
                .map(|other| Choice::new(&other.key, name(visit, other)))
                .collect()
        }
        _ => Vec::new(),
    };
    let view = json!({
        "heading": heading, "name": title, "parts": parts, "problem": problem, "readonly": readonly,
        "existing": role.is_some(), "errors": errors(&fields, &["name", "role"]),
        "action": role.as_ref().map_or_else(|| "/roles".to_owned(), |role| format!("/roles/{}", role.key)),
        "key": role.as_ref().map(|role| role.key.clone()), "others": others,
        "people": role.as_ref().filter(|role| role.people > 0).map(|role| words.count("role-people", role.people)),
        "why": if !own { Some(words.t("role-built-in-why")) } else if above { Some(words.t("role-above-why")) } else { None },
        "can_copy": actor.can(Permit::Roles),
    });
    let status = if error.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    Ok(render::page_with(
        status,
        &visit.page(Section::Users, heading),
        "roles/form",
        &view,
    ))
}

fn typed(sent: &Sent) -> Grants {
    let named = sent.all("permit").iter().filter_map(|text| {
        let (object, action) = text.split_once(' ')?;
        Permit::named(object, action)
    });
    named.collect()
}

type Row = (Permit, &'static str, &'static str);

fn parts() -> Vec<(&'static str, Vec<Row>)> {
    let of = |object: &str| object.split(':').next().unwrap_or_default().to_owned();
    let known = |object: &str| PARTS.iter().any(|(_, objects)| objects.contains(&of(object).as_str()));
    let mut found: Vec<(&'static str, Vec<Row>)> = PARTS
        .iter()
        .map(|(label, objects)| {
            let rows = Permit::ALL
                .iter()
                .filter(|(_, object, _)| objects.contains(&of(object).as_str()));
            (*label, rows.copied().collect())
        })
        .collect();
    found.push((
        "role-part-other",
        Permit::ALL
            .iter()
            .filter(|(_, object, _)| !known(object))
            .copied()
            .collect(),
    ));
    found.retain(|(_, rows)| !rows.is_empty());
    found
}
