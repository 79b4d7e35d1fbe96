//! Components on disk: built from their folders, found by the id of their démarche.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use parvis_host::build::{self, BuildOptions};
use parvis_usecases::collectivites::ComponentSource;

use crate::terminal;

/// Folders of `plugins/` that hold no démarche.
const NOT_DEMARCHES: [&str; 3] = ["contract", "sdk", "templates"];

/// `parvis plugin build`.
pub(crate) fn build(folder: &Path, out: Option<PathBuf>) -> Result<()> {
    let built = build::build_plugin(folder, &BuildOptions::default(), &mut |line| terminal::progress(line))?;
    let path = match out {
        Some(path) => path,
        None => folder.join("target").join(component_name(folder)?),
    };
    built.save(&path)?;
    terminal::line(format_args!("{} ({} Ko)", path.display(), built.component.len() / 1024));
    Ok(())
}

/// The démarches of a folder of sources, each built when it is out of date. By id.
pub(crate) fn refresh_all(sources: &Path, components: &Path) -> Result<ComponentSource> {
    let mut found = ComponentSource::new();
    let entries = fs::read_dir(sources).with_context(|| format!("no folder of démarches at {}", sources.display()))?;
    for entry in entries {
        let folder = entry?.path();
        let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        if NOT_DEMARCHES.contains(&name.as_str()) || !folder.join("Cargo.toml").is_file() {
            continue;
        }
        let path = components.join(component_name(&folder)?);
        if !build::is_fresh(&folder, &path) {
            terminal::progress(format_args!("Building the démarche {name}"));
        }
        let component = build::refresh(&folder, &path, &BuildOptions::default(), &mut |line| terminal::progress(line))
            .with_context(|| format!("the démarche {name} cannot be built"))?;
        found.insert(name, component);
    }
    Ok(found)
}

/// Built components of a folder, `<id>.wasm`. By id.
pub(crate) fn read_all(components: &Path) -> Result<ComponentSource> {
    let entries =
        fs::read_dir(components).with_context(|| format!("no folder of components at {}", components.display()))?;
    let mut found = ComponentSource::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "wasm")
            && let Some(id) = path.file_stem().and_then(|stem| stem.to_str())
        {
            let component = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            found.insert(id.to_owned(), component);
        }
    }
    Ok(found)
}

fn component_name(folder: &Path) -> Result<String> {
    let folder = folder.canonicalize().with_context(|| format!("{} does not exist", folder.display()))?;
    let name = folder.file_name().and_then(|name| name.to_str()).context("the folder has no name")?;
    Ok(format!("{name}.wasm"))
}
