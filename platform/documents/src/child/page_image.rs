//! The image of a page of a PDF that someone sent.

use hayro::{
    PixmapSettings, RenderCache, RenderSettings, hayro_interpret::InterpreterSettings, hayro_syntax::Pdf, render,
    vello_cpu::color::palette::css::WHITE,
};
use parvis_domain::ports::DocumentError;

/// A page this much higher than wide is shown narrower.
const MAX_HEIGHT: f32 = 8_000.0;

pub(crate) fn page_image(pdf: Vec<u8>, page: u32, width: u16) -> Result<Option<Vec<u8>>, DocumentError> {
    let pdf = Pdf::new(pdf).map_err(|error| DocumentError::Unreadable(format!("{error:?}")))?;
    let pages = pdf.pages();
    if pages.is_empty() {
        return Err(DocumentError::Unreadable("no page".to_owned()));
    }
    let Some(page) = usize::try_from(page).ok().and_then(|page| pages.get(page)) else {
        return Ok(None);
    };
    let (page_width, page_height) = page.render_dimensions();
    let scale = (f32::from(width) / page_width).min(MAX_HEIGHT / page_height);
    if !scale.is_finite() || scale * page_width.min(page_height) < 1.0 {
        return Err(DocumentError::Unreadable(format!("a page of {page_width} by {page_height}")));
    }
    let pixmap = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
    let image = render(page, &RenderCache::new(), &InterpreterSettings::default(), &RenderSettings::default(), &pixmap);
    image.into_png().map(Some).map_err(|error| DocumentError::Unreadable(error.to_string()))
}
