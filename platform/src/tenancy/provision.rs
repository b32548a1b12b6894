//! Making a tenant's row and host. What a centre starts with (statuses, settings) is the domain's business.

use chrono_tz::Tz;
use sea_orm::FromQueryResult;

use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::ids::{TenantId, new_id};
use crate::locale::Lang;

pub struct NewTenant {
    pub slug: String,
    pub name: String,
    pub time_zone: Tz,
    pub locale: Lang,
    pub currency: String,
    pub country: String,
    pub pack: String,
}

#[derive(Debug, FromQueryResult, serde::Serialize)]
pub struct Listed {
    pub id: crate::ids::Id,
    pub slug: String,
    pub name: String,
    pub state: String,
    pub time_zone: String,
    pub currency: String,
    pub pack: String,
}

/// Names that mean something at the apex or to mail and browsers.
const RESERVED: &[&str] = &[
    "www", "api", "admin", "app", "mail", "static", "operator", "status", "docs",
];

pub async fn provision(db: &Db, base_domain: &str, new: NewTenant) -> Result<TenantId> {
    let slug = new.slug.clone();
    let good = (2..=40).contains(&slug.len())
        && slug
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !slug.starts_with('-')
        && !slug.ends_with('-');
    if !good || RESERVED.contains(&slug.as_str()) {
        return Err(Error::field("slug", "bad_slug"));
    }
    let id = TenantId(new_id());
    let host = format!("{slug}.{base_domain}");
    db.platform(async move |tx: Tx| {
        let taken = tx
            .run(
                "INSERT INTO tenant (id, slug, name, state, time_zone, locale, currency, country, pack, \
                 policy_version, created_at) VALUES ($1, $2, $3, 'active', $4, $5, $6, $7, $8, 1, $9) \
                 ON CONFLICT (slug) DO NOTHING",
                vec![
                    id.0.into(),
                    slug.into(),
                    new.name.into(),
                    new.time_zone.name().into(),
                    new.locale.code().into(),
                    new.currency.into(),
                    new.country.into(),
                    new.pack.into(),
                    tx.now().into(),
                ],
            )
            .await?
            == 0;
        if taken {
            return Err(Error::conflict("slug_taken"));
        }
        tx.run(
            "INSERT INTO tenant_host (host, tenant_id) VALUES ($1, $2)",
            vec![host.into(), id.0.into()],
        )
        .await?;
        Ok(id)
    })
    .await
}

pub async fn list(db: &Db) -> Result<Vec<Listed>> {
    let sql = "SELECT id, slug, name, state, time_zone, currency, pack FROM tenant ORDER BY slug";
    db.platform_read(async move |tx: Tx| tx.all(sql, vec![]).await).await
}

/// Points the open tenant at another pack; `was` is the one the caller looked at.
pub async fn run_on(tx: &Tx, was: &str, pack: &str) -> Result<()> {
    let sql = "UPDATE tenant SET pack = $2 WHERE id = $1 AND pack = $3";
    match tx.run(sql, vec![tx.tenant().0.into(), pack.into(), was.into()]).await? {
        0 => Err(Error::conflict("pack_changed_meanwhile")),
        _ => Ok(()),
    }
}
