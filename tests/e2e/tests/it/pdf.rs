//! The words of a PDF, as a reader would copy them: what a document says is checked on the document itself.

use std::sync::Arc;

use anyhow::{Result, anyhow};
use hayro::{
    hayro_interpret::{
        BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
        InterpreterSettings, SoftMask, font::GlyphRun, hayro_cmap::BfString, interpret_page,
    },
    hayro_syntax::Pdf,
    kurbo::{Affine, BezPath, Rect},
};

/// Gathers the characters of glyphs, in the order they are drawn; each run is followed by a space.
#[derive(Default)]
struct Words(String);

impl<'a> Device<'a> for Words {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, _: DrawProps<'a>, _: &DrawMode) {
        for glyph in run.glyphs() {
            match glyph.as_unicode() {
                Some(BfString::Char(character)) => self.0.push(character),
                Some(BfString::String(text)) => self.0.push_str(&text),
                None => {}
            }
        }
        self.0.push(' ');
    }
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

/// The text of a PDF, spaces folded.
pub(crate) fn text_of(octets: &[u8]) -> Result<String> {
    let pdf = Pdf::new(Arc::new(octets.to_vec())).map_err(|error| anyhow!("not a PDF: {error:?}"))?;
    let mut words = Words::default();
    for page in pdf.pages().iter() {
        let (width, height) = page.render_dimensions();
        let bounds = Rect::new(0.0, 0.0, width.into(), height.into());
        let cache = InterpreterCache::new();
        let settings = InterpreterSettings::default();
        let mut context = Context::new(Affine::IDENTITY, bounds, &cache, page.xref(), settings);
        interpret_page(page, &mut context, &mut words);
    }
    Ok(words.0.split_whitespace().collect::<Vec<_>>().join(" "))
}
