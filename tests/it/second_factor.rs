//! Two-step sign-in: setting it up, codes that are good once, recovery codes, the throttle, a centre that asks everybody
//! for it, and a colleague whose phone is gone.

use std::time::{SystemTime, UNIX_EPOCH};

use platform::Tx;
use platform::auth::second_factor;
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use support::both_engines;
use support::site::{Reply, Site, Who};
use totp_rs::{Builder, Secret};

const PASSWORD: &str = "Sinov-1234!";

/// A rep with a password, as the token she works by.
async fn zuhra(site: &Site, admin: &Who) -> Who {
    let new = json!({"username": "zuhra", "first_name": "Zuhra", "role": "sales", "password": PASSWORD});
    let made = site.post(admin, "/users", new).await.expect(201);
    let id = made["id"].as_str().unwrap_or_default();
    let token = site
        .post(admin, "/tokens", json!({"name": "t", "user_id": id}))
        .await
        .expect(201);
    Who {
        tenant: admin.tenant.clone(),
        id: id.parse().expect("an id"),
        token: token["token"].as_str().unwrap_or_default().to_owned(),
    }
}

/// What an authenticator app shows `ahead` steps from now.
fn code(secret: &str, ahead: u64) -> String {
    let secret = Secret::try_from_base32(secret).expect("base 32");
    let totp = Builder::new()
        .with_secret(secret)
        .with_account_name("x")
        .build()
        .expect("a good secret");
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("after 1970")
        .as_secs();
    totp.generate(now + ahead * 30).to_string()
}

async fn sign_in(site: &Site, code: Option<&str>) -> Reply {
    let body = json!({"username": "zuhra", "password": PASSWORD, "code": code});
    Reply::of(site.request(Method::POST, "demo", "/api/v1/sessions").json(&body)).await
}

/// Sets a second factor up and answers its secret and the recovery codes.
async fn enroll(site: &Site, who: &Who) -> (String, Vec<String>) {
    let begun = site.post(who, "/me/second-factor", json!({})).await.expect(201);
    let secret = begun["secret"].as_str().unwrap_or_default().to_owned();
    assert!(
        begun["url"].as_str().unwrap_or_default().starts_with("otpauth://totp/"),
        "{begun}"
    );
    let confirmed = site
        .put(who, "/me/second-factor", json!({"code": code(&secret, 0)}))
        .await
        .expect(200);
    let codes: Vec<String> = serde_json::from_value(confirmed["codes"].clone()).expect("codes");
    (secret, codes)
}

async fn admin(site: &Site) -> Who {
    let tenant = site.test.tenant("demo").await;
    site.user(&tenant, "admin", "admin").await
}

fn browser(site: &Site, method: Method, path: &str, cookie: &str) -> RequestBuilder {
    site.request(method, "demo", path)
        .header("Sec-Fetch-Site", "same-origin")
        .header(COOKIE, cookie)
}

both_engines! {
    async fn no_code_is_good_twice(site: Site) {
        let admin = admin(&site).await;
        let who = zuhra(&site, &admin).await;
        assert_eq!(site.get(&who, "/me/second-factor").await.expect(200), json!({"on_since": null, "recovery_codes_left": 0, "required": false}));
        site.put(&who, "/me/second-factor", json!({"code": "123456"})).await.refused(422, "no_second_factor_begun");
        let first = site.post(&who, "/me/second-factor", json!({})).await.expect(201);
        let wrong = site.put(&who, "/me/second-factor", json!({"code": "abc"})).await.refused(422, "invalid");
        assert_eq!(wrong["errors"][0]["code"], "bad_code");
        sign_in(&site, None).await.expect(201);
        let (secret, codes) = enroll(&site, &who).await;
        assert_ne!(first["secret"], json!(secret), "beginning again makes another secret");
        assert_eq!(codes.len(), 10);
        site.post(&who, "/me/second-factor", json!({})).await.refused(409, "second_factor_on");

        sign_in(&site, None).await.refused(401, "second_factor_needed");
        sign_in(&site, Some(&code(&secret, 0))).await.refused(401, "bad_code");
        let next = code(&secret, 1);
        sign_in(&site, Some(&next)).await.expect(201);
        for _ in 0..2 {
            sign_in(&site, Some(&next)).await.refused(401, "bad_code");
        }
        sign_in(&site, Some(&codes[0].to_uppercase().replace('-', " "))).await.expect(201);
        sign_in(&site, Some(&codes[0])).await.refused(401, "bad_code");
        assert_eq!(site.get(&who, "/me/second-factor").await.expect(200)["recovery_codes_left"], 9);
        let stored = site.test.database.inspect("SELECT code_hash FROM recovery_code").await;
        assert!(stored.iter().all(|row| !codes.contains(&row.try_get_by_index::<String>(0).unwrap())), "only hashes are kept");
        assert_eq!(site.test.database.count("SELECT COUNT(*) FROM second_factor WHERE secret NOT LIKE 'test:%'").await, 0, "sealed");

        let renewed = site.post(&who, "/me/second-factor/codes", json!({"password": "Wrong-1234!"})).await.refused(422, "invalid");
        assert_eq!(renewed["errors"][0]["field"], "password");
        let renewed = site.post(&who, "/me/second-factor/codes", json!({"password": PASSWORD})).await.expect(200);
        sign_in(&site, Some(&codes[1])).await.refused(401, "bad_code");
        sign_in(&site, renewed["codes"][0].as_str()).await.expect(201);
        site.post(&who, "/me/second-factor/removal", json!({"password": "Wrong-1234!"})).await.refused(422, "invalid");
        site.post(&who, "/me/second-factor/removal", json!({"password": PASSWORD})).await.expect(204);
        sign_in(&site, None).await.expect(201);
        for kind in ["second_factor_on", "recovery_code_used", "recovery_codes_renewed", "second_factor_off"] {
            assert!(site.test.database.count(&format!("SELECT COUNT(*) FROM audit WHERE action = 'user.{kind}'")).await >= 1, "{kind}");
        }
    }

    async fn wrong_codes_are_counted_like_wrong_passwords(site: Site) {
        let admin = admin(&site).await;
        let who = zuhra(&site, &admin).await;
        let (secret, codes) = enroll(&site, &who).await;
        for _ in 0..10 {
            sign_in(&site, Some("000000x")).await.refused(401, "bad_code");
        }
        sign_in(&site, Some(&code(&secret, 1))).await.refused(429, "too_many_requests");
        sign_in(&site, Some(&codes[0])).await.refused(429, "too_many_requests");
    }

    async fn a_centre_can_ask_everybody_for_it(site: Site) {
        let admin = admin(&site).await;
        let who = zuhra(&site, &admin).await;
        let tenant = admin.tenant.id;
        let signed = sign_in(&site, None).await;
        let cookie = signed.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
        let csrf = signed.expect(201)["csrf_token"].as_str().unwrap_or_default().to_owned();
        site.app().db.write(tenant, async move |tx: Tx| second_factor::require_in(&tx, true).await).await.expect("it is kept");
        let api = |method: Method, path: &str| browser(&site, method, &format!("/api/v1{path}"), &cookie).header("X-Csrf-Token", &csrf);
        Reply::of(api(Method::GET, "/leads")).await.refused(403, "second_factor_required");
        assert_eq!(Reply::of(api(Method::GET, "/me")).await.expect(200)["permits"], json!(["profile write"]));
        let sent = browser(&site, Method::GET, "/leads", &cookie).send().await.expect("an answer");
        assert_eq!((sent.status().as_u16(), &sent.headers()[LOCATION]), (303, &"/profile/second-factor".parse().unwrap()));
        let page = browser(&site, Method::GET, "/profile/second-factor", &cookie).send().await.expect("an answer");
        assert_eq!(page.status(), 200);

        let begun: Value = Reply::of(api(Method::POST, "/me/second-factor").json(&json!({}))).await.expect(201);
        let shown = browser(&site, Method::GET, "/profile/second-factor", &cookie).send().await.expect("an answer");
        let shown = shown.text().await.expect("a page");
        assert!(shown.contains("<svg class=\"qr\"") && shown.contains("shape-rendering"), "the code is drawn here");
        let first = code(begun["secret"].as_str().unwrap_or_default(), 0);
        Reply::of(api(Method::PUT, "/me/second-factor").json(&json!({"code": first}))).await.expect(200);
        Reply::of(api(Method::GET, "/leads")).await.expect(200);
        site.post(&who, "/me/second-factor/removal", json!({"password": PASSWORD})).await.refused(422, "second_factor_required");
    }

    async fn a_colleague_whose_phone_is_gone_is_helped_in(site: Site) {
        let admin = admin(&site).await;
        let who = zuhra(&site, &admin).await;
        let manager = site.user(&admin.tenant, "manager", "manager").await;
        let path = format!("/users/{}/second-factor", who.id);
        site.delete(&manager, &path).await.refused(422, "no_second_factor");
        enroll(&site, &who).await;
        enroll(&site, &admin).await;
        site.delete(&who, &path).await.refused(403, "not_allowed");
        site.delete(&manager, &format!("/users/{}/second-factor", admin.id)).await.refused(403, "not_allowed");
        site.delete(&manager, &path).await.expect(204);
        sign_in(&site, None).await.expect(201);
        let told = "SELECT COUNT(*) FROM audit WHERE action = 'user.second_factor_reset'";
        assert_eq!(site.test.database.count(told).await, 1);
    }

    async fn the_portal_asks_for_the_code_on_a_page_of_its_own(site: Site) {
        let admin = admin(&site).await;
        let who = zuhra(&site, &admin).await;
        let (secret, _) = enroll(&site, &who).await;
        let press = |path: &str, form: &[(&str, &str)]| browser(&site, Method::POST, path, "").form(form);
        let asked = press("/login", &[("username", "zuhra"), ("password", PASSWORD), ("next", "/today")]).send().await.expect("an answer");
        assert!(asked.status() == 200 && !asked.headers().contains_key(SET_COOKIE));
        let page = asked.text().await.expect("a page");
        assert!(!page.contains(PASSWORD), "the password goes no further");
        let ticket = page.split("name=\"ticket\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a ticket");
        let ticket = ticket.replace("&#x3D;", "=").replace("&#x2F;", "/").replace("&#x2B;", "+");
        let wrong = press("/login/code", &[("ticket", &ticket), ("code", "000000x"), ("next", "/today")]).send().await.expect("an answer");
        assert_eq!(wrong.status(), 401);
        assert!(wrong.text().await.expect("a page").contains("name=\"ticket\""), "and may be tried again");
        let forged = press("/login/code", &[("ticket", "x.y"), ("code", "123456")]).send().await.expect("an answer");
        assert!(forged.status() == 401 && forged.text().await.expect("a page").contains("name=\"password\""));
        let next = code(&secret, 1);
        let opened = press("/login/code", &[("ticket", &ticket), ("code", &next), ("next", "/today")]).send().await.expect("an answer");
        assert_eq!((opened.status().as_u16(), &opened.headers()[LOCATION]), (303, &"/today".parse().unwrap()));
        let cookie = opened.headers()[SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
        sign_in(&site, Some("nonsense")).await.refused(401, "bad_code");
        let profile = browser(&site, Method::GET, "/profile", &cookie).send().await.expect("an answer").text().await.expect("a page");
        assert!(profile.contains("127.0.0.1"), "where it was last seen");
    }

    async fn all_other_sessions_end_at_once(site: Site) {
        let admin = admin(&site).await;
        zuhra(&site, &admin).await;
        let mut open = Vec::new();
        for _ in 0..3 {
            let signed = sign_in(&site, None).await;
            let cookie = signed.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
            let csrf = signed.expect(201)["csrf_token"].as_str().unwrap_or_default().to_owned();
            open.push((cookie, csrf));
        }
        let (cookie, csrf) = &open[1];
        let end = browser(&site, Method::DELETE, "/api/v1/other-sessions", cookie).header("X-Csrf-Token", csrf);
        Reply::of(end).await.expect(204);
        let listed = Reply::of(browser(&site, Method::GET, "/api/v1/sessions", cookie)).await.expect(200);
        assert_eq!((listed["items"].as_array().map(Vec::len), &listed["items"][0]["current"]), (Some(1), &json!(true)));
        Reply::of(browser(&site, Method::GET, "/api/v1/me", &open[0].0)).await.refused(401, "sign_in_required");
    }
}
