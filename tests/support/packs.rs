//! The packs the server ships, as the domain asks for them.

use std::sync::Arc;

use plugins::scripts::packs;
use wire::pack::Pack;
use workflows::ports::Packs;

pub struct Shipped;

impl Packs for Shipped {
    fn pack(&self, id: &str) -> Option<Arc<Pack>> {
        packs::pack(id).ok().cloned().map(Arc::new)
    }

    fn core(&self) -> Arc<Pack> {
        self.pack(packs::CORE).expect("the core pack is shipped")
    }
}
