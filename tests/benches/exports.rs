//! A hundred thousand leads as a file, asked of a running server until it can be downloaded, and what that takes of its
//! memory. The limit reads the same rows in pages of the same size, and writes as many rows of the same cells.

use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, Statement, Value};
use serde_json::{Value as Json, json};
use support::server::{Server, Setup};
use workflows::exports::table::{Cell, Format, Separator};

use crate::desk::BIG;
use crate::imports::{forget_peak, memory};
use crate::report::{Measure, Target, note, row};
use crate::stage::{SLUG, Stage};

const LOOK: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(600);
const PAGE: usize = 200;

pub async fn run(stage: &Stage) {
    BIG.fill(&stage.database, stage.tenant(), stage.app.clock.now()).await;
    let bearer = stage.bearer().await;
    for (name, format) in [("xlsx", Format::Xlsx), ("csv", Format::Csv(Separator::Comma))] {
        let server = Setup::on(&stage.database).spawn().await;
        let idle = memory(&server, "VmRSS");
        forget_peak(&server);
        let began = Instant::now();
        let export = export(&server, &bearer, name).await;
        let ours = began.elapsed().as_secs_f64();
        let above = memory(&server, "VmHWM") - idle;
        server.kill();
        let limit = read_alone(stage).await + written_alone(stage, format);
        let took = format!("export of 100,000 leads, {name}");
        row(&took, Measure::Took(ours), Some(Measure::Took(limit)), Target::None);
        let most = Target::Within(Measure::Megabytes(64.0));
        row(
            &format!("{took}: memory above idle"),
            Measure::Megabytes(above),
            None,
            most,
        );
        note(&format!("{} rows, {} bytes", export["rows"], export["size"]));
    }
}

async fn export(server: &Server, bearer: &str, format: &str) -> Json {
    let token = bearer
        .lines()
        .find_map(|line| line.strip_prefix("authorization: "))
        .expect("a token");
    let began = Instant::now();
    let request = server
        .post(SLUG, "/api/v1/exports")
        .header("authorization", token)
        .json(&json!({"what": "leads", "format": format}));
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.status(), 202);
    let started: Json = answer.json().await.expect("JSON");
    let path = format!("/api/v1/exports/{}", started["id"].as_str().expect("an id"));
    loop {
        let request = server.get(SLUG, &path).header("authorization", token);
        let export: Json = request.send().await.expect("an answer").json().await.expect("JSON");
        match export["state"].as_str() {
            Some("done") => return export,
            Some("failed") => panic!("the export failed: {export}"),
            _ => assert!(began.elapsed() < LONGEST, "the export does not end"),
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// The leads in the file's order, a page after the other.
async fn read_alone(stage: &Stage) -> f64 {
    let raw = stage.raw().await;
    let began = Instant::now();
    let mut after: Option<(chrono::DateTime<chrono::Utc>, platform::Id)> = None;
    loop {
        let mut values: Vec<Value> = vec![stage.tenant().into()];
        let mut past = "";
        if let Some((at, id)) = after {
            values.extend([at.into(), id.into()]);
            past = "AND (l.created_at, l.id) < ($2, $3)";
        }
        let sql = format!(
            "SELECT l.* FROM lead AS l WHERE l.tenant_id = $1 AND l.deleted_at IS NULL {past} \
             ORDER BY l.created_at DESC, l.id DESC LIMIT {PAGE}"
        );
        let page = Statement::from_sql_and_values(raw.get_database_backend(), sql, values);
        let rows = raw.query_all_raw(page).await.expect("rows");
        after = rows.last().map(|last| {
            let at = last.try_get("", "created_at").expect("an instant");
            (at, last.try_get("", "id").expect("an id"))
        });
        if rows.len() < PAGE {
            break;
        }
    }
    let took = began.elapsed().as_secs_f64();
    raw.close().await.expect("it closes");
    took
}

fn written_alone(stage: &Stage, format: Format) -> f64 {
    let moment = stage.app.clock.now().naive_utc();
    let mut cells = vec![Cell::Text("Aziza Karimova".to_owned()); 10];
    cells.extend(vec![Cell::Moment(moment); 3]);
    let began = Instant::now();
    let mut table = stage.center.desk.sheets.begin(format).expect("a table");
    for _ in 0..BIG.leads {
        table.row(&cells).expect("a row");
    }
    table.finish().expect("a file");
    began.elapsed().as_secs_f64()
}
