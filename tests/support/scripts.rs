//! Batches and calls for the tests of the script process.

use chrono::{DateTime, TimeDelta, Utc};
use plugins::scripts::{HostConfig, ScriptHost, packs};
use wire::pack::Pack;
use wire::{
    ActivityCtx, Actor, Batch, Call, Candidate, Check, CourseRef, DayCtx, EventCtx, FollowUpCtx, GroupCtx, Hook, Layer,
    LeadCtx, Level, OwnerCtx, Registry, RoomCtx, StatusRef, TenantCtx,
};

/// The host over the built script process.
pub async fn host() -> ScriptHost {
    ScriptHost::start(HostConfig::default())
        .await
        .expect("build the script process first: make sandbox")
}

pub fn centre() -> &'static Pack {
    packs::pack(packs::TRAINING_CENTRE).expect("the pack reads")
}

pub fn core() -> &'static Pack {
    packs::pack(packs::CORE).expect("the pack reads")
}

/// A tenant's batch over the training-centre pack, with its own script on top if it has one.
pub fn batch(tenant: &str, own: Option<&str>, calls: Vec<Call>) -> Batch {
    let (pack, core) = (centre().layer(), core().layer());
    let mut layers = Vec::new();
    if let Some(source) = own {
        layers.push(Layer::new(Level::Override, "version 1", source).over(&pack));
    }
    layers.extend([pack, core]);
    Batch {
        tenant: tenant_ctx(tenant),
        settings: centre().defaults(),
        registry: registry(),
        candidates: vec![rep("ann"), rep("bob"), rep("cem")],
        schedules: Default::default(),
        layers,
        calls,
        deadline_ms: 50,
    }
}

pub fn check(source: &str) -> Check {
    check_over(centre(), source)
}

/// A source checked as the override of a pack.
pub fn check_over(pack: &Pack, source: &str) -> Check {
    Check {
        tenant: tenant_ctx("checker"),
        source: source.into(),
        base: Some(pack.script.clone()),
        registry: registry_of(pack),
        settings: pack.defaults(),
    }
}

pub fn registry() -> Registry {
    registry_of(centre())
}

pub fn registry_of(pack: &Pack) -> Registry {
    Registry {
        statuses: pack
            .statuses
            .iter()
            .map(|s| StatusRef {
                key: s.key.clone(),
                kind: s.kind.clone(),
            })
            .collect(),
        sources: pack.sources.iter().map(|source| source.key.clone()).collect(),
        templates: pack.texts.iter().map(|text| text.key.clone()).collect(),
        lost_reasons: pack.lost_reasons.iter().map(|reason| reason.key.clone()).collect(),
        courses: vec![CourseRef {
            id: "english".into(),
            name: "English".into(),
        }],
    }
}

pub fn rep(id: &str) -> Candidate {
    Candidate::free(id)
}

/// A Friday, three in the afternoon in Tashkent.
pub fn now() -> DateTime<Utc> {
    "2026-11-20T10:00:00Z".parse().expect("an instant")
}

pub fn call(id: u32, hook: Hook) -> Call {
    let now = now();
    let event = EventCtx {
        id: format!("event-{id}"),
        kind: "lead.created".into(),
        occurred_at: now,
        actor: Actor {
            id: None,
            role: "system".into(),
        },
        depth: 0,
    };
    let lead = LeadCtx {
        id: format!("lead-{id}"),
        status: "new".into(),
        source: "instagram".into(),
        course_id: Some("english".into()),
        branch_id: None,
        owner_id: Some("ann".into()),
        created_at: now,
        status_since: now,
        first_contact_at: None,
        lost_at: None,
        lost_reason: None,
        tags: Vec::new(),
        custom: Default::default(),
        open_followups: 0,
        score: None,
    };
    Call::new(id, hook, now, format!("tenant/event-{id}/{hook}"), event, lead)
}

pub fn moved(id: u32, to: &str) -> Call {
    Call {
        from: Some("new".into()),
        to: Some(to.into()),
        ..call(id, Hook::OnStatusChanged)
    }
}

/// A call with everything its hook is told.
pub fn full(id: u32, hook: Hook) -> Call {
    let mut call = call(id, hook);
    let now = now();
    match hook {
        Hook::OnLeadCreated => call.via = Some("form".into()),
        Hook::OnStatusChanged => {
            (call.from, call.to) = (Some("new".into()), Some("contacted".into()));
        }
        Hook::Distribute => {}
        Hook::OnFollowupCompleted | Hook::OnOverdue => {
            call.followup = Some(FollowUpCtx {
                key: "new/1".into(),
                due_at: now - TimeDelta::hours(3),
                sequence: Some(1),
            });
            call.outcome = (hook == Hook::OnFollowupCompleted).then(|| "no_answer".into());
            call.late_seconds = (hook == Hook::OnOverdue).then_some(3 * 3_600);
            call.owner = (hook == Hook::OnOverdue).then_some(OwnerCtx { overdue: 2, open: 9 });
        }
        Hook::Reactivation => {
            call.days_since_lost = Some(15);
            call.done_steps = vec!["lost/1".into()];
        }
        Hook::LeadScore => {
            call.activity = Some(ActivityCtx {
                enquiries: 1,
                reached: 2,
                unanswered: 1,
                followups_done: 3,
                followups_late: 0,
                last_contact_at: Some(now - TimeDelta::days(1)),
            });
        }
        Hook::KpiScore => {
            call.lead = None;
            call.worked = Some(true);
            call.day = Some(DayCtx {
                contacts: 18,
                followups_due: 10,
                followups_done: 8,
                trials: 3,
                enrolled: 1,
                response_min: Some(6),
                overdue: 2,
            });
        }
        Hook::TrialRules => {
            call.group = Some(GroupCtx {
                id: "evening".into(),
                capacity: 12,
                students: 10,
                trials: 1,
            });
            call.room = Some(RoomCtx {
                id: "room-1".into(),
                capacity: 14,
            });
        }
        Hook::Message => {
            call.template_key = Some("call_new".into());
            call.channels = vec!["telegram".into()];
        }
    }
    call
}

pub fn calls(hook: Hook, count: u32) -> Vec<Call> {
    (0..count).map(|id| call(id, hook)).collect()
}

fn tenant_ctx(id: &str) -> TenantCtx {
    TenantCtx {
        id: id.into(),
        time_zone: "Asia/Tashkent".into(),
        locale: "uz".into(),
        currency: "UZS".into(),
        country: "UZ".into(),
    }
}
