//! The outside of Parvis: today, mail. It implements the traits of `domain::ports` and knows nothing of why a mail
//! leaves, to whom it matters, nor of any database. Calls block: workers run them on bounded pools of threads.
//!
//! [`SmtpMailer`] hands mails to the provider's relay; [`DemoMailbox`] keeps them on disk for `parvis demo`.

mod demo_mailbox;
mod message;
mod smtp;

pub use demo_mailbox::{DemoMail, DemoMailbox};
pub use smtp::{Credentials, SmtpConfig, SmtpMailer, SmtpTls};
