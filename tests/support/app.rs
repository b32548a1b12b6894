//! The ground started on a database of one test: for tests that call verbs rather than HTTP.

use platform::App;
use platform::config::Config;
use platform::locale::Lang;
use platform::tenancy::{NewTenant, TenantRef, provision};

use crate::database::TestDatabase;

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
            pack: "training-center".to_owned(),
        };
        let id = provision(&self.app.db, "localhost", new)
            .await
            .expect("the slug is free");
        self.app.tenants.by_id(id).await.expect("it was just made")
    }
}

/// The settings of a test: the defaults, whatever the machine's environment says about the rest.
pub fn config(database: &TestDatabase) -> Config {
    let mut config = Config::load(Some("no-such-file.toml")).expect("the defaults are valid");
    config.database_url = database.url.clone();
    config.master_key = MASTER_KEY.to_owned();
    config.test_clock = true;
    config
}
