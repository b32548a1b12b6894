//! The tables of one FROM and what its conditions tie together.

use std::collections::HashSet;

use sqlparser::ast::{
    BinaryOperator, Expr, Ident, JoinConstraint, JoinOperator, ObjectName, TableFactor, TableWithJoins,
};

/// What an inner query may lean on: aliases around it that are tied already.
#[derive(Clone, Default)]
pub(super) struct Around {
    tied: HashSet<String>,
}

#[derive(Default)]
pub(super) struct Scope {
    /// (alias, table)
    pub tables: Vec<(String, String)>,
    /// Subqueries and functions: what they hold is looked at where they are written.
    derived: HashSet<String>,
    tied: HashSet<String>,
    /// Where the first is tied, so is the second.
    links: Vec<(String, String)>,
}

impl Scope {
    pub fn add(&mut self, from: &TableWithJoins) -> Result<Vec<String>, String> {
        let mut left = self.factor(&from.relation)?;
        for join in &from.joins {
            let right = self.factor(&join.relation)?;
            let (constraint, narrowed) = match &join.join_operator {
                JoinOperator::Join(on) | JoinOperator::Inner(on) | JoinOperator::CrossJoin(on) => (on, None),
                // An outer join keeps the rows of its other side whatever the condition says of them.
                JoinOperator::Left(on) | JoinOperator::LeftOuter(on) => (on, Some(right.clone())),
                JoinOperator::Right(on) | JoinOperator::RightOuter(on) => (on, Some(left.clone())),
                JoinOperator::FullOuter(on) => (on, Some(Vec::new())),
                other => return Err(format!("a join nobody looks into: {other:?}")),
            };
            if let JoinConstraint::On(condition) = constraint {
                self.conditions(condition, narrowed.as_deref());
            }
            left.extend(right);
        }
        Ok(left)
    }

    /// Takes over what must hold for every row: conditions joined by AND, never those under OR or NOT.
    /// `narrowed` names the only aliases they hold for.
    pub fn conditions(&mut self, condition: &Expr, narrowed: Option<&[String]>) {
        match condition {
            Expr::Nested(inner) => self.conditions(inner, narrowed),
            Expr::BinaryOp {
                left,
                op: BinaryOperator::And,
                right,
            } => {
                self.conditions(left, narrowed);
                self.conditions(right, narrowed);
            }
            Expr::BinaryOp {
                left,
                op: BinaryOperator::Eq,
                right,
            } => {
                let holds = |alias: &String| narrowed.is_none_or(|only| only.contains(alias));
                match (self.owner(left), self.owner(right)) {
                    (Some(a), Some(b)) => {
                        if holds(&b) {
                            self.links.push((a.clone(), b.clone()));
                        }
                        if holds(&a) {
                            self.links.push((b, a));
                        }
                    }
                    (Some(alias), None) if parameter(right).is_some() && holds(&alias) => {
                        self.tied.insert(alias);
                    }
                    (None, Some(alias)) if parameter(left).is_some() && holds(&alias) => {
                        self.tied.insert(alias);
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }

    /// Follows the links; what is then tied, with what was tied around, holds for the queries within.
    pub fn settle(&mut self, around: &Around) -> Around {
        let mut tied = around.tied.clone();
        for (alias, _) in &self.tables {
            tied.remove(alias);
        }
        tied.extend(self.tied.iter().cloned());
        tied.extend(self.derived.iter().cloned());
        loop {
            let more: Vec<String> = self
                .links
                .iter()
                .filter(|(from, to)| tied.contains(from) && !tied.contains(to))
                .map(|(_, to)| to.clone())
                .collect();
            if more.is_empty() {
                return Around { tied };
            }
            tied.extend(more);
        }
    }

    /// The alias whose `tenant_id` an expression is. Without a qualifier it is the only table's there is.
    pub fn owner(&self, expr: &Expr) -> Option<String> {
        match expr {
            Expr::Nested(inner) => self.owner(inner),
            Expr::CompoundIdentifier(parts) => match parts.as_slice() {
                [.., table, column] if is_tenant(column) => Some(table.value.to_lowercase()),
                _ => None,
            },
            Expr::Identifier(column) if is_tenant(column) => match self.tables.as_slice() {
                [(alias, _)] if self.derived.is_empty() => Some(alias.clone()),
                _ => None,
            },
            _ => None,
        }
    }

    fn factor(&mut self, factor: &TableFactor) -> Result<Vec<String>, String> {
        match factor {
            TableFactor::Table {
                name,
                alias,
                args: None,
                ..
            } => {
                let table = last(name);
                let alias = alias
                    .as_ref()
                    .map_or_else(|| table.clone(), |a| a.name.value.to_lowercase());
                if self.tables.iter().any(|(known, _)| *known == alias) {
                    return Err(format!("`{alias}` is named twice"));
                }
                self.tables.push((alias.clone(), table));
                Ok(vec![alias])
            }
            TableFactor::Table { alias, .. }
            | TableFactor::Derived { alias, .. }
            | TableFactor::Function { alias, .. }
            | TableFactor::TableFunction { alias, .. }
            | TableFactor::UNNEST { alias, .. } => {
                let alias = alias.as_ref().map_or_else(String::new, |a| a.name.value.to_lowercase());
                self.derived.insert(alias.clone());
                Ok(vec![alias])
            }
            TableFactor::NestedJoin { table_with_joins, .. } => self.add(table_with_joins),
            other => Err(format!("a table nobody looks into: {other}")),
        }
    }
}

impl Around {
    pub fn has(&self, alias: &str) -> bool {
        self.tied.contains(alias)
    }

    pub fn with(mut self, alias: &str) -> Self {
        self.tied.insert(alias.to_owned());
        self
    }
}

/// The place of `$n`, from 0.
pub(super) fn parameter(value: &Expr) -> Option<usize> {
    match value {
        Expr::Value(text) => {
            let text = text.to_string();
            text.strip_prefix('$')?.parse::<usize>().ok()?.checked_sub(1)
        }
        Expr::Cast { expr, .. } | Expr::Nested(expr) => parameter(expr),
        _ => None,
    }
}

pub(super) fn is_tenant(column: &Ident) -> bool {
    column.value.eq_ignore_ascii_case("tenant_id")
}

pub(super) fn last(name: &ObjectName) -> String {
    let ident = name.0.last().and_then(|part| part.as_ident());
    ident.map(|ident| ident.value.to_lowercase()).unwrap_or_default()
}
