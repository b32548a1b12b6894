//! The log of changes in words: who, what, when, from where, and each field before and after.

use std::collections::HashMap;

use chrono::NaiveDate;
use platform::locale::{self, Lang};
use platform::{Error, Id, Permit};
use poem::handler;
use poem::web::Query;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use workflows::audit::{self, Entry, Filter};
use workflows::courses;
use workflows::staff::{self, Colleagues, RoleNames, User};

use crate::nav::Section;
use crate::page::{Choice, Person};
use crate::render;
use crate::visit::{Answer, Visit, role_label};

/// What the log can be narrowed to, the most asked for first.
const OBJECTS: [&str; 15] = [
    "user", "role", "session", "token", "settings", "centre", "lead", "import", "export", "sheet", "course", "script",
    "pack", "bot", "leave",
];
/// Longer values are cut: the log says that something changed, the thing itself says what it is.
const LONGEST: usize = 160;

#[derive(Deserialize, Default)]
pub struct Asked {
    #[serde(default)]
    who: String,
    #[serde(default)]
    object: String,
    #[serde(default)]
    id: String,
    #[serde(default)]
    action: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    cursor: String,
}

#[handler]
pub async fn list(visit: Visit, Query(asked): Query<Asked>) -> Answer {
    let (app, actor, words) = (visit.app(), visit.actor()?, &visit.words);
    actor.may(Permit::Audit)?;
    let (page, people, names, courses) = tokio::try_join!(
        audit::log(app, actor, filter(&visit, &asked)?),
        staff::colleagues(app, actor),
        staff::role_names(app, actor),
        courses::shown(app, actor),
    )?;
    let book = Names {
        visit: &visit,
        people: &people,
        roles: &names,
        courses: courses
            .iter()
            .map(|course| (course.id.to_string(), course.name.clone()))
            .collect(),
    };
    let mut days: Vec<(NaiveDate, Vec<Value>)> = Vec::new();
    for entry in &page.items {
        let day = words.day(entry.at);
        let row = book.row(entry);
        match days.last_mut().filter(|(last, _)| *last == day) {
            Some((_, rows)) => rows.push(row),
            None => days.push((day, vec![row])),
        }
    }
    let days: Vec<Value> = days
        .into_iter()
        .map(|(day, rows)| {
            let label = if day == words.today() {
                words.t("day-today")
            } else {
                words.long_date(day)
            };
            json!({"label": label, "rows": rows})
        })
        .collect();
    let mut who: Vec<Choice> = people
        .all
        .iter()
        .map(|user| Choice::new(user.id, user.full_name()))
        .collect();
    who.sort_by(|a, b| a.label.cmp(&b.label));
    let narrowed = [
        &asked.who,
        &asked.object,
        &asked.id,
        &asked.action,
        &asked.from,
        &asked.to,
    ]
    .iter()
    .any(|f| !f.is_empty());
    let view = json!({
        "days": days, "who": who, "asked_who": asked.who, "object": asked.object, "action": asked.action,
        "objects": OBJECTS.map(|object| Choice::new(object, words.t(&format!("audit-object-{object}")))),
        "from": asked.from, "to": asked.to, "narrowed": narrowed, "id": asked.id,
        "next": page.next.map(|cursor| address(&asked, &cursor)),
    });
    Ok(render::page(
        &visit.page(Section::Audit, words.t("audit-title")),
        "audit",
        &view,
    ))
}

fn filter(visit: &Visit, asked: &Asked) -> Result<Filter, Error> {
    let some = |text: &String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let tenant = &visit.request.tenant;
    let day = |text: &str| text.parse::<NaiveDate>().ok();
    Ok(Filter {
        actor: some(&asked.who).and_then(|id| id.parse().ok()),
        action: some(&asked.action),
        object: some(&asked.object),
        object_id: some(&asked.id),
        from: day(&asked.from).map(|day| tenant.day_start(day)),
        to: day(&asked.to)
            .and_then(|day| day.succ_opt())
            .map(|day| tenant.day_start(day)),
        cursor: some(&asked.cursor),
        limit: None,
    })
}

fn address(asked: &Asked, cursor: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in [
        ("who", asked.who.as_str()),
        ("object", &asked.object),
        ("id", &asked.id),
        ("action", &asked.action),
        ("from", &asked.from),
        ("to", &asked.to),
        ("cursor", cursor),
    ] {
        if !value.is_empty() {
            query.append_pair(name, value);
        }
    }
    format!("/audit?{}", query.finish())
}

/// Names for the ids a log is full of.
struct Names<'a> {
    visit: &'a Visit,
    people: &'a Colleagues,
    roles: &'a RoleNames,
    courses: HashMap<String, String>,
}

impl Names<'_> {
    fn row(&self, entry: &Entry) -> Value {
        let words = &self.visit.words;
        let who = entry.actor_id.and_then(|id| self.people.get(id));
        let (title, href) = self.about(entry);
        let changes = self.changes(entry);
        json!({
            "time": words.time(entry.at), "at": entry.at.to_rfc3339(),
            "person": who.map(|user| Person::new(user.id, &user.full_name())),
            "who": who.map_or_else(|| words.t("audit-system"), User::full_name),
            "what": action_words(words.lang, &entry.action), "about": title, "href": href,
            "address": entry.address, "changes": changes,
        })
    }

    /// What was changed, by name where it has one, and where it is seen.
    fn about(&self, entry: &Entry) -> (Option<String>, Option<String>) {
        let id = entry.object_id.as_str();
        let told = |field: &str| {
            let value = entry.changes.get(field)?;
            let value = value
                .get("to")
                .filter(|to| !to.is_null())
                .or_else(|| value.get("from"))
                .unwrap_or(value);
            value.as_str().map(str::to_owned)
        };
        match entry.object.as_str() {
            "user" => {
                let user = id.parse().ok().and_then(|id: Id| self.people.get(id));
                let name = user.map(User::full_name).or_else(|| told("username"));
                (name, user.map(|_| format!("/users/{id}")))
            }
            "role" => {
                let name = self.roles.get(id).map(str::to_owned);
                let href = name.as_ref().map(|_| format!("/roles/{id}"));
                (name.or_else(|| told("name")), href)
            }
            "course" => (
                self.courses.get(id).cloned().or_else(|| told("name")),
                Some(format!("/courses/{id}")),
            ),
            "lead" => (None, Some(format!("/leads/{id}"))),
            "import" => (told("file"), Some(format!("/imports/{id}"))),
            "settings" => (None, Some("/settings".to_owned())),
            "centre" => (None, Some("/centre".to_owned())),
            "script" => (told("hook"), told("hook").map(|hook| format!("/scripts/{hook}"))),
            _ => (told("name").or_else(|| told("username")), None),
        }
    }

    fn changes(&self, entry: &Entry) -> Vec<Value> {
        let none = Map::new();
        let fields = entry.changes.as_object().unwrap_or(&none);
        fields
            .iter()
            .map(|(field, value)| {
                let pair = value
                    .as_object()
                    .filter(|pair| pair.contains_key("to") && pair.len() <= 2);
                let from = pair.and_then(|pair| pair.get("from")).filter(|from| !from.is_null());
                let to = pair.map_or(value, |pair| pair.get("to").unwrap_or(&Value::Null));
                json!({
                    "field": field_words(self.visit.words.lang, field),
                    "from": from.map(|from| self.say(field, from)), "to": self.say(field, to),
                })
            })
            .collect()
    }

    fn say(&self, field: &str, value: &Value) -> String {
        let words = &self.visit.words;
        let text = match value {
            Value::Null => "—".to_owned(),
            Value::Bool(on) => words.t(if *on { "role-yes" } else { "role-no" }),
            Value::Number(number) => number.as_i64().map_or_else(|| number.to_string(), locale::grouped),
            Value::String(text) => self.name_of(field, text),
            Value::Array(items) if items.is_empty() => "—".to_owned(),
            Value::Array(items) => items
                .iter()
                .map(|item| self.say(field, item))
                .collect::<Vec<_>>()
                .join(", "),
            Value::Object(window) => window_words(self.visit, window).unwrap_or_else(|| value.to_string()),
        };
        if text.chars().count() > LONGEST {
            text.chars().take(LONGEST).chain(['…']).collect()
        } else {
            text
        }
    }

    fn name_of(&self, field: &str, text: &str) -> String {
        let words = &self.visit.words;
        if let Some(user) = text.parse().ok().and_then(|id: Id| self.people.get(id)) {
            return user.full_name();
        }
        if let Some(course) = self.courses.get(text) {
            return course.clone();
        }
        match field {
            "role" | "moved_to" => self
                .roles
                .get(text)
                .map_or_else(|| role_label(words, text), str::to_owned),
            "permits" => {
                let (object, action) = text.split_once(' ').unwrap_or((text, ""));
                let id = staff::permit_words(object, action);
                locale::find(words.lang, &id, &[]).unwrap_or_else(|| text.to_owned())
            }
            _ => match text.parse::<chrono::DateTime<chrono::Utc>>() {
                Ok(at) => words.moment(at),
                Err(_) => value_words(words.lang, field, text).unwrap_or_else(|| text.to_owned()),
            },
        }
    }
}

/// `Monday 09:00–18:00`
fn window_words(visit: &Visit, window: &Map<String, Value>) -> Option<String> {
    let number = |name: &str| window.get(name).and_then(Value::as_i64);
    let (day, starts, ends) = (number("weekday")?, number("starts")?, number("ends")?);
    let clock = |minutes: i64| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    let label = visit.words.t(&format!("weekday-{}", day + 1));
    Some(format!("{label} {}–{}", clock(starts), clock(ends)))
}

/// A kind nobody has words for yet is shown as it is: better than nothing, and a test finds it.
fn action_words(lang: Lang, action: &str) -> String {
    let id = format!("audit-{}", action.replace(['.', '_'], "-"));
    locale::find(lang, &id, &[]).unwrap_or_else(|| action.to_owned())
}

/// What a key that stands as a value is called where people choose it.
fn value_words(lang: Lang, field: &str, key: &str) -> Option<String> {
    let dashed = || key.replace('_', "-");
    let id = match field {
        "format" => format!("exports-{}", dashed()),
        "what" => format!("exports-of-{}", dashed()),
        "kind" => format!("leave-kind-{key}"),
        "outcome" => format!("outcome-{key}"),
        "direction" => format!("call-{key}"),
        "strategy" => format!("dist-{}", dashed()),
        "hook" => format!("hook-{key}"),
        "country" => format!("country-{}", key.to_lowercase()),
        "locale" => return key.parse().ok().map(|lang: Lang| lang.endonym().to_owned()),
        _ => return None,
    };
    locale::find(lang, &id, &[])
}

fn field_words(lang: Lang, field: &str) -> String {
    let id = format!("audit-field-{}", field.replace('_', "-"));
    locale::find(lang, &id, &[]).unwrap_or_else(|| field.replace('_', " "))
}
