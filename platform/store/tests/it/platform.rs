//! The platform database, written and read back.

use std::collections::BTreeMap;

use parvis_domain::{digest::Sha256, ids::AgentId, time::Clock};
use parvis_store::{
    NewTenant, TenantStatus,
    agents::{self, Agent},
    components::{self, NewComponent},
    figures::{self, Figure},
    tenants,
    tombstones::{self, Tombstone},
};

use crate::town::{Town, on_both_engines};

on_both_engines! {
    async fn a_host_names_one_tenant_exactly(town: &Town) {
        let platform = town.store.platform();
        tenants::set_hosts(platform, town.id, &["ici.fr".to_owned(), "www.ici.fr".to_owned()]).await.unwrap();
        tenants::set_hosts(platform, town.id, &["ici.fr".to_owned()]).await.unwrap();
        assert_eq!(tenants::by_host(platform, "ici.fr").await.unwrap().unwrap().id, town.id);
        for stranger in ["www.ici.fr", "ICI.fr", "ici.f", ""] {
            assert_eq!(tenants::by_host(platform, stranger).await.unwrap(), None);
        }
        tenants::set_hosts(platform, town.neighbour_id, &["ici.fr".to_owned()]).await.unwrap_err();
        assert_eq!(tenants::hosts(platform, town.id).await.unwrap(), ["ici.fr"]);
    }

    async fn a_tenant_is_created_once_and_changed(town: &Town) {
        let platform = town.store.platform();
        let again =
            NewTenant { id: town.id, slug: "ici".to_owned(), name: "Ici".to_owned(), created_at: town.world.now() };
        town.store.create_tenant(&again).await.unwrap();
        tenants::update(platform, town.id, "Ici-sur-Mer", TenantStatus::Closed).await.unwrap();
        let tenant = tenants::by_slug(platform, "ici").await.unwrap().unwrap();
        assert_eq!((tenant.name.as_str(), tenant.status), ("Ici-sur-Mer", TenantStatus::Closed));
        assert_eq!(tenants::list(platform).await.unwrap().len(), 2);
    }

    async fn a_component_is_kept_once(town: &Town) {
        let platform = town.store.platform();
        let new = NewComponent {
            digest: Sha256::of(b"wasm"),
            demarche: "club".to_owned(),
            version: "1.0.0".to_owned(),
            definition: serde_json::json!({"id": "club"}),
            content: b"wasm".to_vec(),
            created_at: town.world.now(),
        };
        components::insert(platform, &new).await.unwrap();
        components::insert(platform, &new).await.unwrap();
        assert_eq!(components::list(platform).await.unwrap().len(), 1);
        let found = components::by_digest(platform, new.digest).await.unwrap().unwrap();
        assert_eq!(found.definition, new.definition);
        assert_eq!(components::content(platform, new.digest).await.unwrap(), Some(new.content));
        assert_eq!(components::content(platform, Sha256::of(b"other")).await.unwrap(), None);
    }

    async fn a_code_of_the_second_factor_is_accepted_once(town: &Town) {
        let platform = town.store.platform();
        let agent = Agent {
            id: AgentId::new(&town.world, &town.world),
            email: "agent@ici.fr".to_owned(),
            given_name: "Anne".to_owned(),
            family_name: "Durand".to_owned(),
            phone: None,
            siret: "21000000000000".to_owned(),
            password_hash: None,
            totp_secret: None,
            totp_last_step: None,
            demo: true,
            disabled_at: None,
            created_at: town.world.now(),
        };
        assert!(agents::insert(platform, &agent).await.unwrap());
        assert!(!agents::insert(platform, &Agent { id: AgentId::new(&town.world, &town.world), ..agent.clone() }).await.unwrap());
        agents::set_totp(platform, agent.id, Some(b"sealed")).await.unwrap();
        for (step, accepted) in [(10, true), (10, false), (9, false), (11, true)] {
            assert_eq!(agents::accept_totp_step(platform, agent.id, step).await.unwrap(), accepted);
        }
        agents::set_password(platform, agent.id, Some("hash")).await.unwrap();
        agents::set_disabled(platform, agent.id, Some(town.world.now())).await.unwrap();
        agents::update_profile(platform, &Agent { family_name: "Petit".to_owned(), ..agent.clone() }).await.unwrap();
        let found = agents::by_email(platform, "agent@ici.fr").await.unwrap().unwrap();
        assert_eq!((found.family_name.as_str(), found.totp_last_step), ("Petit", Some(11)));
        assert_eq!(found.totp_secret.as_deref(), Some(b"sealed".as_slice()));
        assert_eq!(found.disabled_at, Some(town.world.now()));
        assert_eq!(agents::of_demo(platform).await.unwrap(), std::slice::from_ref(&found));
        assert_eq!(agents::by_ids(platform, &[agent.id]).await.unwrap(), std::slice::from_ref(&found));
        assert_eq!(agents::by_id(platform, agent.id).await.unwrap(), Some(found));
    }

    async fn figures_and_tombstones_are_kept(town: &Town) {
        let platform = town.store.platform();
        for value in [1, 2] {
            let pushed = BTreeMap::from([("dossiers".to_owned(), value)]);
            figures::push(platform, town.id, &pushed, town.world.now()).await.unwrap();
        }
        let figure = Figure { value: 2, at: town.world.now() };
        assert_eq!(figures::of_tenant(platform, town.id).await.unwrap(), BTreeMap::from([("dossiers".to_owned(), figure)]));
        assert_eq!(figures::of_tenant(platform, town.neighbour_id).await.unwrap(), BTreeMap::new());
        let erased =
            Tombstone { tenant: town.id, kind: "usager".to_owned(), id: "x".to_owned(), at: town.world.now() };
        tombstones::insert(platform, &erased).await.unwrap();
        tombstones::insert(platform, &erased).await.unwrap();
        assert_eq!(tombstones::since(platform, town.world.now()).await.unwrap(), [erased]);
    }
}
