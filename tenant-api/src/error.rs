//! Every refusal leaves as an RFC 9457 problem, whether a verb said it or the framework did before any of our code
//! was reached.

use platform::Error;
use platform::http::{Request as Known, from_poem, problem};
use platform::locale::Lang;
use poem::http::StatusCode;
use poem::{Endpoint, EndpointExt, IntoResponse, Response};
use poem_openapi::error::{ContentTypeError, ParsePathError};
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, Registry};
use poem_openapi::types::Type;
use poem_openapi::{ApiResponse, Object};

/// A verb's error on its way out.
#[derive(Debug)]
pub struct Problem(pub Error);

pub fn as_problems<E: Endpoint + 'static>(api: E) -> impl Endpoint {
    api.around(async |next, req: poem::Request| {
        let known = req.extensions().get::<Known>();
        let (lang, id) = known.map_or((Lang::default(), String::new()), |known| (known.lang, known.id.clone()));
        match next.call(req).await {
            Ok(response) => Ok(response.into_response()),
            Err(error) if error.is_from_response() => Ok(error.into_response()),
            Err(error) => Ok::<Response, poem::Error>(problem(&ours(error), lang, &id)),
        }
    })
}

/// What a problem looks like to a client.
#[derive(Object)]
#[oai(rename = "Problem")]
#[allow(dead_code, reason = "only its schema is used")]
struct Document {
    #[oai(rename = "type")]
    kind: String,
    /// The sentence to show, in the reader's language.
    title: String,
    status: u16,
    /// Stable: what programs decide by.
    code: String,
    request_id: String,
    /// What the sentence speaks of.
    args: Option<serde_json::Value>,
    /// The fields to mend, when the code is `invalid`.
    errors: Option<Vec<FieldProblem>>,
    /// The lead that is there already, for who may see it.
    lead_id: Option<uuid::Uuid>,
}

#[derive(Object)]
#[allow(dead_code, reason = "only its schema is used")]
struct FieldProblem {
    field: String,
    code: String,
    message: String,
}

fn ours(error: poem::Error) -> Error {
    let error = match error.downcast::<Problem>() {
        Ok(Problem(error)) => return error,
        Err(error) => error,
    };
    // An id that is none names nothing; anything else that does not parse is a slip of the client's.
    if error.is::<ParsePathError>() {
        return Error::NotFound;
    }
    if error.is::<ContentTypeError>() {
        return Error::refused("unsupported_media_type");
    }
    from_poem(&error)
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Problem(error)
    }
}

impl From<Problem> for poem::Error {
    fn from(problem: Problem) -> Self {
        let status = StatusCode::from_u16(problem.0.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        poem::Error::new(problem, status)
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Problem {}

impl ApiResponse for Problem {
    fn meta() -> MetaResponses {
        let response = MetaResponse {
            description: "A problem, with a stable code.",
            status: None,
            status_range: None,
            content: vec![MetaMediaType {
                content_type: "application/problem+json",
                schema: Document::schema_ref(),
            }],
            headers: vec![],
        };
        MetaResponses {
            responses: vec![response],
        }
    }

    fn register(registry: &mut Registry) {
        Document::register(registry);
    }
}
