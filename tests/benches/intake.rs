//! Lead intake over HTTP: ours writes lead, phone, search tokens, history, event, job and audit in one commit, and so
//! does the limit, into the same tables.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use platform::Tx;
use sea_orm::FromQueryResult;

use crate::limit::limit;
use crate::load::{Asked, CLIENTS, contest};
use crate::report::Target;
use crate::stage::Stage;

const TABLES: [&str; 7] = [
    "lead",
    "lead_phone",
    "lead_token",
    "status_change",
    "event",
    "job",
    "audit",
];

pub async fn run(stage: &Stage) {
    let (product, beside) = (stage.serve().await, limit(stage).await);
    let next = Arc::new(AtomicU64::new(0));
    let body = move || {
        let at = next.fetch_add(1, Ordering::Relaxed);
        format!(
            r#"{{"name":"Lola Bozorova","phone":"+{}","source":"form","notes":"Kechki guruh bormi?"}}"#,
            998_900_000_000 + at
        )
    };
    let before = rows(stage).await;
    let ours = Asked::post(product, "/api/v1/leads", &stage.bearer().await, body.clone());
    let limit = Asked::post(beside.address, "/leads", "host: limit\r\n", body);
    crate::load::once(&ours).await;
    let written = rows(stage).await;
    crate::load::once(&limit).await;
    let alike = rows(stage).await;
    for (at, table) in TABLES.iter().enumerate() {
        assert_eq!(written[at] - before[at], alike[at] - written[at], "rows of {table}");
    }
    let name = format!("lead intake, {CLIENTS} clients");
    contest(&name, &ours, &limit, Target::AtLeast(0.5)).await;
    beside.close().await;
}

async fn rows(stage: &Stage) -> Vec<i64> {
    #[derive(FromQueryResult)]
    struct Count {
        count: i64,
    }
    let read = async move |tx: Tx| {
        let mut counts = Vec::new();
        for table in TABLES {
            let sql = format!("SELECT COUNT(*) AS count FROM {table} WHERE tenant_id = $1");
            let found: Option<Count> = tx.one(&sql, vec![tx.tenant().0.into()]).await?;
            counts.push(found.map_or(0, |row| row.count));
        }
        Ok(counts)
    };
    stage.app.db.read(stage.center.tenant.id, read).await.expect("counts")
}
