//! `markaz doctor`: whether everything a node needs is there and answers.

use platform::App;
use platform::config::Config;
use plugins::scripts::{HostConfig, ScriptHost};

use crate::server;

pub async fn doctor(config: Config) -> Result<(), String> {
    let mut sick = false;
    let mut say = |name: &str, state: Result<String, String>| {
        sick |= state.is_err();
        match state {
            Ok(text) => println!("ok    {name}: {text}"),
            Err(text) => println!("FAIL  {name}: {text}"),
        }
    };
    say(
        "configuration",
        Ok(format!(
            "listens on {}, base domain {}",
            config.listen, config.base_domain
        )),
    );
    let engine = if config.is_postgres() { "PostgreSQL" } else { "SQLite" };
    match App::start(config).await {
        Err(error) => say("database", Err(error)),
        Ok(app) => {
            say("database", app.db.check().await.map(|()| engine.to_owned()));
            let ready = server::schema_ready(&app).await;
            let schema = if ready {
                Ok("current".to_owned())
            } else {
                Err("run `markaz migrate`".to_owned())
            };
            say("schema", schema);
            say(
                "redis",
                match app.shared.health().await {
                    None => Ok("not used".to_owned()),
                    Some(true) => Ok("answers".to_owned()),
                    Some(false) => Err("does not answer".to_owned()),
                },
            );
            let host = HostConfig {
                binary: app.config.sandbox.as_ref().map(Into::into),
                ..Default::default()
            };
            let scripts = ScriptHost::start(host).await;
            say(
                "scripts",
                scripts
                    .map(|_| "the script process answers".to_owned())
                    .map_err(|e| e.to_string()),
            );
        }
    }
    if sick {
        Err("not everything is well".into())
    } else {
        Ok(())
    }
}
