//! The methods of the Bot API that Markaz uses, each with the refusals Telegram gives.

use serde_json::{Value, json};

use super::chat::{Button, Chat};
use super::{Bot, Simulator, State, Webhook, markup};

/// A refusal as Telegram words it: code and description.
pub(super) struct Refusal(pub u16, pub String);

/// The parameters of a request, whichever of Telegram's four encodings they came in.
pub(super) struct Params(pub Value);

type Answer = Result<Value, Refusal>;

impl Simulator {
    /// Everything but getUpdates, which waits.
    pub(super) fn perform(&self, token: &str, method: &str, params: &Params) -> Answer {
        let mut state = self.lock();
        let message_id = state.next_id();
        let bot = state.bot(token)?;
        match method {
            "getme" => Ok(bot.user_with_abilities()),
            "sendmessage" => bot.send(message_id, params),
            "editmessagetext" => bot.edit(params),
            "answercallbackquery" => bot.answer(params),
            "setmycommands" => {
                bot.commands.insert(
                    params.text("language_code").unwrap_or_default(),
                    params.json("commands"),
                );
                Ok(json!(true))
            }
            "getmycommands" => Ok(bot
                .commands
                .get(&params.text("language_code").unwrap_or_default())
                .cloned()
                .unwrap_or_else(|| json!([]))),
            "setwebhook" => {
                let answer = bot.set_webhook(params);
                drop(state);
                self.hand_over(token);
                answer
            }
            "deletewebhook" => {
                bot.webhook = None;
                bot.drop_pending(params);
                Ok(json!(true))
            }
            "getwebhookinfo" => Ok(bot.webhook_info()),
            _ => Err(Refusal(404, "Not Found: method not found".to_owned())),
        }
    }
}

impl State {
    pub(super) fn bot(&mut self, token: &str) -> Result<&mut Bot, Refusal> {
        self.bots
            .get_mut(token)
            .ok_or_else(|| Refusal(401, "Unauthorized".to_owned()))
    }
}

impl Bot {
    fn send(&mut self, message_id: i64, params: &Params) -> Answer {
        let me = self.user();
        let text = params.message_text()?;
        let buttons = params.buttons()?;
        let chat = self.chat(params)?;
        let bubble = chat.keep(message_id, true, &text, buttons);
        Ok(bubble.message(&chat.person, &me))
    }

    fn edit(&mut self, params: &Params) -> Answer {
        let me = self.user();
        let text = params.message_text()?;
        let buttons = params.buttons()?;
        let chat = self.chat(params)?;
        let person = chat.person.clone();
        let bubble = params
            .int("message_id")
            .and_then(|id| chat.bubble_mut(id))
            .filter(|bubble| bubble.from_bot)
            .ok_or_else(|| bad_request("message to edit not found"))?;
        if bubble.text == text && bubble.buttons == buttons {
            return Err(bad_request(
                "message is not modified: specified new message content and reply markup are exactly the same",
            ));
        }
        (bubble.text, bubble.buttons, bubble.edited) = (text, buttons, true);
        Ok(bubble.message(&person, &me))
    }

    fn answer(&mut self, params: &Params) -> Answer {
        let Some((chat_id, message_id)) = params.text("callback_query_id").and_then(|id| self.presses.remove(&id))
        else {
            return Err(bad_request(
                "query is too old and response timeout expired or query ID is invalid",
            ));
        };
        if let Some(bubble) = self
            .chats
            .get_mut(&chat_id)
            .and_then(|chat| chat.bubble_mut(message_id))
        {
            bubble.notice = params.text("text");
        }
        Ok(json!(true))
    }

    fn set_webhook(&mut self, params: &Params) -> Answer {
        self.drop_pending(params);
        let url = params.text("url").unwrap_or_default();
        self.webhook = (!url.is_empty()).then(|| Webhook {
            url,
            secret: params.text("secret_token"),
            last_error: None,
        });
        Ok(json!(true))
    }

    fn drop_pending(&mut self, params: &Params) {
        if params.json("drop_pending_updates") == json!(true) {
            self.updates.clear();
        }
    }

    fn webhook_info(&self) -> Value {
        let webhook = self.webhook.as_ref();
        json!({
            "url": webhook.map(|w| w.url.as_str()).unwrap_or_default(),
            "has_custom_certificate": false,
            "pending_update_count": self.updates.len(),
            "last_error_message": webhook.and_then(|w| w.last_error.clone()),
        })
    }

    fn chat(&mut self, params: &Params) -> Result<&mut Chat, Refusal> {
        let chat = params.int("chat_id").and_then(|id| self.chats.get_mut(&id));
        match chat {
            Some(chat) if chat.blocked => Err(Refusal(403, "Forbidden: bot was blocked by the user".to_owned())),
            Some(chat) => Ok(chat),
            None => Err(bad_request("chat not found")),
        }
    }

    fn user_with_abilities(&self) -> Value {
        let mut user = self.user();
        for ability in [
            "can_join_groups",
            "can_read_all_group_messages",
            "supports_inline_queries",
        ] {
            user[ability] = json!(false);
        }
        for ability in ["can_connect_to_business", "has_main_web_app"] {
            user[ability] = json!(false);
        }
        user
    }
}

impl Params {
    pub fn int(&self, name: &str) -> Option<i64> {
        let value = &self.0[name];
        value.as_i64().or_else(|| value.as_str()?.parse().ok())
    }

    pub fn text(&self, name: &str) -> Option<String> {
        self.0[name].as_str().map(str::to_owned)
    }

    /// A nested value: forms carry it as a JSON string.
    pub fn json(&self, name: &str) -> Value {
        match &self.0[name] {
            Value::String(text) => serde_json::from_str(text).unwrap_or_else(|_| json!(text)),
            value => value.clone(),
        }
    }

    fn message_text(&self) -> Result<String, Refusal> {
        let text = self.text("text").filter(|text| !text.trim().is_empty());
        let text = text.ok_or_else(|| bad_request("message text is empty"))?;
        if text.encode_utf16().count() > 4096 {
            return Err(bad_request("message is too long"));
        }
        match markup::fault_in(&text).filter(|_| self.0["parse_mode"] == "HTML") {
            Some(fault) => Err(bad_request(&fault)),
            None => Ok(text),
        }
    }

    fn buttons(&self) -> Result<Vec<Vec<Button>>, Refusal> {
        let rows = match self.json("reply_markup") {
            Value::Object(mut markup) => markup.remove("inline_keyboard").unwrap_or_else(|| json!([])),
            _ => json!([]),
        };
        let rows: Vec<Vec<Button>> = serde_json::from_value(rows)
            .map_err(|e| bad_request(&format!("can't parse reply keyboard markup: {e}")))?;
        if rows
            .iter()
            .flatten()
            .filter_map(|button| button.data.as_ref())
            .any(|data| data.len() > 64)
        {
            return Err(bad_request("BUTTON_DATA_INVALID"));
        }
        Ok(rows)
    }
}

fn bad_request(what: &str) -> Refusal {
    Refusal(400, format!("Bad Request: {what}"))
}
