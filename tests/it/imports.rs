//! Tables of leads from upload to the last row, whatever interrupts them.

mod choices;
mod kills;
mod runs;
mod tables;
mod undo;

use std::path::Path;

use chrono::{DateTime, Utc};
use platform::{Actor, Error, Id, Tx};
use sea_orm::FromQueryResult;
use support::desk::Center;
use workflows::imports::{self, Choice, Import};

fn data(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name);
    std::fs::read(path).expect("test data")
}

/// A table of so many leads with phones of their own.
fn table(rows: usize) -> String {
    let mut table = String::from("name,phone\n");
    for at in 0..rows {
        table.push_str(&format!("Lid {at},{}\n", 901_000_000 + at));
    }
    table
}

async fn import(center: &Center, actor: &Actor, bytes: impl Into<Vec<u8>>) -> Import {
    let started = start(center, actor, bytes).await.expect("a good table");
    center
        .runner_of(&["imports.run"])
        .drain()
        .await
        .expect("the work is done");
    imports::find(&center.desk.app, actor, started.id)
        .await
        .expect("it is there")
}

async fn start(center: &Center, actor: &Actor, bytes: impl Into<Vec<u8>>) -> platform::Result<Import> {
    imports::upload_and_start(&center.desk, actor, "lidlar.csv", bytes.into(), Choice::default(), None).await
}

fn counts(import: &Import) -> (&str, i64, i64, i64, i64) {
    let Import {
        total,
        created,
        duplicates,
        rejected,
        ..
    } = import;
    (&import.state, *total, *created, *duplicates, *rejected)
}

fn code(outcome: Result<impl std::fmt::Debug, Error>) -> &'static str {
    outcome.expect_err("it is refused").code()
}

#[derive(Debug, FromQueryResult)]
struct Lead {
    name: String,
    phone: String,
    source: String,
    notes: String,
    course_id: Option<Id>,
    owner_id: Option<Id>,
    created_at: DateTime<Utc>,
}

async fn leads(center: &Center) -> Vec<Lead> {
    let sql = "SELECT name, phone, source, notes, course_id, owner_id, created_at FROM lead WHERE tenant_id = $1 \
               ORDER BY id";
    let read = async move |tx: Tx| tx.all(sql, vec![tx.tenant().0.into()]).await;
    center.desk.app.db.read(center.tenant.id, read).await.expect("readable")
}

async fn count(center: &Center, sql: &'static str) -> i64 {
    #[derive(FromQueryResult)]
    struct Count {
        count: i64,
    }
    let read = async move |tx: Tx| tx.one::<Count>(sql, vec![tx.tenant().0.into()]).await;
    let found = center.desk.app.db.read(center.tenant.id, read).await.expect("readable");
    found.map_or(0, |row| row.count)
}
