//! The log: JSON lines for machines, text for people, filtered by `RUST_LOG`.

use tracing_subscriber::{EnvFilter, fmt};

use crate::config::{LogFormat, variable};

/// Starts the log.
pub(crate) fn start(format: LogFormat, default: &str) {
    let filter =
        variable("RUST_LOG").and_then(|text| EnvFilter::try_new(text).ok()).unwrap_or_else(|| EnvFilter::new(default));
    let log = fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        LogFormat::Json => log.json().with_current_span(true).init(),
        LogFormat::Text => log.with_target(false).init(),
    }
}
