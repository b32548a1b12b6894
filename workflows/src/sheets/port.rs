//! What the domain asks of Google: the tabs of a spreadsheet and their rows, with a service account's key.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use platform::{Error, Result};
use serde::Deserialize;

use crate::imports::sheet::{Preview, Row, SheetError};

#[async_trait]
pub trait GoogleSheets: Send + Sync {
    async fn book(&self, key: &ServiceKey, spreadsheet: &str) -> Result<Book, Fault>;

    /// Rows from one to another, both counted from 1 and included; those at the end may be missing.
    async fn rows(&self, key: &ServiceKey, spreadsheet: &str, tab: &str, from: u32, to: u32)
    -> Result<Vec<Row>, Fault>;

    /// Finds the header among a sheet's first rows. Also says which row it is; 0 where there is none.
    fn look(&self, tab: &str, rows: Vec<Row>) -> Result<(u32, Preview), SheetError>;
}

/// As Google hands it out; only these of its fields are read.
#[derive(Clone, Deserialize)]
pub struct ServiceKey {
    pub client_email: String,
    pub private_key: String,
}

#[derive(Debug, Clone)]
pub struct Book {
    pub title: String,
    pub tabs: Vec<Tab>,
}

#[derive(Debug, Clone)]
pub struct Tab {
    /// Stays when the tab is renamed.
    pub gid: i64,
    pub name: String,
    /// Rows of the grid, most of them blank.
    pub rows: u32,
}

/// Why Google did not do what it was asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Fault {
    /// The key is not one, or was revoked.
    KeyRefused,
    /// The Sheets API is switched off in the key's project.
    ApiOff,
    /// Nobody shared the sheet with the account, or no longer.
    NotShared,
    NotFound,
    /// An Excel file lying in Drive, for instance.
    NotASheet,
    /// Too much was asked, or Google has trouble; it may say for how long.
    Busy(Option<Duration>),
    Unreachable(String),
}

impl Fault {
    pub fn code(&self) -> &'static str {
        match self {
            Fault::KeyRefused => "google_key_refused",
            Fault::ApiOff => "google_api_off",
            Fault::NotShared => "google_not_shared",
            Fault::NotFound => "google_not_found",
            Fault::NotASheet => "google_not_a_sheet",
            Fault::Busy(_) => "google_busy",
            Fault::Unreachable(_) => "google_unreachable",
        }
    }

    /// Whether it may pass by itself.
    pub fn passes(&self) -> bool {
        matches!(self, Fault::Busy(_) | Fault::Unreachable(_))
    }

    /// Every one of them with its words: the search for refusals reads them here.
    pub fn refusal(&self, email: &str) -> Error {
        let refused = match self {
            Fault::KeyRefused => Error::refused("google_key_refused"),
            Fault::ApiOff => Error::refused("google_api_off"),
            Fault::NotShared => Error::refused("google_not_shared"),
            Fault::NotFound => Error::refused("google_not_found"),
            Fault::NotASheet => Error::refused("google_not_a_sheet"),
            Fault::Busy(_) => Error::refused("google_busy"),
            Fault::Unreachable(_) => Error::refused("google_unreachable"),
        };
        refused.with("name", email)
    }
}

impl ServiceKey {
    pub fn read(json: &str) -> Result<Self> {
        let key: Option<ServiceKey> = serde_json::from_str(json.trim()).ok();
        let whole = |key: &ServiceKey| {
            key.client_email.contains('@')
                && key.client_email.len() < 300
                && key.private_key.contains("PRIVATE KEY")
                && key.private_key.len() < 20_000
        };
        key.filter(whole)
            .ok_or_else(|| Error::field("key", "google_key_unreadable"))
    }

    /// What is sealed: nothing else of what was pasted.
    pub fn text(&self) -> String {
        serde_json::json!({"client_email": self.client_email, "private_key": self.private_key}).to_string()
    }
}

/// Never the key itself, in no log.
impl fmt::Debug for ServiceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServiceKey({})", self.client_email)
    }
}
