//! What the figures were measured on.

use std::{
    fs::{self, File},
    io::Write,
    path::Path,
    time::Instant,
};

use anyhow::Result;

use crate::timing::{Samples, shown};

/// One fact per line.
pub(crate) fn facts(dir: &Path) -> Result<Vec<String>> {
    let cores = std::thread::available_parallelism()?;
    let model = value_of("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown processor".to_owned());
    let memory = value_of("/proc/meminfo", "MemTotal").unwrap_or_default();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let build = if cfg!(debug_assertions) { "debug build: the figures mean nothing" } else { "release build" };
    let synced = sync_time(dir)?;
    Ok(vec![
        format!("Parvis {}, {build}", env!("CARGO_PKG_VERSION")),
        format!("{cores} cores of {model}, memory {memory}, Linux {}", kernel.trim()),
        format!("load when starting: {}", load.trim()),
        format!(
            "files on {} ({}), write and fsync of 4 KiB: {} p95 {}",
            dir.display(),
            filesystem(dir).unwrap_or_default(),
            shown(synced.median()),
            shown(synced.p95())
        ),
        "client and server share the cores; baselines are measured in turns with the product".to_owned(),
    ])
}

fn value_of(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

/// The kind of file system that holds a folder: that of the longest mount point above it.
fn filesystem(dir: &Path) -> Option<String> {
    let dir = dir.canonicalize().ok()?;
    let mounts = fs::read_to_string("/proc/mounts").ok()?;
    let mounts = mounts.lines().filter_map(|line| {
        let mut words = line.split(' ').skip(1);
        Some((words.next()?.to_owned(), words.next()?.to_owned()))
    });
    mounts.filter(|(point, _)| dir.starts_with(point)).max_by_key(|(point, _)| point.len()).map(|(_, kind)| kind)
}

/// What the disk asks for a durable write: the floor of every commit.
fn sync_time(dir: &Path) -> Result<Samples> {
    let folder = tempfile::tempdir_in(dir)?;
    let mut file = File::create(folder.path().join("sync"))?;
    let run = |file: &mut File| -> Result<_> {
        let started = Instant::now();
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
        Ok(started.elapsed())
    };
    (0..60).map(|_| run(&mut file)).collect()
}
