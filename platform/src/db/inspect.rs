//! In debug and test builds every statement is parsed: each tenant table in it must be tied to the open tenant,
//! so a forgotten predicate fails the first test that reaches it, on SQLite too.

use sea_orm::Statement;

use crate::ids::TenantId;

#[cfg(not(debug_assertions))]
pub(super) fn check(_: &Statement, _: TenantId) {}

#[cfg(debug_assertions)]
pub(super) use strict::check;

#[cfg(debug_assertions)]
mod strict {
    use std::collections::{HashMap, HashSet};
    use std::ops::ControlFlow;
    use std::sync::{LazyLock, Mutex};

    use sea_orm::{DbBackend, Value};
    use sqlparser::ast::{
        BinaryOperator, Expr, Ident, ObjectName, Query, SetExpr, Statement as Sql, TableFactor, TableObject, Visit,
        Visitor,
    };
    use sqlparser::dialect::{Dialect, PostgreSqlDialect, SQLiteDialect};
    use sqlparser::parser::Parser;

    use super::{Statement, TenantId};

    /// Tables that belong to no tenant.
    const PLATFORM: &[&str] = &["tenant", "tenant_host", "operator", "clock", "seaql_migrations"];
    /// The queue's tables are claimed across tenants, with no tenant open.
    const QUEUE: &[&str] = &["job", "job_tenant", "tick"];

    /// Statements already found good, with the positions of the parameters that must be the open tenant.
    static SEEN: LazyLock<Mutex<HashMap<(String, bool), Vec<usize>>>> = LazyLock::new(Mutex::default);

    pub(in super::super) fn check(statement: &Statement, tenant: TenantId) {
        let outside = tenant.0.is_nil();
        let key = (statement.sql.clone(), outside);
        let cached = SEEN.lock().ok().and_then(|seen| seen.get(&key).cloned());
        let bound = cached.unwrap_or_else(|| {
            let bound = analyze(&statement.sql, statement.db_backend, outside)
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

    /// Positions of the parameters that tie tenant tables, or why the statement is not tied.
    pub(super) fn analyze(sql: &str, backend: DbBackend, outside: bool) -> Result<Vec<usize>, String> {
        let dialect: &dyn Dialect = if backend == DbBackend::Postgres {
            &PostgreSqlDialect {}
        } else {
            &SQLiteDialect {}
        };
        let parsed = Parser::parse_sql(dialect, &number(sql)).map_err(|e| format!("unreadable statement ({e})"))?;
        let mut found = Found::default();
        for statement in &parsed {
            let _ = statement.visit(&mut found);
        }
        let mut tied: HashSet<String> = found.params.iter().map(|(alias, _)| alias.clone()).collect();
        loop {
            let before = tied.len();
            for (a, b) in &found.links {
                if tied.contains(a) || tied.contains(b) {
                    tied.insert(a.clone());
                    tied.insert(b.clone());
                }
            }
            if tied.len() == before {
                break;
            }
        }
        for (alias, table) in &found.tables {
            let free = PLATFORM.contains(&table.as_str())
                || found.ctes.contains(table)
                || table.starts_with("pg_")
                || table.starts_with("pragma_")
                || table.starts_with("json_")
                || (outside && QUEUE.contains(&table.as_str()));
            if !free && outside {
                return Err(format!("`{table}` is used with no tenant open"));
            }
            let alone = found.tables.len() == 1 && tied.contains("");
            if !free && !tied.contains(alias) && !alone {
                return Err(format!("`{table}` (as `{alias}`) is not tied to a tenant"));
            }
        }
        if outside {
            return Ok(Vec::new());
        }
        Ok(found.params.iter().map(|(_, position)| *position).collect())
    }

    #[derive(Default)]
    struct Found {
        /// (alias, table)
        tables: Vec<(String, String)>,
        ctes: HashSet<String>,
        /// alias.tenant_id = parameter
        params: Vec<(String, usize)>,
        /// alias.tenant_id = alias.tenant_id
        links: Vec<(String, String)>,
    }

    impl Visitor for Found {
        type Break = ();

        fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
            for cte in query.with.iter().flat_map(|w| &w.cte_tables) {
                self.ctes.insert(cte.alias.name.value.to_lowercase());
            }
            ControlFlow::Continue(())
        }

        fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<()> {
            if let TableFactor::Table { name, alias, .. } = factor {
                let table = last(name);
                let alias = alias
                    .as_ref()
                    .map_or_else(|| table.clone(), |a| a.name.value.to_lowercase());
                self.tables.push((alias, table));
            }
            ControlFlow::Continue(())
        }

        fn pre_visit_statement(&mut self, statement: &Sql) -> ControlFlow<()> {
            if let Sql::Insert(insert) = statement {
                let TableObject::TableName(name) = &insert.table else {
                    return ControlFlow::Continue(());
                };
                let table = last(name);
                self.tables.push((table.clone(), table.clone()));
                let position = insert.columns.iter().position(|c| column(c) == "tenant_id");
                if let (Some(position), Some(source)) = (position, &insert.source) {
                    self.insert_rows(&table, position, source);
                }
            }
            ControlFlow::Continue(())
        }

        fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
            if let Expr::BinaryOp {
                left,
                op: BinaryOperator::Eq,
                right,
            } = expr
            {
                match (owner(left), owner(right)) {
                    (Some(a), Some(b)) => self.links.push((a, b)),
                    (Some(a), None) => self.tie(a, right),
                    (None, Some(b)) => self.tie(b, left),
                    (None, None) => {}
                }
            }
            ControlFlow::Continue(())
        }
    }

    impl Found {
        fn tie(&mut self, alias: String, value: &Expr) {
            if let Some(position) = self.parameter(value) {
                self.params.push((alias, position));
            }
        }

        fn insert_rows(&mut self, table: &str, position: usize, source: &Query) {
            match &*source.body {
                SetExpr::Values(values) => {
                    let mut all = true;
                    for row in &values.rows {
                        match row.iter().nth(position).and_then(|value| self.parameter(value)) {
                            Some(parameter) => self.params.push((table.to_owned(), parameter)),
                            None => all = false,
                        }
                    }
                    if !all {
                        self.params.retain(|(alias, _)| alias != table);
                    }
                }
                // INSERT … SELECT: the selected column must itself be a parameter or a tied table's tenant.
                SetExpr::Select(select) => {
                    if let Some(item) = select.projection.get(position) {
                        if let sqlparser::ast::SelectItem::UnnamedExpr(e)
                        | sqlparser::ast::SelectItem::ExprWithAlias { expr: e, .. } = item
                        {
                            if let Some(parameter) = self.parameter(e) {
                                self.params.push((table.to_owned(), parameter));
                            } else if let Some(other) = owner(e) {
                                self.links.push((table.to_owned(), other));
                            }
                        }
                    }
                }
                _ => {}
            }
        }

        fn parameter(&self, value: &Expr) -> Option<usize> {
            let text = match value {
                Expr::Value(v) => v.to_string(),
                Expr::Cast { expr, .. } => return self.parameter(expr),
                Expr::Nested(inner) => return self.parameter(inner),
                _ => return None,
            };
            let number = text.strip_prefix('$')?;
            number.parse::<usize>().ok()?.checked_sub(1)
        }
    }

    /// sea-orm writes `?` for SQLite: numbered in order, so that a parameter can be told by its place.
    fn number(sql: &str) -> String {
        let mut out = String::with_capacity(sql.len() + 16);
        let mut count = 0;
        for c in sql.chars() {
            if c == '?' {
                count += 1;
                out.push_str(&format!("${count}"));
            } else {
                out.push(c);
            }
        }
        out
    }

    /// The alias (or "" when unqualified) if an expression is some table's `tenant_id`.
    fn owner(expr: &Expr) -> Option<String> {
        match expr {
            Expr::Identifier(ident) if is_tenant(ident) => Some(String::new()),
            Expr::CompoundIdentifier(parts) => match parts.as_slice() {
                [.., table, ident] if is_tenant(ident) => Some(table.value.to_lowercase()),
                _ => None,
            },
            Expr::Nested(inner) => owner(inner),
            _ => None,
        }
    }

    fn is_tenant(ident: &Ident) -> bool {
        ident.value.eq_ignore_ascii_case("tenant_id")
    }

    fn column(name: &ObjectName) -> String {
        last(name)
    }

    fn last(name: &ObjectName) -> String {
        name.0
            .last()
            .and_then(|part| part.as_ident())
            .map(|i| i.value.to_lowercase())
            .unwrap_or_default()
    }
}
