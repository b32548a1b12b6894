//! Work waits: said within the node at once, and for other nodes to whoever carries it there.

use tokio::sync::Notify;

use super::tx::After;
use crate::ids::TenantId;
use crate::live::Outbox;

#[derive(Default)]
pub(crate) struct Wake {
    here: Notify,
    elsewhere: Notify,
    /// What has changed, for open pages.
    pub changes: Outbox,
}

impl Wake {
    /// A commit of this node may have enqueued work, and changed what pages show.
    pub fn committed(&self, tenant: TenantId, after: After) {
        if after.enqueued {
            self.here.notify_one();
            self.elsewhere.notify_one();
        }
        self.changes.put(tenant, after.changes);
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
