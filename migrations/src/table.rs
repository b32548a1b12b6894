//! The one way to make a table: types for both engines, tenant key, row-level security and grants in one place,
//! so that a tenant table cannot be created without its isolation.

#![expect(
    clippy::disallowed_methods,
    reason = "schema statements carry no tenant and no parameters"
)]

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// What the application role may do with a table on PostgreSQL.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Grant {
    ReadWrite,
    /// Insert and select only: rows that are never rewritten (events, audit).
    Append,
    /// Select only: the history itself.
    Read,
}

/// Creates a tenant table. `columns` is the column list without `tenant_id`, in PostgreSQL types; `key` is what
/// follows `tenant_id` in the primary key (empty: one row a tenant); `constraints` are table constraints (composite foreign keys included).
pub async fn tenant_table(
    m: &SchemaManager<'_>,
    name: &str,
    key: &str,
    columns: &str,
    constraints: &[&str],
) -> Result<(), DbErr> {
    tenant_table_with(m, name, key, columns, constraints, Grant::ReadWrite).await
}

pub async fn tenant_table_with(
    m: &SchemaManager<'_>,
    name: &str,
    key: &str,
    columns: &str,
    constraints: &[&str],
    grant: Grant,
) -> Result<(), DbErr> {
    let key = if key.is_empty() {
        "tenant_id".to_owned()
    } else {
        format!("tenant_id, {key}")
    };
    let mut body = format!("tenant_id UUID NOT NULL REFERENCES tenant (id), {columns}, PRIMARY KEY ({key})");
    for constraint in constraints {
        body.push_str(", ");
        body.push_str(constraint);
    }
    run(m, &format!("CREATE TABLE {name} ({body})")).await?;
    if m.get_database_backend() == DbBackend::Postgres {
        isolate(m, name).await?;
        grant_to_app(m, name, grant).await?;
    }
    Ok(())
}

/// Creates a table of the platform itself: no tenant, no row-level security.
pub async fn platform_table(m: &SchemaManager<'_>, name: &str, body: &str) -> Result<(), DbErr> {
    run(m, &format!("CREATE TABLE {name} ({body})")).await?;
    if m.get_database_backend() == DbBackend::Postgres {
        grant_to_app(m, name, Grant::ReadWrite).await?;
    }
    Ok(())
}

/// Lets the application see which migrations the database has had: it refuses an older schema.
pub async fn readable_history(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    if m.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    grant_to_app(m, "seaql_migrations", Grant::Read).await
}

/// Lets the queue role see every tenant's rows of an id-only table.
pub async fn queue_table(m: &SchemaManager<'_>, name: &str) -> Result<(), DbErr> {
    if m.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    run(
        m,
        &format!("CREATE POLICY queue_all ON {name} TO markaz_queue USING (true) WITH CHECK (true)"),
    )
    .await?;
    run(
        m,
        &format!("GRANT SELECT, INSERT, UPDATE, DELETE ON {name} TO markaz_queue"),
    )
    .await
}

pub async fn index(m: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    run(m, &format!("CREATE {sql}")).await
}

/// Runs a data change over every tenant's rows: lifts FORCE for its own transaction, checks the number of rows.
pub async fn backfill(m: &SchemaManager<'_>, table: &str, sql: &str, expected: u64) -> Result<(), DbErr> {
    let postgres = m.get_database_backend() == DbBackend::Postgres;
    if postgres {
        run(m, &format!("ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")).await?;
    }
    let done = m
        .get_connection()
        .execute_unprepared(&portable(m, sql))
        .await?
        .rows_affected();
    if postgres {
        run(m, &format!("ALTER TABLE {table} FORCE ROW LEVEL SECURITY")).await?;
    }
    if done != expected {
        return Err(DbErr::Custom(format!(
            "backfill of {table} changed {done} rows, expected {expected}"
        )));
    }
    Ok(())
}

pub async fn run(m: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    m.get_connection().execute_unprepared(&portable(m, sql)).await?;
    Ok(())
}

async fn isolate(m: &SchemaManager<'_>, name: &str) -> Result<(), DbErr> {
    const MINE: &str = "tenant_id = (SELECT NULLIF(current_setting('app.tenant', true), '')::uuid)";
    run(m, &format!("ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")).await?;
    run(m, &format!("ALTER TABLE {name} FORCE ROW LEVEL SECURITY")).await?;
    run(
        m,
        &format!("CREATE POLICY tenant_rows ON {name} USING ({MINE}) WITH CHECK ({MINE})"),
    )
    .await
}

/// The application role's name comes from the migrating session (`markaz.app_role`), `markaz_app` if unset.
async fn grant_to_app(m: &SchemaManager<'_>, name: &str, grant: Grant) -> Result<(), DbErr> {
    let rights = match grant {
        Grant::ReadWrite => "SELECT, INSERT, UPDATE, DELETE",
        Grant::Append => "SELECT, INSERT",
        Grant::Read => "SELECT",
    };
    run(
        m,
        &format!(
            "DO $$ BEGIN EXECUTE format('GRANT {rights} ON {name} TO %I', \
             COALESCE(NULLIF(current_setting('markaz.app_role', true), ''), 'markaz_app')); END $$"
        ),
    )
    .await
}

/// Column types are written once, as PostgreSQL has them; SQLite gets the storage class sqlx decodes them from.
fn portable(m: &SchemaManager<'_>, sql: &str) -> String {
    if m.get_database_backend() == DbBackend::Postgres {
        return sql.to_owned();
    }
    sql.replace("TEXT COLLATE \"C\"", "TEXT")
        .replace("UUID", "BLOB")
        .replace("TIMESTAMPTZ", "TEXT")
        .replace("JSONB", "TEXT")
        .replace("BYTEA", "BLOB")
        .replace("SMALLINT", "INTEGER")
}
