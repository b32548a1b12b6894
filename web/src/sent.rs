//! What a form sent, read once by the door.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::{DateTime, NaiveDateTime, Utc};
use platform::Error;
use platform::tenancy::Tenant;
use poem::{FromRequest, Request, RequestBody};

use crate::visit::Trouble;

/// As a browser sends a date with its time.
pub const LOCAL_TIME: &str = "%Y-%m-%dT%H:%M";

/// What a form sent, its token already checked.
#[derive(Clone, Default)]
pub struct Sent(Arc<HashMap<String, Vec<String>>>);

impl Sent {
    pub fn get(&self, name: &str) -> &str {
        self.0
            .get(name)
            .and_then(|values| values.first())
            .map_or("", String::as_str)
    }

    pub fn all(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// The values of every field whose name begins so.
    pub fn named<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = &'a str> {
        let mine = self.0.iter().filter(move |(name, _)| name.starts_with(prefix));
        mine.flat_map(|(_, values)| values).map(String::as_str)
    }

    /// None where the field is absent or blank.
    pub fn some(&self, name: &str) -> Option<String> {
        Some(self.get(name).trim())
            .filter(|value| !value.is_empty())
            .map(str::to_owned)
    }

    /// An id chosen in a list; a wrong one is the field's error.
    pub fn id(&self, name: &'static str, code: &'static str) -> Result<Option<platform::Id>, Error> {
        self.some(name)
            .map(|text| text.parse().map_err(|_| Error::field(name, code)))
            .transpose()
    }

    /// A date with its time on the tenant's clock, as a browser sends it; blank is none.
    pub fn moment(&self, name: &'static str, tenant: &Tenant) -> Result<Option<DateTime<Utc>>, Error> {
        let Some(text) = self.some(name) else { return Ok(None) };
        let read = |form| NaiveDateTime::parse_from_str(&text, form).ok();
        // The seconds come along where somebody typed them.
        let local = read(LOCAL_TIME).or_else(|| read("%Y-%m-%dT%H:%M:%S"));
        let local = local.ok_or_else(|| Error::field(name, "bad_time"))?;
        Ok(Some(tenant.instant(local)))
    }

    /// Fields whose name begins so: what follows in the name, and the value.
    pub fn starting<'a>(&'a self, with: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0
            .iter()
            .filter_map(move |(name, values)| Some((name.strip_prefix(with)?, values.first()?.as_str())))
    }

    /// Everything that was sent, in the order of its names.
    pub fn fields(&self) -> BTreeMap<&str, &[String]> {
        self.0
            .iter()
            .map(|(name, values)| (name.as_str(), values.as_slice()))
            .collect()
    }

    /// How many fields there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub(crate) fn parse(body: &[u8]) -> Self {
        let mut fields: HashMap<String, Vec<String>> = HashMap::new();
        for (name, value) in url::form_urlencoded::parse(body) {
            fields.entry(name.into_owned()).or_default().push(value.into_owned());
        }
        Self(Arc::new(fields))
    }
}

impl<'a> FromRequest<'a> for Sent {
    async fn from_request(req: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        req.extensions()
            .get::<Sent>()
            .cloned()
            .ok_or_else(|| Trouble(Error::refused("bad_request")).into())
    }
}
