//! Supporting documents and produced ones: they stream into the vault and out of it, never whole in memory.

pub mod download;
pub mod preview;
pub mod upload;

pub use download::{Download, download, download_of_draft};
pub use preview::{Preview, preview};
pub use upload::{UploadError, remove, upload};
