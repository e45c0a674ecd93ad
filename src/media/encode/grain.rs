//! How much fine grain a picture has: what hides an encoder's errors, and what it spends its bytes on.

use crate::media::raster::Picture;

/// Every so many rows are looked at.
const LOOKED_AT_EVERY: usize = 8;

/// By how many levels neighbouring pixels depart from a straight line, on average: the second differences of green
/// along the rows. A clear sky has 1, a meadow scaled down sharply 20.
pub fn grain(picture: &Picture) -> f32 {
    let channels = picture.channels();
    let mut sum: u64 = 0;
    let mut count: u64 = 0;
    for row in picture.pixels.chunks_exact(picture.width as usize * channels).step_by(LOOKED_AT_EVERY) {
        let green = || row.iter().skip(1).step_by(channels).map(|level| i32::from(*level));
        for ((left, middle), right) in green().zip(green().skip(1)).zip(green().skip(2)) {
            sum += u64::from((left - 2 * middle + right).unsigned_abs());
            count += 1;
        }
    }
    sum as f32 / count.max(1) as f32
}
