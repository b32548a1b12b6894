//! Somebody leaves: their open leads and follow-ups go to a colleague or are shared out again, their history stays.

use chrono::TimeDelta;
use serde_json::{Value, json};
use support::both_engines;
use support::site::{Site, Who};

struct Team {
    manager: Who,
    ali: Who,
    vali: Who,
    leads: Vec<String>,
}

/// Ali with three leads: one with a follow-up of his own, one lost.
async fn team(site: &Site) -> Team {
    let tenant = site.test.tenant("demo").await;
    let manager = site.user(&tenant, "manager", "manager").await;
    let (ali, vali) = (
        site.user(&tenant, "ali", "sales").await,
        site.user(&tenant, "vali", "sales").await,
    );
    let mut leads = Vec::new();
    for n in 0..3 {
        let new = json!({"name": format!("Lid {n}"), "phone": format!("90123450{n}"), "owner_id": ali.id});
        let made = site.post(&manager, "/leads", new).await.expect(201);
        leads.push(made["id"].as_str().unwrap_or_default().to_owned());
    }
    site.work().await;
    for lead in &leads {
        site.put(&manager, &format!("/leads/{lead}/owner"), json!({"owner_id": ali.id}))
            .await;
    }
    site.work().await;
    let due = site.app().clock.now() + TimeDelta::hours(5);
    let plan = json!({"due_at": due, "text": "qoʻngʻiroq"});
    site.post(&ali, &format!("/leads/{}/follow-ups", leads[0]), plan)
        .await
        .expect(201);
    Team {
        manager,
        ali,
        vali,
        leads,
    }
}

async fn owners(site: &Site, team: &Team) -> Vec<Value> {
    let mut found = Vec::new();
    for lead in &team.leads {
        found.push(site.get(&team.manager, &format!("/leads/{lead}")).await.expect(200)["owner_id"].clone());
    }
    found
}

async fn open_of(site: &Site, who: &Who) -> i64 {
    let page = site.get(who, "/follow-ups?view=open").await;
    page.expect(200)["items"].as_array().map_or(0, Vec::len) as i64
}

both_engines! {
    async fn a_colleague_takes_everything_over(site: Site) {
        let team = team(&site).await;
        let before = open_of(&site, &team.ali).await;
        assert!(before > 0);
        let path = format!("/users/{}", team.ali.id);
        site.delete(&team.manager, &format!("{path}?hand_over_to={}", team.ali.id)).await.refused(422, "invalid");
        site.delete(&team.manager, &format!("{path}?hand_over_to={}", uuid::Uuid::now_v7())).await.refused(422, "invalid");
        assert_eq!(site.get(&team.manager, &path).await.expect(200)["active"], true, "a refusal changes nothing");
        site.delete(&team.manager, &format!("{path}?hand_over_to={}", team.vali.id)).await.expect(204);
        site.get(&team.ali, "/me").await.refused(401, "sign_in_required");
        site.work().await;
        assert_eq!(owners(&site, &team).await, vec![json!(team.vali.id); 3]);
        let kept = format!("SELECT COUNT(*) FROM follow_up WHERE state = 'open' AND text = '{}'", "qoʻngʻiroq");
        assert_eq!(site.test.database.count(&kept).await, 1, "what was planned by hand goes along");
        assert!(open_of(&site, &team.vali).await >= before);
        let told = "SELECT COUNT(*) FROM event WHERE kind = 'lead.assigned' AND payload LIKE '%handed_over%'";
        let told = if site.app().db.is_postgres() { told.replace("payload", "payload::text") } else { told.to_owned() };
        assert_eq!(site.test.database.count(&told).await, 3, "every lead's history says so");
        assert_eq!(site.test.database.count("SELECT COUNT(*) FROM audit WHERE action = 'user.work_handed_over'").await, 1);
        let again = site.delete(&team.manager, &format!("{path}?hand_over_to={}", team.vali.id)).await;
        assert_eq!(again.status, 204, "{}", again.text);
        site.work().await;
        assert_eq!(site.test.database.count(&told).await, 3, "twice does it once");
    }

    async fn the_work_is_shared_out_again(site: Site) {
        let team = team(&site).await;
        site.delete(&team.manager, &format!("/users/{}?share_out=true", team.ali.id)).await.expect(204);
        site.work().await;
        for owner in owners(&site, &team).await {
            assert_eq!(owner, json!(team.vali.id), "whoever is there gets it");
        }
        let left = "SELECT COUNT(*) FROM follow_up AS f JOIN app_user AS u ON u.id = f.owner_id WHERE f.state = 'open' AND u.username = 'ali'";
        assert_eq!(site.test.database.count(left).await, 0, "nothing open stays with who left");
    }

    async fn without_a_word_the_work_stays(site: Site) {
        let team = team(&site).await;
        site.delete(&team.manager, &format!("/users/{}", team.ali.id)).await.expect(204);
        site.work().await;
        assert_eq!(owners(&site, &team).await, vec![json!(team.ali.id); 3]);
    }

    async fn a_role_that_knows_no_leads_takes_nothing(site: Site) {
        let team = team(&site).await;
        let admin = site.user(&team.manager.tenant, "admin", "admin").await;
        let role = json!({"name": "Hisobchi", "permits": ["courses read"]});
        let role = site.post(&admin, "/roles", role).await.expect(201);
        let clerk = site.user(&team.manager.tenant, "clerk", role["id"].as_str().unwrap_or_default()).await;
        let path = format!("/users/{}?hand_over_to={}", team.ali.id, clerk.id);
        let refused = site.delete(&team.manager, &path).await.refused(422, "invalid");
        assert_eq!((&refused["errors"][0]["field"], &refused["errors"][0]["code"]), (&json!("hand_over_to"), &json!("role_without_leads")));
        assert_eq!(site.get(&admin, &format!("/users/{}", team.ali.id)).await.expect(200)["active"], true);
    }

    async fn an_inactive_colleague_takes_nothing(site: Site) {
        let team = team(&site).await;
        site.delete(&team.manager, &format!("/users/{}", team.vali.id)).await.expect(204);
        let refused = site.delete(&team.manager, &format!("/users/{}?hand_over_to={}", team.ali.id, team.vali.id)).await;
        assert_eq!(refused.refused(422, "invalid")["errors"][0]["code"], "user_inactive");
    }
}
