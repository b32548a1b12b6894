//! The Bot API over HTTP: `/bot<token>/<method>`, with the faults asked for.

use std::net::SocketAddr;
use std::time::Duration;

use poem::http::{StatusCode, header};
use poem::listener::{Acceptor, Listener, TcpListener};
use poem::web::{Json, Multipart};
use poem::{
    Body, Endpoint, EndpointExt, FromRequest, IntoResponse, Request, RequestBody, Response, Route, Server, handler,
};
use serde_json::{Value, json};
use url::Url;

use super::faults::Fault;
use super::methods::{Params, Refusal};
use super::{Call, Simulator, now};

impl Simulator {
    /// Serves on this address (port 0: any free one) until the process ends; the answer is the base URL for clients.
    pub async fn listen(&self, address: SocketAddr) -> std::io::Result<Url> {
        let acceptor = TcpListener::bind(address).into_acceptor().await?;
        let bound = acceptor.local_addr().first().and_then(|a| a.as_socket_addr().copied());
        let bound = bound.ok_or_else(|| std::io::Error::other("the simulator has no address"))?;
        tokio::spawn(Server::new_with_acceptor(acceptor).run(self.endpoint()));
        Url::parse(&format!("http://{bound}")).map_err(std::io::Error::other)
    }

    pub fn endpoint(&self) -> impl Endpoint + use<> {
        Route::new().at("/*path", answer.data(self.clone()))
    }

    async fn call(&self, token: &str, method: &str, params: &Params) -> Response {
        let mut call = Call {
            at: now(),
            token: token.to_owned(),
            method: method.to_owned(),
            chat_id: params.int("chat_id"),
            text: params.text("text"),
            code: 0,
        };
        let fault = self.lock().faults.take(&call);
        let outcome = match &fault {
            Some(Fault::RetryAfter(seconds)) => Err(Refusal(429, format!("Too Many Requests: retry after {seconds}"))),
            Some(Fault::Blocked) => Err(Refusal(403, "Forbidden: bot was blocked by the user".to_owned())),
            Some(Fault::BadRequest(text)) => Err(Refusal(400, format!("Bad Request: {text}"))),
            Some(Fault::ServerError(code)) => Err(Refusal(*code, "Internal Server Error".to_owned())),
            Some(Fault::Hang(_)) => Err(Refusal(504, "Gateway Timeout".to_owned())),
            Some(Fault::LoseAnswer(_)) | None if method == "getupdates" => self.updates(token, params).await,
            Some(Fault::LoseAnswer(_)) | None => self.perform(token, method, params),
        };
        call.code = match &outcome {
            Ok(_) => 200,
            Err(Refusal(code, _)) => *code,
        };
        if method != "getupdates" {
            self.lock().calls.push(call);
        }
        if let Some(Fault::Hang(wait) | Fault::LoseAnswer(wait)) = fault {
            tokio::time::sleep(wait).await;
            return StatusCode::GATEWAY_TIMEOUT.into_response();
        }
        respond(outcome)
    }

    /// Long polling: answers at once when there is something, else when there is, else empty after the timeout.
    async fn updates(&self, token: &str, params: &Params) -> Result<Value, Refusal> {
        let wait = Duration::from_secs(
            params
                .int("timeout")
                .and_then(|s| u64::try_from(s).ok())
                .unwrap_or(0)
                .min(50),
        );
        let until = tokio::time::Instant::now() + wait;
        loop {
            let changed = self.updated.notified();
            {
                let mut state = self.lock();
                let bot = state.bot(token)?;
                if bot.webhook.is_some() {
                    let text = "Conflict: can't use getUpdates method while webhook is active";
                    return Err(Refusal(409, text.to_owned()));
                }
                if let Some(offset) = params.int("offset") {
                    bot.updates
                        .retain(|update| update["update_id"].as_i64() >= Some(offset));
                }
                let limit = params.int("limit").and_then(|n| usize::try_from(n).ok()).unwrap_or(100);
                let ready: Vec<Value> = bot.updates.iter().take(limit).cloned().collect();
                if !ready.is_empty() {
                    return Ok(Value::Array(ready));
                }
            }
            if tokio::time::timeout_at(until, changed).await.is_err() {
                return Ok(json!([]));
            }
        }
    }
}

#[handler]
async fn answer(req: &Request, body: Body, poem::web::Data(simulator): poem::web::Data<&Simulator>) -> Response {
    let path = req.uri().path().trim_start_matches('/');
    let Some((token, method)) = path.strip_prefix("bot").and_then(|rest| rest.split_once('/')) else {
        return respond(Err(Refusal(404, "Not Found".to_owned())));
    };
    let params = params(req, body).await;
    simulator.call(token, &method.to_ascii_lowercase(), &params).await
}

/// Telegram takes query strings, forms, multipart and JSON alike.
async fn params(req: &Request, body: Body) -> Params {
    let mut fields = serde_json::Map::new();
    for (name, value) in url::form_urlencoded::parse(req.uri().query().unwrap_or_default().as_bytes()) {
        fields.insert(name.into_owned(), Value::String(value.into_owned()));
    }
    let kind = req.header(header::CONTENT_TYPE).unwrap_or_default().to_owned();
    if kind.starts_with("multipart/") {
        if let Ok(mut form) = Multipart::from_request(req, &mut RequestBody::new(body)).await {
            while let Ok(Some(field)) = form.next_field().await {
                let name = field.name().unwrap_or_default().to_owned();
                fields.insert(name, Value::String(field.text().await.unwrap_or_default()));
            }
        }
        return Params(Value::Object(fields));
    }
    let bytes = body.into_bytes_limit(1 << 20).await.unwrap_or_default();
    if kind.starts_with("application/json") {
        if let Ok(Value::Object(json)) = serde_json::from_slice(&bytes) {
            fields.extend(json);
        }
    } else {
        for (name, value) in url::form_urlencoded::parse(&bytes) {
            fields.insert(name.into_owned(), Value::String(value.into_owned()));
        }
    }
    Params(Value::Object(fields))
}

fn respond(outcome: Result<Value, Refusal>) -> Response {
    match outcome {
        Ok(result) => Json(json!({"ok": true, "result": result})).into_response(),
        Err(Refusal(code, description)) => {
            let mut body = json!({"ok": false, "error_code": code, "description": description});
            if let Some(seconds) = description.strip_prefix("Too Many Requests: retry after ") {
                body["parameters"] = json!({"retry_after": seconds.parse::<u32>().unwrap_or(1)});
            }
            let status = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            Json(body).with_status(status).into_response()
        }
    }
}
