//! The log of changes is only added to on SQLite too, where no grant keeps anybody from it. A tenant that is deleted
//! takes its log along.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::table::run;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        if m.get_database_backend() != DbBackend::Sqlite {
            return Ok(());
        }
        let refuse = "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END";
        run(
            m,
            &format!("CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit {refuse}"),
        )
        .await?;
        let kept =
            "WHEN EXISTS (SELECT 1 FROM tenant AS t WHERE t.id = OLD.tenant_id AND t.state IN ('active', 'suspended'))";
        run(
            m,
            &format!("CREATE TRIGGER audit_undeleted BEFORE DELETE ON audit {kept} {refuse}"),
        )
        .await
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Migration("schema history only moves forward".into()))
    }
}
