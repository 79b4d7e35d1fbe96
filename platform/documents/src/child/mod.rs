//! The child's side: one request in, one answer out, under limits set before any content is read.

mod page_image;
mod typeset;
mod world;

use std::io::{self, Read, Write};

use parvis_domain::ports::DocumentError;

use crate::{
    frame, limits,
    request::{Answer, Request, Task},
};

/// Serves one request. The process must be its own: the limits it takes are never lifted.
pub fn child_main(mut stdin: impl Read, mut stdout: impl Write) -> io::Result<()> {
    /// The parent is trusted; it cannot ask for more than memory holds.
    const ANY_LENGTH: u64 = u64::MAX;
    let Request { limits, task } = frame::read_json(&mut stdin, ANY_LENGTH)?;
    limits::confine_this_process(limits)?;
    let content = frame::read(&mut stdin, ANY_LENGTH)?;
    let (answer, made) = Answer::of(perform(task, content));
    frame::write_json(&mut stdout, &answer)?;
    frame::write(&mut stdout, &made)?;
    stdout.flush()
}

fn perform(task: Task, content: Vec<u8>) -> Result<Option<Vec<u8>>, DocumentError> {
    match task {
        Task::Typeset { title, data, now } => {
            let source = String::from_utf8(content).map_err(|error| DocumentError::Template(error.to_string()))?;
            typeset::typeset(title, source, &data, now).map(Some)
        }
        Task::PageImage { page, width } => page_image::page_image(content, page, width),
    }
}
