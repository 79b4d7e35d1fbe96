//! Building guests from source.

use std::path::Path;

use parvis_domain::ports::Installer;
use parvis_host::{
    Host, HostConfig, Limits,
    build::{BuildError, build_plugin, is_fresh, refresh},
};

use crate::world::{build, child, host, options};

#[test]
fn a_kept_component_is_fresh_and_installs() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/guests/tennis");
    let kept = dir.path().join("plugins/tennis.wasm");
    assert!(!is_fresh(&folder, &kept));
    let component = refresh(&folder, &kept, &options(), &mut |_| ()).unwrap();
    assert!(is_fresh(&folder, &kept));
    let again = refresh(&folder, &kept, &options(), &mut |line| panic!("it builds again: {line}")).unwrap();
    assert_eq!(component, again);
    assert!(!is_fresh(&folder.with_file_name("hostile"), &kept));

    // The SDK, the contract and its WIT are sources as well.
    let sources = std::fs::read_to_string(kept.with_extension("sources")).unwrap();
    for part in ["tennis/definition.json", "plugins/sdk/src/lib.rs", "plugins/contract/src/lib.rs", "demarche.wit"] {
        assert!(sources.contains(part), "{part} is not in\n{sources}");
    }
    assert_eq!(host(Limits::default()).install(&component).unwrap().definition.id, "tennis-club");
}

#[test]
fn a_guest_that_imports_is_refused_by_name() {
    let Err(BuildError::Imports(names)) = build("importing") else { panic!("it builds") };
    assert_eq!(names, ["now"]);
}

#[test]
fn a_folder_without_a_crate_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let refused = build_plugin(dir.path(), &options(), &mut |_| ()).unwrap_err();
    assert!(matches!(refused, BuildError::NotACrate(_)));
}

#[test]
fn a_crate_that_does_not_compile_is_told_with_the_lines_of_the_compiler() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("src")).unwrap();
    let manifest = "[package]\nname = 'broken'\nedition = '2024'\n[lib]\ncrate-type = ['cdylib']\n[workspace]\n";
    std::fs::write(dir.path().join("Cargo.toml"), manifest).unwrap();
    std::fs::write(dir.path().join("src/lib.rs"), "fn broken( {").unwrap();
    let mut lines = Vec::new();
    let refused = build_plugin(dir.path(), &options(), &mut |line| lines.push(line.to_owned())).unwrap_err();
    assert!(matches!(refused, BuildError::DoesNotCompile(_)));
    assert!(lines.iter().any(|line| line.contains("src/lib.rs:1")), "{lines:#?}");

    std::fs::write(dir.path().join("src/lib.rs"), "").unwrap();
    let refused = build_plugin(dir.path(), &options(), &mut |_| ()).unwrap_err();
    assert!(matches!(refused, BuildError::NotADemarche), "{refused}");
}

#[test]
fn the_official_demarches_build_compile_in_the_child_and_install() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../plugins/domaine-public");
    let built = build_plugin(&folder, &options(), &mut |line| println!("{line}")).unwrap();
    let host = Host::new(HostConfig { compiler: child(), ..HostConfig::default() }).unwrap();
    assert_eq!(host.install(&built.component).unwrap().definition.id, "domaine-public");
}
