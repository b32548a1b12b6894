//! What every batch of a tenant shares: its words, settings, layers and working times, read in one snapshot.

use std::collections::BTreeMap;

use calendar::Schedule;
use platform::settings::{self, Settings};
use platform::{Actor, Id, Result, Tx};
use wire::{Batch, CourseRef, Hook, Layer, LeadCtx, Level, Registry as WireRegistry, StatusRef, TenantCtx};

use super::layers::layers;
use crate::leads::{Lead, Registry, registry_in};
use crate::ports::Packs;

pub struct Scene {
    pub registry: Registry,
    pub settings: Settings,
    /// The pack's defaults with the tenant's values over them.
    pub values: serde_json::Map<String, serde_json::Value>,
    pub layers: Vec<Layer>,
    pub schedules: BTreeMap<Id, Schedule>,
    /// Whether any script answers the hook: nothing is asked in vain.
    pub answered: bool,
    pub time_zone: chrono_tz::Tz,
    courses: Vec<CourseRef>,
}

pub async fn scene(tx: &Tx, actor: &Actor, packs: &dyn Packs, hook: Hook) -> Result<Scene> {
    let registry = registry_in(tx).await?;
    let settings = settings::current(tx).await?;
    let pack = packs.pack(&actor.tenant.pack).unwrap_or_else(|| packs.core());
    let courses = crate::courses::list_in(tx).await?;
    let layers = layers(tx, packs, &actor.tenant.pack, hook).await?;
    let own = layers.iter().any(|layer| layer.level == Level::Override);
    Ok(Scene {
        time_zone: actor.tenant.time_zone,
        answered: own || pack.hooks.contains(&hook) || packs.core().hooks.contains(&hook),
        registry,
        values: pack.settings_with(&settings.values),
        settings,
        layers,
        schedules: crate::staff::schedules(tx, actor).await?,
        courses: courses
            .into_iter()
            .map(|c| CourseRef {
                id: c.id.to_string(),
                name: c.name,
            })
            .collect(),
    })
}

impl Scene {
    /// A batch without calls.
    pub fn batch(&self, actor: &Actor) -> Batch {
        let tenant = &actor.tenant;
        Batch {
            tenant: TenantCtx {
                id: tenant.id.to_string(),
                time_zone: tenant.time_zone.name().to_owned(),
                locale: tenant.locale.code().to_owned(),
                currency: tenant.currency.clone(),
                country: tenant.country.clone(),
            },
            settings: self.values.clone(),
            registry: self.wire_registry(),
            candidates: Vec::new(),
            schedules: self
                .schedules
                .iter()
                .map(|(id, schedule)| (id.to_string(), schedule.clone()))
                .collect(),
            layers: self.layers.clone(),
            calls: Vec::new(),
            deadline_ms: 50,
        }
    }

    pub fn wire_registry(&self) -> WireRegistry {
        let registry = &self.registry;
        let keys = |named: &[crate::leads::Named]| named.iter().map(|n| n.key.clone()).collect::<Vec<_>>();
        WireRegistry {
            statuses: registry
                .statuses
                .iter()
                .map(|status| StatusRef {
                    key: status.key.clone(),
                    kind: status.kind.clone(),
                })
                .collect(),
            sources: keys(&registry.sources),
            templates: registry.texts.keys().cloned().collect(),
            lost_reasons: keys(&registry.lost_reasons),
            courses: self.courses.clone(),
        }
    }
}

/// The lead as a script sees it: no name, no phone.
pub fn lead_ctx(lead: &Lead, open_follow_ups: u32) -> LeadCtx {
    let id = |id: Option<Id>| id.map(|id| id.to_string());
    LeadCtx {
        id: lead.id.to_string(),
        status: lead.status.clone(),
        source: lead.source.clone(),
        course_id: id(lead.course_id),
        branch_id: id(lead.branch_id),
        owner_id: id(lead.owner_id),
        created_at: lead.created_at,
        status_since: lead.status_since,
        first_contact_at: lead.first_contact_at,
        lost_at: lead.lost_at,
        lost_reason: lead.lost_reason.clone(),
        tags: serde_json::from_value(lead.tags.clone()).unwrap_or_default(),
        custom: lead.custom.as_object().cloned().unwrap_or_default(),
        open_followups: open_follow_ups,
        score: lead.score.map(i64::from),
    }
}
