//! Google Sheets by its REST API (v4), read only, with a service account's key.

mod token;

use std::time::Duration;

use async_trait::async_trait;
use platform::clock::Clock;
use platform::config::Config;
use reqwest::{Response, StatusCode, header};
use serde::Deserialize;
use serde_json::Value;
use url::Url;
use workflows::imports::sheet::{Cell, Format, Preview, Row, SheetError};
use workflows::sheets::port::{Book, Fault, GoogleSheets, ServiceKey, Tab};

use crate::sheets::{self, header::Header, limits};
use token::Tokens;

const ANSWER_WITHIN: Duration = Duration::from_secs(30);
/// More than 2,000 rows of our columns can be.
const LARGEST: usize = 32 << 20;

pub struct Google {
    http: reqwest::Client,
    api: Url,
    tokens: Tokens,
}

impl Google {
    pub fn new(config: &Config, clock: Clock) -> Result<Self, String> {
        let url = |name: &str, text: &str| Url::parse(text).map_err(|e| format!("{name}: {e}"));
        let http = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(5))
            .timeout(ANSWER_WITHIN)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|e| e.to_string())?;
        Ok(Google {
            api: url("MARKAZ_GOOGLE_API_URL", &config.google_api_url)?,
            tokens: Tokens::new(
                http.clone(),
                url("MARKAZ_GOOGLE_TOKEN_URL", &config.google_token_url)?,
                clock,
            ),
            http,
        })
    }

    /// A token may have expired or been withdrawn since it was given: then once more with a new one.
    async fn get(&self, key: &ServiceKey, path: &[&str], query: &[(&str, &str)]) -> Result<Value, Fault> {
        let mut url = self.api.clone();
        if let Ok(mut parts) = url.path_segments_mut() {
            parts.pop_if_empty().extend(["v4", "spreadsheets"]).extend(path);
        }
        for fresh in [false, true] {
            let token = self.tokens.of(key, fresh).await?;
            let asked = self.http.get(url.clone()).query(query).bearer_auth(&token).send().await;
            let response = asked.map_err(unreachable)?;
            if response.status() == StatusCode::UNAUTHORIZED && !fresh {
                continue;
            }
            return answer(response).await;
        }
        Err(Fault::KeyRefused)
    }
}

#[async_trait]
impl GoogleSheets for Google {
    async fn book(&self, key: &ServiceKey, spreadsheet: &str) -> Result<Book, Fault> {
        #[derive(Deserialize)]
        struct Sheets {
            properties: Title,
            #[serde(default)]
            sheets: Vec<Sheet>,
        }
        #[derive(Deserialize)]
        struct Title {
            #[serde(default)]
            title: String,
        }
        #[derive(Deserialize)]
        struct Sheet {
            properties: Properties,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Properties {
            #[serde(default)]
            sheet_id: i64,
            title: String,
            grid_properties: Option<Grid>,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Grid {
            #[serde(default)]
            row_count: u32,
        }
        let fields = "properties.title,sheets.properties(sheetId,title,gridProperties.rowCount)";
        let found = self.get(key, &[spreadsheet], &[("fields", fields)]).await?;
        let found: Sheets = serde_json::from_value(found).map_err(|e| Fault::Unreachable(e.to_string()))?;
        let tab = |sheet: Sheet| {
            // A chart on a tab of its own has no grid.
            let grid = sheet.properties.grid_properties?;
            Some(Tab {
                gid: sheet.properties.sheet_id,
                name: platform::fold::clean_line(&sheet.properties.title, 200),
                rows: grid.row_count.min(limits::ROWS as u32),
            })
        };
        Ok(Book {
            title: platform::fold::clean_line(&found.properties.title, 200),
            tabs: found.sheets.into_iter().filter_map(tab).collect(),
        })
    }

    async fn rows(
        &self,
        key: &ServiceKey,
        spreadsheet: &str,
        tab: &str,
        from: u32,
        to: u32,
    ) -> Result<Vec<Row>, Fault> {
        #[derive(Deserialize)]
        struct Values {
            #[serde(default)]
            values: Vec<Vec<Value>>,
        }
        let range = format!("'{}'!A{from}:BL{to}", tab.replace('\'', "''"));
        // Numbers as numbers: written out, a long phone loses its digits.
        let how = [
            ("majorDimension", "ROWS"),
            ("valueRenderOption", "UNFORMATTED_VALUE"),
            ("dateTimeRenderOption", "FORMATTED_STRING"),
        ];
        let found = self.get(key, &[spreadsheet, "values", &range], &how).await?;
        let found: Values = serde_json::from_value(found).map_err(|e| Fault::Unreachable(e.to_string()))?;
        let row = |(number, cells): (u32, Vec<Value>)| Row {
            number,
            cells: cells.iter().take(limits::COLUMNS).map(cell).collect(),
        };
        Ok((from..=to).zip(found.values).map(row).collect())
    }

    fn look(&self, tab: &str, rows: Vec<Row>) -> Result<(u32, Preview), SheetError> {
        let rows: Vec<Row> = rows
            .into_iter()
            .filter(|row| row.cells.iter().any(|cell| !cell.is_blank()))
            .collect();
        if rows.is_empty() {
            return Err(SheetError::Empty);
        }
        let header = Header::find(rows)?;
        let guess = sheets::mapping::guess(&header.titles, &header.sample);
        let preview = Preview {
            format: Format::GoogleSheets,
            sheets: vec![tab.to_owned()],
            sheet: tab.to_owned(),
            header: header.titles,
            sample: header.sample,
            guess,
        };
        Ok((header.row, preview))
    }
}

fn cell(value: &Value) -> Cell {
    match value {
        Value::Null => Cell::default(),
        Value::Number(number) => number.as_f64().map_or_else(Cell::default, Cell::number),
        Value::String(text) => limits::text(text),
        other => limits::text(&other.to_string()),
    }
}

async fn answer(response: Response) -> Result<Value, Fault> {
    let status = response.status();
    let wait = after(&response);
    let body = read(response).await?;
    if status.is_success() {
        return serde_json::from_slice(&body).map_err(|e| Fault::Unreachable(e.to_string()));
    }
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let says = |what: &str| body["error"].to_string().contains(what);
    Err(match status.as_u16() {
        401 => Fault::KeyRefused,
        403 if says("RATE_LIMIT_EXCEEDED") || says("rateLimitExceeded") => Fault::Busy(wait),
        403 if says("SERVICE_DISABLED") || says("accessNotConfigured") => Fault::ApiOff,
        403 => Fault::NotShared,
        404 => Fault::NotFound,
        400 if says("not supported for this document") => Fault::NotASheet,
        // The tab was renamed or cut between two questions: the next reading sees it as it is.
        400 => Fault::Busy(None),
        429 | 500.. => Fault::Busy(wait),
        other => Fault::Unreachable(format!("status {other}")),
    })
}

/// No more than fits: whoever answers is not ours.
async fn read(mut response: Response) -> Result<Vec<u8>, Fault> {
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(unreachable)? {
        body.extend_from_slice(&piece);
        if body.len() > LARGEST {
            return Err(Fault::Unreachable("the answer is too large".into()));
        }
    }
    Ok(body)
}

fn after(response: &Response) -> Option<Duration> {
    let seconds = response
        .headers()
        .get(header::RETRY_AFTER)?
        .to_str()
        .ok()?
        .parse()
        .ok()?;
    Some(Duration::from_secs(seconds))
}

/// Without the address: it names the sheet.
fn unreachable(error: reqwest::Error) -> Fault {
    Fault::Unreachable(error.without_url().to_string())
}
