//! A centre at its desk: tenant with its pack, people, the domain's ports, and its background work on demand.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use platform::auth::as_user;
use platform::jobs::{Handler, Runner};
use platform::locale::Lang;
use platform::tenancy::{NewTenant, TenantRef};
use platform::{Actor, App};
use plugins::scripts::CompiledPacks;
use plugins::sheets::Sheets;
use wire::{Batch, Check, CheckReport, Outcome};
use workflows::imports::Tables;
use workflows::ports::{Desk, ScriptFault, ScriptHost};
use workflows::staff::{self, NewUser};
use workflows::{tenants, work};

pub struct Center {
    pub desk: Desk,
    pub tenant: TenantRef,
    pub admin: Actor,
}

impl Center {
    /// A centre whose scripts never answer: its leads are given out by our own rule.
    pub async fn new(app: &App, slug: &str) -> Self {
        Self::with(app, slug, Arc::new(Silent)).await
    }

    pub async fn with(app: &App, slug: &str, scripts: Arc<dyn ScriptHost>) -> Self {
        let packs = Arc::new(CompiledPacks::load().expect("the packs read"));
        let new = NewTenant {
            slug: slug.to_owned(),
            name: format!("Markaz {slug}"),
            time_zone: "Asia/Tashkent".parse().expect("a time zone"),
            locale: Lang::Uz,
            currency: "UZS".to_owned(),
            country: "UZ".to_owned(),
            pack: "training-centre".to_owned(),
        };
        let id = tenants::create(app, &*packs, new).await.expect("the slug is free");
        let tenant = app.tenants.by_id(id).await.expect("it was just made");
        let desk = Desk {
            app: app.clone(),
            scripts,
            packs,
            sheets: Tables::new(Sheets),
            google: crate::google::asked_by(app),
        };
        let system = Actor::system(tenant.clone());
        let admin = user(&desk.app, &system, "admin", "admin").await;
        Self { desk, tenant, admin }
    }

    /// A user of a role; reps receive leads.
    pub async fn user(&self, username: &str, role: &str) -> Actor {
        user(&self.desk.app, &self.admin, username, role).await
    }

    /// Does all background work of the domain; what goes to chats is let go.
    pub fn runner(&self) -> Runner {
        self.runner_of(&[
            "imports.run",
            "scripts.plan",
            "distribution.give_out",
            "distribution.waiting",
        ])
    }

    /// Does the work of some kinds, and lets all other work go undone.
    pub fn runner_of(&self, kinds: &[&str]) -> Runner {
        let undone: Handler = Arc::new(|_| Box::pin(async { Ok(()) }));
        let mut handlers: HashMap<&'static str, Handler> = work::handlers(&self.desk)
            .into_iter()
            .map(|(kind, handler)| (kind, if kinds.contains(&kind) { handler } else { undone.clone() }))
            .collect();
        handlers.insert("messages.deliver", undone);
        Runner::new(self.desk.app.clone(), handlers, Vec::new()).alone(work::ALONE)
    }
}

async fn user(app: &App, by: &Actor, username: &str, role: &str) -> Actor {
    let new = NewUser {
        username: username.to_owned(),
        first_name: username.to_owned(),
        role: role.to_owned(),
        receives_leads: role == "sales",
        ..NewUser::default()
    };
    let id = staff::create(app, by, new).await.expect("the name is free");
    let user = as_user(app, &by.tenant, id).await.expect("the policies compile");
    user.expect("it was just made")
}

/// Scripts that never answer.
pub struct Silent;

#[async_trait]
impl ScriptHost for Silent {
    async fn run(&self, batch: Batch) -> Vec<Result<Outcome, ScriptFault>> {
        batch.calls.iter().map(|_| Err(fault())).collect()
    }

    async fn check(&self, _: Check) -> Result<CheckReport, ScriptFault> {
        Err(fault())
    }
}

fn fault() -> ScriptFault {
    ScriptFault {
        code: "unavailable",
        message: "no scripts in this test".to_owned(),
    }
}
