//! The tenant's statuses with the moves between them.

use std::collections::BTreeMap;

use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use workflows::leads;

use crate::Area;
use crate::answer::{Answer, Body};
use crate::page::Page;
use crate::security::Caller;

pub struct Operations;

#[OpenApi(tag = "Area::Leads")]
impl Operations {
    /// Statuses in order, each with the moves the caller may make from it
    #[oai(path = "/statuses", method = "get", operation_id = "list_statuses")]
    async fn statuses(&self, caller: Caller) -> Answer<Body<Page<Status>>> {
        let registry = leads::registry(caller.app(), &caller.actor).await?;
        let items = registry.statuses.iter().map(|status| Status {
            key: status.key.clone(),
            kind: status.kind.clone(),
            labels: status.labels.clone(),
            moves: registry
                .moves(&caller.actor, &status.key)
                .into_iter()
                .map(|found| Move {
                    to: found.to_key.clone(),
                    needs_reason: found.needs_reason,
                })
                .collect(),
        });
        Ok(Body(Page::whole(items.collect())))
    }
}

#[derive(Object, Serialize)]
struct Status {
    key: String,
    /// new, working, trial_booked, trial_attended, no_show, offered, won, lost or reactivating.
    kind: String,
    /// By language.
    labels: BTreeMap<String, String>,
    moves: Vec<Move>,
}

#[derive(Object, Serialize)]
struct Move {
    to: String,
    needs_reason: bool,
}
