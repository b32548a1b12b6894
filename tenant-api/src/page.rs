//! A cursor page: `{"items": […], "next": cursor | null}`.

use poem_openapi::Object;
use poem_openapi::types::{ParseFromJSON, ToJSON};
use serde::Serialize;

#[derive(Object, Serialize)]
pub struct Page<T: ParseFromJSON + ToJSON> {
    pub items: Vec<T>,
    /// Asks for the page after this one; null on the last.
    pub next: Option<String>,
}

impl<T: ParseFromJSON + ToJSON> Page<T> {
    /// A list that always fits one page.
    pub fn whole(items: Vec<T>) -> Self {
        Page { items, next: None }
    }
}
