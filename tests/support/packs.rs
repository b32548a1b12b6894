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

    fn all(&self) -> Vec<Arc<Pack>> {
        let packs = packs::packs().expect("the packs read");
        packs
            .iter()
            .filter(|pack| pack.id != packs::CORE)
            .cloned()
            .map(Arc::new)
            .collect()
    }

    fn core(&self) -> Arc<Pack> {
        self.pack(packs::CORE).expect("the core pack is shipped")
    }
}
