//! `markaz pack`: hashing and checking a pack's folder, and a centre's packs for whoever runs the server.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use platform::config::Config;
use plugins::scripts::{pack_hashes, pack_read};
use workflows::packs::{self, Wish};

use super::{explain, open, system};
use crate::server;

#[derive(Subcommand)]
pub enum PackCommand {
    /// Writes the list of hashes of a pack's folder, then reads the pack as the server would.
    Hash { folder: PathBuf },
    /// Reads a pack's folder as the server would, and says what is wrong with it.
    Check { folder: PathBuf },
    /// The packs there are, and where a centre stands with each.
    List {
        #[arg(long)]
        tenant: String,
    },
    /// Installs a pack in a centre, granting what it asks for.
    Install {
        #[arg(long)]
        tenant: String,
        id: String,
        #[arg(long)]
        version: Option<String>,
        /// Runs the centre on it at once.
        #[arg(long)]
        enable: bool,
    },
    /// Moves an installed pack to its newest version, or to the one named. The centre's own rules stay.
    Upgrade {
        #[arg(long)]
        tenant: String,
        id: String,
        #[arg(long)]
        version: Option<String>,
    },
    /// Runs a centre on the core rules alone; its data stays.
    Disable {
        #[arg(long)]
        tenant: String,
    },
}

pub async fn perform(command: PackCommand, config: Config) -> Result<(), String> {
    match command {
        PackCommand::Hash { folder } => hash(&folder),
        PackCommand::Check { folder } => check(&folder),
        PackCommand::List { tenant } => list(config, &tenant).await,
        PackCommand::Install {
            tenant,
            id,
            version,
            enable,
        } => install(config, &tenant, &id, version, enable).await,
        PackCommand::Upgrade { tenant, id, version } => install(config, &tenant, &id, version, false).await,
        PackCommand::Disable { tenant } => {
            let app = open(config).await?;
            let (desk, actor) = (server::desk(&app).await?, system(&app, &tenant).await?);
            packs::disable(&desk, &actor).await.map_err(explain)
        }
    }
}

fn hash(folder: &Path) -> Result<(), String> {
    let files = pack_hashes::folder(folder).map_err(|error| error.to_string())?;
    if !files.contains_key("pack.toml") {
        return Err(format!("{} has no pack.toml", folder.display()));
    }
    std::fs::write(folder.join(pack_hashes::LIST), pack_hashes::list(&files)).map_err(|error| error.to_string())?;
    check(folder)
}

fn check(folder: &Path) -> Result<(), String> {
    let files = pack_hashes::folder(folder).map_err(|error| error.to_string())?;
    let name = folder.display().to_string();
    let pack = pack_read::read(&name, &files).map_err(|error| error.to_string())?;
    println!(
        "{} holds together: {} files, {} statuses, {} settings, {} messages",
        pack.reference(),
        files.len(),
        pack.statuses.len(),
        pack.settings.len(),
        pack.templates.len()
    );
    Ok(())
}

async fn list(config: Config, tenant: &str) -> Result<(), String> {
    let app = open(config).await?;
    let (desk, actor) = (server::desk(&app).await?, system(&app, tenant).await?);
    for pack in packs::list(&desk, &actor).await.map_err(explain)? {
        let state = match (&pack.installed, pack.running) {
            (Some(version), true) => format!("running {version}"),
            (Some(version), false) => format!("installed {version}"),
            (None, _) => "available".to_owned(),
        };
        println!("{}\t{state}\t{}", pack.id, pack.versions.join(" "));
    }
    Ok(())
}

async fn install(config: Config, tenant: &str, id: &str, version: Option<String>, enable: bool) -> Result<(), String> {
    let app = open(config).await?;
    let (desk, actor) = (server::desk(&app).await?, system(&app, tenant).await?);
    let name = version
        .as_ref()
        .map_or_else(|| id.to_owned(), |version| format!("{id}@{version}"));
    let report = packs::report(&desk, &actor, &name).await.map_err(explain)?;
    for clash in &report.clashes {
        println!("clash: {} {}", clash.what, clash.key);
    }
    for rule in &report.overrides {
        let names: Vec<&str> = rule.functions.iter().map(|function| function.name.as_str()).collect();
        println!("kept: {} version {} ({})", rule.hook, rule.version, names.join(", "));
    }
    let wish = Wish {
        version: Some(report.pack.version.clone()),
        permissions: report.pack.permissions.clone(),
    };
    let pack = packs::install(&desk, &actor, id, wish).await.map_err(explain)?;
    if enable && !report.running {
        packs::enable(&desk, &actor, id).await.map_err(explain)?;
    }
    println!(
        "{} is {}",
        pack.reference(),
        if enable || report.running {
            "running"
        } else {
            "installed"
        }
    );
    Ok(())
}
