//! A QR code as an SVG of one path: drawn here, so that what it says never leaves the page.

use qrcodegen::{QrCode, QrCodeEcc};

/// Squares of light around the code, as readers expect.
const QUIET: i32 = 4;

/// None where the text is too long for any code.
pub fn svg(text: &str, label: &str) -> Option<String> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            path.push_str(&format!("M{},{}h1v1h-1z", x + QUIET, y + QUIET));
        }
    }
    let side = code.size() + 2 * QUIET;
    // Dark on light in both themes: many readers know no other.
    Some(format!(
        "<svg class=\"qr\" role=\"img\" aria-label=\"{}\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#000\"/></svg>",
        handlebars::html_escape(label)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_drawn_whole() {
        let drawn = svg("otpauth://totp/Markaz:ali@demo?secret=JBSWY3DPEHPK3PXP", "<b>").unwrap();
        assert!(drawn.contains("viewBox") && drawn.contains("M4,4h1v1h-1z") && drawn.contains("&lt;b&gt;"));
        assert!(svg(&"x".repeat(5000), "").is_none());
    }
}
