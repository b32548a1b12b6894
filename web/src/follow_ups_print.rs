//! Today's list on paper: for a rep the own one, for a manager everybody's, rep by rep, with a box to tick.

use std::collections::BTreeMap;

use platform::Permit;
use poem::handler;
use poem::web::Query;
use serde_json::{Value, json};
use workflows::follow_ups::{self, Item};

use crate::book::Book;
use crate::follow_ups_asked::Asked;
use crate::page::Theme;
use crate::render;
use crate::visit::{Answer, Visit};
use crate::words::phone;

#[handler]
pub async fn print(visit: Visit, Query(asked): Query<Asked>) -> Answer {
    let (app, actor, words) = (visit.app(), visit.actor()?, &visit.words);
    let (book, sheet) = tokio::try_join!(Book::open(&visit), follow_ups::sheet(app, actor, asked.filter()))?;
    let row = |item: &Item| {
        let today = words.day(item.due_at) == words.today();
        json!({
            "due": if today { words.time(item.due_at) } else { words.date(words.day(item.due_at)) },
            "name": item.lead_name, "phone": item.lead_phone.as_deref().map(phone),
            "course": book.course_name(item.course_id), "what": book.text(&item.text),
            "note": sheet.notes.get(&item.lead_id),
        })
    };
    // By name, as people look for themselves on a board.
    let mut reps: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for item in &sheet.items {
        let name = book.name(Some(item.owner_id)).unwrap_or_else(|| actor.name.clone());
        reps.entry(name).or_default().push(row(item));
    }
    let reps: Vec<Value> = reps
        .into_iter()
        .map(|(name, rows)| json!({"name": name, "rows": rows}))
        .collect();
    let view = json!({
        "day": words.long_date(words.today()), "made": words.moment(words.now), "reps": reps,
        "back": format!("/today?{}", asked.query()),
        "left_out": (sheet.left_out > 0).then(|| words.count("print-left-out", sheet.left_out)),
        "all": actor.can(Permit::FollowUpsAll),
    });
    let mut page = visit.bare(words.t("print-title"));
    page.theme = Theme::Light;
    Ok(render::page_of(
        poem::http::StatusCode::OK,
        &page,
        "follow_ups/print",
        view,
    ))
}
