//! What can be handed out, and the rows of it: headings in the reader's language, pages as the list's own verb gives
//! them, so that a file never holds more than its reader may see. A new list is one more arm.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use platform::locale::{Lang, t};
use platform::{Actor, App, Error, Id, Permit, Result};
use serde_json::{Value, json};
use wire::pack::CustomField;

use super::table::Cell;
use crate::courses::{self, Course};
use crate::follow_ups;
use crate::leads::{self, Lead, Registry};
use crate::numbers;
use crate::staff::{self, Colleagues, User};

#[derive(Debug, Clone)]
pub enum What {
    Leads(leads::Filter),
    FollowUps(follow_ups::Filter),
    /// Today's numbers of everybody who works leads.
    Team,
}

/// Rows, and where the next ones begin.
pub(super) struct Rows {
    pub rows: Vec<Vec<Cell>>,
    pub next: Option<String>,
}

const PAGE: u64 = 200;

impl What {
    pub fn key(&self) -> &'static str {
        match self {
            What::Leads(_) => "leads",
            What::FollowUps(_) => "follow_ups",
            What::Team => "team",
        }
    }

    pub(super) fn read(key: &str, filter: Value) -> Result<Self> {
        match key {
            "leads" => Ok(What::Leads(serde_json::from_value(filter)?)),
            "follow_ups" => Ok(What::FollowUps(serde_json::from_value(filter)?)),
            "team" => Ok(What::Team),
            other => Err(Error::internal(format!("an export of {other}"))),
        }
    }

    pub(super) fn filter(&self) -> Result<Value> {
        Ok(match self {
            What::Leads(filter) => serde_json::to_value(filter)?,
            What::FollowUps(filter) => serde_json::to_value(filter)?,
            What::Team => json!({}),
        })
    }

    pub(super) async fn count(&self, app: &App, actor: &Actor) -> Result<i64> {
        match self {
            What::Leads(filter) => leads::matching(app, actor, filter.clone()).await,
            What::FollowUps(filter) => follow_ups::matching(app, actor, filter.clone()).await,
            What::Team => Ok(numbers::team(app, actor).await?.reps.len() as i64),
        }
    }

    pub(super) fn headings(&self, words: &Words) -> Vec<String> {
        let said = |ids: &[&str]| ids.iter().map(|id| t(words.lang, id, &[])).collect::<Vec<_>>();
        match self {
            What::Leads(_) => {
                let mut headings = said(&[
                    "imports-field-name",
                    "imports-field-phone",
                    "imports-field-secondary-phone",
                    "imports-field-course",
                    "imports-field-source",
                    "imports-field-status",
                    "exports-owner",
                    "exports-tags",
                    "imports-field-notes",
                    "exports-lost-reason",
                    "exports-added",
                    "exports-changed",
                    "exports-next",
                ]);
                headings.extend(
                    words
                        .registry
                        .custom_fields
                        .iter()
                        .map(|field| words.label(&field.labels)),
                );
                headings
            }
            What::FollowUps(_) => said(&[
                "exports-due",
                "exports-step",
                "exports-lead",
                "imports-field-phone",
                "imports-field-status",
                "imports-field-course",
                "exports-owner",
            ]),
            What::Team => said(&[
                "dash-rep",
                "exports-all-leads",
                "dash-load",
                "dash-today",
                "dash-overdue",
                "exports-conversion",
            ]),
        }
    }

    pub(super) async fn page(&self, app: &App, actor: &Actor, words: &Words, after: Option<String>) -> Result<Rows> {
        let (cursor, limit) = (after, Some(PAGE));
        match self {
            What::Leads(filter) => {
                let filter = leads::Filter {
                    cursor,
                    limit,
                    ..filter.clone()
                };
                let page = leads::list(app, actor, filter).await?;
                let row = |lead: &Lead| words.lead(lead, page.due.get(&lead.id).copied());
                Ok(Rows {
                    rows: page.items.iter().map(row).collect(),
                    next: page.next,
                })
            }
            What::FollowUps(filter) => {
                let filter = follow_ups::Filter {
                    cursor,
                    limit,
                    ..filter.clone()
                };
                let page = follow_ups::list(app, actor, filter).await?;
                let row = |item: &follow_ups::Item| words.follow_up(item);
                Ok(Rows {
                    rows: page.items.iter().map(row).collect(),
                    next: page.next,
                })
            }
            What::Team => Ok(Rows {
                rows: numbers::team(app, actor).await?.reps.iter().map(rep).collect(),
                next: None,
            }),
        }
    }
}

fn rep(rep: &numbers::Rep) -> Vec<Cell> {
    let mut cells = vec![Cell::text(&rep.name)];
    cells.extend([rep.leads, rep.open, rep.today, rep.overdue].map(|count| Cell::Number(count as f64)));
    // A share of a hundred, rounded as the page shows it.
    cells.push(
        rep.conversion
            .map_or(Cell::Empty, |share| Cell::Number((share * 100.0).round())),
    );
    cells
}

/// The centre's words and people, as the file's reader reads them.
pub(super) struct Words {
    lang: Lang,
    actor: Actor,
    registry: Arc<Registry>,
    courses: Arc<Vec<Course>>,
    staff: Option<Arc<Colleagues>>,
}

impl Words {
    pub async fn of(app: &App, actor: &Actor, lang: Lang) -> Result<Self> {
        let staff = match actor.can(Permit::StaffRead) {
            true => Some(staff::colleagues(app, actor).await?),
            false => None,
        };
        Ok(Words {
            lang,
            actor: actor.clone(),
            registry: leads::shown(app, actor).await?,
            courses: courses::shown(app, actor).await?,
            staff,
        })
    }

    fn lead(&self, lead: &Lead, due: Option<DateTime<Utc>>) -> Vec<Cell> {
        let reason = lead.lost_reason.as_deref().unwrap_or_default();
        let tags: Vec<String> = leads::tags_of(lead);
        let mut cells = vec![
            Cell::text(&lead.name),
            Cell::text(lead.phone.as_deref().unwrap_or_default()),
            Cell::text(lead.secondary_phone.as_deref().unwrap_or_default()),
            self.course(lead.course_id),
            Cell::text(self.named(&self.registry.sources, &lead.source)),
            self.status(&lead.status),
            self.person(lead.owner_id),
            Cell::text(tags.join(", ")),
            Cell::text(&lead.notes),
            Cell::text(self.named(&self.registry.lost_reasons, reason)),
            self.moment(lead.created_at),
            self.moment(lead.updated_at),
            due.map_or(Cell::Empty, |at| self.moment(at)),
        ];
        cells.extend(self.registry.custom_fields.iter().map(|field| self.own(field, lead)));
        cells
    }

    fn follow_up(&self, item: &follow_ups::Item) -> Vec<Cell> {
        vec![
            self.moment(item.due_at),
            Cell::text(self.registry.text(&item.text, self.lang).unwrap_or(&item.text)),
            Cell::text(&item.lead_name),
            Cell::text(item.lead_phone.as_deref().unwrap_or_default()),
            self.status(&item.lead_status),
            self.course(item.course_id),
            self.person(Some(item.owner_id)),
        ]
    }

    /// As a person reads it; a table that comes back in is read the same way.
    fn own(&self, field: &CustomField, lead: &Lead) -> Cell {
        match &lead.custom[&field.key] {
            Value::Number(number) => number.as_f64().map_or(Cell::Empty, Cell::Number),
            Value::Bool(on) => Cell::text(t(self.lang, if *on { "settings-yes" } else { "settings-no" }, &[])),
            Value::String(text) => {
                let chosen = field.options.iter().find(|option| option.value == *text);
                Cell::text(chosen.map_or_else(|| text.clone(), |option| self.label(&option.labels)))
            }
            Value::Null => Cell::Empty,
            other => Cell::text(other.to_string()),
        }
    }

    fn moment(&self, at: DateTime<Utc>) -> Cell {
        Cell::Moment(at.with_timezone(&self.actor.tenant.time_zone).naive_local())
    }

    fn status(&self, key: &str) -> Cell {
        let found = self.registry.status(key);
        Cell::text(found.map_or_else(|| key.to_owned(), |status| self.label(&status.labels)))
    }

    fn named(&self, list: &[leads::Named], key: &str) -> String {
        let found = list.iter().find(|named| named.key == key);
        found.map_or_else(|| key.to_owned(), |named| self.label(&named.labels))
    }

    fn course(&self, id: Option<Id>) -> Cell {
        let found = id.and_then(|id| self.courses.iter().find(|course| course.id == id));
        Cell::text(found.map(|course| course.name.clone()).unwrap_or_default())
    }

    fn person(&self, id: Option<Id>) -> Cell {
        let found = id.and_then(|id| self.staff.as_ref()?.get(id));
        Cell::text(found.map(User::full_name).unwrap_or_default())
    }

    fn label(&self, labels: &BTreeMap<String, String>) -> String {
        let known = labels.get(self.lang.code()).or_else(|| labels.get("en"));
        known.or_else(|| labels.values().next()).cloned().unwrap_or_default()
    }
}
