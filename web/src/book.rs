//! The tenant's own words and people, looked up once a page: statuses, sources, courses, names.

use std::sync::Arc;

use platform::{Id, Permit, Result};
use workflows::courses::{self, Course};
use workflows::leads::{self, Label, Registry};
use workflows::staff::{self, Colleagues, User};

use crate::page::{Choice, Person, Status};
use crate::visit::Visit;
use crate::words::Words;

pub struct Book {
    pub registry: Arc<Registry>,
    pub courses: Arc<Vec<Course>>,
    /// Everybody, for those who may see them; a rep sees only oneself.
    staff: Option<Arc<Colleagues>>,
    me: Option<(Id, String)>,
    words: Words,
}

impl Book {
    pub async fn open(visit: &Visit) -> Result<Self> {
        let (app, actor) = (visit.app(), visit.actor()?);
        let staff = async {
            if actor.can(Permit::StaffRead) {
                staff::colleagues(app, actor).await.map(Some)
            } else {
                Ok(None)
            }
        };
        let (registry, courses, staff) = tokio::try_join!(leads::shown(app, actor), courses::shown(app, actor), staff)?;
        Ok(Self {
            registry,
            courses,
            staff,
            me: actor.user.map(|id| (id, actor.name.clone())),
            words: visit.words,
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
        id.and_then(|id| Some(Person::new(id, &self.name(Some(id))?)))
    }

    pub fn name(&self, id: Option<Id>) -> Option<String> {
        let id = id?;
        let found = self.staff.as_ref().and_then(|staff| staff.get(id));
        let me = self.me.as_ref().filter(|(me, _)| *me == id);
        found.map(User::full_name).or_else(|| me.map(|(_, name)| name.clone()))
    }

    pub fn statuses(&self) -> Vec<Choice> {
        let choice = |status: &leads::Status| Choice::new(&status.key, self.label(&status.labels));
        self.registry.in_use().map(choice).collect()
    }

    pub fn sources(&self) -> Vec<Choice> {
        self.registry
            .sources
            .iter()
            .filter(|source| !source.retired)
            .map(|source| Choice::new(&source.key, self.label(&source.labels)))
            .collect()
    }

    pub fn lost_reasons(&self) -> Vec<Choice> {
        self.registry
            .lost_reasons
            .iter()
            .filter(|reason| !reason.retired)
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
        let all = self.staff.iter().flat_map(|staff| &staff.all);
        let working = all.filter(|user| user.active);
        working.map(|user| Choice::new(user.id, user.full_name())).collect()
    }
}

/// `trial_booked` as the style sheet spells it.
pub fn css(kind: &str) -> String {
    kind.replace('_', "-")
}
