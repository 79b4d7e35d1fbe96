//! The invariants of `platform/README.md`: mostly absences, read from `cargo metadata` and from the sources.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Normal and build dependencies of each crate of the workspace, by name; neither dev-dependencies nor those of the
/// feature `testing` ship.
fn dependencies() -> Result<BTreeMap<String, BTreeSet<String>>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()?;
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    metadata["packages"]
        .as_array()
        .context("packages")?
        .iter()
        .map(|package| {
            let name = package["name"].as_str().context("name")?.to_owned();
            let of_tests = |dependency: &str| {
                let enabled = package["features"]["testing"].as_array();
                enabled.is_some_and(|list| list.iter().any(|one| one.as_str() == Some(&format!("dep:{dependency}"))))
            };
            let dependencies = package["dependencies"]
                .as_array()
                .context("dependencies")?
                .iter()
                .filter(|dependency| dependency["kind"].as_str() != Some("dev"))
                .filter_map(|dependency| dependency["name"].as_str())
                .filter(|name| !of_tests(name))
                .map(str::to_owned)
                .collect();
            Ok((name, dependencies))
        })
        .collect()
}

/// Rust sources below a folder of the repository.
fn sources(folder: &str) -> Result<Vec<(PathBuf, String)>> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            if path.is_dir() {
                if !path.ends_with("target") && !path.ends_with("node_modules") {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push((path.clone(), fs::read_to_string(&path)?));
            }
        }
    }
    Ok(found)
}

/// What each room may name of the workspace; the order is the house's.
const ROOMS: [(&str, &[&str]); 14] = [
    ("parvis-contract", &[]),
    ("parvis-sdk", &["parvis-contract"]),
    ("parvis-domain", &["parvis-contract"]),
    ("parvis-migrations", &[]),
    ("parvis-store", &["parvis-contract", "parvis-domain", "parvis-migrations"]),
    ("parvis-vault", &["parvis-domain"]),
    ("parvis-host", &["parvis-contract", "parvis-domain"]),
    ("parvis-documents", &["parvis-domain"]),
    ("parvis-gateways", &["parvis-domain"]),
    ("parvis-usecases", &["parvis-contract", "parvis-domain", "parvis-store", "parvis-vault"]),
    ("parvis-ui", &["parvis-contract", "parvis-domain", "parvis-usecases"]),
    ("parvis-portal", &["parvis-contract", "parvis-domain", "parvis-ui", "parvis-usecases"]),
    ("parvis-backoffice", &["parvis-contract", "parvis-domain", "parvis-ui", "parvis-usecases"]),
    ("parvis-api", &["parvis-contract", "parvis-domain", "parvis-ui", "parvis-usecases"]),
];

#[test]
fn dependencies_point_one_way() -> Result<()> {
    let dependencies = dependencies()?;
    for (room, allowed) in ROOMS {
        let named: Vec<_> = dependencies[room]
            .iter()
            .filter(|name| name.starts_with("parvis") && !allowed.contains(&name.as_str()))
            .collect();
        assert!(named.is_empty(), "{room} reaches over its neighbour: {named:?}");
    }
    Ok(())
}

#[test]
fn each_engine_is_named_by_its_room_only() -> Result<()> {
    let owners: [(&str, &[&str]); 8] = [
        ("wasmtime", &["parvis-host"]),
        ("sea-orm", &["parvis-store"]),
        ("sea-orm-migration", &["parvis-migrations", "parvis-store"]),
        ("poem", &["parvis-ui", "parvis-portal", "parvis-backoffice", "parvis-api", "parvis"]),
        ("casbin", &["parvis-usecases"]),
        ("typst", &["parvis-documents"]),
        ("lettre", &["parvis-gateways"]),
        ("rand", &["parvis"]),
    ];
    for (room, named) in dependencies()? {
        for (engine, owners) in owners {
            let test_room = room == "parvis-e2e" || room == "parvis-bench";
            assert!(test_room || !named.contains(engine) || owners.contains(&room.as_str()), "{room} names {engine}");
        }
    }
    Ok(())
}

#[test]
fn the_domain_does_no_input_nor_output() -> Result<()> {
    let pure = BTreeSet::from([
        "jiff",
        "parvis-contract",
        "rust_decimal",
        "serde",
        "serde_json",
        "sha2",
        "thiserror",
        "unicode-normalization",
        "uuid",
    ]);
    let domain = &dependencies()?["parvis-domain"];
    let others: Vec<_> = domain.iter().filter(|name| !pure.contains(name.as_str())).collect();
    assert!(others.is_empty(), "the domain names {others:?}");
    for (path, text) in sources("platform/domain/src")? {
        for word in ["std::fs", "std::net", "std::process", "std::env", "async fn", "std::thread"] {
            assert!(!text.contains(word), "{} names {word}", path.display());
        }
    }
    Ok(())
}

#[test]
fn only_the_program_reads_the_clock_and_draws_randomness() -> Result<()> {
    for folder in ["platform/domain/src", "platform/store/src", "platform/vault/src", "platform/host/src"]
        .into_iter()
        .chain(["platform/documents/src", "platform/gateways/src", "platform/usecases/src", "platform/web", "plugins"])
    {
        for (path, text) in sources(folder)? {
            for word in
                ["SystemTime::now", "Timestamp::now", "Zoned::now", "new_v4()", "now_v7()", "getrandom", "OsRng"]
            {
                assert!(!text.contains(word), "{} names {word}", path.display());
            }
        }
    }
    Ok(())
}

#[test]
fn the_top_level_holds_the_agreed_folders_only() -> Result<()> {
    let output = Command::new("git").args(["ls-files", "--full-name", ":/"]).current_dir(root()).output()?;
    let agreed = BTreeSet::from(["migrations", "platform", "plugins", "tenants", "tests"]);
    let folders: BTreeSet<_> = String::from_utf8(output.stdout)?
        .lines()
        .filter_map(|path| path.split_once('/').map(|(folder, _)| folder.to_owned()))
        .filter(|folder| !folder.starts_with('.') && !agreed.contains(folder.as_str()))
        .collect();
    assert!(folders.is_empty(), "folders that joined the top level: {folders:?}");
    Ok(())
}

#[test]
fn every_tenant_table_is_declared_through_the_one_helper() -> Result<()> {
    for (path, text) in sources("migrations/src")? {
        let of_tenant = path.components().any(|part| part.as_os_str() == "tenant");
        assert!(
            !of_tenant || !text.contains("Table::create()"),
            "{} creates a table without the helper",
            path.display()
        );
    }
    Ok(())
}
