//! A tenant's bot: whose chat is whose, what people did in it, and the messages waiting to be sent. What carries
//! them is behind the port `BotApi`; nothing here knows Telegram.

mod bot;
mod connect;
mod link;
mod outbox;
mod receive;
mod text;

pub use bot::{Bot, BotView, Mode, active, by_path, show};
pub use connect::{BotApi, Listening, connect, disconnect};
pub use link::{
    actor_of, chat_blocked, chat_of, is_muted, link, link_in, set_language, set_muted, start_link, take_link, unlink,
};
pub use outbox::{Button, Head, Notice, Outcome, Reply, SEND, Waiting, begin, heads, recover, reply, reply_in, settle};
pub use receive::{HANDLE, Update, handled, leave_polling, receive, take_polling, unhandled};
pub use text::escape;
