//! Keys of tenants: made once, kept apart, never replaced by accident.

use parvis_vault::{MasterKey, VaultError};

use crate::{Fixture, NO_LIMIT, files_under, run, tenant_id};

#[test]
fn a_destroyed_key_makes_every_object_unreadable_for_ever() {
    run(async {
        let fixture = Fixture::new();
        let vault = fixture.vault();
        let tenant = vault.for_tenant(tenant_id(1)).await.unwrap();
        let stored = tenant.put(b"plan".as_slice(), NO_LIMIT).await.unwrap();
        vault.destroy_tenant_key(tenant_id(1)).await.unwrap();
        vault.destroy_tenant_key(tenant_id(1)).await.unwrap();
        let read = tenant.read_all(&stored.object_key, stored.sha256, NO_LIMIT).await;
        assert!(matches!(read, Err(VaultError::KeyMissing)), "{read:?}");
        assert!(matches!(vault.for_tenant(tenant_id(1)).await, Err(VaultError::KeyMissing)));
        assert!(matches!(fixture.vault().for_tenant(tenant_id(1)).await, Err(VaultError::KeyMissing)));
    });
}

#[test]
fn another_master_key_opens_nothing() {
    run(async {
        let fixture = Fixture::new();
        fixture.tenant(1).await;
        let vault = fixture.vault_with(MasterKey::from_bytes([8; 32])).unwrap();
        assert!(matches!(vault.for_tenant(tenant_id(1)).await, Err(VaultError::KeyRefused)));
    });
}

#[test]
fn a_tenant_key_given_to_another_tenant_opens_nothing() {
    run(async {
        let fixture = Fixture::new();
        fixture.tenant(1).await;
        let path = |number| fixture.config().keys.join(format!("{}.key", tenant_id(number)));
        std::fs::copy(path(1), path(2)).unwrap();
        assert!(matches!(fixture.vault().for_tenant(tenant_id(2)).await, Err(VaultError::KeyRefused)));
    });
}

#[test]
fn two_first_uses_at_once_agree_on_one_key() {
    run(async {
        let fixture = Fixture::new();
        let uses = (0..8).map(|_| {
            let vault = fixture.vault();
            tokio::spawn(async move {
                let tenant = vault.for_tenant(tenant_id(1)).await.unwrap();
                tenant.put(b"plan".as_slice(), NO_LIMIT).await.unwrap()
            })
        });
        let mut stored = Vec::new();
        for one_use in uses.collect::<Vec<_>>() {
            stored.push(one_use.await.unwrap());
        }
        let tenant = fixture.tenant(1).await;
        for stored in stored {
            assert_eq!(tenant.read_all(&stored.object_key, stored.sha256, 10).await.unwrap(), b"plan");
        }
        assert_eq!(files_under(&fixture.config().keys).len(), 1);
    });
}

#[test]
fn a_sealed_secret_opens_only_in_its_tenant_and_for_its_use() {
    run(async {
        let fixture = Fixture::new();
        let vault = fixture.vault();
        let (tenant, other) =
            (vault.for_tenant(tenant_id(1)).await.unwrap(), vault.for_tenant(tenant_id(2)).await.unwrap());
        let sealed = tenant.seal("sms", b"mot de passe").unwrap();
        assert_eq!(**tenant.unseal("sms", &sealed).unwrap(), *b"mot de passe");
        for refused in [tenant.unseal("mail", &sealed), other.unseal("sms", &sealed), vault.unseal("sms", &sealed)] {
            assert!(matches!(refused, Err(VaultError::KeyRefused)));
        }
        let seed = vault.seal("totp", b"graine");
        assert_eq!(**vault.unseal("totp", &seed).unwrap(), *b"graine");
        assert!(matches!(vault.unseal("totp", b"court"), Err(VaultError::KeyRefused)));
    });
}
