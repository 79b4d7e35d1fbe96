//! Whether a component is older than what it was made from: the crate, the crates of its path dependencies (the SDK, the
//! contract and its WIT), their manifests and the lock file. Digests are compared, since a checkout changes dates.

use std::{
    collections::BTreeSet,
    fmt::Write,
    path::{Path, PathBuf},
};

use parvis_domain::digest::Sha256;

use super::{BuildError, cargo::PROFILE};

/// Whether the component kept at `component` was made from the folder as it stands now.
pub fn is_fresh(folder: &Path, component: &Path) -> bool {
    let manifest = folder.join("Cargo.toml").canonicalize();
    let (Ok(manifest), Ok(stamp)) = (manifest, std::fs::read_to_string(stamp(component))) else { return false };
    let mut lines = stamp.lines();
    if lines.next() != Some(&own(component)) {
        return false;
    }
    let sources: Option<Vec<(&str, &Path)>> =
        lines.map(|line| line.split_once(' ').map(|(digest, path)| (digest, Path::new(path)))).collect();
    sources.is_some_and(|sources| {
        sources.iter().any(|(_, path)| *path == manifest)
            && sources.iter().all(|(digest, path)| digest_of(path).is_some_and(|now| now.to_string() == **digest))
    })
}

/// What a component is and how it was compiled.
fn own(component: &Path) -> String {
    let component = digest_of(component).map(|digest| digest.to_string()).unwrap_or_default();
    format!("{component} {}", Sha256::of(PROFILE.concat().as_bytes()))
}

/// Writes the stamp of a component: its own digest and that of its profile, then that of each source.
pub(super) fn remember(component: &Path, sources: &[PathBuf]) -> Result<(), BuildError> {
    let mut text = String::new();
    let _ = writeln!(text, "{}", own(component));
    for source in sources {
        let bytes = std::fs::read(source).map_err(BuildError::file(source))?;
        let _ = writeln!(text, "{} {}", Sha256::of(&bytes), source.display());
    }
    let path = stamp(component);
    std::fs::write(&path, text).map_err(BuildError::file(&path))
}

/// Removes the stamp: a component half replaced is not fresh.
pub(super) fn forget(component: &Path) -> Result<(), BuildError> {
    let path = stamp(component);
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(BuildError::file(&path)(error)),
        _ => Ok(()),
    }
}

/// Files that a module was made from, by the dependency file that cargo writes beside it.
pub(super) fn sources(folder: &Path, module: &Path) -> Result<Vec<PathBuf>, BuildError> {
    let path = module.with_extension("d");
    let text = std::fs::read_to_string(&path).map_err(BuildError::file(&path))?;
    let mut sources: BTreeSet<PathBuf> = prerequisites(&text).map(|file| folder.join(file)).collect();
    let manifests: Vec<PathBuf> = sources.iter().filter_map(|file| above(file, "Cargo.toml")).collect();
    sources.extend(manifests);
    sources.insert(folder.join("Cargo.toml"));
    sources.extend(above(folder, "Cargo.lock"));
    sources.extend(above(folder, "rust-toolchain.toml"));
    Ok(sources.into_iter().collect())
}

/// Names after the colon of a dependency file; a space in a name is escaped.
fn prerequisites(text: &str) -> impl Iterator<Item = PathBuf> {
    const SPACE: &str = "\u{0}";
    let names = text.lines().find_map(|line| line.split_once(": ")).map(|(_, names)| names).unwrap_or_default();
    let names = names.replace("\\ ", SPACE);
    let list: Vec<PathBuf> = names.split_whitespace().map(|name| PathBuf::from(name.replace(SPACE, " "))).collect();
    list.into_iter()
}

/// The nearest file of that name in the folders above.
fn above(path: &Path, name: &str) -> Option<PathBuf> {
    path.ancestors().map(|folder| folder.join(name)).find(|file| file.is_file())
}

fn digest_of(path: &Path) -> Option<Sha256> {
    std::fs::read(path).ok().map(|bytes| Sha256::of(&bytes))
}

fn stamp(component: &Path) -> PathBuf {
    component.with_extension("sources")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dependency_file_is_read_with_its_escaped_spaces() {
        let files: Vec<PathBuf> = prerequisites("/t/a.wasm: /s/a.rs /s/my\\ plugin/b.rs\n").collect();
        assert_eq!(files, [PathBuf::from("/s/a.rs"), PathBuf::from("/s/my plugin/b.rs")]);
    }

    #[test]
    fn a_component_is_fresh_until_it_or_one_of_its_sources_changes() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().canonicalize().unwrap();
        let (component, source) = (folder.join("a.wasm"), folder.join("Cargo.toml"));
        std::fs::write(&component, b"component").unwrap();
        std::fs::write(&source, b"[package]").unwrap();
        assert!(!is_fresh(&folder, &component));
        remember(&component, std::slice::from_ref(&source)).unwrap();
        assert!(is_fresh(&folder, &component));
        std::fs::write(&source, b"[package] # changed").unwrap();
        assert!(!is_fresh(&folder, &component));
        remember(&component, &[source]).unwrap();
        std::fs::write(&component, b"another").unwrap();
        assert!(!is_fresh(&folder, &component));
    }
}
