//! What the demo's simulator page asks for, as JSON: a tenant sees its own bot's chats and log alone.

use std::time::Duration;

use poem::error::{BadRequest, NotFoundError};
use poem::web::{Data, Json, Path};
use poem::{
    Endpoint, EndpointExt, FromRequest, IntoResponse, Request, RequestBody, Response, Result, Route, get, handler, post,
};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Fault, Person, Simulator};

/// How many of the newest requests the log shows.
const LOGGED: usize = 50;

/// Which tenant a request belongs to: the composition knows, the simulator does not.
pub type TenantOf = fn(&Request) -> Option<Uuid>;

/// The page's simulator, and the token of the bot it may look at.
struct Mine {
    simulator: Simulator,
    token: String,
}

#[derive(Deserialize)]
struct Said {
    text: String,
}

#[derive(Deserialize)]
struct Pressed {
    message_id: i64,
    data: String,
}

#[derive(Deserialize)]
struct Newcomer {
    first_name: String,
    language_code: Option<String>,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Trouble {
    RetryAfter { seconds: u32 },
    ServerError,
    Hang { seconds: u64 },
    Blocked { blocked: bool },
    Repeat,
}

impl Simulator {
    /// To be mounted behind the tenant's host and a signed-in user, in the demo only.
    pub fn page(&self, tenant_of: TenantOf) -> impl Endpoint + use<> {
        Route::new()
            .at("/chats", get(chats).post(arrive))
            .at("/chats/:chat", get(conversation))
            .at("/chats/:chat/messages", post(say))
            .at("/chats/:chat/presses", post(press))
            .at("/chats/:chat/faults", post(trouble))
            .at("/calls", get(calls))
            .data(self.clone())
            .data(tenant_of)
    }
}

#[handler]
fn chats(mine: Mine) -> Result<Json<Value>> {
    let (username, name) = mine.simulator.bot_names(&mine.token).ok_or(NotFoundError)?;
    let chats: Vec<Value> = mine
        .simulator
        .people(&mine.token)
        .into_iter()
        .map(|person| {
            let bubbles = mine.simulator.bubbles(&mine.token, person.id);
            json!({"person": person, "messages": bubbles.len(), "last": bubbles.last()})
        })
        .collect();
    Ok(Json(
        json!({"bot": {"username": username, "name": name}, "chats": chats}),
    ))
}

/// Somebody new writes to the bot, as a learner who found it would.
#[handler]
fn arrive(mine: Mine, Json(new): Json<Newcomer>) -> Json<Value> {
    let id = mine.simulator.lock().next_id() + 900_000_000;
    let person = Person {
        id,
        first_name: new.first_name,
        username: None,
        language_code: new.language_code,
    };
    mine.simulator.say(&mine.token, &person, "/start");
    Json(json!({"chat_id": id}))
}

#[handler]
fn conversation(mine: Mine, Path(id): Path<i64>) -> Json<Value> {
    Json(json!({"bubbles": mine.simulator.bubbles(&mine.token, id)}))
}

#[handler]
fn say(mine: Mine, Path(chat): Path<i64>, Json(said): Json<Said>) -> Result<Response> {
    let person = mine
        .simulator
        .people(&mine.token)
        .into_iter()
        .find(|person| person.id == chat);
    let person = person.ok_or(NotFoundError)?;
    mine.simulator.say(&mine.token, &person, &said.text);
    Ok(poem::http::StatusCode::NO_CONTENT.into_response())
}

#[handler]
fn press(mine: Mine, Path(chat): Path<i64>, Json(pressed): Json<Pressed>) -> Result<Response> {
    mine.simulator
        .press(&mine.token, chat, pressed.message_id, &pressed.data)
        .ok_or(NotFoundError)?;
    Ok(poem::http::StatusCode::NO_CONTENT.into_response())
}

#[handler]
fn trouble(mine: Mine, Path(chat): Path<i64>, Json(trouble): Json<Trouble>) -> Result<Response> {
    let fail = |fault| mine.simulator.fail_once(&mine.token, Some(chat), fault);
    match trouble {
        Trouble::RetryAfter { seconds } => fail(Fault::RetryAfter(seconds)),
        Trouble::ServerError => fail(Fault::ServerError(502)),
        Trouble::Hang { seconds } => fail(Fault::Hang(Duration::from_secs(seconds))),
        Trouble::Blocked { blocked } => mine.simulator.block(&mine.token, chat, blocked),
        Trouble::Repeat => {
            let message = "there is no update to repeat";
            mine.simulator
                .repeat_last(&mine.token)
                .ok_or_else(|| BadRequest(std::io::Error::other(message)))?;
        }
    }
    Ok(poem::http::StatusCode::NO_CONTENT.into_response())
}

#[handler]
fn calls(mine: Mine) -> Json<Value> {
    let mut calls: Vec<_> = mine
        .simulator
        .calls()
        .into_iter()
        .filter(|call| call.token == mine.token)
        .collect();
    let newest = calls.split_off(calls.len().saturating_sub(LOGGED));
    Json(json!({"calls": newest}))
}

impl<'a> FromRequest<'a> for Mine {
    async fn from_request(req: &'a Request, body: &mut RequestBody) -> Result<Self> {
        let Data(simulator) = Data::<&Simulator>::from_request(req, body).await?;
        let Data(tenant_of) = Data::<&TenantOf>::from_request(req, body).await?;
        let tenant = tenant_of(req).ok_or(NotFoundError)?;
        let token = simulator.token_of(tenant).ok_or(NotFoundError)?;
        Ok(Mine {
            simulator: simulator.clone(),
            token,
        })
    }
}
