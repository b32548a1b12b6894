//! PostgreSQL's own wall: row-level security on every tenant table, and a server that will not start without it.

use support::app::{TestApp, config};
use support::database::{Engine, TestDatabase};
use uuid::Uuid;

use super::content::{POSTGRES_TABLES, open, run, tables, try_run};

const MINE: &str =
    "(tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS \"nullif\"))";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_tenant_table_is_walled_in() {
    let Some(database) = TestDatabase::create(Engine::Postgres).await else {
        return;
    };
    let connection = open(&database.owner_url).await;
    // Maps a name to its tenant before one is known; holds nothing else.
    let walled: Vec<String> = tables(&connection, POSTGRES_TABLES)
        .await
        .into_iter()
        .filter(|t| t != "tenant_host")
        .collect();
    assert!(walled.len() > 25, "{walled:?}");
    for table in &walled {
        let forced = format!(
            "SELECT relname::text AS name FROM pg_class WHERE oid = '{table}'::regclass AND relrowsecurity AND relforcerowsecurity"
        );
        assert_eq!(
            tables(&connection, &forced).await,
            [table.clone()],
            "{table}: enabled and forced"
        );
        let policy = format!(
            "SELECT pg_get_expr(polqual, polrelid) || ' / ' || pg_get_expr(polwithcheck, polrelid) AS name FROM pg_policy \
             WHERE polrelid = '{table}'::regclass AND polname = 'tenant_rows' AND polcmd = '*' AND polpermissive \
             AND polroles = '{{0}}'"
        );
        assert_eq!(
            tables(&connection, &policy).await,
            [format!("{MINE} / {MINE}")],
            "{table}: using and with check"
        );
        let others = format!(
            "SELECT polname::text AS name FROM pg_policy WHERE polrelid = '{table}'::regclass AND polname <> 'tenant_rows'"
        );
        let queue = ["job", "job_tenant", "tick"].contains(&table.as_str());
        assert_eq!(
            tables(&connection, &others).await.is_empty(),
            !queue,
            "{table}: no other way in"
        );
        let key = format!(
            "SELECT a.attname::text AS name FROM pg_index AS i JOIN pg_attribute AS a ON a.attrelid = i.indrelid \
             AND a.attnum = i.indkey[0] WHERE i.indrelid = '{table}'::regclass AND i.indisprimary"
        );
        assert_eq!(
            tables(&connection, &key).await,
            ["tenant_id"],
            "{table}: the key begins with the tenant"
        );
    }
    let foreign = "SELECT conrelid::regclass::text || '.' || conname AS name FROM pg_constraint AS k WHERE contype = 'f' \
        AND confrelid <> 'tenant'::regclass AND NOT EXISTS (SELECT 1 FROM pg_attribute AS a \
        WHERE a.attrelid = k.confrelid AND a.attnum = k.confkey[1] AND a.attname = 'tenant_id')";
    assert_eq!(
        tables(&connection, foreign).await,
        Vec::<String>::new(),
        "references carry the tenant"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_application_role_sees_and_writes_one_tenant() {
    let Some(database) = TestDatabase::create(Engine::Postgres).await else {
        return;
    };
    let test = TestApp::on(database).await;
    let (alpha, beta) = (test.tenant("alpha").await.id, test.tenant("beta").await.id);
    let raw = open(&test.database.url).await;
    let count = "SELECT count(*)::text AS name FROM status";
    assert_eq!(tables(&raw, count).await, ["0"], "no tenant, no rows");
    run(&raw, &format!("SELECT set_config('app.tenant', '{beta}', false)")).await;
    let seen = format!("SELECT count(*)::text AS name FROM status WHERE tenant_id <> '{beta}'");
    assert_eq!(tables(&raw, &seen).await, ["0"]);
    assert_ne!(tables(&raw, count).await, ["0"]);
    let insert = format!("INSERT INTO holiday (tenant_id, day, name) VALUES ('{alpha}', '2030-01-01', 'x')");
    assert!(
        try_run(&raw, &insert).await.is_err(),
        "another tenant's row cannot be written"
    );
    assert_eq!(
        try_run(&raw, &format!("DELETE FROM status WHERE tenant_id = '{alpha}'"))
            .await
            .ok(),
        Some(0)
    );
    let moved = format!("UPDATE settings_version SET tenant_id = '{alpha}'");
    assert!(
        try_run(&raw, &moved).await.is_err(),
        "a row cannot be given to another tenant"
    );
    run(&raw, "SET ROLE markaz_queue").await;
    assert!(
        try_run(&raw, "SELECT 1 FROM lead").await.is_err(),
        "the queue's role sees the queue alone"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_that_stands_above_the_wall_is_refused() {
    let Some(database) = TestDatabase::create(Engine::Postgres).await else {
        return;
    };
    let Ok(superuser) = std::env::var("MARKAZ_TEST_DATABASE_SUPERUSER_URL") else {
        return;
    };
    let here = |url: &str, user: Option<&str>| {
        let mut with = url::Url::parse(url).expect("a database URL");
        with.set_path(url::Url::parse(&database.url).expect("a database URL").path());
        if let Some(user) = user {
            with.set_username(user).expect("a user");
        }
        with.to_string()
    };
    let password = url::Url::parse(&superuser)
        .expect("a URL")
        .password()
        .unwrap_or_default()
        .to_owned();
    let root = open(&here(&superuser, None)).await;
    let mark = Uuid::now_v7().simple().to_string();
    let (bypass, inherits) = (format!("bypass_{mark}"), format!("inherits_{mark}"));
    run(
        &root,
        &format!("CREATE ROLE {bypass} LOGIN NOINHERIT BYPASSRLS PASSWORD '{password}'"),
    )
    .await;
    run(
        &root,
        &format!("CREATE ROLE {inherits} LOGIN INHERIT PASSWORD '{password}'"),
    )
    .await;
    for (url, why) in [
        (here(&superuser, None), "superuser"),
        (here(&superuser, Some(&bypass)), "BYPASSRLS"),
        (database.owner_url.clone(), "owns tables"),
        (here(&superuser, Some(&inherits)), "NOINHERIT"),
    ] {
        let refused = checked(&database, url).await.expect_err(why);
        assert!(refused.contains(why), "{refused}");
    }
    for table in ["lead", "tick"] {
        run(&root, &format!("ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")).await;
        let refused = checked(&database, database.url.clone())
            .await
            .expect_err("an open table");
        assert!(refused.contains(table), "{refused}");
        run(&root, &format!("ALTER TABLE {table} FORCE ROW LEVEL SECURITY")).await;
    }
    checked(&database, database.url.clone())
        .await
        .expect("the role of an installation is welcome");
    run(&root, &format!("DROP ROLE {bypass}")).await;
    run(&root, &format!("DROP ROLE {inherits}")).await;
}

/// What a server finds before it listens.
async fn checked(database: &TestDatabase, url: String) -> Result<(), String> {
    let mut config = config(database);
    config.database_url = url;
    // A role without grants fails earlier, and is refused all the same.
    match platform::db::Db::connect(&config, platform::clock::Clock::default()).await {
        Ok(db) => db.check().await,
        Err(error) => Err(error.to_string()),
    }
}
