//! The board: leads by status with counts, and a move taken back.

use chrono::{DateTime, Utc};
use platform::Id;
use poem_openapi::param::{Path, Query};
use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use workflows::leads::{self, Filter};

use crate::Area;
use crate::answer::{Answer, Body, Tagged};
use crate::leads::{Lead, tagged};
use crate::leads_filter::LeadFilter;
use crate::security::Caller;

pub struct Operations;

#[OpenApi(tag = "Area::Leads")]
impl Operations {
    /// Leads the caller may see by status, those that came to it last first
    ///
    /// With `status`, one column alone; only then `cursor` names the page after a column's `next`.
    #[oai(path = "/leads/board", method = "get", operation_id = "get_board")]
    #[allow(clippy::too_many_arguments, reason = "each is a query parameter")]
    async fn board(
        &self,
        caller: Caller,
        /// Words of the name, a phone, or its last four digits.
        q: Query<Option<String>>,
        status: Query<Option<String>>,
        source: Query<Option<String>>,
        owner_id: Query<Option<Id>>,
        course_id: Query<Option<Id>>,
        /// One of `/tags`, in any spelling.
        tag: Query<Option<String>>,
        /// Created at or after.
        from: Query<Option<DateTime<Utc>>>,
        /// Created before.
        to: Query<Option<DateTime<Utc>>>,
        /// Only leads that wait for an owner.
        waiting: Query<Option<bool>>,
        /// Of the center's own fields, as often as needed: `level:is:b1`, `city:begins:Tosh`, `budget:from:500000`,
        /// `visit:to:2026-09-01`.
        custom: Query<Option<Vec<String>>>,
        cursor: Query<Option<String>>,
        /// Leads of each column, 1 to 100; 20 when absent.
        limit: Query<Option<u64>>,
    ) -> Answer<Body<Board>> {
        let filter = LeadFilter {
            q: q.0,
            status: status.0,
            source: source.0,
            owner_id: owner_id.0,
            course_id: course_id.0,
            tag: tag.0,
            from: from.0,
            to: to.0,
            waiting: waiting.0,
            custom: custom.0,
            sort: None,
        };
        let filter = Filter {
            cursor: cursor.0,
            limit: limit.0,
            ..filter.read(&caller).await?
        };
        let registry = leads::shown(caller.app(), &caller.actor).await?;
        let board = leads::board(caller.app(), &caller.actor, &registry, filter).await?;
        let due = board.due;
        let lead = |lead: leads::Lead| Lead {
            next_follow_up_at: due.get(&lead.id).copied(),
            ..lead.into()
        };
        let columns = board.columns.into_iter().map(|column| Column {
            status: column.status,
            count: column.count,
            items: column.leads.into_iter().map(lead).collect(),
            next: column.next,
        });
        Ok(Body(Board {
            columns: columns.collect(),
        }))
    }

    /// Takes the caller's own last move of a lead back
    ///
    /// Within ten minutes, and while nothing else has moved the lead. Its follow-ups are open again, and those the
    /// move had planned are cancelled. `move_id` is the event of the move on the lead's timeline.
    #[oai(
        path = "/leads/:id/moves/:move_id",
        method = "delete",
        operation_id = "undo_lead_move"
    )]
    async fn undo(&self, caller: Caller, id: Path<Id>, move_id: Path<Id>) -> Answer<Tagged<Lead>> {
        let lead = leads::undo_move(caller.app(), &caller.actor, id.0, move_id.0).await?;
        Ok(tagged(lead))
    }
}

#[derive(Object, Serialize)]
struct Board {
    columns: Vec<Column>,
}

#[derive(Object, Serialize)]
struct Column {
    /// A key of `/statuses`.
    status: String,
    /// Of all leads of this column that match.
    count: i64,
    items: Vec<Lead>,
    /// Asks for this column's next page, with `status`; null on the last.
    next: Option<String>,
}
