//! Bounded pools for work that blocks a thread: hashing passwords, calling démarches, making documents.
//!
//! A pool runs so many jobs at once, lets so many wait, and refuses the rest: a burst costs a 503 with a Retry-After,
//! never the memory of the process.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use tokio::sync::Semaphore;

/// The pool is full, or its job was lost; trying again later may work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too much work is waiting")]
pub struct Busy;

/// A bounded pool on the runtime's blocking threads.
#[derive(Debug, Clone)]
pub struct Pool {
    running: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
    queue: usize,
}

impl Pool {
    /// A pool that runs `threads` jobs at once and lets `queue` others wait.
    pub fn new(threads: usize, queue: usize) -> Self {
        Self { running: Arc::new(Semaphore::new(threads.max(1))), waiting: Arc::new(AtomicUsize::new(0)), queue }
    }

    /// Runs a job on a blocking thread. A job whose caller went away still ends, and keeps its place until then.
    pub async fn run<T, F>(&self, job: F) -> Result<T, Busy>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let permit = if let Ok(permit) = Arc::clone(&self.running).try_acquire_owned() {
            permit
        } else {
            let _place = Place::take(&self.waiting, self.queue)?;
            Arc::clone(&self.running).acquire_owned().await.map_err(|_| Busy)?
        };
        let done = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            job()
        });
        match done.await {
            Ok(out) => Ok(out),
            Err(lost) => {
                tracing::error!(error = %lost, "a blocking job was lost");
                Err(Busy)
            }
        }
    }
}

/// A place in the queue, given back when dropped.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize, queue: usize) -> Result<Self, Busy> {
        if waiting.fetch_add(1, Ordering::AcqRel) >= queue {
            waiting.fetch_sub(1, Ordering::AcqRel);
            return Err(Busy);
        }
        Ok(Self(waiting))
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// The pools of the process.
#[derive(Debug, Clone)]
pub struct Pools {
    /// Hashes passwords: memory-hard, so few at once.
    pub hashing: Pool,
    /// Calls démarches.
    pub rules: Pool,
    /// Makes documents and page images.
    pub documents: Pool,
    /// Hands mails to the server.
    pub mail: Pool,
}

/// Sizes of the pools.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolSizes {
    /// Passwords hashed at once, and those that may wait.
    pub hashing: (usize, usize),
    /// Calls of démarches at once, and those that may wait.
    pub rules: (usize, usize),
    /// Documents made at once, and those that may wait.
    pub documents: (usize, usize),
    /// Mails handed over at once, and those that may wait.
    pub mail: (usize, usize),
}

impl Default for PoolSizes {
    fn default() -> Self {
        Self { hashing: (2, 32), rules: (8, 256), documents: (2, 32), mail: (4, 64) }
    }
}

impl Pools {
    /// Pools of these sizes.
    pub fn new(sizes: PoolSizes) -> Self {
        let pool = |(threads, queue)| Pool::new(threads, queue);
        Self {
            hashing: pool(sizes.hashing),
            rules: pool(sizes.rules),
            documents: pool(sizes.documents),
            mail: pool(sizes.mail),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_job_beyond_the_queue_is_refused_and_its_place_is_not_lost() {
        let pool = Pool::new(1, 0);
        let (release, held) = std::sync::mpsc::channel::<()>();
        let (started, ready) = tokio::sync::oneshot::channel();
        let busy = tokio::spawn({
            let pool = pool.clone();
            async move {
                pool.run(move || {
                    started.send(()).ok();
                    held.recv().ok();
                })
                .await
            }
        });
        ready.await.unwrap();
        assert_eq!(pool.run(|| 1).await, Err(Busy));
        release.send(()).unwrap();
        assert_eq!(busy.await.unwrap(), Ok(()));
        assert_eq!(pool.run(|| 2).await, Ok(2));
    }
}
