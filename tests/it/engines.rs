//! Each test has a database of its own on either engine, and tenants in it stay apart.

use platform::{Error, Tx};
use support::app::TestApp;
use support::both_engines;
use support::database::Engine;

both_engines! {
    async fn a_test_starts_with_a_migrated_and_empty_database(test: TestApp) {
        assert_eq!(test.app.db.is_postgres(), test.database.engine == Engine::Postgres);
        assert!(test.app.tenants.all().await.expect("the table is there").is_empty());
        let demo = test.tenant("demo").await;
        assert_eq!(test.app.tenants.all().await.expect("the table is there"), [demo.id]);
        let again = test.app.tenants.by_host("demo.localhost").await.expect("the table is there");
        assert_eq!(again.map(|tenant| tenant.id), Some(demo.id));
    }

    async fn a_statement_without_a_tenant_is_refused(test: TestApp) {
        let demo = test.tenant("demo").await;
        let db = test.app.db.clone();
        let outcome = tokio::spawn(async move {
            db.read(demo.id, async move |tx: Tx| tx.run("SELECT id FROM event", vec![]).await).await
        })
        .await;
        assert!(matches!(outcome, Err(_) | Ok(Err(Error::Internal(_)))), "{outcome:?}");
    }
}
