//! What every test stands on: guests built once, a host, and the values of a call.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, LazyLock},
};

use parvis_domain::{
    digest::Sha256,
    ports::Installer,
    rules::{ActorKind, Context, DossierView, RulesActor},
    value::{Answers, Target, Value},
};
use parvis_host::{
    Compiler, Host, HostConfig, Limits,
    build::{BuildError, BuildOptions, Built, build_plugin},
};
use serde_json::json;

pub(crate) static TENNIS: LazyLock<Vec<u8>> = LazyLock::new(|| build("tennis").unwrap().component);
pub(crate) static HOSTILE: LazyLock<Vec<u8>> = LazyLock::new(|| build("hostile").unwrap().component);

/// Builds a guest, apart from the target folder of the test run, whose lock another build may hold.
pub(crate) fn build(guest: &str) -> Result<Built, BuildError> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/guests").join(guest);
    build_plugin(&folder, &options(), &mut |line| println!("{line}"))
}

pub(crate) fn options() -> BuildOptions {
    BuildOptions { target_dir: Some(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("guests")) }
}

pub(crate) fn host(limits: Limits) -> Host {
    Host::new(HostConfig { limits, slots: 4, ..HostConfig::default() }).unwrap()
}

pub(crate) fn with_tennis() -> (Host, Sha256) {
    let host = host(Limits::default());
    let tennis = host.install(&TENNIS).unwrap().digest;
    (host, tennis)
}

pub(crate) fn with_hostile(limits: Limits) -> (Host, Sha256) {
    let host = host(limits);
    let hostile = host.install(&HOSTILE).unwrap().digest;
    (host, hostile)
}

pub(crate) fn context(function: &str) -> Context {
    Context {
        now: "2026-11-23T14:30:00+01:00".to_owned(),
        zone: "Europe/Paris".to_owned(),
        closed_days: vec!["2026-12-25".to_owned()],
        language: "fr".to_owned(),
        channel: "portail".to_owned(),
        trial: false,
        seed: "00".to_owned(),
        actor: RulesActor { kind: ActorKind::Agent, id: "a".to_owned(), function: function.to_owned() },
        settings: Arc::default(),
        replies: Vec::new(),
        extra: Answers::default(),
    }
}

pub(crate) fn dossier(answers: Answers) -> DossierView {
    DossierView {
        number: "TC-2026-000001".to_owned(),
        revision: 1,
        state: "open".to_owned(),
        filed_at: Some("2026-11-23T14:30:00+01:00".to_owned()),
        answers,
        memory: json!({}),
    }
}

/// A dossier whose answer `name` says how the hostile guest behaves.
pub(crate) fn behaving(how: &str) -> DossierView {
    dossier([(Target::field("name"), Value::Text(how.to_owned()))].into_iter().collect())
}

pub(crate) fn wish(courts: i32) -> DossierView {
    let answers = [
        (Target::field("name"), Value::Text("Zoé".to_owned())),
        (Target::field("member"), Value::Boolean(true)),
        (Target::field("courts"), Value::Integer(courts)),
    ];
    dossier(answers.into_iter().collect())
}

/// A compiler in a child process.
pub(crate) fn child() -> Compiler {
    Compiler::Child { program: PathBuf::from(env!("CARGO_BIN_EXE_parvis-compile-child")), args: Vec::new() }
}
