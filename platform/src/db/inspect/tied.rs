//! Whether a statement keeps to one tenant: every tenant table is tied by `=`, in the scope it stands in, to a
//! parameter or to a table that is.

use std::collections::HashSet;
use std::ops::ControlFlow;

use sea_orm::DbBackend;
use sqlparser::ast::{
    Assignment, AssignmentTarget, BinaryOperator, ConflictTarget, Delete, Expr, FromTable, Insert, OnConflictAction,
    OnInsert, Query, Select, SelectItem, SetExpr, Statement as Sql, TableObject, Update, UpdateTableFromKind, Visit,
    Visitor,
};
use sqlparser::dialect::{Dialect, PostgreSqlDialect, SQLiteDialect};
use sqlparser::parser::Parser;

use super::scope::{Around, Scope, is_tenant, last, parameter};

/// Tables that belong to no tenant.
const PLATFORM: &[&str] = &["tenant", "tenant_host", "operator", "clock", "seaql_migrations"];
/// The queue's tables are claimed across tenants, with no tenant open.
const QUEUE: &[&str] = &["job", "job_tenant", "tick"];

/// Positions of the parameters that must be the open tenant, or why the statement is not tied to it.
pub(super) fn analyze(sql: &str, backend: DbBackend, outside: bool) -> Result<Vec<usize>, String> {
    let dialect: &dyn Dialect = if backend == DbBackend::Postgres {
        &PostgreSqlDialect {}
    } else {
        &SQLiteDialect {}
    };
    let parsed = Parser::parse_sql(dialect, &number(sql)).map_err(|e| format!("unreadable statement ({e})"))?;
    let mut analysis = Analysis {
        outside,
        ctes: HashSet::new(),
        bound: Vec::new(),
    };
    for statement in &parsed {
        analysis.statement(statement, &Around::default())?;
        let mut compared = Compared(Vec::new());
        let _ = statement.visit(&mut compared);
        analysis.bound.extend(compared.0);
    }
    Ok(if outside { Vec::new() } else { analysis.bound })
}

struct Analysis {
    outside: bool,
    ctes: HashSet<String>,
    bound: Vec<usize>,
}

impl Analysis {
    fn statement(&mut self, statement: &Sql, around: &Around) -> Result<(), String> {
        match statement {
            Sql::Query(query) => self.query(query, around),
            Sql::Insert(insert) => self.insert(insert, around),
            Sql::Update(update) => self.update(update, around),
            Sql::Delete(delete) => self.delete(delete, around),
            Sql::Explain { statement, .. } => self.statement(statement, around),
            _ => Err("a tenant's statements read, insert, update or delete".into()),
        }
    }

    fn query(&mut self, query: &Query, around: &Around) -> Result<(), String> {
        for cte in query.with.iter().flat_map(|with| &with.cte_tables) {
            self.ctes.insert(cte.alias.name.value.to_lowercase());
            self.query(&cte.query, around)?;
        }
        self.body(&query.body, around)?;
        self.within(&query.order_by, around)?;
        self.within(&query.limit_clause, around)
    }

    fn body(&mut self, body: &SetExpr, around: &Around) -> Result<(), String> {
        match body {
            SetExpr::Select(select) => self.select(select, around).map(|_| ()),
            SetExpr::Query(query) => self.query(query, around),
            SetExpr::SetOperation { left, right, .. } => {
                self.body(left, around)?;
                self.body(right, around)
            }
            SetExpr::Values(values) => self.within(values, around),
            SetExpr::Insert(statement) | SetExpr::Update(statement) | SetExpr::Delete(statement) => {
                self.statement(statement, around)
            }
            _ => Err("a query nobody looks into".into()),
        }
    }

    /// Returns the scope with what is tied in it.
    fn select(&mut self, select: &Select, around: &Around) -> Result<(Scope, Around), String> {
        let mut scope = Scope::default();
        for from in &select.from {
            scope.add(from)?;
        }
        if let Some(condition) = &select.selection {
            scope.conditions(condition, None);
        }
        let tied = self.settle(&mut scope, around)?;
        self.within(select, &tied)?;
        Ok((scope, tied))
    }

    fn insert(&mut self, insert: &Insert, around: &Around) -> Result<(), String> {
        let TableObject::TableName(name) = &insert.table else {
            return Err("an insert into no table".into());
        };
        let table = last(name);
        let source = insert.source.as_ref().ok_or("an insert without rows")?;
        self.query(source, around)?;
        if self.is_free(&table) {
            return Ok(());
        }
        if self.outside {
            return Err(format!("`{table}` is used with no tenant open"));
        }
        let position = insert.columns.iter().position(|column| last(column) == "tenant_id");
        let position = position.ok_or_else(|| format!("`{table}` is given rows without a tenant"))?;
        self.inserted(&table, position, &source.body, around)?;
        if let Some(OnInsert::OnConflict(conflict)) = &insert.on
            && let OnConflictAction::DoUpdate(update) = &conflict.action
        {
            let keyed = matches!(&conflict.conflict_target, Some(ConflictTarget::Columns(columns)) if columns.iter().any(is_tenant));
            if !keyed {
                return Err(format!("a conflict in `{table}` could be with another tenant's row"));
            }
            keeps_its_tenant(&table, &update.assignments)?;
            let tied = around.clone().with(&table).with("excluded");
            self.within(&update.assignments, &tied)?;
            self.within(&update.selection, &tied)?;
        }
        self.within(&insert.returning, around)
    }

    /// Every inserted row's tenant is a parameter, or comes from a tied table.
    fn inserted(&mut self, table: &str, position: usize, body: &SetExpr, around: &Around) -> Result<(), String> {
        let loose = || format!("`{table}` is given rows of an unknown tenant");
        match body {
            SetExpr::Values(values) => {
                for row in &values.rows {
                    let value = row.get(position).ok_or_else(loose)?;
                    self.bound.push(parameter(value).ok_or_else(loose)?);
                }
                Ok(())
            }
            SetExpr::Select(select) => {
                let (SelectItem::UnnamedExpr(value) | SelectItem::ExprWithAlias { expr: value, .. }) =
                    select.projection.get(position).ok_or_else(loose)?
                else {
                    return Err(loose());
                };
                if let Some(place) = parameter(value) {
                    self.bound.push(place);
                    return Ok(());
                }
                let (scope, tied) = self.select(select, around)?;
                scope
                    .owner(value)
                    .filter(|alias| tied.has(alias))
                    .map(|_| ())
                    .ok_or_else(loose)
            }
            SetExpr::Query(query) => self.inserted(table, position, &query.body, around),
            SetExpr::SetOperation { left, right, .. } => {
                self.inserted(table, position, left, around)?;
                self.inserted(table, position, right, around)
            }
            _ => Err(loose()),
        }
    }

    fn update(&mut self, update: &Update, around: &Around) -> Result<(), String> {
        let mut scope = Scope::default();
        scope.add(&update.table)?;
        let target = scope.tables.first().map(|(_, table)| table.clone()).unwrap_or_default();
        if !self.is_free(&target) {
            keeps_its_tenant(&target, &update.assignments)?;
        }
        if let Some(UpdateTableFromKind::AfterSet(from) | UpdateTableFromKind::BeforeSet(from)) = &update.from {
            for from in from {
                scope.add(from)?;
            }
        }
        if let Some(condition) = &update.selection {
            scope.conditions(condition, None);
        }
        let tied = self.settle(&mut scope, around)?;
        self.within(update, &tied)
    }

    fn delete(&mut self, delete: &Delete, around: &Around) -> Result<(), String> {
        let mut scope = Scope::default();
        let (FromTable::WithFromKeyword(from) | FromTable::WithoutKeyword(from)) = &delete.from;
        for from in from.iter().chain(delete.using.iter().flatten()) {
            scope.add(from)?;
        }
        if let Some(condition) = &delete.selection {
            scope.conditions(condition, None);
        }
        let tied = self.settle(&mut scope, around)?;
        self.within(delete, &tied)
    }

    fn settle(&mut self, scope: &mut Scope, around: &Around) -> Result<Around, String> {
        let mut tied = scope.settle(around);
        for (alias, table) in &scope.tables {
            if self.ctes.contains(table) {
                tied = tied.with(alias);
            }
        }
        for (alias, table) in &scope.tables {
            if self.is_free(table) {
                continue;
            }
            if self.outside {
                return Err(format!("`{table}` is used with no tenant open"));
            }
            if !tied.has(alias) {
                return Err(format!("`{table}` (as `{alias}`) is not tied to a tenant"));
            }
        }
        Ok(tied)
    }

    fn is_free(&self, table: &str) -> bool {
        PLATFORM.contains(&table)
            || self.ctes.contains(table)
            || table.starts_with("pg_")
            || table.starts_with("pragma_")
            || table.starts_with("json_")
            || (self.outside && QUEUE.contains(&table))
    }

    /// Looks at the queries directly within a part of a statement.
    fn within(&mut self, part: &impl Visit, tied: &Around) -> Result<(), String> {
        let mut inner = Inner::default();
        let _ = part.visit(&mut inner);
        inner.queries.iter().try_for_each(|query| self.query(query, tied))
    }
}

fn keeps_its_tenant(table: &str, assignments: &[Assignment]) -> Result<(), String> {
    let moves = assignments.iter().any(|assignment| match &assignment.target {
        AssignmentTarget::ColumnName(column) => last(column) == "tenant_id",
        AssignmentTarget::Tuple(columns) => columns.iter().any(|column| last(column) == "tenant_id"),
    });
    if moves {
        Err(format!("a row of `{table}` would change its tenant"))
    } else {
        Ok(())
    }
}

/// Queries one level down.
#[derive(Default)]
struct Inner {
    depth: usize,
    queries: Vec<Query>,
}

impl Visitor for Inner {
    type Break = ();

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        if self.depth == 0 {
            self.queries.push(query.clone());
        }
        self.depth += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _: &Query) -> ControlFlow<()> {
        self.depth -= 1;
        ControlFlow::Continue(())
    }
}

/// Every parameter compared with a `tenant_id`, wherever it stands.
struct Compared(Vec<usize>);

impl Visitor for Compared {
    type Break = ();

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        let tenant = |expr: &Expr| match expr {
            Expr::Identifier(column) => is_tenant(column),
            Expr::CompoundIdentifier(parts) => parts.last().is_some_and(is_tenant),
            _ => false,
        };
        if let Expr::BinaryOp {
            left,
            op: BinaryOperator::Eq,
            right,
        } = expr
        {
            let value = if tenant(left) {
                Some(right)
            } else {
                tenant(right).then_some(left)
            };
            self.0.extend(value.and_then(|value| parameter(value)));
        }
        ControlFlow::Continue(())
    }
}

/// sea-orm writes `?` for SQLite: numbered in order, so that a parameter can be told by its place.
fn number(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len() + 16);
    let (mut count, mut quoted) = (0, false);
    for c in sql.chars() {
        quoted ^= c == '\'';
        if c == '?' && !quoted {
            count += 1;
            out.push_str(&format!("${count}"));
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_of_one_tenant_pass() {
        for sql in [
            "SELECT id FROM lead WHERE tenant_id = $1",
            "SELECT id FROM lead WHERE $1 = tenant_id AND (a = 1 OR b = 2)",
            "SELECT l.id FROM lead AS l JOIN lead_phone AS p ON p.tenant_id = l.tenant_id AND p.lead_id = l.id \
             WHERE l.tenant_id = $1",
            "SELECT u.id FROM app_user AS u LEFT JOIN follow_up AS f ON f.tenant_id = u.tenant_id WHERE u.tenant_id = $1",
            "SELECT id FROM lead AS l WHERE l.tenant_id = $1 AND EXISTS (SELECT 1 FROM follow_up AS f \
             WHERE f.tenant_id = l.tenant_id AND f.lead_id = l.id)",
            "SELECT id FROM lead WHERE tenant_id = $1 AND id IN (SELECT lead_id FROM lead_token WHERE tenant_id = $1)",
            "SELECT m.id FROM (SELECT id FROM bot_message WHERE tenant_id = $1) AS m",
            "WITH mine AS (SELECT id FROM lead WHERE tenant_id = $1) SELECT id FROM mine",
            "SELECT id FROM lead WHERE tenant_id = $1 UNION ALL SELECT id FROM course WHERE tenant_id = $1",
            "UPDATE lead SET name = $2 WHERE tenant_id = $1 AND id = $3 RETURNING id",
            "UPDATE lead SET name = c.name FROM course AS c WHERE lead.tenant_id = $1 AND c.tenant_id = lead.tenant_id",
            "DELETE FROM lead WHERE tenant_id = $1 AND id IN (SELECT f.id FROM follow_up AS f WHERE f.tenant_id = $1)",
            "INSERT INTO lead (tenant_id, id) VALUES ($1, $2), ($3, $4) ON CONFLICT DO NOTHING",
            "INSERT INTO lead (tenant_id, id) SELECT l.tenant_id, l.id FROM lead AS l WHERE l.tenant_id = $1",
            "INSERT INTO tick (tenant_id, n) VALUES ($1, $2) ON CONFLICT (tenant_id) DO UPDATE SET n = excluded.n \
             WHERE tick.n > excluded.n",
            "SELECT t.name FROM session AS s JOIN tenant AS t ON t.id = s.tenant_id WHERE s.tenant_id = $1",
            "SELECT value FROM json_each($1)",
        ] {
            for backend in [DbBackend::Postgres, DbBackend::Sqlite] {
                assert_eq!(analyze(sql, backend, false).map(|_| ()), Ok(()), "{sql}");
            }
        }
    }

    #[test]
    fn statements_that_could_reach_another_tenant_do_not() {
        for sql in [
            "SELECT id FROM lead",
            "SELECT id FROM lead WHERE id = $1",
            "SELECT id FROM lead WHERE tenant_id = $1 OR id = $2",
            "SELECT id FROM lead WHERE NOT (tenant_id = $1)",
            "SELECT id FROM lead WHERE tenant_id <> $1",
            "SELECT id FROM lead WHERE tenant_id = '018f0000-0000-7000-8000-000000000000'",
            "SELECT id FROM lead WHERE tenant_id = tenant_id",
            // Which table's?
            "SELECT l.id FROM lead AS l JOIN course AS c ON c.id = l.course_id WHERE tenant_id = $1",
            "SELECT l.id FROM lead AS l JOIN course AS c ON c.id = l.course_id WHERE l.tenant_id = $1",
            "SELECT l.id FROM lead AS l, course AS c WHERE l.tenant_id = $1",
            // The condition of an outer join keeps every row of its other side.
            "SELECT l.id FROM lead AS l LEFT JOIN course AS c ON l.tenant_id = $1 AND c.tenant_id = l.tenant_id",
            "SELECT l.id FROM lead AS l LEFT JOIN course AS c ON c.tenant_id = $1 AND l.tenant_id = c.tenant_id",
            // An inner alias hides the outer one.
            "SELECT id FROM lead AS l WHERE l.tenant_id = $1 AND EXISTS (SELECT 1 FROM follow_up AS l WHERE l.id = $2)",
            "SELECT id FROM lead WHERE tenant_id = $1 AND id IN (SELECT lead_id FROM lead_token)",
            "SELECT (SELECT count(*) FROM course) FROM lead WHERE tenant_id = $1",
            "SELECT id FROM (SELECT id FROM lead) AS l",
            "WITH every AS (SELECT id FROM lead) SELECT id FROM every",
            "SELECT id FROM lead WHERE tenant_id = $1 UNION ALL SELECT id FROM course",
            // A platform table's tenant ties nothing.
            "SELECT l.id FROM lead AS l JOIN tenant_host AS h ON h.tenant_id = l.tenant_id",
            "UPDATE lead SET name = $1 WHERE id = $2",
            "UPDATE lead SET name = c.name FROM course AS c WHERE lead.tenant_id = $1 AND c.id = lead.course_id",
            "UPDATE lead SET name = c.name FROM course AS c WHERE tenant_id = $1 AND c.id = lead.course_id",
            "UPDATE lead SET tenant_id = $2 WHERE tenant_id = $1",
            "UPDATE lead SET name = (SELECT name FROM course LIMIT 1) WHERE tenant_id = $1",
            "DELETE FROM lead",
            "DELETE FROM lead WHERE tenant_id = $1 AND id IN (SELECT id FROM course)",
            "INSERT INTO lead (id) VALUES ($1)",
            "INSERT INTO lead (tenant_id, id) VALUES ($1, $2), ('018f0000-0000-7000-8000-000000000000', $3)",
            "INSERT INTO lead (tenant_id, id) SELECT l.tenant_id, l.id FROM lead AS l",
            "INSERT INTO lead (tenant_id, id) SELECT h.tenant_id, l.id FROM lead AS l, tenant_host AS h WHERE l.tenant_id = $1",
            "INSERT INTO lead (tenant_id, id) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET id = excluded.id",
            "INSERT INTO lead (tenant_id, id) VALUES ($1, $2) ON CONFLICT (tenant_id, id) DO UPDATE SET tenant_id = $3",
            "DROP TABLE lead",
            "TRUNCATE lead",
            "SELECT 1 FROM job",
        ] {
            for backend in [DbBackend::Postgres, DbBackend::Sqlite] {
                assert!(analyze(sql, backend, false).is_err(), "{sql}");
            }
        }
    }

    #[test]
    fn with_no_tenant_open_only_the_platforms_tables_are_there() {
        let outside = |sql| analyze(sql, DbBackend::Postgres, true);
        assert!(outside("SELECT id FROM tenant WHERE slug = $1").is_ok());
        assert!(outside("UPDATE job SET state = 'ready' WHERE state = 'running'").is_ok());
        assert!(outside("SELECT id FROM lead WHERE tenant_id = $1").is_err());
        assert!(outside("INSERT INTO lead (tenant_id) VALUES ($1)").is_err());
        assert!(outside("SELECT id FROM tenant WHERE id IN (SELECT tenant_id FROM lead)").is_err());
    }

    #[test]
    fn every_parameter_that_names_a_tenant_is_told() {
        let told = |sql| analyze(sql, DbBackend::Sqlite, false);
        assert_eq!(
            told("SELECT id FROM lead WHERE id = ? AND tenant_id = ? AND name = '?'"),
            Ok(vec![1])
        );
        assert_eq!(
            told("INSERT INTO lead (id, tenant_id) VALUES (?, ?), (?, ?)"),
            Ok(vec![1, 3])
        );
        assert_eq!(
            told("SELECT id FROM lead WHERE tenant_id = $1 AND (a = $2 OR tenant_id = $3)"),
            Ok(vec![0, 2])
        );
    }
}
