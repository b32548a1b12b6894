//! The server as a process: it starts from nothing, knows its hosts, and comes back after a kill.

use reqwest::StatusCode;
use support::both_engines;
use support::database::TestDatabase;
use support::server::Setup;

both_engines! {
    async fn a_server_starts_answers_and_survives_a_kill(database: TestDatabase) {
        let setup = Setup::on(&database);
        setup.run(&["migrate"]);
        setup.run(&["tenant", "create", "demo", "--name", "Bilim Yoʻli"]);
        let server = setup.spawn().await;
        let unknown = server.get("nobody", "/").send().await.expect("an answer");
        assert_eq!(unknown.status(), StatusCode::MISDIRECTED_REQUEST);
        for path in ["/livez", "/metrics"] {
            let answer = server.get("nobody", path).send().await.expect("an answer");
            assert_eq!(answer.status(), StatusCode::OK, "{path}");
        }
        server.kill();
        let again = setup.spawn().await;
        let known = again.get("demo", "/").send().await.expect("an answer");
        assert_ne!(known.status(), StatusCode::MISDIRECTED_REQUEST);
        assert!(setup.run(&["tenant", "list"]).contains("demo"));
    }
}
