//! A rep as `distribute` reads one.

use std::rc::Rc;

use rhai::{Dynamic, Module};
use wire::Candidate;

use super::value::{get, instant, maybe_int, maybe_text, text, texts};
use super::word;

#[derive(Clone)]
pub struct Rep(Rc<Candidate>);

impl Rep {
    pub fn of(candidate: Rc<Candidate>) -> Rep {
        Rep(candidate)
    }
}

impl std::ops::Deref for Rep {
    type Target = Candidate;
    fn deref(&self) -> &Candidate {
        &self.0
    }
}

pub fn register(module: &mut Module) {
    module.set_custom_type::<Rep>("Candidate");
    get(module, "id", |rep: &mut Rep| text(&rep.id));
    get(module, "courses", |rep: &mut Rep| texts(rep.teaches.iter()));
    get(module, "available", |rep: &mut Rep| rep.available);
    get(module, "on_leave", |rep: &mut Rep| rep.on_leave);
    get(module, "absent", |rep: &mut Rep| rep.absent);
    get(module, "blocked", |rep: &mut Rep| rep.blocked);
    get(module, "in_hours", |rep: &mut Rep| rep.in_hours);
    get(module, "open_leads", |rep: &mut Rep| i64::from(rep.open_leads));
    get(module, "overdue", |rep: &mut Rep| i64::from(rep.overdue));
    get(module, "assigned_today", |rep: &mut Rep| i64::from(rep.assigned_today));
    get(module, "last_assigned_at", |rep: &mut Rep| {
        rep.last_assigned_at.map_or(Dynamic::UNIT, instant)
    });
    get(module, "capacity", |rep: &mut Rep| {
        maybe_int(rep.capacity.map(i64::from))
    });
    get(module, "weight", |rep: &mut Rep| rep.weight);
    get(module, "branch_id", |rep: &mut Rep| maybe_text(&rep.branch_id));
    get(module, "conversion_30d", |rep: &mut Rep| {
        rep.conversion_30d.map_or(Dynamic::UNIT, Dynamic::from)
    });
    word(
        module,
        "teaches",
        &["rep: Candidate", "course_id: String", "bool"],
        "Whether the rep takes leads of the course; no list means all, no course suits everybody.",
        |rep: &mut Rep, course: Dynamic| {
            let course = course.into_immutable_string().ok();
            rep.0.teaches(course.as_deref())
        },
    );
}
