//! API tokens of the caller. The text of a token is shown once, so a repeated POST makes another token.

use chrono::{DateTime, Utc};
use platform::auth::token;
use platform::{Error, Id};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::Serialize;

use crate::Area;
use crate::answer::{Answer, Body, Created, Done};
use crate::page::Page;
use crate::security::Caller;

pub struct Operations;

#[OpenApi(tag = "Area::Access")]
impl Operations {
    /// The caller's own tokens, newest first
    #[oai(path = "/tokens", method = "get", operation_id = "list_tokens")]
    async fn list(&self, caller: Caller) -> Answer<Body<Page<Token>>> {
        let found = token::list(caller.app(), &caller.actor).await?;
        let items = found.into_iter().map(|token| Token {
            id: token.id,
            name: token.name,
            scopes: serde_json::from_value(token.scopes).unwrap_or_default(),
            created_at: token.created_at,
            expires_at: token.expires_at,
        });
        Ok(Body(Page::whole(items.collect())))
    }

    /// A new token for the caller, or by an admin for another user
    #[oai(path = "/tokens", method = "post", operation_id = "create_token")]
    async fn create(&self, caller: Caller, body: Json<NewToken>) -> Answer<Created<Shown>> {
        let user = body.0.user_id.map_or_else(|| caller.actor.person(), Ok)?;
        let name = platform::fold::clean_line(&body.0.name, 100);
        if name.is_empty() {
            return Err(Error::field("name", "required").into());
        }
        let (id, text) = token::create(caller.app(), &caller.actor, user, &name, body.0.scopes).await?;
        Ok(Created {
            location: format!("/api/v1/tokens/{id}"),
            version: None,
            body: Shown { id, token: text },
        })
    }

    /// Revokes one of the caller's own tokens
    #[oai(path = "/tokens/:id", method = "delete", operation_id = "revoke_token")]
    async fn revoke(&self, caller: Caller, id: Path<Id>) -> Answer<Done> {
        token::revoke(caller.app(), &caller.actor, id.0).await?;
        Ok(Done)
    }
}

#[derive(Object, Serialize)]
struct Token {
    id: Id,
    name: String,
    scopes: Vec<String>,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

#[derive(Object)]
struct NewToken {
    name: String,
    user_id: Option<Id>,
    /// Objects of the permission table, such as `leads:own` or `imports`; none means all the user may do.
    #[oai(default)]
    scopes: Vec<String>,
}

#[derive(Object, Serialize)]
struct Shown {
    id: Id,
    /// Shown now and never again.
    token: String,
}
