//! The folder of objects: `<tenant>/<first two digits>/<name>`, and `.incoming` for what is being written. Blocking:
//! called from blocking threads only.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use parvis_domain::{ids::TenantId, time::Instant};

use super::name::ObjectName;
use crate::Listed;

pub(crate) struct Folder {
    root: PathBuf,
    incoming: PathBuf,
}

impl Folder {
    /// Opens the folder, created when missing.
    pub(crate) fn open(root: PathBuf) -> io::Result<Self> {
        let incoming = root.join(".incoming");
        fs::create_dir_all(&incoming)?;
        Ok(Self { root, incoming })
    }

    /// Where an object is written until it is complete: on the same file system, so that it can be moved at once.
    pub(crate) fn incoming_path(&self, name: ObjectName) -> PathBuf {
        self.incoming.join(name.file_name())
    }

    /// Where an object stands.
    pub(crate) fn path(&self, name: ObjectName) -> PathBuf {
        self.shard(name).join(name.file_name())
    }

    /// Moves a complete and synced file to its place, so that it survives a crash.
    pub(crate) fn publish(&self, name: ObjectName) -> io::Result<()> {
        let shard = self.shard(name);
        if !shard.is_dir() {
            let tenant = self.tenant(name.tenant);
            fs::create_dir_all(&shard)?;
            sync_folder(&tenant)?;
            sync_folder(&self.root)?;
        }
        fs::rename(self.incoming_path(name), self.path(name))?;
        sync_folder(&shard)
    }

    /// Removes an object if it is there.
    pub(crate) fn remove(&self, name: ObjectName) -> io::Result<()> {
        match fs::remove_file(self.path(name)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
            Ok(()) => sync_folder(&self.shard(name)),
        }
    }

    /// Whether the tenant ever stored an object here.
    pub(crate) fn has_objects_of(&self, tenant: TenantId) -> io::Result<bool> {
        self.tenant(tenant).try_exists()
    }

    /// The objects of a tenant, ordered by key.
    pub(crate) fn list(&self, tenant: TenantId) -> io::Result<Vec<Listed>> {
        let mut listed = Vec::new();
        if !self.has_objects_of(tenant)? {
            return Ok(listed);
        }
        for shard in fs::read_dir(self.tenant(tenant))? {
            for file in fs::read_dir(shard?.path())? {
                let file = file?;
                let Some(name) = file.file_name().to_str().and_then(|name| ObjectName::of_file(tenant, name)) else {
                    continue;
                };
                let stored_at = file.metadata()?.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
                let object_key = name.to_string();
                listed.push(Listed { object_key, stored_at: Instant::from_micros(0).plus(stored_at) });
            }
        }
        listed.sort();
        Ok(listed)
    }

    /// Removes what was being written when a process died; how many files.
    pub(crate) fn remove_unfinished(&self) -> io::Result<usize> {
        let mut removed = 0;
        for file in fs::read_dir(&self.incoming)? {
            fs::remove_file(file?.path())?;
            removed += 1;
        }
        Ok(removed)
    }

    fn tenant(&self, tenant: TenantId) -> PathBuf {
        self.root.join(tenant.to_string())
    }

    fn shard(&self, name: ObjectName) -> PathBuf {
        self.tenant(name.tenant).join(name.shard())
    }
}

/// Makes the entries of a folder durable.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
