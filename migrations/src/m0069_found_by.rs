//! Leads tagged before tags were looked for, and the values of a center's own fields, are found from now on: a job in
//! every tenant files them, because only the server knows how words are folded.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{DbBackend, Statement};

use crate::table::backfill;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let postgres = m.get_database_backend() == DbBackend::Postgres;
        let count = Statement::from_string(m.get_database_backend(), "SELECT COUNT(*) AS n FROM tenant");
        let row = m.get_connection().query_one_raw(count).await?;
        let tenants: i64 = row.map_or(Ok(0), |row| row.try_get("", "n"))?;
        // Long ago, as each engine stores it: due at once by any clock.
        let (id, then) = match postgres {
            true => ("gen_random_uuid()", "'2020-01-01T00:00:00Z'::timestamptz"),
            false => ("randomblob(16)", "'2020-01-01T00:00:00+00:00'"),
        };
        let ids = if postgres { "'[]'::jsonb" } else { "'[]'" };
        let jobs = format!(
            "INSERT INTO job (tenant_id, id, kind, uniq, ids, state, priority, run_at, attempt, max_attempts, crashes, \
             created_at) SELECT id, {id}, 'leads.refile', 'leads.refile/m0069', {ids}, 'ready', 6, {then}, 0, 12, 0, {then} \
             FROM tenant"
        );
        backfill(m, "job", &jobs, tenants as u64).await?;
        let turns = format!(
            "INSERT INTO job_tenant (tenant_id, next_turn, idle) SELECT id, {then}, 0 FROM tenant WHERE true \
             ON CONFLICT (tenant_id) DO UPDATE SET next_turn = excluded.next_turn, idle = 0"
        );
        backfill(m, "job_tenant", &turns, tenants as u64).await
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("schema history only moves forward".into()))
    }
}
