//! The limit: the thinnest poem handlers that write and read the same rows with the same durability, engine and driver.
//! No tenants, no permissions, no rules, no row-level security, no layers: prepared statements straight into sqlx.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use platform::Id;
use platform::clock::Clock;
use poem::web::{Json, Path};
use poem::{EndpointExt, Response, Route, get, handler};
use sea_orm::sqlx;
use sea_orm::sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use serde::{Deserialize, Serialize};
use sqlx::{Executor, Row};
use support::database::Engine;

use crate::stage::{Stage, serve, superuser_url};

#[derive(Deserialize)]
struct NewLead {
    name: String,
    phone: String,
    source: String,
    notes: String,
}

#[derive(Serialize)]
struct Lead {
    id: Id,
    name: String,
    phone: Option<String>,
    secondary_phone: Option<String>,
    course_id: Option<Id>,
    source: String,
    status: String,
    status_since: DateTime<Utc>,
    owner_id: Option<Id>,
    assigned_at: Option<DateTime<Utc>>,
    waiting_since: Option<DateTime<Utc>>,
    notes: String,
    tags: serde_json::Value,
    custom: serde_json::Value,
    lost_reason: Option<String>,
    lost_at: Option<DateTime<Utc>>,
    enrolled_at: Option<DateTime<Utc>>,
    first_contact_at: Option<DateTime<Utc>>,
    import_id: Option<Id>,
    created_by: Option<Id>,
    version: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_follow_up_at: Option<DateTime<Utc>>,
}

#[derive(Serialize)]
struct Item {
    id: Id,
    lead_id: Id,
    owner_id: Id,
    due_at: DateTime<Utc>,
    flagged: bool,
    key: String,
    sequence: i32,
    text: String,
    decision_id: Option<Id>,
    lead_name: String,
    lead_phone: Option<String>,
    lead_status: String,
    course_id: Option<Id>,
}

const COLUMNS: &str = "l.id, l.name, l.phone, l.secondary_phone, l.course_id, l.source, l.status, l.status_since, \
     l.owner_id, l.assigned_at, l.waiting_since, l.notes, l.tags, l.custom, l.lost_reason, l.lost_at, l.enrolled_at, \
     l.first_contact_at, l.import_id, l.created_by, l.version, l.created_at, l.updated_at";

const LEAD: &str = "INSERT INTO lead (tenant_id, id, name, name_key, phone, source, status, status_since, waiting_since, \
     notes, tags, custom, created_by, version, created_at, updated_at) \
     VALUES ($1, $2, $3, $4, $5, $6, 'new', $7, $7, $8, $9, $10, $11, 1, $7, $7)";
const PHONE: &str = "INSERT INTO lead_phone (tenant_id, e164, sibling, lead_id) VALUES ($1, $2, 0, $3)";
const TOKENS: &str = "INSERT INTO lead_token (tenant_id, token, lead_id) VALUES ($1, $2, $6), ($1, $3, $6), ($1, $4, $6), \
     ($1, $5, $6)";
const CHANGE: &str = "INSERT INTO status_change (tenant_id, id, lead_id, to_status, actor_id, note, at) \
     VALUES ($1, $2, $3, 'new', $4, '', $5)";
const EVENT: &str = "INSERT INTO event (tenant_id, id, kind, v, occurred_at, recorded_at, local_date, actor_id, lead_id, \
     depth, payload) VALUES ($1, $2, 'lead.created', 1, $3, $3, '2026-11-20', $4, $5, 0, $6)";
const JOB: &str = "INSERT INTO job (tenant_id, id, kind, uniq, ids, state, priority, run_at, attempt, max_attempts, \
     crashes, created_at) VALUES ($1, $2, 'distribution.give_out', $3, $4, 'ready', 1, $5, 0, 12, 0, $5)";
const AUDIT: &str = "INSERT INTO audit (tenant_id, id, at, actor_id, action, object, object_id, address, request_id, \
     changes) VALUES ($1, $2, $3, $4, 'lead.created', 'lead', $5, '127.0.0.1', $6, $7)";

const STATUSES: [&str; 10] = [
    "new",
    "contacted",
    "interested",
    "trial_registered",
    "trial_attended",
    "trial_not_attended",
    "offer_sent",
    "enrolled",
    "lost",
    "reactivation",
];

/// What the handlers know of the tenant whose rows they write and read.
#[derive(Clone)]
pub struct Scene {
    tenant: Id,
    user: Id,
    today_ends: DateTime<Utc>,
    clock: Clock,
}

/// The limit at its address, with connections that must be closed before the database can go.
pub struct Limit {
    pub address: SocketAddr,
    postgres: Option<sqlx::PgPool>,
}

impl Limit {
    pub async fn close(self) {
        if let Some(pool) = self.postgres {
            pool.close().await;
        }
    }
}

/// Serves the limit's handlers over a database that already holds what is to be read.
pub async fn limit(stage: &Stage) -> Limit {
    let now = stage.app.clock.now();
    let scene = Scene {
        tenant: stage.tenant(),
        user: stage.center.admin.person().expect("a person"),
        today_ends: stage.center.tenant.today(now).1,
        clock: stage.app.clock.clone(),
    };
    match stage.database.engine {
        Engine::Sqlite => {
            let file = stage.database.url.trim_start_matches("sqlite://");
            let options = SqliteConnectOptions::new()
                .filename(file)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(30))
                .statement_cache_capacity(512);
            let pool = |size| {
                SqlitePoolOptions::new()
                    .max_connections(size)
                    .connect_with(options.clone())
            };
            let (writer, readers) = (pool(1).await.expect("it opens"), pool(4).await.expect("it opens"));
            Limit {
                address: serve(sqlite::routes(scene, writer, readers)).await,
                postgres: None,
            }
        }
        Engine::Postgres => {
            let options: PgConnectOptions = superuser_url(&stage.database).parse().expect("a URL");
            let pool = PgPoolOptions::new()
                .max_connections(20)
                .test_before_acquire(false)
                .connect_with(options)
                .await
                .expect("it connects");
            Limit {
                address: serve(postgres::routes(scene, pool.clone(), pool.clone())).await,
                postgres: Some(pool),
            }
        }
    }
}

macro_rules! handlers {
    ($name:ident, $database:ident, $row:ident, $begin:literal) => {
        mod $name {
            use super::*;

            type Pool = sqlx::Pool<sqlx::$database>;

            #[derive(Clone)]
            struct Ground {
                scene: Scene,
                writer: Pool,
                readers: Pool,
            }

            pub fn routes(scene: Scene, writer: Pool, readers: Pool) -> impl poem::Endpoint {
                Route::new()
                    .at("/leads", get(list).post(create))
                    .at("/leads.html", get(list_html))
                    .at("/search", get(search))
                    .at("/board.html", get(board_html))
                    .at("/leads/:id", get(one))
                    .at("/leads/:id/html", get(one_html))
                    .at("/today", get(today))
                    .at("/today.html", get(today_html))
                    .data(Arc::new(Ground { scene, writer, readers }))
            }

            type Ours<'a> = poem::web::Data<&'a Arc<Ground>>;

            #[handler]
            async fn create(ground: Ours<'_>, Json(new): Json<NewLead>) -> Response {
                let (scene, now) = (&ground.scene, ground.scene.clock.now());
                let (tenant, lead, job) = (scene.tenant, Id::now_v7(), Id::now_v7());
                let empty = || serde_json::Value::Array(Vec::new());
                let object = || serde_json::Value::Object(Default::default());
                let words: Vec<String> = new.name.split(' ').map(str::to_lowercase).collect();
                let mut tx = ground.writer.begin_with($begin).await.expect("a transaction");
                let inserted = async {
                    sqlx::query(LEAD).bind(tenant).bind(lead).bind(&new.name).bind(new.name.to_lowercase())
                        .bind(&new.phone).bind(&new.source).bind(now).bind(&new.notes).bind(empty()).bind(object())
                        .bind(scene.user).execute(&mut *tx).await?;
                    sqlx::query(PHONE).bind(tenant).bind(&new.phone).bind(lead).execute(&mut *tx).await?;
                    sqlx::query(TOKENS).bind(tenant).bind(&words[0]).bind(&words[1]).bind(&new.phone[1..])
                        .bind(&new.phone[new.phone.len() - 4..]).bind(lead).execute(&mut *tx).await?;
                    sqlx::query(CHANGE).bind(tenant).bind(Id::now_v7()).bind(lead).bind(scene.user).bind(now)
                        .execute(&mut *tx).await?;
                    let payload = serde_json::json!({"via": "api", "source": new.source, "status": "new"});
                    sqlx::query(EVENT).bind(tenant).bind(Id::now_v7()).bind(now).bind(scene.user).bind(lead)
                        .bind(payload).execute(&mut *tx).await?;
                    sqlx::query(JOB).bind(tenant).bind(job).bind(format!("give/{lead}"))
                        .bind(serde_json::json!([lead])).bind(now).execute(&mut *tx).await?;
                    sqlx::query(AUDIT).bind(tenant).bind(Id::now_v7()).bind(now).bind(scene.user)
                        .bind(lead.to_string()).bind(job.simple().to_string()).bind(object())
                        .execute(&mut *tx).await
                };
                inserted.await.expect("the rows are good");
                tx.commit().await.expect("a commit");
                let answer = Lead {
                    id: lead, name: new.name, phone: Some(new.phone), secondary_phone: None, course_id: None,
                    source: new.source, status: "new".into(), status_since: now, owner_id: None, assigned_at: None,
                    waiting_since: Some(now), notes: new.notes, tags: empty(), custom: object(), lost_reason: None,
                    lost_at: None, enrolled_at: None, first_contact_at: None, import_id: None,
                    created_by: Some(scene.user), version: 1, created_at: now, updated_at: now,
                    next_follow_up_at: None,
                };
                json(&answer)
            }

            async fn leads(ground: &Ground, only: &str, limit: usize) -> Vec<Lead> {
                let sql = format!("SELECT {COLUMNS} FROM lead AS l WHERE l.tenant_id = $1 AND l.deleted_at IS NULL {only} \
                                   ORDER BY l.created_at DESC, l.id DESC LIMIT {}", limit + 1);
                let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(ground.scene.tenant);
                let rows = ground.readers.fetch_all(query).await.expect("rows");
                with_due(ground, rows.iter().take(limit).map(lead).collect()).await
            }

            /// Every column's first twelve and how many there are in all.
            async fn board(ground: &Ground) -> (Vec<i64>, Vec<Lead>) {
                let sql = "SELECT COUNT(*) FROM lead AS l WHERE l.tenant_id = $1 AND l.deleted_at IS NULL GROUP BY l.status";
                let query = sqlx::query(sql).bind(ground.scene.tenant);
                let counts = ground.readers.fetch_all(query).await.expect("rows");
                let column = |status: &&str| format!(
                    "SELECT * FROM (SELECT {COLUMNS} FROM lead AS l WHERE l.tenant_id = $1 AND l.deleted_at IS NULL \
                     AND l.status = '{status}' ORDER BY l.status_since DESC, l.id DESC LIMIT 13) AS first_cards");
                let sql = STATUSES.iter().map(column).collect::<Vec<_>>().join(" UNION ALL ");
                let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(ground.scene.tenant);
                let rows = ground.readers.fetch_all(query).await.expect("rows");
                let leads = with_due(ground, rows.iter().map(lead).collect()).await;
                (counts.iter().map(|row| row.get(0)).collect(), leads)
            }

            async fn with_due(ground: &Ground, mut leads: Vec<Lead>) -> Vec<Lead> {
                let places: Vec<String> = (2..leads.len() + 2).map(|at| format!("${at}")).collect();
                let sql = format!("SELECT lead_id, MIN(due_at) AS due_at FROM follow_up WHERE tenant_id = $1 \
                                   AND state = 'open' AND lead_id IN ({}) GROUP BY lead_id", places.join(", "));
                let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(ground.scene.tenant);
                let query = leads.iter().fold(query, |query, lead| query.bind(lead.id));
                for row in ground.readers.fetch_all(query).await.expect("rows") {
                    let id: Id = row.get(0);
                    if let Some(lead) = leads.iter_mut().find(|lead| lead.id == id) {
                        lead.next_follow_up_at = row.get(1);
                    }
                }
                leads
            }

            async fn found(ground: &Ground, id: Id) -> Lead {
                let sql = format!("SELECT {COLUMNS} FROM lead AS l WHERE l.tenant_id = $1 AND l.id = $2");
                let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(ground.scene.tenant).bind(id);
                lead(&ground.readers.fetch_one(query).await.expect("a row"))
            }

            async fn due(ground: &Ground, limit: usize) -> Vec<Item> {
                let sql = format!(
                    "SELECT f.id, f.lead_id, f.owner_id, f.due_at, f.flagged, f.key, f.sequence, f.text, f.decision_id, \
                     l.name, l.phone, l.status, l.course_id FROM follow_up AS f \
                     JOIN lead AS l ON l.tenant_id = f.tenant_id AND l.id = f.lead_id \
                     WHERE f.tenant_id = $1 AND f.state = 'open' AND f.due_at < $2 \
                     ORDER BY f.due_at, f.id LIMIT {}", limit + 1);
                let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(ground.scene.tenant).bind(ground.scene.today_ends);
                let rows = ground.readers.fetch_all(query).await.expect("rows");
                rows.iter().take(limit).map(|row| Item {
                    id: row.get(0), lead_id: row.get(1), owner_id: row.get(2), due_at: row.get(3), flagged: row.get(4),
                    key: row.get(5), sequence: row.get(6), text: row.get(7), decision_id: row.get(8),
                    lead_name: row.get(9), lead_phone: row.get(10), lead_status: row.get(11), course_id: row.get(12),
                }).collect()
            }

            fn lead(row: &sqlx::$name::$row) -> Lead {
                Lead {
                    id: row.get(0), name: row.get(1), phone: row.get(2), secondary_phone: row.get(3),
                    course_id: row.get(4), source: row.get(5), status: row.get(6), status_since: row.get(7),
                    owner_id: row.get(8), assigned_at: row.get(9), waiting_since: row.get(10), notes: row.get(11),
                    tags: row.get(12), custom: row.get(13), lost_reason: row.get(14), lost_at: row.get(15),
                    enrolled_at: row.get(16), first_contact_at: row.get(17), import_id: row.get(18),
                    created_by: row.get(19), version: row.get(20), created_at: row.get(21), updated_at: row.get(22),
                    next_follow_up_at: None,
                }
            }

            #[handler]
            async fn list(ground: Ours<'_>) -> Response {
                json(&Page { items: leads(&ground, "", 50).await, next: None })
            }

            #[handler]
            async fn search(ground: Ours<'_>) -> Response {
                let word = |from: &str| format!("SELECT t.lead_id FROM lead_token AS t WHERE t.tenant_id = $1 \
                                                 AND t.token >= '{from}' AND t.token < '{from}\u{10FFFF}'");
                let both = format!("{} INTERSECT {}", word("aziza"), word("ka"));
                let only = match stringify!($name) {
                    "postgres" => format!("AND l.id = ANY (ARRAY({both}))"),
                    _ => format!("AND l.id IN ({both})"),
                };
                json(&Page { items: leads(&ground, &only, 50).await, next: None })
            }

            #[handler]
            async fn one(ground: Ours<'_>, Path(id): Path<Id>) -> Response {
                json(&found(&ground, id).await)
            }

            #[handler]
            async fn today(ground: Ours<'_>) -> Response {
                json(&Page { items: due(&ground, 50).await, next: None })
            }

            #[handler]
            async fn list_html(ground: Ours<'_>) -> Response {
                html(leads(&ground, "", 30).await.iter().map(lead_html).collect())
            }

            #[handler]
            async fn board_html(ground: Ours<'_>) -> Response {
                let (counts, leads) = board(&ground).await;
                html(format!("{counts:?}{}", leads.iter().map(lead_html).collect::<String>()))
            }

            #[handler]
            async fn one_html(ground: Ours<'_>, Path(id): Path<Id>) -> Response {
                html(lead_html(&found(&ground, id).await))
            }

            #[handler]
            async fn today_html(ground: Ours<'_>) -> Response {
                html(due(&ground, 20).await.iter().map(item_html).collect())
            }
        }
    };
}

handlers!(sqlite, Sqlite, SqliteRow, "BEGIN IMMEDIATE");
handlers!(postgres, Postgres, PgRow, "BEGIN");

#[derive(Serialize)]
struct Page<T> {
    items: Vec<T>,
    next: Option<String>,
}

fn json(body: &impl Serialize) -> Response {
    let body = serde_json::to_vec(body).expect("JSON");
    Response::builder()
        .content_type("application/json; charset=utf-8")
        .body(body)
}

fn html(body: String) -> Response {
    Response::builder().content_type("text/html; charset=utf-8").body(body)
}

fn lead_html(lead: &Lead) -> String {
    format!(
        "<tr><td><a href=\"/leads/{}\">{}</a><td>{}<td>{}<td>{}<td>{}<td>{}\n",
        lead.id,
        escaped(&lead.name),
        lead.phone.as_deref().unwrap_or_default(),
        lead.status,
        lead.source,
        lead.created_at,
        lead.next_follow_up_at.map(|at| at.to_rfc3339()).unwrap_or_default(),
    )
}

fn item_html(item: &Item) -> String {
    format!(
        "<tr><td><a href=\"/leads/{}\">{}</a><td>{}<td>{}<td>{}<td>{}\n",
        item.lead_id,
        escaped(&item.lead_name),
        item.lead_phone.as_deref().unwrap_or_default(),
        item.lead_status,
        item.due_at,
        escaped(&item.text),
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
