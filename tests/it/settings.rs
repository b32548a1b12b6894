//! A centre's settings: values over the pack's defaults, every version kept and one click away, and each of them felt
//! where it should be.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use platform::{Error, Id};
use serde_json::{Map, Value, json};
use support::app::TestApp;
use support::both_engines;
use support::desk::{Center, Silent};
use support::scripts::host;
use workflows::follow_ups;
use workflows::leads::{self, Captured, NewLead, Via};
use workflows::settings::{self, Change, Changed};

fn values(pairs: Value) -> Map<String, Value> {
    pairs.as_object().expect("an object").clone()
}

async fn set(center: &Center, pairs: Value) -> i64 {
    let change = Change {
        values: values(pairs),
        ..Change::default()
    };
    settings::change(&center.desk, &center.admin, change)
        .await
        .expect("they fit")
        .version
}

async fn lead(center: &Center, n: usize, owner: Option<Id>) -> Id {
    let new = NewLead {
        name: format!("Lid {n}"),
        phone: format!("+9989{:08}", 4_000_000 + n),
        source: Some("instagram".into()),
        owner_id: owner,
        ..NewLead::default()
    };
    match leads::capture(&center.desk.app, &center.admin, new, Via::Manual, None)
        .await
        .expect("it is stored")
    {
        Captured::New { id } => id,
        Captured::Repeat { .. } => panic!("a new phone"),
    }
}

async fn owner(center: &Center, lead: Id) -> Option<Id> {
    leads::find(&center.desk.app, &center.admin, lead)
        .await
        .expect("it is there")
        .owner_id
}

both_engines! {
    async fn every_version_of_the_settings_says_what_it_changed(test: TestApp) {
        let center = Center::with(&test.app, "one", Arc::new(Silent)).await;
        let (desk, admin) = (&center.desk, &center.admin);
        let first = settings::show(desk, admin).await.expect("a form").version;
        let change = Change {
            values: values(json!({"new_minutes": 15, "interested_days": [2, 4]})),
            message: "  Summer  ".into(),
            based_on: Some(first),
            replan: false,
        };
        let form = settings::change(desk, admin, change.clone()).await.expect("they fit");
        assert_eq!((form.version, &form.values["new_minutes"]), (first + 1, &json!(15)));
        // Somebody else had the form open.
        let late = settings::change(desk, admin, change).await;
        assert!(matches!(late, Err(Error::Conflict(refusal)) if refusal.code == "settings_changed_meanwhile"));
        assert_eq!(set(&center, json!({"new_minutes": 15})).await, first + 1, "nothing changed, nothing is stored");
        assert_eq!(set(&center, json!({"new_minutes": null})).await, first + 2);

        let told = settings::versions(desk, admin).await.expect("versions");
        assert_eq!(told[0].changes, [Changed { key: "new_minutes".into(), from: json!(15), to: json!(5) }]);
        assert_eq!((told[1].message.as_str(), told[1].author_id, told[1].changes.len()), ("Summer", admin.user, 2));

        let back = settings::restore(desk, admin, first + 1, false).await.expect("it is there");
        assert_eq!((back.version, &back.values["new_minutes"]), (first + 3, &json!(15)));
        assert_eq!(settings::versions(desk, admin).await.expect("versions")[0].restored, Some(first + 1));
        assert!(matches!(settings::restore(desk, admin, 99, false).await, Err(Error::NotFound)));

        // Every value that does not fit is told at once, and none is stored.
        let change = Change { values: values(json!({"new_minutes": 0, "lead_cap": "x", "nope": 1, "offer_hours": 3})), ..Change::default() };
        let Err(Error::Invalid(wrong)) = settings::change(desk, admin, change).await else { panic!("refused") };
        let mut wrong: Vec<_> = wrong.iter().map(|field| (field.field.as_str(), field.code)).collect();
        wrong.sort();
        assert_eq!(wrong, [("lead_cap", "wrong_type"), ("new_minutes", "out_of_range"), ("nope", "unknown_setting")]);
        assert_eq!(settings::show(desk, admin).await.expect("a form").version, first + 3);

        let rep = center.user("ann", "sales").await;
        assert!(matches!(settings::show(desk, &rep).await, Err(Error::Forbidden(_))));
        assert!(matches!(settings::restore(desk, &rep, 1, false).await, Err(Error::Forbidden(_))));
    }

    async fn caps_shares_and_grace_decide_who_gets_a_lead(test: TestApp) {
        let monday: DateTime<Utc> = "2027-03-01T10:00:00Z".parse().expect("an instant");
        test.app.set_clock(monday).await.expect("a test clock");
        let center = Center::with(&test.app, "one", Arc::new(host().await)).await;
        let (ann, bob) = (center.user("ann", "sales").await, center.user("bob", "sales").await);
        let drain = async || center.runner().drain().await.expect("the work is done");

        // Two shares against one.
        set(&center, json!({"use_weights": true})).await;
        let twice = workflows::staff::Edit { weight: Some(2), ..Default::default() };
        workflows::staff::edit(&test.app, &center.admin, ann.user.expect("a person"), twice).await.expect("a share");
        let mut given = Vec::new();
        for n in 0..6 {
            let id = lead(&center, n, None).await;
            drain().await;
            given.push(owner(&center, id).await);
        }
        assert_eq!(given.iter().filter(|owner| **owner == ann.user).count(), 4);
        assert_eq!(given.iter().filter(|owner| **owner == bob.user).count(), 2);

        // Everybody at the general cap: the next one waits.
        set(&center, json!({"use_weights": false, "lead_cap": 2})).await;
        let waits = lead(&center, 7, None).await;
        drain().await;
        assert_eq!(owner(&center, waits).await, None);
        set(&center, json!({"lead_cap": null})).await;

        // One late follow-up stops a rep, but only after an hour's grace.
        set(&center, json!({"overdue_block": 1, "overdue_grace_minutes": 60})).await;
        let blocked = async || {
            follow_ups::sweep(&test.app, &center.admin).await.expect("a sweep");
            let users = workflows::staff::list(&test.app, &center.admin).await.expect("users");
            users.iter().filter(|user| user.blocked_since.is_some()).count()
        };
        test.app.set_clock(monday + TimeDelta::minutes(30)).await.expect("a test clock");
        assert_eq!(blocked().await, 0, "late, but within the grace");
        test.app.set_clock(monday + TimeDelta::minutes(90)).await.expect("a test clock");
        assert_eq!(blocked().await, 2);
        set(&center, json!({"overdue_block": 0})).await;
        assert_eq!(blocked().await, 0, "never");
    }
}
