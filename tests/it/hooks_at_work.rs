//! The hooks that answer what people do and leave undone: a completed and a late follow-up, a lead lost long ago, a
//! lead's score; and decisions a fallback made, made again.

use chrono::{DateTime, TimeDelta, Utc};
use platform::events::{self, NewEvent};
use platform::jobs::{NewJob, enqueue};
use platform::{Actor, Id, Tx};
use sea_orm::FromQueryResult;
use serde_json::json;
use support::app::TestApp;
use support::both_engines;
use support::desk::Center;
use workflows::follow_ups::{self, Outcome};
use workflows::leads;
use workflows::scripts::{self, Filter};
use workflows::staff;
use workflows::{bots, settings};

use crate::decisions::{center, count, id, keys, lead_of, monday, open, publish_as_is, run, step, why};

const WORK: &[&str] = &["scripts.plan", "scripts.rerun", "leads.score", "reactivation.daily"];

async fn work(center: &Center) {
    center.runner_of(WORK).drain().await.expect("the work is done");
}

async fn complete(center: &Center, lead: Id, outcome: Outcome) {
    let first = open(center, lead).await.remove(0);
    let done = follow_ups::complete(&center.desk.app, &center.admin, first.id, outcome, "").await;
    done.expect("it is open");
}

/// The test clock goes on while the work is done.
fn near(at: DateTime<Utc>, expected: DateTime<Utc>) -> bool {
    (at - expected).abs() < TimeDelta::minutes(1)
}

/// Lets everything open become late, and the rules look at it.
async fn sweep(center: &Center, days: i64) {
    let app = &center.desk.app;
    app.set_clock(app.clock.now() + TimeDelta::days(days))
        .await
        .expect("a test clock");
    follow_ups::sweep(app, &Actor::system(center.tenant.clone()))
        .await
        .expect("swept");
    work(center).await;
}

async fn refusals(center: &Center, lead: Id, hook: &str) -> Vec<String> {
    let decisions = why(center, lead).await;
    let found = decisions
        .iter()
        .find(|decision| decision.hook == hook)
        .expect("a decision");
    let codes = found.refusals.as_array().into_iter().flatten();
    codes
        .filter_map(|refusal| refusal["code"].as_str().map(str::to_owned))
        .collect()
}

async fn owner(center: &Center, lead: Id) -> Option<Id> {
    leads::find(&center.desk.app, &center.admin, lead)
        .await
        .expect("the lead")
        .owner_id
}

async fn score(center: &Center, lead: Id) -> Option<i16> {
    leads::find(&center.desk.app, &center.admin, lead)
        .await
        .expect("the lead")
        .score
}

/// The daily look at lost leads, as its tick would start it.
async fn look_at_lost(center: &Center, days: i64) {
    let app = &center.desk.app;
    app.set_clock(app.clock.now() + TimeDelta::days(days))
        .await
        .expect("a test clock");
    let uniq = format!("look/{}", platform::ids::new_id());
    let put = async move |tx: Tx| enqueue(&tx, NewJob::new("reactivation.daily", uniq, vec![])).await;
    app.db.write(center.tenant.id, put).await.expect("a job");
    work(center).await;
}

async fn degraded(center: &Center) -> Vec<scripts::Decided> {
    let filter = Filter {
        degraded: true,
        ..Filter::default()
    };
    scripts::decisions(&center.desk.app, &center.admin, filter)
        .await
        .expect("a page")
        .items
}

both_engines! {
    async fn a_completed_follow_up_may_ask_for_another(test: TestApp) {
        let (center, rep) = center(&test).await;
        publish_as_is(&center, "on_followup_completed", "fn on_followup_completed(ctx) {\n  let p = plan();\n  \
            if ctx.outcome == \"no_answer\" && ctx.followup.key == \"new/1\" && ctx.followup.sequence == 1 {\n    \
            p.add(followup(\"again\").after(hours(2)).text(\"call_again\"));\n  }\n  p\n}").await;
        let (quiet, reached) = (lead_of(&center, &rep, 0).await, lead_of(&center, &rep, 1).await);
        work(&center).await;
        complete(&center, quiet, Outcome::NoAnswer).await;
        complete(&center, reached, Outcome::Reached).await;
        work(&center).await;
        assert_eq!(keys(&center, quiet).await, ["again"]);
        assert!(open(&center, reached).await.is_empty());
        assert!(near(open(&center, quiet).await[0].due_at, monday() + TimeDelta::hours(2)));
        let hooks = |decisions: Vec<scripts::Stored>| decisions.into_iter().map(|d| d.hook).collect::<Vec<_>>();
        assert!(hooks(why(&center, quiet).await).contains(&"on_followup_completed".to_owned()));
        assert!(!hooks(why(&center, reached).await).contains(&"on_followup_completed".to_owned()), "nothing came of it");
        // A lead that moved on has a new cadence: what was asked before it counts no more.
        let moved = lead_of(&center, &rep, 2).await;
        work(&center).await;
        complete(&center, moved, Outcome::NoAnswer).await;
        step(&center, moved, "interested").await;
        work(&center).await;
        assert!(!keys(&center, moved).await.contains(&"again".to_owned()));
    }

    async fn a_late_follow_up_is_told_moved_given_away_and_holds_its_owner(test: TestApp) {
        let (center, rep) = center(&test).await;
        let (bob, boss) = (center.user("bob", "sales").await, center.user("boss", "manager").await);
        bots::link(&test.app, center.tenant.id, id(&boss), 5).await.unwrap();
        publish_as_is(&center, "on_overdue", "fn on_overdue(ctx) {\n  let p = plan();\n  p.notify(\"manager\", \"call_again\");\n  \
            p.notify(\"manager\", \"no_such_text\");\n  if ctx.late > hours(20) { p.reschedule(hours(3)); }\n  \
            if ctx.owner.overdue >= 1 { p.block_owner(\"too_late\"); }\n  p.reassign(\"too_late\");\n  p\n}").await;
        let lead = lead_of(&center, &rep, 0).await;
        work(&center).await;
        sweep(&center, 1).await;
        assert_eq!(owner(&center, lead).await, Some(id(&bob)), "the only other one who is free");
        let moved = open(&center, lead).await;
        assert_eq!((moved.len(), moved[0].owner_id), (1, id(&bob)));
        assert!(near(moved[0].due_at, test.app.clock.now() + TimeDelta::hours(3)));
        assert_eq!(refusals(&center, lead, "on_overdue").await, ["unknown_template"]);
        let told = "SELECT COUNT(*) AS count FROM bot_message WHERE tenant_id = $1 AND kind = 'script_notice'";
        assert_eq!(count(&center, told).await, 1);
        let late = "SELECT COUNT(*) AS count FROM event WHERE tenant_id = $1 AND kind = 'follow_up.overdue'";
        assert_eq!(count(&center, late).await, 1);
        // Swept again, the same lateness is no news; the owner is held while anything of theirs is late.
        sweep(&center, 0).await;
        assert_eq!(count(&center, late).await, 1);
        let blocked = "SELECT COUNT(*) AS count FROM event WHERE tenant_id = $1 AND kind = 'rep.blocked'";
        assert_eq!(count(&center, blocked).await, 1);
        let held = staff::find(&test.app, &center.admin, id(&rep)).await.unwrap();
        assert_eq!(held.blocked_since, None, "nothing of theirs is late any more: the next sweep let them go");
    }

    async fn a_held_rep_gets_no_leads_until_nothing_is_late(test: TestApp) {
        let (center, rep) = center(&test).await;
        publish_as_is(&center, "on_overdue", "fn on_overdue(ctx) {\n  let p = plan();\n  p.block_owner(\"too_late\");\n  p\n}").await;
        let lead = lead_of(&center, &rep, 0).await;
        work(&center).await;
        sweep(&center, 1).await;
        sweep(&center, 0).await;
        assert!(staff::find(&test.app, &center.admin, id(&rep)).await.unwrap().blocked_since.is_some());
        let reps = candidates(&center).await;
        assert!(reps.iter().all(|rep| rep.blocked && !rep.available), "one late follow-up is below the threshold: {reps:?}");
        complete(&center, lead, Outcome::Done).await;
        sweep(&center, 0).await;
        assert_eq!(staff::find(&test.app, &center.admin, id(&rep)).await.unwrap().blocked_since, None);
        assert!(candidates(&center).await.iter().all(|rep| rep.available));
    }

    async fn what_a_plan_may_not_do_is_refused_and_said(test: TestApp) {
        let (center, rep) = center(&test).await;
        let other = Center::new(&test.app, "two").await;
        let stranger = other.user("eve", "sales").await;
        let away = center.user("bob", "sales").await;
        staff::deactivate(&test.app, &center.admin, id(&away)).await.unwrap();
        for (n, to) in [id(&stranger), id(&away), Id::nil(), id(&rep)].into_iter().enumerate() {
            let source = format!("fn on_overdue(ctx) {{\n  let p = plan();\n  p.reassign(\"{to}\", \"x\");\n  p\n}}");
            publish_next(&center, "on_overdue", &source).await;
            let lead = lead_of(&center, &rep, n).await;
            work(&center).await;
            sweep(&center, 1).await;
            assert_eq!(owner(&center, lead).await, Some(id(&rep)), "{to}");
            let code = if to == id(&rep) { "candidate_not_available" } else { "unknown_candidate" };
            assert_eq!(refusals(&center, lead, "on_overdue").await, [code], "{to}");
        }
        let strange = format!("fn distribute(ctx) {{ assign(\"{}\", \"x\") }}", id(&stranger));
        publish_next(&center, "distribute", &strange).await;
        let new = leads::NewLead { name: "Lid".into(), phone: "+998905550001".into(), ..leads::NewLead::default() };
        let made = leads::capture(&test.app, &center.admin, new, leads::Via::Manual, None).await.unwrap();
        let leads::Captured::New { id: lead } = made else { panic!("a new phone") };
        center.runner_of(&["distribution.give_out"]).drain().await.unwrap();
        let decision = why(&center, lead).await.remove(0);
        assert_eq!(decision.failures[0]["code"], "unknown_candidate", "another centre's rep is nobody here");
        assert_ne!(owner(&center, lead).await, Some(id(&stranger)));
    }

    async fn when_no_rule_can_say_what_to_do_about_a_late_one_managers_are_told(test: TestApp) {
        let (center, rep) = center(&test).await;
        bots::link(&test.app, center.tenant.id, id(&center.user("boss", "manager").await), 5).await.unwrap();
        publish_as_is(&center, "on_overdue", "fn on_overdue(ctx) {\n  throw \"no\";\n}").await;
        let lead = lead_of(&center, &rep, 0).await;
        work(&center).await;
        sweep(&center, 1).await;
        let told = "SELECT COUNT(*) AS count FROM bot_message WHERE tenant_id = $1 AND kind = 'script_notice'";
        let decision = why(&center, lead).await.into_iter().find(|d| d.hook == "on_overdue").expect("a decision");
        assert_eq!(decision.failures[0]["line"], 2);
        let by_pack = decision.level == "pack";
        assert_eq!(count(&center, told).await, i64::from(!by_pack));
    }

    async fn lost_leads_are_won_back_once_a_step_whatever_run_is_missed(test: TestApp) {
        let (center, rep) = center(&test).await;
        let (planned, forgotten) = (lead_of(&center, &rep, 0).await, lead_of(&center, &rep, 1).await);
        work(&center).await;
        for lead in [planned, forgotten] {
            step(&center, lead, "lost").await;
        }
        work(&center).await;
        let mine = vec![center.tenant.id.0.into(), forgotten.into()];
        run(&center, "DELETE FROM follow_up WHERE tenant_id = $1 AND lead_id = $2", mine).await;
        look_at_lost(&center, 6).await;
        assert!(open(&center, forgotten).await.is_empty(), "the first step is due on the seventh day");
        // Nothing ran from the sixth to the fortieth day: no step is lost, one is taken a day.
        look_at_lost(&center, 34).await;
        assert_eq!(keys(&center, forgotten).await, ["lost/1"]);
        look_at_lost(&center, 0).await;
        assert_eq!(keys(&center, forgotten).await, ["lost/1", "lost/2"]);
        for _ in 0..3 {
            look_at_lost(&center, 1).await;
        }
        assert_eq!(keys(&center, forgotten).await, ["lost/1", "lost/2", "lost/3"]);
        assert_eq!(keys(&center, planned).await, ["lost/1", "lost/2", "lost/3"], "what the loss planned is not doubled");
        let steps = "SELECT COUNT(*) AS count FROM event WHERE tenant_id = $1 AND kind = 'lead.reactivation_step'";
        assert_eq!(count(&center, steps).await, 3);
        // A day added to the setting later is a step for both.
        let days = json!({"reactivation_days": [7, 14, 30, 60]}).as_object().cloned().unwrap();
        settings::change(&center.desk, &center.admin, days).await.unwrap();
        look_at_lost(&center, 30).await;
        for lead in [planned, forgotten] {
            assert!(keys(&center, lead).await.contains(&"lost/4".to_owned()));
        }
        // Two nodes look at once: still one step.
        let days = json!({"reactivation_days": [7, 14, 30, 60, 61]}).as_object().cloned().unwrap();
        settings::change(&center.desk, &center.admin, days).await.unwrap();
        let (one, two) = (center.runner_of(WORK), center.runner_of(WORK));
        for uniq in ["both/1", "both/2"] {
            let put = async move |tx: Tx| enqueue(&tx, NewJob::new("reactivation.daily", uniq, vec![])).await;
            test.app.db.write(center.tenant.id, put).await.unwrap();
        }
        let (first, second) = tokio::join!(one.drain(), two.drain());
        first.unwrap();
        second.unwrap();
        assert_eq!(count(&center, steps).await, 7);
    }

    async fn a_lead_is_scored_when_something_happens_and_keeps_its_score_when_the_rule_fails(test: TestApp) {
        let (center, rep) = center(&test).await;
        let lead = lead_of(&center, &rep, 0).await;
        work(&center).await;
        assert_eq!(score(&center, lead).await, Some(30));
        let version = leads::find(&test.app, &center.admin, lead).await.unwrap().version;
        complete(&center, lead, Outcome::Reached).await;
        step(&center, lead, "interested").await;
        work(&center).await;
        let found = leads::find(&test.app, &center.admin, lead).await.unwrap();
        assert_eq!((found.score, found.version), (Some(60), version + 1), "a score is no edit of the lead's");
        assert_eq!(found.score_reasons, Some(json!(["score_standing", "score_reached"])));
        let scored = why(&center, lead).await.into_iter().filter(|d| d.hook == "lead_score").count();
        assert_eq!(scored, 2, "one decision a change");

        publish_as_is(&center, "lead_score", "fn lead_score(ctx) {\n  score(900, [])\n}").await;
        let mut desk = center.desk.clone();
        desk.packs = std::sync::Arc::new(CoreAlone(center.desk.packs.clone()));
        let bare = Center { desk, tenant: center.tenant.clone(), admin: center.admin.clone() };
        step(&center, lead, "offer_sent").await;
        work(&bare).await;
        assert_eq!(score(&center, lead).await, Some(60), "the old score is kept");
        let failed = why(&center, lead).await.into_iter().find(|d| d.hook == "lead_score").expect("a decision");
        assert_eq!(failed.failures[0]["line"], 2);
        // Every open lead once a night, changed or not.
        let put = async move |tx: Tx| enqueue(&tx, NewJob::new("leads.score_all", "night", vec![])).await;
        test.app.db.write(center.tenant.id, put).await.unwrap();
        publish_next(&center, "lead_score", "fn lead_score(ctx) { score(7, []) }").await;
        center.runner_of(&["leads.score_all"]).drain().await.unwrap();
        assert_eq!(score(&center, lead).await, Some(7));
    }

    async fn a_fallbacks_decision_is_listed_and_made_again_once(test: TestApp) {
        let (center, rep) = center(&test).await;
        publish_as_is(&center, "on_status_changed", "fn on_status_changed(ctx) {\n\n    throw \"no\";\n}").await;
        let (lead, moved_on) = (lead_of(&center, &rep, 0).await, lead_of(&center, &rep, 1).await);
        work(&center).await;
        assert!(degraded(&center).await.is_empty());
        for lead in [lead, moved_on] {
            step(&center, lead, "contacted").await;
        }
        work(&center).await;
        complete(&center, lead, Outcome::Reached).await;
        step(&center, moved_on, "interested").await;
        work(&center).await;
        let listed = degraded(&center).await;
        assert_eq!(listed.len(), 3);
        let of = |lead: Id| listed.iter().rev().find(|d| d.lead_id == Some(lead)).expect("listed");
        let (before, left) = (of(lead), of(moved_on));
        assert_eq!((before.level.as_str(), before.failures[0]["line"].as_i64()), ("pack", Some(3)));
        assert!(before.lead_name.is_some());

        publish_next(&center, "on_status_changed", "fn on_status_changed(ctx) {\n  let p = base::on_status_changed(ctx);\n  \
            p.add(followup(\"mine\").after(hours(5)));\n  p\n}").await;
        for _ in 0..2 {
            for decision in [before.id, left.id] {
                scripts::rerun(&test.app, &center.admin, decision).await.unwrap();
            }
            work(&center).await;
        }
        assert_eq!(keys(&center, lead).await, ["mine", "contacted/2", "contacted/3"], "what was done is not asked again");
        assert!(!keys(&center, moved_on).await.contains(&"mine".to_owned()), "it has moved on since");
        let again = degraded(&center).await.into_iter().find(|d| d.id == before.id).expect("still listed");
        let anew = why(&center, lead).await.remove(0);
        assert_eq!((again.rerun_id, anew.level.as_str()), (Some(anew.id), "override"));
        assert_eq!(anew.refusals[0]["code"], "already_done");
        let gone = degraded(&center).await.into_iter().find(|d| d.id == left.id).expect("still listed");
        assert!(gone.rerun_at.is_some() && gone.rerun_id.is_none());

        let refused = scripts::rerun(&test.app, &center.admin, anew.id).await.unwrap_err();
        assert!(refused.to_string().contains("decision_not_degraded"), "{refused}");
        assert!(scripts::rerun(&test.app, &rep, before.id).await.is_err(), "a rep does not");
        let other = Center::new(&test.app, "two").await;
        assert!(matches!(scripts::rerun(&test.app, &other.admin, before.id).await, Err(platform::Error::NotFound)));
        let filter = Filter { degraded: true, limit: Some(2), ..Filter::default() };
        let page = scripts::decisions(&test.app, &center.admin, filter.clone()).await.unwrap();
        assert_eq!(page.items.len(), 2);
        let rest = scripts::decisions(&test.app, &center.admin, Filter { cursor: page.next, ..filter }).await.unwrap();
        assert_eq!((rest.items.len(), rest.next), (1, None));
    }

    async fn a_notice_goes_out_in_the_words_its_rule_chose_or_as_planned(test: TestApp) {
        let (center, rep) = center(&test).await;
        bots::link(&test.app, center.tenant.id, id(&rep), 5).await.unwrap();
        publish_as_is(&center, "on_overdue", "fn on_overdue(ctx) {\n  let p = plan();\n  p.notify(\"owner\", \"call_again\");\n  p\n}").await;
        let worded = [
            ("fn message(ctx) { template(\"call_returned\", #{ times: 2 }) }", "call_returned", json!({"times": 2}), 1),
            ("fn message(ctx) { template(ctx.template_key, #{}) }", "call_again", json!({}), 0),
            ("fn message(ctx) {\n  template(\"no_such_text\", #{})\n}", "call_again", json!({}), 1),
            ("fn message(ctx) {\n  throw \"no\"\n}", "call_again", json!({}), 1),
        ];
        for (n, (source, template, vars, decisions)) in worded.into_iter().enumerate() {
            publish_next(&center, "message", source).await;
            let lead = lead_of(&center, &rep, n).await;
            work(&center).await;
            sweep(&center, 1).await;
            assert_eq!(told(&center).await, json!({"template": template, "vars": vars}), "{source}");
            let decided = why(&center, lead).await.into_iter().filter(|d| d.hook == "message").count();
            assert_eq!(decided, decisions, "{source}");
        }
    }

    async fn scripts_that_answer_each_other_come_to_an_end(test: TestApp) {
        let (center, rep) = center(&test).await;
        publish_as_is(&center, "on_followup_completed", "fn on_followup_completed(ctx) {\n  let p = plan();\n  \
            p.add(followup(`deep/${ctx.event.depth}`).after(hours(2)));\n  p\n}").await;
        let lead = lead_of(&center, &rep, 0).await;
        work(&center).await;
        let done = open(&center, lead).await.remove(0);
        complete(&center, lead, Outcome::Done).await;
        work(&center).await;
        for (depth, planned) in [(5, false), (4, true)] {
            let system = Actor::system(center.tenant.clone());
            let payload = json!({"follow_up_id": done.id, "key": "new/1", "due_at": done.due_at, "outcome": "done"});
            let put = async move |tx: Tx| {
                let cause = Some((platform::ids::new_id(), depth));
                let event = NewEvent { kind: "follow_up.completed", lead: Some(lead), owner: None, cause, payload };
                let event = events::record(&tx, &system, event).await?;
                enqueue(&tx, NewJob::new("scripts.plan", format!("deep/{depth}"), vec![event])).await
            };
            test.app.db.write(center.tenant.id, put).await.unwrap();
            work(&center).await;
            assert_eq!(keys(&center, lead).await.contains(&format!("deep/{}", depth + 1)), planned);
        }
    }
}

/// The newest message a script asked for.
async fn told(center: &Center) -> serde_json::Value {
    #[derive(FromQueryResult)]
    struct Row {
        payload: serde_json::Value,
    }
    let read = async move |tx: Tx| {
        let sql =
            "SELECT payload FROM bot_message WHERE tenant_id = $1 AND kind = 'script_notice' ORDER BY id DESC LIMIT 1";
        tx.one::<Row>(sql, vec![tx.tenant().0.into()]).await
    };
    let found = center
        .desk
        .app
        .db
        .read(center.tenant.id, read)
        .await
        .expect("a message");
    found.expect("a message").payload
}

/// The core pack in place of every other.
struct CoreAlone(std::sync::Arc<dyn workflows::ports::Packs>);

impl workflows::ports::Packs for CoreAlone {
    fn all(&self) -> Vec<std::sync::Arc<wire::pack::Pack>> {
        Vec::new()
    }

    fn pack(&self, _: &str) -> Option<std::sync::Arc<wire::pack::Pack>> {
        Some(self.0.core())
    }

    fn core(&self) -> std::sync::Arc<wire::pack::Pack> {
        self.0.core()
    }
}

async fn candidates(center: &Center) -> Vec<wire::Candidate> {
    let actor = Actor::system(center.tenant.clone());
    let read = async move |tx: Tx| {
        let registry = leads::registry_in(&tx).await?;
        let schedules = staff::schedules(&tx, &actor).await?;
        workflows::distribution::candidates(&tx, &actor, &registry, &schedules).await
    };
    center
        .desk
        .app
        .db
        .read(center.tenant.id, read)
        .await
        .expect("candidates")
}

/// Publishes a further version without asking the checker.
async fn publish_next(center: &Center, hook: &'static str, source: &str) {
    #[derive(FromQueryResult)]
    struct Row {
        version: i64,
    }
    let source = source.to_owned();
    let put = async move |tx: Tx| {
        let tenant = tx.tenant().0;
        let newest =
            "SELECT version FROM script_version WHERE tenant_id = $1 AND hook = $2 ORDER BY version DESC LIMIT 1";
        let row: Option<Row> = tx.one(newest, vec![tenant.into(), hook.into()]).await?;
        let version = row.map_or(1, |row| row.version + 1);
        let hash = wire::source_hash(&source);
        let added = "INSERT INTO script_version (tenant_id, hook, version, source, hash, message, created_at) \
                     VALUES ($1, $2, $3, $4, $5, 'test', $6)";
        let values = vec![
            tenant.into(),
            hook.into(),
            version.into(),
            source.into(),
            hash.into(),
            tx.now().into(),
        ];
        tx.run(added, values).await?;
        let state = "INSERT INTO script_state (tenant_id, hook, published, failures, version) VALUES ($1, $2, $3, 0, 1) \
                     ON CONFLICT (tenant_id, hook) DO UPDATE SET published = excluded.published, failures = 0, \
                     failures_since = NULL, paused_at = NULL";
        tx.run(state, vec![tenant.into(), hook.into(), version.into()]).await
    };
    center
        .desk
        .app
        .db
        .write(center.tenant.id, put)
        .await
        .expect("published");
}
