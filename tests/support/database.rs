//! A database for one test alone, on either engine: a copy of a migrated template, gone when the test ends.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use migrations::{Migrator, MigratorTrait};
use platform::db::Db;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, QueryResult, Statement};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use uuid::Uuid;

const APP_ROLE: &str = "markaz_app";
/// Any number, the same in every test process: one of them makes the template, the others wait.
const TEMPLATE_LOCK: i64 = 0x6d61_726b_617a;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

pub struct TestDatabase {
    pub engine: Engine,
    /// What the server under test connects with.
    pub url: String,
    /// The role that migrates; on SQLite the same URL.
    pub owner_url: String,
    kept: Kept,
}

enum Kept {
    Folder(#[expect(dead_code, reason = "removed when dropped")] TempDir),
    Database { name: String },
}

impl TestDatabase {
    /// What `both_engines!` makes of a database for a test that asks for nothing more.
    pub async fn on(database: Self) -> Self {
        database
    }

    /// `None` on PostgreSQL when no server was given, which says so once; `make test` always gives one.
    pub async fn create(engine: Engine) -> Option<Self> {
        match engine {
            Engine::Sqlite => Some(Self::sqlite().await),
            Engine::Postgres => Self::postgres().await,
        }
    }

    /// Looks at the rows as no part of the product may: past every tenant.
    pub async fn inspect(&self, sql: &str) -> Vec<QueryResult> {
        rows(&self.past_every_tenant(), sql).await
    }

    /// Writes rows past every tenant and every verb, all or none.
    pub async fn fill(&self, statements: &[String]) {
        let connection = connect(&self.past_every_tenant()).await;
        run(&connection, "BEGIN").await;
        for statement in statements {
            run(&connection, statement).await;
        }
        run(&connection, "COMMIT").await;
        if self.engine == Engine::Postgres {
            // As autovacuum would after a while; nobody does it for SQLite.
            run(&connection, "VACUUM ANALYZE").await;
        }
        connection.close().await.expect("the connection closes");
    }

    fn past_every_tenant(&self) -> String {
        match &self.kept {
            Kept::Folder(_) => self.url.clone(),
            Kept::Database { name } => {
                let superuser = std::env::var("MARKAZ_TEST_DATABASE_SUPERUSER_URL").expect("make test sets it");
                with_database(&superuser, name)
            }
        }
    }

    /// The single number a query answers.
    pub async fn count(&self, sql: &str) -> i64 {
        let rows = self.inspect(sql).await;
        rows[0].try_get_by_index(0).unwrap_or_else(|e| panic!("{sql}: {e}"))
    }

    async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("markaz.db");
        std::fs::copy(sqlite_template().await, &path).expect("the template is copied");
        let url = format!("sqlite://{}", path.display());
        Self {
            engine: Engine::Sqlite,
            owner_url: url.clone(),
            url,
            kept: Kept::Folder(folder),
        }
    }

    async fn postgres() -> Option<Self> {
        let Some(servers) = servers() else {
            say_skipped();
            return None;
        };
        let name = format!("markaz_test_{}", Uuid::now_v7().simple());
        let owner = connect(&servers.owner).await;
        let template = postgres_template(&owner, &servers.owner).await;
        run(&owner, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
        owner.close().await.expect("the connection closes");
        Some(Self {
            engine: Engine::Postgres,
            url: with_database(&servers.app, &name),
            owner_url: with_database(&servers.owner, &name),
            kept: Kept::Database { name },
        })
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Kept::Database { name } = &self.kept else { return };
        let Some(servers) = servers() else { return };
        let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        // A drop cannot await, and the test's own runtime may be gone already.
        let dropper = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(async {
                let owner = connect(&servers.owner).await;
                run(&owner, &drop).await;
            });
        });
        if dropper.join().is_err() && !std::thread::panicking() {
            panic!("the test's database {name} was not dropped");
        }
    }
}

/// What a query finds in a database, past every tenant.
pub async fn rows(url: &str, sql: &str) -> Vec<QueryResult> {
    let connection = connect(url).await;
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let rows = connection
        .query_all_raw(statement)
        .await
        .unwrap_or_else(|e| panic!("{sql}: {e}"));
    connection.close().await.expect("the connection closes");
    rows
}

#[derive(Clone)]
struct Servers {
    app: String,
    owner: String,
}

fn servers() -> Option<Servers> {
    let app = std::env::var("MARKAZ_TEST_DATABASE_URL").ok()?;
    let owner = std::env::var("MARKAZ_TEST_DATABASE_OWNER_URL").ok()?;
    Some(Servers { app, owner })
}

/// A migrated SQLite file, made once for each state of the schema history.
async fn sqlite_template() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("markaz-test-templates-{}", user()));
    std::fs::create_dir_all(&folder).expect("the templates' folder");
    let template = folder.join(format!("{}.db", schema_version()));
    if !template.exists() {
        let making = folder.join(format!("{}.making", Uuid::now_v7()));
        let url = format!("sqlite://{}", making.display());
        migrate(&url).await;
        // Renaming is atomic: a test process that lost the race replaces the template with its equal.
        std::fs::rename(&making, &template).expect("the template gets its name");
    }
    template
}

async fn postgres_template(owner: &DatabaseConnection, owner_url: &str) -> String {
    let name = format!("markaz_template_{}", schema_version());
    run(owner, &format!("SELECT pg_advisory_lock({TEMPLATE_LOCK})")).await;
    let found = format!("SELECT 1 AS found FROM pg_database WHERE datname = '{name}'");
    let backend = owner.get_database_backend();
    let found = owner
        .query_one_raw(Statement::from_string(backend, found))
        .await
        .expect("the catalog answers");
    if found.is_none() {
        let making = format!("{name}_making");
        run(owner, &format!("DROP DATABASE IF EXISTS {making} WITH (FORCE)")).await;
        run(owner, &format!("CREATE DATABASE {making}")).await;
        migrate(&with_database(owner_url, &making)).await;
        run(owner, &format!("ALTER DATABASE {making} RENAME TO {name}")).await;
    }
    run(owner, &format!("SELECT pg_advisory_unlock({TEMPLATE_LOCK})")).await;
    name
}

async fn migrate(url: &str) {
    let connection = Db::for_migrations(url, APP_ROLE).await.expect("the database opens");
    Migrator::up(&connection, None).await.expect("the migrations apply");
    if url.starts_with("sqlite") {
        // The copy takes the main file only.
        run(&connection, "PRAGMA wal_checkpoint(TRUNCATE)").await;
        run(&connection, "PRAGMA journal_mode = DELETE").await;
    }
    connection.close().await.expect("the connection closes");
}

async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(1)
        .acquire_timeout(Duration::from_secs(60))
        .sqlx_logging(false);
    Database::connect(options).await.expect("the database server answers")
}

async fn run(connection: &DatabaseConnection, sql: &str) {
    connection
        .execute_unprepared(sql)
        .await
        .unwrap_or_else(|e| panic!("{sql}: {e}"));
}

fn with_database(url: &str, name: &str) -> String {
    let mut url = url::Url::parse(url).expect("a database URL");
    url.set_path(name);
    url.into()
}

/// Changes with every change of the schema history, so that a template is never older than the code.
fn schema_version() -> &'static str {
    static VERSION: OnceLock<String> = OnceLock::new();
    VERSION.get_or_init(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations/src");
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .expect("the migrations are there")
            .map(|entry| entry.expect("a folder entry").path())
            .collect();
        files.sort();
        let mut hash = Sha256::new();
        for file in files {
            hash.update(std::fs::read(file).expect("a migration is readable"));
        }
        hash.finalize()
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    })
}

/// Past the test harness, which would swallow it.
fn say_skipped() {
    static SAID: OnceLock<()> = OnceLock::new();
    SAID.get_or_init(|| {
        let line = "PostgreSQL tests skipped: MARKAZ_TEST_DATABASE_URL is not set (make test sets it)";
        let _ = writeln!(std::io::stderr(), "{line}");
    });
}

fn user() -> String {
    std::env::var("USER").unwrap_or_else(|_| "anyone".to_owned())
}

/// Writes each test once and runs it on SQLite and on PostgreSQL:
/// `both_engines! { async fn a_lead_is_kept(db: TestDatabase) { … } }`.
#[macro_export]
macro_rules! both_engines {
    ($(async fn $name:ident($db:ident: $kind:ty) $body:block)*) => {$(
        mod $name {
            #[allow(unused_imports, reason = "whatever the tests around this one use")]
            use super::*;

            async fn body($db: $kind) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let database = $crate::database::TestDatabase::create($crate::database::Engine::Sqlite).await;
                body(<$kind>::on(database.expect("SQLite is always there")).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let database = $crate::database::TestDatabase::create($crate::database::Engine::Postgres).await;
                let Some(database) = database else { return };
                body(<$kind>::on(database).await).await;
            }
        }
    )*};
}
