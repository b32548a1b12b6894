//! The movable clock of a test server: the whole server's, so nobody's in particular. Elsewhere it does not exist.

use chrono::{DateTime, Utc};
use platform::Error;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::Serialize;

use crate::Area;
use crate::answer::{Answer, Body};
use crate::security::Guest;

pub struct Operations;

#[OpenApi(tag = "Area::Testing")]
impl Operations {
    /// The server's time
    #[oai(path = "/test-clock", method = "get", operation_id = "get_test_clock")]
    async fn show(&self, guest: Guest) -> Answer<Body<Clock>> {
        let app = &guest.desk.app;
        if !app.config.test_clock {
            return Err(Error::NotFound.into());
        }
        Ok(Body(Clock { now: app.clock.now() }))
    }

    /// Moves the server's time; what falls due runs at once
    #[oai(path = "/test-clock", method = "put", operation_id = "set_test_clock")]
    async fn set(&self, guest: Guest, body: Json<Clock>) -> Answer<Body<Clock>> {
        let app = &guest.desk.app;
        app.set_clock(body.0.now).await?;
        Ok(Body(Clock { now: app.clock.now() }))
    }
}

#[derive(Object, Serialize)]
struct Clock {
    now: DateTime<Utc>,
}
