//! Access tokens: a service account signs for itself (RFC 7523, RS256), Google answers with a token that lives an hour.

use std::collections::HashMap;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use platform::clock::Clock;
use platform::secrets::hash_token;
use reqwest::StatusCode;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::Mutex;
use url::Url;
use workflows::sheets::port::{Fault, ServiceKey};

const SCOPE: &str = "https://www.googleapis.com/auth/spreadsheets.readonly";
const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// A token is not used in its last minute: it could expire on the way.
const SPARE: TimeDelta = TimeDelta::seconds(60);
const MOST: usize = 10_000;

pub struct Tokens {
    http: reqwest::Client,
    url: Url,
    clock: Clock,
    /// By the hash of the key: a replaced key never gets its predecessor's token.
    known: Mutex<HashMap<String, (String, DateTime<Utc>)>>,
}

impl Tokens {
    pub fn new(http: reqwest::Client, url: Url, clock: Clock) -> Self {
        Tokens {
            http,
            url,
            clock,
            known: Mutex::default(),
        }
    }

    pub async fn of(&self, key: &ServiceKey, fresh: bool) -> Result<String, Fault> {
        let name = hash_token(&key.text());
        let now = self.clock.real();
        if !fresh
            && let Some((token, until)) = self.known.lock().await.get(&name)
            && *until > now
        {
            return Ok(token.clone());
        }
        let (token, lives) = self.ask(key, now).await?;
        let mut known = self.known.lock().await;
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(name, (token.clone(), now + lives - SPARE));
        Ok(token)
    }

    async fn ask(&self, key: &ServiceKey, now: DateTime<Utc>) -> Result<(String, TimeDelta), Fault> {
        #[derive(Deserialize)]
        struct Given {
            access_token: String,
            expires_in: i64,
        }
        let assertion = signed(key, self.url.as_str(), now)?;
        let form = [("grant_type", GRANT), ("assertion", &assertion)];
        let asked = self.http.post(self.url.clone()).form(&form).send().await;
        let response = asked.map_err(super::unreachable)?;
        let (status, wait) = (response.status(), super::after(&response));
        let body = super::read(response).await?;
        match status {
            StatusCode::OK => {
                let given: Given = serde_json::from_slice(&body).map_err(|e| Fault::Unreachable(e.to_string()))?;
                Ok((
                    given.access_token,
                    TimeDelta::seconds(given.expires_in.clamp(0, 86_400)),
                ))
            }
            status if status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error() => Err(Fault::Busy(wait)),
            status if status.is_client_error() => Err(Fault::KeyRefused),
            other => Err(Fault::Unreachable(format!("status {other}"))),
        }
    }
}

fn signed(key: &ServiceKey, audience: &str, now: DateTime<Utc>) -> Result<String, Fault> {
    let pair = RsaKeyPair::from_pkcs8(&der(&key.private_key).ok_or(Fault::KeyRefused)?);
    let pair = pair.map_err(|_| Fault::KeyRefused)?;
    let issued = now.timestamp();
    let lives = Duration::from_secs(3600).as_secs() as i64;
    let head = json!({"alg": "RS256", "typ": "JWT"});
    let claims = json!({
        "iss": key.client_email, "scope": SCOPE, "aud": audience, "iat": issued, "exp": issued + lives,
    });
    let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let text = format!("{}.{}", part(head), part(claims));
    let mut signature = vec![0; pair.public().modulus_len()];
    pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature)
        .map_err(|_| Fault::KeyRefused)?;
    Ok(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

/// The bytes between a PEM's lines.
fn der(pem: &str) -> Option<Vec<u8>> {
    let (_, rest) = pem.split_once("-----BEGIN PRIVATE KEY-----")?;
    let (body, _) = rest.split_once("-----END PRIVATE KEY-----")?;
    let text: String = body.chars().filter(|c| !c.is_whitespace()).collect();
    STANDARD.decode(text).ok()
}
