//! Turns and mirrors a picture so that it stands upright, as EXIF's eight orientations ask.

use super::raster::Picture;

/// The size of a picture once it is upright.
pub const fn upright_size(width: u32, height: u32, orientation: u8) -> (u32, u32) {
    if matches!(orientation, 5..=8) { (height, width) } else { (width, height) }
}

/// Applies an EXIF orientation, 1 to 8; anything else leaves the picture as it is.
pub fn upright(picture: Picture, orientation: u8) -> Picture {
    let turned = match (picture.has_alpha, orientation) {
        (_, 2..=8) if picture.has_alpha => turn::<4>(&picture, orientation),
        (_, 2..=8) => turn::<3>(&picture, orientation),
        _ => return picture,
    };
    let (width, height) = upright_size(picture.width, picture.height, orientation);
    Picture { width, height, has_alpha: picture.has_alpha, pixels: turned }
}

fn turn<const CHANNELS: usize>(picture: &Picture, orientation: u8) -> Vec<u8> {
    let source = picture.pixels.as_chunks::<CHANNELS>().0;
    let (stored_width, stored_height) = (picture.width as usize, picture.height as usize);
    let (width, height) = upright_size(picture.width, picture.height, orientation);
    let mut turned = Vec::with_capacity(picture.pixels.len());
    for y in 0..height as usize {
        for x in 0..width as usize {
            let (right, bottom) = (stored_width - 1, stored_height - 1);
            // Where the upright pixel (x, y) is stored.
            let (column, row) = match orientation {
                2 => (right - x, y),
                3 => (right - x, bottom - y),
                4 => (x, bottom - y),
                5 => (y, x),
                6 => (y, bottom - x),
                7 => (right - y, bottom - x),
                8 => (right - y, x),
                _ => (x, y),
            };
            turned.extend_from_slice(source.get(row * stored_width + column).unwrap_or(&[0; CHANNELS]));
        }
    }
    turned
}

#[cfg(test)]
mod tests {
    use super::upright;
    use crate::media::raster::Picture;

    #[test]
    fn each_orientation_brings_the_upper_left_corner_back() {
        // Stored pixels as a 3 by 2 grid of letters, and how they read upright by the EXIF standard.
        let stored = b"ABCDEF";
        let expected: [(u8, (u32, u32), &[u8]); 8] = [
            (1, (3, 2), b"ABCDEF"),
            (2, (3, 2), b"CBAFED"),
            (3, (3, 2), b"FEDCBA"),
            (4, (3, 2), b"DEFABC"),
            (5, (2, 3), b"ADBECF"),
            (6, (2, 3), b"DAEBFC"),
            (7, (2, 3), b"FCEBDA"),
            (8, (2, 3), b"CFBEAD"),
        ];
        for (orientation, size, reads) in expected {
            let pixels = stored.iter().flat_map(|letter| [*letter; 3]).collect();
            let picture = upright(Picture { width: 3, height: 2, has_alpha: false, pixels }, orientation);
            let letters: Vec<u8> = picture.pixels.chunks(3).map(|pixel| pixel[0]).collect();
            assert_eq!((picture.width, picture.height), size, "orientation {orientation}");
            assert_eq!(letters, reads, "orientation {orientation}");
        }
    }
}
