//! A tenant's rows in every table, read past the application, to see that nothing of them changed.

use std::collections::BTreeMap;

use platform::TenantId;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, Statement};
use support::database::{Engine, TestDatabase};

/// Every table's rows of a tenant, as one text each.
pub async fn content(database: &TestDatabase, tenant: TenantId) -> BTreeMap<String, String> {
    let connection = open(&database.owner_url).await;
    let mut found = BTreeMap::new();
    match database.engine {
        Engine::Postgres => {
            // Row-level security is forced on the owner too.
            run(
                &connection,
                &format!("SELECT set_config('app.tenant', '{tenant}', false)"),
            )
            .await;
            for table in tables(&connection, POSTGRES_TABLES).await {
                let sql = format!(
                    "SELECT COALESCE(md5(string_agg(t::text, '|' ORDER BY t::text)), '') AS name FROM {table} AS t \
                     WHERE t.tenant_id = '{tenant}'"
                );
                found.insert(table, tables(&connection, &sql).await.concat());
            }
        }
        Engine::Sqlite => {
            let key = tenant.0.simple();
            for table in tables(&connection, SQLITE_TABLES).await {
                let columns = tables(&connection, &format!("SELECT name FROM pragma_table_info('{table}')")).await;
                let row: Vec<String> = columns.iter().map(|column| format!("quote({column})")).collect();
                let sql = format!(
                    "SELECT COALESCE(group_concat(row, '|'), '') AS name FROM (SELECT {} AS row FROM {table} \
                     WHERE tenant_id = x'{key}' ORDER BY 1)",
                    row.join(" || '~' || ")
                );
                found.insert(table, tables(&connection, &sql).await.concat());
            }
        }
    }
    connection.close().await.expect("the connection closes");
    found
}

pub const POSTGRES_TABLES: &str = "SELECT c.relname::text AS name FROM pg_class AS c \
    JOIN pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = current_schema() \
    JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped \
    WHERE c.relkind IN ('r', 'p') ORDER BY 1";

const SQLITE_TABLES: &str = "SELECT m.name FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c \
    WHERE m.type = 'table' AND c.name = 'tenant_id' ORDER BY 1";

pub async fn open(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options).await.expect("the database opens")
}

pub async fn run(connection: &DatabaseConnection, sql: &str) {
    if let Err(error) = try_run(connection, sql).await {
        panic!("{sql}: {error}");
    }
}

pub async fn try_run(connection: &DatabaseConnection, sql: &str) -> Result<u64, sea_orm::DbErr> {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    Ok(connection.execute_raw(statement).await?.rows_affected())
}

/// The `name` column of every row.
pub async fn tables(connection: &DatabaseConnection, sql: &str) -> Vec<String> {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let rows = connection
        .query_all_raw(statement)
        .await
        .unwrap_or_else(|e| panic!("{sql}: {e}"));
    rows.iter()
        .map(|row| row.try_get("", "name").expect("a name"))
        .collect()
}
