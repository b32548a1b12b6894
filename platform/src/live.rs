//! What happens to leads, said at once to whoever has a page open, on whichever node: ids and nothing else, for who is
//! told asks again under their own rights. Best effort: a page that may have missed something looks at everything.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use tokio::sync::{Notify, broadcast, watch};
use tokio_util::sync::CancellationToken;

use crate::auth::Actor;
use crate::error::{Error, Result};
use crate::ids::{Id, TenantId};
use crate::shared::Shared;

/// Pages one person may keep open on a node.
const SEATS: usize = 8;
/// Changes told one by one; a larger commit (an import) is told as a whole.
const MOST: usize = 50;
const WAITING: usize = 256;
const PREFIX: &str = "live/";

/// A lead changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    pub lead: Id,
    /// Whose it is, and whose it was.
    pub owners: Vec<Id>,
    /// Who did it; none for the system.
    pub by: Option<Id>,
}

#[derive(Debug, Clone)]
pub enum News {
    Changes(Vec<Change>),
    /// Too much to name, or something may have been missed.
    Anything,
}

impl Change {
    /// Whether the lead is, or was, one that an actor may see.
    pub fn concerns(&self, actor: &Actor, all: bool) -> bool {
        all || actor.user.is_some_and(|user| self.owners.contains(&user))
    }
}

#[derive(Serialize, Deserialize)]
struct Told {
    tenant: TenantId,
    /// None: too many.
    changes: Option<Vec<Change>>,
}

/// What commits of this node have changed, until it is told.
#[derive(Default)]
pub(crate) struct Outbox {
    waiting: Mutex<BTreeMap<TenantId, Vec<Change>>>,
    filled: Notify,
}

impl Outbox {
    pub fn put(&self, tenant: TenantId, changes: Vec<Change>) {
        if changes.is_empty() {
            return;
        }
        if let Ok(mut waiting) = self.waiting.lock() {
            let all = waiting.entry(tenant).or_default();
            for change in changes {
                let known = all
                    .iter()
                    .position(|known| known.lead == change.lead && known.by == change.by);
                match known {
                    Some(at) => all[at].owners.extend(change.owners),
                    None if all.len() <= MOST => all.push(change),
                    None => {}
                }
            }
        }
        self.filled.notify_one();
    }

    pub async fn take(&self) -> Vec<String> {
        self.filled.notified().await;
        let taken = self.waiting.lock().map(|mut waiting| std::mem::take(&mut *waiting));
        let message = |(tenant, changes): (TenantId, Vec<Change>)| {
            let changes = (changes.len() <= MOST).then_some(changes);
            let text = serde_json::to_string(&Told { tenant, changes }).ok()?;
            Some(format!("{PREFIX}{text}"))
        };
        taken.unwrap_or_default().into_iter().filter_map(message).collect()
    }
}

/// The open pages of a node.
#[derive(Clone)]
pub struct Live(Arc<Rooms>);

struct Rooms {
    rooms: Mutex<HashMap<TenantId, broadcast::Sender<News>>>,
    seats: Mutex<HashMap<(TenantId, Id), usize>>,
    linked: watch::Receiver<bool>,
    closing: CancellationToken,
}

impl Live {
    pub(crate) fn new(shared: &Shared) -> Self {
        Live(Arc::new(Rooms {
            rooms: Mutex::default(),
            seats: Mutex::default(),
            linked: shared.linked(),
            closing: CancellationToken::new(),
        }))
    }

    /// Takes a place among those who are told; there are so many for each person.
    pub fn sit(&self, tenant: TenantId, user: Id) -> Result<Seat> {
        let full = || Error::Throttled(10);
        let mut seats = self.0.seats.lock().map_err(|_| full())?;
        let taken = seats.entry((tenant, user)).or_default();
        if *taken >= SEATS {
            return Err(full());
        }
        *taken += 1;
        drop(seats);
        let mut rooms = self.0.rooms.lock().map_err(|_| full())?;
        let room = rooms.entry(tenant).or_insert_with(|| broadcast::channel(WAITING).0);
        Ok(Seat {
            news: Some(room.subscribe()),
            linked: self.0.linked.clone(),
            closing: self.0.closing.clone(),
            of: (tenant, user),
            live: self.clone(),
        })
    }

    /// How many sit here.
    pub fn seated(&self) -> usize {
        self.0
            .seats
            .lock()
            .map(|seats| seats.values().sum())
            .unwrap_or_default()
    }

    /// Everybody leaves: the node stops.
    pub fn close(&self) {
        self.0.closing.cancel();
    }

    /// Passes on what a node told, if it is for those who sit here.
    pub(crate) fn hear(&self, message: &str) {
        let Some(told) = message
            .strip_prefix(PREFIX)
            .and_then(|text| serde_json::from_str::<Told>(text).ok())
        else {
            return;
        };
        if let Ok(rooms) = self.0.rooms.lock()
            && let Some(room) = rooms.get(&told.tenant)
        {
            let _ = room.send(told.changes.map_or(News::Anything, News::Changes));
        }
    }

    pub(crate) fn missed(&self) {
        if let Ok(rooms) = self.0.rooms.lock() {
            for room in rooms.values() {
                let _ = room.send(News::Anything);
            }
        }
    }
}

/// One open page; given up when it is dropped.
pub struct Seat {
    news: Option<broadcast::Receiver<News>>,
    linked: watch::Receiver<bool>,
    closing: CancellationToken,
    of: (TenantId, Id),
    live: Live,
}

/// What a page hears.
#[derive(Debug)]
pub enum Heard {
    News(News),
    /// Whether what other nodes do reaches this one.
    Linked(bool),
    Closed,
}

impl Seat {
    pub fn is_linked(&mut self) -> bool {
        *self.linked.borrow_and_update()
    }

    pub async fn hear(&mut self) -> Heard {
        use broadcast::error::RecvError;
        let Some(room) = &mut self.news else {
            return Heard::Closed;
        };
        tokio::select! {
            biased;
            () = self.closing.cancelled() => Heard::Closed,
            changed = self.linked.changed() => match changed {
                Ok(()) => Heard::Linked(*self.linked.borrow()),
                Err(_) => Heard::Closed,
            },
            heard = room.recv() => match heard {
                Ok(news) => Heard::News(news),
                Err(RecvError::Lagged(_)) => Heard::News(News::Anything),
                Err(RecvError::Closed) => Heard::Closed,
            },
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        if let Ok(mut seats) = self.live.0.seats.lock()
            && let Some(taken) = seats.get_mut(&self.of)
        {
            *taken -= 1;
            if *taken == 0 {
                seats.remove(&self.of);
            }
        }
        drop(self.news.take());
        if let Ok(mut rooms) = self.live.0.rooms.lock()
            && rooms.get(&self.of.0).is_some_and(|room| room.receiver_count() == 0)
        {
            rooms.remove(&self.of.0);
        }
    }
}

/// The smallest id that could have been given at an instant: what happened since is found by id alone.
pub fn first_id_at(at: DateTime<Utc>) -> Id {
    let millis = u128::from(at.timestamp_millis().max(0).unsigned_abs());
    Id::from_u128(millis << 80)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(lead: Id) -> Change {
        Change {
            lead,
            owners: vec![Id::now_v7()],
            by: None,
        }
    }

    #[tokio::test]
    async fn a_change_reaches_its_own_tenant_only() {
        let shared = Shared::connect(None).await.unwrap();
        let live = Live::new(&shared);
        let (tenant, other) = (TenantId(Id::now_v7()), TenantId(Id::now_v7()));
        let mut here = live.sit(tenant, Id::now_v7()).unwrap();
        let mut there = live.sit(other, Id::now_v7()).unwrap();
        let outbox = Outbox::default();
        let lead = Id::now_v7();
        outbox.put(tenant, vec![change(lead)]);
        for message in outbox.take().await {
            live.hear(&message);
        }
        assert!(matches!(here.hear().await, Heard::News(News::Changes(heard)) if heard[0].lead == lead));
        live.close();
        assert!(matches!(there.hear().await, Heard::Closed));
    }

    #[tokio::test]
    async fn many_changes_are_told_as_one() {
        let shared = Shared::connect(None).await.unwrap();
        let live = Live::new(&shared);
        let tenant = TenantId(Id::now_v7());
        let mut seat = live.sit(tenant, Id::now_v7()).unwrap();
        let outbox = Outbox::default();
        outbox.put(tenant, (0..500).map(|_| change(Id::now_v7())).collect());
        for message in outbox.take().await {
            assert!(message.len() < 200, "it names nothing");
            live.hear(&message);
        }
        assert!(matches!(seat.hear().await, Heard::News(News::Anything)));
    }

    #[tokio::test]
    async fn a_person_has_so_many_seats_and_gives_them_back() {
        let shared = Shared::connect(None).await.unwrap();
        let live = Live::new(&shared);
        let (tenant, user) = (TenantId(Id::now_v7()), Id::now_v7());
        let seats: Vec<Seat> = (0..SEATS).map(|_| live.sit(tenant, user).unwrap()).collect();
        assert!(live.sit(tenant, user).is_err());
        assert!(live.sit(tenant, Id::now_v7()).is_ok(), "another person's are another's");
        drop(seats);
        assert_eq!(live.seated(), 0);
        assert!(live.0.rooms.lock().unwrap().is_empty(), "nobody is left to be told");
        assert!(live.sit(tenant, user).is_ok());
    }

    #[test]
    fn ids_of_an_instant_come_after_its_first() {
        let at = crate::clock::Clock::default().real();
        assert!(first_id_at(at - chrono::TimeDelta::seconds(1)) < Id::now_v7());
        assert!(first_id_at(at + chrono::TimeDelta::seconds(60)) > Id::now_v7());
    }
}
