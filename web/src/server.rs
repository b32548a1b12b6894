//! Composition: the ground, the ports, the doors, the workers. The only place, with `commands`, that names them all.

use std::collections::HashMap;
use std::sync::Arc;

use migrations::{Migrator, MigratorTrait};
use platform::App;
use platform::config::Config;
use platform::db::Db;
use platform::http::{operational, site};
use platform::jobs::{Handler, Runner};
use plugins::google::Google;
use plugins::scripts::{CompiledPacks, HostConfig, NoScripts, ScriptHost};
use plugins::sheets::Sheets;
use plugins::telegram::client::Client;
use plugins::telegram::service::Telegram;
use plugins::telegram::simulator::Simulator;
use plugins::telegram::webhook::webhook;
use poem::listener::TcpListener;
use poem::{Endpoint, EndpointExt, Route, Server};
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use workflows::imports::Tables;
use workflows::ports::{self, Desk};
use workflows::work;

use crate::oops;

pub struct Options {
    pub demo: bool,
    pub worker: bool,
    pub http: bool,
}

/// Runs a node until it is told to stop.
pub async fn run(mut config: Config, options: Options) -> Result<(), String> {
    platform::metrics::install();
    let simulator = options.demo.then(Simulator::default);
    if let Some(simulator) = &simulator {
        let address = ([127, 0, 0, 1], 0).into();
        let url = simulator
            .listen(address)
            .await
            .map_err(|e| format!("the Telegram simulator: {e}"))?;
        config.telegram_api_url = url.to_string();
    }
    prepare_schema(&config).await?;
    let app = App::start(config).await?;
    app.db.check().await?;
    if !schema_ready(&app).await {
        return Err("the schema does not fit this version: run `markaz migrate`".into());
    }
    let desk = desk(&app).await?;
    let client = Client::new(&app.config.telegram_api_url)?;
    let telegram = Telegram::new(app.clone(), client);
    if let Some(simulator) = &simulator {
        crate::commands::demo(&desk, &runner(&desk, &telegram), &telegram, simulator).await?;
    }
    let stop = CancellationToken::new();
    let mut tasks = tokio::task::JoinSet::new();
    if options.worker {
        tasks.spawn(runner(&desk, &telegram).run(stop.clone()));
        tasks.spawn(telegram.clone().poll(stop.clone()));
    }
    if options.http {
        let routes = routes(&desk, &telegram, simulator);
        let (address, ended) = (app.config.listen.clone(), stop.clone());
        tracing::info!(address, "listening");
        let quit = async move { ended.cancelled().await };
        let grace = Some(std::time::Duration::from_secs(10));
        let served = Server::new(TcpListener::bind(address)).run_with_graceful_shutdown(routes, quit, grace);
        let failed = stop.clone();
        tasks.spawn(async move {
            if let Err(error) = served.await {
                tracing::error!(%error, "the server could not listen");
                failed.cancel();
            }
        });
    }
    told_to_stop(&stop).await;
    stop.cancel();
    app.live.close();
    while tasks.join_next().await.is_some() {}
    Ok(())
}

/// The domain with everything it needs from outside.
pub async fn desk(app: &App) -> Result<Desk, String> {
    let packs = CompiledPacks::load().map_err(|e| e.to_string())?;
    let binary = app.config.sandbox.as_ref().map(std::path::PathBuf::from);
    let scripts: Arc<dyn ports::ScriptHost> = match ScriptHost::start(HostConfig {
        binary,
        ..HostConfig::default()
    })
    .await
    {
        Ok(host) => Arc::new(host),
        Err(error) => {
            tracing::error!(%error, "no script process: leads are given out and followed up by the core rules");
            Arc::new(NoScripts(error))
        }
    };
    Ok(Desk {
        app: app.clone(),
        scripts,
        packs: Arc::new(packs),
        sheets: Tables::new(Sheets),
        google: Arc::new(Google::new(&app.config, app.clock.clone())?),
    })
}

pub fn runner(desk: &Desk, telegram: &Telegram) -> Runner {
    let mut handlers: HashMap<&'static str, Handler> = work::handlers(desk).into_iter().collect();
    handlers.extend(telegram.handlers());
    let mut ticks = work::ticks();
    ticks.extend(telegram.ticks());
    // One at a time too: two that read the same updates would answer each twice.
    let alone = [work::ALONE, &[workflows::bots::HANDLE]].concat();
    Runner::new(desk.app.clone(), handlers, ticks).alone(&alone)
}

/// Everything a node answers.
pub fn routes(desk: &Desk, telegram: &Telegram, simulator: Option<Simulator>) -> impl Endpoint + use<> {
    let phones = simulator.map(|simulator| Arc::new(simulator) as Arc<dyn crate::simulator::Phones>);
    let routes = Route::new()
        .at("/tg/:path", poem::post(webhook))
        .nest("/api/v1", tenant_api::api(desk.clone()))
        .nest("/api/docs", tenant_api::docs())
        .nest(
            "/",
            crate::portal::portal(desk.clone(), Arc::new(telegram.clone()), phones),
        )
        .data(desk.app.clone())
        .data(desk.clone());
    let app = desk.app.clone();
    let tenant = Arc::new(routes.around({
        let app = app.clone();
        move |next, request| {
            let app = app.clone();
            async move { site(app, next, request).await }
        }
    }));
    poem::endpoint::make(move |request: poem::Request| {
        let (app, tenant) = (app.clone(), tenant.clone());
        async move {
            let path = request.uri().path();
            let ready = path == "/readyz" && schema_ready(&app).await;
            match operational(&app, path, ready).await {
                Some(response) => Ok::<_, poem::Error>(response),
                None => {
                    let page = oops::asks_for_page(&request).then(|| oops::lang(&request));
                    let response = tenant.call(request).await.map(poem::IntoResponse::into_response)?;
                    match page {
                        Some(lang) => Ok(oops::for_browser(response, lang, app.clock.now()).await),
                        None => Ok(response),
                    }
                }
            }
        }
    })
}

/// SQLite migrates at start; PostgreSQL only by `markaz migrate`, and an older schema is refused.
async fn prepare_schema(config: &Config) -> Result<(), String> {
    if !config.is_postgres() {
        return migrate(config).await.map(|_| ());
    }
    Ok(())
}

/// Brings the schema up to this version; on PostgreSQL one at a time, as the owner.
pub async fn migrate(config: &Config) -> Result<usize, String> {
    let url = config.database_owner_url.as_deref().unwrap_or(&config.database_url);
    let connection = Db::for_migrations(url, &app_role(config))
        .await
        .map_err(|e| e.to_string())?;
    let waiting = Migrator::get_pending_migrations(&connection)
        .await
        .map_err(|e| e.to_string())?
        .len();
    Migrator::up(&connection, None).await.map_err(|e| e.to_string())?;
    connection.close().await.map_err(|e| e.to_string())?;
    Ok(waiting)
}

/// Every migration of this version is there, and at most one that it does not know.
pub async fn schema_ready(app: &App) -> bool {
    let Ok(applied) = app.db.migrations().await else {
        return false;
    };
    let known: Vec<String> = Migrator::migrations().iter().map(|m| m.name().to_owned()).collect();
    known.iter().all(|name| applied.contains(name)) && applied.len() <= known.len() + 1
}

fn app_role(config: &Config) -> String {
    let user = url::Url::parse(&config.database_url)
        .map(|url| url.username().to_owned())
        .unwrap_or_default();
    if user.is_empty() { "markaz_app".to_owned() } else { user }
}

async fn told_to_stop(stop: &CancellationToken) {
    let terminate = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = stop.cancelled() => {}
        _ = tokio::signal::ctrl_c() => {}
        () = terminate => {}
    }
}
