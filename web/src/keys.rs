//! The portal's keys. This one table is what the list under `?` shows and what the browser binds, so neither can say
//! what the other does not do.

use std::fmt::Write;

use handlebars::html_escape;
use platform::locale::{self, Lang};

/// Keys of one place, in the order they are used.
struct Place {
    name: &'static str,
    heading: &'static str,
    rows: &'static [Row],
}

struct Row {
    /// What the keys do, in the words of the list.
    says: &'static str,
    keys: &'static [Key],
}

/// A key as a Latin keyboard prints it. [`PRESS`] presses the page's element that is labelled with it by `data-key`.
struct Key {
    key: &'static str,
    ctrl: bool,
    does: &'static str,
}

const PRESS: &str = "press";

const fn key(key: &'static str, does: &'static str) -> Key {
    Key { key, ctrl: false, does }
}

const fn ctrl(key: &'static str, does: &'static str) -> Key {
    Key { key, ctrl: true, does }
}

const fn row(says: &'static str, keys: &'static [Key]) -> Row {
    Row { says, keys }
}

const PLACES: &[Place] = &[
    Place {
        name: "anywhere",
        heading: "keys-anywhere",
        rows: &[
            row("keys-search", &[ctrl("k", "palette"), key("/", "palette")]),
            row("keys-list", &[key("?", "list")]),
            row("keys-go", &[key("Enter", PRESS)]),
            row("keys-close", &[key("Escape", "close")]),
        ],
    },
    Place {
        name: "lists",
        heading: "keys-in-lists",
        rows: &[
            row("keys-rows", &[key("j", "down"), key("k", "up")]),
            row("keys-open", &[key("Enter", "open")]),
            row("keys-pick", &[key("x", "pick")]),
            row("lead-add", &[key("a", PRESS)]),
            row("keys-undo", &[key("u", PRESS)]),
        ],
    },
    Place {
        name: "lead",
        heading: "keys-on-a-lead",
        rows: &[
            row(
                "keys-outcome",
                &[key("1", PRESS), key("2", PRESS), key("3", PRESS), key("4", PRESS)],
            ),
            row("keys-note", &[key("n", PRESS)]),
            row("keys-call", &[key("c", PRESS)]),
            row("lead-log-call", &[key("l", PRESS)]),
            row("keys-status", &[key("s", PRESS)]),
            row("lead-plan", &[key("f", PRESS)]),
        ],
    },
    Place {
        name: "board",
        heading: "keys-on-the-board",
        rows: &[
            row(
                "keys-board-walk",
                &[
                    key("ArrowLeft", "board-left"),
                    key("ArrowUp", "board-up"),
                    key("ArrowDown", "board-down"),
                    key("ArrowRight", "board-right"),
                ],
            ),
            row("keys-board-take", &[key(" ", "board-take")]),
            row("keys-board-put", &[key("Enter", "board-put")]),
            row("keys-board-drop", &[key("Escape", "board-drop")]),
            row("keys-board-move", &[key("m", "board-move")]),
        ],
    },
];

/// The list under `?`, which carries the table to the browser.
pub fn list(lang: Lang) -> String {
    let mut out = String::new();
    for place in PLACES {
        let _ = write!(
            out,
            "<h3 class=\"nav-head\">{}</h3><dl class=\"keylist\" data-place=\"{}\">",
            say(lang, place.heading),
            place.name
        );
        for row in place.rows {
            let _ = write!(out, "<dt>{}</dt><dd>", say(lang, row.says));
            row.keys.iter().for_each(|key| draw(&mut out, key));
            out.push_str("</dd>");
        }
        out.push_str("</dl>");
    }
    out
}

fn draw(out: &mut String, key: &Key) {
    let mark = if key.ctrl {
        "<kbd class=\"kbd\" data-ctrl>Ctrl</kbd>"
    } else {
        ""
    };
    let pressed = if key.ctrl {
        format!("ctrl+{}", key.key)
    } else {
        key.key.to_owned()
    };
    let shown = match key.key {
        "ArrowLeft" => "←",
        "ArrowRight" => "→",
        "ArrowUp" => "↑",
        "ArrowDown" => "↓",
        "Escape" => "Esc",
        " " => "Space",
        letter => &letter.to_uppercase(),
    };
    let _ = write!(
        out,
        "{mark}<kbd class=\"kbd\" data-press=\"{}\" data-does=\"{}\">{}</kbd>",
        html_escape(&pressed),
        key.does,
        html_escape(shown)
    );
}

fn say(lang: Lang, id: &str) -> String {
    html_escape(&locale::t(lang, id, &[]))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use workflows::follow_ups::Outcome;

    use super::*;

    fn keys() -> impl Iterator<Item = &'static Key> {
        PLACES.iter().flat_map(|place| place.rows).flat_map(|row| row.keys)
    }

    fn files(folder: &str) -> Vec<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let mut found = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                found.extend(files(path.to_str().unwrap()));
            } else {
                found.push(std::fs::read_to_string(path).unwrap());
            }
        }
        found
    }

    /// What the templates label with a key: on the element itself, or through a form component.
    fn labelled() -> BTreeSet<String> {
        let templates = files("templates");
        let with = |opening: &'static str| {
            let pieces = templates.iter().flat_map(move |text| text.split(opening).skip(1));
            pieces.filter_map(|piece| piece.split('"').next()).map(str::to_owned)
        };
        with("data-key=\"")
            .chain(with(" key=\""))
            .filter(|key| !key.contains('{'))
            .collect()
    }

    #[test]
    fn every_key_that_a_page_shows_is_in_the_table_and_the_other_way_round() {
        let presses: BTreeSet<String> = keys()
            .filter(|key| key.does == PRESS)
            .map(|key| key.key.to_owned())
            .collect();
        let outcomes = (1..=Outcome::ALL.len()).map(|at| at.to_string());
        assert_eq!(presses, labelled().into_iter().chain(outcomes).collect());
    }

    #[test]
    fn the_browser_knows_what_every_key_does() {
        let scripts = files("assets/ts").concat();
        for key in keys().filter(|key| key.does != PRESS) {
            assert!(scripts.contains(&format!("\"{}\"", key.does)), "{}", key.does);
        }
    }

    #[test]
    fn a_key_does_one_thing_in_a_place() {
        for place in PLACES {
            let keys: Vec<_> = place
                .rows
                .iter()
                .flat_map(|row| row.keys)
                .map(|key| (key.ctrl, key.key))
                .collect();
            assert_eq!(
                keys.len(),
                keys.iter().collect::<BTreeSet<_>>().len(),
                "{}",
                place.heading
            );
        }
    }
}
