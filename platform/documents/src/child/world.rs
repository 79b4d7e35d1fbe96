//! The world a template sees: itself, its data, the embedded fonts. No other file, no package, no clock.

use parvis_domain::time::Instant;

use typst::{
    Feature, Library, LibraryExt, World,
    diag::{FileError, FileResult},
    foundations::{Bytes, Datetime, Duration},
    model::DocumentElem,
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook, Lang, TextElem},
    utils::LazyHash,
};
use typst_kit::fonts::{self, FontStore};

pub(crate) struct TemplateWorld {
    library: LazyHash<Library>,
    fonts: FontStore,
    template: Source,
    data_file: FileId,
    data: Bytes,
    today: Option<Datetime>,
}

impl TemplateWorld {
    /// A French document with this title, unless the template says otherwise.
    pub(crate) fn new(title: String, source: String, data: &serde_json::Value, now: Instant) -> Self {
        // Tables whose rows have headers need the accessibility extras.
        let mut library = Library::builder().with_features([Feature::A11yExtras].into_iter().collect()).build();
        library.styles.set(DocumentElem::title, Some(TextElem::packed(title)));
        library.styles.set(TextElem::lang, Lang::FRENCH);
        let mut fonts = FontStore::new();
        fonts.extend(fonts::embedded());
        Self {
            library: LazyHash::new(library),
            fonts,
            template: Source::new(file("document.typ"), source),
            data_file: file("data.json"),
            data: Bytes::from_string(data.to_string()),
            today: datetime(now),
        }
    }

    /// The template, whose lines diagnoses speak of.
    pub(crate) fn template(&self) -> &Source {
        &self.template
    }
}

impl World for TemplateWorld {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.book()
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.template.id() { Ok(self.template.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.data_file { Ok(self.data.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.font(index)
    }

    /// The UTC date: a template takes the local dates it prints from its data.
    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        self.today
    }
}

/// A file of the world, which exists in memory only.
fn file(name: &str) -> FileId {
    let path = VirtualPath::new(name).expect("a plain name is a path");
    FileId::new(RootedPath::new(VirtualRoot::Project, path))
}

/// The UTC date and time of an instant.
pub(crate) fn datetime(now: Instant) -> Option<Datetime> {
    let utc = now.local(&jiff::tz::TimeZone::UTC);
    let part = |part: i8| u8::try_from(part).ok();
    Datetime::from_ymd_hms(
        i32::from(utc.year()),
        part(utc.month())?,
        part(utc.day())?,
        part(utc.hour())?,
        part(utc.minute())?,
        part(utc.second())?,
    )
}
