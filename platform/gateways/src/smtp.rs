//! Hands mails to an SMTP relay (RFC 5321), one connection per mail, and tells apart what will never leave from what may
//! leave later: only an answer about this recipient or this message is final.

use std::{fmt, sync::Arc, time::Duration};

use lettre::transport::smtp::{
    Error as SmtpError,
    authentication::{Credentials as SmtpCredentials, DEFAULT_MECHANISMS},
    client::{SmtpConnection, TlsParameters},
    commands::{Data, Mail as MailFrom, Rcpt},
    extension::{ClientId, Extension, MailBodyParameter, MailParameter},
};
use parvis_domain::{
    ports::{Mail, MailError, Mailer},
    time::Clock,
};

use crate::message::{self, Written};

/// How the connection to the relay is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpTls {
    /// Not at all: a relay on the same machine.
    None,
    /// STARTTLS, required.
    StartTls,
    /// TLS from the first octet.
    Tls,
}

/// What the relay asks to let in.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Name.
    pub user: String,
    /// Password.
    pub password: String,
}

/// Never shows the password.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("user", &self.user).finish_non_exhaustive()
    }
}

/// The relay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtpConfig {
    /// Name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Protection of the connection.
    pub tls: SmtpTls,
    /// Credentials, when the relay asks for some.
    pub credentials: Option<Credentials>,
    /// How long each exchange with the relay may take.
    pub timeout: Duration,
}

/// Sends through an SMTP relay.
pub struct SmtpMailer {
    config: SmtpConfig,
    tls: Option<TlsParameters>,
    hello: ClientId,
    clock: Arc<dyn Clock>,
}

impl SmtpMailer {
    /// Prepares the mailer; the relay is called for each mail only, and may be down now.
    pub fn new(config: SmtpConfig, clock: Arc<dyn Clock>) -> Result<Self, MailError> {
        let tls = match config.tls {
            SmtpTls::None => None,
            SmtpTls::StartTls | SmtpTls::Tls => {
                Some(TlsParameters::new(config.host.clone()).map_err(|error| later(&error))?)
            }
        };
        Ok(Self { config, tls, hello: ClientId::default(), clock })
    }

    fn connect(&self) -> Result<SmtpConnection, SmtpError> {
        let wrapped = self.tls.as_ref().filter(|_| self.config.tls == SmtpTls::Tls);
        let relay = (self.config.host.as_str(), self.config.port);
        let mut connection = SmtpConnection::connect(relay, Some(self.config.timeout), &self.hello, wrapped, None)?;
        if let Some(tls) = self.tls.as_ref().filter(|_| self.config.tls == SmtpTls::StartTls) {
            connection.starttls(tls, &self.hello)?;
        }
        if let Some(Credentials { user, password }) = &self.config.credentials {
            connection.auth(DEFAULT_MECHANISMS, &SmtpCredentials::new(user.clone(), password.clone()))?;
        }
        Ok(connection)
    }
}

impl Mailer for SmtpMailer {
    fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let written = message::write(mail, self.clock.now())?;
        let mut connection = self.connect().map_err(|error| later(&error))?;
        let sent = hand_over(&mut connection, &written);
        // The relay already answered; how the farewell goes changes nothing.
        connection.abort();
        sent
    }
}

fn hand_over(connection: &mut SmtpConnection, written: &Written) -> Result<(), MailError> {
    let sender = MailFrom::new(written.envelope.from().cloned(), parameters(connection, written)?);
    connection.command(sender).map_err(|error| later(&error))?;
    for recipient in written.envelope.to() {
        connection.command(Rcpt::new(recipient.clone(), Vec::new())).map_err(final_or_later)?;
    }
    connection.command(Data).map_err(|error| later(&error))?;
    connection.message(&written.octets).map_err(final_or_later)?;
    Ok(())
}

/// What the relay must be able to do for this message (RFC 6531, RFC 6152).
fn parameters(connection: &SmtpConnection, written: &Written) -> Result<Vec<MailParameter>, MailError> {
    let mut parameters = Vec::new();
    let addresses = written.envelope.from().into_iter().chain(written.envelope.to());
    if addresses.map(AsRef::<str>::as_ref).any(|address| !address.is_ascii()) {
        if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
            return Err(MailError::Refused("the relay does not accept addresses with accents".to_owned()));
        }
        parameters.push(MailParameter::SmtpUtfEight);
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    Ok(parameters)
}

/// About the connection, the sender or the session: whatever the code, it is ours to repair, then it leaves.
fn later(error: &SmtpError) -> MailError {
    MailError::Unavailable(sentence(error))
}

/// About the recipient or the message: 5xx is final (RFC 5321 §4.2.1), the rest is not.
#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn final_or_later(error: SmtpError) -> MailError {
    if error.is_permanent() { MailError::Refused(sentence(&error)) } else { later(&error) }
}

/// The error and its cause.
fn sentence(error: &SmtpError) -> String {
    let cause = std::error::Error::source(error).map(|cause| format!(": {cause}")).unwrap_or_default();
    format!("{error}{cause}")
}
