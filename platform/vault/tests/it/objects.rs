//! What is put comes back; what was not finished leaves nothing.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use parvis_domain::digest::Sha256;
use parvis_vault::{Stored, VaultError};
use proptest::prelude::*;
use tokio::io::{AsyncRead, AsyncReadExt, ReadBuf};

use crate::{BATCH, CHUNK, Fixture, NO_LIMIT, content, files_under, run};

async fn round_trip(fixture: &Fixture, clear: &[u8]) -> Stored {
    let vault = fixture.tenant(1).await;
    let stored = vault.put(clear, NO_LIMIT).await.unwrap();
    assert_eq!(stored.size, clear.len() as u64);
    assert_eq!(stored.sha256, Sha256::of(clear));
    assert_eq!(stored.head, clear[..clear.len().min(8 * 1024)]);
    let reader = vault.open(&stored.object_key, stored.sha256).await.unwrap();
    assert_eq!(reader.size(), clear.len() as u64);
    assert!(vault.read_all(&stored.object_key, stored.sha256, stored.size).await.unwrap() == clear);
    stored
}

#[test]
fn sizes_around_a_chunk_and_a_batch_come_back() {
    run(async {
        let fixture = Fixture::new();
        for around in [0, CHUNK, 2 * CHUNK, BATCH, 2 * BATCH] {
            for size in [around.saturating_sub(1), around, around + 1] {
                round_trip(&fixture, &content(size)).await;
            }
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_size_comes_back(size in 0..BATCH + CHUNK) {
        run(async { round_trip(&Fixture::new(), &content(size)).await; });
    }
}

#[test]
fn an_object_is_read_by_a_process_started_later() {
    run(async {
        let fixture = Fixture::new();
        let stored = round_trip(&fixture, b"plan de situation").await;
        let later = fixture.tenant(1).await;
        assert_eq!(later.read_all(&stored.object_key, stored.sha256, 100).await.unwrap(), b"plan de situation");
    });
}

#[test]
fn nothing_in_clear_reaches_the_disk() {
    run(async {
        let fixture = Fixture::new();
        let stored = round_trip(&fixture, b"un texte reconnaissable").await;
        let sealed = std::fs::read(fixture.object_path(&stored.object_key)).unwrap();
        assert!(!sealed.windows(14).any(|window| window == b"reconnaissable"));
    });
}

#[test]
fn the_same_content_put_twice_is_two_objects_that_share_nothing() {
    run(async {
        let fixture = Fixture::new();
        let (first, second) = (round_trip(&fixture, b"plan").await, round_trip(&fixture, b"plan").await);
        let sealed = |stored: &Stored| std::fs::read(fixture.object_path(&stored.object_key)).unwrap();
        assert_ne!(first.object_key, second.object_key);
        assert_ne!(sealed(&first)[4..], sealed(&second)[4..]);
    });
}

#[test]
fn more_than_the_limit_is_refused_and_leaves_nothing() {
    run(async {
        let fixture = Fixture::new();
        let vault = fixture.tenant(1).await;
        for (size, limit) in [(11, 10), (BATCH + 1, BATCH as u64), (3 * BATCH, BATCH as u64 + 5)] {
            let refused = vault.put(content(size).as_slice(), limit).await;
            assert!(matches!(refused, Err(VaultError::TooLarge { limit: said }) if said == limit), "{refused:?}");
        }
        assert_eq!(vault.put(content(10).as_slice(), 10).await.unwrap().size, 10);
        assert_eq!(files_under(&fixture.config().objects).len(), 1);
    });
}

/// A source that gives some octets, then breaks or never gives anything again.
struct Interrupted {
    left: usize,
    then: Poll<()>,
}

impl AsyncRead for Interrupted {
    fn poll_read(mut self: Pin<&mut Self>, _: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.left == 0 {
            return self.then.map(|()| Err(io::ErrorKind::ConnectionReset.into()));
        }
        let given = buffer.remaining().min(self.left);
        buffer.put_slice(&vec![1; given]);
        self.left -= given;
        Poll::Ready(Ok(()))
    }
}

#[test]
fn a_source_that_breaks_is_told_apart_and_leaves_nothing() {
    run(async {
        let fixture = Fixture::new();
        let vault = fixture.tenant(1).await;
        let broken = vault.put(Interrupted { left: 2 * BATCH + 3, then: Poll::Ready(()) }, NO_LIMIT).await;
        assert!(matches!(broken, Err(VaultError::Source(_))), "{broken:?}");
        assert!(files_under(&fixture.config().objects).is_empty());
    });
}

#[test]
fn a_caller_that_stops_waiting_leaves_nothing() {
    run(async {
        let fixture = Fixture::new();
        let vault = fixture.tenant(1).await;
        let mut put = Box::pin(vault.put(Interrupted { left: 2 * BATCH, then: Poll::Pending }, NO_LIMIT));
        while files_under(&fixture.config().objects).is_empty() {
            let polled = futures_poll(&mut put).await;
            assert!(polled.is_pending());
            tokio::task::yield_now().await;
        }
        drop(put);
        // The batch under way ends in its own thread, then its file goes.
        while !files_under(&fixture.config().objects).is_empty() {
            tokio::task::yield_now().await;
        }
    });
}

async fn futures_poll<F: Future + Unpin>(future: &mut F) -> Poll<F::Output> {
    std::future::poll_fn(|cx| Poll::Ready(Pin::new(&mut *future).poll(cx))).await
}

#[test]
fn what_a_dead_process_left_is_removed_at_start() {
    let fixture = Fixture::new();
    let vault = fixture.vault();
    std::fs::write(fixture.config().objects.join(".incoming").join("0".repeat(32)), b"PVO1").unwrap();
    assert_eq!(vault.remove_unfinished().unwrap(), 1);
    assert_eq!(vault.remove_unfinished().unwrap(), 0);
}

#[test]
fn a_deleted_object_is_gone_and_may_be_deleted_again() {
    run(async {
        let fixture = Fixture::new();
        let vault = fixture.tenant(1).await;
        let stored = vault.put(b"plan".as_slice(), NO_LIMIT).await.unwrap();
        vault.delete(&stored.object_key).await.unwrap();
        vault.delete(&stored.object_key).await.unwrap();
        assert!(matches!(vault.open(&stored.object_key, stored.sha256).await, Err(VaultError::NotFound)));
        assert!(vault.list().await.unwrap().is_empty());
    });
}

#[test]
fn the_list_names_every_object_of_the_tenant_and_no_other() {
    run(async {
        let fixture = Fixture::new();
        let (vault, other) = (fixture.tenant(1).await, fixture.tenant(2).await);
        assert!(vault.list().await.unwrap().is_empty());
        let mut stored = Vec::new();
        for size in 0..5 {
            stored.push(vault.put(content(size).as_slice(), NO_LIMIT).await.unwrap().object_key);
        }
        other.put(b"ailleurs".as_slice(), NO_LIMIT).await.unwrap();
        stored.sort();
        let listed: Vec<String> = vault.list().await.unwrap().into_iter().map(|listed| listed.object_key).collect();
        assert_eq!(listed, stored);
    });
}

#[test]
fn a_read_larger_than_its_limit_is_refused_before_it_starts() {
    run(async {
        let fixture = Fixture::new();
        let vault = fixture.tenant(1).await;
        let stored = vault.put(content(100).as_slice(), NO_LIMIT).await.unwrap();
        let refused = vault.read_all(&stored.object_key, stored.sha256, 99).await;
        assert!(matches!(refused, Err(VaultError::TooLarge { limit: 99 })), "{refused:?}");
    });
}

#[test]
fn memory_stays_flat_whatever_the_size() {
    /// A source of as many octets as wanted, which holds none.
    struct Endless(u64);
    impl AsyncRead for Endless {
        fn poll_read(mut self: Pin<&mut Self>, _: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
            let given = buffer.remaining().min(usize::try_from(self.0).unwrap());
            buffer.initialize_unfilled_to(given);
            buffer.advance(given);
            self.0 -= given as u64;
            Poll::Ready(Ok(()))
        }
    }
    run(async {
        const SIZE: u64 = 256 << 20;
        let fixture = Fixture::new();
        let vault = fixture.tenant(1).await;
        let before = peak_memory();
        let stored = vault.put(Endless(SIZE), NO_LIMIT).await.unwrap();
        let mut reader = vault.open(&stored.object_key, stored.sha256).await.unwrap();
        let mut buffer = vec![0; 16 * 1024];
        let mut read = 0;
        loop {
            match reader.read(&mut buffer).await.unwrap() {
                0 => break,
                given => read += given as u64,
            }
        }
        assert_eq!(read, SIZE);
        let grown = peak_memory().saturating_sub(before);
        assert!(grown < 64 << 20, "{grown} octets more");
    });
}

/// The most that this process ever held in memory (other tests of the same process included).
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
}
