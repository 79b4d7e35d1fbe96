//! What a file is, by its content, and the name it may keep.

use parvis_contract::Accept;

/// Octets of the head that recognition needs.
pub const HEAD_LENGTH: usize = 8 * 1024;

/// Longest kept name, in octets of UTF-8 (limit of most file systems).
const NAME_LENGTH: usize = 255;

/// A type of file that a form may accept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileType {
    /// PDF.
    Pdf,
    /// JPEG image.
    Jpeg,
    /// PNG image.
    Png,
    /// HEIC image.
    Heic,
}

/// Why a file is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FileRefused {
    /// It holds nothing.
    #[error("the file is empty")]
    Empty,
    /// Its content is of no known type.
    #[error("the content is none of the accepted types")]
    UnknownContent,
    /// It is a program, whatever its name.
    #[error("the file is a program")]
    Program,
    /// It looks like several types at once.
    #[error("the content is of several types at once")]
    Ambiguous,
    /// Its type is not among those that the field accepts.
    #[error("the field does not accept this type")]
    NotAccepted(FileType),
}

impl FileType {
    /// Media type (IANA).
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Heic => "image/heic",
        }
    }

    /// The type of that media type.
    pub fn of_media_type(media_type: &str) -> Option<Self> {
        [Self::Pdf, Self::Jpeg, Self::Png, Self::Heic].into_iter().find(|known| known.media_type() == media_type)
    }

    /// Extension that its name gets.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Heic => "heic",
        }
    }

    /// Name for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Pdf => "PDF",
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::Heic => "HEIC",
        }
    }

    /// Extensions that mean it.
    const fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Jpeg => &["jpg", "jpeg", "jpe", "jfif"],
            Self::Png => &["png"],
            Self::Heic => &["heic", "heif"],
        }
    }
}

impl From<Accept> for FileType {
    fn from(accept: Accept) -> Self {
        match accept {
            Accept::Pdf => Self::Pdf,
            Accept::Jpeg => Self::Jpeg,
            Accept::Png => Self::Png,
            Accept::Heic => Self::Heic,
        }
    }
}

/// The type of a file by the head of its content (up to [`HEAD_LENGTH`] octets), among those that a field accepts. The
/// name never counts.
pub fn recognise(head: &[u8], accept: &[Accept]) -> Result<FileType, FileRefused> {
    let head = head.get(..HEAD_LENGTH).unwrap_or(head);
    if head.is_empty() {
        return Err(FileRefused::Empty);
    }
    if is_program(head) {
        return Err(FileRefused::Program);
    }
    let found = by_signature(head).ok_or(FileRefused::UnknownContent)?;
    // A second signature further on lets one file be read as two: an image that is also a PDF, a PDF that is also a page.
    let hides_another = match found {
        FileType::Pdf => holds(head, b"<script") || holds(head, b"<html") || holds(head, b"PK\x03\x04\x14\0\x06\0"),
        _ => holds(head, b"%PDF-") || holds(head, b"<script") || holds(head, b"<?php"),
    };
    if hides_another {
        return Err(FileRefused::Ambiguous);
    }
    if accept.iter().any(|accepted| FileType::from(*accepted) == found) {
        Ok(found)
    } else {
        Err(FileRefused::NotAccepted(found))
    }
}

fn by_signature(head: &[u8]) -> Option<FileType> {
    if head.starts_with(b"%PDF-") {
        Some(FileType::Pdf)
    } else if head.starts_with(&[0xff, 0xd8, 0xff]) {
        Some(FileType::Jpeg)
    } else if head.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some(FileType::Png)
    } else if is_heic(head) {
        Some(FileType::Heic)
    } else {
        None
    }
}

/// An ISO base media file (ISO/IEC 14496-12) whose first box names a HEIF brand.
fn is_heic(head: &[u8]) -> bool {
    let brands: [&[u8]; 6] = [b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1"];
    head.get(4..8) == Some(b"ftyp".as_slice())
        && head.get(8..12).is_some_and(|brand| brands.contains(&brand))
        && head.get(8..64.min(head.len())).is_some_and(|list| list.chunks(4).any(|brand| brand.starts_with(b"he")))
}

/// Programs of Windows, Linux and macOS, Java classes, scripts, WebAssembly.
fn is_program(head: &[u8]) -> bool {
    let signatures: [&[u8]; 9] = [
        b"MZ",
        b"\x7fELF",
        b"\xca\xfe\xba\xbe",
        b"\xfe\xed\xfa\xce",
        b"\xfe\xed\xfa\xcf",
        b"\xcf\xfa\xed\xfe",
        b"\xce\xfa\xed\xfe",
        b"#!",
        b"\0asm",
    ];
    signatures.into_iter().any(|signature| head.starts_with(signature))
}

fn holds(head: &[u8], wanted: &[u8]) -> bool {
    head.windows(wanted.len()).any(|window| window.eq_ignore_ascii_case(wanted))
}

/// The name that a file keeps: the last piece of its path, without control or forbidden characters, on one line, with the
/// one extension of its content. "C:\photos\..\vue.jpg.exe" of a JPEG gives "vue.jpg".
pub fn clean_name(given: &str, found: FileType) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let fits = |c: &char| {
        !c.is_control()
            && !crate::identifiers::is_invisible(*c)
            && !matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*')
    };
    let words: String = last.chars().filter(fits).collect();
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut stem = words.trim_matches('.').trim();
    while let Some((before, extension)) = stem.rsplit_once('.') {
        if !is_extension(extension, found) {
            break;
        }
        stem = before.trim_end_matches('.').trim_end();
    }
    let stem = if stem.is_empty() { "document" } else { stem };
    let room = NAME_LENGTH - found.extension().len() - 1;
    let mut kept = String::new();
    for c in stem.chars() {
        if kept.len() + c.len_utf8() > room {
            break;
        }
        kept.push(c);
    }
    format!("{}.{}", kept.trim_end(), found.extension())
}

/// Whether the end of a name is an extension to drop: the type's own, or that of something that runs.
fn is_extension(extension: &str, found: FileType) -> bool {
    const RUNS: &[&str] = &[
        "exe", "com", "bat", "cmd", "scr", "msi", "js", "vbs", "ps1", "sh", "jar", "php", "html", "htm", "svg", "lnk",
        "apk", "dmg", "app", "pdf", "jpg", "jpeg", "png", "heic", "heif",
    ];
    let extension = extension.to_lowercase();
    found.extensions().contains(&extension.as_str()) || RUNS.contains(&extension.as_str())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: [Accept; 4] = [Accept::Pdf, Accept::Jpeg, Accept::Png, Accept::Heic];

    #[test]
    fn types_are_recognised_by_content() {
        assert_eq!(recognise(b"%PDF-1.7\n%\xe2\xe3", &ALL), Ok(FileType::Pdf));
        assert_eq!(recognise(b"\xff\xd8\xff\xe0\0\x10JFIF", &ALL), Ok(FileType::Jpeg));
        assert_eq!(recognise(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", &ALL), Ok(FileType::Png));
        assert_eq!(recognise(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", &ALL), Ok(FileType::Heic));
    }

    #[test]
    fn a_program_renamed_pdf_is_refused() {
        assert_eq!(recognise(b"MZ\x90\0\x03\0\0\0", &ALL), Err(FileRefused::Program));
        assert_eq!(recognise(b"\x7fELF\x02\x01\x01", &ALL), Err(FileRefused::Program));
        assert_eq!(recognise(b"#!/bin/sh\n%PDF-1.7", &ALL), Err(FileRefused::Program));
    }

    #[test]
    fn a_file_of_two_natures_is_refused() {
        assert_eq!(recognise(b"\xff\xd8\xff\xe0 %PDF-1.4", &ALL), Err(FileRefused::Ambiguous));
        assert_eq!(recognise(b"%PDF-1.4 <HTML><body>", &ALL), Err(FileRefused::Ambiguous));
    }

    #[test]
    fn a_type_that_the_field_does_not_accept_is_named() {
        assert_eq!(recognise(b"%PDF-1.7", &[Accept::Png]), Err(FileRefused::NotAccepted(FileType::Pdf)));
        assert_eq!(recognise(b"", &ALL), Err(FileRefused::Empty));
        assert_eq!(recognise(b"bonjour", &ALL), Err(FileRefused::UnknownContent));
        assert_eq!(recognise(b"\0\0\0\x18ftypisom\0\0\0\0", &ALL), Err(FileRefused::UnknownContent));
    }

    #[test]
    fn a_name_keeps_neither_path_nor_double_extension() {
        assert_eq!(clean_name("C:\\photos\\..\\vue.jpg.exe", FileType::Jpeg), "vue.jpg");
        assert_eq!(clean_name("../../etc/passwd", FileType::Pdf), "passwd.pdf");
        assert_eq!(clean_name("Plan de masse v1.2.PDF", FileType::Pdf), "Plan de masse v1.2.pdf");
        assert_eq!(clean_name("plan\u{202e}fdp.exe", FileType::Pdf), "planfdp.pdf");
        assert_eq!(clean_name("  \0 ", FileType::Png), "document.png");
        assert_eq!(clean_name("scan.jpeg", FileType::Jpeg), "scan.jpg");
    }

    proptest! {
        #[test]
        fn a_cleaned_name_is_one_safe_piece(given in "\\PC{0,300}") {
            let name = clean_name(&given, FileType::Pdf);
            prop_assert!(name.len() <= 255 && name.strip_suffix(".pdf").is_some_and(|stem| !stem.is_empty()));
            prop_assert!(!name.contains(['/', '\\', '\0', '\r', '\n', '"']) && !name.starts_with('.'));
            prop_assert_eq!(clean_name(&name, FileType::Pdf), name.clone());
        }
    }
}
