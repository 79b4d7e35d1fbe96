//! A mail as RFC 5322 and MIME write it. Whatever a citizen typed ends as encoded text, never as a header.

use lettre::{
    Address, Message,
    address::Envelope,
    message::{
        Attachment, Mailbox, MultiPart, SinglePart,
        header::{ContentType, HeaderName, HeaderValue},
    },
};
use parvis_domain::{
    ports::{self, Mail, MailError},
    time::Instant,
};

/// A message ready for the wire.
pub(crate) struct Written {
    pub(crate) envelope: Envelope,
    pub(crate) octets: Vec<u8>,
}

/// Writes a mail, dated `now`. An address of ours that is wrong may be corrected and is tried again; one of the
/// recipient's is refused for good.
pub(crate) fn write(mail: &Mail, now: Instant) -> Result<Written, MailError> {
    let ours =
        |text: &str| text.parse::<Address>().map_err(|error| MailError::Unavailable(format!("sender {text}: {error}")));
    let from = ours(&mail.from)?;
    let to: Address = mail.to.parse().map_err(|error| MailError::Refused(format!("{}: {error}", mail.to)))?;
    let mut builder = Message::builder()
        .from(Mailbox::new(Some(one_line(&mail.from_name)), from))
        .to(Mailbox::new(None, to))
        .subject(one_line(&mail.subject))
        .message_id(Some(format!("<{}>", message_id(&mail.message_id))))
        .date(std::time::UNIX_EPOCH + std::time::Duration::from_micros(u64::try_from(now.micros()).unwrap_or(0)))
        // RFC 3834: no automatic answer to an automatic mail.
        .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()));
    if let Some(reply_to) = &mail.reply_to {
        builder = builder.reply_to(Mailbox::new(None, ours(reply_to)?));
    }
    let text = SinglePart::plain(mail.body.clone());
    let message = if mail.attachments.is_empty() {
        builder.singlepart(text)
    } else {
        builder.multipart(
            mail.attachments.iter().map(attached).fold(MultiPart::mixed().singlepart(text), MultiPart::singlepart),
        )
    };
    let message = message.map_err(|error| MailError::Unavailable(error.to_string()))?;
    Ok(Written { envelope: message.envelope().clone(), octets: message.formatted() })
}

fn attached(attachment: &ports::Attachment) -> SinglePart {
    let media_type = ContentType::parse(&attachment.media_type)
        .unwrap_or_else(|_| ContentType::parse("application/octet-stream").expect("a constant media type is right"));
    Attachment::new(one_line(&attachment.name)).body(attachment.content.clone(), media_type)
}

/// A text without line breaks nor other control characters.
fn one_line(text: &str) -> String {
    text.split(char::is_control).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The characters that a Message-ID may hold.
fn message_id(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_graphic() && !matches!(c, '<' | '>')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Instant = Instant::from_micros(1_795_440_600_000_000);

    fn mail() -> Mail {
        Mail {
            message_id: "0192-7-0@essai.example".to_owned(),
            from: "demarches@essai.example".to_owned(),
            from_name: "Ville d’Essai".to_owned(),
            reply_to: Some("voirie@essai.example".to_owned()),
            to: "camille@courriel.example".to_owned(),
            subject: "Votre demande a été reçue".to_owned(),
            body: "Bonjour,\n\nVotre demande a été reçue.\n".to_owned(),
            attachments: Vec::new(),
        }
    }

    fn written(mail: &Mail) -> String {
        String::from_utf8(write(mail, NOW).unwrap().octets).unwrap()
    }

    #[test]
    fn a_mail_says_who_when_and_that_it_is_automatic() {
        let text = written(&mail());
        for header in [
            "Message-ID: <0192-7-0@essai.example>\r\n",
            "Auto-Submitted: auto-generated\r\n",
            "Date: Mon, 23 Nov 2026 13:30:00 +0000\r\n",
            "To: camille@courriel.example\r\n",
            "Reply-To: voirie@essai.example\r\n",
            "Content-Type: text/plain; charset=utf-8\r\n",
        ] {
            assert!(text.contains(header), "{header} in {text}");
        }
        assert!(text.is_ascii());
    }

    #[test]
    fn nothing_typed_becomes_a_header() {
        let injected = "Objet\r\nBcc: voleur@exemple.example\r\n\r\nCorps\u{0}\u{85}";
        let text = written(&Mail {
            message_id: format!("a{injected}>b@essai.example"),
            from_name: injected.to_owned(),
            subject: injected.to_owned(),
            attachments: vec![ports::Attachment {
                name: injected.to_owned(),
                media_type: format!("text/plain\r\n{injected}"),
                content: b"contenu".to_vec(),
            }],
            ..mail()
        });
        let headers = text.lines().filter(|line| line.to_ascii_lowercase().starts_with("bcc"));
        assert_eq!(headers.count(), 0, "{text}");
        for address in ["a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example", "a@b.example> c"] {
            assert!(
                matches!(write(&Mail { to: address.to_owned(), ..mail() }, NOW), Err(MailError::Refused(_))),
                "{address}"
            );
            let ours = write(&Mail { reply_to: Some(address.to_owned()), ..mail() }, NOW);
            assert!(matches!(ours, Err(MailError::Unavailable(_))), "{address}");
        }
    }

    #[test]
    fn an_attachment_keeps_its_name_and_type() {
        let content = vec![0xFF; 300];
        let attachments = vec![ports::Attachment {
            name: "récépissé.pdf".to_owned(),
            media_type: "application/pdf".to_owned(),
            content,
        }];
        let text = written(&Mail { attachments, ..mail() });
        assert!(text.contains("Content-Type: application/pdf\r\n"));
        assert!(text.contains("filename*0*=utf-8''r%C3%A9c%C3%A9piss%C3%A9.pdf"), "{text}");
        assert!(text.contains("Content-Transfer-Encoding: base64"));
    }
}
