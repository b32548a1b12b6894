//! The portal's routes.

use poem::{Endpoint, Route};
use workflows::ports::Desk;

pub fn portal(_desk: Desk, _demo: bool) -> impl Endpoint + use<> {
    Route::new()
}
