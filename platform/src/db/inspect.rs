//! In debug and test builds every statement is parsed: each tenant table in it must be tied to the open tenant,
//! so a forgotten predicate fails the first test that reaches it, on SQLite too.

#[cfg(debug_assertions)]
mod scope;
#[cfg(debug_assertions)]
mod tied;

use sea_orm::Statement;

use crate::ids::TenantId;

#[cfg(not(debug_assertions))]
pub(super) fn check(_: &Statement, _: TenantId) {}

#[cfg(debug_assertions)]
pub(super) fn check(statement: &Statement, tenant: TenantId) {
    use std::collections::HashMap;
    use std::sync::{LazyLock, Mutex};

    use sea_orm::Value;

    /// Statements already found good, with the positions of the parameters that must be the open tenant.
    static SEEN: LazyLock<Mutex<Seen>> = LazyLock::new(Mutex::default);

    type Seen = HashMap<(String, bool), Vec<usize>>;

    super::heard::note(statement, tenant);
    let outside = tenant.0.is_nil();
    let key = (statement.sql.clone(), outside);
    let cached = SEEN.lock().ok().and_then(|seen| seen.get(&key).cloned());
    let bound = cached.unwrap_or_else(|| {
        let bound = tied::analyze(&statement.sql, statement.db_backend, outside)
            .unwrap_or_else(|why| panic!("{why}: {}", statement.sql));
        if let Ok(mut seen) = SEEN.lock() {
            seen.insert(key, bound.clone());
        }
        bound
    });
    let values = statement.values.as_ref().map(|v| v.0.as_slice()).unwrap_or_default();
    for position in bound {
        let good = matches!(values.get(position), Some(Value::Uuid(Some(id))) if *id == tenant.0);
        assert!(
            good,
            "tenant_id is bound to another value than the open tenant: {}",
            statement.sql
        );
    }
}

#[cfg(all(test, debug_assertions))]
mod tests {
    use sea_orm::{DbBackend, Statement, Value};
    use uuid::Uuid;

    use super::check;
    use crate::ids::TenantId;

    fn bound(sql: &str, values: Vec<Value>, tenant: Uuid) -> bool {
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, values);
        std::panic::catch_unwind(|| check(&statement, TenantId(tenant))).is_ok()
    }

    #[test]
    fn a_statement_bound_to_another_tenant_stops_the_test() {
        let (own, other) = (Uuid::now_v7(), Uuid::now_v7());
        let sql = "SELECT id FROM lead WHERE tenant_id = $1";
        assert!(bound(sql, vec![own.into()], own));
        assert!(!bound(sql, vec![other.into()], own));
        assert!(!bound(sql, vec![own.to_string().into()], own), "a text is no tenant");
        assert!(!bound(sql, vec![], own));
        let inserted = "INSERT INTO tag (tenant_id, name) VALUES ($1, $2), ($3, $4)";
        let row = |tenant: Uuid| -> Vec<Value> { vec![tenant.into(), "x".into()] };
        assert!(bound(inserted, [row(own), row(own)].concat(), own));
        assert!(!bound(inserted, [row(own), row(other)].concat(), own));
        let either = "SELECT id FROM lead WHERE tenant_id = $1 AND (phone = $2 OR tenant_id = $3)";
        assert!(!bound(either, vec![own.into(), "x".into(), other.into()], own));
    }
}
