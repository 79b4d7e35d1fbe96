//! The measures, one file each. Each makes what it measures in a folder of its own and gives lines of the table.

pub(crate) mod filing;
pub(crate) mod page;
pub(crate) mod path;
pub(crate) mod process;
mod rows;
pub(crate) mod rules;
pub(crate) mod weight;

use std::path::Path;

use parvis_usecases::collectivites::ComponentSource;

/// What every measure is given.
#[derive(Clone, Copy)]
pub(crate) struct Around<'a> {
    /// The démarche.
    pub(crate) components: &'a ComponentSource,
    /// An empty folder, removed afterwards.
    pub(crate) folder: &'a Path,
    /// How much is measured.
    pub(crate) scale: Scale,
}

/// How much is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scale {
    /// Enough for figures.
    Full,
    /// Enough to see that it runs.
    Quick,
}

impl Scale {
    /// One of two quantities.
    pub(crate) const fn pick(self, full: u32, quick: u32) -> u32 {
        match self {
            Self::Full => full,
            Self::Quick => quick,
        }
    }
}
