//! `markaz job`: what was given up and why, and another life for it.

use clap::Subcommand;
use platform::ids::{Id, TenantId};
use platform::jobs::{dead, replay};
use platform::{App, tenancy};

use super::explain;

#[derive(Subcommand)]
pub enum JobCommand {
    /// Lists the 200 latest jobs that were given up, with the last error of each.
    Dead,
    /// Puts a dead job back to be done, or all that `dead` lists.
    Replay {
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        id: Option<Id>,
        #[arg(long)]
        all: bool,
    },
}

pub async fn run(command: JobCommand, app: App) -> Result<(), String> {
    let given_up = dead(&app).await.map_err(explain)?;
    match command {
        JobCommand::Dead => {
            let tenants = tenancy::list(&app.db).await.map_err(explain)?;
            for job in given_up {
                let tenant = tenants.iter().find(|tenant| tenant.id == job.tenant_id);
                let slug = tenant.map_or("?", |tenant| &tenant.slug);
                let why = job.last_error.unwrap_or_default();
                println!(
                    "{}\t{}\t{}\t{} tries, {} crashes\t{}\t{why}",
                    job.id, slug, job.kind, job.attempt, job.crashes, job.run_at
                );
            }
        }
        JobCommand::Replay { id, .. } => {
            let chosen: Vec<_> = given_up.iter().filter(|job| id.is_none_or(|id| job.id == id)).collect();
            if let (Some(id), []) = (id, &chosen[..]) {
                return Err(format!("{id} is not among the dead jobs"));
            }
            for job in &chosen {
                replay(&app, TenantId(job.tenant_id), job.id).await.map_err(explain)?;
            }
            println!("{} put back", chosen.len());
        }
    }
    Ok(())
}
