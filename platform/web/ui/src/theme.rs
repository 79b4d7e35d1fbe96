//! A town's colours as a sheet: only tokens, so that nothing in a theme can break a page.
//!
//! The profile guarantees that its colours are read on white; the dark tokens are derived here until they are read on
//! the dark surface as well.

use parvis_usecases::profile::{Colour, Theme};

use crate::assets;

/// The dark surface of the sheet, on which links and tints stand.
const NIGHT: [u8; 3] = [0x1c, 0x22, 0x26];
/// What a link must reach on the dark surface; the norm asks 4.5.
const CONTRAST: f64 = 6.0;

/// Name of the file: the colours say its content.
pub(crate) fn file_name(theme: &Theme) -> String {
    let colours = [theme.primary, theme.primary_strong, theme.tint].map(|colour| colour.to_string().replace('#', ""));
    format!("theme-{}-{}.css", colours.join("-"), assets::version())
}

/// Address of the file.
pub fn address(theme: &Theme) -> String {
    format!("/assets/{}", file_name(theme))
}

/// The sheet.
pub(crate) fn sheet(theme: &Theme) -> String {
    let Theme { primary, primary_strong, tint, .. } = theme;
    let rgb = octets(*primary);
    let light = readable_at_night(rgb);
    let soft = mix(NIGHT, rgb, 0.25);
    format!(
        ":root{{--brand:{primary};--brand-strong:{primary_strong};--brand-soft:{tint};--link:{primary}}}\n\
         @media (prefers-color-scheme:dark){{:root{{--brand-strong:{light};--brand-soft:{};--link:{light}}}}}\n\
         @media print{{:root{{--brand-soft:#fff}}}}\n",
        hex(soft)
    )
}

/// The colour, lightened until it is read on the dark surface and on its own tint.
fn readable_at_night(rgb: [u8; 3]) -> String {
    let soft = colour(mix(NIGHT, rgb, 0.25));
    let night = colour(NIGHT);
    (0..=20)
        .map(|step| mix(rgb, [255; 3], f64::from(step) / 20.0))
        .find(|candidate| {
            let candidate = colour(*candidate);
            candidate.contrast(night) >= CONTRAST && candidate.contrast(soft) >= 4.5
        })
        .map_or_else(|| "#ffffff".to_owned(), hex)
}

fn octets(colour: Colour) -> [u8; 3] {
    let text = colour.to_string();
    let number = u32::from_str_radix(text.trim_start_matches('#'), 16).unwrap_or(0);
    let [_, red, green, blue] = number.to_be_bytes();
    [red, green, blue]
}

fn hex([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

fn colour(rgb: [u8; 3]) -> Colour {
    hex(rgb).parse().expect("six hexadecimal digits are a colour")
}

/// `share` of `over` on `under`.
fn mix(under: [u8; 3], over: [u8; 3], share: f64) -> [u8; 3] {
    let channel = |index: usize| {
        let value = f64::from(under[index]) * (1.0 - share) + f64::from(over[index]) * share;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a mean of two octets is an octet")]
        let octet = value.round() as u8;
        octet
    };
    [channel(0), channel(1), channel(2)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_colour_is_read_at_night() {
        for primary in ["#000000", "#1f4e5f", "#7a1f3d", "#005f2f", "#4a2c82"] {
            let rgb = octets(primary.parse().unwrap());
            let light: Colour = readable_at_night(rgb).parse().unwrap();
            assert!(light.contrast(colour(NIGHT)) >= CONTRAST, "{primary} gives {light}");
        }
    }
}
