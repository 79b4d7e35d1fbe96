//! The wasm target of the Rust that builds the plugin.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use super::BuildError;

pub(super) const TARGET: &str = "wasm32-unknown-unknown";

/// Makes sure that the target is there, adding it through rustup when it is not.
pub(super) fn ensure(folder: &Path, progress: &mut dyn FnMut(&str)) -> Result<(), BuildError> {
    if is_installed(folder)? {
        return Ok(());
    }
    progress(&format!("the target {TARGET} is missing: rustup adds it"));
    let added = Command::new("rustup").args(["target", "add", TARGET]).current_dir(folder).output();
    let why = match added {
        Ok(output) if output.status.success() => return Ok(()),
        Ok(output) => String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        Err(error) => format!("rustup does not start: {error}"),
    };
    Err(BuildError::NoTarget(why))
}

fn is_installed(folder: &Path) -> Result<bool, BuildError> {
    let output = Command::new("rustc").args(["--print", "sysroot"]).current_dir(folder).output();
    let output = output.map_err(BuildError::NoCargo)?;
    let sysroot = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    Ok(sysroot.join("lib/rustlib").join(TARGET).join("lib").is_dir())
}
