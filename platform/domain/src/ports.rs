//! What the product asks of the outside, as traits that the outer rooms implement. Calls are synchronous: workers run
//! them on bounded pools of threads, never inside a request nor a transaction.

use crate::digest::Sha256;

/// A mail ready to leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Message-ID without brackets: the idempotency key of the effect, at the tenant's domain.
    pub message_id: String,
    /// Address that sends, shown with `from_name`.
    pub from: String,
    /// Name that sends.
    pub from_name: String,
    /// Address for answers.
    pub reply_to: Option<String>,
    /// Recipient.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// Plain text.
    pub body: String,
    /// Attached files.
    pub attachments: Vec<Attachment>,
}

/// A file attached to a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// File name.
    pub name: String,
    /// Media type.
    pub media_type: String,
    /// Octets.
    pub content: Vec<u8>,
}

/// Why a mail did not leave.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// It may leave later: the server is down or busy.
    #[error("the mail server is unavailable: {0}")]
    Unavailable(String),
    /// It waits until someone repairs it: the server refuses the sender, the connection or the message, for a reason that is
    /// not the address.
    #[error("the mail server refuses: {0}")]
    Rejected(String),
    /// It will never leave: the address is refused.
    #[error("the mail server refuses the address: {0}")]
    Refused(String),
}

/// Sends mails.
pub trait Mailer: Send + Sync {
    /// Hands a mail to the server; `Ok` means that the server accepted it.
    fn send(&self, mail: &Mail) -> Result<(), MailError>;
}

/// Why a document could not be made or shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// The template is wrong; the sentence says where.
    #[error("the template cannot be typeset: {0}")]
    Template(String),
    /// The file is not one that can be shown.
    #[error("the document cannot be shown: {0}")]
    Unreadable(String),
    /// The work took more time or memory than allowed.
    #[error("the document is over its limits")]
    OverLimits,
    /// The child process failed.
    #[error("the document process failed: {0}")]
    Process(String),
}

/// Makes documents and page images, in a limited child process.
pub trait Typesetter: Send + Sync {
    /// A tagged PDF (PDF/UA-1) from a Typst source; `data` is `json("data.json")` in it. `now` dates the file.
    fn typeset(
        &self,
        title: &str,
        source: &str,
        data: &serde_json::Value,
        now: crate::time::Instant,
    ) -> Result<Vec<u8>, DocumentError>;

    /// The image (PNG) of a page of a PDF, from 0, at most `width` pixels wide; `None` after the last page.
    fn page_image(&self, pdf: &[u8], page: u32, width: u16) -> Result<Option<Vec<u8>>, DocumentError>;
}

/// A component checked, compiled and ready to serve.
#[derive(Debug, Clone)]
pub struct Installed {
    /// Digest of the component.
    pub digest: Sha256,
    /// What it declares.
    pub definition: std::sync::Arc<parvis_contract::Definition>,
}

/// Why a component is refused at install.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InstallError {
    /// It is over the size limit, in octets.
    #[error("the component is larger than {limit} octets")]
    TooLarge {
        /// Limit in octets.
        limit: u64,
    },
    /// It is not a component of a contract that is served.
    #[error("not a démarche: {0}")]
    NotADemarche(String),
    /// Its definition is wrong, or asks for what the platform does not serve; the sentence names it.
    #[error("the definition is refused: {0}")]
    Definition(String),
}

/// Installs components.
pub trait Installer: Send + Sync {
    /// Checks, compiles and registers a component; installing the same one twice changes nothing.
    fn install(&self, component: &[u8]) -> Result<Installed, InstallError>;
}
