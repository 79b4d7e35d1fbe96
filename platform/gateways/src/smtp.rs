//! Hands mails to an SMTP relay (RFC 5321), one connection per mail, and tells apart what will never leave from what may
//! leave later: only an answer about this very address is final.

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
        let command = Rcpt::new(recipient.clone(), Vec::new());
        connection.command(command).map_err(|error| about(&error, Stage::Recipient))?;
    }
    connection.command(Data).map_err(|error| later(&error))?;
    connection.message(&written.octets).map_err(|error| about(&error, Stage::Message))?;
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

/// What the relay answers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The address of the recipient.
    Recipient,
    /// The message itself.
    Message,
}

/// About the connection, the sender or the session: ours to repair when the relay refuses, else a matter of time.
fn later(error: &SmtpError) -> MailError {
    if error.is_permanent() { MailError::Rejected(sentence(error)) } else { MailError::Unavailable(sentence(error)) }
}

/// About the recipient or the message.
fn about(error: &SmtpError, stage: Stage) -> MailError {
    let code = error.status().map_or(0, u16::from);
    if is_about_the_address(code, &reply(error), stage) { MailError::Refused(sentence(error)) } else { later(error) }
}

/// Whether an answer says that the address is wrong. Relays answer 550 to what they do not like of us too (a policy, a
/// reputation): their enhanced code decides where there is one (RFC 3463): 5.1.x is about the addresses, of which 5.1.7 and
/// 5.1.8 about the sender's, and 5.2.1 is a mailbox that was closed. Without one, a refusal of the message is not about
/// the address.
fn is_about_the_address(code: u16, reply: &str, stage: Stage) -> bool {
    if !matches!(code, 550 | 551 | 553) {
        return false;
    }
    match enhanced(reply) {
        Some([5, 1, detail]) => !matches!(detail, 7 | 8),
        Some(enhanced) => enhanced == [5, 2, 1],
        None => stage == Stage::Recipient,
    }
}

/// The enhanced status code at the head of a reply (RFC 2034).
fn enhanced(reply: &str) -> Option<[u16; 3]> {
    let head = reply.split_whitespace().next()?;
    let parts: Vec<u16> = head.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    parts.try_into().ok()
}

/// What the relay said.
fn reply(error: &SmtpError) -> String {
    std::error::Error::source(error).map(ToString::to_string).unwrap_or_default()
}

/// The error and its cause.
fn sentence(error: &SmtpError) -> String {
    match reply(error).as_str() {
        "" => error.to_string(),
        said => format!("{error}: {said}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_answer_about_the_address_is_final() {
        use Stage::{Message, Recipient};
        for (code, reply, stage) in [
            (550, "5.1.1 no such user", Recipient),
            (550, "5.1.1 no such user", Message),
            (550, "5.1.10 the domain accepts no mail", Recipient),
            (550, "5.2.1 the mailbox is closed", Recipient),
            (550, "no such user", Recipient),
            (551, "user not local", Recipient),
            (553, "5.1.3 bad syntax", Recipient),
        ] {
            assert!(is_about_the_address(code, reply, stage), "{code} {reply}");
        }
        for (code, reply, stage) in [
            (554, "access denied", Recipient),
            (554, "5.7.1 spam", Message),
            (554, "5.1.1 no such user", Recipient),
            (550, "5.7.1 relaying denied", Recipient),
            (550, "5.1.8 the sender's domain does not exist", Recipient),
            (550, "the message looks like spam", Message),
            (552, "5.2.2 the mailbox is full", Recipient),
            (530, "5.7.0 authentication required", Recipient),
        ] {
            assert!(!is_about_the_address(code, reply, stage), "{code} {reply}");
        }
    }
}
