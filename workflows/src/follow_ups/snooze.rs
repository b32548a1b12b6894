//! One follow-up put off by a manager: by a while, to tomorrow morning, to a moment; always into its owner's working
//! time unless the moment was named.

use calendar::{Delay, Due, Schedule};
use chrono::{DateTime, Days, TimeDelta, Utc};
use platform::events::{self, NewEvent};
use platform::{Actor, App, Error, Id, Permit, Result, Tx, audit};
use serde_json::json;

use super::follow_up::{FollowUp, find_in, lock};
use super::hand_over::put_off_in;
use super::schedule::FURTHEST;

/// Where nobody keeps hours, the day begins here.
const MORNING: TimeDelta = TimeDelta::hours(9);

/// For how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Snooze {
    Hour,
    Tomorrow,
    ThreeDays,
    Week,
    Until(DateTime<Utc>),
}

impl Snooze {
    pub const ALL: [Snooze; 4] = [Snooze::Hour, Snooze::Tomorrow, Snooze::ThreeDays, Snooze::Week];

    pub fn as_str(self) -> &'static str {
        match self {
            Snooze::Hour => "1h",
            Snooze::Tomorrow => "tomorrow",
            Snooze::ThreeDays => "3d",
            Snooze::Week => "1w",
            Snooze::Until(_) => "until",
        }
    }

    pub fn parse(text: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|snooze| snooze.as_str() == text);
        found.ok_or_else(|| Error::field("for", "unknown_choice"))
    }

    fn due(self, actor: &Actor, schedule: &Schedule, now: DateTime<Utc>) -> Result<Due> {
        let after = |delay: Delay| schedule.due(now, delay, now);
        Ok(match self {
            Snooze::Hour => after(Delay::hours(1)),
            Snooze::ThreeDays => after(Delay::days(3)),
            Snooze::Week => after(Delay::days(7)),
            Snooze::Tomorrow => {
                let day = actor.tenant.local_date(now) + Days::new(1);
                let start = actor.tenant.day_start(day);
                match schedule.windows {
                    Some(_) => schedule.due(start, Delay::NONE, now),
                    None => schedule.due(start + MORNING, Delay::NONE, now),
                }
            }
            Snooze::Until(at) if at <= now => return Err(Error::field("due_at", "in_the_past")),
            Snooze::Until(at) if at > now + FURTHEST => return Err(Error::field("due_at", "too_far")),
            Snooze::Until(at) => Due {
                at: platform::clock::cut(at),
                flagged: false,
            },
        })
    }
}

/// Puts an open follow-up off; its owner is reminded anew.
pub async fn snooze(app: &App, actor: &Actor, id: Id, how: Snooze) -> Result<FollowUp> {
    actor.may(Permit::FollowUpsAll)?;
    let actor = actor.clone();
    app.db
        .write(actor.tenant_id(), async move |tx: Tx| {
            let found = lock(&tx, &actor, id).await?;
            let schedules = crate::staff::schedules(&tx, &actor).await?;
            let unrestricted = Schedule::unrestricted(actor.tenant.time_zone);
            let schedule = schedules.get(&found.owner_id).unwrap_or(&unrestricted);
            let due = how.due(&actor, schedule, tx.now())?;
            if found.state != "open" || !put_off_in(&tx, id, due.at).await? {
                return Err(Error::conflict("follow_up_closed"));
            }
            let event = NewEvent {
                kind: "follow_up.moved",
                lead: Some(found.lead_id),
                owner: Some(found.owner_id),
                cause: None,
                payload: json!({
                    "follow_up_id": id, "text": found.text, "from": found.due_at, "to": due.at, "why": "rescheduled",
                }),
            };
            events::record(&tx, &actor, event).await?;
            let told = json!({"due_at": {"from": found.due_at, "to": due.at}});
            audit::record(&tx, &actor, "follow_up.moved", "lead", found.lead_id, told).await?;
            find_in(&tx, &actor, id).await
        })
        .await
}
