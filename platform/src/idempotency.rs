//! `Idempotency-Key`: the first answer is stored in the transaction that made it; a repeat gets the same answer.

use std::future::Future;

use chrono::TimeDelta;
use sea_orm::FromQueryResult;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::auth::Actor;
use crate::db::Tx;
use crate::error::{Error, Result};

const KEEP: TimeDelta = TimeDelta::hours(48);

/// A client's key with a fingerprint of what it asked for; another request under the same key is refused.
pub struct Key {
    pub key: String,
    pub fingerprint: String,
}

impl Key {
    pub fn new(key: &str, method: &str, path: &str, body: &[u8]) -> Result<Self> {
        if key.is_empty() || key.len() > 200 {
            return Err(Error::field("Idempotency-Key", "bad_idempotency_key"));
        }
        let mut hash = Sha256::new();
        for part in [method.as_bytes(), b"\n", path.as_bytes(), b"\n", body] {
            hash.update(part);
        }
        Ok(Key {
            key: key.to_owned(),
            fingerprint: format!("{:x}", hash.finalize()),
        })
    }
}

impl App {
    /// Runs a verb once per key: its result is stored with its effect and given again to whoever repeats it.
    pub async fn once<T, F, Fut>(&self, actor: &Actor, key: Option<Key>, run: F) -> Result<T>
    where
        F: FnOnce(Tx) -> Fut + Send + 'static,
        Fut: Future<Output = Result<T>> + Send + 'static,
        T: Serialize + DeserializeOwned + Send + 'static,
    {
        let Some(key) = key else {
            return self.db.write(actor.tenant_id(), run).await;
        };
        let principal = actor.user.map_or_else(|| "system".to_owned(), |id| id.to_string());
        let stored = (principal.clone(), key.key.clone(), key.fingerprint.clone());
        let done = self
            .db
            .write(actor.tenant_id(), async move |tx: Tx| {
                if let Some(body) = find(&tx, &stored.0, &stored.1, &stored.2).await? {
                    return Ok(serde_json::from_str(&body)?);
                }
                // Claimed first: two at once meet on this row's key, and the second waits or is turned away.
                claim(&tx, &stored.0, &stored.1, &stored.2).await?;
                let done = run(tx.clone()).await?;
                let sql = "UPDATE idempotency SET body = $4 WHERE tenant_id = $1 AND principal = $2 AND key = $3";
                let body = serde_json::to_string(&done)?;
                let values = vec![tx.tenant().0.into(), stored.0.into(), stored.1.into(), body.into()];
                tx.run(sql, values).await?;
                Ok(done)
            })
            .await;
        match done {
            Err(Error::Conflict(refusal)) if refusal.code == "key_in_use" => {
                let found = self
                    .db
                    .read(actor.tenant_id(), async move |tx: Tx| {
                        find(&tx, &principal, &key.key, &key.fingerprint).await
                    })
                    .await?;
                let body = found.ok_or_else(|| Error::conflict("key_in_use"))?;
                Ok(serde_json::from_str(&body)?)
            }
            other => other,
        }
    }
}

/// Forgets keys older than two days.
pub async fn forget_old(tx: &Tx) -> Result<u64> {
    let sql = "DELETE FROM idempotency WHERE tenant_id = $1 AND created_at < $2";
    tx.run(sql, vec![tx.tenant().0.into(), (tx.now() - KEEP).into()]).await
}

async fn find(tx: &Tx, principal: &str, key: &str, fingerprint: &str) -> Result<Option<String>> {
    #[derive(FromQueryResult)]
    struct Row {
        fingerprint: String,
        body: String,
    }
    let sql = "SELECT fingerprint, body FROM idempotency WHERE tenant_id = $1 AND principal = $2 AND key = $3";
    let row: Option<Row> = tx
        .one(sql, vec![tx.tenant().0.into(), principal.into(), key.into()])
        .await?;
    match row {
        Some(row) if row.fingerprint != fingerprint => Err(Error::refused("idempotency_key_reused")),
        other => Ok(other.map(|row| row.body)),
    }
}

async fn claim(tx: &Tx, principal: &str, key: &str, fingerprint: &str) -> Result<()> {
    let claimed = tx
        .run(
            "INSERT INTO idempotency (tenant_id, principal, key, fingerprint, status, body, created_at) \
             VALUES ($1, $2, $3, $4, 200, '', $5) ON CONFLICT (tenant_id, principal, key) DO NOTHING",
            vec![
                tx.tenant().0.into(),
                principal.into(),
                key.into(),
                fingerprint.into(),
                tx.now().into(),
            ],
        )
        .await?;
    if claimed == 0 {
        Err(Error::conflict("key_in_use"))
    } else {
        Ok(())
    }
}
