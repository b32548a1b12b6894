//! What operations answer. Bodies are written by serde straight from our types: building a JSON value first costs
//! a third of a list's time.

use futures::future::BoxFuture;
use futures::stream;
use poem::http::{StatusCode, header};
use poem::{IntoResponse, Response};
use poem_openapi::ApiResponse;
use poem_openapi::registry::{
    MetaHeader, MetaMediaType, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry,
};
use poem_openapi::types::Type;
use serde::Serialize;

use crate::error::Problem;

pub type Answer<T> = Result<T, Problem>;

const JSON: &str = "application/json; charset=utf-8";
const CSV: &str = "text/csv; charset=utf-8";

/// 200 with a body.
pub struct Body<T>(pub T);

/// 200 with a body and the version to name in `If-Match`.
pub struct Tagged<T>(pub T, pub i64);

/// 201 with a body, where it can be read from now on and, for what has versions, its version.
pub struct Created<T> {
    pub body: T,
    pub location: String,
    pub version: Option<i64>,
}

/// 202: begun, and where to look how far it is.
pub struct Accepted<T> {
    pub body: T,
    pub location: String,
}

/// A table to download.
pub struct Csv {
    pub name: &'static str,
    pub bytes: Vec<u8>,
}

/// A file too large to hold, read piece by piece while it is sent.
pub struct File {
    pub name: String,
    pub media_type: &'static str,
    pub size: i64,
    pub pieces: Pieces,
}

/// The piece at a place from 0; none after the last.
pub type Pieces = Box<dyn Fn(i32) -> BoxFuture<'static, platform::Result<Option<Vec<u8>>>> + Send + Sync>;

/// 204.
pub struct Done;

pub fn etag(version: i64) -> String {
    format!("\"{version}\"")
}

impl<T: Serialize + Send> IntoResponse for Body<T> {
    fn into_response(self) -> Response {
        written(&self.0, StatusCode::OK)
    }
}

impl<T: Serialize + Send> IntoResponse for Tagged<T> {
    fn into_response(self) -> Response {
        written(&self.0, StatusCode::OK)
            .with_header(header::ETAG, etag(self.1))
            .into_response()
    }
}

impl<T: Serialize + Send> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        let response = written(&self.body, StatusCode::CREATED)
            .with_header(header::LOCATION, self.location)
            .into_response();
        match self.version {
            Some(version) => response.with_header(header::ETAG, etag(version)).into_response(),
            None => response,
        }
    }
}

impl<T: Serialize + Send> IntoResponse for Accepted<T> {
    fn into_response(self) -> Response {
        written(&self.body, StatusCode::ACCEPTED)
            .with_header(header::LOCATION, self.location)
            .into_response()
    }
}

impl IntoResponse for Csv {
    fn into_response(self) -> Response {
        Response::builder()
            .content_type(CSV)
            .header(
                header::CONTENT_DISPOSITION,
                format!("attachment; filename=\"{}\"", self.name),
            )
            .body(self.bytes)
    }
}

impl IntoResponse for File {
    fn into_response(self) -> Response {
        let pieces = stream::try_unfold((self.pieces, 0), |(pieces, at)| async move {
            let piece = pieces(at)
                .await
                .map_err(|error| std::io::Error::other(error.to_string()))?;
            Ok::<_, std::io::Error>(piece.map(|piece| (piece, (pieces, at + 1))))
        });
        Response::builder()
            .content_type(self.media_type)
            .header(header::CONTENT_LENGTH, self.size)
            .header(header::CACHE_CONTROL, "private, no-store")
            .header(
                header::CONTENT_DISPOSITION,
                format!("attachment; filename=\"{}\"", self.name),
            )
            .body(poem::Body::from_bytes_stream(pieces))
    }
}

impl IntoResponse for Done {
    fn into_response(self) -> Response {
        StatusCode::NO_CONTENT.into_response()
    }
}

impl<T: Type + Serialize + Send> ApiResponse for Body<T> {
    fn meta() -> MetaResponses {
        described::<T>(200, &[])
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: Type + Serialize + Send> ApiResponse for Tagged<T> {
    fn meta() -> MetaResponses {
        described::<T>(200, &["ETag"])
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: Type + Serialize + Send> ApiResponse for Created<T> {
    fn meta() -> MetaResponses {
        described::<T>(201, &["Location"])
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: Type + Serialize + Send> ApiResponse for Accepted<T> {
    fn meta() -> MetaResponses {
        described::<T>(202, &["Location"])
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl ApiResponse for Csv {
    fn meta() -> MetaResponses {
        let response = MetaResponse {
            description: "",
            status: Some(200),
            status_range: None,
            content: vec![MetaMediaType {
                content_type: CSV,
                schema: String::schema_ref(),
            }],
            headers: vec![],
        };
        MetaResponses {
            responses: vec![response],
        }
    }

    fn register(_: &mut Registry) {}
}

impl ApiResponse for File {
    fn meta() -> MetaResponses {
        let content = ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", CSV];
        let content = content.map(|content_type| MetaMediaType {
            content_type,
            schema: MetaSchemaRef::Inline(Box::new(MetaSchema::new_with_format("string", "binary"))),
        });
        let response = MetaResponse {
            description: "",
            status: Some(200),
            status_range: None,
            content: content.into(),
            headers: vec![],
        };
        MetaResponses {
            responses: vec![response],
        }
    }

    fn register(_: &mut Registry) {}
}

impl ApiResponse for Done {
    fn meta() -> MetaResponses {
        let response = MetaResponse {
            description: "Done.",
            status: Some(204),
            status_range: None,
            content: vec![],
            headers: vec![],
        };
        MetaResponses {
            responses: vec![response],
        }
    }

    fn register(_: &mut Registry) {}
}

fn written<T: Serialize>(body: &T, status: StatusCode) -> Response {
    match serde_json::to_vec(body) {
        Ok(bytes) => Response::builder().status(status).content_type(JSON).body(bytes),
        Err(error) => {
            tracing::error!(%error, "an answer could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn described<T: Type>(status: u16, headers: &[&str]) -> MetaResponses {
    let headers = headers.iter().map(|name| text_header(name)).collect();
    let content = vec![MetaMediaType {
        content_type: JSON,
        schema: T::schema_ref(),
    }];
    let response = MetaResponse {
        description: "",
        status: Some(status),
        status_range: None,
        content,
        headers,
    };
    MetaResponses {
        responses: vec![response],
    }
}

fn text_header(name: &str) -> MetaHeader {
    let schema: MetaSchemaRef = String::schema_ref();
    MetaHeader {
        name: name.to_owned(),
        description: None,
        required: true,
        deprecated: false,
        schema,
    }
}
