//! Texts as QR codes, for phones that read them from a screen.

use qrcode::{Color, EcLevel, QrCode};

/// The quiet zone that the standard asks for around a code, in modules.
const QUIET: usize = 4;

/// A square of modules.
pub struct Qr {
    /// Modules of a side, with the quiet zone.
    pub side: usize,
    /// The dark modules as a path of SVG, one unit each.
    pub path: String,
}

impl Qr {
    /// `None` for a text that is too long for any code.
    pub fn of(text: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
        let mut path = String::new();
        for (y, row) in code.to_colors().chunks(code.width()).enumerate() {
            let mut x = QUIET;
            for run in row.chunk_by(|a, b| a == b) {
                if run.first() == Some(&Color::Dark) {
                    path.push_str(&format!("M{x} {}h{length}v1h-{length}z", y + QUIET, length = run.len()));
                }
                x += run.len();
            }
        }
        Some(Self { side: code.width() + 2 * QUIET, path })
    }
}
