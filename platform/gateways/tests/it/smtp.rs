//! What each answer of a relay means for a mail.

use std::{net::TcpListener, sync::Arc, time::Duration};

use parvis_domain::ports::{Mail, MailError, Mailer};
use parvis_gateways::{Credentials, SmtpConfig, SmtpMailer, SmtpTls};

use crate::{
    NoonOfNovember, mail,
    relay::{Answers, Relay},
};

fn config(port: u16) -> SmtpConfig {
    SmtpConfig {
        host: "127.0.0.1".to_owned(),
        port,
        tls: SmtpTls::None,
        credentials: None,
        timeout: Duration::from_secs(10),
    }
}

fn send(config: SmtpConfig, mail: &Mail) -> Result<(), MailError> {
    SmtpMailer::new(config, Arc::new(NoonOfNovember)).unwrap().send(mail)
}

fn outcome(answers: Answers) -> Result<(), MailError> {
    send(config(Relay::answering(answers).port), &mail())
}

#[test]
fn a_mail_accepted_by_the_relay_is_sent_whole() {
    let relay = Relay::answering(Answers::default());
    assert_eq!(send(config(relay.port), &mail()), Ok(()));
    let heard = relay.heard();
    for line in [
        "MAIL FROM:<demarches@essai.example>",
        "RCPT TO:<camille@courriel.example>",
        "Message-ID: <0192-7-0@essai.example>",
        "Auto-Submitted: auto-generated",
        "Content-Type: application/pdf",
    ] {
        assert!(heard.iter().any(|heard| heard == line), "{line} in {heard:#?}");
    }
    assert!(heard.iter().all(|line| line.is_ascii()));
}

#[test]
fn an_address_that_the_relay_refuses_is_refused() {
    let refused = outcome(Answers { rcpt: Some("550 5.1.1 unknown"), ..Answers::default() });
    assert!(matches!(&refused, Err(MailError::Refused(why)) if why.contains("unknown")), "{refused:?}");
}

#[test]
fn a_relay_that_refuses_us_or_the_message_says_nothing_of_the_address() {
    for answers in [
        Answers { greeting: Some("554 no"), ..Answers::default() },
        Answers { mail: Some("550 5.7.1 sender not allowed"), ..Answers::default() },
        Answers { rcpt: Some("554 access denied"), ..Answers::default() },
        Answers { rcpt: Some("550 5.7.1 relaying denied"), ..Answers::default() },
        Answers { message: Some("554 5.7.1 spam"), ..Answers::default() },
    ] {
        let outcome = outcome(answers);
        assert!(matches!(outcome, Err(MailError::Rejected(_))), "{outcome:?}");
    }
}

#[test]
fn an_address_without_sense_is_refused_without_a_call() {
    let nobody_listens = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let refused = send(config(nobody_listens), &Mail { to: "pas une adresse".to_owned(), ..mail() });
    assert!(matches!(refused, Err(MailError::Refused(_))), "{refused:?}");
}

#[test]
fn an_address_with_accents_is_refused_by_a_relay_that_cannot_carry_it() {
    let relay = Relay::answering(Answers::default());
    let refused = send(config(relay.port), &Mail { to: "zoé@courriel.example".to_owned(), ..mail() });
    assert!(matches!(refused, Err(MailError::Refused(_))), "{refused:?}");
    let relay = Relay::answering(Answers { extensions: &["8BITMIME", "SMTPUTF8"], ..Answers::default() });
    assert_eq!(send(config(relay.port), &Mail { to: "zoé@courriel.example".to_owned(), ..mail() }), Ok(()));
}

#[test]
fn a_relay_that_is_busy_or_down_is_unavailable() {
    for answers in [
        Answers { rcpt: Some("451 4.3.0 later"), ..Answers::default() },
        Answers { message: Some("452 full"), ..Answers::default() },
        Answers { greeting: None, ..Answers::default() },
        Answers { rcpt: None, ..Answers::default() },
        Answers { message: None, ..Answers::default() },
    ] {
        let outcome = outcome(answers);
        assert!(matches!(outcome, Err(MailError::Unavailable(_))), "{outcome:?}");
    }
    let nobody_listens = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    assert!(matches!(send(config(nobody_listens), &mail()), Err(MailError::Unavailable(_))));
}

#[test]
fn credentials_are_given_and_a_wrong_password_is_ours_to_repair() {
    let credentials = Some(Credentials { user: "parvis".to_owned(), password: "secret".to_owned() });
    let relay = Relay::answering(Answers::default());
    assert_eq!(send(SmtpConfig { credentials: credentials.clone(), ..config(relay.port) }, &mail()), Ok(()));
    assert!(relay.heard().iter().any(|line| line == "AUTH PLAIN AHBhcnZpcwBzZWNyZXQ="));
    let relay = Relay::answering(Answers { auth: Some("535 5.7.8 wrong"), ..Answers::default() });
    let outcome = send(SmtpConfig { credentials, ..config(relay.port) }, &mail());
    assert!(matches!(outcome, Err(MailError::Rejected(_))), "{outcome:?}");
}

#[test]
fn a_relay_without_starttls_is_never_used_in_clear_when_it_is_required() {
    let relay = Relay::answering(Answers::default());
    let outcome = send(SmtpConfig { tls: SmtpTls::StartTls, ..config(relay.port) }, &mail());
    assert!(matches!(outcome, Err(MailError::Unavailable(_))), "{outcome:?}");
    assert!(!relay.heard().iter().any(|line| line.starts_with("MAIL")));
}

#[test]
fn a_password_is_never_shown() {
    let credentials = Credentials { user: "parvis".to_owned(), password: "secret".to_owned() };
    assert!(!format!("{credentials:?}").contains("secret"));
}
