//! Who changed what, in the transaction that changed it. Rows are only ever added.

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::auth::Actor;
use crate::db::Tx;
use crate::error::Result;
use crate::ids::{Id, new_id};

/// `action` is an event-like verb (`user.created`); `changes` names fields, never secrets.
pub async fn record(tx: &Tx, actor: &Actor, action: &str, object: &str, id: Id, changes: Value) -> Result<()> {
    tx.run(
        "INSERT INTO audit (tenant_id, id, at, actor_id, action, object, object_id, address, request_id, changes) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        vec![
            tx.tenant().0.into(),
            new_id().into(),
            tx.now().into(),
            actor.user.into(),
            action.into(),
            object.into(),
            id.to_string().into(),
            actor.address.clone().into(),
            actor.request_id.clone().into(),
            changes.into(),
        ],
    )
    .await?;
    Ok(())
}

/// What a change did, field by field: `{"role": {"from": "sales", "to": "manager"}}`. Rows are never rewritten, so what
/// may have to be forgotten one day, people's phones and addresses, is written half hidden.
#[derive(Debug, Default)]
pub struct Changes(Map<String, Value>);

impl Changes {
    /// Notes a field, where it differs.
    pub fn field(&mut self, name: &str, from: impl Serialize, to: impl Serialize) {
        let (from, to) = (json!(from), json!(to));
        if from != to {
            self.0.insert(name.to_owned(), json!({"from": from, "to": to}));
        }
    }

    /// As [`Changes::field`], for what is somebody's own.
    pub fn personal(&mut self, name: &str, from: Option<&str>, to: Option<&str>) {
        if from != to {
            let shown = json!({"from": from.map(half_hidden), "to": to.map(half_hidden)});
            self.0.insert(name.to_owned(), shown);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Changes> for Value {
    fn from(changes: Changes) -> Value {
        Value::Object(changes.0)
    }
}

/// The beginning and the end, enough to know one's own by.
pub fn half_hidden(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let shown = (letters.len() / 4).min(4);
    let (start, end) = (&letters[..shown], &letters[letters.len() - shown..]);
    start.iter().chain(&['•', '•', '•']).chain(end).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_noted_and_what_is_personal_half_hidden() {
        let mut changes = Changes::default();
        changes.field("weight", 1, 1);
        changes.personal("email", Some("a@b.uz"), Some("a@b.uz"));
        assert!(changes.is_empty());
        changes.field("weight", 1, 2);
        changes.personal("phone", None, Some("+998901234567"));
        let told: Value = changes.into();
        assert_eq!(told["weight"], json!({"from": 1, "to": 2}));
        assert_eq!(told["phone"], json!({"from": null, "to": "+99•••567"}));
        assert_eq!(half_hidden("ab"), "•••");
    }
}
