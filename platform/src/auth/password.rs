//! Passwords: the manual's rule, argon2id, and a bound on how many hashes run at once.

use std::sync::LazyLock;

use argon2::password_hash::rand_core::OsRng;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use sea_orm::FromQueryResult;
use tokio::sync::Semaphore;

use super::Actor;
use crate::app::App;
use crate::db::Tx;
use crate::error::{Error, Result};

/// Each hash takes 19 MiB; two at once bounds the memory a storm of sign-ins can ask for.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// Compared when the user is unknown, so that the answer takes as long.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash_now("nobody-signs-in-with-this").unwrap_or_default());

/// Passwords that satisfy the rule and everybody tries first.
const COMMON: &[&str] = &[
    "password1!",
    "passw0rd!",
    "p@ssw0rd",
    "p@ssword1",
    "qwerty123!",
    "admin123!",
    "welcome1!",
    "admin@123",
    "test123!",
    "abcd1234!",
    "qwerty1!",
    "password123!",
    "welcome123!",
    "markaz123!",
    "toshkent1!",
    "uzbekistan1!",
    "aa123456!",
    "qazwsx1!",
    "1qaz@wsx",
    "zaq1@wsx",
    "changeme1!",
    "letmein1!",
];

pub fn check_rule(password: &str) -> Result<()> {
    let has = |test: fn(char) -> bool| password.chars().any(test);
    let good = (8..=200).contains(&password.chars().count())
        && has(char::is_uppercase)
        && has(char::is_lowercase)
        && has(|c| c.is_numeric())
        && has(|c| !c.is_alphanumeric());
    if !good {
        return Err(Error::field("password", "weak_password"));
    }
    if COMMON.contains(&password.to_lowercase().as_str()) {
        return Err(Error::field("password", "common_password"));
    }
    Ok(())
}

pub async fn hash(password: &str) -> Result<String> {
    let password = password.to_owned();
    heavy(move || hash_now(&password)).await?
}

/// Whether a password is right; costs the same when there is nothing to compare with.
pub async fn verify(password: &str, stored: Option<&str>) -> Result<bool> {
    let (password, stored) = (password.to_owned(), stored.map(str::to_owned));
    heavy(move || {
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| NOBODY.clone());
        let Ok(parsed) = PasswordHash::new(&stored) else {
            return false;
        };
        argon().verify_password(password.as_bytes(), &parsed).is_ok() && known
    })
    .await
}

/// That whoever acts knows their own password; wrong ones are counted as at sign-in. `field` is where it was typed.
pub async fn prove(app: &App, actor: &Actor, field: &str, typed: &str) -> Result<()> {
    #[derive(FromQueryResult)]
    struct Row {
        password_hash: Option<String>,
    }
    let (tenant, user) = (actor.tenant_id(), actor.person()?);
    let key = format!("proof/{tenant}/{user}");
    app.shared.check_failures(&key, 10).await?;
    let sql = "SELECT password_hash FROM app_user WHERE tenant_id = $1 AND id = $2 AND active";
    let row: Option<Row> = app
        .db
        .read(tenant, async move |tx: Tx| {
            tx.one(sql, vec![tenant.0.into(), user.into()]).await
        })
        .await?;
    if verify(typed, row.and_then(|row| row.password_hash).as_deref()).await? {
        app.shared.clear_failures(&key).await;
        return Ok(());
    }
    app.shared.count_failure(&key).await;
    Err(Error::field(field, "bad_credentials"))
}

fn argon() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn hash_now(password: &str) -> Result<String> {
    let salt = SaltString::generate(&mut OsRng);
    let hash = argon()
        .hash_password(password.as_bytes(), &salt)
        .map_err(Error::internal)?;
    Ok(hash.to_string())
}

async fn heavy<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let _turn = AT_ONCE.acquire().await.map_err(Error::internal)?;
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule() {
        for (password, good) in [
            ("Markaz-2026", true),
            ("short1!", false),
            ("nouppercase1!", false),
            ("NOLOWERCASE1!", false),
            ("NoDigits!!", false),
            ("NoSpecial11", false),
            ("Password1!", false),
        ] {
            assert_eq!(check_rule(password).is_ok(), good, "{password}");
        }
    }
}
