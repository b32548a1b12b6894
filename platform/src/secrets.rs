//! Secrets at rest and one-way tokens. Sealed values are bound to tenant, table, column and row, so a sealed
//! token copied to another row does not open.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use sha2::{Digest, Sha256};

use crate::config::Config;
use crate::error::{Error, Result};
use crate::ids::{Id, TenantId};

/// Master keys, newest first: the first encrypts, all decrypt.
#[derive(Clone)]
pub struct Secrets {
    keys: Vec<(String, XChaCha20Poly1305)>,
}

/// Where a sealed value lives.
pub struct Place<'a> {
    pub tenant: TenantId,
    pub table: &'a str,
    pub column: &'a str,
    pub row: Id,
}

impl Secrets {
    pub fn load(config: &Config) -> Result<Self, String> {
        let text = if !config.master_key.trim().is_empty() {
            config.master_key.clone()
        } else if config.is_postgres() {
            return Err("MARKAZ_MASTER_KEY must be set on PostgreSQL (id:base64 of 32 bytes)".into());
        } else {
            beside_database(config)?
        };
        let keys = text.split(',').map(parse_key).collect::<Result<Vec<_>, _>>()?;
        Ok(Secrets { keys })
    }

    pub fn seal(&self, place: &Place<'_>, plain: &str) -> Result<String> {
        let (id, cipher) = self.keys.first().ok_or_else(|| Error::internal("no master key"))?;
        let nonce: [u8; 24] = rand::random();
        let aad = place.aad();
        let payload = Payload {
            msg: plain.as_bytes(),
            aad: aad.as_bytes(),
        };
        let sealed = cipher
            .encrypt(XNonce::from_slice(&nonce), payload)
            .map_err(|_| Error::internal("sealing"))?;
        Ok(format!("{id}:{}{}", STANDARD.encode(nonce), STANDARD.encode(sealed)))
    }

    pub fn open(&self, place: &Place<'_>, sealed: &str) -> Result<String> {
        let broken = || Error::internal(format!("a sealed {}.{} does not open", place.table, place.column));
        let (id, body) = sealed.split_once(':').ok_or_else(broken)?;
        let (_, cipher) = self.keys.iter().find(|(key, _)| key == id).ok_or_else(broken)?;
        let (nonce, body) = body.split_at_checked(32).ok_or_else(broken)?;
        let nonce = STANDARD.decode(nonce).map_err(|_| broken())?;
        let body = STANDARD.decode(body).map_err(|_| broken())?;
        let aad = place.aad();
        let payload = Payload {
            msg: &body,
            aad: aad.as_bytes(),
        };
        let plain = cipher
            .decrypt(XNonce::from_slice(&nonce), payload)
            .map_err(|_| broken())?;
        String::from_utf8(plain).map_err(|_| broken())
    }
}

impl Place<'_> {
    fn aad(&self) -> String {
        format!("{}|{}|{}|{}", self.tenant, self.table, self.column, self.row)
    }
}

/// 256 bits for a session, a token or a link; only the hash is stored.
pub fn new_token() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

pub fn hash_token(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(token.as_bytes()))
}

pub fn same(a: &str, b: &str) -> bool {
    use subtle::ConstantTimeEq;
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

fn parse_key(text: &str) -> Result<(String, XChaCha20Poly1305), String> {
    let (id, key) = text.trim().split_once(':').ok_or("a master key is written id:base64")?;
    let key = STANDARD.decode(key).map_err(|e| format!("master key {id}: {e}"))?;
    let cipher = XChaCha20Poly1305::new_from_slice(&key).map_err(|_| format!("master key {id} must be 32 bytes"))?;
    Ok((id.to_owned(), cipher))
}

fn beside_database(config: &Config) -> Result<String, String> {
    let database = config
        .database_url
        .trim_start_matches("sqlite://")
        .split('?')
        .next()
        .unwrap_or_default();
    let path = std::path::Path::new(database).with_file_name("master.key");
    if let Ok(text) = std::fs::read_to_string(&path) {
        return Ok(text.trim().to_owned());
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|e| e.to_string())?;
    }
    let text = format!("k1:{}", STANDARD.encode(rand::random::<[u8; 32]>()));
    write_once(&path, &text).map_err(|e| format!("{}: {e}", path.display()))
}

/// The first process to start makes the key; another that raced it reads what was made. The file appears whole.
fn write_once(path: &std::path::Path, text: &str) -> std::io::Result<String> {
    use std::io::Write;
    let making = path.with_file_name(format!("master.key.{}", crate::ids::new_id()));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&making)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    let linked = std::fs::hard_link(&making, path);
    std::fs::remove_file(&making)?;
    match linked {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => std::fs::read_to_string(path).map(|text| text.trim().to_owned()),
    }
}
