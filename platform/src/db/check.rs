//! Start-up checks: the role and the catalogue must keep tenants apart, or the server does not start.

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, QueryResult, Statement};

/// Tables with a `tenant_id` that are not tenant tables: they map a name to its tenant before one is known.
const OUTSIDE: &str = "('tenant_host')";
/// All that the queue's role may see.
const QUEUE: &str = "('job', 'job_tenant', 'tick')";

pub(super) async fn postgres(pool: &DatabaseConnection) -> Result<(), String> {
    let role = one(
        pool,
        "SELECT EXISTS (SELECT 1 FROM pg_roles AS s WHERE (s.rolsuper OR s.rolbypassrls) \
                        AND (s.oid = r.oid OR pg_has_role(r.oid, s.oid, 'MEMBER'))) AS unsafe, \
         rolinherit AS inherits, \
         EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
                 WHERE n.nspname = current_schema() AND c.relkind = 'r' AND pg_has_role(r.oid, c.relowner, 'MEMBER')) AS owns \
         FROM pg_roles r WHERE rolname = current_user",
    )
    .await?;
    if flag(&role, "unsafe")? {
        return Err("the database role is a superuser or has BYPASSRLS: row-level security would not hold".into());
    }
    if flag(&role, "owns")? {
        return Err("the database role owns tables: use MARKAZ_DATABASE_OWNER_URL for migrations only".into());
    }
    if flag(&role, "inherits")? {
        return Err("the database role must be NOINHERIT, or it would always have the queue's view".into());
    }
    let open = all(
        pool,
        &format!(
            "SELECT c.relname::text AS name FROM pg_class c \
             JOIN pg_namespace n ON n.oid = c.relnamespace \
             JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped \
             WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND c.relname NOT IN {OUTSIDE} \
             AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND EXISTS ( \
               SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'tenant_rows' \
               AND p.polqual IS NOT NULL AND p.polwithcheck IS NOT NULL)) ORDER BY 1"
        ),
    )
    .await?;
    if !open.is_empty() {
        return Err(format!("tables without forced row-level security: {}", open.join(", ")));
    }
    let loose = all(
        pool,
        &format!(
            "SELECT c.relname || '.' || p.polname AS name FROM pg_policy AS p JOIN pg_class AS c ON c.oid = p.polrelid \
             JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() \
             AND p.polpermissive AND p.polname <> 'tenant_rows' AND NOT (p.polname = 'queue_all' \
             AND c.relname IN {QUEUE} AND p.polroles = ARRAY(SELECT oid FROM pg_roles WHERE rolname = 'markaz_queue')) \
             ORDER BY 1"
        ),
    )
    .await?;
    if !loose.is_empty() {
        return Err(format!(
            "policies that open what row-level security closes: {}",
            loose.join(", ")
        ));
    }
    let seen = all(
        pool,
        &format!(
            "SELECT c.relname::text AS name FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace \
             WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm') AND c.relname NOT IN {QUEUE} \
             AND has_table_privilege('markaz_queue', c.oid, 'SELECT, INSERT, UPDATE, DELETE') ORDER BY 1"
        ),
    )
    .await?;
    if !seen.is_empty() {
        return Err(format!(
            "the queue's role sees more than the queue: {}",
            seen.join(", ")
        ));
    }
    if all(
        pool,
        "SELECT relname::text AS name FROM pg_class WHERE relname = 'tenant'",
    )
    .await?
    .is_empty()
    {
        return Err("the schema is empty: run `markaz migrate` first".into());
    }
    Ok(())
}

pub(super) async fn sqlite(readers: &DatabaseConnection) -> Result<(), String> {
    let on = one(readers, "SELECT foreign_keys FROM pragma_foreign_keys").await?;
    let on: i64 = on.try_get("", "foreign_keys").map_err(|e| e.to_string())?;
    if on != 1 {
        return Err("SQLite was built without foreign keys".into());
    }
    Ok(())
}

fn flag(row: &QueryResult, column: &str) -> Result<bool, String> {
    row.try_get("", column).map_err(|e| e.to_string())
}

async fn one(connection: &DatabaseConnection, sql: &str) -> Result<QueryResult, String> {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    connection
        .query_one_raw(statement)
        .await
        .map_err(|e| e.to_string())?
        .ok_or_else(|| "no row".into())
}

async fn all(connection: &DatabaseConnection, sql: &str) -> Result<Vec<String>, String> {
    let rows = connection
        .query_all_raw(Statement::from_string(DbBackend::Postgres, sql))
        .await
        .map_err(|e| e.to_string())?;
    rows.iter()
        .map(|row| row.try_get("", "name").map_err(|e| e.to_string()))
        .collect()
}
