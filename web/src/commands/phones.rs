//! The simulator's chats, for the page that shows them.

use platform::{Id, TenantId};
use plugins::telegram::simulator::{Fault, Person, Simulator};
use workflows::staff::User;

use crate::simulator::{Bubble, Call, Phones};

impl Phones for Simulator {
    fn chat_of(&self, _tenant: TenantId, user: Id) -> i64 {
        Person::of_user(user, "", "").id
    }

    fn bubbles(&self, tenant: TenantId, chat: i64) -> Vec<Bubble> {
        let Some(token) = self.token_of(tenant.0) else {
            return Vec::new();
        };
        let shown = |bubble: plugins::telegram::simulator::Bubble| Bubble {
            id: bubble.id,
            from_bot: bubble.from_bot,
            text: bubble.text,
            at: bubble.at,
            buttons: bubble
                .buttons
                .into_iter()
                .map(|row| row.into_iter().map(|button| (button.text, button.data)).collect())
                .collect(),
            notice: bubble.notice,
        };
        Simulator::bubbles(self, &token, chat).into_iter().map(shown).collect()
    }

    fn say(&self, tenant: TenantId, user: &User, text: &str) {
        if let Some(token) = self.token_of(tenant.0) {
            let language = user.locale.as_deref().unwrap_or("uz");
            Simulator::say(
                self,
                &token,
                &Person::of_user(user.id, &user.first_name, language),
                text,
            );
        }
    }

    fn press(&self, tenant: TenantId, chat: i64, message: i64, data: &str) {
        if let Some(token) = self.token_of(tenant.0) {
            Simulator::press(self, &token, chat, message, data);
        }
    }

    fn fail(&self, tenant: TenantId, fault: &str) {
        let Some(token) = self.token_of(tenant.0) else { return };
        let fault = match fault {
            "429" => Some(Fault::RetryAfter(3)),
            "403" => Some(Fault::Blocked),
            "500" => Some(Fault::ServerError(502)),
            _ => None,
        };
        self.fail_always(&token, fault);
    }

    fn calls(&self, tenant: TenantId) -> Vec<Call> {
        let Some(token) = self.token_of(tenant.0) else {
            return Vec::new();
        };
        let own = Simulator::calls(self).into_iter().filter(|call| call.token == token);
        own.map(|call| Call {
            at: call.at,
            method: call.method,
            code: call.code,
        })
        .collect()
    }
}
