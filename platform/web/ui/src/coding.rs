//! How a text travels: compressed as the client reads best.

use poem::{
    IntoResponse as _, Request, Response,
    http::{HeaderValue, header},
    web::{Compress, CompressionAlgo, CompressionLevel},
};

/// How a text travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coding {
    Brotli,
    Gzip,
    /// As it is.
    Identity,
}

impl Coding {
    /// The best one that the client reads.
    pub(crate) fn of(request: &Request) -> Self {
        let accepted = request.header(header::ACCEPT_ENCODING).unwrap_or_default();
        let reads = |wanted: &str| {
            accepted.split(',').any(|coding| {
                let (name, quality) = coding.split_once(';').unwrap_or((coding, ""));
                name.trim() == wanted && quality.trim() != "q=0"
            })
        };
        match () {
            () if reads("br") => Self::Brotli,
            () if reads("gzip") => Self::Gzip,
            () => Self::Identity,
        }
    }

    /// Text in this coding; documents already are compressed, and stream as they are.
    pub(crate) fn apply(self, mut response: Response) -> Response {
        let is_text = response.content_type().is_some_and(|held| {
            held.starts_with("text/html")
                || held.starts_with("text/css")
                || held.starts_with("text/javascript")
                || held.starts_with("image/svg")
                || held.starts_with("application/json")
        });
        if !is_text || response.headers().contains_key(header::CONTENT_ENCODING) {
            return response;
        }
        response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        let algorithm = match self {
            Self::Brotli => CompressionAlgo::BR,
            Self::Gzip => CompressionAlgo::GZIP,
            Self::Identity => return response,
        };
        Compress::new(response, algorithm).with_quality(CompressionLevel::Precise(5)).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coding(accepted: &str) -> Coding {
        Coding::of(&Request::builder().header("accept-encoding", accepted).finish())
    }

    #[test]
    fn the_best_coding_that_the_client_reads_is_chosen() {
        assert_eq!(coding("gzip, deflate, br"), Coding::Brotli);
        assert_eq!(coding("br;q=0, gzip;q=0.5"), Coding::Gzip);
        assert_eq!(coding("identity"), Coding::Identity);
        assert_eq!(coding(""), Coding::Identity);
    }
}
