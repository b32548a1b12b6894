//! A stand-in for Google: it checks the signed JWT as Google does, hands out tokens that expire, and answers the two
//! questions of the Sheets API that we ask. Its faults are told it by a test.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::Utc;
use platform::App;
use plugins::google::Google;
use poem::http::{StatusCode, header};
use poem::listener::{Acceptor, Listener, TcpListener};
use poem::web::{Data, Form, Path, Query};
use poem::{EndpointExt, IntoResponse, Request, Response, Route, Server, get, handler, post};
use ring::signature::{KeyPair, RSA_PKCS1_2048_8192_SHA256, RsaKeyPair, UnparsedPublicKey};
use serde::Deserialize;
use serde_json::{Value, json};
use workflows::sheets::port::GoogleSheets;

pub const ACCOUNT: &str = "markaz@sinov.iam.gserviceaccount.com";
const SCOPE: &str = "https://www.googleapis.com/auth/spreadsheets.readonly";
const PEM: &str = include_str!("../data/google/key.pem");

/// Longer than any address Google makes, so that it passes for one.
pub const SPREADSHEET: &str = "1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms";

#[derive(Clone)]
pub struct FakeGoogle {
    pub url: String,
    world: Arc<Mutex<World>>,
}

#[derive(Default)]
struct World {
    token_url: String,
    sheets: BTreeMap<String, Book>,
    tokens: HashSet<String>,
    issued: usize,
    revoked: bool,
    faults: VecDeque<Trouble>,
    reads: usize,
}

#[derive(Clone, Default)]
struct Book {
    title: String,
    shared: bool,
    /// By gid: name and rows.
    tabs: BTreeMap<i64, (String, Vec<Vec<Value>>)>,
}

/// What goes wrong with the next question for rows.
#[derive(Clone, Copy, Debug)]
pub enum Trouble {
    Fine,
    Status(u16),
    /// The connection breaks off in the middle of the answer.
    Cut,
}

/// The product's own client, asking whom the settings name.
pub fn asked_by(app: &App) -> Arc<dyn GoogleSheets> {
    Arc::new(Google::new(&app.config, app.clock.clone()).expect("the addresses are good"))
}

impl FakeGoogle {
    pub async fn start() -> Self {
        let world = Arc::new(Mutex::new(World::default()));
        let acceptor = TcpListener::bind("127.0.0.1:0")
            .into_acceptor()
            .await
            .expect("a free port");
        let port = acceptor.local_addr()[0].as_socket_addr().expect("an address").port();
        let url = format!("http://127.0.0.1:{port}");
        let google = FakeGoogle { url, world };
        google.world().token_url = google.token_url();
        let routes = Route::new()
            .at("/token", post(give_token))
            .at("/v4/spreadsheets/:id", get(show_book))
            .at("/v4/spreadsheets/:id/values/:range", get(show_values))
            .data(google.clone());
        tokio::spawn(Server::new_with_acceptor(acceptor).run(routes));
        google
    }

    pub fn token_url(&self) -> String {
        format!("{}/token", self.url)
    }

    /// The account's key, as Google would hand it out.
    pub fn key(&self) -> String {
        json!({
            "type": "service_account", "project_id": "sinov", "private_key_id": "1", "private_key": PEM,
            "client_email": ACCOUNT, "token_uri": "http://169.254.169.254/must-not-be-asked",
        })
        .to_string()
    }

    pub fn link(&self, gid: i64) -> String {
        format!("https://docs.google.com/spreadsheets/d/{SPREADSHEET}/edit?gid={gid}#gid={gid}")
    }

    /// Puts a tab's rows there, the header among them.
    pub fn put(&self, gid: i64, name: &str, rows: Vec<Vec<Value>>) {
        let mut world = self.world();
        let book = world.sheets.entry(SPREADSHEET.to_owned()).or_default();
        (book.title, book.shared) = ("Qabul".to_owned(), true);
        book.tabs.insert(gid, (name.to_owned(), rows));
    }

    pub fn change(&self, gid: i64, change: impl FnOnce(&mut Vec<Vec<Value>>)) {
        let mut world = self.world();
        let book = world.sheets.get_mut(SPREADSHEET).expect("it was put there");
        change(&mut book.tabs.get_mut(&gid).expect("it was put there").1);
    }

    pub fn share(&self, shared: bool) {
        self.world()
            .sheets
            .get_mut(SPREADSHEET)
            .expect("it was put there")
            .shared = shared;
    }

    pub fn revoke(&self, revoked: bool) {
        let mut world = self.world();
        world.revoked = revoked;
        world.tokens.clear();
    }

    /// All tokens given so far are worth nothing now.
    pub fn expire_tokens(&self) {
        self.world().tokens.clear();
    }

    /// What happens to the next questions for rows, one by one.
    pub fn trouble(&self, faults: &[Trouble]) {
        self.world().faults.extend(faults);
    }

    /// How many tokens were given, and how often rows were asked for.
    pub fn asked(&self) -> (usize, usize) {
        let world = self.world();
        (world.issued, world.reads)
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().expect("no test panicked inside")
    }
}

#[derive(Deserialize)]
struct Grant {
    grant_type: String,
    assertion: String,
}

#[handler]
fn give_token(Data(google): Data<&FakeGoogle>, Form(grant): Form<Grant>) -> Response {
    let mut world = google.world();
    let honest = grant.grant_type == "urn:ietf:params:oauth:grant-type:jwt-bearer"
        && signed_well(&grant.assertion, &world.token_url).is_some();
    if !honest || world.revoked {
        let body = json!({"error": "invalid_grant", "error_description": "Invalid JWT Signature."});
        return answer(StatusCode::BAD_REQUEST, &body);
    }
    world.issued += 1;
    let token = format!("ya29.sinov-{}", world.issued);
    world.tokens.insert(token.clone());
    answer(
        StatusCode::OK,
        &json!({"access_token": token, "expires_in": 3599, "token_type": "Bearer"}),
    )
}

/// As Google checks it: RS256 by the account's key, for this very door and scope, of now and for an hour at most.
fn signed_well(assertion: &str, audience: &str) -> Option<()> {
    let (text, signature) = assertion.rsplit_once('.')?;
    let (head, claims) = text.split_once('.')?;
    let read = |part: &str| serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(part).ok()?).ok();
    let (head, claims) = (read(head)?, read(claims)?);
    let der: String = PEM.lines().filter(|line| !line.starts_with("-----")).collect();
    let pair = RsaKeyPair::from_pkcs8(&STANDARD.decode(der).ok()?).ok()?;
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pair.public_key().as_ref())
        .verify(text.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).ok()?)
        .ok()?;
    let now = Utc::now().timestamp();
    let (issued, ends) = (claims["iat"].as_i64()?, claims["exp"].as_i64()?);
    let good = head == json!({"alg": "RS256", "typ": "JWT"})
        && claims["iss"] == ACCOUNT
        && claims["scope"] == SCOPE
        && claims["aud"] == audience
        && (issued - now).abs() < 300
        && ends > now
        && ends - issued <= 3600;
    good.then_some(())
}

#[handler]
fn show_book(req: &Request, Data(google): Data<&FakeGoogle>, Path(id): Path<String>) -> Response {
    let world = google.world();
    let book = match open(&world, req, &id) {
        Ok(book) => book,
        Err(refused) => return *refused,
    };
    let tabs = book.tabs.iter().map(|(gid, (name, rows))| {
        // A grid is never smaller than what it holds, and mostly larger.
        let grid = json!({"rowCount": rows.len().max(1000), "columnCount": 26});
        json!({"properties": {"sheetId": gid, "title": name, "gridProperties": grid}})
    });
    let tabs: Vec<Value> = tabs.collect();
    answer(
        StatusCode::OK,
        &json!({"properties": {"title": book.title}, "sheets": tabs}),
    )
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct How {
    value_render_option: String,
}

#[handler]
fn show_values(
    req: &Request,
    Data(google): Data<&FakeGoogle>,
    Path((id, range)): Path<(String, String)>,
    Query(how): Query<How>,
) -> Response {
    let mut world = google.world();
    world.reads += 1;
    match world.faults.pop_front() {
        None | Some(Trouble::Fine) => {}
        Some(Trouble::Status(status)) => {
            let status = StatusCode::from_u16(status).expect("a status");
            let body = json!({"error": {"code": status.as_u16(), "status": "RESOURCE_EXHAUSTED"}});
            return answer(status, &body)
                .with_header(header::RETRY_AFTER, "20")
                .into_response();
        }
        Some(Trouble::Cut) => {
            let pieces = [Ok(r#"{"values": [["#.to_owned()), Err(std::io::Error::other("cut"))];
            return Response::builder().body(poem::Body::from_bytes_stream(futures::stream::iter(pieces)));
        }
    }
    assert_eq!(how.value_render_option, "UNFORMATTED_VALUE");
    let book = match open(&world, req, &id) {
        Ok(book) => book,
        Err(refused) => return *refused,
    };
    let Some((from, to, rows)) = ranged(book, &range) else {
        return answer(
            StatusCode::BAD_REQUEST,
            &json!({"error": {"message": "Unable to parse range"}}),
        );
    };
    let mut found: Vec<Value> = rows.iter().take(to).skip(from - 1).map(|row| json!(row)).collect();
    // Blank rows at the end are not answered.
    while found
        .last()
        .is_some_and(|row| row.as_array().is_some_and(Vec::is_empty))
    {
        found.pop();
    }
    let mut body = json!({"range": range, "majorDimension": "ROWS"});
    if !found.is_empty() {
        body["values"] = Value::Array(found);
    }
    answer(StatusCode::OK, &body)
}

/// `'Tab'!A1:BL30`
fn ranged<'w>(book: &'w Book, range: &str) -> Option<(usize, usize, &'w Vec<Vec<Value>>)> {
    let (tab, cells) = range.rsplit_once('!')?;
    let name = tab.strip_prefix('\'')?.strip_suffix('\'')?.replace("''", "'");
    let (_, rows) = book.tabs.values().find(|(known, _)| *known == name)?;
    let (from, to) = cells.split_once(':')?;
    let (from, to): (usize, usize) = (
        from.strip_prefix('A')?.parse().ok()?,
        to.strip_prefix("BL")?.parse().ok()?,
    );
    (to <= rows.len().max(1000)).then_some((from, to, rows))
}

fn open<'w>(world: &'w World, req: &Request, id: &str) -> Result<&'w Book, Box<Response>> {
    let token = req
        .header(header::AUTHORIZATION)
        .and_then(|value| value.strip_prefix("Bearer "));
    if token.is_none_or(|token| !world.tokens.contains(token)) {
        return Err(Box::new(answer(
            StatusCode::UNAUTHORIZED,
            &json!({"error": {"status": "UNAUTHENTICATED"}}),
        )));
    }
    let missing = || {
        Box::new(answer(
            StatusCode::NOT_FOUND,
            &json!({"error": {"status": "NOT_FOUND"}}),
        ))
    };
    let book = world.sheets.get(id).ok_or_else(missing)?;
    let denied = || {
        let body = json!({"error": {"status": "PERMISSION_DENIED"}});
        Box::new(answer(StatusCode::FORBIDDEN, &body))
    };
    book.shared.then_some(book).ok_or_else(denied)
}

fn answer(status: StatusCode, body: &Value) -> Response {
    Response::builder()
        .status(status)
        .content_type("application/json")
        .body(body.to_string())
}
