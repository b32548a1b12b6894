//! The board: leads by status, moved by hand, by keyboard or by a colleague elsewhere.

use std::collections::BTreeMap;

use platform::{Error, Id, Permit};
use poem::http::StatusCode;
use poem::web::{Path, Query};
use poem::{Response, handler};
use serde::Deserialize;
use serde_json::{Value, json};
use workflows::leads::{self, Board, Column, Filter, Lead, Move};

use crate::book::{Book, css};
use crate::lead::{self, reason};
use crate::leads::possible;
use crate::leads_asked::Asked;
use crate::nav::Section;
use crate::own_filters;
use crate::page::Choice;
use crate::render;
use crate::sent::Sent;
use crate::visit::{Answer, Visit, done, inside};

/// Cards a column shows at once; a page stays small with as many columns as there are statuses.
const CARDS: u64 = 12;
const MORE: u64 = 40;
/// Cards asked for at once by an open board; what changed more is looked at anew.
const MOST: usize = 60;

#[handler]
pub async fn show(visit: Visit, Query(asked): Query<Asked>) -> Answer {
    let (app, actor) = (visit.app(), visit.actor()?);
    let since = app.clock.real().timestamp_millis();
    let registry = leads::shown(app, actor).await?;
    let (filter, problem) = possible(&visit, &asked, None).await?;
    let filter = Filter {
        limit: Some(CARDS),
        cursor: None,
        ..filter
    };
    let (book, tags, board) = tokio::try_join!(
        Book::open(&visit),
        leads::tags(app, actor),
        leads::board(app, actor, &registry, filter)
    )?;
    let Board { columns, due } = board;
    let tags: Vec<Choice> = tags.into_iter().map(|tag| Choice::new(tag.key, tag.name)).collect();
    let lane = |column: &Column| lane(&visit, &book, &asked, column, &due);
    let team = actor.can(Permit::LeadsAll);
    let view = json!({
        "lanes": columns.iter().map(lane).collect::<Vec<_>>(),
        "none": columns.iter().all(|column| column.count == 0),
        "filter": asked, "narrow": asked.narrow(), "chips": chips(&visit, &book, &asked, &tags),
        "list": asked.having("after", ""), "tags": (!tags.is_empty()).then_some(&tags),
        "statuses": book.statuses(), "sources": book.sources(), "courses": book.open_courses(),
        "owners": team.then(|| book.owners()), "lost_reasons": book.lost_reasons(),
        "moves": moves(&visit, &book)?, "since": since, "problem": problem,
        "own_filters": own_filters::inputs(&visit, &book.registry.custom_fields, &asked),
    });
    let status = match problem {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let page = visit.page(Section::Board, visit.words.t("nav-board"));
    Ok(render::page_of(status, &page, "leads/board", view))
}

/// A column's further cards.
#[handler]
pub async fn more(visit: Visit, Query(asked): Query<Asked>) -> Answer {
    let (app, actor) = (visit.app(), visit.actor()?);
    let filter = Filter {
        limit: Some(MORE),
        ..asked.filter(&visit).await?
    };
    if filter.status.is_none() {
        return Err(Error::NotFound.into());
    }
    let registry = leads::shown(app, actor).await?;
    let (book, board) = tokio::try_join!(Book::open(&visit), leads::board(app, actor, &registry, filter))?;
    let column = board.columns.first();
    let lane = column.map(|column| lane(&visit, &book, &asked, column, &board.due));
    Ok(render::part(
        &board_page(&visit),
        "leads/more_cards",
        &json!({"lane": lane}),
    ))
}

#[derive(Deserialize)]
pub struct Named {
    #[serde(default)]
    ids: String,
}

/// The cards of leads that changed, and every column's count. A lead that is no longer to be shown has no card.
#[handler]
pub async fn cards(visit: Visit, Query(asked): Query<Asked>, Query(named): Query<Named>) -> Answer {
    let (app, actor) = (visit.app(), visit.actor()?);
    let ids: Vec<Id> = named
        .ids
        .split(',')
        .filter_map(|id| id.parse().ok())
        .take(MOST)
        .collect();
    let registry = leads::shown(app, actor).await?;
    let cards = leads::cards(app, actor, &registry, possible(&visit, &asked, None).await?.0, &ids);
    let (book, board) = tokio::try_join!(Book::open(&visit), cards)?;
    let counts: BTreeMap<&str, i64> = board.columns.iter().map(|c| (c.status.as_str(), c.count)).collect();
    let leads = board.columns.iter().flat_map(|column| &column.leads);
    let tiles: Vec<Value> = leads
        .map(|lead| tile(&visit, &book, lead, board.due.get(&lead.id)))
        .collect();
    let view = json!({"tiles": tiles, "counts": json!(counts).to_string()});
    Ok(render::part(&board_page(&visit), "leads/cards", &view))
}

/// A card was put into another column.
#[handler]
pub async fn put(visit: Visit, Path(id): Path<Id>, sent: Sent) -> Answer {
    let change = Move {
        to: sent.get("to").to_owned(),
        note: sent.get("note").to_owned(),
        lost_reason: sent.some("lost_reason"),
        version: None,
        from: sent.some("from"),
    };
    match leads::move_lead(visit.app(), visit.actor()?, id, change).await {
        Ok((lead, event)) => {
            let undo = format!("/leads/{id}/moves/{event}/undo");
            answer(&visit, &lead, "board-moved", Some(undo)).await
        }
        Err(error) => refuse(&visit, id, error).await,
    }
}

#[handler]
pub async fn take_back(visit: Visit, Path((id, event)): Path<(Id, Id)>, sent: Sent) -> Answer {
    let undone = leads::undo_move(visit.app(), visit.actor()?, id, event).await;
    // From the toast of a page, which is shown anew; the board itself wants the card alone.
    if sent.has("back") {
        return match undone {
            Ok(_) => Ok(done(inside(sent.get("back")), Some("toast-undone"))),
            Err(error) => lead::refuse(&visit, id, error, &sent, "").await,
        };
    }
    match undone {
        Ok(lead) => answer(&visit, &lead, "board-undone", None).await,
        Err(error) => refuse(&visit, id, error).await,
    }
}

async fn answer(visit: &Visit, lead: &Lead, words: &str, undo: Option<String>) -> Answer {
    let book = Book::open(visit).await?;
    let to = book.status(&lead.status).label;
    let words = visit
        .words
        .with(words, &[("name", lead.name.as_str().into()), ("to", to.into())]);
    let shown = tile(visit, &book, lead, None);
    Ok(part(visit, StatusCode::OK, Some(shown), words, undo))
}

/// Why a card stays, and where it really is.
async fn refuse(visit: &Visit, id: Id, error: Error) -> Answer {
    let (app, actor) = (visit.app(), visit.actor()?);
    let lead = match (leads::find(app, actor, id).await, &error) {
        (Ok(lead), _) => lead,
        (Err(Error::NotFound), Error::NotFound | Error::Precondition { .. }) => {
            let words = visit.words.t("board-gone");
            return Ok(part(visit, StatusCode::NOT_FOUND, None, words, None));
        }
        _ => return Err(error.into()),
    };
    let book = Book::open(visit).await?;
    let (status, words) = match &error {
        Error::Precondition { .. } => (StatusCode::CONFLICT, moved_meanwhile(visit, &book, &lead).await?),
        Error::Conflict(_) => (StatusCode::CONFLICT, reason(visit, &error)),
        Error::Invalid(_) | Error::Refused(_) | Error::Forbidden(_) => {
            (StatusCode::UNPROCESSABLE_ENTITY, reason(visit, &error))
        }
        _ => return Err(error.into()),
    };
    let due = leads::cards(app, actor, &book.registry, Filter::default(), &[id])
        .await?
        .due;
    let shown = tile(visit, &book, &lead, due.get(&id));
    Ok(part(visit, status, Some(shown), words, None))
}

async fn moved_meanwhile(visit: &Visit, book: &Book, lead: &Lead) -> Result<String, Error> {
    let entries = leads::timeline(visit.app(), visit.actor()?, lead.id, None, None)
        .await?
        .entries;
    let moved = |entry: &&leads::Entry| matches!(entry.event.kind.as_str(), "lead.status_changed" | "lead.move_undone");
    let by = entries.iter().find(moved).and_then(|entry| entry.actor_name.clone());
    let (name, to) = (lead.name.as_str(), book.status(&lead.status).label);
    Ok(match by {
        Some(by) => visit.words.with(
            "board-moved-by",
            &[("name", name.into()), ("to", to.into()), ("what", by.into())],
        ),
        None => visit
            .words
            .with("board-moved-meanwhile", &[("name", name.into()), ("to", to.into())]),
    })
}

fn part(visit: &Visit, status: StatusCode, tile: Option<Value>, words: String, undo: Option<String>) -> Response {
    let view = json!({"tile": tile, "words": words, "undo": undo, "bad": status != StatusCode::OK});
    let mut response = render::part(&board_page(visit), "leads/moved", &view);
    if response.status() == StatusCode::OK {
        response.set_status(status);
    }
    response
}

fn board_page(visit: &Visit) -> crate::page::Page {
    visit.page(Section::Board, String::new())
}

type Dues = std::collections::HashMap<Id, chrono::DateTime<chrono::Utc>>;

fn lane(visit: &Visit, book: &Book, asked: &Asked, column: &Column, due: &Dues) -> Value {
    let status = book.status(&column.status);
    let kind = css(&status.kind);
    let tiles = column
        .leads
        .iter()
        .map(|lead| tile(visit, book, lead, due.get(&lead.id)));
    let next = column.next.as_ref();
    json!({
        "key": status.key, "label": status.label, "css": kind, "glyph": format!("g-{kind}"),
        "count": column.count, "tiles": tiles.collect::<Vec<_>>(),
        "next": next.map(|cursor| further(asked, &column.status, cursor)),
    })
}

/// Where a column's further cards are.
fn further(asked: &Asked, status: &str, cursor: &str) -> String {
    let column = Asked {
        status: status.to_owned(),
        ..asked.clone()
    };
    column
        .having("after", cursor)
        .replacen("/leads", "/leads/board/column", 1)
}

/// The list's own, at the board's address.
fn chips(visit: &Visit, book: &Book, asked: &Asked, tags: &[Choice]) -> Vec<Value> {
    let mut chips = asked.chips(visit, book, tags);
    for chip in &mut chips {
        let without = chip["without"].as_str().unwrap_or_default();
        chip["without"] = without.replacen("/leads", "/leads/board", 1).into();
    }
    chips
}

fn tile(visit: &Visit, book: &Book, lead: &Lead, due: Option<&chrono::DateTime<chrono::Utc>>) -> Value {
    let course = book.course_name(lead.course_id);
    json!({
        "id": lead.id,
        "status": lead.status,
        "name": cut(&lead.name),
        "about": if course.is_empty() { book.source(&lead.source) } else { course },
        "owner": book.person(lead.owner_id),
        "due": visit.words.due(due.copied()),
    })
}

/// Names may be as long as they like; a card shows what fits.
fn cut(name: &str) -> String {
    if name.chars().count() <= 60 {
        return name.to_owned();
    }
    name.chars().take(59).chain(['…']).collect()
}

/// Where cards of each column may go, and what that asks for: `{from: {to: "none" | "reason" | "manager"}}`.
fn moves(visit: &Visit, book: &Book) -> Result<String, Error> {
    let actor = visit.actor()?;
    let mut moves: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
    for step in &book.registry.transitions {
        let needs = match book.registry.allow(actor, &step.from_key, &step.to_key) {
            Ok(step) if step.needs_reason => "reason",
            Ok(_) => "none",
            Err(_) if step.moved_by == "manager" => "manager",
            Err(_) => continue,
        };
        moves.entry(&step.from_key).or_default().insert(&step.to_key, needs);
    }
    Ok(json!(moves).to_string())
}
