//! The ground started on a database of one test: for tests that call verbs rather than HTTP.

use platform::App;
use platform::config::Config;
use platform::locale::Lang;
use platform::tenancy::{NewTenant, TenantRef};
use platform::{Actor, Id};
use plugins::scripts::packs::TRAINING_CENTRE;
use workflows::staff::{self, NewUser, WindowRow};
use workflows::tenants;

use crate::database::{Engine, TestDatabase};
use crate::packs::Shipped;

/// Any 32 bytes: PostgreSQL asks for a key, and a test's secrets die with it.
pub const MASTER_KEY: &str = "test:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

pub struct TestApp {
    pub app: App,
    pub database: TestDatabase,
}

impl TestApp {
    pub async fn on(database: TestDatabase) -> Self {
        let app = App::start(config(&database)).await.expect("the ground starts");
        app.db
            .check()
            .await
            .expect("the role and the catalog keep tenants apart");
        Self { app, database }
    }

    pub async fn tenant(&self, slug: &str) -> TenantRef {
        let new = NewTenant {
            slug: slug.to_owned(),
            name: format!("Markaz {slug}"),
            time_zone: "Asia/Tashkent".parse().expect("a time zone"),
            locale: Lang::Uz,
            currency: "UZS".to_owned(),
            country: "UZ".to_owned(),
            pack: TRAINING_CENTRE.to_owned(),
        };
        let id = tenants::create(&self.app, &Shipped, new)
            .await
            .expect("the slug is free");
        self.app.tenants.by_id(id).await.expect("it was just made")
    }
}

impl TestApp {
    /// Another node on the same database.
    pub async fn beside(&self) -> App {
        App::start(config(&self.database)).await.expect("the ground starts")
    }

    /// A user of a role who works day and night, as the actor of a request would be.
    pub async fn user(&self, tenant: &TenantRef, username: &str, role: &str) -> Actor {
        let system = Actor::system(tenant.clone());
        let new = NewUser {
            username: username.to_owned(),
            first_name: username.to_owned(),
            role: role.to_owned(),
            receives_leads: role == "sales",
            ..NewUser::default()
        };
        let id = staff::create(&self.app, &system, new)
            .await
            .expect("the username is free");
        let always = (0..7)
            .map(|weekday| WindowRow {
                weekday,
                starts: 0,
                ends: 1440,
            })
            .collect();
        staff::set_windows(&self.app, &system, id, always)
            .await
            .expect("the windows are good");
        self.acting(tenant, id, role).await
    }

    /// A user as a request would find them, whatever their role says now.
    pub async fn acting(&self, tenant: &TenantRef, user: Id, _role: &str) -> Actor {
        let acting = platform::auth::as_user(&self.app, tenant, user).await;
        acting.expect("the user is found").expect("the user is active")
    }
}

/// The settings of a test: the defaults, whatever the machine's environment says about the rest. PostgreSQL comes with
/// Redis, as in an installation of several nodes.
pub fn config(database: &TestDatabase) -> Config {
    let mut config = Config::load(Some("no-such-file.toml")).expect("the defaults are valid");
    config.database_url = database.url.clone();
    config.master_key = MASTER_KEY.to_owned();
    config.test_clock = true;
    if database.engine == Engine::Postgres {
        config.redis_url = std::env::var("MARKAZ_TEST_REDIS_URL").ok();
    }
    config
}
