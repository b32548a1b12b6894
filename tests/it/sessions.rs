//! Signing in and staying out: sessions, tokens, throttle, one-time links, limits on requests.

use std::time::Duration;

use chrono::TimeDelta;
use platform::Tx;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use support::both_engines;
use support::site::{Reply, Site, Who};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const PASSWORD: &str = "Sinov-1234!";

async fn admin(site: &Site) -> Who {
    let tenant = site.test.tenant("demo").await;
    site.user(&tenant, "admin", "admin").await
}

async fn zuhra(site: &Site, admin: &Who) -> String {
    let new = json!({"username": "zuhra", "first_name": "Zuhra", "role": "sales", "password": PASSWORD});
    site.post(admin, "/users", new).await.expect(201)["id"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

async fn sign_in(site: &Site, username: &str, password: &str) -> Reply {
    let request = site.request(Method::POST, "demo", "/api/v1/sessions");
    Reply::of(request.json(&json!({"username": username, "password": password}))).await
}

struct Signed {
    cookie: String,
    csrf: String,
}

async fn signed(site: &Site, username: &str) -> Signed {
    let reply = sign_in(site, username, PASSWORD).await;
    let set = reply.header("set-cookie").to_owned();
    for part in ["__Host-sid=", "; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
        assert!(set.contains(part), "{set}");
    }
    let csrf = reply.expect(201)["csrf_token"].as_str().unwrap_or_default().to_owned();
    Signed {
        cookie: set.split(';').next().unwrap_or_default().to_owned(),
        csrf,
    }
}

fn as_browser(site: &Site, by: &Signed, method: Method, path: &str) -> RequestBuilder {
    site.request(method, "demo", &format!("/api/v1{path}"))
        .header("Cookie", &by.cookie)
}

/// What a server answers to bytes no client library would send.
async fn raw(site: &Site, head: &str, body: &str) -> String {
    let mut stream = tokio::net::TcpStream::connect(("127.0.0.1", site.port))
        .await
        .expect("it listens");
    let request = format!("{head}\r\nHost: demo.localhost\r\nConnection: close\r\n\r\n{body}");
    stream.write_all(request.as_bytes()).await.expect("it reads");
    let mut answer = String::new();
    let reading = stream.read_to_string(&mut answer);
    let _ = tokio::time::timeout(std::time::Duration::from_secs(5), reading).await;
    answer
}

both_engines! {
    async fn a_session_needs_its_token_from_its_own_origin(site: Site) {
        let admin = admin(&site).await;
        zuhra(&site, &admin).await;
        let by = signed(&site, "Zuhra ").await;
        let me = Reply::of(as_browser(&site, &by, Method::GET, "/me")).await.expect(200);
        assert_eq!((&me["role"], &me["tenant"]["slug"]), (&json!("sales"), &json!("demo")));
        let lead = json!({"name": "Aysel", "phone": "901234567"});
        let post = || as_browser(&site, &by, Method::POST, "/leads").json(&lead);
        let own = format!("http://demo.localhost:{}", site.port);
        Reply::of(post()).await.refused(403, "cross_site_request");
        Reply::of(post().header("X-Csrf-Token", &by.csrf)).await.refused(403, "cross_site_request");
        Reply::of(post().header("Sec-Fetch-Site", "same-origin")).await.refused(403, "cross_site_request");
        for (header, value) in [("Origin", "http://academy.localhost"), ("Sec-Fetch-Site", "same-site"), ("Sec-Fetch-Site", "cross-site")] {
            Reply::of(post().header("X-Csrf-Token", &by.csrf).header(header, value)).await.refused(403, "cross_site_request");
        }
        Reply::of(post().header("X-Csrf-Token", "guess").header("Origin", &own)).await.refused(403, "cross_site_request");
        Reply::of(post().header("X-Csrf-Token", &by.csrf).header("Origin", &own)).await.expect(201);

        let listed = Reply::of(as_browser(&site, &by, Method::GET, "/sessions")).await.expect(200);
        assert_eq!(listed["items"][0]["current"], true);
        assert!(!listed.to_string().contains(by.cookie.split('=').nth(1).unwrap_or("?")), "tokens are not shown");
        let out = as_browser(&site, &by, Method::DELETE, "/sessions").header("X-Csrf-Token", &by.csrf).header("Origin", &own);
        let out = Reply::of(out).await;
        assert!(out.header("set-cookie").contains("Max-Age=0"));
        out.expect(204);
        Reply::of(as_browser(&site, &by, Method::GET, "/me")).await.refused(401, "sign_in_required");
    }

    async fn sessions_end_by_idleness_by_age_and_by_hand(site: Site) {
        let admin = admin(&site).await;
        zuhra(&site, &admin).await;
        let idle = signed(&site, "zuhra").await;
        site.pass(TimeDelta::hours(11)).await;
        Reply::of(as_browser(&site, &idle, Method::GET, "/me")).await.expect(200);
        site.pass(TimeDelta::hours(13)).await;
        Reply::of(as_browser(&site, &idle, Method::GET, "/me")).await.refused(401, "sign_in_required");

        let old = signed(&site, "zuhra").await;
        for _ in 0..33 {
            site.pass(TimeDelta::hours(10)).await;
            Reply::of(as_browser(&site, &old, Method::GET, "/me")).await.expect(200);
        }
        site.pass(TimeDelta::hours(10)).await;
        Reply::of(as_browser(&site, &old, Method::GET, "/me")).await.refused(401, "sign_in_required");

        let (here, there) = (signed(&site, "zuhra").await, signed(&site, "zuhra").await);
        let listed = Reply::of(as_browser(&site, &here, Method::GET, "/sessions")).await.expect(200);
        let other = listed["items"].as_array().into_iter().flatten().find(|s| s["current"] == false).map(|s| s["id"].clone());
        let path = format!("/sessions/{}", other.as_ref().and_then(Value::as_str).unwrap_or("none"));
        let own = format!("http://demo.localhost:{}", site.port);
        let end = as_browser(&site, &here, Method::DELETE, &path).header("X-Csrf-Token", &here.csrf).header("Origin", &own);
        Reply::of(end).await.expect(204);
        Reply::of(as_browser(&site, &there, Method::GET, "/me")).await.refused(401, "sign_in_required");
        site.delete(&admin, &path).await.refused(404, "not_found");
    }

    async fn guessing_passwords_is_throttled(site: Site) {
        let admin = admin(&site).await;
        zuhra(&site, &admin).await;
        for _ in 0..10 {
            sign_in(&site, "zuhra", "Wrong-1234!").await.refused(401, "bad_credentials");
        }
        let reply = sign_in(&site, "zuhra", PASSWORD).await;
        assert_eq!(reply.header("retry-after"), "900");
        reply.refused(429, "too_many_requests");
        // Others are not kept out by it, and an unknown name answers as a wrong password does.
        sign_in(&site, "nobody", PASSWORD).await.refused(401, "bad_credentials");
    }

    async fn a_signed_out_user_stays_out(site: Site) {
        let admin = admin(&site).await;
        let id = zuhra(&site, &admin).await;
        let by = signed(&site, "zuhra").await;
        site.delete(&admin, &format!("/users/{id}")).await.expect(204);
        Reply::of(as_browser(&site, &by, Method::GET, "/me")).await.refused(401, "sign_in_required");
        sign_in(&site, "zuhra", PASSWORD).await.refused(401, "bad_credentials");
    }

    async fn a_one_time_link_sets_a_password_once(site: Site) {
        let admin = admin(&site).await;
        let id = zuhra(&site, &admin).await;
        let by = signed(&site, "zuhra").await;
        let path = format!("/users/{id}/reset-link");
        let link = site.post(&admin, &path, json!({})).await.expect(201)["token"].as_str().unwrap_or_default().to_owned();
        let redeem = async |token: &str, password: &str| {
            let request = site.request(Method::PUT, "demo", &format!("/api/v1/password-resets/{token}"));
            Reply::of(request.json(&json!({"password": password}))).await
        };
        redeem(&link, "weak").await.refused(422, "invalid");
        redeem("guess", "Yangi-5678!").await.refused(422, "link_used_or_expired");
        redeem(&link, "Yangi-5678!").await.expect(204);
        redeem(&link, "Boshqa-5678!").await.refused(422, "link_used_or_expired");
        Reply::of(as_browser(&site, &by, Method::GET, "/me")).await.refused(401, "sign_in_required");
        sign_in(&site, "zuhra", PASSWORD).await.refused(401, "bad_credentials");
        sign_in(&site, "zuhra", "Yangi-5678!").await.expect(201);
        let stale = site.post(&admin, &path, json!({})).await.expect(201)["token"].as_str().unwrap_or_default().to_owned();
        site.pass(TimeDelta::hours(25)).await;
        redeem(&stale, "Yana-5678!").await.refused(422, "link_used_or_expired");
    }

    async fn the_own_password_needs_the_old_one(site: Site) {
        let admin = admin(&site).await;
        zuhra(&site, &admin).await;
        let by = signed(&site, "zuhra").await;
        let own = format!("http://demo.localhost:{}", site.port);
        let change = async |old: &str| {
            let request = as_browser(&site, &by, Method::PUT, "/me/password").header("X-Csrf-Token", &by.csrf).header("Origin", &own);
            Reply::of(request.json(&json!({"old_password": old, "password": "Yangi-5678!"}))).await
        };
        change("Wrong-1234!").await.refused(422, "invalid");
        change(PASSWORD).await.expect(204);
        sign_in(&site, "zuhra", "Yangi-5678!").await.expect(201);
    }

    async fn tokens_are_shown_once_scoped_and_revocable(site: Site) {
        let admin = admin(&site).await;
        let made = site.post(&admin, "/tokens", json!({"name": "Sayt", "scopes": ["courses"]})).await.expect(201);
        let narrow = Who { token: made["token"].as_str().unwrap_or_default().to_owned(), ..admin.clone() };
        assert!(narrow.token.starts_with("mkz_"));
        assert!(!site.get(&admin, "/tokens").await.text.contains(&narrow.token));
        site.get(&narrow, "/courses").await.expect(200);
        site.get(&narrow, "/users").await.refused(403, "not_allowed");
        site.post(&narrow, "/leads", json!({"name": "A", "phone": "901234567"})).await.refused(403, "not_allowed");
        // A narrow token cannot make itself a wide one.
        for scopes in [json!([]), json!(["courses", "staff"])] {
            site.post(&narrow, "/tokens", json!({"name": "Keng", "scopes": scopes})).await.refused(403, "not_allowed");
        }
        site.post(&narrow, "/tokens", json!({"name": "Tor", "scopes": ["courses"]})).await.expect(201);
        let unknown = site.post(&admin, "/tokens", json!({"name": "X", "scopes": ["everything"]})).await.refused(422, "invalid");
        assert_eq!(unknown["errors"][0]["code"], "unknown_scope");
        let id = made["id"].as_str().unwrap_or_default();
        site.delete(&admin, &format!("/tokens/{id}")).await.expect(204);
        site.delete(&admin, &format!("/tokens/{id}")).await.refused(404, "not_found");
        site.get(&narrow, "/courses").await.refused(401, "sign_in_required");
        site.pass(TimeDelta::days(366)).await;
        site.get(&admin, "/me").await.refused(401, "sign_in_required");
    }

    async fn a_changed_right_counts_from_the_next_request(site: Site) {
        let admin = admin(&site).await;
        let ali = site.user(&admin.tenant, "ali", "sales").await;
        site.get(&ali, "/users").await.refused(403, "not_allowed");
        site.patch(&admin, &format!("/users/{}", ali.id), json!({"role": "manager"})).await.expect(200);
        site.get(&ali, "/users").await.expect(200);
        site.patch(&admin, &format!("/users/{}", ali.id), json!({"role": "sales"})).await.expect(200);
        site.get(&ali, "/users").await.refused(403, "not_allowed");
        // A rule the tenant adds for a role.
        let tenant = ali.tenant.id;
        let rule = "INSERT INTO policy (tenant_id, role, object, action) VALUES ($1, 'sales', 'staff', 'read')";
        site.app().db.write(tenant, async move |tx: Tx| tx.run(rule, vec![tenant.0.into()]).await).await.expect("kept");
        let bump = "UPDATE tenant SET policy_version = policy_version + 1 WHERE id = $1";
        site.app().db.platform(async move |tx: Tx| tx.run(bump, vec![tenant.0.into()]).await).await.expect("kept");
        site.get(&ali, "/users").await.expect(200);
    }

    async fn requests_out_of_bounds_get_their_own_status(site: Site) {
        let admin = admin(&site).await;
        Reply::of(site.request(Method::GET, "nobody", "/api/v1/leads")).await.refused(421, "unknown_host");
        Reply::of(site.request(Method::GET, "demo", "/api/v1/leads")).await.refused(401, "sign_in_required");
        site.get(&admin, "/nowhere").await.refused(404, "not_found");
        Reply::of(site.call(&admin, Method::DELETE, "/leads")).await.refused(405, "method_not_allowed");
        let form = site.call(&admin, Method::POST, "/leads").header("Content-Type", "text/plain").body("name=A");
        Reply::of(form).await.refused(415, "unsupported_media_type");
        let broken = site.call(&admin, Method::POST, "/leads").header("Content-Type", "application/json").body("{");
        Reply::of(broken).await.refused(400, "bad_request");
        Reply::of(site.call(&admin, Method::POST, "/leads").json(&json!({"name": 5}))).await.refused(400, "bad_request");
        let packed = site.call(&admin, Method::POST, "/leads").header("Content-Encoding", "gzip").body("x");
        Reply::of(packed).await.refused(415, "encoded_body");
        let auth = format!("Authorization: Bearer {}\r\nContent-Type: application/json", admin.token);
        let large = raw(&site, &format!("POST /api/v1/leads HTTP/1.1\r\n{auth}\r\nContent-Length: 2000000"), "").await;
        assert!(large.starts_with("HTTP/1.1 413") && large.contains("body_too_large"), "{large}");
        let chunked = raw(&site, &format!("POST /api/v1/leads HTTP/1.1\r\n{auth}\r\nTransfer-Encoding: chunked"), "2\r\n{}\r\n0\r\n\r\n").await;
        assert!(chunked.starts_with("HTTP/1.1 411") && chunked.contains("length_required"), "{chunked}");
    }

    async fn answers_protect_their_reader(site: Site) {
        let admin = admin(&site).await;
        let reply = site.get(&admin, "/leads").await;
        for (name, value) in [("x-content-type-options", "nosniff"), ("cache-control", "no-store"), ("x-frame-options", "DENY")] {
            assert_eq!(reply.header(name), value);
        }
        assert!(!reply.header("x-request-id").is_empty());
        assert!(reply.header("content-security-policy").contains("default-src 'none'"));
    }

    async fn the_clock_of_a_test_server_moves_work_with_it(site: Site) {
        let admin = admin(&site).await;
        let clock = || site.request(Method::PUT, "demo", "/api/v1/test-clock");
        let moved = Reply::of(clock().json(&json!({"now": "2031-05-06T07:08:09Z"}))).await.expect(200);
        assert!(moved["now"].as_str().is_some_and(|now| now.starts_with("2031-05-06T07:08:")), "{moved}");
        // The token lives a year only; a node that was not asked hears of the move within a second.
        for door in ["asked", "told"] {
            let moved = async || while site.get(&admin, "/me").await.status != 401 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            };
            tokio::time::timeout(Duration::from_secs(10), moved()).await.unwrap_or_else(|_| panic!("the node that was {door}"));
        }
        Reply::of(clock().json(&json!({"now": "soon"}))).await.refused(400, "bad_request");
    }
}
