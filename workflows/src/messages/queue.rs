//! What is worth a message, and to whom. Text is made when it is sent; here only what it speaks of is kept.
//! `uniq` makes every message once, whatever is retried.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use platform::auth::Policies;
use platform::db::insert;
use platform::ids::new_id;
use platform::jobs::{NewJob, enqueue};
use platform::{Id, Permit, Result, Tx};
use sea_orm::FromQueryResult;
use serde_json::{Value, json};

/// More leads or follow-ups than this at once become one message with a count.
const SEPARATELY: usize = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    LeadAssigned,
    LeadsAssigned,
    LeadsReturned,
    LeadEnquiredAgain,
    FollowUpDue,
    FollowUpsDue,
    RepBlocked,
    LeadsWaiting,
    LeaveRequested,
    LeaveAnswered,
    LeaveClosed,
    ScriptFailing,
    ScriptNotice,
    SheetBroken,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::LeadAssigned => "lead_assigned",
            Kind::LeadsAssigned => "leads_assigned",
            Kind::LeadsReturned => "leads_returned",
            Kind::LeadEnquiredAgain => "lead_enquired_again",
            Kind::FollowUpDue => "follow_up_due",
            Kind::FollowUpsDue => "follow_ups_due",
            Kind::RepBlocked => "rep_blocked",
            Kind::LeadsWaiting => "leads_waiting",
            Kind::LeaveRequested => "leave_requested",
            Kind::LeaveAnswered => "leave_answered",
            Kind::LeaveClosed => "leave_closed",
            Kind::ScriptFailing => "script_failing",
            Kind::ScriptNotice => "script_notice",
            Kind::SheetBroken => "sheet_broken",
        }
    }
}

/// New leads for their owners: (owner, lead, event).
pub async fn lead_assigned(tx: &Tx, given: Vec<(Id, Id, Id)>) -> Result<()> {
    let mut by_owner: BTreeMap<Id, Vec<(Id, Id)>> = BTreeMap::new();
    for (owner, lead, event) in given {
        by_owner.entry(owner).or_default().push((lead, event));
    }
    let mut drafts = Vec::new();
    for (owner, leads) in by_owner {
        if let (true, Some((_, event))) = (leads.len() > SEPARATELY, leads.first()) {
            let payload = json!({"count": leads.len()});
            drafts.push(Draft::to(owner, Kind::LeadsAssigned, *event).payload(payload));
            continue;
        }
        drafts.extend(
            leads
                .iter()
                .map(|(lead, event)| Draft::to(owner, Kind::LeadAssigned, *event).lead(*lead)),
        );
    }
    queue(tx, drafts).await
}

/// Leads nobody touched went back to distribution: who had them is told how many.
pub async fn leads_returned(tx: &Tx, by_owner: BTreeMap<Id, i64>, minutes: i64, event: Id) -> Result<()> {
    let drafts = by_owner.into_iter().map(|(owner, count)| {
        Draft::to(owner, Kind::LeadsReturned, event).payload(json!({"count": count, "minutes": minutes}))
    });
    queue(tx, drafts.collect()).await
}

pub async fn lead_enquired_again(tx: &Tx, owner: Id, lead: Id, event: Id) -> Result<()> {
    queue(tx, vec![Draft::to(owner, Kind::LeadEnquiredAgain, event).lead(lead)]).await
}

/// A follow-up that fell due. One put off or handed over falls due again, and is told of again.
#[derive(Debug, Clone)]
pub struct Due {
    pub owner: Id,
    pub follow_up: Id,
    pub lead: Id,
    pub at: DateTime<Utc>,
}

impl Due {
    fn key(&self) -> String {
        format!("{}/{}", self.follow_up, self.at.timestamp_micros())
    }
}

/// Tells owners, and answers by which message each is told of.
pub async fn follow_ups_due(tx: &Tx, mut due: Vec<Due>) -> Result<Vec<(Due, String)>> {
    due.sort_by_key(|due| (due.at, due.follow_up));
    let mut by_owner: BTreeMap<Id, Vec<Due>> = BTreeMap::new();
    for due in due {
        by_owner.entry(due.owner).or_default().push(due);
    }
    let (mut drafts, mut told) = (Vec::new(), Vec::new());
    for (owner, due) in by_owner {
        if let (true, Some(first)) = (due.len() > SEPARATELY, due.first()) {
            let payload = json!({"count": due.len()});
            let draft = Draft::keyed(owner, Kind::FollowUpsDue, first.key()).payload(payload);
            told.extend(due.into_iter().map(|due| (due, draft.uniq())));
            drafts.push(draft);
            continue;
        }
        for due in due {
            let draft = Draft {
                follow_up: Some(due.follow_up),
                ..Draft::keyed(owner, Kind::FollowUpDue, due.key()).lead(due.lead)
            };
            told.push((due, draft.uniq()));
            drafts.push(draft);
        }
    }
    queue(tx, drafts).await?;
    Ok(told)
}

/// A rep passed the overdue threshold: the rep and the managers are told once per block.
pub async fn rep_blocked(tx: &Tx, rep: Id, name: &str, overdue: i64, since: &str) -> Result<()> {
    let payload = json!({"rep_id": rep, "name": name, "count": overdue});
    let mut drafts = vec![Draft::keyed(rep, Kind::RepBlocked, format!("{rep}/{since}")).payload(payload.clone())];
    for manager in with_permit(tx, Permit::Distribution)
        .await?
        .into_iter()
        .filter(|id| *id != rep)
    {
        drafts.push(Draft::keyed(manager, Kind::RepBlocked, format!("{rep}/{since}")).payload(payload.clone()));
    }
    queue(tx, drafts).await
}

/// Leads wait with nobody to take them; told once an hour at most.
pub async fn waiting_leads(tx: &Tx, count: i64) -> Result<()> {
    let hour = tx.now().format("%Y-%m-%dT%H").to_string();
    let told = with_permit(tx, Permit::Distribution).await?;
    to_all(tx, told, Kind::LeadsWaiting, &hour, json!({"count": count})).await
}

/// A published script fails: who writes the rules is told, with the line.
pub async fn script_failing(tx: &Tx, uniq: &str, payload: Value) -> Result<()> {
    let told = with_permit(tx, Permit::Scripts).await?;
    to_all(tx, told, Kind::ScriptFailing, uniq, payload).await
}

/// A connected sheet stopped: the admins are told, and whoever connected it.
pub async fn sheet_broken(tx: &Tx, author: Id, uniq: &str, payload: Value) -> Result<()> {
    let mut people = of_roles(tx, &["admin"]).await?;
    if !people.contains(&author) {
        people.push(author);
    }
    let draft = |id: Id| Draft::keyed(id, Kind::SheetBroken, uniq.to_owned()).payload(payload.clone());
    queue(tx, people.into_iter().map(draft).collect()).await
}

/// What a script asked to be said about a lead: `to` its owner, or everybody of a role.
pub struct ScriptNotice {
    pub to: String,
    pub template: String,
    /// What the template is told besides the lead.
    pub vars: serde_json::Map<String, Value>,
    pub owner: Id,
    pub lead: Id,
    pub event: Id,
}

/// A lead, the event, and what the template is told.
type About = (Id, Id, serde_json::Map<String, Value>);

pub async fn script_notices(tx: &Tx, notices: Vec<ScriptNotice>) -> Result<()> {
    let mut roles: BTreeMap<String, Vec<Id>> = BTreeMap::new();
    let mut by_person: BTreeMap<(Id, String), Vec<About>> = BTreeMap::new();
    for notice in notices {
        if notice.to != "owner" && !roles.contains_key(&notice.to) {
            roles.insert(notice.to.clone(), of_roles(tx, &[notice.to.as_str()]).await?);
        }
        let owner = vec![notice.owner];
        for person in roles.get(&notice.to).unwrap_or(&owner) {
            let about = (notice.lead, notice.event, notice.vars.clone());
            by_person
                .entry((*person, notice.template.clone()))
                .or_default()
                .push(about);
        }
    }
    let mut drafts = Vec::new();
    for ((person, template), leads) in by_person {
        let keyed = |event: Id| Draft::keyed(person, Kind::ScriptNotice, format!("{event}/{template}"));
        if let (true, Some((_, event, vars))) = (leads.len() > SEPARATELY, leads.first()) {
            let payload = json!({"template": template, "vars": vars, "count": leads.len()});
            drafts.push(keyed(*event).payload(payload));
            continue;
        }
        let one = |(lead, event, vars): &About| {
            let payload = json!({"template": template, "vars": vars});
            keyed(*event).lead(*lead).payload(payload)
        };
        drafts.extend(leads.iter().map(one));
    }
    queue(tx, drafts).await
}

async fn to_all(tx: &Tx, people: Vec<Id>, kind: Kind, key: &str, payload: Value) -> Result<()> {
    let drafts = people
        .into_iter()
        .map(|id| Draft::keyed(id, kind, key.to_owned()).payload(payload.clone()));
    queue(tx, drafts.collect()).await
}

pub(super) struct Draft {
    user: Id,
    kind: Kind,
    key: String,
    lead: Option<Id>,
    follow_up: Option<Id>,
    payload: Value,
}

impl Draft {
    pub(super) fn to(user: Id, kind: Kind, about: Id) -> Self {
        Draft::keyed(user, kind, about.to_string())
    }

    fn keyed(user: Id, kind: Kind, key: String) -> Self {
        Draft {
            user,
            kind,
            key,
            lead: None,
            follow_up: None,
            payload: json!({}),
        }
    }

    fn uniq(&self) -> String {
        format!("{}/{}/{}", self.kind.as_str(), self.user, self.key)
    }

    fn lead(self, lead: Id) -> Self {
        Draft {
            lead: Some(lead),
            ..self
        }
    }

    pub(super) fn payload(self, payload: Value) -> Self {
        Draft { payload, ..self }
    }
}

#[derive(FromQueryResult)]
struct Linked {
    user_id: Id,
    chat_id: i64,
}

/// Only people with a linked chat have a queue; the others see everything in the portal.
pub(super) async fn queue(tx: &Tx, drafts: Vec<Draft>) -> Result<()> {
    if drafts.is_empty() {
        return Ok(());
    }
    let tenant = tx.tenant();
    let sql = "SELECT user_id, chat_id FROM bot_link WHERE tenant_id = $1 AND state = 'active' AND NOT muted";
    let linked: Vec<Linked> = tx.all(sql, vec![tenant.0.into()]).await?;
    let chats: BTreeMap<Id, i64> = linked.into_iter().map(|link| (link.user_id, link.chat_id)).collect();
    let mut first = None;
    let mut rows = Vec::new();
    for draft in drafts {
        let Some(chat) = chats.get(&draft.user) else { continue };
        let id = new_id();
        first.get_or_insert(id);
        rows.push(vec![
            tenant.0.into(),
            id.into(),
            (*chat).into(),
            draft.user.into(),
            draft.uniq().into(),
            draft.kind.as_str().into(),
            draft.payload.into(),
            "".into(),
            "queued".into(),
            tx.now().into(),
            0i32.into(),
            draft.lead.into(),
            draft.follow_up.into(),
            tx.now().into(),
        ]);
    }
    let Some(first) = first else { return Ok(()) };
    insert(
        tx,
        "bot_message",
        "tenant_id, id, chat_id, user_id, uniq, kind, payload, text, state, run_at, attempts, lead_id, \
         follow_up_id, created_at",
        rows,
        "ON CONFLICT (tenant_id, uniq) DO NOTHING",
    )
    .await?;
    enqueue(tx, NewJob::new("messages.deliver", format!("deliver/{first}"), vec![])).await
}

/// Everybody whose role, built in or the tenant's own, allows something.
async fn with_permit(tx: &Tx, permit: Permit) -> Result<Vec<Id>> {
    let roles = Policies::roles_with(tx, permit).await?;
    of_roles(tx, &roles.iter().map(String::as_str).collect::<Vec<_>>()).await
}

async fn of_roles(tx: &Tx, roles: &[&str]) -> Result<Vec<Id>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Id,
    }
    let mut values: Vec<sea_orm::Value> = vec![tx.tenant().0.into()];
    values.extend(roles.iter().map(|role| sea_orm::Value::from(*role)));
    let sql = format!(
        "SELECT id FROM app_user WHERE tenant_id = $1 AND active AND role IN ({}) LIMIT 200",
        platform::db::list(2, roles.len())
    );
    let rows: Vec<Row> = tx.all(&sql, values).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
