//! Three believable centres to try everything on: a language centre, an IT academy with other rules, a driving
//! school in another country. Made through the same verbs as everything else; a second start adds nothing.

mod centres;
mod fortnight;

use std::collections::BTreeMap;

use platform::auth::{password, reset};
use platform::locale::Lang;
use platform::tenancy::NewTenant;
use platform::{Actor, App, Error, Id, Result, TenantId, Tx};
use wire::Hook;

pub use self::centres::{CENTRES, Centre};
pub use self::fortnight::live;
use crate::ports::Desk;
use crate::staff::{self, NewUser, WindowRow};
use crate::{courses, scripts};

/// A demo user, for whoever links chats and prints passwords.
pub struct Person {
    pub tenant: TenantId,
    pub id: Id,
    pub username: &'static str,
    pub name: String,
    pub role: &'static str,
    pub lang: Lang,
}

/// Makes the centre if it is not there, and sets everybody's password. `rules` are the centre's own, by hook,
/// published through the same door as an admin's.
/// Its leads come with [`live`], where it says that it is fresh.
pub async fn seed(
    desk: &Desk,
    centre: &'static Centre,
    password: &str,
    rules: BTreeMap<Hook, String>,
) -> Result<(Vec<Person>, bool)> {
    let app = &desk.app;
    let (tenant, fresh) = match app.tenants.by_slug(centre.slug).await {
        Ok(tenant) => (tenant, false),
        Err(Error::NotFound) => {
            let new = NewTenant {
                slug: centre.slug.into(),
                name: centre.name.into(),
                time_zone: centre.time_zone.parse().map_err(Error::internal)?,
                locale: centre.locale,
                currency: centre.currency.into(),
                country: centre.country.into(),
                pack: centre.pack.into(),
            };
            super::create(app, &*desk.packs, new).await?;
            (app.tenants.by_slug(centre.slug).await?, true)
        }
        Err(error) => return Err(error),
    };
    let actor = Actor::system(tenant);
    if fresh {
        people(app, &actor, centre).await?;
        teach(app, &actor, centre).await?;
        publish(desk, &actor, rules).await;
    }
    let hash = password::hash(password).await?;
    Ok((sign_in_with(app, &actor, centre, hash).await?, fresh))
}

async fn people(app: &App, actor: &Actor, centre: &'static Centre) -> Result<()> {
    for (username, role, first, last) in centre.people {
        let new = NewUser {
            username: (*username).into(),
            first_name: (*first).into(),
            last_name: (*last).into(),
            role: (*role).into(),
            receives_leads: *role == "sales",
            ..NewUser::default()
        };
        let id = staff::create(app, actor, new).await?;
        if *role == "sales" {
            staff::set_windows(app, actor, id, week(centre.slug, username)).await?;
        }
    }
    Ok(())
}

/// Most work the day, one the late shift, one two shifts with a long lunch.
fn week(slug: &str, username: &str) -> Vec<WindowRow> {
    let spans: &[(i16, i16)] = match (slug, username) {
        ("demo", "bekzod") => &[(13 * 60, 21 * 60)],
        ("demo", "sardor") => &[(9 * 60, 13 * 60), (15 * 60, 20 * 60)],
        _ => &[(9 * 60, 18 * 60)],
    };
    (0..6)
        .flat_map(|weekday| {
            spans.iter().map(move |(starts, ends)| WindowRow {
                weekday,
                starts: *starts,
                ends: *ends,
            })
        })
        .collect()
}

async fn teach(app: &App, actor: &Actor, centre: &Centre) -> Result<()> {
    for (name, script) in centre.courses {
        courses::create(app, actor, name, script).await?;
    }
    Ok(())
}

/// The centre's own rules, published as an admin would.
async fn publish(desk: &Desk, actor: &Actor, rules: BTreeMap<Hook, String>) {
    for (hook, source) in rules {
        let publish = scripts::Publish {
            source,
            message: "Markaz demo".into(),
            based_on: None,
            replan: false,
        };
        if let Err(error) = scripts::publish(desk, actor, hook, publish).await {
            tracing::warn!(%error, hook = hook.as_str(), "the demo's own rule could not be published");
        }
    }
}

async fn sign_in_with(app: &App, actor: &Actor, centre: &'static Centre, hash: String) -> Result<Vec<Person>> {
    let users = staff::list(app, actor).await?;
    let known: Vec<(Id, Person)> = centre
        .people
        .iter()
        .filter_map(|(username, role, ..)| {
            let user = users.iter().find(|user| user.username == *username)?;
            let lang = user
                .locale
                .as_deref()
                .and_then(|code| code.parse().ok())
                .unwrap_or(centre.locale);
            let (tenant, name) = (actor.tenant_id(), user.full_name());
            Some((
                user.id,
                Person {
                    tenant,
                    id: user.id,
                    username,
                    name,
                    role,
                    lang,
                },
            ))
        })
        .collect();
    let ids: Vec<Id> = known.iter().map(|(id, _)| *id).collect();
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            for id in ids {
                reset::set_in(&tx, id, &hash).await?;
            }
            Ok(())
        })
        .await?;
    Ok(known.into_iter().map(|(_, person)| person).collect())
}
