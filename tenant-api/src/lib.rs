//! The REST contract at `/api/v1` (OpenAPI at `/api/v1/openapi.json`, for people at `/api/docs`). An operation does
//! three things: parse, one verb, render.

mod answer;
mod audit;
mod board;
mod bots;
mod centre;
mod courses;
mod decisions;
mod distribution;
mod docs;
mod error;
mod exports;
mod follow_ups;
mod follow_ups_many;
mod hours;
mod idempotent;
mod imports;
mod leads;
mod leads_filter;
mod leads_many;
mod leads_views;
mod leads_work;
mod leave;
mod me;
mod merges;
mod packs;
mod page;
mod roles;
mod scripts;
mod second_factor;
mod security;
mod sessions;
mod settings;
mod sheets;
mod tags;
mod test_clock;
mod tokens;
mod tries;
mod users;
mod vocabulary;
mod words;

use poem::{Endpoint, EndpointExt, Route};
use poem_openapi::{OpenApi, OpenApiService, Tags};
use workflows::ports::Desk;

pub use docs::docs;

/// Everything below `/api/v1`. The request must have passed `platform::http::site`.
pub fn api(desk: Desk) -> impl Endpoint {
    let service = service(operations());
    let document = service.spec_endpoint();
    let routes = Route::new().at("/openapi.json", document).nest("/", service);
    error::as_problems(routes.data(desk))
}

/// The OpenAPI document, for tests and for clients that are generated.
pub fn document() -> String {
    service(operations()).spec()
}

fn service<T: OpenApi + 'static>(operations: T) -> OpenApiService<T, ()> {
    OpenApiService::new(operations, "Markaz", env!("CARGO_PKG_VERSION"))
        .description("The CRM of a training centre. Every centre answers on its own host and knows only its own rows.")
        .server("/api/v1")
}

fn operations() -> impl OpenApi + 'static {
    (
        (
            leads::Operations,
            leads_many::Operations,
            leads_views::Operations,
            merges::Operations,
        ),
        (
            leads_work::Operations,
            board::Operations,
            follow_ups::Operations,
            follow_ups_many::Operations,
        ),
        distribution::Operations,
        (users::Operations, hours::Operations, leave::Operations, me::Operations),
        (
            sessions::Operations,
            second_factor::Operations,
            tokens::Operations,
            roles::Operations,
        ),
        (
            courses::Operations,
            words::Operations,
            (settings::Operations, centre::Operations),
        ),
        (vocabulary::Operations, tags::Operations),
        (imports::Operations, exports::Operations, sheets::Operations),
        (packs::Operations, bots::Operations),
        (scripts::Operations, tries::Operations, decisions::Operations),
        (test_clock::Operations, audit::Operations),
    )
}

#[derive(Tags)]
enum Area {
    Leads,
    FollowUps,
    Distribution,
    Users,
    Leave,
    Access,
    Audit,
    Imports,
    Exports,
    Sheets,
    Courses,
    Settings,
    Scripts,
    Packs,
    Bot,
    Testing,
}
