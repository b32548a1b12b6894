//! What others do, told to an open page as it happens: ids of leads, which the page asks for under its own rights. A
//! page that connects anew says since when, and is told what it missed.

use std::time::Duration;

use chrono::{DateTime, Utc};
use platform::live::{Heard, News, Seat};
use platform::{Actor, App, Permit};
use poem::http::header;
use poem::web::Query;
use poem::web::sse::{Event, SSE};
use poem::{IntoResponse, Request, handler};
use serde::Deserialize;
use serde_json::json;
use tokio::time::Instant;
use workflows::leads;

use crate::visit::{Answer, Visit};

/// A page that hears nothing for longer knows that its line is dead.
const BEAT: Duration = Duration::from_secs(10);
/// Then the page connects anew, and shows again who it is.
const LIFE: Duration = Duration::from_secs(120);
const AGAIN_MS: u64 = 1000;
/// A browser drops an event without data.
const NOTHING: &str = "-";

#[derive(Deserialize)]
pub struct Since {
    /// Milliseconds; when the page was drawn.
    since: Option<i64>,
}

#[handler]
pub async fn listen(visit: Visit, req: &Request, Query(asked): Query<Since>) -> Answer {
    let (app, actor) = (visit.app().clone(), visit.actor()?.clone());
    let mut seat = app.live.sit(actor.tenant_id(), actor.person()?)?;
    let last = req.header("last-event-id").and_then(|id| id.parse().ok());
    let since = last.or(asked.since).and_then(DateTime::<Utc>::from_timestamp_millis);
    let now = app.clock.real();
    // Nobody was away for an hour: such a page is drawn anew.
    let missed = match since {
        Some(since) if now - since < chrono::TimeDelta::hours(1) => leads::changed_since(&app, &actor, since).await?,
        Some(_) => News::Anything,
        None => News::Changes(Vec::new()),
    };
    let page = Page {
        all: actor.can(Permit::LeadsAll),
        app,
        actor,
    };
    let mut first = vec![Event::Retry { retry: AGAIN_MS }, linked(seat.is_linked())];
    first.extend(page.told(missed));
    first.push(page.beat());
    let later = futures::stream::unfold(Listening::to(seat, page), Listening::next);
    let events = futures::StreamExt::chain(
        futures::stream::iter(first),
        futures::StreamExt::flat_map(later, futures::stream::iter),
    );
    let response = SSE::new(events).into_response();
    Ok(response
        .with_header(header::CACHE_CONTROL, "no-store")
        .with_header("x-accel-buffering", "no")
        .into_response())
}

struct Page {
    app: App,
    actor: Actor,
    all: bool,
}

impl Page {
    /// An event the page may be told of; others' leads are not there for it.
    fn told(&self, news: News) -> Option<Event> {
        let event = match news {
            News::Anything => Event::message(NOTHING).event_type("reset"),
            News::Changes(changes) => {
                let mine: Vec<_> = changes.iter().filter(|c| c.concerns(&self.actor, self.all)).collect();
                if mine.is_empty() {
                    return None;
                }
                let others = mine.iter().any(|change| change.by != self.actor.user);
                let leads: Vec<_> = mine.iter().map(|change| change.lead).collect();
                let data = json!({"leads": leads, "others": others});
                Event::message(data.to_string()).event_type("leads")
            }
        };
        Some(event.id(self.now()))
    }

    fn beat(&self) -> Event {
        Event::message(NOTHING).event_type("beat").id(self.now())
    }

    fn now(&self) -> String {
        self.app.clock.real().timestamp_millis().to_string()
    }
}

fn linked(yes: bool) -> Event {
    Event::message(if yes { "on" } else { "off" }).event_type("live")
}

struct Listening {
    seat: Seat,
    page: Page,
    ends: Instant,
}

impl Listening {
    fn to(seat: Seat, page: Page) -> Self {
        Listening {
            seat,
            page,
            ends: Instant::now() + LIFE,
        }
    }

    async fn next(mut self) -> Option<(Vec<Event>, Self)> {
        if Instant::now() >= self.ends {
            return None;
        }
        let events = tokio::select! {
            heard = self.seat.hear() => match heard {
                Heard::News(news) => self.page.told(news).into_iter().collect(),
                Heard::Linked(yes) => vec![linked(yes)],
                Heard::Closed => return None,
            },
            () = tokio::time::sleep(BEAT) => vec![self.page.beat()],
        };
        Some((events, self))
    }
}
