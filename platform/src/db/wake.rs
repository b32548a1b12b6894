//! Work waits: said within the node at once, and for other nodes to whoever carries it there.

use tokio::sync::Notify;

#[derive(Default)]
pub(crate) struct Wake {
    here: Notify,
    elsewhere: Notify,
}

impl Wake {
    /// A commit of this node enqueued work.
    pub fn enqueued(&self) {
        self.here.notify_one();
        self.elsewhere.notify_one();
    }

    /// There is work, and the other nodes know.
    pub fn here(&self) {
        self.here.notify_one();
    }

    pub async fn woken(&self) {
        self.here.notified().await;
    }

    /// Resolves when other nodes should be told.
    pub async fn to_tell(&self) {
        self.elsewhere.notified().await;
    }
}
