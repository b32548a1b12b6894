//! The front end, embedded: styles, scripts, fonts, icons. Each is served under the bundle's hash, so a browser
//! keeps it forever and a new build is a new address.

use std::sync::LazyLock;

use poem::http::{StatusCode, header};
use poem::web::Path;
use poem::{IntoResponse, Response, handler};
use rust_embed::{EmbeddedFile, RustEmbed};

/// The address of a file of the bundle.
pub fn url(path: &str) -> String {
    format!("/assets/{}/{path}", *VERSION)
}

#[handler]
pub fn serve(Path((version, path)): Path<(String, String)>) -> Response {
    let Some(file) = Bundle::get(&path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let kind = mime_guess::from_path(&path).first_or_octet_stream();
    let caching = if version == *VERSION {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    Response::builder()
        .header(header::CONTENT_TYPE, kind.as_ref())
        .header(header::CACHE_CONTROL, caching)
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .body(file.data.into_owned())
}

#[derive(RustEmbed)]
#[folder = "dist/"]
struct Bundle;

static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut mixed: u64 = 0xcbf2_9ce4_8422_2325;
    let hashes = Bundle::iter()
        .filter_map(|path| Bundle::get(&path))
        .map(|file: EmbeddedFile| file.metadata.sha256_hash());
    for byte in hashes.flatten() {
        mixed = (mixed ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{mixed:016x}")
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundle_is_whole() {
        for file in [
            "app.css",
            "app.js",
            "editor.js",
            "theme.js",
            "icons.svg",
            "favicon.svg",
            "fonts/inter-latin.woff2",
        ] {
            assert!(Bundle::get(file).is_some(), "{file}");
        }
    }

    #[tokio::test]
    async fn a_file_is_kept_forever_under_its_hash_only() {
        let app = poem::Route::new().at("/assets/:version/*path", serve);
        let client = poem::test::TestClient::new(app);
        let kept = client.get(url("app.css")).send().await;
        kept.assert_header("cache-control", "public, max-age=31536000, immutable");
        kept.assert_header("content-type", "text/css");
        client
            .get("/assets/old/app.css")
            .send()
            .await
            .assert_header("cache-control", "no-cache");
        client
            .get(url("nothing.css"))
            .send()
            .await
            .assert_status(StatusCode::NOT_FOUND);
    }
}
