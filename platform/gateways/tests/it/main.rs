//! Mails through a real SMTP exchange over TCP, and through the demo's folder.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod demo_mailbox;
mod relay;
mod smtp;

use parvis_domain::{
    ports::{Attachment, Mail},
    time::{Clock, Instant},
};

/// 2026-11-23T13:30:00Z, for ever.
struct NoonOfNovember;

impl Clock for NoonOfNovember {
    fn now(&self) -> Instant {
        Instant::from_micros(1_795_440_600_000_000)
    }
}

fn mail() -> Mail {
    Mail {
        message_id: "0192-7-0@essai.example".to_owned(),
        from: "demarches@essai.example".to_owned(),
        from_name: "Ville d’Essai".to_owned(),
        reply_to: None,
        to: "camille@courriel.example".to_owned(),
        subject: "Votre demande a été reçue".to_owned(),
        body: "Bonjour,\n\n.Votre demande a été reçue.\n".to_owned(),
        attachments: vec![Attachment {
            name: "récépissé.pdf".to_owned(),
            media_type: "application/pdf".to_owned(),
            content: b"%PDF-1.7".to_vec(),
        }],
    }
}
