//! What is wrong with the page that is open: axe's findings, in the page and in each of its dialogs; what hangs over the
//! edge; headings, weight, and words that were never translated.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use super::Browser;

/// Before compression; a page people wait for on a phone.
const HEAVY: u64 = 100 * 1024;

/// How closely to look.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Look {
    /// Every rule, the dialogs included.
    Closely,
    /// What a theme or a width can change: contrast and the edges.
    AtColors,
    /// What a language can change: the edges and the words.
    AtWords,
}

impl Browser {
    /// Brings axe into every page opened from here on.
    pub async fn bring_axe(&self) {
        let axe = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/node_modules/axe-core/axe.min.js");
        let axe = std::fs::read_to_string(axe).expect("axe is installed: run `make assets`");
        self.cdp("Page.addScriptToEvaluateOnNewDocument", json!({"source": axe}))
            .await;
        let faults = include_str!("faults.js");
        self.cdp("Page.addScriptToEvaluateOnNewDocument", json!({"source": faults}))
            .await;
    }

    /// Each fault in a line of its own.
    pub async fn faults(&self, look: Look) -> Vec<String> {
        let found = self.script(&format!("return faults('{look:?}', {HEAVY})")).await;
        let found = found.as_array().unwrap_or_else(|| panic!("no answer: {found}")).clone();
        let mut faults: Vec<String> = found.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        // A walk opens pages faster than a browser lets go of their lines.
        let is_real = |line: &String| !(line.contains("/events") && line.contains("429"));
        let complaints = self.complaints().await.into_iter().filter(is_real);
        faults.extend(complaints.map(|line| format!("the console: {line}")));
        faults
    }
}

/// The same fault stands on many pages: it is told once, with where.
#[derive(Default)]
pub struct Report(BTreeMap<String, Vec<String>>);

impl Report {
    pub fn add(&mut self, place: &str, faults: Vec<String>) {
        for fault in faults {
            self.0.entry(fault).or_default().push(place.to_owned());
        }
    }

    #[track_caller]
    pub fn expect_nothing(self) {
        let lines = self.0.iter().map(|(fault, places)| {
            let first = places.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
            format!("{fault}\n    on {} page(s): {first}", places.len())
        });
        let lines = lines.collect::<Vec<_>>().join("\n");
        assert!(self.0.is_empty(), "{} faults\n{lines}", self.0.len());
    }
}
