//! Filing a dossier in one request.

use parvis_ui::Visit;
use parvis_usecases::depot_api::{self, Deposited, GivenAnswers, RequestKey};
use poem::{
    FromRequest, Request, RequestBody, Response, handler,
    http::{HeaderValue, StatusCode, header},
};
use serde::{Deserialize, Serialize};

use crate::{
    body,
    door::API,
    problem::{Line, Problem, ProblemCode},
};

const KEY: &str = "idempotency-key";

/// What is sent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DossierIn {
    demarche: String,
    answers: GivenAnswers,
}

/// The request: its key is looked at before its body.
pub(crate) struct Filing {
    key: RequestKey,
    dossier: DossierIn,
}

impl<'a> FromRequest<'a> for Filing {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let key = request.header(KEY).and_then(RequestKey::read);
        let key = key.ok_or_else(|| Problem::new(ProblemCode::IdempotencyKeyRequired))?;
        Ok(Self { key, dossier: body::read(request, body).await? })
    }
}

#[derive(Serialize)]
struct FiledOut<'a> {
    number: &'a str,
    tracking_code: Option<&'a str>,
    received_at: &'a str,
    receipt_to: Option<&'a str>,
    silence: SilenceOut<'a>,
    warnings: Vec<Line<'a>>,
    links: LinksOut<'a>,
}

#[derive(Serialize)]
struct SilenceOut<'a> {
    sentence: &'a str,
    /// Last day of the delay.
    term: Option<String>,
}

#[derive(Serialize)]
struct LinksOut<'a> {
    /// This dossier, for programs.
    #[serde(rename = "self")]
    standing: &'a str,
    /// Where the citizen follows it, with the number and the code.
    follow_up: String,
}

/// Files a dossier.
#[handler]
pub(crate) async fn file(visit: Visit, filing: Filing) -> Result<Response, Problem> {
    let Filing { key, dossier } = filing;
    let filed = depot_api::file(&visit.town, &key, &dossier.demarche, &dossier.answers, visit.client_address()).await?;
    let address = format!("{API}/dossiers/{}", filed.number);
    let mut response = body::json(StatusCode::CREATED, &out(&visit, &filed, &address));
    if let Ok(location) = HeaderValue::from_str(&address) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

fn out<'a>(visit: &Visit, filed: &'a Deposited, address: &'a str) -> FiledOut<'a> {
    FiledOut {
        number: &filed.number,
        tracking_code: filed.tracking_code.as_deref(),
        received_at: &filed.filed_at,
        receipt_to: filed.receipt_to.as_deref(),
        silence: SilenceOut { sentence: &filed.silence.sentence, term: filed.silence.term.map(|day| day.to_string()) },
        warnings: filed.warnings.iter().map(Line::from).collect(),
        links: LinksOut { standing: address, follow_up: visit.town.url("/suivi") },
    }
}
