//! Documents by Typst (tagged PDF, PDF/UA-1) and page images of PDFs, for what the product shows and what usagers send.
//!
//! Both are work on content that others wrote, so both happen in a child process: one request, one process, without
//! files, environment nor time of its own. It holds limits on processor and memory, and its parent a limit on the
//! clock on the wall. This crate never knows what a document says, nor who reads it. Start reading at
//! [`DocumentProcess`], the parent's side; [`child_main`] is the other.

mod child;
mod frame;
mod limits;
mod process;
mod request;

pub use child::child_main;
pub use limits::Limits;
pub use process::{ChildProgram, DocumentProcess};
