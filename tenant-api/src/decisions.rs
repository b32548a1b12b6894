//! What the rules decided, and the decisions a fallback had to make in their place.

use chrono::{DateTime, Utc};
use platform::Id;
use poem_openapi::param::{Path, Query};
use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use serde_json::Value;
use workflows::scripts::{self, Decided, Filter};

use crate::Area;
use crate::answer::{Answer, Body, Done};
use crate::page::Page;
use crate::security::Caller;

pub struct Operations;

#[OpenApi(tag = "Area::Scripts")]
impl Operations {
    /// Decisions of the rules, newest first
    #[oai(path = "/decisions", method = "get", operation_id = "list_decisions")]
    async fn list(
        &self,
        caller: Caller,
        /// Only those a fallback made because the rule failed.
        degraded: Query<Option<bool>>,
        /// Only those not decided again.
        open: Query<Option<bool>>,
        cursor: Query<Option<String>>,
        /// 1 to 200; 50 when absent.
        limit: Query<Option<u64>>,
    ) -> Answer<Body<Page<ListedDecision>>> {
        let filter = Filter {
            degraded: degraded.0.unwrap_or(false),
            open: open.0.unwrap_or(false),
            cursor: cursor.0,
            limit: limit.0,
        };
        let page = scripts::decisions(caller.app(), &caller.actor, filter).await?;
        Ok(Body(Page {
            items: page.items.into_iter().map(ListedDecision::from).collect(),
            next: page.next,
        }))
    }

    /// Has a degraded decision made again by the rule as it is now
    ///
    /// Once: a second request changes nothing. Open follow-ups of the old plan give way to the new one, what people
    /// have done is kept.
    #[oai(path = "/decisions/:id/rerun", method = "post", operation_id = "rerun_decision")]
    async fn rerun(&self, caller: Caller, id: Path<Id>) -> Answer<Done> {
        scripts::rerun(caller.app(), &caller.actor, id.0).await?;
        Ok(Done)
    }
}

#[derive(Object, Serialize)]
struct ListedDecision {
    id: Id,
    hook: String,
    lead_id: Option<Id>,
    lead_name: Option<String>,
    /// Who answered: `override`, `last_good`, `pack` or `core`.
    level: String,
    /// The script that answered, or `native`.
    layer: String,
    /// The layers that should have answered and did not, each with its code, line and column.
    failures: Value,
    created_at: DateTime<Utc>,
    /// When it was decided again.
    rerun_at: Option<DateTime<Utc>>,
    /// The decision made then; null when there was nothing left to decide.
    rerun_id: Option<Id>,
}

impl From<Decided> for ListedDecision {
    fn from(decided: Decided) -> Self {
        ListedDecision {
            id: decided.id,
            hook: decided.hook,
            lead_id: decided.lead_id,
            lead_name: decided.lead_name,
            level: decided.level,
            layer: decided.layer,
            failures: decided.failures,
            created_at: decided.created_at,
            rerun_at: decided.rerun_at,
            rerun_id: decided.rerun_id,
        }
    }
}
