//! Settings by TOML file and environment; `config.default.toml` beside the crate is their manual.

use figment::Figment;
use figment::providers::{Env, Format, Toml};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

const DEFAULTS: &str = include_str!("../config.default.toml");

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub database_url: String,
    pub database_owner_url: Option<String>,
    pub redis_url: Option<String>,
    pub listen: String,
    pub base_domain: String,
    pub master_key: String,
    pub telegram_api_url: String,
    pub google_api_url: String,
    pub google_token_url: String,
    pub sandbox: Option<String>,
    #[serde(deserialize_with = "switch")]
    pub test_clock: bool,
    pub demo_password: Option<String>,
    /// How many days of work a demo centre is given when it is made; none brings its leads alone.
    pub demo_days: u32,
    pub log: String,
    #[serde(deserialize_with = "switch")]
    pub log_json: bool,
    pub max_upload_mb: u64,
    pub trusted_proxies: Vec<String>,
    pub public_url: Option<String>,
    #[serde(deserialize_with = "switch")]
    pub insecure_cookies: bool,
}

impl Config {
    /// How the world reaches a tenant, where it can.
    pub fn site(&self, slug: &str) -> Option<String> {
        self.public_url.as_ref().map(|url| url.replace("{slug}", slug))
    }

    /// Defaults, then `markaz.toml` (or the file named), then `MARKAZ_*`.
    pub fn load(file: Option<&str>) -> Result<Self, String> {
        let config: Config = Figment::from(Toml::string(DEFAULTS))
            .merge(Toml::file(file.unwrap_or("markaz.toml")))
            .merge(Env::prefixed("MARKAZ_").filter(|k| {
                !k.starts_with("test_database")
                    && !k.starts_with("test_redis")
                    && k != "test_chromedriver"
                    && k != "config"
                    && k != "test_chromium"
            }))
            .extract()
            .map_err(|e| e.to_string())?;
        config.checked()
    }

    pub fn is_postgres(&self) -> bool {
        self.database_url.starts_with("postgres")
    }

    fn checked(self) -> Result<Self, String> {
        if self.test_clock && self.base_domain != "localhost" {
            return Err("MARKAZ_TEST_CLOCK is refused unless the base domain is localhost".into());
        }
        if !self.is_postgres() && !self.database_url.starts_with("sqlite:") {
            return Err("MARKAZ_DATABASE_URL must start with sqlite: or postgres:".into());
        }
        Ok(self)
    }
}

/// `true` and `false`, or `1` and `0` as people write switches in the environment.
fn switch<'de, D: Deserializer<'de>>(value: D) -> Result<bool, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Switch {
        Word(bool),
        Number(u8),
    }
    match Switch::deserialize(value)? {
        Switch::Word(on) => Ok(on),
        Switch::Number(number @ (0 | 1)) => Ok(number == 1),
        Switch::Number(_) => Err(D::Error::custom("a switch is true, false, 1 or 0")),
    }
}
