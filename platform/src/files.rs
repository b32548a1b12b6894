//! Files as rows: they follow the tenant, the backup and the isolation of everything else. 25 MB at most, expiring.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::FromQueryResult;

use crate::db::Tx;
use crate::error::{Error, Result};
use crate::ids::{Id, new_id};

pub const MAX_BYTES: usize = 25 * 1024 * 1024;
const CHUNK: usize = 256 * 1024;
/// What a file written bit by bit is stored and read in.
pub const PIECE: usize = CHUNK;

#[derive(Debug, FromQueryResult)]
pub struct File {
    pub id: Id,
    pub name: String,
    pub media_type: String,
    pub size: i64,
    pub expires_at: DateTime<Utc>,
}

pub async fn store(tx: &Tx, name: &str, media_type: &str, bytes: &[u8], keep: TimeDelta) -> Result<Id> {
    if bytes.len() > MAX_BYTES {
        return Err(Error::TooLarge);
    }
    let (tenant, id) = (tx.tenant(), new_id());
    tx.run(
        "INSERT INTO file (tenant_id, id, name, media_type, size, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        vec![
            tenant.0.into(),
            id.into(),
            name.into(),
            media_type.into(),
            (bytes.len() as i64).into(),
            tx.now().into(),
            (tx.now() + keep).into(),
        ],
    )
    .await?;
    for (position, chunk) in bytes.chunks(CHUNK).enumerate() {
        tx.run(
            "INSERT INTO file_chunk (tenant_id, file_id, position, bytes) VALUES ($1, $2, $3, $4)",
            vec![
                tenant.0.into(),
                id.into(),
                (position as i32).into(),
                chunk.to_vec().into(),
            ],
        )
        .await?;
    }
    Ok(id)
}

/// Begins a file that comes piece by piece, each in a transaction of its own, so that no writer waits for a large
/// file. It has no bytes to read until it is complete; one never completed expires like any other.
pub async fn begin(tx: &Tx, name: &str, media_type: &str, keep: TimeDelta) -> Result<Id> {
    store(tx, name, media_type, &[], keep).await
}

/// The piece at a place from 0; each but the last is [`PIECE`] bytes long.
pub async fn append(tx: &Tx, id: Id, position: i32, bytes: Vec<u8>) -> Result<()> {
    tx.run(
        "INSERT INTO file_chunk (tenant_id, file_id, position, bytes) VALUES ($1, $2, $3, $4)",
        vec![tx.tenant().0.into(), id.into(), position.into(), bytes.into()],
    )
    .await?;
    Ok(())
}

pub async fn complete(tx: &Tx, id: Id, size: i64) -> Result<()> {
    let sql = "UPDATE file SET size = $3 WHERE tenant_id = $1 AND id = $2";
    tx.run(sql, vec![tx.tenant().0.into(), id.into(), size.into()]).await?;
    Ok(())
}

/// One piece of a file; none after the last.
pub async fn piece(tx: &Tx, id: Id, position: i32) -> Result<Option<Vec<u8>>> {
    #[derive(FromQueryResult)]
    struct Row {
        bytes: Vec<u8>,
    }
    let sql = "SELECT bytes FROM file_chunk WHERE tenant_id = $1 AND file_id = $2 AND position = $3";
    let values = vec![tx.tenant().0.into(), id.into(), position.into()];
    let row: Option<Row> = tx.one(sql, values).await?;
    Ok(row.map(|row| row.bytes))
}

pub async fn describe(tx: &Tx, id: Id) -> Result<File> {
    let sql = "SELECT id, name, media_type, size, expires_at FROM file WHERE tenant_id = $1 AND id = $2";
    tx.one(sql, vec![tx.tenant().0.into(), id.into()])
        .await?
        .ok_or(Error::NotFound)
}

/// The whole file, at most 25 MB.
pub async fn load(tx: &Tx, id: Id) -> Result<Vec<u8>> {
    #[derive(FromQueryResult)]
    struct Chunk {
        bytes: Vec<u8>,
    }
    let file = describe(tx, id).await?;
    let mut bytes = Vec::with_capacity(file.size.max(0) as usize);
    let sql = "SELECT bytes FROM file_chunk WHERE tenant_id = $1 AND file_id = $2 AND position = $3";
    while bytes.len() < file.size as usize {
        let position = (bytes.len() / CHUNK) as i32;
        let values = vec![tx.tenant().0.into(), id.into(), position.into()];
        let chunk: Chunk = tx.one(sql, values).await?.ok_or(Error::NotFound)?;
        bytes.extend_from_slice(&chunk.bytes);
    }
    Ok(bytes)
}

/// Deletes the bytes of expired files; their names stay with what referred to them.
pub async fn expire(tx: &Tx) -> Result<u64> {
    tx.run(
        "DELETE FROM file_chunk WHERE file_chunk.tenant_id = $1 AND file_chunk.file_id IN \
         (SELECT f.id FROM file AS f WHERE f.tenant_id = $1 AND f.expires_at < $2)",
        vec![tx.tenant().0.into(), tx.now().into()],
    )
    .await
}
