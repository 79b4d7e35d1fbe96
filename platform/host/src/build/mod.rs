//! From the folder of a guest crate to a component: `cargo build` for wasm32-unknown-unknown, then the componentisation
//! in this process. Nothing else is installed than Rust; its wasm target is added when it is missing.
//!
//! A nested cargo waits for a build that holds the same target folder; `cargo run` has let go of it by the time the
//! program runs, so that `cargo run -- demo` may build plugins.

mod cargo;
mod freshness;
mod target;

use std::{
    io,
    path::{Path, PathBuf},
};

use wit_component::{ComponentEncoder, DecodedWasm};
use wit_parser::{Resolve, WorldId, WorldItem};

pub use freshness::is_fresh;

/// The interface that every démarche exports, whatever the version of its contract.
const RULES: &str = "parvis:demarche/rules@";

/// How a plugin is built.
#[derive(Debug, Clone, Default)]
pub struct BuildOptions {
    /// Folder of the intermediate files; without one, cargo's own choice (its configuration, `CARGO_TARGET_DIR`, or the
    /// workspace's `target`).
    pub target_dir: Option<PathBuf>,
}

/// A component and the files that it was made from.
#[derive(Debug)]
pub struct Built {
    /// The component.
    pub component: Vec<u8>,
    sources: Vec<PathBuf>,
}

/// Why a plugin was not built; each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The folder holds no crate.
    #[error("{} holds no Cargo.toml\nhint: give the folder of a plugin's crate", .0.display())]
    NotACrate(PathBuf),
    /// Cargo could not be run.
    #[error("cargo does not start: {0}\nhint: install Rust from https://rustup.rs, then try again")]
    NoCargo(io::Error),
    /// The wasm target of Rust is missing and could not be added.
    #[error(
        "the target wasm32-unknown-unknown of Rust is not installed ({0})\nhint: run `rustup target add \
         wasm32-unknown-unknown`; without rustup, install your distribution's package of it (Debian: \
         libstd-rust-dev-wasm32)"
    )]
    NoTarget(String),
    /// The crate does not compile; the lines of the compiler went to the progress.
    #[error("{} does not compile\nhint: the lines above say where", .0.display())]
    DoesNotCompile(PathBuf),
    /// The crate gives no wasm module.
    #[error("{} makes no wasm module\nhint: add `crate-type = [\"cdylib\", \"rlib\"]` under `[lib]`", .0.display())]
    NoModule(PathBuf),
    /// The module is not a component.
    #[error("the module cannot become a component: {0}")]
    NotAComponent(String),
    /// The component exports no démarche.
    #[error("the crate exports no démarche\nhint: write `parvis_sdk::export!(YourType);` at its root")]
    NotADemarche,
    /// The component imports something.
    #[error("a démarche imports nothing, this one imports {}\nhint: remove what needs a clock, a file or a network", .0.join(", "))]
    Imports(Vec<String>),
    /// A file could not be read or written.
    #[error("{}: {error}", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What happened.
        error: io::Error,
    },
}

impl BuildError {
    fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self::File { path, error }
    }
}

/// Builds the plugin of a folder. Each line of cargo's goes to `progress` as it comes.
pub fn build_plugin(
    folder: &Path,
    options: &BuildOptions,
    progress: &mut dyn FnMut(&str),
) -> Result<Built, BuildError> {
    let manifest = folder.join("Cargo.toml");
    let manifest = manifest.canonicalize().map_err(|_| BuildError::NotACrate(folder.to_owned()))?;
    let folder = manifest.parent().unwrap_or(folder);
    target::ensure(folder, progress)?;
    let module_path = cargo::build(folder, &manifest, options, progress)?;
    let module = std::fs::read(&module_path).map_err(BuildError::file(&module_path))?;
    let component = componentise(&module)?;
    let sources = freshness::sources(folder, &module_path)?;
    Ok(Built { component, sources })
}

/// The component of a folder kept at `path`: read when it is fresh, else built and kept there.
pub fn refresh(
    folder: &Path,
    path: &Path,
    options: &BuildOptions,
    progress: &mut dyn FnMut(&str),
) -> Result<Vec<u8>, BuildError> {
    if is_fresh(folder, path) {
        return std::fs::read(path).map_err(BuildError::file(path));
    }
    let built = build_plugin(folder, options, progress)?;
    built.save(path)?;
    Ok(built.component)
}

impl Built {
    /// Writes the component, and beside it the digests of its sources, by which [`is_fresh`] tells its age.
    pub fn save(&self, path: &Path) -> Result<(), BuildError> {
        if let Some(dir) = path.parent() {
            std::fs::create_dir_all(dir).map_err(BuildError::file(dir))?;
        }
        freshness::forget(path)?;
        let temporary = path.with_extension("wasm.part");
        std::fs::write(&temporary, &self.component).map_err(BuildError::file(&temporary))?;
        std::fs::rename(&temporary, path).map_err(BuildError::file(path))?;
        freshness::remember(path, &self.sources)
    }
}

/// Turns a core module that carries the description of its world into a component that imports nothing.
fn componentise(module: &[u8]) -> Result<Vec<u8>, BuildError> {
    let component = ComponentEncoder::default()
        .validate(true)
        .module(module)
        .and_then(ComponentEncoder::encode)
        .map_err(|error| BuildError::NotAComponent(format!("{error:#}")))?;
    let decoded = wit_component::decode(&component).map_err(|error| BuildError::NotAComponent(format!("{error:#}")))?;
    let DecodedWasm::Component(resolve, world) = decoded else {
        return Err(BuildError::NotAComponent("it is a WIT package".to_owned()));
    };
    let imports = imports(&resolve, world);
    if !imports.is_empty() {
        return Err(BuildError::Imports(imports));
    }
    let exports = &resolve.worlds[world].exports;
    if !exports.keys().any(|key| resolve.name_world_key(key).starts_with(RULES)) {
        return Err(BuildError::NotADemarche);
    }
    Ok(component)
}

/// Functions and resources that a world imports; types are not code.
fn imports(resolve: &Resolve, world: WorldId) -> Vec<String> {
    resolve.worlds[world]
        .imports
        .iter()
        .flat_map(|(key, item)| {
            let name = resolve.name_world_key(key);
            match item {
                WorldItem::Function(_) => vec![name],
                WorldItem::Interface { id, .. } => {
                    resolve.interfaces[*id].functions.keys().map(|function| format!("{name}#{function}")).collect()
                }
                WorldItem::Type { .. } => Vec::new(),
            }
        })
        .collect()
}
