//! What a document process may take.

use std::{io, time::Duration};

use rlimit::Resource;
use serde::{Deserialize, Serialize};

/// What a document process may take, all its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Time on the wall; the parent kills the process after it.
    pub wall_clock: Duration,
    /// Seconds of processor.
    pub cpu_seconds: u64,
    /// Octets of address space, the program's own included.
    pub memory: u64,
    /// Octets of the document or image made.
    pub output: u64,
}

impl Default for Limits {
    /// Far above what a form, an act or a page asks.
    fn default() -> Self {
        Self { wall_clock: Duration::from_secs(30), cpu_seconds: 20, memory: 1 << 30, output: 64 << 20 }
    }
}

/// Applies the limits to the process that calls, for good: no file can be opened either, nor a core dumped.
pub(crate) fn confine_this_process(limits: Limits) -> io::Result<()> {
    /// Input, output and errors, which are open already.
    const OPEN_FILES: u64 = 3;
    for (resource, limit) in [
        (Resource::CPU, limits.cpu_seconds),
        (Resource::AS, limits.memory),
        (Resource::CORE, 0),
        (Resource::FSIZE, 0),
        (Resource::NOFILE, OPEN_FILES),
    ] {
        resource.set(limit, limit)?;
    }
    Ok(())
}
