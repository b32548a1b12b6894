//! What a person did in a chat, read from an update as Telegram wrote it.

use serde_json::Value;
use teloxide::types::{ChatKind, ChatMemberKind, Message, Update, UpdateKind, User};

#[derive(Clone, Debug, PartialEq)]
pub struct Incoming {
    pub update_id: i64,
    pub chat_id: i64,
    /// Only private chats are linked to users; elsewhere the bot stays silent.
    pub private: bool,
    pub person: Person,
    pub act: Act,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    pub id: i64,
    pub name: String,
    pub username: Option<String>,
    pub language: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    Command {
        name: String,
        argument: String,
    },
    Text(String),
    Press {
        callback_id: String,
        message_id: i64,
        data: String,
    },
    Blocked,
    Unblocked,
}

/// The number Telegram gave an update, even one we cannot read.
pub fn update_id(update: &Value) -> Option<i64> {
    update["update_id"].as_i64()
}

/// `None` for everything a bot of ours has no answer to: pictures, edits, kinds Telegram invents later.
pub fn read(update: &Value) -> Option<Incoming> {
    // teloxide reads updates from text only: from a `Value` every kind becomes `Error`.
    let update: Update = serde_json::from_str(&update.to_string()).ok()?;
    let update_id = i64::from(update.id.0);
    match update.kind {
        UpdateKind::Message(message) => {
            let person = person(message.from.as_ref()?);
            let act = command_or_text(message.text()?);
            Some(Incoming {
                update_id,
                chat_id: message.chat.id.0,
                private: is_private(&message),
                person,
                act,
            })
        }
        UpdateKind::CallbackQuery(press) => {
            let message = press.message.as_ref()?;
            Some(Incoming {
                update_id,
                chat_id: message.chat().id.0,
                private: matches!(message.chat().kind, ChatKind::Private(_)),
                person: person(&press.from),
                act: Act::Press {
                    callback_id: press.id.0,
                    message_id: i64::from(message.id().0),
                    data: press.data?,
                },
            })
        }
        UpdateKind::MyChatMember(change) => {
            let act = match change.new_chat_member.kind {
                ChatMemberKind::Banned(_) | ChatMemberKind::Left => Act::Blocked,
                ChatMemberKind::Member(_) => Act::Unblocked,
                _ => return None,
            };
            let private = matches!(change.chat.kind, ChatKind::Private(_));
            Some(Incoming {
                update_id,
                chat_id: change.chat.id.0,
                private,
                person: person(&change.from),
                act,
            })
        }
        _ => None,
    }
}

/// `/today@markaz_bot now` is the command `today` with the argument `now`.
fn command_or_text(text: &str) -> Act {
    let (head, argument) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    match head.strip_prefix('/') {
        Some(name) => Act::Command {
            name: name.split('@').next().unwrap_or_default().to_lowercase(),
            argument: argument.trim().to_owned(),
        },
        None => Act::Text(text.to_owned()),
    }
}

fn is_private(message: &Message) -> bool {
    matches!(message.chat.kind, ChatKind::Private(_))
}

fn person(user: &User) -> Person {
    Person {
        id: i64::try_from(user.id.0).unwrap_or_default(),
        name: user.full_name(),
        username: user.username.clone(),
        language: user.language_code.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_lose_the_bots_name_and_keep_their_argument() {
        let command = |name: &str, argument: &str| Act::Command {
            name: name.into(),
            argument: argument.into(),
        };
        assert_eq!(command_or_text("/start abc-DEF_1"), command("start", "abc-DEF_1"));
        assert_eq!(command_or_text("/Today@markaz_bot"), command("today", ""));
        assert_eq!(command_or_text("salom /today"), Act::Text("salom /today".into()));
        assert_eq!(command_or_text("/"), command("", ""));
    }

    #[test]
    fn what_cannot_be_read_is_nothing_but_keeps_its_number() {
        let strange = serde_json::json!({"update_id": 7, "hologram": {"x": 1}});
        assert_eq!(read(&strange), None);
        assert_eq!(update_id(&strange), Some(7));
        assert_eq!(read(&serde_json::json!("nonsense")), None);
    }
}
