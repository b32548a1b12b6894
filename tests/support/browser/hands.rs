//! What hands do to elements that were found: press, type, drag.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Browser, ELEMENT};

/// Fields whose keyboard depends on the machine's locale.
const PICKED: &str = "const [field, text] = arguments; if (!['date', 'time', 'datetime-local', 'month'].includes(field.type)) return false; \
                      field.value = text; for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind, {bubbles: true})); return true";

impl Browser {
    /// The element a script answers.
    pub async fn element(&self, body: &str, args: Value) -> Option<String> {
        let found = self
            .try_call(
                Method::POST,
                "/execute/sync",
                Some(json!({"script": body, "args": args})),
            )
            .await
            .ok()?;
        found[ELEMENT].as_str().map(str::to_owned)
    }

    pub async fn element_of(&self, body: &str, element: &str, word: &str) -> Option<String> {
        self.element(body, json!([{ELEMENT: element}, word])).await
    }

    /// A real click in the middle of it; says why where something lies over it.
    pub async fn try_click(&self, element: &str) -> Result<(), String> {
        let click = format!("/element/{element}/click");
        self.try_call(Method::POST, &click, Some(json!({}))).await.map(drop)
    }

    pub async fn refill(&self, element: &str, text: &str) {
        let args = json!([{ELEMENT: element}, text]);
        if self
            .post("/execute/sync", json!({"script": PICKED, "args": args}))
            .await
            == true
        {
            return;
        }
        self.post(&format!("/element/{element}/clear"), json!({})).await;
        self.post(&format!("/element/{element}/value"), json!({"text": text}))
            .await;
    }

    /// Chooses an option of a list.
    pub async fn pick(&self, list: &str, option: &str) {
        let args = json!([{ELEMENT: list}, {ELEMENT: option}]);
        let pick = "const [list, option] = arguments; list.focus(); option.selected = true; \
                    for (const kind of ['input', 'change']) list.dispatchEvent(new Event(kind, {bubbles: true}))";
        self.post("/execute/sync", json!({"script": pick, "args": args})).await;
    }

    pub async fn paste(&self, element: &str, text: &str) {
        let args = json!([{ELEMENT: element}, text]);
        let paste = "const [field, text] = arguments; field.focus(); field.select(); \
                     return document.execCommand('insertText', false, text)";
        self.post("/execute/sync", json!({"script": paste, "args": args})).await;
    }

    /// One key, to whatever has the focus.
    pub async fn key(&self, code: &str) {
        let press = json!([{"type": "keyDown", "value": code}, {"type": "keyUp", "value": code}]);
        self.post(
            "/actions",
            json!({"actions": [{"type": "key", "id": "keys", "actions": press}]}),
        )
        .await;
    }

    /// Takes an element by the mouse and lets it go over another.
    pub async fn drag(&self, from: &str, to: &str) {
        let over = |element: &str, x: i32| json!({"type": "pointerMove", "duration": 60, "origin": {ELEMENT: element}, "x": x, "y": 0});
        let moves = json!([
            over(from, 0), {"type": "pointerDown", "button": 0}, over(from, 6), {"type": "pause", "duration": 120},
            over(to, 0), over(to, 4), {"type": "pause", "duration": 120}, {"type": "pointerUp", "button": 0},
        ]);
        let mouse = json!({"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": moves});
        self.post("/actions", json!({"actions": [mouse]})).await;
    }

    /// Opens the same page anew.
    pub async fn again(&self) {
        self.post("/refresh", json!({})).await;
    }
}
