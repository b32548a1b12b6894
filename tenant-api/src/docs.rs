//! The human documentation at `/api/docs`: Swagger UI, with its scripts named in a policy of its own.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use poem::endpoint::make_sync;
use poem::http::header;
use poem::{Endpoint, Response, Route};
use sha2::{Digest, Sha256};

use crate::{operations, service};

/// Mounted at `/api/docs`.
pub fn docs() -> impl Endpoint {
    let page = service(operations()).swagger_ui_html();
    let policy = policy(&page);
    let page = poem::web::Html(page);
    Route::new().at(
        "/",
        make_sync(move |_| {
            Response::builder()
                .content_type("text/html; charset=utf-8")
                .header(header::CONTENT_SECURITY_POLICY, policy.clone())
                .body(page.0.clone())
        }),
    )
}

/// Exactly the scripts on the page may run. Swagger UI writes styles of its own.
fn policy(page: &str) -> String {
    let scripts: Vec<String> = page
        .split("<script")
        .skip(1)
        .filter_map(|rest| rest.split_once('>')?.1.split_once("</script>"))
        .map(|(script, _)| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(script))))
        .collect();
    format!(
        "default-src 'none'; script-src {}; style-src 'unsafe-inline'; img-src data:; connect-src 'self'; \
         frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
        scripts.join(" ")
    )
}
