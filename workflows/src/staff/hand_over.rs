//! Somebody leaves: signed out and given nothing more, their open leads and follow-ups go to a colleague or are shared
//! out again. The work is moved by a job, a few hundred leads at a time; history stays where it is.

use platform::auth::as_user;
use platform::db::list;
use platform::events::{self, NewEvent};
use platform::jobs::{Job, NewJob, enqueue, enqueue_all, finish_in, hold_in};
use platform::{Actor, App, Error, Id, Permit, Result, Tx, audit};
use sea_orm::{FromQueryResult, Value};
use serde_json::json;

use super::edit::{Edit, edit_in};
use super::user::{Colleagues, User, find_in};
use crate::ports::Desk;

const AT_ONCE: usize = 200;

/// Where the open work of somebody who leaves goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandOver {
    To(Id),
    /// Back to distribution: whoever is available gets it, by the centre's rules.
    ShareOut,
    /// It stays: the leads keep their owner until somebody gives them to another.
    Keep,
}

/// How much open work somebody has.
#[derive(Debug, Clone, Default, FromQueryResult)]
pub struct OpenWork {
    pub leads: i64,
    pub follow_ups: i64,
}

pub async fn open_work(app: &App, actor: &Actor, user: Id) -> Result<OpenWork> {
    super::user::find(app, actor, user).await?;
    app.db
        .read(actor.tenant_id(), async move |tx: Tx| open_work_in(&tx, user).await)
        .await
}

/// Takes a user out of work; their leads stay theirs until somebody gives them to another.
pub async fn deactivate(app: &App, actor: &Actor, id: Id) -> Result<User> {
    let_go(app, actor, id, HandOver::Keep).await
}

/// Takes a user out of work, and their open work off them.
pub async fn let_go(app: &App, actor: &Actor, id: Id, hand_over: HandOver) -> Result<User> {
    let author = actor.clone();
    let works_leads = match hand_over {
        HandOver::To(to) => {
            let colleague = as_user(app, &actor.tenant, to).await?;
            colleague.is_none_or(|who| who.can(Permit::LeadsOwn) || who.can(Permit::LeadsAll))
        }
        _ => true,
    };
    let done = app
        .db
        .write(actor.tenant_id(), async move |tx: Tx| {
            if let HandOver::To(to) = hand_over {
                let colleague = find_in(&tx, to).await;
                let colleague = colleague.map_err(|_| Error::field("hand_over_to", "unknown_user"))?;
                if to == id || !colleague.active {
                    return Err(Error::field("hand_over_to", "user_inactive"));
                }
                if !works_leads {
                    return Err(Error::field("hand_over_to", "role_without_leads"));
                }
            }
            let off = Edit {
                active: Some(false),
                ..Edit::default()
            };
            let user = edit_in(&tx, &author, id, off).await?;
            let people = match hand_over {
                HandOver::To(to) => vec![id, to],
                HandOver::ShareOut => vec![id],
                HandOver::Keep => return Ok(user),
            };
            let work = open_work_in(&tx, id).await?;
            let told = json!({"leads": work.leads, "follow_ups": work.follow_ups, "moved_to": people.get(1)});
            audit::record(&tx, &author, "user.work_handed_over", "user", id, told).await?;
            let uniq = format!("hand_over/{id}/{}", user.version);
            enqueue(&tx, NewJob::new("staff.hand_over", uniq, people)).await?;
            Ok(user)
        })
        .await;
    app.kept.forget::<Colleagues>(actor.tenant_id());
    done
}

/// The job: moves what is still open, batch by batch; whatever was moved before a crash is not met again.
pub async fn hand_over(desk: &Desk, job: &Job) -> Result<()> {
    let actor = Actor::system(desk.app.tenants.by_id(job.tenant).await?);
    loop {
        let (author, work) = (actor.clone(), job.clone());
        let more = desk
            .app
            .db
            .write(job.tenant, async move |tx: Tx| {
                let [from, to @ ..] = work.ids.as_slice() else {
                    return finish_in(&tx, &work).await.map(|()| false);
                };
                hold_in(&tx, &work).await?;
                let leads = open_leads(&tx, *from).await?;
                let back = find_in(&tx, *from).await?.active;
                if leads.is_empty() || back {
                    return finish_in(&tx, &work).await.map(|()| false);
                }
                match to.first() {
                    Some(to) => give(&tx, &author, *from, *to, &leads).await?,
                    None => share_out(&tx, &author, *from, &leads).await?,
                }
                Ok(true)
            })
            .await?;
        if !more {
            return Ok(());
        }
    }
}

async fn give(tx: &Tx, actor: &Actor, from: Id, to: Id, leads: &[Id]) -> Result<()> {
    let mut values: Vec<Value> = vec![tx.tenant().0.into(), from.into(), to.into(), tx.now().into()];
    values.extend(leads.iter().map(|id| Value::from(*id)));
    let sql = format!(
        "UPDATE lead SET owner_id = $3, assigned_at = $4, waiting_since = NULL, version = version + 1, updated_at = $4 \
         WHERE tenant_id = $1 AND owner_id = $2 AND id IN ({})",
        list(5, leads.len())
    );
    tx.run(&sql, values).await?;
    crate::follow_ups::hand_over_all_in(tx, actor, leads, to).await?;
    let told = |lead: &Id| NewEvent {
        kind: "lead.assigned",
        lead: Some(*lead),
        owner: Some(to),
        cause: None,
        payload: json!({"reason": "handed_over", "from": from, "to": to}),
    };
    let events = events::record_all(tx, actor, leads.iter().map(told).collect()).await?;
    let plans = events
        .iter()
        .map(|event| NewJob::new("scripts.plan", format!("plan/{event}"), vec![*event]));
    enqueue_all(tx, plans.collect()).await?;
    let given = leads.iter().zip(&events).map(|(lead, event)| (to, *lead, *event));
    crate::messages::lead_assigned(tx, given.collect()).await
}

async fn share_out(tx: &Tx, actor: &Actor, from: Id, leads: &[Id]) -> Result<()> {
    let mut values: Vec<Value> = vec![tx.tenant().0.into(), tx.now().into()];
    values.extend(leads.iter().map(|id| Value::from(*id)));
    // Whoever gets the lead is planned the cadence of its status anew; what somebody planned by hand waits for them.
    let cancel = format!(
        "UPDATE follow_up SET state = 'cancelled', closed_at = $2, version = version + 1 \
         WHERE tenant_id = $1 AND state = 'open' AND kind = 'auto' AND lead_id IN ({})",
        list(3, leads.len())
    );
    tx.run(&cancel, values.clone()).await?;
    let wait = format!(
        "UPDATE lead SET owner_id = NULL, waiting_since = $2, version = version + 1, updated_at = $2 \
         WHERE tenant_id = $1 AND id IN ({})",
        list(3, leads.len())
    );
    tx.run(&wait, values).await?;
    let told = |lead: &Id| NewEvent {
        kind: "lead.returned",
        lead: Some(*lead),
        owner: None,
        cause: None,
        payload: json!({"reason": "handed_over", "from": from}),
    };
    events::record_all(tx, actor, leads.iter().map(told).collect()).await?;
    let first = leads.first().copied().unwrap_or_default();
    let uniq = format!("give_out/handed_over/{from}/{first}/{}", tx.now().timestamp_micros());
    enqueue(tx, NewJob::new("distribution.give_out", uniq, leads.to_vec())).await
}

#[derive(FromQueryResult)]
struct Row {
    id: Id,
}

/// Leads somebody is still wanted for: neither won nor lost, or with a follow-up open. Each lead's are looked up by
/// themselves: asked whether there is any, PostgreSQL would rather gather everybody's.
const OPEN: &str = "l.owner_id = $2 AND (EXISTS (SELECT 1 FROM status AS s WHERE s.tenant_id = $1 AND s.key = l.status \
                    AND s.kind NOT IN ('won', 'lost')) OR (SELECT f.id FROM follow_up AS f \
                    WHERE f.tenant_id = $1 AND f.lead_id = l.id AND f.state = 'open' LIMIT 1) IS NOT NULL)";

async fn open_leads(tx: &Tx, user: Id) -> Result<Vec<Id>> {
    let lock = if tx.is_postgres() { " FOR UPDATE" } else { "" };
    let sql = format!(
        "SELECT l.id FROM lead AS l WHERE l.tenant_id = $1 AND l.deleted_at IS NULL AND {OPEN} \
         ORDER BY l.id LIMIT {AT_ONCE}{lock}"
    );
    let rows: Vec<Row> = tx.all(&sql, vec![tx.tenant().0.into(), user.into()]).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

async fn open_work_in(tx: &Tx, user: Id) -> Result<OpenWork> {
    let sql = format!(
        "SELECT (SELECT COUNT(*) FROM lead AS l WHERE l.tenant_id = $1 AND l.deleted_at IS NULL AND {OPEN}) AS leads, \
         (SELECT COUNT(*) FROM follow_up AS g WHERE g.tenant_id = $1 AND g.owner_id = $2 AND g.state = 'open') AS follow_ups"
    );
    let found = tx.one(&sql, vec![tx.tenant().0.into(), user.into()]).await?;
    Ok(found.unwrap_or_default())
}
