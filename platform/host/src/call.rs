//! One call: a fresh store within the limits, and what each way of failing is called.
//!
//! This file never knows a contract nor a definition.

use std::{
    fmt::Write,
    sync::{Condvar, Mutex, PoisonError},
};

use parvis_domain::rules::{CallError, Refusal};
use wasmtime::{Engine, ResourceLimiter, Store, Trap, WasmBacktrace};

use crate::{
    engine::TICK,
    limits::{Budget, Limits},
};

/// Entries of any table of a guest: far above what a démarche's function table holds.
const TABLE_ELEMENTS: usize = 20_000;

/// Frames of a trap that are kept, from the innermost one of the démarche.
const FRAMES: usize = 6;

/// What the names of functions between a panic and its trap hold.
const PANICKING: [&str; 4] = ["::panicking::", "rust_panic", "rust_begin_unwind", "rust_end_short_backtrace"];

/// Why an adapter gave no answer.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The sandbox stopped the call.
    Stopped(wasmtime::Error),
    /// What came back does not convert.
    Malformed(String),
    /// The démarche refuses.
    Refused(Refusal),
}

impl From<wasmtime::Error> for Failure {
    fn from(error: wasmtime::Error) -> Self {
        Self::Stopped(error)
    }
}

/// What a store carries: the limiter of its instance.
#[derive(Debug)]
pub(crate) struct CallState {
    linear_memory: u64,
    memory_refused: bool,
}

impl ResourceLimiter for CallState {
    fn memory_growing(&mut self, _current: usize, desired: usize, _max: Option<usize>) -> wasmtime::Result<bool> {
        let granted = u64::try_from(desired).is_ok_and(|desired| desired <= self.linear_memory);
        self.memory_refused |= !granted;
        Ok(granted)
    }

    fn table_growing(&mut self, _current: usize, desired: usize, _max: Option<usize>) -> wasmtime::Result<bool> {
        Ok(desired <= TABLE_ELEMENTS)
    }

    fn memories(&self) -> usize {
        1
    }
}

/// Makes stores within the limits, a bounded number at once.
#[derive(Debug)]
pub(crate) struct Sandbox {
    engine: Engine,
    limits: Limits,
    free: Mutex<u32>,
    freed: Condvar,
}

impl Sandbox {
    pub(crate) const fn new(engine: Engine, limits: Limits, slots: u32) -> Self {
        Self { engine, limits, free: Mutex::new(slots), freed: Condvar::new() }
    }

    /// Runs one call in a fresh store; waits while every slot is taken.
    pub(crate) fn run<T>(
        &self,
        budget: Budget,
        call: impl FnOnce(&mut Store<CallState>) -> Result<T, Failure>,
    ) -> Result<T, CallError> {
        let _slot = self.take_slot();
        let state = CallState { linear_memory: self.limits.linear_memory, memory_refused: false };
        let mut store = Store::new(&self.engine, state);
        store.limiter(|state| state);
        store.set_hostcall_fuel(usize::try_from(self.limits.output).unwrap_or(usize::MAX));
        store.set_fuel(budget.fuel).map_err(|error| CallError::Trap(error.to_string()))?;
        let ticks = budget.wall_clock.as_millis().div_ceil(TICK.as_millis()) + 1;
        store.set_epoch_deadline(u64::try_from(ticks).unwrap_or(u64::MAX));
        call(&mut store).map_err(|failure| self.name(failure, store.data()))
    }

    fn take_slot(&self) -> Slot<'_> {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        while *free == 0 {
            free = self.freed.wait(free).unwrap_or_else(PoisonError::into_inner);
        }
        *free -= 1;
        Slot(self)
    }

    fn name(&self, failure: Failure, state: &CallState) -> CallError {
        let error = match failure {
            Failure::Malformed(what) => return CallError::Malformed(what),
            Failure::Refused(refusal) => return CallError::Refused(refusal),
            Failure::Stopped(error) => error,
        };
        match error.downcast_ref::<Trap>() {
            Some(Trap::OutOfFuel) => CallError::OutOfFuel,
            Some(Trap::Interrupt) => CallError::TimedOut,
            // A guest that is refused memory aborts: the cause is the memory, not the abort.
            _ if state.memory_refused => CallError::OutOfMemory,
            Some(trap) => CallError::Trap(told(*trap, error.downcast_ref::<WasmBacktrace>())),
            None if is_copy_exhausted(&error) => {
                CallError::TooLarge { what: "the answer of the démarche", limit: self.limits.output }
            }
            None => CallError::Malformed(error.root_cause().to_string()),
        }
    }
}

/// wasmtime keeps the type of this error to itself, its text is what tells it apart.
fn is_copy_exhausted(error: &wasmtime::Error) -> bool {
    error.chain().any(|cause| cause.to_string().contains("fuel allocated for hostcalls has been exhausted"))
}

/// The trap, then the functions of the démarche it went through, as their author wrote them.
fn told(trap: Trap, backtrace: Option<&WasmBacktrace>) -> String {
    let mut text = trap.to_string();
    let frames = backtrace.map_or(&[][..], WasmBacktrace::frames);
    let names = frames.iter().filter_map(wasmtime::FrameInfo::func_name);
    let names = names.map(|name| format!("{:#}", rustc_demangle::demangle(name)));
    for name in names.filter(|name| !PANICKING.iter().any(|part| name.contains(part))).take(FRAMES) {
        let _ = write!(text, " < {name}");
    }
    text
}

struct Slot<'a>(&'a Sandbox);

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.freed.notify_one();
    }
}
