//! The tenant's own words and people, looked up once a page: statuses, sources, courses, names.

use std::collections::HashMap;
use std::sync::Arc;

use platform::{Id, Permit, Result};
use workflows::courses::{self, Course};
use workflows::leads::{self, Label, Registry};
use workflows::staff::{self, User};

use crate::page::{Choice, Person, Status};
use crate::visit::Visit;
use crate::words::Words;

pub struct Book {
    pub registry: Arc<Registry>,
    pub courses: Vec<Course>,
    /// Everybody, for those who may see them; only oneself for a rep.
    pub users: Vec<User>,
    words: Words,
    people: HashMap<Id, Person>,
}

impl Book {
    pub async fn open(visit: &Visit) -> Result<Self> {
        let (app, actor) = (visit.app(), visit.actor()?);
        let users = async {
            if actor.can(Permit::StaffRead) {
                staff::list(app, actor).await
            } else {
                Ok(Vec::new())
            }
        };
        let (registry, courses, users) =
            tokio::try_join!(leads::registry(app, actor), courses::list(app, actor), users)?;
        let mut people: HashMap<Id, Person> = users
            .iter()
            .map(|user| (user.id, Person::new(user.id, &user.full_name())))
            .collect();
        if let Some(me) = actor.user {
            people.entry(me).or_insert_with(|| Person::new(me, &actor.name));
        }
        Ok(Self {
            registry,
            courses,
            users,
            words: visit.words,
            people,
        })
    }

    pub fn label(&self, labels: &Label) -> String {
        let code = self.words.lang.code();
        labels
            .get(code)
            .or_else(|| labels.get("en"))
            .or_else(|| labels.values().next())
            .cloned()
            .unwrap_or_default()
    }

    pub fn status(&self, key: &str) -> Status {
        let found = self.registry.status(key);
        Status {
            key: key.to_owned(),
            kind: self.registry.kind(key).to_owned(),
            label: found.map_or_else(|| key.to_owned(), |status| self.label(&status.labels)),
        }
    }

    pub fn source(&self, key: &str) -> String {
        let found = self.registry.sources.iter().find(|source| source.key == key);
        found.map_or_else(|| key.to_owned(), |source| self.label(&source.labels))
    }

    pub fn lost_reason(&self, key: &str) -> String {
        let found = self.registry.lost_reasons.iter().find(|reason| reason.key == key);
        found.map_or_else(|| key.to_owned(), |reason| self.label(&reason.labels))
    }

    /// A text of the pack by its key, or what a person wrote.
    pub fn text(&self, text: &str) -> String {
        self.registry.text(text, self.words.lang).unwrap_or(text).to_owned()
    }

    pub fn course(&self, id: Option<Id>) -> Option<&Course> {
        self.courses.iter().find(|course| Some(course.id) == id)
    }

    pub fn course_name(&self, id: Option<Id>) -> String {
        self.course(id).map(|course| course.name.clone()).unwrap_or_default()
    }

    pub fn person(&self, id: Option<Id>) -> Option<Person> {
        id.and_then(|id| self.people.get(&id)).cloned()
    }

    pub fn name(&self, id: Option<Id>) -> Option<String> {
        id.and_then(|id| self.people.get(&id)).map(|person| person.name.clone())
    }

    pub fn statuses(&self) -> Vec<Choice> {
        let choice = |status: &leads::Status| Choice::new(&status.key, self.label(&status.labels));
        self.registry.in_use().map(choice).collect()
    }

    pub fn sources(&self) -> Vec<Choice> {
        self.registry
            .sources
            .iter()
            .map(|source| Choice::new(&source.key, self.label(&source.labels)))
            .collect()
    }

    pub fn lost_reasons(&self) -> Vec<Choice> {
        self.registry
            .lost_reasons
            .iter()
            .map(|reason| Choice::new(&reason.key, self.label(&reason.labels)))
            .collect()
    }

    pub fn open_courses(&self) -> Vec<Choice> {
        self.courses
            .iter()
            .filter(|course| course.active)
            .map(|c| Choice::new(c.id, c.name.clone()))
            .collect()
    }

    /// Who a lead can be given to.
    pub fn owners(&self) -> Vec<Choice> {
        let working = self.users.iter().filter(|user| user.active);
        working.map(|user| Choice::new(user.id, user.full_name())).collect()
    }
}

/// `trial_booked` as the style sheet spells it.
pub fn css(kind: &str) -> String {
    kind.replace('_', "-")
}
