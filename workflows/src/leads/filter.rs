//! Which leads a list is about: what can be asked for, and the conditions it becomes.

use chrono::{DateTime, Utc};
use platform::db::list;
use platform::{Actor, Error, Id, Permit, Result, fold, phone};
use sea_orm::Value;
use serde::{Deserialize, Serialize};

use super::asks::{self, Ask, past};
use super::tags::tag_token;

/// More than a page of a list holds are no choice made by hand.
const MOST_NAMED: usize = 200;

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Filter {
    /// Of these alone, where any are named.
    pub ids: Vec<Id>,
    pub search: String,
    pub source: Option<String>,
    pub status: Option<String>,
    pub owner: Option<Id>,
    pub course: Option<Id>,
    pub tag: Option<String>,
    /// Created at or after, and before.
    pub from: Option<DateTime<Utc>>,
    pub to: Option<DateTime<Utc>>,
    /// Only leads without an owner.
    pub waiting: bool,
    /// What is asked of the centre's own fields.
    pub custom: Vec<Ask>,
    pub sort: Sort,
    #[serde(skip)]
    pub cursor: Option<String>,
    /// 1 to 200; 50 when absent.
    #[serde(skip)]
    pub limit: Option<u64>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sort {
    #[default]
    Newest,
    Oldest,
    Name,
    /// Last changed first.
    Changed,
}

impl Sort {
    pub const ALL: [Sort; 4] = [Sort::Newest, Sort::Oldest, Sort::Name, Sort::Changed];

    pub fn name(self) -> &'static str {
        match self {
            Sort::Newest => "newest",
            Sort::Oldest => "oldest",
            Sort::Name => "name",
            Sort::Changed => "changed",
        }
    }

    /// The order of a name; the usual one for names nobody knows.
    pub fn named(name: &str) -> Self {
        Sort::ALL
            .into_iter()
            .find(|sort| sort.name() == name)
            .unwrap_or_default()
    }
}

/// The conditions of a filter on `lead AS l`, `$1` being the tenant; never what the actor may not see.
pub(super) fn conditions(actor: &Actor, filter: &Filter, postgres: bool) -> Result<(String, Vec<Value>)> {
    let mut sql = "l.tenant_id = $1 AND l.deleted_at IS NULL".to_owned();
    let mut values: Vec<Value> = vec![actor.tenant_id().0.into()];
    let mut push = |sql: &mut String, condition: &str, value: Value| {
        values.push(value);
        sql.push_str(&format!(" AND {condition}${}", values.len()));
    };
    if !actor.can(Permit::LeadsAll) {
        actor.may(Permit::LeadsOwn)?;
        push(&mut sql, "l.owner_id = ", actor.person()?.into());
    }
    match filter.owner {
        // Whoever sees only the own ones finds nothing of another's: an engine told both would look for it.
        Some(owner) if !actor.can(Permit::LeadsAll) && Some(owner) != actor.user => sql.push_str(" AND 1 = 0"),
        Some(owner) => push(&mut sql, "l.owner_id = ", owner.into()),
        None => {}
    }
    if let Some(status) = &filter.status {
        push(&mut sql, "l.status = ", status.as_str().into());
    }
    if let Some(source) = &filter.source {
        push(&mut sql, "l.source = ", source.as_str().into());
    }
    if let Some(course) = filter.course {
        push(&mut sql, "l.course_id = ", course.into());
    }
    if let Some(from) = filter.from {
        push(&mut sql, "l.created_at >= ", from.into());
    }
    if let Some(to) = filter.to {
        push(&mut sql, "l.created_at < ", to.into());
    }
    if filter.ids.len() > MOST_NAMED {
        return Err(Error::field("ids", "too_many").with("max", MOST_NAMED as u64));
    }
    if !filter.ids.is_empty() {
        sql.push_str(&format!(" AND l.id IN ({})", list(values.len() + 1, filter.ids.len())));
        values.extend(filter.ids.iter().map(|id| Value::from(*id)));
    }
    if filter.waiting {
        sql.push_str(" AND l.waiting_since IS NOT NULL");
    }
    let mut wanted = Vec::new();
    if let Some(tag) = &filter.tag {
        values.push(tag_token(tag).into());
        wanted.push(format!("t.token = ${}", values.len()));
    }
    for ask in asks::wanted(&filter.custom) {
        let (tokens, there) = ask.sql(&mut values);
        if there {
            wanted.push(tokens);
        } else {
            sql.push_str(&not_found(&tokens));
        }
    }
    let code = phone::calling_code(phone::country(&actor.tenant.country));
    for alternatives in fold::query(&filter.search, code) {
        let mut ranges = Vec::new();
        for prefix in &alternatives {
            values.push(prefix.as_str().into());
            values.push(past(prefix).into());
            ranges.push(format!(
                "(t.token >= ${} AND t.token < ${})",
                values.len() - 1,
                values.len()
            ));
        }
        wanted.push(ranges.join(" OR "));
    }
    if !wanted.is_empty() {
        sql.push_str(&found(&wanted, postgres));
    }
    Ok((sql, values))
}

/// Leads with a token of each kind wanted, gathered first and looked up then: what two words have in common is found
/// among tokens, not by comparing every lead of the one with every lead of the other. PostgreSQL gathers them into an
/// array: left to choose, it would at times rather read all leads.
fn found(wanted: &[String], postgres: bool) -> String {
    let each = wanted
        .iter()
        .map(|tokens| format!("SELECT t.lead_id FROM lead_token AS t WHERE t.tenant_id = $1 AND ({tokens})"));
    let ids = each.collect::<Vec<_>>().join(" INTERSECT ");
    if postgres {
        format!(" AND l.id = ANY (ARRAY({ids}))")
    } else {
        format!(" AND l.id IN ({ids})")
    }
}

/// Leads without a token, each looked at by its key.
fn not_found(tokens: &str) -> String {
    format!(" AND NOT EXISTS (SELECT 1 FROM lead_token AS t WHERE t.tenant_id = $1 AND {tokens} AND t.lead_id = l.id)")
}
