//! What people read all day: the leads list, a lead, today's list, as JSON and as pages, over 10,000 leads with 20,000
//! follow-ups. The limit reads the rows of the same queries; its pages are bare table rows.

use chrono::TimeDelta;
use platform::Id;
use platform::Tx;
use platform::db::insert;
use platform::ids::new_id;

use crate::limit::limit;
use crate::load::{Asked, contest};
use crate::report::Target;
use crate::stage::Stage;

const LEADS: usize = 10_000;
const FOLLOW_UPS: usize = 20_000;

pub async fn run(stage: &Stage) {
    let lead = fill(stage).await;
    stage.analyze().await;
    let (product, beside) = (stage.serve().await, limit(stage).await);
    let (bearer, cookie) = (stage.bearer().await, stage.cookie().await);
    let api = |path: &str| Asked::get(product, &format!("/api/v1{path}"), &bearer);
    let page = |path: &str| Asked::get(product, path, &cookie);
    let bare = |path: &str| Asked::get(beside.address, path, "host: limit\r\n");
    let half = || Target::AtLeast(0.5);
    let third = || Target::AtLeast(0.3);
    contest(
        "leads list, 50 of 10,000, JSON",
        &api("/leads"),
        &bare("/leads"),
        half(),
    )
    .await;
    let (one, path) = (format!("/leads/{lead}"), format!("/leads/{lead}"));
    contest("lead, JSON", &api(&one), &bare(&path), half()).await;
    let today = "/follow-ups?view=today";
    contest("today's list, 50 of 20,000, JSON", &api(today), &bare("/today"), half()).await;
    contest("leads list, page of 30", &page("/leads"), &bare("/leads.html"), third()).await;
    let html = format!("/leads/{lead}/html");
    contest("lead, page", &page(&one), &bare(&html), third()).await;
    contest(
        "today's list, page of 20",
        &page("/today?mode=list"),
        &bare("/today.html"),
        third(),
    )
    .await;
    beside.close().await;
}

/// Leads created over the last months, each rep's follow-ups from a week ago to a month ahead. Returns one lead's id.
async fn fill(stage: &Stage) -> Id {
    let (tenant, reps) = (stage.tenant(), stage.reps.clone());
    let ids: Vec<Id> = (0..LEADS).map(|_| new_id()).collect();
    let one = ids[LEADS / 2];
    let write = async move |tx: Tx| {
        let owner = |at: usize| reps[at % reps.len()].person().expect("a person");
        let now = tx.now();
        let rows = ids.iter().enumerate().map(|(at, id)| {
            let created = now - TimeDelta::minutes((LEADS - at) as i64 * 10);
            let name = format!(
                "{} {}",
                ["Aziza", "Bobur", "Дилноза", "Oʻktam"][at % 4],
                ["Karimova", "Усманов"][at % 2]
            );
            vec![
                tenant.into(),
                (*id).into(),
                name.clone().into(),
                name.to_lowercase().into(),
                format!("+{}", 998_900_000_000_u64 + at as u64).into(),
                "instagram".into(),
                ["new", "contacted", "interested"][at % 3].into(),
                created.into(),
                owner(at).into(),
                created.into(),
                "Kechki guruh bormi? Narxi qancha?".into(),
                serde_json::json!(["issiq"]).into(),
                serde_json::json!({}).into(),
                1i64.into(),
                created.into(),
                created.into(),
            ]
        });
        let columns = "tenant_id, id, name, name_key, phone, source, status, status_since, owner_id, assigned_at, notes, \
                       tags, custom, version, created_at, updated_at";
        insert(&tx, "lead", columns, rows.collect(), "").await?;
        let rows = (0..FOLLOW_UPS).map(|at| {
            let due = now - TimeDelta::days(7) + TimeDelta::minutes(at as i64 * 3);
            let id = new_id();
            vec![
                tenant.into(),
                id.into(),
                ids[at % LEADS].into(),
                owner(at).into(),
                due.into(),
                false.into(),
                "open".into(),
                "auto".into(),
                id.to_string().into(),
                "first_call".into(),
                1i32.into(),
                "first_call".into(),
                "".into(),
                1i64.into(),
                now.into(),
            ]
        });
        let columns = "tenant_id, id, lead_id, owner_id, due_at, flagged, state, kind, identity, key, sequence, text, \
                       note, version, created_at";
        insert(&tx, "follow_up", columns, rows.collect(), "").await
    };
    stage.app.db.write(stage.center.tenant.id, write).await.expect("rows");
    one
}
