//! Every operation of the OpenAPI document, asked with the other centre's ids, token, session and host. An operation
//! without a fixture fails.

use reqwest::multipart::{Form, Part};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use support::both_engines;
use support::site::{Reply, Site, Who};

use super::content::content;
use super::victim::{Victim, WORD};
use crate::openapi::operations;

/// How an operation is asked.
struct Fixture {
    /// What replaces the path's parameter.
    at: String,
    query: &'static str,
    body: Body,
    /// It names a row of the victim's, so that nothing but a refusal is right.
    foreign: bool,
}

enum Body {
    None,
    Json(Value),
    Table,
}

fn fixture(operation: &str, victim: &Victim) -> Option<Fixture> {
    let id = |id: &str, body: Body| Fixture {
        at: id.to_owned(),
        query: "",
        body,
        foreign: true,
    };
    let own = |body: Body| Fixture {
        at: String::new(),
        query: "",
        body,
        foreign: false,
    };
    let hook = |body: Body| Fixture {
        at: "on_lead_created".to_owned(),
        query: "",
        body,
        foreign: false,
    };
    let Victim {
        lead,
        follow_up,
        course,
        rep,
        import,
        export,
        sheet,
        ..
    } = victim;
    Some(match operation {
        "list_leads" => Fixture {
            query: "?q=kanareyka",
            ..own(Body::None)
        },
        "get_board" => Fixture {
            query: "?q=kanareyka",
            ..own(Body::None)
        },
        "undo_lead_move" => id(lead, Body::None),
        "create_lead" => Fixture {
            foreign: true,
            ..own(Body::Json(
                json!({"name": "X", "phone": "+998907654321", "course_id": course}),
            ))
        },
        "create_lead_view" => own(Body::Json(json!({"name": "X", "query": "status=new"}))),
        "edit_lead_view" => id(&victim.view, Body::Json(json!({"name": "X", "shared": false}))),
        "delete_lead_view" => id(&victim.view, Body::None),
        "set_lead_columns" => own(Body::Json(json!({"columns": ["phone"]}))),
        "check_known_phone" => Fixture {
            query: "?phone=901234502",
            ..own(Body::None)
        },
        "create_bulk_change" => Fixture {
            foreign: true,
            ..own(Body::Json(json!({"action": "tag", "tags": ["X"], "lead_ids": [lead]})))
        },
        "get_bulk_change" | "list_bulk_refusals" | "undo_bulk_change" => id(&victim.bulk, Body::None),
        "create_follow_up_change" | "preview_follow_up_change" => Fixture {
            foreign: true,
            ..own(Body::Json(
                json!({"action": "reschedule", "hours": 1, "follow_up_ids": [follow_up]}),
            ))
        },
        "get_follow_up_change" | "list_follow_up_refusals" | "undo_follow_up_change" => {
            id(&victim.follow_up_bulk, Body::None)
        }
        "delete_lead" | "restore_lead" => id(lead, Body::None),
        "get_lead" | "get_lead_timeline" | "get_lead_decisions" | "list_lead_follow_ups" => id(lead, Body::None),
        "edit_lead" => id(lead, Body::Json(json!({"name": "X"}))),
        "change_lead_status" => id(lead, Body::Json(json!({"status": "contacted"}))),
        "assign_lead" => id(lead, Body::Json(json!({"owner_id": rep}))),
        "log_lead_call" => id(lead, Body::Json(json!({"direction": "out", "outcome": "reached"}))),
        "list_lead_family" | "list_lead_merges" | "undo_lead_merge" => id(lead, Body::None),
        "merge_leads" => id(lead, Body::Json(json!({"lead_id": lead}))),
        "add_lead_note" => id(lead, Body::Json(json!({"text": "X"}))),
        "plan_follow_up" => id(lead, Body::Json(json!({"due_at": "2031-01-01T00:00:00Z"}))),
        "list_decisions" => Fixture {
            query: "?degraded=true",
            ..own(Body::None)
        },
        "rerun_decision" => id(&victim.decision, Body::None),
        "list_follow_ups" => Fixture {
            query: "?view=open",
            ..own(Body::None)
        },
        "get_follow_up" | "list_follow_up_reminders" => id(follow_up, Body::None),
        "put_off_follow_up" => id(follow_up, Body::Json(json!({"for": "1h"}))),
        "complete_follow_up" | "post_follow_up_completion" => id(follow_up, Body::Json(json!({"outcome": "done"}))),
        "get_user" | "deactivate_user" | "make_reset_link" | "get_user_hours" | "clear_user_absence" => {
            id(rep, Body::None)
        }
        "edit_user" => id(rep, Body::Json(json!({"first_name": "X"}))),
        "set_user_hours" => id(rep, Body::Json(json!({"windows": []}))),
        "set_user_absence" => id(rep, Body::Json(json!({"from": "2031-01-01T00:00:00Z"}))),
        "create_user" => own(Body::Json(
            json!({"username": "x1", "first_name": "X", "role": "sales"}),
        )),
        "list_users"
        | "list_tags"
        | "list_trash"
        | "list_lead_views"
        | "get_lead_columns"
        | "get_me"
        | "list_sessions"
        | "list_tokens"
        | "list_courses"
        | "list_statuses"
        | "list_sources"
        | "list_lost_reasons"
        | "list_custom_fields"
        | "count_tags"
        | "get_overdue_load"
        | "get_settings"
        | "list_settings_versions"
        | "list_imports"
        | "list_exports"
        | "list_sheets"
        | "list_scripts"
        | "get_bot"
        | "start_bot_link"
        | "end_bot_link"
        | "get_test_clock"
        | "sign_out" => own(Body::None),
        "add_source" | "add_lost_reason" | "add_custom_field" => {
            own(Body::Json(json!({"labels": {"en": "Word of mine"}})))
        }
        "rename_tag" => id("b1", Body::Json(json!({"name": "Y"}))),
        "merge_tags" => id("b1", Body::Json(json!({"into": "x"}))),
        "drop_tag" => id("b1", Body::None),
        "change_source" | "change_custom_field" => id(WORD, Body::Json(json!({"retired": true}))),
        // The pack's words are in both centers: this one is the asker's own.
        "change_lost_reason" => Fixture {
            at: "price".to_owned(),
            ..own(Body::Json(json!({"position": 0})))
        },
        "change_password" => Fixture {
            foreign: true,
            ..own(Body::Json(
                json!({"old_password": "Sinov-1234!", "password": "Yangi-5678!"}),
            ))
        },
        "sign_in" => Fixture {
            foreign: true,
            ..own(Body::Json(
                json!({"username": "rep.kanareyka", "password": "Sinov-1234!"}),
            ))
        },
        "get_distribution" | "give_out_waiting" => own(Body::None),
        "change_distribution" => own(Body::Json(json!({"silent_minutes": 30}))),
        "list_leave_requests" | "list_holidays" => own(Body::None),
        "request_leave" => own(Body::Json(json!({"kind": "illness", "first_day": victim.holiday}))),
        "get_leave_request" | "get_leave_conflicts" | "cancel_leave_request" | "end_leave" => {
            id(&victim.leave, Body::None)
        }
        "decide_leave_request" => id(&victim.leave, Body::Json(json!({"approve": true}))),
        "get_leave_calendar" => Fixture {
            query: "?from=2026-01-01&to=2026-12-31",
            ..own(Body::None)
        },
        "add_holiday" => Fixture {
            at: victim.holiday.clone(),
            ..own(Body::Json(json!({"name": "X"})))
        },
        "remove_holiday" => Fixture {
            at: victim.holiday.clone(),
            ..own(Body::None)
        },
        "end_session" => id(&victim.session, Body::None),
        "redeem_reset_link" => id(&victim.reset, Body::Json(json!({"password": "Yangi-5678!"}))),
        "create_token" => Fixture {
            foreign: true,
            ..own(Body::Json(json!({"name": "X", "user_id": rep})))
        },
        "revoke_token" => id(&victim.token, Body::None),
        "get_second_factor" | "begin_second_factor" | "end_other_sessions" => own(Body::None),
        "confirm_second_factor" => own(Body::Json(json!({"code": "123456"}))),
        "turn_off_second_factor" | "renew_recovery_codes" => own(Body::Json(json!({"password": "Sinov-1234!"}))),
        "reset_second_factor" => id(rep, Body::None),
        "edit_me" => own(Body::Json(json!({"first_name": "X"}))),
        "list_audit" | "get_centre" => own(Body::None),
        "edit_centre" => own(Body::Json(json!({"address": "X"}))),
        "list_roles" | "list_permits" => own(Body::None),
        "create_role" => own(Body::Json(json!({"name": "X", "permits": []}))),
        "get_role" | "remove_role" => id(&victim.role, Body::None),
        "edit_role" => id(&victim.role, Body::Json(json!({"name": "Y"}))),
        "create_course" => own(Body::Json(json!({"name": "X"}))),
        "get_course" => id(course, Body::None),
        "edit_course" => id(course, Body::Json(json!({"name": "Y"}))),
        "list_packs" | "disable_pack" => own(Body::None),
        "get_pack_report" => Fixture {
            at: "driving-school".to_owned(),
            ..own(Body::None)
        },
        "install_pack" => Fixture {
            at: "driving-school".to_owned(),
            ..own(Body::Json(json!({"permissions": []})))
        },
        "enable_pack" => own(Body::Json(json!({"id": "driving-school"}))),
        "restore_settings" => own(Body::Json(json!({"version": 1}))),
        "change_settings" => own(Body::Json(json!({"new_minutes": 7}))),
        "start_import" => own(Body::Table),
        "start_export" => own(Body::Json(json!({"what": "leads", "format": "xlsx"}))),
        "connect_sheet" => Fixture {
            foreign: true,
            ..own(Body::Json(
                json!({"link": "1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms", "same_as": sheet}),
            ))
        },
        "get_sheet" | "remove_sheet" | "read_sheet" => id(sheet, Body::None),
        "settle_sheet" => id(sheet, Body::Json(json!({"every_minutes": 5}))),
        "pause_sheet" => id(sheet, Body::Json(json!({"paused": false}))),
        "replace_sheet_key" => id(
            sheet,
            Body::Json(json!({"key": {"client_email": "a@b", "private_key": "PRIVATE KEY"}})),
        ),
        "get_export" | "cancel_export" | "download_export" => id(export, Body::None),
        "get_import" | "cancel_import" | "undo_import" | "list_import_kept" => id(import, Body::None),
        "list_import_rows" | "download_import_rows" => Fixture {
            query: "?kind=rejected",
            ..id(import, Body::None)
        },
        "get_script"
        | "list_script_versions"
        | "list_script_drafts"
        | "count_script_pending"
        | "remove_script"
        | "discard_script_draft" => hook(Body::None),
        "get_script_draft" => Fixture {
            foreign: true,
            ..hook(Body::None)
        },
        "describe_scripts" => own(Body::None),
        "save_script_draft" => hook(Body::Json(json!({"source": "fn on_lead_created(ctx) { }"}))),
        "publish_script" => hook(Body::Json(
            json!({"source": "fn on_lead_created(ctx) { }", "message": "X"}),
        )),
        "roll_back_script" => Fixture {
            foreign: true,
            ..hook(Body::Json(json!({"version": 1})))
        },
        "check_script" => hook(Body::Json(json!({"source": "fn on_lead_created(ctx) { }"}))),
        "test_script" => hook(Body::Json(json!({"source": "fn on_lead_created(ctx) { }"}))),
        "try_script" => Fixture {
            foreign: true,
            ..hook(Body::Json(json!({"lead_id": lead})))
        },
        "set_test_clock" => own(Body::Json(json!({"now": victim.now}))),
        _ => return None,
    })
}

fn ask(site: &Site, method: &Method, slug: &str, path: &str, fixture: &Fixture) -> RequestBuilder {
    let path = path.split('/').map(|part| {
        if part.starts_with('{') {
            fixture.at.as_str()
        } else {
            part
        }
    });
    let path = path.collect::<Vec<_>>().join("/");
    let request = site
        .request(method.clone(), slug, &format!("/api/v1{path}{}", fixture.query))
        .header("If-Match", "*");
    match &fixture.body {
        Body::None => request,
        Body::Json(body) => request.json(body),
        Body::Table => {
            let part = Part::bytes(b"Ism,Telefon\nX,907654399\n".to_vec()).file_name("x.csv");
            request.multipart(Form::new().part("file", part))
        }
    }
}

async fn attack(site: &Site, attacker: &Who, victim: &Victim) {
    for (method, path, operation) in operations() {
        let id = operation["operationId"].as_str().unwrap_or_default();
        let fixture = fixture(id, victim).unwrap_or_else(|| panic!("{id} has no fixture: how can it be attacked?"));
        let signed = operation["security"]
            .as_array()
            .is_some_and(|schemes| !schemes.is_empty());

        // The own token on the own host, with ids of the other centre.
        let reply = Reply::of(ask(site, &method, "beta", &path, &fixture).bearer_auth(&attacker.token)).await;
        let asked = format!("{id} on the own host");
        victim.unseen_in(&asked, &reply);
        assert!(
            reply.status < 500 || reply.status == 503,
            "{asked}: {} {}",
            reply.status,
            reply.text
        );
        if fixture.foreign {
            assert!(
                (400..500).contains(&reply.status),
                "{asked}: {} {}",
                reply.status,
                reply.text
            );
            assert_ne!(reply.status, 400, "{asked} was never tried: {}", reply.text);
        }
        assert!(
            reply.status != 401 || id == "sign_in",
            "{asked} was never tried: {}",
            reply.text
        );
        if !signed {
            continue;
        }
        // The own token at the other's door, the other's token and session at the own door.
        let by_token = ask(site, &method, "alpha", &path, &fixture).bearer_auth(&attacker.token);
        let stolen = ask(site, &method, "beta", &path, &fixture).bearer_auth(&victim.admin.token);
        let session = ask(site, &method, "beta", &path, &fixture)
            .header("Cookie", &victim.cookie)
            .header("Sec-Fetch-Site", "same-origin");
        for (how, request) in [
            ("own token, other's host", by_token),
            ("other's token", stolen),
            ("other's session", session),
        ] {
            let reply = Reply::of(request).await;
            let asked = format!("{id} by {how}");
            victim.unseen_in(&asked, &reply);
            assert_eq!(reply.status, 401, "{asked}: {}", reply.text);
        }
    }
}

both_engines! {
    async fn no_operation_reaches_another_centre(site: Site) {
        let victim = Victim::on(&site).await;
        let tenant = site.test.tenant("beta").await;
        let attacker = site.user(&tenant, "attacker", "admin").await;
        let before = content(&site.test.database, victim.admin.tenant.id).await;
        assert!(before.values().filter(|rows| !rows.is_empty()).count() > 20, "the victim has something to lose");
        attack(&site, &attacker, &victim).await;
        let after = content(&site.test.database, victim.admin.tenant.id).await;
        for (table, rows) in &before {
            assert_eq!(rows, &after[table], "{table} of the other centre changed");
        }
        // The victim itself is served as before; a session of its own opens its own door.
        let own = site.request(Method::GET, "alpha", "/api/v1/me").header("Cookie", &victim.cookie);
        Reply::of(own).await.expect(200);
    }

    async fn scripts_search_and_counts_of_one_centre_are_its_own(site: Site) {
        let victim = Victim::on(&site).await;
        let tenant = site.test.tenant("beta").await;
        let attacker = site.user(&tenant, "attacker", "admin").await;
        for path in [
            format!("/leads?owner_id={}", victim.rep), format!("/leads?course_id={}", victim.course),
            format!("/follow-ups?view=open&owner_id={}", victim.rep), "/leads?q=901234502".into(), "/leads?q=4502".into(),
        ] {
            assert_eq!(site.get(&attacker, &path).await.expect(200)["items"], json!([]), "{path}");
        }
        // The same phone is nobody's here, and stays one lead in each centre.
        let twin = site.post(&attacker, "/leads", json!({"name": "Boshqa", "phone": "+998901234502"})).await.expect(201);
        assert_ne!(twin["id"], json!(victim.lead));
        for cursor in ["/leads?limit=1", "/leads?limit=1&q=kanareyka"] {
            let page = site.get(&victim.admin, cursor).await.expect(200);
            if let Some(next) = page["next"].as_str() {
                let reply = site.get(&attacker, &format!("/leads?cursor={next}")).await;
                victim.unseen_in("another centre's cursor", &reply);
            }
        }
        assert_eq!(site.get(&attacker, "/scripts/on_lead_created").await.expect(200)["source"], Value::Null);
    }
}
