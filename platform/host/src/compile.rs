//! Compilation. A component that nobody vouches for is compiled in a child process with limits: a component made to
//! exhaust the compiler harms the child only, one at a time.

use std::{
    ffi::OsString,
    io::{self, Read, Write},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{Mutex, PoisonError},
    thread,
};

use rlimit::Resource;
use wasmtime::Engine;

use crate::engine;

/// Seconds of processor that a compilation may use.
const CPU_SECONDS: u64 = 60;
/// Address space of the compiling child.
const ADDRESS_SPACE: u64 = 1_536 << 20;
/// Compiled code is some ten times its component: four times the largest accepted one is already absurd.
const LARGEST_CODE: u64 = 512 << 20;

/// First octet of the child's answer: compiled code follows.
const COMPILED: u8 = b'c';
/// First octet of the child's answer: the reason of a refusal follows.
const REFUSED: u8 = b'r';

/// Only one compilation at a time: it is what may use the most memory in the whole platform.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// Where components are compiled.
#[derive(Debug, Clone)]
pub enum Compiler {
    /// In this process: for components that the deployment built itself, and for tests.
    InProcess,
    /// In a child process that runs [`compile_child_main`] on its standard input and output.
    Child {
        /// Program, usually this one.
        program: PathBuf,
        /// Its arguments.
        args: Vec<OsString>,
    },
}

/// Why a component gave no compiled code.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CompileError {
    #[error("it does not compile: {0}")]
    Refused(String),
    #[error("it takes more than {CPU_SECONDS} s of processor or 1.5 GiB of memory to compile")]
    OverLimits,
    #[error("the compiling process failed: {0}")]
    Process(#[from] io::Error),
}

/// Why the child could not do its work; the parent learns it by the exit status.
#[derive(Debug, thiserror::Error)]
pub enum CompileChildError {
    /// Its limits, its input or its output failed.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The engine does not start.
    #[error("the engine does not start: {0}")]
    Engine(String),
}

impl Compiler {
    pub(crate) fn compile(&self, engine: &Engine, component: &[u8]) -> Result<Vec<u8>, CompileError> {
        let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        match self {
            Self::InProcess => precompile(engine, component).map_err(CompileError::Refused),
            Self::Child { program, args } => {
                let child = Command::new(program)
                    .args(args)
                    .env_clear()
                    .stdin(Stdio::piped())
                    .stdout(Stdio::piped())
                    .stderr(Stdio::null())
                    .spawn()?;
                converse(child, component)
            }
        }
    }
}

fn precompile(engine: &Engine, component: &[u8]) -> Result<Vec<u8>, String> {
    engine.precompile_component(component).map_err(|error| format!("{error:#}"))
}

fn converse(mut child: Child, component: &[u8]) -> Result<Vec<u8>, CompileError> {
    let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(io::Error::other("the child has no pipes").into());
    };
    let mut answer = Vec::new();
    let read = thread::scope(|scope| {
        // A child that dies before it has read everything closes the pipe: its exit status says why.
        scope.spawn(move || input.write_all(component).is_ok());
        output.take(LARGEST_CODE).read_to_end(&mut answer)
    });
    let status = child.wait()?;
    read?;
    if !status.success() {
        return Err(CompileError::OverLimits);
    }
    match answer.split_first() {
        Some((&COMPILED, code)) => Ok(code.to_vec()),
        Some((&REFUSED, why)) => Err(CompileError::Refused(String::from_utf8_lossy(why).into_owned())),
        _ => Err(io::Error::other("the child answered nothing").into()),
    }
}

/// What the child process does: limits itself, reads a component, writes its compiled code or why there is none.
pub fn compile_child_main(mut input: impl Read, mut output: impl Write) -> Result<(), CompileChildError> {
    Resource::CPU.set(CPU_SECONDS, CPU_SECONDS)?;
    Resource::AS.set(ADDRESS_SPACE, ADDRESS_SPACE)?;
    Resource::CORE.set(0, 0)?;
    Resource::FSIZE.set(0, 0)?;
    let engine = Engine::new(&engine::base()).map_err(|error| CompileChildError::Engine(format!("{error:#}")))?;
    let mut component = Vec::new();
    input.read_to_end(&mut component)?;
    let (tag, body) = match precompile(&engine, &component) {
        Ok(code) => (COMPILED, code),
        Err(why) => (REFUSED, why.into_bytes()),
    };
    output.write_all(&[tag])?;
    output.write_all(&body)?;
    output.flush()?;
    Ok(())
}
