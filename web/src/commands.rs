//! The command line: what an operator and a first visitor type.

mod demo;
mod doctor;
mod jobs;
mod packs;
mod phones;

pub use demo::demo;

use clap::{Parser, Subcommand};
use platform::config::Config;
use platform::tenancy::{self, NewTenant};
use platform::{Actor, App, auth, ids};
use plugins::scripts::packs::TRAINING_CENTRE;
use plugins::telegram::client::Client;
use plugins::telegram::service::Telegram;
use workflows::bots;
use workflows::staff::{self, NewUser};

use crate::server::{self, Options};

#[derive(Parser)]
#[command(name = "markaz", version, about = "Sales for training centres, many on one server")]
struct Cli {
    /// Settings file; `markaz.toml` here when it exists. Every setting is in config.default.toml.
    #[arg(long, global = true)]
    config: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answers HTTP, and does the background work unless told otherwise.
    Serve {
        /// Makes three centres with users and leads, and a Telegram of their own to try.
        #[arg(long)]
        demo: bool,
        /// HOST:PORT instead of the setting.
        #[arg(long)]
        listen: Option<String>,
        /// Leaves background work to `markaz work` on other nodes.
        #[arg(long)]
        no_worker: bool,
    },
    /// Does background work only.
    Work,
    /// Brings the schema up to this version (PostgreSQL: as MARKAZ_DATABASE_OWNER_URL).
    Migrate,
    /// Training centres.
    #[command(subcommand)]
    Tenant(TenantCommand),
    /// People of a centre.
    #[command(subcommand)]
    User(UserCommand),
    /// API tokens.
    #[command(subcommand)]
    Token(TokenCommand),
    /// A centre's Telegram bot.
    #[command(subcommand)]
    Bot(BotCommand),
    /// Background work that was given up.
    #[command(subcommand)]
    Job(jobs::JobCommand),
    /// Packs: the folder of one, and those of a centre.
    #[command(subcommand)]
    Pack(packs::PackCommand),
    /// Operators of the platform.
    #[command(subcommand)]
    Operator(OperatorCommand),
    /// Checks configuration, database, roles, schema, Redis and the script process.
    Doctor,
}

#[derive(Subcommand)]
enum TenantCommand {
    Create {
        slug: String,
        #[arg(long)]
        name: Option<String>,
        #[arg(long, default_value = "Asia/Tashkent")]
        time_zone: String,
        /// uz, ru, en or kk.
        #[arg(long, default_value = "uz")]
        locale: String,
        #[arg(long, default_value = "UZS")]
        currency: String,
        #[arg(long, default_value = "UZ")]
        country: String,
        #[arg(long, default_value = TRAINING_CENTRE)]
        pack: String,
    },
    List,
}

#[derive(Subcommand)]
enum UserCommand {
    Create {
        #[arg(long)]
        tenant: String,
        username: String,
        /// admin, manager or sales.
        #[arg(long, default_value = "admin")]
        role: String,
        #[arg(long)]
        first_name: Option<String>,
        #[arg(long, default_value = "")]
        last_name: String,
        /// Read from standard input when absent.
        #[arg(long)]
        password: Option<String>,
    },
    SetPassword {
        #[arg(long)]
        tenant: String,
        username: String,
        #[arg(long)]
        password: Option<String>,
    },
}

#[derive(Subcommand)]
enum TokenCommand {
    /// Prints the token alone.
    Create {
        #[arg(long)]
        tenant: String,
        #[arg(long)]
        user: String,
        #[arg(long)]
        scope: Vec<String>,
    },
}

#[derive(Subcommand)]
enum BotCommand {
    /// Tries the token with Telegram, then keeps it encrypted. Prints the bot's username.
    Connect {
        #[arg(long)]
        tenant: String,
        /// Read from standard input when absent.
        #[arg(long)]
        token: Option<String>,
    },
    Disconnect {
        #[arg(long)]
        tenant: String,
    },
}

#[derive(Subcommand)]
enum OperatorCommand {
    Create {
        username: String,
        #[arg(long)]
        password: Option<String>,
    },
}

pub fn run() -> Result<(), String> {
    let cli = Cli::parse();
    let config = Config::load(cli.config.as_deref())?;
    log(&config);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|e| e.to_string())?;
    runtime.block_on(perform(cli.command, config))
}

async fn perform(command: Command, mut config: Config) -> Result<(), String> {
    match command {
        Command::Serve {
            demo,
            listen,
            no_worker,
        } => {
            if let Some(listen) = listen {
                config.listen = listen;
            }
            server::run(
                config,
                Options {
                    demo,
                    worker: !no_worker,
                    http: true,
                },
            )
            .await
        }
        Command::Work => {
            server::run(
                config,
                Options {
                    demo: false,
                    worker: true,
                    http: false,
                },
            )
            .await
        }
        Command::Migrate => {
            let applied = server::migrate(&config).await?;
            println!("{applied} migrations applied");
            Ok(())
        }
        Command::Tenant(command) => tenant(command, open(config).await?).await,
        Command::User(command) => user(command, open(config).await?).await,
        Command::Token(command) => token(command, open(config).await?).await,
        Command::Bot(command) => bot(command, open(config).await?).await,
        Command::Job(command) => jobs::run(command, open(config).await?).await,
        Command::Pack(command) => packs::perform(command, config).await,
        Command::Operator(OperatorCommand::Create { username, password }) => {
            operator(open(config).await?, username, password).await
        }
        Command::Doctor => doctor::doctor(config).await,
    }
}

/// The ground for a command: SQLite is migrated on the way, PostgreSQL must be already.
async fn open(config: Config) -> Result<App, String> {
    if !config.is_postgres() {
        server::migrate(&config).await?;
    }
    App::start(config).await
}

async fn tenant(command: TenantCommand, app: App) -> Result<(), String> {
    match command {
        TenantCommand::Create {
            slug,
            name,
            time_zone,
            locale,
            currency,
            country,
            pack,
        } => {
            let desk = server::desk(&app).await?;
            let new = NewTenant {
                name: name.unwrap_or_else(|| slug.clone()),
                time_zone: time_zone
                    .parse()
                    .map_err(|_| format!("unknown time zone {time_zone}"))?,
                locale: locale.parse().map_err(|_| format!("unknown language {locale}"))?,
                slug: slug.clone(),
                currency,
                country,
                pack,
            };
            let id = workflows::tenants::create(&app, &*desk.packs, new)
                .await
                .map_err(explain)?;
            println!("{id} {slug}.{}", app.config.base_domain);
        }
        TenantCommand::List => {
            for t in tenancy::list(&app.db).await.map_err(explain)? {
                println!(
                    "{}\t{}\t{}\t{}\t{}\t{}",
                    t.slug, t.state, t.pack, t.currency, t.time_zone, t.name
                );
            }
        }
    }
    Ok(())
}

async fn user(command: UserCommand, app: App) -> Result<(), String> {
    match command {
        UserCommand::Create {
            tenant,
            username,
            role,
            first_name,
            last_name,
            password,
        } => {
            let actor = system(&app, &tenant).await?;
            let new = NewUser {
                first_name: first_name.unwrap_or_else(|| username.clone()),
                username,
                last_name,
                receives_leads: role == "sales",
                role,
                password: Some(password.map_or_else(ask_password, Ok)?),
                ..NewUser::default()
            };
            println!("{}", staff::create(&app, &actor, new).await.map_err(explain)?);
        }
        UserCommand::SetPassword {
            tenant,
            username,
            password,
        } => {
            let actor = system(&app, &tenant).await?;
            let id = user_id(&app, &actor, &username).await?;
            let password = password.map_or_else(ask_password, Ok)?;
            auth::password::check_rule(&password).map_err(explain)?;
            let hash = auth::password::hash(&password).await.map_err(explain)?;
            app.db
                .write(actor.tenant_id(), async move |tx| {
                    auth::reset::set_in(&tx, id, &hash).await
                })
                .await
                .map_err(explain)?;
        }
    }
    Ok(())
}

async fn token(command: TokenCommand, app: App) -> Result<(), String> {
    let TokenCommand::Create { tenant, user, scope } = command;
    let actor = system(&app, &tenant).await?;
    let id = user_id(&app, &actor, &user).await?;
    let (_, text) = auth::token::create(&app, &actor, id, "command line", scope)
        .await
        .map_err(explain)?;
    println!("{text}");
    Ok(())
}

async fn operator(app: App, username: String, password: Option<String>) -> Result<(), String> {
    let password = password.map_or_else(ask_password, Ok)?;
    auth::password::check_rule(&password).map_err(explain)?;
    let hash = auth::password::hash(&password).await.map_err(explain)?;
    app.db
        .platform(async move |tx: platform::Tx| {
            let sql = "INSERT INTO operator (id, username, password_hash, created_at) VALUES ($1, $2, $3, $4)";
            let values = vec![ids::new_id().into(), username.into(), hash.into(), tx.now().into()];
            tx.run(sql, values).await
        })
        .await
        .map_err(explain)?;
    Ok(())
}

async fn bot(command: BotCommand, app: App) -> Result<(), String> {
    let telegram = Telegram::new(app.clone(), Client::new(&app.config.telegram_api_url)?);
    match command {
        BotCommand::Connect { tenant, token } => {
            let actor = system(&app, &tenant).await?;
            let token = match token {
                Some(token) => token,
                None => ask("Token")?,
            };
            let site = app.config.site(&tenant);
            let username = bots::connect(&app, &actor, &telegram, &token, site.as_deref())
                .await
                .map_err(explain)?;
            println!("{username}");
            Ok(())
        }
        BotCommand::Disconnect { tenant } => {
            let actor = system(&app, &tenant).await?;
            bots::disconnect(&app, &actor, &telegram).await.map_err(explain)
        }
    }
}

async fn system(app: &App, slug: &str) -> Result<Actor, String> {
    let tenant = app
        .tenants
        .by_slug(slug)
        .await
        .map_err(|_| format!("there is no tenant {slug}"))?;
    Ok(Actor::system(tenant))
}

async fn user_id(app: &App, actor: &Actor, username: &str) -> Result<ids::Id, String> {
    let users = staff::list(app, actor).await.map_err(explain)?;
    let found = users.iter().find(|user| user.username == username.to_lowercase());
    found
        .map(|user| user.id)
        .ok_or_else(|| format!("there is no user {username}"))
}

fn ask_password() -> Result<String, String> {
    ask("Password")
}

/// Without showing up among the machine's processes, as an argument would.
fn ask(what: &str) -> Result<String, String> {
    eprint!("{what}: ");
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).map_err(|e| e.to_string())?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn explain(error: platform::Error) -> String {
    match &error {
        platform::Error::Invalid(fields) => {
            let english = platform::locale::Lang::En;
            let say = |f: &platform::error::FieldError| {
                format!("{}: {}", f.field, platform::http::message(english, f.code, &f.args))
            };
            fields.iter().map(say).collect::<Vec<_>>().join("; ")
        }
        other => other.to_string(),
    }
}

fn log(config: &Config) {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_new(&config.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    if config.log_json {
        lines.json().init()
    } else {
        lines.init()
    }
}
