//! What a file is, by its content and never by its name; and what its name may keep.

use parvis_contract::Accept;

/// A type of file that is accepted somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileType {
    /// PDF.
    Pdf,
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// HEIC: kept as it is, without preview.
    Heic,
}

/// Octets at the start of a file that are enough to tell its type.
pub const HEAD_LENGTH: usize = 64;

impl FileType {
    /// The type of a file that starts with these octets; `None` for anything else. A signature counts only at the very
    /// first octet: a file that hides a PDF after something else is something else.
    pub fn of(head: &[u8]) -> Option<Self> {
        if head.starts_with(b"%PDF-") {
            return Some(Self::Pdf);
        }
        if head.starts_with(&[0xff, 0xd8, 0xff]) {
            return Some(Self::Jpeg);
        }
        if head.starts_with(b"\x89PNG\r\n\x1a\n") {
            return Some(Self::Png);
        }
        let brand = head.get(8..12)?;
        let is_heic = head.get(4..8) == Some(b"ftyp")
            && [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1"].iter().any(|known| *known == brand);
        is_heic.then_some(Self::Heic)
    }

    /// Media type (RFC 6838).
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Heic => "image/heic",
        }
    }

    /// Extension, without dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Heic => "heic",
        }
    }

    /// Whether a field accepts it.
    pub fn is_accepted(self, accepted: &[Accept]) -> bool {
        accepted.contains(&match self {
            Self::Pdf => Accept::Pdf,
            Self::Jpeg => Accept::Jpeg,
            Self::Png => Accept::Png,
            Self::Heic => Accept::Heic,
        })
    }
}

/// Longest name that is kept, in characters, extension left out.
const LONGEST_STEM: usize = 100;

/// A name safe to keep and to give back: the last part of any path, without control nor reserved characters, and the one
/// extension of what the file really is ("facture.pdf.exe" that is a PDF becomes "facture.pdf.pdf"; an executable never
/// comes here).
pub fn clean_name(given: &str, file_type: FileType) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = match last.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() && extension.chars().count() <= 5 => stem,
        _ => last,
    };
    let kept: String = stem
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|c| !c.is_control() && !matches!(c, '"' | '*' | ':' | '<' | '>' | '?' | '|' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}'..='\u{200f}'))
        .take(LONGEST_STEM)
        .collect();
    let kept = kept.trim().trim_matches('.').trim();
    let stem = if kept.is_empty() { "document" } else { kept };
    format!("{stem}.{}", file_type.extension())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_told_by_content() {
        assert_eq!(FileType::of(b"%PDF-1.7\n"), Some(FileType::Pdf));
        assert_eq!(FileType::of(&[0xff, 0xd8, 0xff, 0xe0, 0, 0]), Some(FileType::Jpeg));
        assert_eq!(FileType::of(b"\x89PNG\r\n\x1a\n...."), Some(FileType::Png));
        assert_eq!(FileType::of(b"\0\0\0\x18ftypheic\0\0\0\0"), Some(FileType::Heic));
    }

    #[test]
    fn an_executable_an_archive_or_a_page_is_no_type_whatever_its_name() {
        for head in [
            b"MZ\x90\0".as_slice(),
            b"\x7fELF",
            b"PK\x03\x04",
            b"<html>",
            b"#!/bin/sh",
            b"GIF89a%PDF-1.4",
            b"",
            b"\0\0\0\x18ftypisom",
        ] {
            assert_eq!(FileType::of(head), None, "{head:?}");
        }
    }

    #[test]
    fn a_field_accepts_what_it_names() {
        assert!(FileType::Pdf.is_accepted(&[Accept::Pdf, Accept::Png]));
        assert!(!FileType::Heic.is_accepted(&[Accept::Pdf, Accept::Png]));
    }

    #[test]
    fn a_name_is_cleaned() {
        let pdf = |name| clean_name(name, FileType::Pdf);
        assert_eq!(pdf("Plan de façade.PDF"), "Plan de façade.pdf");
        assert_eq!(pdf("C:\\Users\\x\\plan.exe"), "plan.pdf");
        assert_eq!(pdf("../../etc/passwd"), "passwd.pdf");
        assert_eq!(pdf("facture.pdf.exe"), "facture.pdf.pdf");
        assert_eq!(pdf("a\0b\r\n\"c.pdf"), "ab  c.pdf");
        assert_eq!(pdf("\u{202e}fdp.exe"), "fdp.pdf");
        assert_eq!(pdf(""), "document.pdf");
        assert_eq!(pdf("..."), "document.pdf");
        assert_eq!(pdf(&"é".repeat(400)).chars().count(), 104);
    }
}
