//! JSON, read within bounds and written.

use parvis_ui::upload;
use poem::{
    Request, RequestBody, Response,
    http::{StatusCode, header},
};
use serde::{Serialize, de::DeserializeOwned};
use tokio::io::AsyncReadExt as _;

use crate::problem::{Problem, ProblemCode};

/// Most octets of a body: many times the longest form.
const LIMIT: u64 = 512 * 1024;
/// Octets of a body over the limit that are read all the same, so that the program gets the answer.
const DRAINED: u64 = 8 * 1024 * 1024;

/// The body of a request, when it is the JSON that is expected.
pub(crate) async fn read<T: DeserializeOwned>(request: &Request, body: &mut RequestBody) -> Result<T, Problem> {
    if !is_json(request) {
        return Err(Problem::new(ProblemCode::NotJson));
    }
    let body = body.take().map_err(|error| Problem::new(ProblemCode::Internal).because(error))?;
    let mut reader = body.into_async_read();
    let mut octets = Vec::new();
    let read = (&mut reader).take(LIMIT + 1).read_to_end(&mut octets).await;
    read.map_err(|error| Problem::new(ProblemCode::Unreadable).because(error))?;
    if octets.len() as u64 > LIMIT {
        upload::throw_away(reader, DRAINED).await;
        return Err(Problem::new(ProblemCode::TooLarge));
    }
    serde_json::from_slice(&octets).map_err(|error| {
        let detail = format!("Ligne {}, colonne {}\u{a0}: {error}", error.line(), error.column());
        Problem::new(ProblemCode::Unreadable).with_detail(detail)
    })
}

fn is_json(request: &Request) -> bool {
    let announced = request.header(header::CONTENT_TYPE).and_then(|held| held.split(';').next());
    announced.is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}

/// A response in JSON.
pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(octets) => Response::builder().status(status).content_type("application/json").body(octets),
        Err(error) => {
            let problem = Problem::new(ProblemCode::Internal).because(error);
            problem.log();
            problem.response(None)
        }
    }
}
