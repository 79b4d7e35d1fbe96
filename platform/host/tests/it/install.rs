//! Installing: what is refused, what is kept, what is compiled where.

use std::path::PathBuf;

use parvis_domain::{
    ports::{InstallError, Installer},
    rules::Rules,
};
use parvis_host::{CodeCache, Compiler, Host, HostConfig, HostError, Limits};

use crate::world::{TENNIS, child, context, host, wish};

/// A component that imports a function `now`, written by hand: a function type, then the import.
const IMPORTING: [u8; 25] = [
    0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00, // magic, version of components
    0x07, 0x05, 0x01, 0x40, 0x00, 0x01, 0x00, // one type: a function without parameter nor result
    0x0a, 0x08, 0x01, 0x00, 0x03, b'n', b'o', b'w', 0x01, 0x00, // one import: the function `now`
];

fn refused(component: &[u8]) -> String {
    match host(Limits::default()).install(component) {
        Err(InstallError::NotADemarche(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_import_is_refused_by_its_name() {
    assert_eq!(refused(&IMPORTING), "a démarche imports nothing, this component imports now");
}

#[test]
fn what_is_not_a_demarche_is_refused() {
    assert!(refused(b"not wasm").contains("does not compile"));
    let empty = [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00];
    assert!(refused(&empty).contains("parvis:demarche/"), "{}", refused(&empty));
}

#[test]
fn a_component_over_the_limit_is_refused_before_it_is_compiled() {
    let limits = Limits { component: 1_000, ..Limits::default() };
    let installed = host(limits).install(&TENNIS);
    assert_eq!(installed.unwrap_err(), InstallError::TooLarge { limit: 1_000 });
}

#[test]
fn installing_twice_changes_nothing() {
    let host = host(Limits::default());
    let first = host.install(&TENNIS).unwrap();
    let second = host.install(&TENNIS).unwrap();
    assert_eq!(first.digest, second.digest);
    assert_eq!(host.installed(), [first.digest]);
    assert_eq!(host.definition(first.digest).unwrap().id, "tennis-club");
}

#[test]
fn compiled_code_is_kept_and_a_damaged_file_is_compiled_again() {
    let dir = tempfile::tempdir().unwrap();
    let start = |compiler| {
        let cache = Some(CodeCache::new(dir.path().to_owned(), [7; 32]));
        Host::new(HostConfig { cache, compiler, ..HostConfig::default() }).unwrap()
    };
    start(Compiler::InProcess).install(&TENNIS).unwrap();
    let files: Vec<PathBuf> = std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 1);

    // A compiler that cannot work proves that the code came from the cache.
    let broken = || Compiler::Child { program: PathBuf::from("/nowhere"), args: Vec::new() };
    let host = start(broken());
    let tennis = host.install(&TENNIS).unwrap().digest;
    host.evaluate(tennis, &context(""), &wish(1), None).unwrap();

    let mut code = std::fs::read(&files[0]).unwrap();
    let middle = code.len() / 2;
    code[middle] ^= 1;
    std::fs::write(&files[0], code).unwrap();
    assert!(start(broken()).install(&TENNIS).is_err());
    start(Compiler::InProcess).install(&TENNIS).unwrap();
    start(broken()).install(&TENNIS).unwrap();
}

#[test]
fn a_child_process_compiles_for_the_running_engine() {
    let host = Host::new(HostConfig { compiler: child(), ..HostConfig::default() }).unwrap();
    let tennis = host.install(&TENNIS).unwrap().digest;
    host.evaluate(tennis, &context(""), &wish(1), None).unwrap();
    let refused = host.install(b"not wasm").unwrap_err();
    assert!(refused.to_string().contains("does not compile"), "{refused}");
}

#[test]
fn limits_above_their_ceiling_do_not_start() {
    let config = HostConfig { limits: Limits { fuel: u64::MAX, ..Limits::default() }, ..HostConfig::default() };
    assert!(matches!(Host::new(config), Err(HostError::Limit(_))));
    assert!(matches!(Host::new(HostConfig { slots: 0, ..HostConfig::default() }), Err(HostError::NoSlot)));
}
