//! `POST /tg/<opaque>` on a tenant's host: the update is kept, then Telegram may forget it.

use platform::http::Request;
use platform::secrets::same;
use platform::{App, Error};
use poem::http::StatusCode;
use poem::web::{Data, Json, Path};
use poem::{IntoResponse, Response, handler};
use serde_json::Value;
use workflows::bots;

use super::update;

const SECRET: &str = "x-telegram-bot-api-secret-token";

/// To be mounted at `/tg/:path` behind the tenant's host, before anybody is signed in.
#[handler]
pub async fn webhook(
    Data(app): Data<&App>,
    Data(request): Data<&Request>,
    Path(path): Path<String>,
    headers: &poem::http::HeaderMap,
    Json(body): Json<Value>,
) -> Response {
    let secret = headers
        .get(SECRET)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    match take(app, request, &path, secret, body).await {
        Ok(()) => StatusCode::OK.into_response(),
        // Telegram repeats what is not answered 200, so only what a repeat could mend is refused with a 5xx.
        Err(Error::NotFound) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::warn!(%error, tenant = %request.tenant.id, "an update could not be kept");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

async fn take(app: &App, request: &Request, path: &str, secret: &str, body: Value) -> platform::Result<()> {
    let tenant = request.tenant.id;
    let bot = bots::by_path(app, tenant, path)
        .await?
        .filter(|bot| same(secret, &bot.secret))
        .ok_or(Error::NotFound)?;
    let Some(update_id) = update::update_id(&body) else {
        tracing::info!(%tenant, "an update without a number was left out");
        return Ok(());
    };
    bots::receive(app, tenant, bot.id, update_id, body).await.map(drop)
}
