//! Rust values as a script meets them, and the getters that give them.

use rhai::{Array, Dynamic, ImmutableString, Module};

use super::time::Time;

pub fn get<T: Clone + 'static, R: Clone + 'static>(module: &mut Module, name: &str, look: fn(&mut T) -> R) {
    module.set_getter_fn(name, move |value: &mut T| Ok(look(value)));
}

pub fn text(value: &str) -> ImmutableString {
    value.into()
}

pub fn maybe_text(value: &Option<String>) -> Dynamic {
    value.as_deref().map_or(Dynamic::UNIT, |value| text(value).into())
}

pub fn maybe_int(value: Option<i64>) -> Dynamic {
    value.map_or(Dynamic::UNIT, Dynamic::from)
}

pub fn texts(values: impl Iterator<Item = impl AsRef<str>>) -> Array {
    values.map(|value| text(value.as_ref()).into()).collect()
}

pub fn instant(at: chrono::DateTime<chrono::Utc>) -> Dynamic {
    Dynamic::from(Time(at))
}
