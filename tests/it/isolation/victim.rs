//! The centre that is attacked: one row of everything, each with a word that must never be seen elsewhere.

use platform::auth::session;
use platform::ids::new_id;
use platform::tenancy::TenantRef;
use platform::{Tx, secrets};
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use support::site::{Reply, Site, Who};

/// In every text of the victim's.
pub const CANARY: &str = "kanareyka";
/// The key of the victim's own source and field: it stands in addresses, so it is no canary.
pub const WORD: &str = "only_alphas";
/// The digits of the victim's phones.
pub const DIGITS: &str = "9012345";
pub const PASSWORD: &str = "Sinov-1234!";

pub struct Victim {
    pub admin: Who,
    pub rep: String,
    pub role: String,
    pub lead: String,
    pub follow_up: String,
    pub bulk: String,
    pub follow_up_bulk: String,
    pub view: String,
    pub decision: String,
    pub course: String,
    pub import: String,
    pub leave: String,
    /// A day the victim is closed.
    pub holiday: String,
    pub export: String,
    pub sheet: String,
    pub token: String,
    pub session: String,
    /// The session's cookie, as a browser would send it.
    pub cookie: String,
    pub reset: String,
    pub now: String,
}

impl Victim {
    pub async fn on(site: &Site) -> Self {
        let tenant = site.test.tenant("alpha").await;
        Self::of(site, &tenant).await
    }

    /// Adds one row of everything to a centre.
    pub async fn of(site: &Site, tenant: &TenantRef) -> Self {
        let admin = site.user(tenant, &format!("admin.{CANARY}"), "admin").await;
        let rep = json!({
            "username": format!("rep.{CANARY}"), "first_name": CANARY, "last_name": CANARY, "role": "sales",
            "email": format!("{CANARY}@example.uz"), "phone": "+998901234501", "password": PASSWORD,
        });
        let rep = id(site.post(&admin, "/users", rep).await.expect(201));
        let role = json!({"name": format!("Rol {CANARY}"), "permits": ["courses read"]});
        let role = id(site.post(&admin, "/roles", role).await.expect(201));
        let course = json!({"name": format!("Kurs {CANARY}"), "sales_script": CANARY});
        let course = id(site.post(&admin, "/courses", course).await.expect(201));
        let lead = json!({
            "name": format!("Lid {CANARY}"), "phone": "+998901234502", "notes": CANARY, "tags": [CANARY],
            "custom": {CANARY: CANARY}, "course_id": course, "owner_id": rep,
        });
        let lead = id(site.post(&admin, "/leads", lead).await.expect(201));
        site.post(&admin, &format!("/leads/{lead}/notes"), json!({"text": CANARY}))
            .await
            .expect(201);
        let plan = json!({"due_at": site.app().clock.now() + chrono::TimeDelta::hours(1), "text": CANARY});
        let follow_up = id(site
            .post(&admin, &format!("/leads/{lead}/follow-ups"), plan)
            .await
            .expect(201));
        let tag = json!({"action": "tag", "tags": [CANARY, "B1"], "lead_ids": [lead]});
        let bulk = id(site.post(&admin, "/bulk-changes", tag).await.expect(202));
        let moved = json!({"action": "reassign", "owner_id": admin.id.to_string(), "follow_up_ids": [follow_up]});
        let follow_up_bulk = id(site.post(&admin, "/follow-up-changes", moved).await.expect(202));
        let view = json!({"name": CANARY, "query": format!("q={CANARY}"), "shared": true});
        let view = id(site.post(&admin, "/lead-views", view).await.expect(201));
        let columns = json!({"columns": ["phone", "tags"]});
        site.put(&admin, "/lead-columns", columns).await.expect(200);
        let table = format!("Ism,Telefon\n{CANARY},901234503\n{CANARY},12\n");
        let part = Part::bytes(table.into_bytes()).file_name(format!("{CANARY}.csv"));
        let upload = site
            .call(&admin, Method::POST, "/imports")
            .multipart(Form::new().part("file", part));
        let import = id(Reply::of(upload).await.expect(202));
        let day = (site.app().clock.now() + chrono::TimeDelta::days(30))
            .date_naive()
            .to_string();
        let asked = json!({"kind": "other", "first_day": day, "note": CANARY});
        let leave = id(site.post(&admin, "/leave-requests", asked).await.expect(201));
        site.put(&admin, &format!("/holidays/{day}"), json!({"name": CANARY}))
            .await
            .expect(204);
        let list = json!({"what": "leads", "format": "csv", "filter": {"q": CANARY}});
        let export = id(site.post(&admin, "/exports", list).await.expect(202));
        let token = json!({"name": CANARY});
        let token = id(site.post(&admin, "/tokens", token).await.expect(201));
        site.patch(
            &admin,
            &format!("/settings?message={CANARY}"),
            json!({"new_minutes": 7}),
        )
        .await
        .expect(200);
        let draft = json!({"source": format!("// {CANARY}")});
        site.put(&admin, "/scripts/on_lead_created/draft", draft)
            .await
            .expect(204);
        site.work().await;
        let decisions = site.get(&admin, &format!("/leads/{lead}/decisions")).await.expect(200);
        let opened = session::open(site.app(), tenant, admin.id, None, Some(CANARY))
            .await
            .expect("a session");
        let listed = site.get(&admin, "/sessions").await.expect(200);
        let reset = site
            .post(&admin, &format!("/users/{rep}/reset-link"), json!({}))
            .await
            .expect(201);
        let victim = Victim {
            session: id(listed["items"][0].clone()),
            cookie: format!("{}={}", platform::http::SESSION_COOKIE, opened.token),
            now: site.app().clock.now().to_rfc3339(),
            reset: reset["token"].as_str().unwrap_or_default().to_owned(),
            admin,
            rep,
            role,
            lead,
            follow_up,
            bulk,
            follow_up_bulk,
            view,
            decision: id(decisions["items"][0].clone()),
            course,
            import,
            leave,
            holiday: day,
            export,
            sheet: new_id().to_string(),
            token,
        };
        victim.write_by_hand(site).await;
        victim
    }

    /// What needs the outside world to be made: a script that was checked, a bot that was asked for.
    async fn write_by_hand(&self, site: &Site) {
        let (tenant, author) = (self.admin.tenant.id, self.admin.id);
        let sheet: platform::Id = self.sheet.parse().expect("an id");
        let write = async move |tx: Tx| {
            let (now, hook) = (tx.now(), "on_lead_created");
            tx.run(
                "INSERT INTO script_version (tenant_id, hook, version, source, hash, message, created_at) \
                 VALUES ($1, $2, 1, $3, $3, $3, $4)",
                vec![tenant.0.into(), hook.into(), CANARY.into(), now.into()],
            )
            .await?;
            tx.run(
                "INSERT INTO script_state (tenant_id, hook, published, failures, version) VALUES ($1, $2, 1, 0, 1)",
                vec![tenant.0.into(), hook.into()],
            )
            .await?;
            tx.run(
                "INSERT INTO source (tenant_id, key, position, labels) VALUES ($1, $2, 99, $3)",
                vec![tenant.0.into(), WORD.into(), json!({"en": CANARY}).into()],
            )
            .await?;
            tx.run(
                "INSERT INTO custom_field (tenant_id, key, position, kind, options, labels) \
                 VALUES ($1, $2, 9, 'text', $3, $4)",
                vec![
                    tenant.0.into(),
                    WORD.into(),
                    json!([]).into(),
                    json!({"en": CANARY}).into(),
                ],
            )
            .await?;
            tx.run(
                "INSERT INTO connected_sheet (tenant_id, id, author_id, title, spreadsheet, gid, tab, email, key_sealed, \
                 header, mapping, on_duplicate, every_minutes, state, tries, pass, next_row, seen, created, duplicates, \
                 rejected, created_at) VALUES ($1, $2, $3, $4, $4, 0, $4, $4, $4, $5, $6, 'skip', 15, 'paused', 0, 0, 0, 0, \
                 0, 0, 0, $7)",
                vec![
                    tenant.0.into(),
                    sheet.into(),
                    author.into(),
                    CANARY.into(),
                    json!([CANARY]).into(),
                    json!({"phone": CANARY}).into(),
                    now.into(),
                ],
            )
            .await?;
            tx.run(
                "INSERT INTO sheet_row (tenant_id, sheet_id, hash) VALUES ($1, $2, $3)",
                vec![tenant.0.into(), sheet.into(), CANARY.into()],
            )
            .await?;
            tx.run(
                "INSERT INTO bot (tenant_id, id, username, token_sealed, mode, path, secret_sealed, poll_offset, \
                 active, created_at) VALUES ($1, $2, $3, $3, 'polling', $4, $3, 0, $5, $6)",
                vec![
                    tenant.0.into(),
                    new_id().into(),
                    CANARY.into(),
                    secrets::new_token().into(),
                    false.into(),
                    now.into(),
                ],
            )
            .await
        };
        site.app().db.write(tenant, write).await.expect("the rows are kept");
    }

    /// Panics when an answer to the other centre holds anything of this one.
    #[track_caller]
    pub fn unseen_in(&self, asked: &str, reply: &Reply) {
        let headers = format!("{:?}", reply.headers);
        for text in [&reply.text, &headers] {
            for word in [CANARY, DIGITS] {
                assert!(!text.contains(word), "{asked} shows {word}: {text}");
            }
        }
    }
}

fn id(made: Value) -> String {
    made["id"]
        .as_str()
        .unwrap_or_else(|| panic!("no id in {made}"))
        .to_owned()
}
