//! Host to tenant, exact match, remembered for a few seconds: it is asked for on every request.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use sea_orm::FromQueryResult;

use super::{Tenant, TenantRef};
use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::ids::TenantId;

const FRESH: Duration = Duration::from_secs(5);
const REMEMBERED: usize = 20_000;

const COLUMNS: &str = "t.id, t.slug, t.name, t.time_zone, t.locale, t.currency, t.country, t.pack, t.support";

/// What was found, and when.
type Remembered<K, V> = Arc<RwLock<HashMap<K, (Instant, V)>>>;

#[derive(Clone)]
pub struct Directory {
    db: Db,
    hosts: Remembered<String, Option<TenantRef>>,
    ids: Remembered<TenantId, TenantRef>,
}

#[derive(FromQueryResult)]
struct Row {
    id: uuid::Uuid,
    slug: String,
    name: String,
    time_zone: String,
    locale: String,
    currency: String,
    country: String,
    pack: String,
    support: Option<String>,
}

impl Directory {
    pub fn new(db: Db) -> Self {
        Directory {
            db,
            hosts: Arc::default(),
            ids: Arc::default(),
        }
    }

    /// The tenant of a host name (no port, lower case), if there is one.
    pub async fn by_host(&self, host: &str) -> Result<Option<TenantRef>> {
        if let Some((at, tenant)) = self.hosts.read().ok().and_then(|hosts| hosts.get(host).cloned())
            && at.elapsed() < FRESH
        {
            return Ok(tenant);
        }
        let wanted = host.to_owned();
        let sql = format!(
            "SELECT {COLUMNS} FROM tenant_host AS h JOIN tenant AS t ON t.id = h.tenant_id \
             WHERE h.host = $1 AND t.state = 'active'"
        );
        let row: Option<Row> = self
            .db
            .platform_read(async move |tx: Tx| tx.one(&sql, vec![wanted.into()]).await)
            .await?;
        let tenant = row.map(Tenant::try_from).transpose()?.map(Arc::new);
        if let Ok(mut hosts) = self.hosts.write() {
            if hosts.len() > REMEMBERED {
                hosts.clear();
            }
            hosts.insert(host.to_owned(), (Instant::now(), tenant.clone()));
        }
        Ok(tenant)
    }

    pub async fn by_id(&self, id: TenantId) -> Result<TenantRef> {
        if let Some((at, tenant)) = self.ids.read().ok().and_then(|ids| ids.get(&id).cloned())
            && at.elapsed() < FRESH
        {
            return Ok(tenant);
        }
        let sql = format!("SELECT {COLUMNS} FROM tenant AS t WHERE t.id = $1");
        let row: Option<Row> = self
            .db
            .platform_read(async move |tx: Tx| tx.one(&sql, vec![id.0.into()]).await)
            .await?;
        let tenant = Arc::new(Tenant::try_from(row.ok_or(Error::NotFound)?)?);
        if let Ok(mut ids) = self.ids.write() {
            ids.insert(id, (Instant::now(), tenant.clone()));
        }
        Ok(tenant)
    }

    pub async fn by_slug(&self, slug: &str) -> Result<TenantRef> {
        let slug = slug.to_owned();
        let sql = format!("SELECT {COLUMNS} FROM tenant AS t WHERE t.slug = $1");
        let row: Option<Row> = self
            .db
            .platform_read(async move |tx: Tx| tx.one(&sql, vec![slug.into()]).await)
            .await?;
        Ok(Arc::new(Tenant::try_from(row.ok_or(Error::NotFound)?)?))
    }

    /// Every active tenant. One that cannot be read is left out: it must not stop the others' work.
    pub async fn active(&self) -> Result<Vec<TenantRef>> {
        let sql = format!("SELECT {COLUMNS} FROM tenant AS t WHERE t.state = 'active' ORDER BY t.id");
        let rows: Vec<Row> = self
            .db
            .platform_read(async move |tx: Tx| tx.all(&sql, vec![]).await)
            .await?;
        let read = |row: Row| {
            let slug = row.slug.clone();
            Tenant::try_from(row)
                .inspect_err(|error| tracing::error!(%error, tenant = slug, "a tenant's row is not readable"))
                .ok()
                .map(Arc::new)
        };
        Ok(rows.into_iter().filter_map(read).collect())
    }

    /// Every active tenant's id.
    pub async fn all(&self) -> Result<Vec<TenantId>> {
        #[derive(FromQueryResult)]
        struct OnlyId {
            id: uuid::Uuid,
        }
        let sql = "SELECT id FROM tenant WHERE state = 'active' ORDER BY id";
        let rows: Vec<OnlyId> = self
            .db
            .platform_read(async move |tx: Tx| tx.all(sql, vec![]).await)
            .await?;
        Ok(rows.into_iter().map(|row| TenantId(row.id)).collect())
    }

    pub fn forget(&self) {
        if let Ok(mut hosts) = self.hosts.write() {
            hosts.clear();
        }
        if let Ok(mut ids) = self.ids.write() {
            ids.clear();
        }
    }
}

impl TryFrom<Row> for Tenant {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Tenant {
            id: TenantId(row.id),
            time_zone: row.time_zone.parse().map_err(Error::internal)?,
            locale: row
                .locale
                .parse()
                .map_err(|_| Error::internal(format!("locale {}", row.locale)))?,
            slug: row.slug,
            name: row.name,
            currency: row.currency,
            country: row.country,
            pack: row.pack,
            support: row.support.filter(|support| !support.is_empty()),
        })
    }
}
