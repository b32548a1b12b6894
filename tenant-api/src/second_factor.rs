//! The caller's second factor: an authenticator app beside the password.

use chrono::{DateTime, Utc};
use platform::Id;
use platform::auth::second_factor;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use workflows::staff;

use crate::Area;
use crate::answer::{Answer, Body, Created, Done};
use crate::security::Caller;

pub struct Operations;

#[OpenApi(tag = "Area::Access")]
impl Operations {
    /// Whether it is on, and how many recovery codes are left
    #[oai(path = "/me/second-factor", method = "get", operation_id = "get_second_factor")]
    async fn show(&self, caller: Caller) -> Answer<Body<State>> {
        let state = second_factor::state(caller.app(), &caller.actor).await?;
        Ok(Body(State {
            on_since: state.on_since,
            recovery_codes_left: state.codes_left,
            required: state.required,
        }))
    }

    /// Makes a secret for an authenticator app; it counts once a first code has confirmed it
    #[oai(path = "/me/second-factor", method = "post", operation_id = "begin_second_factor")]
    async fn begin(&self, caller: Caller) -> Answer<Created<Enrollment>> {
        let made = second_factor::begin(caller.app(), &caller.actor).await?;
        Ok(Created {
            location: "/api/v1/me/second-factor".to_owned(),
            version: None,
            body: Enrollment {
                secret: made.secret,
                url: made.url,
            },
        })
    }

    /// Turns it on with a first code, and answers the recovery codes: shown once
    #[oai(path = "/me/second-factor", method = "put", operation_id = "confirm_second_factor")]
    async fn confirm(&self, caller: Caller, body: Json<Code>) -> Answer<Body<RecoveryCodes>> {
        let codes = second_factor::confirm(caller.app(), &caller.actor, &body.0.code).await?;
        Ok(Body(RecoveryCodes { codes }))
    }

    /// Turns it off, with the password as proof
    #[oai(
        path = "/me/second-factor/removal",
        method = "post",
        operation_id = "turn_off_second_factor"
    )]
    async fn turn_off(&self, caller: Caller, body: Json<Proof>) -> Answer<Done> {
        second_factor::turn_off(caller.app(), &caller.actor, &body.0.password).await?;
        Ok(Done)
    }

    /// New recovery codes in place of all earlier ones, with the password as proof
    #[oai(
        path = "/me/second-factor/codes",
        method = "post",
        operation_id = "renew_recovery_codes"
    )]
    async fn renew(&self, caller: Caller, body: Json<Proof>) -> Answer<Body<RecoveryCodes>> {
        let codes = second_factor::renew_codes(caller.app(), &caller.actor, &body.0.password).await?;
        Ok(Body(RecoveryCodes { codes }))
    }

    /// Takes a colleague's second factor away, for one whose phone is gone
    #[oai(
        path = "/users/:id/second-factor",
        method = "delete",
        operation_id = "reset_second_factor"
    )]
    async fn reset(&self, caller: Caller, id: Path<Id>) -> Answer<Done> {
        staff::reset_second_factor(caller.app(), &caller.actor, id.0).await?;
        Ok(Done)
    }
}

#[derive(Object, Serialize)]
#[oai(rename = "SecondFactor")]
struct State {
    on_since: Option<DateTime<Utc>>,
    recovery_codes_left: i64,
    /// The centre asks everybody for one.
    required: bool,
}

#[derive(Object, Serialize)]
#[oai(rename = "SecondFactorEnrollment")]
struct Enrollment {
    /// Base 32, for typing.
    secret: String,
    /// `otpauth://`, for a QR code.
    url: String,
}

#[derive(Object)]
#[oai(rename = "SecondFactorCode")]
struct Code {
    code: String,
}

#[derive(Object)]
#[oai(rename = "PasswordProof")]
struct Proof {
    password: String,
}

#[derive(Object, Serialize)]
struct RecoveryCodes {
    /// Each is good once. Only their hashes are kept.
    codes: Vec<String>,
}
