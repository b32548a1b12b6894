//! What the centre says of itself.

use platform::Error;
use poem_openapi::payload::Json;
use poem_openapi::types::MaybeUndefined;
use poem_openapi::{Object, OpenApi};
use serde::Serialize;
use workflows::tenants::centre::{self, Edit};

use crate::Area;
use crate::answer::{Answer, Body};
use crate::leads::{clearable, kept};
use crate::security::Caller;

pub struct Operations;

#[OpenApi(tag = "Area::Settings")]
impl Operations {
    /// Name, address, time zone, currency, country and support contact
    #[oai(path = "/centre", method = "get", operation_id = "get_centre")]
    async fn show(&self, caller: Caller) -> Answer<Body<Centre>> {
        Ok(Body(centre::show(caller.app(), &caller.actor).await?.into()))
    }

    /// Changes them; absent fields stay as they are
    ///
    /// Under another time zone working hours keep their local time and begin at another instant; follow-ups planned
    /// already keep their instant and show another local time. The currency stays once there are amounts: 422
    /// `currency_locked` at its field. `second_factor` asks everybody to sign in in two steps.
    #[oai(path = "/centre", method = "patch", operation_id = "edit_centre")]
    async fn edit(&self, caller: Caller, body: Json<CentreEdit>) -> Answer<Body<Centre>> {
        let edited = centre::edit(caller.app(), &caller.actor, body.0.try_into()?).await?;
        Ok(Body(edited.into()))
    }
}

#[derive(Object, Serialize)]
struct Centre {
    name: String,
    address: String,
    /// As `Asia/Tashkent`.
    time_zone: String,
    /// ISO 4217.
    currency: String,
    currency_locked: bool,
    /// ISO 3166 alpha-2; national phone numbers are read in it.
    country: String,
    support: String,
    second_factor: bool,
}

#[derive(Object)]
struct CentreEdit {
    name: MaybeUndefined<String>,
    address: MaybeUndefined<String>,
    time_zone: MaybeUndefined<String>,
    currency: MaybeUndefined<String>,
    country: MaybeUndefined<String>,
    support: MaybeUndefined<String>,
    second_factor: MaybeUndefined<bool>,
}

impl From<centre::Centre> for Centre {
    fn from(found: centre::Centre) -> Self {
        Centre {
            name: found.name,
            address: found.address,
            time_zone: found.time_zone,
            currency: found.currency,
            currency_locked: found.currency_locked,
            country: found.country,
            support: found.support,
            second_factor: found.second_factor,
        }
    }
}

impl TryFrom<CentreEdit> for Edit {
    type Error = Error;

    fn try_from(edit: CentreEdit) -> Result<Self, Error> {
        Ok(Edit {
            name: kept("name", edit.name)?,
            address: clearable(edit.address).map(Option::unwrap_or_default),
            time_zone: kept("time_zone", edit.time_zone)?,
            currency: kept("currency", edit.currency)?,
            country: kept("country", edit.country)?,
            support: clearable(edit.support).map(Option::unwrap_or_default),
            second_factor: kept("second_factor", edit.second_factor)?,
        })
    }
}
