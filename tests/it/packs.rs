//! A pack's life in a centre: a report that changes nothing, installing, running on it, moving to another version with
//! the centre's own rules kept, and turning it off. And packs that must not be read at all.

use std::sync::Arc;

use platform::tenancy::TenantRef;
use platform::{Error, Id};
use plugins::scripts::pack_hashes;
use plugins::scripts::pack_read::{Files, read};
use plugins::scripts::packs::example;
use serde_json::json;
use support::app::TestApp;
use support::both_engines;
use support::desk::{Center, Silent};
use support::scripts::host;
use wire::Hook;
use wire::pack::Pack;
use workflows::leads::{self, Captured, Move, NewLead, Via};
use workflows::packs::{self, Step, Verdict, Wish};
use workflows::scripts::{self, Publish};
use workflows::settings::{self, Change};

/// The centre as it is after the tenant's row changed.
async fn again(center: &mut Center) {
    let tenant: TenantRef = center
        .desk
        .app
        .tenants
        .by_id(center.tenant.id)
        .await
        .expect("it is there");
    center.admin.tenant = tenant.clone();
    center.tenant = tenant;
}

fn granting(pack: &Pack) -> Wish {
    Wish {
        version: Some(pack.version.clone()),
        permissions: pack.permissions.clone(),
    }
}

fn lead(n: usize) -> NewLead {
    NewLead {
        name: format!("Lid {n}"),
        phone: format!("+9989{:08}", 5_000_000 + n),
        source: Some("instagram".into()),
        ..NewLead::default()
    }
}

async fn capture(center: &Center, n: usize) -> Id {
    match leads::capture(&center.desk.app, &center.admin, lead(n), Via::Manual, None)
        .await
        .expect("it is stored")
    {
        Captured::New { id } => id,
        Captured::Repeat { .. } => panic!("a new phone"),
    }
}

async fn to(center: &Center, lead: Id, status: &str) -> Result<leads::Lead, Error> {
    let reasons = leads::registry(&center.desk.app, &center.admin).await?.lost_reasons;
    let change = Move {
        to: status.into(),
        lost_reason: Some(reasons[0].key.clone()),
        ..Move::default()
    };
    leads::change_status(&center.desk.app, &center.admin, lead, change).await
}

fn code(error: Error) -> &'static str {
    error.code()
}

/// A tenant pinned to the first version of the training centre's pack.
async fn pinned(test: &TestApp, slug: &str) -> Center {
    let mut center = Center::with(&test.app, slug, Arc::new(host().await)).await;
    let old = center.desk.packs.pack("training-centre@1.0.0").expect("it is kept");
    packs::install(&center.desk, &center.admin, "training-centre", granting(&old))
        .await
        .expect("back to it");
    again(&mut center).await;
    assert_eq!(center.tenant.pack, "training-centre@1.0.0");
    center
}

both_engines! {
    async fn a_second_pack_is_installed_run_and_turned_off_without_losing_a_lead(test: TestApp) {
        let mut center = Center::with(&test.app, "one", Arc::new(host().await)).await;
        let other = Center::with(&test.app, "two", Arc::new(Silent)).await;
        let interested = capture(&center, 1).await;
        to(&center, interested, "contacted").await.expect("a move");
        to(&center, interested, "interested").await.expect("a move");

        let desk = center.desk.clone();
        let report = packs::report(&desk, &center.admin, "driving-school").await.expect("a report");
        assert_eq!((report.step, report.from.as_deref(), report.running), (Step::Install, None, false));
        assert_eq!(report.findings.as_deref(), Some(&[][..]), "it passes the lints among the centre's words");
        assert!(report.refusal().is_none() && report.clashes.is_empty());
        let new: Vec<&str> = report.new_statuses.iter().map(|status| status.key.as_str()).collect();
        assert_eq!(new, ["confirmed", "paid", "completed", "cancelled"]);
        assert!(report.retired.iter().any(|(key, _, leads)| key == "interested" && *leads == 1));
        assert_eq!(report.asked, report.pack.permissions);
        assert_eq!(leads::registry(&desk.app, &center.admin).await.expect("words").statuses.len(), 10, "nothing is stored");

        let refused = packs::install(&desk, &center.admin, "driving-school", Wish::default()).await.unwrap_err();
        assert_eq!(code(refused), "pack_permission_not_granted");
        let refused = packs::enable(&desk, &center.admin, "driving-school").await.unwrap_err();
        assert_eq!(code(refused), "pack_not_installed");
        packs::install(&desk, &center.admin, "driving-school", granting(&report.pack)).await.expect("it is installed");
        again(&mut center).await;
        assert_eq!(center.tenant.pack, "training-centre@1.1.0", "it does not run yet");
        assert!(to(&center, interested, "paid").await.is_err(), "nor are its statuses in use");
        packs::enable(&desk, &center.admin, "driving-school").await.expect("it runs");
        again(&mut center).await;

        let words = leads::registry(&desk.app, &center.admin).await.expect("words");
        let used: Vec<&str> = words.in_use().map(|status| status.key.as_str()).collect();
        assert_eq!(used, ["new", "confirmed", "paid", "completed", "cancelled"]);
        assert_eq!(words.custom_fields.len(), 4);
        let kept = leads::find(&desk.app, &center.admin, interested).await.expect("it is there");
        assert_eq!(kept.status, "interested", "the lead stays where it is");
        assert!(to(&center, interested, "contacted").await.is_err(), "nothing goes back to what is out of use");
        let moved = to(&center, interested, "paid").await.expect("out of it, every status is open");
        assert!(moved.enrolled_at.is_some());
        let learner = capture(&center, 2).await;
        assert!(to(&center, learner, "interested").await.is_err());
        to(&center, learner, "confirmed").await.expect("a move");
        to(&center, learner, "cancelled").await.expect("a move");
        let Captured::Repeat { .. } = leads::capture(&desk.app, &center.admin, lead(2), Via::Manual, None).await.expect("known")
            else { panic!("the phone is known") };
        assert_eq!(leads::find(&desk.app, &center.admin, learner).await.expect("it is there").status, "new");

        packs::disable(&desk, &center.admin).await.expect("it is off");
        let stale = packs::disable(&desk, &center.admin).await.unwrap_err();
        assert_eq!(code(stale), "pack_changed_meanwhile");
        again(&mut center).await;
        assert_eq!(leads::find(&desk.app, &center.admin, interested).await.expect("it is there").status, "paid");
        assert!(packs::list(&desk, &center.admin).await.expect("a list").iter().all(|pack| !pack.running));
        packs::enable(&desk, &center.admin, "training-centre").await.expect("it runs again");
        again(&mut center).await;
        let words = leads::registry(&desk.app, &center.admin).await.expect("words");
        assert_eq!(words.in_use().count(), 10);

        assert_eq!(leads::registry(&desk.app, &other.admin).await.expect("words").statuses.len(), 10, "nobody else's");
        let rep = center.user("ann", "sales").await;
        for refused in [packs::disable(&desk, &rep).await.err(), packs::report(&desk, &rep, "driving-school").await.err()] {
            assert_eq!(refused.map(code), Some("not_allowed"));
        }
    }

    async fn an_upgrade_shows_three_ways_of_an_overridden_function_and_keeps_the_override(test: TestApp) {
        let mut center = pinned(&test, "one").await;
        let desk = center.desk.clone();
        let own = example("academy");
        for hook in [Hook::Distribute, Hook::OnStatusChanged] {
            let publish = Publish { source: own[&hook].clone(), message: "Own".into(), based_on: None, replan: false };
            scripts::publish(&desk, &center.admin, hook, publish).await.expect("it passes");
        }
        let change = Change { values: json!({"new_minutes": 9}).as_object().expect("values").clone(), ..Change::default() };
        settings::change(&desk, &center.admin, change).await.expect("it fits");

        let listed = packs::list(&desk, &center.admin).await.expect("a list");
        let listed = listed.iter().find(|pack| pack.running).expect("one runs");
        assert_eq!((listed.id.as_str(), listed.upgrade.as_deref()), ("training-centre", Some("1.1.0")));
        let report = packs::report(&desk, &center.admin, "training-centre").await.expect("a report");
        assert_eq!((report.step, report.from.as_deref()), (Step::Upgrade, Some("1.0.0")));
        let rule = report.overrides.iter().find(|rule| rule.hook == "distribute").expect("a rule");
        let function = rule.functions.iter().find(|function| function.name == "distribute").expect("a function");
        assert_eq!(function.verdict, Verdict::Parted);
        assert!(function.pinned.as_ref().is_some_and(|text| text.contains("rep.open_leads < best.open_leads")));
        assert!(function.new.as_ref().is_some_and(|text| text.contains("use_weights")));
        assert!(function.own.contains("load_of"));
        assert_eq!(rule.findings.as_deref(), Some(&[][..]), "it stands over the new pack too");
        assert!(report.functions.0.contains(&"lead_score".to_owned()) && report.functions.1.contains(&"distribute".to_owned()));
        assert!(report.new_settings.iter().any(|setting| setting.key == "lead_cap"));

        packs::install(&desk, &center.admin, "training-centre", granting(&report.pack)).await.expect("it moves");
        again(&mut center).await;
        assert_eq!(center.tenant.pack, "training-centre@1.1.0");
        let kept = scripts::overview(&desk, &center.admin, Hook::Distribute).await.expect("an overview");
        assert_eq!((kept.published, kept.source), (Some(1), Some(own[&Hook::Distribute].clone())), "never merged");
        assert_eq!(kept.pack, "training-centre@1.1.0");
        assert_eq!(settings::show(&desk, &center.admin).await.expect("a form").values["new_minutes"], json!(9));
        let words = leads::registry(&desk.app, &center.admin).await.expect("words");
        assert!(words.texts.contains_key("smallest_share"), "new words came");

        // A word the centre wrote itself is shown as a clash and stays.
        let tenant = center.tenant.id;
        let sql = "UPDATE status SET labels = $2 WHERE tenant_id = $1 AND key = 'new'";
        let own_word = json!({"uz": "Yangi odam", "ru": "Новенький", "en": "Newcomer", "kk": "Жаңа адам"});
        let word = own_word.clone();
        desk.app.db.write(tenant, async move |tx: platform::Tx| tx.run(sql, vec![tenant.0.into(), word.into()]).await)
            .await.expect("it is renamed");
        let report = packs::report(&desk, &center.admin, "training-centre@1.0.0").await.expect("a report");
        assert_eq!(report.step, Step::Downgrade);
        assert!(report.clashes.iter().any(|clash| clash.key == "new" && !clash.blocking));
        packs::install(&desk, &center.admin, "training-centre", granting(&report.pack)).await.expect("it moves back");
        again(&mut center).await;
        let words = leads::registry(&desk.app, &center.admin).await.expect("words");
        assert_eq!(json!(words.status("new").expect("it is there").labels), own_word);
    }
}

fn folder(path: &str) -> Files {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../plugins/packs")
        .join(path);
    pack_hashes::folder(&root).expect("a folder")
}

#[test]
fn a_pack_is_what_was_hashed_and_nothing_else() {
    let good = folder("driving-school");
    assert_eq!(
        read("driving-school", &good).expect("it holds together").version,
        "1.0.0"
    );
    let refused = |change: &dyn Fn(&mut Files)| {
        let mut files = good.clone();
        change(&mut files);
        read("driving-school", &files).expect_err("refused").to_string()
    };
    let put = |path: &'static str, text: String| {
        move |files: &mut Files| drop(files.insert(path.into(), text.clone().into_bytes()))
    };
    let cases: Vec<(&str, Box<dyn Fn(&mut Files)>)> = vec![
        (
            "changed since",
            Box::new(put("scripts/10_new.rhai", "fn on_lead_created(ctx) { plan() }".into())),
        ),
        (
            "not on the list",
            Box::new(put("scripts/99_more.rhai", "fn more() { 1 }".into())),
        ),
        (
            "but not there",
            Box::new(|files: &mut Files| drop(files.remove("CHANGELOG.md"))),
        ),
        (
            "missing",
            Box::new(|files: &mut Files| drop(files.remove("hashes.toml"))),
        ),
        ("no file of a pack", Box::new(put("../../etc/passwd", "x".into()))),
        ("no file of a pack", Box::new(put("scripts/../../x.rhai", "x".into()))),
        ("no file of a pack", Box::new(put("/abs.rhai", "x".into()))),
        ("no file of a pack", Box::new(put("scripts\\x.rhai", "x".into()))),
        (
            "no file of a pack",
            Box::new(put("templates/telegram/xx/hi.hbs", "x".into())),
        ),
        ("are allowed", Box::new(put("scripts/10_new.rhai", "/".repeat(3 << 20)))),
    ];
    for (why, change) in &cases {
        let told = refused(&**change);
        assert!(told.contains(why), "{why}: {told}");
    }

    // What follows is hashed properly, and wrong all the same.
    let rehashed = |change: &dyn Fn(&mut Files)| {
        refused(&|files: &mut Files| {
            change(files);
            let list = pack_hashes::list(files);
            files.insert("hashes.toml".into(), list.into_bytes());
        })
    };
    let manifest = String::from_utf8(good["pack.toml"].clone()).expect("text");
    let registry = String::from_utf8(good["registry.toml"].clone()).expect("text");
    let cases: Vec<(&str, Box<dyn Fn(&mut Files)>)> = vec![
        (
            "without the permission assign",
            Box::new(put("pack.toml", manifest.replace(", \"assign\"]", "]"))),
        ),
        (
            "no permission everything",
            Box::new(put(
                "pack.toml",
                manifest.replace("\"assign\"", "\"assign\", \"everything\""),
            )),
        ),
        (
            "no id of a pack",
            Box::new(put("pack.toml", manifest.replace("driving-school", "../school"))),
        ),
        (
            "no version",
            Box::new(put("pack.toml", manifest.replace("1.0.0", "1.0"))),
        ),
        (
            "script interface 2",
            Box::new(put("pack.toml", manifest.replace("api = 1", "api = 2"))),
        ),
        (
            "unknown status",
            Box::new(put(
                "registry.toml",
                registry.replace("to = [\"paid\"]", "to = [\"payed\"]"),
            )),
        ),
        (
            "lacks a language",
            Box::new(put("registry.toml", registry.replace("kk = \"Төледі\"", "kk = \"\""))),
        ),
        ("bytes", Box::new(put("scripts/10_new.rhai", "// long\n".repeat(9_000)))),
        (
            "partial",
            Box::new(put("templates/telegram/uz/welcome.hbs", "{{> other}}".into())),
        ),
    ];
    for (why, change) in &cases {
        let told = rehashed(&**change);
        assert!(told.contains(why), "{why}: {told}");
    }
}

#[tokio::test]
async fn every_message_of_every_pack_renders_in_every_language() {
    use plugins::scripts::{pack_templates::render, packs::packs};
    for pack in packs().expect("the packs read") {
        for template in &pack.templates {
            let message = render(
                template,
                &json!({"name": "<Ali>", "center": "Markaz", "course": "IELTS"}),
            )
            .expect("it renders");
            assert!(
                message.contains("Ali") && !message.contains("{{"),
                "{}: {message}",
                template.key
            );
            let others = pack
                .templates
                .iter()
                .filter(|t| t.key == template.key && t.channel == template.channel);
            assert_eq!(
                others.count(),
                4,
                "{} {} {} is not in every language",
                pack.id,
                template.channel,
                template.key
            );
        }
    }
}
