//! The child process of this crate's tests.

use std::io;

fn main() -> io::Result<()> {
    parvis_documents::child_main(io::stdin().lock(), io::stdout().lock())
}
