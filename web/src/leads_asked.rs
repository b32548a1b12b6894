//! The list's address: every filter and the order are in it, so a view can be kept and sent.

use std::collections::BTreeMap;

use platform::Error;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use workflows::leads::{self, Filter, Sort, tag_key};

use crate::book::Book;
use crate::own_filters;
use crate::page::Choice;
use crate::visit::Visit;

#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Asked {
    pub q: String,
    pub status: String,
    pub source: String,
    pub owner: String,
    pub course: String,
    pub tag: String,
    /// Local days, both included.
    pub from: String,
    pub to: String,
    pub waiting: String,
    pub sort: String,
    pub after: String,
    /// The change of many whose outcome stands above the list.
    pub bulk: String,
    /// Whatever else the address has; of it, what is asked of the centre's own fields counts.
    #[serde(flatten)]
    pub own: BTreeMap<String, String>,
}

impl Asked {
    pub async fn filter(&self, visit: &Visit) -> Result<Filter, Error> {
        let registry = leads::shown(visit.app(), visit.actor()?).await?;
        let custom = own_filters::asks(&registry.custom_fields, self)?;
        Ok(Filter {
            custom,
            ..self.plain(visit)
        })
    }

    /// Without what is asked of the centre's own fields.
    pub fn plain(&self, visit: &Visit) -> Filter {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let day = |text: &str| text.parse().ok().map(|day| visit.request.tenant.day_start(day));
        let after = |text: &str| text.parse::<chrono::NaiveDate>().ok().and_then(|day| day.succ_opt());
        Filter {
            search: self.q.clone(),
            status: some(&self.status),
            source: some(&self.source),
            owner: self.owner.parse().ok(),
            course: self.course.parse().ok(),
            tag: some(&self.tag),
            from: day(&self.from),
            to: after(&self.to).map(|day| visit.request.tenant.day_start(day)),
            waiting: !self.waiting.is_empty(),
            custom: Vec::new(),
            sort: self.order(),
            cursor: some(&self.after),
            ..Filter::default()
        }
    }

    pub fn order(&self) -> Sort {
        Sort::named(&self.sort)
    }

    /// What is asked of the centre's own fields.
    pub fn own(&self) -> impl Iterator<Item = (&str, &str)> {
        let own = self.own.iter().map(|(name, typed)| (name.as_str(), typed.as_str()));
        own.filter(|(name, typed)| name.starts_with(own_filters::PREFIX) && !typed.trim().is_empty())
    }

    /// This address with one filter changed; a changed filter starts from the first page.
    pub fn having(&self, name: &str, value: &str) -> String {
        let changed = self
            .fields()
            .map(|(field, kept)| (field, if field == name { value } else { kept }));
        let after = (name == "after").then_some(("after", value));
        address(changed.chain(after))
    }

    /// What makes this list, without the page it is open at.
    pub fn query(&self) -> String {
        let whole = self.having("", "");
        whole
            .split_once('?')
            .map(|(_, query)| query.to_owned())
            .unwrap_or_default()
    }

    pub fn parse(query: &str) -> Self {
        let pairs: std::collections::BTreeMap<String, String> =
            url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        serde_json::to_value(pairs)
            .and_then(serde_json::from_value)
            .unwrap_or_default()
    }

    /// This address with something that is no part of the list.
    pub fn with(&self, name: &str, value: &str) -> String {
        address(self.fields().chain([(name, value)]))
    }

    /// Where what is listed here becomes a file.
    pub fn export(&self) -> String {
        let list = address(self.fields());
        let query = list.split_once('?').map_or("", |(_, query)| query);
        format!("/exports/new?what=leads&{query}")
            .trim_end_matches('&')
            .to_owned()
    }

    fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        let fields = [
            ("q", &self.q),
            ("status", &self.status),
            ("source", &self.source),
            ("owner", &self.owner),
            ("course", &self.course),
            ("tag", &self.tag),
            ("from", &self.from),
            ("to", &self.to),
            ("waiting", &self.waiting),
            ("sort", &self.sort),
        ];
        let fields = fields.into_iter().map(|(field, kept)| (field, kept.as_str()));
        fields.chain(self.own())
    }

    /// Whether one of the choices beside the search is made.
    pub fn narrow(&self) -> bool {
        let beside = ["status", "source", "owner", "course", "tag", "from", "to"];
        let made = |(field, kept): (&str, &str)| beside.contains(&field) && !kept.is_empty();
        self.fields().any(made) || self.own().next().is_some()
    }

    pub fn tabs(&self, visit: &Visit, book: &Book, team: bool) -> Vec<Value> {
        let mut tabs = vec![tab("/leads".into(), visit.words.t("leads-all"), self.is_bare())];
        for kind in ["new", "working", "offered", "won"] {
            if let Ok(status) = book.registry.of_kind(kind) {
                let here = self.status == status.key && self.waiting.is_empty();
                tabs.push(tab(
                    format!("/leads?status={}", status.key),
                    book.label(&status.labels),
                    here,
                ));
            }
        }
        if team {
            tabs.push(tab(
                "/leads?waiting=1".into(),
                visit.words.t("leads-waiting"),
                !self.waiting.is_empty(),
            ));
        }
        tabs
    }

    pub fn is_bare(&self) -> bool {
        !self.narrow() && self.q.is_empty() && self.waiting.is_empty()
    }

    pub fn chips(&self, visit: &Visit, book: &Book, tags: &[Choice]) -> Vec<Value> {
        let words = &visit.words;
        let day = |text: &str| text.parse().map(|day| words.date(day)).unwrap_or_default();
        let course = self.course.parse().ok();
        let owner = self.owner.parse().ok();
        let tag = |key: &str| {
            let known = tags.iter().find(|tag| tag.value == tag_key(key));
            known.map_or_else(|| key.to_owned(), |tag| tag.label.clone())
        };
        let parts = [
            ("q", "leads-found", self.q.clone()),
            (
                "status",
                "lead-status",
                shown(&self.status, |key| book.status(key).label),
            ),
            ("source", "lead-source", shown(&self.source, |key| book.source(key))),
            (
                "owner",
                "lead-owner",
                shown(&self.owner, |_| book.name(owner).unwrap_or_default()),
            ),
            (
                "course",
                "lead-course",
                shown(&self.course, |_| book.course_name(course)),
            ),
            ("tag", "leads-tag", shown(&self.tag, tag)),
            ("from", "leads-from", day(&self.from)),
            ("to", "leads-to", day(&self.to)),
            ("waiting", "lead-owner", shown(&self.waiting, |_| words.t("lead-waits"))),
        ];
        let chip = |(name, label, value): (&str, &str, String)| json!({"label": words.t(label), "value": value, "without": self.having(name, "")});
        let made = parts.into_iter().filter(|(_, _, value)| !value.is_empty()).map(chip);
        made.chain(own_filters::chips(visit, &book.registry.custom_fields, self))
            .collect()
    }
}

fn address<'a>(fields: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (field, value) in fields.filter(|(_, value)| !value.is_empty()) {
        query.append_pair(field, value);
    }
    let query = query.finish();
    if query.is_empty() {
        "/leads".to_owned()
    } else {
        format!("/leads?{query}")
    }
}

fn shown(key: &str, label: impl Fn(&str) -> String) -> String {
    if key.is_empty() { String::new() } else { label(key) }
}

fn tab(href: String, label: String, current: bool) -> Value {
    json!({"href": href, "label": label, "current": current, "count": null})
}
