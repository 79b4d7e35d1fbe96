//! Whatever changes on the disk is refused at the read.

use std::{fs, sync::OnceLock};

use parvis_domain::digest::Sha256;
use parvis_vault::{Stored, TenantVault, VaultError};
use proptest::prelude::*;
use tokio::io::AsyncReadExt;

use crate::{BATCH, CHUNK, Fixture, NO_LIMIT, content, run};

const HEADER: usize = 4 + 72 + 19;
const SEALED_CHUNK: usize = CHUNK + 16;

async fn read(vault: &TenantVault, stored: &Stored) -> Result<Vec<u8>, VaultError> {
    vault.read_all(&stored.object_key, stored.sha256, NO_LIMIT).await
}

/// The outcome of reading an object of this content whose file was changed so.
fn read_after(clear: &[u8], change: impl FnOnce(&mut Vec<u8>)) -> Result<Vec<u8>, VaultError> {
    run(async {
        let fixture = Fixture::new();
        let vault = fixture.tenant(1).await;
        let stored = vault.put(clear, NO_LIMIT).await.unwrap();
        let path = fixture.object_path(&stored.object_key);
        let mut sealed = fs::read(&path).unwrap();
        change(&mut sealed);
        fs::write(&path, sealed).unwrap();
        read(&vault, &stored).await
    })
}

fn assert_tampered(outcome: &Result<Vec<u8>, VaultError>, what: &str) {
    assert!(matches!(outcome, Err(VaultError::Tampered)), "{what}: {:?}", outcome.as_ref().map(Vec::len));
}

/// An object of two full chunks and a part, made once.
fn three_chunks() -> &'static [u8] {
    static CLEAR: OnceLock<Vec<u8>> = OnceLock::new();
    CLEAR.get_or_init(|| content(2 * CHUNK + 1_000))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_flipped_bit_is_refused(at in any::<prop::sample::Index>(), bit in 0..8_u8) {
        assert_tampered(&read_after(three_chunks(), |sealed| *at.get_mut(sealed) ^= 1 << bit), "flipped");
    }

    #[test]
    fn any_cut_is_refused(kept in any::<prop::sample::Index>()) {
        assert_tampered(&read_after(three_chunks(), |sealed| sealed.truncate(kept.index(sealed.len()))), "cut");
    }
}

#[test]
fn every_octet_of_the_header_counts() {
    for at in 0..HEADER {
        assert_tampered(&read_after(b"plan", |sealed| sealed[at] ^= 1), &format!("octet {at}"));
    }
}

#[test]
fn chunks_cut_moved_repeated_or_added_are_refused() {
    let chunk = |at: usize| HEADER + at * SEALED_CHUNK..HEADER + (at + 1) * SEALED_CHUNK;
    let clear = three_chunks();
    assert_tampered(&read_after(clear, |sealed| sealed.truncate(chunk(1).end)), "cut between two chunks");
    assert_tampered(&read_after(clear, |sealed| sealed.truncate(HEADER)), "no chunk");
    assert_tampered(&read_after(clear, |sealed| drop(sealed.drain(chunk(1)))), "a chunk less");
    assert_tampered(&read_after(clear, |sealed| sealed.extend_from_within(chunk(1))), "a chunk more");
    assert_tampered(&read_after(clear, |sealed| sealed.push(0)), "an octet more");
    let swapped = read_after(clear, |sealed| {
        let (first, second) = sealed[HEADER..].split_at_mut(SEALED_CHUNK);
        first.swap_with_slice(&mut second[..SEALED_CHUNK]);
    });
    assert_tampered(&swapped, "swapped");
}

#[test]
fn an_object_put_in_the_place_of_another_is_refused() {
    run(async {
        let fixture = Fixture::new();
        let vault = fixture.tenant(1).await;
        let first = vault.put(b"plan".as_slice(), NO_LIMIT).await.unwrap();
        let second = vault.put(b"plan".as_slice(), NO_LIMIT).await.unwrap();
        fs::copy(fixture.object_path(&first.object_key), fixture.object_path(&second.object_key)).unwrap();
        assert_tampered(&read(&vault, &second).await, "swapped objects");
    });
}

#[test]
fn an_object_of_another_tenant_is_not_found_nor_readable_when_copied() {
    run(async {
        let fixture = Fixture::new();
        let (vault, other) = (fixture.tenant(1).await, fixture.tenant(2).await);
        let stored = vault.put(b"plan".as_slice(), NO_LIMIT).await.unwrap();
        assert!(matches!(read(&other, &stored).await, Err(VaultError::NotFound)));
        assert!(matches!(other.delete(&stored.object_key).await, Err(VaultError::NotFound)));
        let lent = stored.object_key.replace("0001/", "0002/").replace("0000000001/", "0000000002/");
        assert_ne!(lent, stored.object_key);
        fs::create_dir_all(fixture.object_path(&lent).parent().unwrap()).unwrap();
        fs::copy(fixture.object_path(&stored.object_key), fixture.object_path(&lent)).unwrap();
        assert_tampered(&read(&other, &Stored { object_key: lent, ..stored }).await, "lent to another tenant");
    });
}

#[test]
fn another_digest_is_refused_before_the_last_octets_are_given() {
    run(async {
        let fixture = Fixture::new();
        let vault = fixture.tenant(1).await;
        let wrong = Sha256::of(b"autre chose");
        let small = vault.put(b"plan".as_slice(), NO_LIMIT).await.unwrap();
        assert!(matches!(vault.open(&small.object_key, wrong).await, Err(VaultError::Tampered)));
        let large = vault.put(content(BATCH + 10).as_slice(), NO_LIMIT).await.unwrap();
        let mut given = Vec::new();
        let mut reader = vault.open(&large.object_key, wrong).await.unwrap();
        let error = reader.read_to_end(&mut given).await.unwrap_err();
        assert!(matches!(VaultError::of_read(error), VaultError::Tampered));
        assert_eq!(given.len(), BATCH);
    });
}

#[test]
fn a_key_of_no_shape_is_not_found() {
    run(async {
        let vault = Fixture::new();
        let vault = vault.tenant(1).await;
        for key in ["", "/", "../../etc/passwd", "a/b"] {
            assert!(matches!(vault.open(key, Sha256::of(b"")).await, Err(VaultError::NotFound)), "{key}");
        }
    });
}
