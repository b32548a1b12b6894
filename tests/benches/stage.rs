//! What is measured: a centre on a database of its own behind the product's whole route, and beside it a server with
//! nothing but the limit's handlers.

use std::net::SocketAddr;

use platform::auth::{session, token};
use platform::{Actor, App, Id};
use poem::listener::{Acceptor, Listener, TcpListener};
use poem::{Endpoint, Server};
use sea_orm::sqlx::sqlite::SqliteSynchronous;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection};
use support::app::config;
use support::database::{Engine, TestDatabase};
use support::desk::Center;

pub const SLUG: &str = "demo";

pub struct Stage {
    pub app: App,
    pub center: Center,
    pub reps: Vec<Actor>,
    pub database: TestDatabase,
}

impl Stage {
    /// None for PostgreSQL where no server was given.
    pub async fn set(engine: Engine) -> Option<Self> {
        let database = TestDatabase::create(engine).await?;
        let app = App::start(config(&database)).await.expect("the ground starts");
        let center = Center::new(&app, SLUG).await;
        let mut reps = Vec::new();
        for at in 0..10 {
            reps.push(center.user(&format!("rep{at}"), "sales").await);
        }
        Some(Stage {
            app,
            center,
            reps,
            database,
        })
    }

    pub fn tenant(&self) -> Id {
        self.center.tenant.id.0
    }

    /// The product's routes on a port, without a worker.
    pub async fn serve(&self) -> SocketAddr {
        let telegram = support::telegram::nobody(&self.app);
        serve(web::server::routes(&self.center.desk, &telegram, None)).await
    }

    /// The headers of an admin's API client.
    pub async fn bearer(&self) -> String {
        bearer_of(&self.app, &self.center.admin).await
    }

    /// The headers of an admin's browser.
    pub async fn cookie(&self) -> String {
        let user = self.center.admin.person().expect("a person");
        let opened = session::open(&self.app, &self.center.tenant, user, None, None)
            .await
            .expect("a session");
        let name = platform::http::SESSION_COOKIE;
        format!("host: {SLUG}.localhost\r\ncookie: {name}={}\r\n", opened.token)
    }

    /// A connection past every layer: PostgreSQL's superuser, or the file.
    pub async fn raw(&self) -> DatabaseConnection {
        let url = match self.database.engine {
            Engine::Sqlite => self.database.url.clone(),
            Engine::Postgres => superuser_url(&self.database),
        };
        let mut options = ConnectOptions::new(url);
        options
            .max_connections(1)
            .sqlx_logging(false)
            .map_sqlx_sqlite_opts(|options| options.synchronous(SqliteSynchronous::Full));
        Database::connect(options).await.expect("it connects")
    }

    /// Tells the planner what the tables hold, as autovacuum would after a while.
    #[expect(clippy::disallowed_methods, reason = "it touches no rows")]
    pub async fn analyze(&self) {
        let raw = self.raw().await;
        raw.execute_unprepared("ANALYZE")
            .await
            .expect("the tables are looked at");
        raw.close().await.expect("it closes");
    }
}

pub async fn bearer_of(app: &App, admin: &Actor) -> String {
    let user = admin.person().expect("a person");
    let (_, text) = token::create(app, admin, user, "bench", Vec::new())
        .await
        .expect("a token");
    format!(
        "host: {}.localhost\r\nauthorization: Bearer {text}\r\n",
        admin.tenant.slug
    )
}

pub fn superuser_url(database: &TestDatabase) -> String {
    let mut superuser: url::Url = std::env::var("MARKAZ_TEST_DATABASE_SUPERUSER_URL")
        .ok()
        .and_then(|url| url.parse().ok())
        .expect("make bench sets it");
    superuser.set_path(database.url.rsplit('/').next().expect("a database"));
    superuser.into()
}

pub async fn serve(routes: impl Endpoint + 'static) -> SocketAddr {
    let acceptor = TcpListener::bind("127.0.0.1:0").into_acceptor().await.expect("a port");
    let address = acceptor.local_addr()[0].as_socket_addr().copied().expect("an address");
    tokio::spawn(async move { Server::new_with_acceptor(acceptor).run(routes).await });
    address
}

pub fn engine_name(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "SQLite, WAL, synchronous=FULL",
        Engine::Postgres => "PostgreSQL, fsync and synchronous_commit on",
    }
}
