//! The parent's side: starts a process for each document, gives it the request, waits no longer than allowed.

use std::{
    ffi::OsString,
    io,
    os::unix::process::ExitStatusExt,
    path::PathBuf,
    process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant as Stopwatch},
};

use parvis_domain::{
    ports::{DocumentError, Typesetter},
    time::Instant,
};

use crate::{
    frame,
    limits::Limits,
    request::{Answer, Request, Task},
};

/// The program of the child: for the product, `parvis` itself with its hidden subcommand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChildProgram {
    /// Path of the program.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<OsString>,
}

/// Makes documents and page images in a process of their own.
#[derive(Debug, Clone)]
pub struct DocumentProcess {
    child: ChildProgram,
    limits: Limits,
}

impl DocumentProcess {
    /// Nothing starts before the first document.
    pub fn new(child: ChildProgram, limits: Limits) -> Self {
        Self { child, limits }
    }

    /// Runs one task to its end, or to the end of its time.
    fn run(&self, task: Task, content: &[u8]) -> Result<Option<Vec<u8>>, DocumentError> {
        let deadline = Stopwatch::now() + self.limits.wall_clock;
        let mut child = Running(self.start().map_err(|error| DocumentError::Process(error.to_string()))?);
        let (Some(stdin), Some(stdout)) = (child.0.stdin.take(), child.0.stdout.take()) else {
            return Err(DocumentError::Process("its input and output are missing".to_owned()));
        };
        let request = Request { limits: self.limits, task };
        let output = self.limits.output;
        let answer = thread::scope(|scope| {
            let (sender, receiver) = mpsc::channel();
            scope.spawn(move || sender.send(exchange(stdin, stdout, &request, content, output)));
            let answer = receiver.recv_timeout(deadline.saturating_duration_since(Stopwatch::now()));
            if answer.is_err() {
                // The pipes break with the process, so that the exchange ends too.
                child.kill();
            }
            answer
        });
        match answer {
            Ok(Ok((answer, content))) => answer.into_outcome(content),
            Ok(Err(broken)) => {
                Err(child.wait_until(deadline).map_or(DocumentError::OverLimits, |status| died(status, &broken)))
            }
            Err(_) => Err(DocumentError::OverLimits),
        }
    }

    /// No environment (it holds secrets) but what keeps the address space small: few threads, few arenas.
    fn start(&self) -> io::Result<Child> {
        Command::new(&self.child.program)
            .args(&self.child.args)
            .env_clear()
            .envs([("RAYON_NUM_THREADS", "1"), ("MALLOC_ARENA_MAX", "2")])
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
    }
}

impl Typesetter for DocumentProcess {
    fn typeset(
        &self,
        title: &str,
        source: &str,
        data: &serde_json::Value,
        now: Instant,
    ) -> Result<Vec<u8>, DocumentError> {
        self.run(Task::Typeset { title: title.to_owned(), data: data.clone(), now }, source.as_bytes())?
            .ok_or_else(|| DocumentError::Process("it made no document".to_owned()))
    }

    fn page_image(&self, pdf: &[u8], page: u32, width: u16) -> Result<Option<Vec<u8>>, DocumentError> {
        self.run(Task::PageImage { page, width }, pdf)
    }
}

/// Sends the request, then reads the answer. A child that died while it was written to is told by the read.
fn exchange(
    mut stdin: ChildStdin,
    mut stdout: ChildStdout,
    request: &Request,
    content: &[u8],
    output: u64,
) -> io::Result<(Answer, Vec<u8>)> {
    /// A diagnosis is a few sentences.
    const HEADER: u64 = 64 * 1024;
    let sent = frame::write_json(&mut stdin, request).and_then(|()| frame::write(&mut stdin, content));
    drop(stdin);
    let answer = frame::read_json(&mut stdout, HEADER)?;
    sent?;
    Ok((answer, frame::read(&mut stdout, output)?))
}

/// Why a process that gave no answer ended. Killed, out of memory and out of stack look alike from here: all are limits.
fn died(status: ExitStatus, broken: &io::Error) -> DocumentError {
    if broken.kind() == io::ErrorKind::InvalidData || status.signal().is_some() {
        return DocumentError::OverLimits;
    }
    DocumentError::Process(format!("{status}, {broken}"))
}

/// A process that never outlives its request.
struct Running(Child);

impl Running {
    fn kill(&mut self) {
        if let Err(error) = self.0.kill() {
            tracing::warn!(%error, "a document process could not be killed");
        }
    }

    /// How the process ended; `None` when it still runs at the deadline.
    fn wait_until(&mut self, deadline: Stopwatch) -> Option<ExitStatus> {
        while Stopwatch::now() < deadline {
            if let Ok(Some(status)) = self.0.try_wait() {
                return Some(status);
            }
            thread::sleep(Duration::from_millis(2));
        }
        None
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
        if let Err(error) = self.0.wait() {
            tracing::warn!(%error, "a document process could not be waited for");
        }
    }
}
