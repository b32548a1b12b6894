//! Runs each hook on made-up leads, so that a mistake on a path shows in the editor and not on a
//! customer: every status entered, with every field filled and with as few as can be.

use std::collections::BTreeMap;
use std::rc::Rc;

use chrono::{DateTime, TimeDelta, Utc};
use wire::{
    ActivityCtx, Actor, Batch, Call, Candidate, Check, DayCtx, EventCtx, Finding, FollowUpCtx, GroupCtx, Hook, LeadCtx,
    OwnerCtx, RoomCtx, Severity, TrialCtx,
};

use super::{finding, function_place};
use crate::fault::Placed;
use crate::run::ask;
use crate::scripts::Script;
use crate::words::Tenant;

pub fn run(script: &Script, check: &Check, hooks: &[Hook]) -> Result<Vec<Finding>, Placed> {
    let staffed = tenant(check, candidates())?;
    let deserted = tenant(check, Vec::new())?;
    let mut findings = Vec::new();
    for hook in hooks {
        // What runs away once would do so for every status.
        if findings.iter().any(runaway) {
            break;
        }
        match hook {
            Hook::OnLeadCreated | Hook::OnFollowupCompleted | Hook::OnOverdue => {
                let status = check
                    .registry
                    .statuses
                    .first()
                    .map_or("new", |status| status.key.as_str());
                findings.extend(attempt(script, &staffed, full(*hook, status), Severity::Error));
                findings.extend(attempt(script, &staffed, sparse(*hook, status), Severity::Warning));
            }
            Hook::Distribute => {
                findings.extend(attempt(script, &staffed, full(*hook, "new"), Severity::Error));
                findings.extend(attempt(script, &staffed, sparse(*hook, "new"), Severity::Warning));
                // Nobody on shift is no rare thing, so failing then is no warning.
                findings.extend(attempt(script, &deserted, sparse(*hook, "new"), Severity::Error));
            }
            Hook::OnStatusChanged => findings.extend(statuses(script, &staffed, check)),
            Hook::Reactivation | Hook::LeadScore | Hook::KpiScore | Hook::TrialRules | Hook::Message => {
                findings.extend(attempt(script, &staffed, full(*hook, "new"), Severity::Error));
                findings.extend(attempt(script, &staffed, sparse(*hook, "new"), Severity::Warning));
            }
        }
    }
    Ok(findings)
}

fn statuses(script: &Script, tenant: &Rc<Tenant>, check: &Check) -> Vec<Finding> {
    let mut findings = Vec::new();
    for status in &check.registry.statuses {
        let trial = status.kind.starts_with("trial") || status.kind == "no_show";
        let mut call = full(Hook::OnStatusChanged, &status.key);
        call.to = Some(status.key.clone());
        if findings.iter().any(runaway) {
            break;
        }
        match ask(script, tenant, &Rc::new(call)) {
            Err(fault) => findings.push(finding(Severity::Error, fault)),
            Ok(answer) if answer.plan.follow_ups.is_empty() && !matches!(status.kind.as_str(), "won" | "new") => {
                let message = format!("{} gets no follow-up", status.key);
                let place = function_place(&script.ast, Hook::OnStatusChanged.as_str());
                findings.push(finding(
                    Severity::Warning,
                    Placed::at("status_without_follow_up", message, place).with(&[("name", &status.key)]),
                ));
            }
            Ok(_) => {}
        }
        if !trial {
            let mut call = sparse(Hook::OnStatusChanged, &status.key);
            call.to = Some(status.key.clone());
            findings.extend(attempt(script, tenant, call, Severity::Warning));
        }
    }
    // The same line fails for many statuses; one finding says it.
    let mut seen = std::collections::BTreeSet::new();
    findings.retain(|found| {
        found.code == "status_without_follow_up" || seen.insert((found.line, found.column, found.code.clone()))
    });
    findings
}

fn runaway(found: &Finding) -> bool {
    matches!(found.code.as_str(), "deadline" | "memory" | "operations")
}

fn attempt(script: &Script, tenant: &Rc<Tenant>, call: Call, severity: Severity) -> Option<Finding> {
    ask(script, tenant, &Rc::new(call))
        .err()
        .map(|fault| finding(severity, fault))
}

fn tenant(check: &Check, candidates: Vec<Candidate>) -> Result<Rc<Tenant>, Placed> {
    let batch = Batch {
        tenant: check.tenant.clone(),
        settings: check.settings.clone(),
        registry: check.registry.clone(),
        candidates,
        schedules: BTreeMap::new(),
        layers: Vec::new(),
        calls: Vec::new(),
        deadline_ms: 50,
    };
    Tenant::new(batch)
        .map(Rc::new)
        .map_err(|message| Placed::nowhere("bad_batch", message))
}

/// A lead with everything known about it.
fn full(hook: Hook, status: &str) -> Call {
    let mut call = sparse(hook, status);
    let now = call.now;
    if let Some(lead) = &mut call.lead {
        lead.course_id = Some("course".into());
        lead.branch_id = Some("branch".into());
        lead.owner_id = Some("rep-1".into());
        lead.first_contact_at = Some(now - TimeDelta::days(3));
        lead.lost_at = Some(now - TimeDelta::days(1));
        lead.lost_reason = Some("price".into());
        lead.score = Some(50);
    }
    call.room = (hook == Hook::TrialRules).then(|| RoomCtx {
        id: "room".into(),
        capacity: 20,
    });
    if let Some(activity) = &mut call.activity {
        *activity = ActivityCtx {
            enquiries: 2,
            reached: 1,
            unanswered: 1,
            followups_done: 2,
            followups_late: 1,
            last_contact_at: Some(now - TimeDelta::days(3)),
        };
    }
    if let Some(day) = &mut call.day {
        *day = DayCtx {
            contacts: 12,
            followups_due: 10,
            followups_done: 9,
            trials: 2,
            enrolled: 1,
            response_min: Some(7),
            overdue: 1,
        };
    }
    call.trial = Some(TrialCtx {
        starts_at: now + TimeDelta::days(3),
        ends_at: now + TimeDelta::days(3) + TimeDelta::hours(1),
        group_id: Some("group".into()),
        result: None,
    });
    call.event.actor.id = Some("rep-1".into());
    call
}

/// A lead of which only the name is known, so to say.
fn sparse(hook: Hook, status: &str) -> Call {
    let now: DateTime<Utc> = DateTime::from_timestamp(1_800_000_000, 0).unwrap_or_default();
    let event = EventCtx {
        id: "event".into(),
        kind: "lead.created".into(),
        occurred_at: now,
        actor: Actor {
            id: None,
            role: "system".into(),
        },
        depth: 0,
    };
    let lead = LeadCtx {
        id: "lead".into(),
        status: status.into(),
        source: "manual".into(),
        course_id: None,
        branch_id: None,
        owner_id: None,
        created_at: now - TimeDelta::days(5),
        status_since: now - TimeDelta::days(2),
        first_contact_at: None,
        lost_at: None,
        lost_reason: None,
        tags: Vec::new(),
        custom: Default::default(),
        open_followups: 0,
        score: None,
    };
    let mut call = Call::new(0, hook, now, "dry run", event, lead);
    match hook {
        Hook::OnLeadCreated => call.via = Some("manual".into()),
        Hook::OnStatusChanged => call.from = Some(status.into()),
        Hook::OnFollowupCompleted | Hook::OnOverdue => {
            call.followup = Some(FollowUpCtx {
                key: "call".into(),
                due_at: now - TimeDelta::hours(2),
                sequence: Some(1),
            });
            call.outcome = (hook == Hook::OnFollowupCompleted).then(|| "reached".into());
            call.late_seconds = (hook == Hook::OnOverdue).then_some(7_200);
            call.owner = (hook == Hook::OnOverdue).then_some(OwnerCtx { overdue: 1, open: 3 });
        }
        Hook::Reactivation => call.days_since_lost = Some(400),
        Hook::LeadScore => call.activity = Some(ActivityCtx::default()),
        Hook::KpiScore => {
            call.lead = None;
            call.day = Some(DayCtx::default());
            call.worked = Some(true);
        }
        Hook::TrialRules => {
            call.group = Some(GroupCtx {
                id: "group".into(),
                capacity: 12,
                students: 10,
                trials: 1,
            });
        }
        Hook::Message => {
            call.template_key = Some("new_lead".into());
            call.channels = vec!["telegram".into()];
        }
        _ => {}
    }
    call
}

fn candidates() -> Vec<Candidate> {
    (1u32..=3)
        .map(|n| Candidate {
            id: format!("rep-{n}"),
            available: n != 3,
            on_leave: n == 3,
            absent: false,
            blocked: false,
            in_hours: true,
            teaches: Vec::new(),
            open_leads: n,
            overdue: n - 1,
            assigned_today: n,
            last_assigned_at: (n == 1).then(|| DateTime::from_timestamp(1_799_990_000, 0).unwrap_or_default()),
            capacity: (n == 1).then_some(30),
            weight: 1.0,
            branch_id: None,
            conversion_30d: (n == 1).then_some(0.2),
        })
        .collect()
}
