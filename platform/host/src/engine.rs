//! The engine: one configuration, measured, for every démarche of the process.
//!
//! What shapes compiled code stands in [`base`], shared with the compiling child process; what shapes only the running
//! (the pool of slots) is added by [`running`].

use std::{
    hash::{Hash, Hasher},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use parvis_domain::digest::Sha256;
use sha2::Digest;
use wasmtime::{Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig};

use crate::limits::Limits;

/// One tick of the engine's epoch: the grain of the wall clock of calls.
pub(crate) const TICK: Duration = Duration::from_millis(10);

/// Octets of linear memory that a slot keeps mapped between two calls; more are given back to the system.
const KEEP_RESIDENT: usize = 1 << 20;

/// Settings that shape compiled code. Threads need no line: wasmtime is built without them.
pub(crate) fn base() -> Config {
    let mut config = Config::new();
    config
        .wasm_component_model(true)
        .wasm_relaxed_simd(false)
        .wasm_memory64(false)
        .wasm_multi_memory(false)
        .cranelift_nan_canonicalization(true)
        .consume_fuel(true)
        .epoch_interruption(true)
        .memory_init_cow(true)
        // Démarches export synchronous functions only.
        .concurrency_support(false);
    config
}

/// The engine that runs `slots` calls at once: on a pool of slots, or on demand where the system refuses the pool.
pub(crate) fn running(slots: u32) -> wasmtime::Result<Engine> {
    let attempts = [(pool(slots, Enabled::Auto), "pagemap"), (pool(slots, Enabled::No), "memset")];
    for (pool, reset) in attempts {
        let mut config = base();
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
        match Engine::new(&config) {
            Ok(engine) => {
                tracing::debug!(slots, reset, "démarches run on a pool of slots");
                return Ok(engine);
            }
            Err(error) => tracing::debug!(slots, reset, %error, "no pool of slots"),
        }
    }
    tracing::warn!("démarches run without a pool of slots: calls are slower");
    Engine::new(&base())
}

fn pool(slots: u32, pagemap: Enabled) -> PoolingAllocationConfig {
    let mut pool = PoolingAllocationConfig::new();
    let memory = usize::try_from(Limits::CEILING.linear_memory).unwrap_or(usize::MAX);
    pool.total_component_instances(slots)
        .total_core_instances(slots.saturating_mul(4))
        .max_core_instances_per_component(4)
        .total_memories(slots)
        .max_memories_per_component(1)
        .max_memories_per_module(1)
        .total_tables(slots.saturating_mul(4))
        .max_tables_per_component(4)
        .max_tables_per_module(2)
        .table_elements(20_000)
        .max_memory_size(memory)
        .linear_memory_keep_resident(KEEP_RESIDENT)
        .table_keep_resident(16 << 10)
        .pagemap_scan(pagemap);
    pool
}

/// What makes compiled code of one engine loadable by another: version, target and settings.
pub(crate) fn compatibility(engine: &Engine) -> Sha256 {
    struct Digesting(sha2::Sha256);
    impl Hasher for Digesting {
        fn write(&mut self, bytes: &[u8]) {
            self.0.update(bytes);
        }
        fn finish(&self) -> u64 {
            0
        }
    }
    let mut hasher = Digesting(sha2::Sha256::new());
    engine.precompile_compatibility_hash().hash(&mut hasher);
    Sha256::from_bytes(hasher.0.finalize().into())
}

/// The thread that makes the epoch of an engine go forward, until dropped.
pub(crate) struct Ticker {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Ticker {
    pub(crate) fn start(engine: &Engine) -> std::io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let engine = engine.weak();
        let thread = std::thread::Builder::new().name("demarche-epoch".to_owned()).spawn(move || {
            while !stopped.load(Ordering::Relaxed) {
                std::thread::park_timeout(TICK);
                let Some(engine) = engine.upgrade() else { return };
                engine.increment_epoch();
            }
        })?;
        Ok(Self { stop, thread: Some(thread) })
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // The ticker holds nothing: a panic there would only have stopped the seatbelt.
            let _ = thread.join();
        }
    }
}
