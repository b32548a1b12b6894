//! A table uploaded to a running server, until every lead has its owner and its follow-up. The limit reads the cells and
//! does nothing with them, then inserts the very rows the import left behind, in batches, one commit a table.

use std::time::{Duration, Instant};

use platform::Tx;
use reqwest::multipart::{Form, Part};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, FromQueryResult, QueryResult, Statement, TransactionTrait, Value,
};
use serde_json::Value as Json;
use support::database::Engine;
use support::server::{Server, Setup};
use support::sheets::{cells_alone, leads_xlsx};

use crate::report::{Measure, Target, row};
use crate::stage::{SLUG, Stage};

/// What a new lead leaves behind, parents first.
const TABLES: [&str; 7] = [
    "lead",
    "lead_phone",
    "lead_token",
    "status_change",
    "event",
    "decision",
    "follow_up",
];
/// Rows of a statement: more gain nothing.
const BATCH: u64 = 128;
const LOOK: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(1200);

pub async fn run(engine: Engine) {
    for rows in [5_000, 100_000] {
        let stage = Stage::set(engine).await.expect("as before");
        let bytes = leads_xlsx(rows);
        let bearer = stage.bearer().await;
        let server = Setup::on(&stage.database).spawn().await;
        let idle = memory(&server, "VmRSS");
        forget_peak(&server);
        let began = Instant::now();
        let uploaded = import(&server, &bearer, bytes.clone()).await;
        while !is_done(&stage, i64::from(rows)).await {
            assert!(began.elapsed() < LONGEST, "the import does not end");
            tokio::time::sleep(LOOK).await;
        }
        let ours = began.elapsed().as_secs_f64();
        let above = memory(&server, "VmHWM") - idle;
        server.kill();
        let began = Instant::now();
        cells_alone(&bytes);
        let limit = began.elapsed().as_secs_f64() + insert_alone(&stage).await;
        let name = format!("import of {rows} rows: read, given out, planned");
        row(
            &name,
            Measure::Took(ours),
            Some(Measure::Took(limit)),
            Target::AtMost(4.0),
        );
        let name = format!("import of {rows} rows: leads stored");
        row(&name, Measure::Took(uploaded), None, Target::None);
        let most = Target::Within(Measure::Megabytes(64.0));
        row(
            &format!("import of {rows} rows: memory above idle"),
            Measure::Megabytes(above),
            None,
            most,
        );
    }
}

/// Uploads the table and waits until the import says it is done.
async fn import(server: &Server, bearer: &str, bytes: Vec<u8>) -> f64 {
    let token = bearer
        .lines()
        .find_map(|line| line.strip_prefix("authorization: "))
        .expect("a token");
    let began = Instant::now();
    let form = Form::new().part("file", Part::bytes(bytes).file_name("lidlar.xlsx"));
    let request = server
        .post(SLUG, "/api/v1/imports")
        .header("authorization", token)
        .multipart(form);
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.status(), 202);
    let started: Json = answer.json().await.expect("JSON");
    let path = format!("/api/v1/imports/{}", started["id"].as_str().expect("an id"));
    loop {
        let request = server.get(SLUG, &path).header("authorization", token);
        let import: Json = request.send().await.expect("an answer").json().await.expect("JSON");
        match import["state"].as_str() {
            Some("done") => return began.elapsed().as_secs_f64(),
            Some("failed") => panic!("the import failed: {import}"),
            _ => assert!(began.elapsed() < LONGEST, "the import does not end"),
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Every lead is there, has an owner and a follow-up, and no work of the import waits.
async fn is_done(stage: &Stage, rows: i64) -> bool {
    #[derive(FromQueryResult)]
    struct Counts {
        leads: i64,
        waiting: i64,
        planned: i64,
        jobs: i64,
    }
    let read = async move |tx: Tx| {
        let sql = "SELECT (SELECT COUNT(*) FROM lead WHERE tenant_id = $1) AS leads, \
                   (SELECT COUNT(*) FROM lead WHERE tenant_id = $1 AND waiting_since IS NOT NULL) AS waiting, \
                   (SELECT COUNT(*) FROM follow_up WHERE tenant_id = $1 AND state = 'open') AS planned, \
                   (SELECT COUNT(*) FROM job WHERE tenant_id = $1 AND state IN ('ready', 'running') \
                    AND kind IN ('imports.run', 'distribution.give_out', 'scripts.plan')) AS jobs";
        tx.one::<Counts>(sql, vec![tx.tenant().0.into()]).await
    };
    let found = stage.app.db.read(stage.center.tenant.id, read).await.expect("counts");
    found.is_some_and(|now| now.leads == rows && now.waiting == 0 && now.planned >= rows && now.jobs == 0)
}

/// Keeps the rows aside, empties the tables, and takes the time of putting the same rows back.
async fn insert_alone(stage: &Stage) -> f64 {
    let raw = stage.raw().await;
    let engine = stage.database.engine;
    for table in TABLES {
        let kept = format!("CREATE TABLE kept_{table} AS SELECT ROW_NUMBER() OVER () AS nr, t.* FROM {table} AS t");
        sql_alone(&raw, &kept).await;
        sql_alone(&raw, &format!("CREATE INDEX kept_{table}_nr ON kept_{table} (nr)")).await;
    }
    match engine {
        Engine::Postgres => sql_alone(&raw, &format!("TRUNCATE {} CASCADE", TABLES.join(", "))).await,
        Engine::Sqlite => {
            sql_alone(&raw, "PRAGMA foreign_keys = OFF").await;
            for table in TABLES {
                sql_alone(&raw, &format!("DELETE FROM {table}")).await;
            }
            sql_alone(&raw, "PRAGMA foreign_keys = ON").await;
            sql_alone(&raw, "PRAGMA wal_checkpoint(TRUNCATE)").await;
        }
    }
    let mut took = 0.0;
    for table in TABLES {
        took += put_back(stage, &raw, table).await;
    }
    raw.close().await.expect("it closes");
    took
}

async fn put_back(stage: &Stage, writer: &DatabaseConnection, table: &str) -> f64 {
    let reader = stage.raw().await;
    let backend = writer.get_database_backend();
    let columns = columns(&reader, table).await;
    let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    let began = Instant::now();
    let txn = writer.begin().await.expect("a transaction");
    let mut took = began.elapsed();
    for from in (0..).map(|batch| batch * BATCH) {
        let sql = format!(
            "SELECT {} FROM kept_{table} WHERE nr > {from} AND nr <= {} ",
            names.join(", "),
            from + BATCH
        );
        let rows = reader
            .query_all_raw(Statement::from_string(backend, sql))
            .await
            .expect("rows");
        if rows.is_empty() {
            break;
        }
        let values: Vec<Value> = rows
            .iter()
            .flat_map(|row| columns.iter().enumerate().map(|(at, (_, kind))| value(row, at, kind)))
            .collect();
        let began = Instant::now();
        let places: Vec<String> = (0..rows.len())
            .map(|at| places(backend, at * columns.len() + 1, columns.len()))
            .collect();
        let sql = format!(
            "INSERT INTO {table} ({}) VALUES {}",
            names.join(", "),
            places.join(", ")
        );
        let insert = Statement::from_sql_and_values(backend, sql, values);
        txn.execute_raw(insert).await.expect("the rows go back");
        took += began.elapsed();
    }
    let began = Instant::now();
    txn.commit().await.expect("a commit");
    reader.close().await.expect("it closes");
    (took + began.elapsed()).as_secs_f64()
}

/// SQLite looks each named place up among all the others: with a thousand of them that takes longer than the insert.
fn places(backend: DbBackend, from: usize, count: usize) -> String {
    match backend {
        DbBackend::Sqlite => format!("({})", vec!["?"; count].join(", ")),
        _ => format!("({})", platform::db::list(from, count)),
    }
}

async fn columns(raw: &DatabaseConnection, table: &str) -> Vec<(String, String)> {
    let sql = match raw.get_database_backend() {
        DbBackend::Postgres => format!(
            "SELECT column_name::text, udt_name::text FROM information_schema.columns WHERE table_name = '{table}' \
             ORDER BY ordinal_position"
        ),
        _ => format!("SELECT name, type FROM pragma_table_info('{table}')"),
    };
    let rows = raw
        .query_all_raw(Statement::from_string(raw.get_database_backend(), sql))
        .await;
    let pair = |row: &QueryResult| {
        let name = row.try_get_by_index(0).expect("a name");
        (name, row.try_get_by_index::<String>(1).expect("a type").to_lowercase())
    };
    rows.expect("the catalog answers").iter().map(pair).collect()
}

fn value(row: &QueryResult, at: usize, kind: &str) -> Value {
    fn get<T: sea_orm::TryGetable + Into<Value>>(row: &QueryResult, at: usize) -> Value
    where
        Option<T>: sea_orm::TryGetable + Into<Value>,
    {
        row.try_get_by_index::<Option<T>>(at)
            .expect("a value of its column's kind")
            .into()
    }
    match kind {
        "uuid" => get::<platform::Id>(row, at),
        "blob" => get::<Vec<u8>>(row, at),
        "text" => get::<String>(row, at),
        "jsonb" => get::<Json>(row, at),
        "boolean" | "bool" => get::<bool>(row, at),
        "int2" => get::<i16>(row, at),
        "timestamptz" => get::<chrono::DateTime<chrono::Utc>>(row, at),
        "int4" => get::<i32>(row, at),
        _ => get::<i64>(row, at),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "past every layer: this is the limit's own connection"
)]
async fn sql_alone(raw: &DatabaseConnection, sql: &str) {
    raw.execute_unprepared(sql)
        .await
        .unwrap_or_else(|e| panic!("{sql}: {e}"));
}

/// Of the server's process, in megabytes.
pub fn memory(server: &Server, which: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.process())).expect("a process");
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix(which))
        .expect("Linux tells it");
    let kilobytes: f64 = line
        .trim_matches(|c: char| !c.is_ascii_digit())
        .parse()
        .expect("a number");
    kilobytes / 1024.0
}

pub fn forget_peak(server: &Server) {
    std::fs::write(format!("/proc/{}/clear_refs", server.process()), "5").expect("the peak is forgotten");
}
