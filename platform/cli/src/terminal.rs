//! What the program says on the terminal: plain lines on standard output, and errors that say what to do.

use std::fmt::Display;

/// A line of result.
#[expect(clippy::print_stdout, reason = "this is the terminal")]
pub(crate) fn line(text: impl Display) {
    println!("{text}");
}

/// A line of progress, on standard error so that results can be piped.
#[expect(clippy::print_stderr, reason = "this is the terminal")]
pub(crate) fn progress(text: impl Display) {
    eprintln!("{text}");
}

/// What went wrong, cause after cause.
pub(crate) fn error(error: &anyhow::Error) {
    let mut said = error.to_string();
    progress(format_args!("error: {said}"));
    for cause in error.chain().skip(1).map(ToString::to_string) {
        // Some errors tell their cause in their own sentence.
        if !said.contains(&cause) {
            progress(format_args!("  because: {cause}"));
        }
        said = cause;
    }
}
