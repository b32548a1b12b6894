//! The trash: what was deleted in the last thirty days, and the way back.

use platform::{Error, Id};
use poem::handler;
use poem::web::{Path, Query};
use serde::Deserialize;
use serde_json::{Value, json};
use workflows::leads;

use crate::book::Book;
use crate::nav::Section;
use crate::render;
use crate::sent::Sent;
use crate::visit::{Answer, Visit, done, done_with_undo};
use crate::words::phone;

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct At {
    after: String,
}

#[handler]
pub async fn list(visit: Visit, Query(at): Query<At>) -> Answer {
    let after = Some(at.after.clone()).filter(|after| !after.is_empty());
    let (book, trash) = tokio::try_join!(
        Book::open(&visit),
        leads::trashed(visit.app(), visit.actor()?, after, None)
    )?;
    let words = &visit.words;
    let rows: Vec<Value> = trash
        .items
        .iter()
        .map(|lead| {
            let by = lead.deleted_by_name.clone().unwrap_or_default();
            json!({
                "id": lead.id, "name": lead.name, "phone": lead.phone.as_deref().map(phone).unwrap_or_default(),
                "status": book.status(&lead.status), "by": by, "deleted": words.ago(lead.deleted_at),
                "until": words.date(words.day(lead.until())),
            })
        })
        .collect();
    let view = json!({
        "rows": rows,
        "first": (!at.after.is_empty()).then_some("/leads/trash"),
        "next": trash.next.map(|next| format!("/leads/trash?after={next}")),
    });
    let page = visit.page(Section::Leads, words.t("trash-title"));
    Ok(render::page(&page, "leads/trash", &view))
}

#[handler]
pub async fn delete(visit: Visit, Path(id): Path<Id>, sent: Sent) -> Answer {
    let version = sent.get("version").parse().ok();
    match leads::trash(visit.app(), visit.actor()?, id, version).await {
        Ok(()) => Ok(done_with_undo("/leads/trash", "toast-lead-trashed", &[id])),
        Err(Error::Precondition { .. }) => Ok(done(&format!("/leads/{id}"), Some("toast-lead-stale"))),
        Err(error) => Err(error.into()),
    }
}

#[handler]
pub async fn restore(visit: Visit, Path(id): Path<Id>) -> Answer {
    leads::restore(visit.app(), visit.actor()?, id).await?;
    Ok(done(&format!("/leads/{id}"), Some("toast-lead-restored")))
}
