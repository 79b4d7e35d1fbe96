//! Runs cargo and finds the module that it made.

use std::{
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
};

use serde_json::Value;

use super::{BuildError, BuildOptions, target::TARGET};

/// The profile of guests, given on the command line so that a crate outside this workspace has it as well: quick (a guest
/// compiled for size runs a fifth slower and is no smaller), without unwinding; the name section stays so that a trap
/// names a function.
pub(super) const PROFILE: [&str; 7] = [
    "profile.guest.inherits='release'",
    "profile.guest.opt-level=3",
    "profile.guest.lto=true",
    "profile.guest.codegen-units=1",
    "profile.guest.panic='abort'",
    "profile.guest.strip='debuginfo'",
    "profile.guest.debug=false",
];

/// Compiles the crate and gives the path of its module.
pub(super) fn build(
    folder: &Path,
    manifest: &Path,
    options: &BuildOptions,
    progress: &mut dyn FnMut(&str),
) -> Result<PathBuf, BuildError> {
    let mut command = Command::new("cargo");
    command.args(["build", "--lib", "--target", TARGET, "--profile", "guest"]);
    command.args(["--message-format", "json-render-diagnostics", "--manifest-path"]).arg(manifest);
    for setting in PROFILE {
        command.args(["--config", setting]);
    }
    if let Some(dir) = &options.target_dir {
        command.arg("--target-dir").arg(dir);
    }
    let mut child = command
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(BuildError::NoCargo)?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let messages = thread::scope(|scope| {
        let messages = scope.spawn(|| read_all(stdout));
        if let Some(stderr) = stderr {
            BufReader::new(stderr).lines().map_while(Result::ok).for_each(|line| progress(&line));
        }
        messages.join().unwrap_or_default()
    });
    let status = child.wait().map_err(BuildError::NoCargo)?;
    if !status.success() {
        return Err(BuildError::DoesNotCompile(folder.to_owned()));
    }
    module_of(&messages, manifest).ok_or_else(|| BuildError::NoModule(folder.to_owned()))
}

fn read_all(stdout: Option<impl Read>) -> String {
    let mut text = String::new();
    // An output cut short names no module, which is an error of its own.
    let _ = stdout.map(|mut stdout| stdout.read_to_string(&mut text));
    text
}

/// The module among cargo's messages, one JSON object a line.
fn module_of(messages: &str, manifest: &Path) -> Option<PathBuf> {
    messages
        .lines()
        .rev()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| message["reason"] == "compiler-artifact")
        .filter(|message| message["manifest_path"].as_str().is_some_and(|path| Path::new(path) == manifest))
        .find_map(|message| {
            let files = message["filenames"].as_array()?.iter().filter_map(Value::as_str).map(PathBuf::from);
            files.into_iter().find(|file| file.extension().is_some_and(|extension| extension == "wasm"))
        })
}
