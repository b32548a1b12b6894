//! The world's numbering plans, matched whole. The library's own check accepts any number that
//! merely begins like a valid one, so its patterns are compiled here between two anchors.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use phonenumber::Metadata;
use phonenumber::metadata::{DATABASE, Descriptor};
use regex::{Regex, RegexBuilder};

/// Is this a national number of that plan?
pub fn has(plan: &Metadata, national: &str) -> bool {
    matches(plan.id(), Kind::Any, plan.descriptors().general(), national)
}

/// Is this, after its calling code, a number anywhere?
pub fn exists(digits: &str) -> bool {
    anywhere(digits, has)
}

pub fn is_mobile_somewhere(digits: &str) -> bool {
    anywhere(digits, |plan, national| {
        plan.descriptors()
            .mobile()
            .is_some_and(|mobile| matches(plan.id(), Kind::Mobile, mobile, national))
    })
}

fn anywhere(digits: &str, fits: impl Fn(&Metadata, &str) -> bool) -> bool {
    let Some((code, national)) = split(digits) else {
        return false;
    };
    DATABASE
        .by_code(&code)
        .is_some_and(|plans| plans.iter().any(|plan| fits(plan, national)))
}

/// Calling codes are prefix-free, so the first that exists is the one.
fn split(digits: &str) -> Option<(u16, &str)> {
    (1..=3).find_map(|length| {
        let (code, national) = digits.split_at_checked(length)?;
        let code = code.parse().ok().filter(|code| *code != 0)?;
        DATABASE.region(&code).map(|_| (code, national))
    })
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Any,
    Mobile,
}

type Patterns = HashMap<(String, Kind), Arc<Regex>>;

fn matches(plan: &str, kind: Kind, descriptor: &Descriptor, national: &str) -> bool {
    static PATTERNS: RwLock<Option<Patterns>> = RwLock::new(None);
    let key = (plan.to_owned(), kind);
    let known = PATTERNS
        .read()
        .unwrap_or_else(PoisonError::into_inner)
        .as_ref()
        .and_then(|all| all.get(&key).cloned());
    let pattern = match known {
        Some(pattern) => pattern,
        None => {
            let Some(pattern) = whole(descriptor.national_number().as_str()) else {
                return false;
            };
            let mut all = PATTERNS.write().unwrap_or_else(PoisonError::into_inner);
            all.get_or_insert_default()
                .entry(key)
                .or_insert(Arc::new(pattern))
                .clone()
        }
    };
    pattern.is_match(national)
}

fn whole(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(&format!("^(?:{pattern}\n)$"))
        .ignore_whitespace(true)
        .unicode(false)
        .build()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_plan_compiles_and_knows_its_own_example() {
        let mut plans = 0;
        for plan in DATABASE.iter() {
            assert!(
                whole(plan.descriptors().general().national_number().as_str()).is_some(),
                "{}",
                plan.id()
            );
            if let Some(example) = plan.descriptors().mobile().and_then(|mobile| mobile.example()) {
                assert!(has(plan, example), "{} {example}", plan.id());
                assert!(
                    exists(&format!("{}{example}", plan.country_code())),
                    "{} {example}",
                    plan.id()
                );
                plans += 1;
            }
        }
        assert!(plans > 200);
    }
}
