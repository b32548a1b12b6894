//! An administrator gives the tenant its bot: the token is tried first, then sealed.

use futures::future::BoxFuture;
use platform::ids::new_id;
use platform::secrets::new_token;
use platform::{Actor, App, Error, Permit, Result, Tx, audit};

use super::bot::{Mode, place};

/// The messenger's own side of a bot.
pub trait BotApi: Send + Sync {
    /// The username behind a token; `bad_bot_token` when there is none, `telegram_unavailable` when nobody answers.
    fn username<'a>(&'a self, token: &'a str) -> BoxFuture<'a, Result<String>>;

    /// Where updates go from now on, and the commands people are offered.
    fn listen<'a>(&'a self, token: &'a str, listening: Listening<'a>) -> BoxFuture<'a, Result<()>>;
}

#[derive(Clone, Copy, Debug)]
pub enum Listening<'a> {
    Webhook { url: &'a str, secret: &'a str },
    Polling,
    Nothing,
}

/// As BotFather writes them, `110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw`: anything else never leaves the server.
fn looks_like_a_token(token: &str) -> bool {
    let spelled = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    token.len() <= 100
        && token
            .split_once(':')
            .is_some_and(|(id, secret)| id.bytes().all(|b| b.is_ascii_digit()) && spelled(id) && spelled(secret))
}

/// Makes this the tenant's bot. `site` is how the world reaches the tenant; without one the bot polls.
pub async fn connect(app: &App, actor: &Actor, api: &dyn BotApi, token: &str, site: Option<&str>) -> Result<String> {
    actor.may(Permit::Bot)?;
    let token = token.trim();
    if !looks_like_a_token(token) {
        return Err(Error::field("token", "bad_bot_token"));
    }
    let username = api.username(token).await?;
    let (tenant, id, path, secret) = (actor.tenant_id(), new_id(), new_token(), new_token());
    let url = site.map(|site| format!("{}/tg/{path}", site.trim_end_matches('/')));
    let mode = if url.is_some() { Mode::Webhook } else { Mode::Polling };
    let token_sealed = app.secrets.seal(&place(tenant, id, "token_sealed"), token)?;
    let secret_sealed = app.secrets.seal(&place(tenant, id, "secret_sealed"), &secret)?;
    let (who, name) = (actor.clone(), username.clone());
    app.db
        .write(tenant, async move |tx: Tx| {
            tx.run(
                "UPDATE bot SET active = $2 WHERE tenant_id = $1",
                vec![tenant.0.into(), false.into()],
            )
            .await?;
            tx.run(
                "INSERT INTO bot (tenant_id, id, username, token_sealed, mode, path, secret_sealed, poll_offset, \
                 active, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9)",
                vec![
                    tenant.0.into(),
                    id.into(),
                    name.clone().into(),
                    token_sealed.into(),
                    mode.key().into(),
                    path.into(),
                    secret_sealed.into(),
                    true.into(),
                    tx.now().into(),
                ],
            )
            .await?;
            let changes = serde_json::json!({"username": name, "mode": mode.key()});
            audit::record(&tx, &who, "bot.connected", "bot", id, changes).await
        })
        .await?;
    // Only now: an update may come before this returns, and must find its bot.
    let listening = match &url {
        Some(url) => Listening::Webhook { url, secret: &secret },
        None => Listening::Polling,
    };
    api.listen(token, listening).await?;
    app.shared.publish("bots").await;
    Ok(username)
}

pub async fn disconnect(app: &App, actor: &Actor, api: &dyn BotApi) -> Result<()> {
    actor.may(Permit::Bot)?;
    let tenant = actor.tenant_id();
    let Some(bot) = super::active(app, tenant).await? else {
        return Ok(());
    };
    let (who, id, name) = (actor.clone(), bot.id, bot.username.clone());
    app.db
        .write(tenant, async move |tx: Tx| {
            let sql = "UPDATE bot SET active = $3 WHERE tenant_id = $1 AND id = $2";
            tx.run(sql, vec![tenant.0.into(), id.into(), false.into()]).await?;
            audit::record(
                &tx,
                &who,
                "bot.disconnected",
                "bot",
                id,
                serde_json::json!({"username": name}),
            )
            .await
        })
        .await?;
    app.shared.publish("bots").await;
    // Ours is disconnected whatever the messenger says: it stops sending here once it hears.
    if let Err(error) = api.listen(&bot.token, Listening::Nothing).await {
        tracing::warn!(%error, %tenant, "the bot could not be told that nobody listens");
    }
    Ok(())
}
