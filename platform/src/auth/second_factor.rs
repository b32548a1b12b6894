//! The second factor: after the password a code of an authenticator app, or a recovery code. Codes are throttled as
//! passwords are, and none is good twice.

use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use serde_json::json;
use totp_rs::{Builder, Secret, Totp};

use super::{Actor, Permit, password};
use crate::app::App;
use crate::audit::{self, Changes};
use crate::db::{Tx, insert};
use crate::error::{Error, Result};
use crate::ids::{Id, TenantId};
use crate::secrets::{Place, hash_token};
use crate::tenancy::TenantRef;

const TRIES: u32 = 10;
const CODES: usize = 10;
/// Crockford's: none of its letters is taken for another.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const CODE_LENGTH: usize = 16;

#[derive(Debug, Clone)]
pub struct State {
    pub on_since: Option<DateTime<Utc>>,
    pub codes_left: i64,
    /// The centre asks everybody for one.
    pub required: bool,
}

/// What an authenticator app is told, once.
#[derive(Debug, Clone)]
pub struct Enrollment {
    pub secret: String,
    pub url: String,
}

pub async fn state(app: &App, actor: &Actor) -> Result<State> {
    #[derive(FromQueryResult)]
    struct Row {
        required: bool,
        confirmed_at: Option<DateTime<Utc>>,
        left: i64,
    }
    let (tenant, user) = (actor.tenant_id(), actor.person()?);
    let sql = "SELECT t.second_factor AS required, f.confirmed_at, \
               (SELECT COUNT(*) FROM recovery_code AS c WHERE c.tenant_id = $1 AND c.user_id = $2 \
               AND c.used_at IS NULL) AS \"left\" \
               FROM tenant AS t LEFT JOIN second_factor AS f ON f.tenant_id = t.id AND f.tenant_id = $1 \
               AND f.user_id = $2 WHERE t.id = $1";
    let row: Option<Row> = app
        .db
        .read(tenant, async move |tx: Tx| {
            tx.one(sql, vec![tenant.0.into(), user.into()]).await
        })
        .await?;
    let row = row.ok_or(Error::NotFound)?;
    Ok(State {
        on_since: row.confirmed_at,
        codes_left: row.left,
        required: row.required,
    })
}

/// Makes a secret to be confirmed by a first code; another beginning takes its place.
pub async fn begin(app: &App, actor: &Actor) -> Result<Enrollment> {
    let (tenant, user) = (actor.tenant_id(), actor.person()?);
    let secret = Secret::from(rand::random::<[u8; 20]>()).to_base32();
    let sealed = app.secrets.seal(&place(tenant, user), &secret)?;
    let stored = app
        .db
        .write(tenant, async move |tx: Tx| {
            tx.run(
                "INSERT INTO second_factor (tenant_id, user_id, secret, last_step, created_at) VALUES ($1, $2, $3, 0, $4) \
                 ON CONFLICT (tenant_id, user_id) DO UPDATE SET secret = excluded.secret, \
                 created_at = excluded.created_at WHERE second_factor.confirmed_at IS NULL",
                vec![tenant.0.into(), user.into(), sealed.into(), tx.now().into()],
            )
            .await
        })
        .await?;
    if stored == 0 {
        return Err(Error::conflict("second_factor_on"));
    }
    enrollment(actor, &secret)
}

/// What was begun and not confirmed yet.
pub async fn pending(app: &App, actor: &Actor) -> Result<Option<Enrollment>> {
    let (tenant, user) = (actor.tenant_id(), actor.person()?);
    let row = stored(app, tenant, user)
        .await?
        .filter(|row| row.confirmed_at.is_none());
    let Some(row) = row else { return Ok(None) };
    let secret = app.secrets.open(&place(tenant, user), &row.secret)?;
    enrollment(actor, &secret).map(Some)
}

/// Turns it on with a first code, and answers the recovery codes: shown once.
pub async fn confirm(app: &App, actor: &Actor, code: &str) -> Result<Vec<String>> {
    let (tenant, user) = (actor.tenant_id(), actor.person()?);
    let row = stored(app, tenant, user)
        .await?
        .filter(|row| row.confirmed_at.is_none());
    let row = row.ok_or_else(|| Error::refused("no_second_factor_begun"))?;
    let key = throttle(tenant, user);
    app.shared.check_failures(&key, TRIES).await?;
    let secret = app.secrets.open(&place(tenant, user), &row.secret)?;
    let Some(step) = step_of(app, &secret, code)? else {
        app.shared.count_failure(&key).await;
        return Err(Error::field("code", "bad_code"));
    };
    let (author, codes) = (actor.clone(), new_codes());
    let shown = codes.clone();
    app.db
        .write(tenant, async move |tx: Tx| {
            let sql = "UPDATE second_factor SET confirmed_at = $4, last_step = $5 \
                       WHERE tenant_id = $1 AND user_id = $2 AND secret = $3 AND confirmed_at IS NULL";
            let values = vec![
                tenant.0.into(),
                user.into(),
                row.secret.into(),
                tx.now().into(),
                step.into(),
            ];
            if tx.run(sql, values).await? == 0 {
                return Err(Error::conflict("second_factor_on"));
            }
            keep(&tx, user, &codes).await?;
            let mut changes = Changes::default();
            changes.field("second_factor", false, true);
            audit::record(&tx, &author, "user.second_factor_on", "user", user, changes.into()).await
        })
        .await?;
    app.shared.clear_failures(&key).await;
    Ok(shown)
}

/// Turns it off, with the password as proof; not where the centre asks everybody for it.
pub async fn turn_off(app: &App, actor: &Actor, password: &str) -> Result<()> {
    if state(app, actor).await?.required {
        return Err(Error::refused("second_factor_required"));
    }
    password::prove(app, actor, "password", password).await?;
    let (user, author) = (actor.person()?, actor.clone());
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            clear_in(&tx, &author, user, "user.second_factor_off").await
        })
        .await
}

/// New recovery codes in place of all earlier ones, with the password as proof.
pub async fn renew_codes(app: &App, actor: &Actor, password: &str) -> Result<Vec<String>> {
    if state(app, actor).await?.on_since.is_none() {
        return Err(Error::refused("no_second_factor"));
    }
    password::prove(app, actor, "password", password).await?;
    let (user, author, codes) = (actor.person()?, actor.clone(), new_codes());
    let shown = codes.clone();
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            keep(&tx, user, &codes).await?;
            audit::record(&tx, &author, "user.recovery_codes_renewed", "user", user, json!({})).await
        })
        .await?;
    Ok(shown)
}

/// Takes a user's second factor away within a transaction. Who may is the caller's rule.
pub async fn clear_in(tx: &Tx, actor: &Actor, user: Id, action: &str) -> Result<()> {
    let key = || vec![tx.tenant().0.into(), user.into()];
    let codes = "DELETE FROM recovery_code WHERE tenant_id = $1 AND user_id = $2";
    tx.run(codes, key()).await?;
    let factor = "DELETE FROM second_factor WHERE tenant_id = $1 AND user_id = $2";
    if tx.run(factor, key()).await? == 0 {
        return Err(Error::refused("no_second_factor"));
    }
    let mut changes = Changes::default();
    changes.field("second_factor", true, false);
    audit::record(tx, actor, action, "user", user, changes.into()).await
}

/// Whether everybody of the centre must have one.
pub async fn require_in(tx: &Tx, required: bool) -> Result<()> {
    let sql = "UPDATE tenant SET second_factor = $2 WHERE id = $1";
    tx.run(sql, vec![tx.tenant().0.into(), required.into()]).await?;
    Ok(())
}

/// Which users have one.
pub async fn enrolled(app: &App, actor: &Actor) -> Result<Vec<Id>> {
    #[derive(FromQueryResult)]
    struct Row {
        user_id: Id,
    }
    actor.may(Permit::StaffRead)?;
    let tenant = actor.tenant_id();
    let sql = "SELECT user_id FROM second_factor WHERE tenant_id = $1 AND confirmed_at IS NOT NULL LIMIT 2000";
    let rows: Vec<Row> = app
        .db
        .glance(tenant, async move |tx: Tx| tx.all(sql, vec![tenant.0.into()]).await)
        .await?;
    Ok(rows.into_iter().map(|row| row.user_id).collect())
}

pub(super) async fn is_on(app: &App, tenant: TenantId, user: Id) -> Result<bool> {
    let row = stored(app, tenant, user).await?;
    Ok(row.is_some_and(|row| row.confirmed_at.is_some()))
}

/// Checks a code and uses it up.
pub(super) async fn pass(app: &App, tenant: &TenantRef, user: Id, code: &str, address: Option<&str>) -> Result<()> {
    let key = throttle(tenant.id, user);
    app.shared.check_failures(&key, TRIES).await?;
    let typed: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    let good = if typed.len() == CODE_LENGTH {
        use_recovery_code(app, tenant, user, &typed, address).await?
    } else {
        use_app_code(app, tenant.id, user, &typed).await?
    };
    if !good {
        app.shared.count_failure(&key).await;
        return Err(Error::Unauthorized("bad_code"));
    }
    app.shared.clear_failures(&key).await;
    Ok(())
}

async fn use_app_code(app: &App, tenant: TenantId, user: Id, code: &str) -> Result<bool> {
    let row = stored(app, tenant, user)
        .await?
        .filter(|row| row.confirmed_at.is_some());
    let Some(row) = row else { return Ok(false) };
    let secret = app.secrets.open(&place(tenant, user), &row.secret)?;
    let Some(step) = step_of(app, &secret, code)? else {
        return Ok(false);
    };
    let used = app
        .db
        .write(tenant, async move |tx: Tx| {
            // A code seen by somebody else is of no use to them: neither it nor an earlier one is taken again.
            let sql =
                "UPDATE second_factor SET last_step = $3 WHERE tenant_id = $1 AND user_id = $2 AND last_step < $3";
            tx.run(sql, vec![tenant.0.into(), user.into(), step.into()]).await
        })
        .await?;
    Ok(used > 0)
}

async fn use_recovery_code(app: &App, tenant: &TenantRef, user: Id, typed: &str, from: Option<&str>) -> Result<bool> {
    let (id, hash) = (tenant.id, hash_code(user, typed));
    let mut author = Actor::system(tenant.clone());
    (author.user, author.address) = (Some(user), from.map(str::to_owned));
    app.db
        .write(id, async move |tx: Tx| {
            let sql = "UPDATE recovery_code SET used_at = $4 WHERE tenant_id = $1 AND user_id = $2 AND code_hash = $3 \
                       AND used_at IS NULL";
            let values = vec![id.0.into(), user.into(), hash.into(), tx.now().into()];
            if tx.run(sql, values).await? == 0 {
                return Ok(false);
            }
            audit::record(&tx, &author, "user.recovery_code_used", "user", user, json!({})).await?;
            Ok(true)
        })
        .await
}

#[derive(FromQueryResult)]
struct Stored {
    secret: String,
    confirmed_at: Option<DateTime<Utc>>,
}

async fn stored(app: &App, tenant: TenantId, user: Id) -> Result<Option<Stored>> {
    let sql = "SELECT secret, confirmed_at FROM second_factor WHERE tenant_id = $1 AND user_id = $2";
    app.db
        .read(tenant, async move |tx: Tx| {
            tx.one(sql, vec![tenant.0.into(), user.into()]).await
        })
        .await
}

async fn keep(tx: &Tx, user: Id, codes: &[String]) -> Result<()> {
    let tenant = tx.tenant();
    let clear = "DELETE FROM recovery_code WHERE tenant_id = $1 AND user_id = $2";
    tx.run(clear, vec![tenant.0.into(), user.into()]).await?;
    let rows = codes
        .iter()
        .map(|code| vec![tenant.0.into(), user.into(), hash_code(user, code).into()])
        .collect();
    insert(tx, "recovery_code", "tenant_id, user_id, code_hash", rows, "").await?;
    Ok(())
}

/// The step a code belongs to, by real time: an authenticator's clock follows no test.
fn step_of(app: &App, secret: &str, code: &str) -> Result<Option<i64>> {
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    let secret = Secret::try_from_base32(secret).map_err(Error::internal)?;
    let totp = Builder::new()
        .with_secret(secret)
        .with_account_name("-")
        .build()
        .map_err(Error::internal)?;
    let now = u64::try_from(app.clock.real().timestamp()).unwrap_or_default();
    Ok(totp.check(&digits, now).and_then(|step| i64::try_from(step).ok()))
}

fn enrollment(actor: &Actor, secret: &str) -> Result<Enrollment> {
    let plain = |text: &str| text.replace(':', " ");
    let parsed = Secret::try_from_base32(secret).map_err(Error::internal)?;
    let totp: Totp = Builder::new()
        .with_secret(parsed)
        .with_account_name(format!("{}@{}", plain(&actor.name), actor.tenant.slug))
        .with_issuer(Some(plain(&actor.tenant.name)))
        .build()
        .map_err(Error::internal)?;
    Ok(Enrollment {
        secret: secret.to_owned(),
        url: totp.to_url().map_err(Error::internal)?,
    })
}

fn new_codes() -> Vec<String> {
    let code = || {
        let letters = rand::random::<[u8; CODE_LENGTH]>().map(|byte| char::from(LETTERS[usize::from(byte % 32)]));
        let parts: Vec<String> = letters.chunks(4).map(|part| part.iter().collect()).collect();
        parts.join("-")
    };
    std::iter::repeat_with(code).take(CODES).collect()
}

/// However it was written down: with or without hyphens, in capitals, o for 0.
fn hash_code(user: Id, code: &str) -> String {
    let plain: String = code
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| match c.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            c => c,
        })
        .collect();
    hash_token(&format!("{user}/{plain}"))
}

fn throttle(tenant: TenantId, user: Id) -> String {
    format!("code/{tenant}/{user}")
}

fn place(tenant: TenantId, user: Id) -> Place<'static> {
    Place {
        tenant,
        table: "second_factor",
        column: "secret",
        row: user,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recovery_codes_are_many_and_each_reads_however_it_was_written_down() {
        let codes = new_codes();
        let different: std::collections::BTreeSet<_> = codes.iter().collect();
        assert_eq!((codes.len(), different.len()), (CODES, CODES));
        let user = crate::ids::new_id();
        assert_eq!(
            hash_code(user, "0abc-1def-ghjk-mnpq"),
            hash_code(user, " OABC IDEF GHJK MNPQ")
        );
        assert_ne!(hash_code(user, &codes[0]), hash_code(crate::ids::new_id(), &codes[0]));
    }
}
