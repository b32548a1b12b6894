//! The smaller things on `ctx`: the trial, the follow-up in hand, and numbers counted for one hook.

use rhai::{Dynamic, Module};
use wire::{ActivityCtx, DayCtx, FollowUpCtx, GroupCtx, OwnerCtx, RoomCtx, TrialCtx};

use super::value::{get, instant, maybe_int, maybe_text, text};

pub fn register(module: &mut Module) {
    module.set_custom_type::<TrialCtx>("Trial");
    get(module, "starts_at", |trial: &mut TrialCtx| instant(trial.starts_at));
    get(module, "ends_at", |trial: &mut TrialCtx| instant(trial.ends_at));
    get(module, "group_id", |trial: &mut TrialCtx| maybe_text(&trial.group_id));
    get(module, "result", |trial: &mut TrialCtx| maybe_text(&trial.result));

    module.set_custom_type::<FollowUpCtx>("FollowUpSeen");
    get(module, "key", |seen: &mut FollowUpCtx| text(&seen.key));
    get(module, "due_at", |seen: &mut FollowUpCtx| instant(seen.due_at));
    get(module, "sequence", |seen: &mut FollowUpCtx| {
        maybe_int(seen.sequence.map(i64::from))
    });

    module.set_custom_type::<OwnerCtx>("Owner");
    count(module, "overdue", |owner: &OwnerCtx| owner.overdue);
    count(module, "open", |owner: &OwnerCtx| owner.open);

    module.set_custom_type::<ActivityCtx>("Activity");
    count(module, "enquiries", |activity: &ActivityCtx| activity.enquiries);
    count(module, "reached", |activity: &ActivityCtx| activity.reached);
    count(module, "unanswered", |activity: &ActivityCtx| activity.unanswered);
    count(module, "followups_done", |activity: &ActivityCtx| {
        activity.followups_done
    });
    count(module, "followups_late", |activity: &ActivityCtx| {
        activity.followups_late
    });
    get(module, "last_contact_at", |activity: &mut ActivityCtx| {
        activity.last_contact_at.map_or(Dynamic::UNIT, instant)
    });

    module.set_custom_type::<DayCtx>("Day");
    count(module, "contacts", |day: &DayCtx| day.contacts);
    count(module, "followups_due", |day: &DayCtx| day.followups_due);
    count(module, "followups_done", |day: &DayCtx| day.followups_done);
    count(module, "trials", |day: &DayCtx| day.trials);
    count(module, "enrolled", |day: &DayCtx| day.enrolled);
    count(module, "overdue", |day: &DayCtx| day.overdue);
    get(module, "response_min", |day: &mut DayCtx| {
        maybe_int(day.response_min.map(i64::from))
    });

    module.set_custom_type::<GroupCtx>("Group");
    get(module, "id", |group: &mut GroupCtx| text(&group.id));
    count(module, "capacity", |group: &GroupCtx| group.capacity);
    count(module, "students", |group: &GroupCtx| group.students);
    count(module, "trials", |group: &GroupCtx| group.trials);

    module.set_custom_type::<RoomCtx>("Room");
    get(module, "id", |room: &mut RoomCtx| text(&room.id));
    count(module, "capacity", |room: &RoomCtx| room.capacity);
}

fn count<T: Clone + 'static>(module: &mut Module, name: &str, look: fn(&T) -> u32) {
    module.set_getter_fn(name, move |part: &mut T| Ok(i64::from(look(part))));
}
