//! Refuses to build a server without its front end, and rebuilds when the front end or a template changes.

use std::path::Path;

const BUNDLE: [&str; 5] = ["app.css", "app.js", "editor.js", "theme.js", "icons.svg"];

fn main() {
    println!("cargo::rerun-if-changed=dist");
    println!("cargo::rerun-if-changed=templates");
    println!("cargo::rerun-if-changed=help");
    let missing: Vec<_> = BUNDLE
        .iter()
        .filter(|file| !Path::new("dist").join(file).exists())
        .collect();
    if !missing.is_empty() {
        println!("cargo::error=web/dist has no {missing:?}: run `make assets` (or `npm ci && npm run build` in web/)");
    }
}
