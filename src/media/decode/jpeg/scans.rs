//! What the passes over a JPEG cost, told by their headers and lengths before any of them is made: a progressive file
//! may go over its pixels as often as it likes.

use crate::media::MediaError;
use crate::media::container::jpeg::{Frame, Scan, Structure};

/// Encoders write thirteen at most.
const MAX_SCANS: usize = 100;
/// What all passes may cost together on the machine that is planned for, in nanoseconds. The picture itself is not in it.
const MAX_COST_NS: f64 = 3.3e9;
/// What going to a block costs, in coefficients.
const PER_BLOCK: u64 = 3;

pub fn check(structure: &Structure, frame: Frame) -> Result<(), MediaError> {
    let allowed = if frame.is_progressive() { MAX_SCANS } else { usize::from(frame.components) };
    let cost: f64 = structure.scans.iter().map(|scan| cost_ns(frame, scan)).sum();
    if structure.scans.len() > allowed || cost > MAX_COST_NS {
        let detail = format!("{} scans that cost {:.1} s", structure.scans.len(), cost / 1e9);
        return Err(MediaError::TooComplex { detail });
    }
    Ok(())
}

/// An upper bound, found by measuring what noise, photographs and files that were made to be slow take. A coefficient
/// costs little where no bits tell of it, most where it takes two.
fn cost_ns(frame: Frame, scan: &Scan) -> f64 {
    let range = u64::from(scan.last.saturating_sub(scan.first)) + 1;
    let coefficients = (frame.blocks(scan) * (range + PER_BLOCK)) as f64;
    let bytes = scan.size_bytes as f64;
    if frame.is_progressive() {
        (3.0 * coefficients + 20.0 * bytes).min(7.0 * coefficients + 4.4 * bytes)
    } else {
        4.5 * coefficients + 6.0 * bytes
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::media::container::jpeg::{Frame, Part, Scan, Structure};

    /// Coefficients from and to, of which component, and how often.
    type Script = [(u8, u8, usize, usize)];

    /// All components together for the first coefficient, then what the script says.
    fn is_taken(megapixels: u32, factors: &[u8], script: &Script, size_bytes: u64) -> bool {
        let side = (f64::from(megapixels) * 1e6).sqrt() as u16;
        let mut parts = [Part::default(); 4];
        for (index, factor) in factors.iter().enumerate() {
            parts[index] = Part { id: index as u8 + 1, across: *factor, down: *factor };
        }
        let components = factors.len() as u8;
        let samples = if factors == [2, 1, 1] { 24 } else { 16 * u32::from(components) };
        let frame = Frame {
            marker: 0xC2,
            precision: 8,
            width: side,
            height: side,
            components,
            samples_per_16_pixels: samples,
            parts,
        };
        let held = |of: &dyn Fn(usize) -> bool| [0, 1, 2, 3].map(|index| index < factors.len() && of(index));
        let mut scans = vec![Scan { holds: held(&|_| true), first: 0, last: 0, size_bytes: 0 }; 2];
        for (first, last, component, times) in script {
            let scan =
                Scan { holds: held(&|index| index == *component), first: *first, last: *last, size_bytes: 0 };
            scans.extend(vec![scan; *times]);
        }
        let count = scans.len() as u64;
        scans.iter_mut().for_each(|scan| scan.size_bytes = size_bytes / count);
        check(&Structure { frame: Some(frame), scans, ..Structure::default() }, frame).is_ok()
    }

    /// By libjpeg's own script: the brightness in four passes over all of it, the colours in two.
    const LIBJPEG: &Script = &[(1, 5, 0, 1), (6, 63, 0, 1), (1, 63, 0, 2), (1, 63, 1, 2), (1, 63, 2, 2)];
    /// By jpegli's: each component in a pass over its first coefficients and three over the others.
    const JPEGLI: &Script =
        &[(1, 2, 0, 1), (1, 2, 1, 1), (1, 2, 2, 1), (3, 63, 0, 3), (3, 63, 1, 3), (3, 63, 2, 3)];

    #[test]
    fn what_encoders_write_is_taken_at_any_size() {
        for script in [LIBJPEG, JPEGLI] {
            // 6 bits a pixel are a sharp photo at quality 100 in colours of half size, 10 bits one in full colours.
            assert!(is_taken(119, &[2, 1, 1], script, 85_000_000));
            assert!(is_taken(62, &[1, 1, 1], script, 77_000_000));
            assert!(is_taken(24, &[1, 1, 1], script, 72_000_000));
        }
    }

    #[test]
    fn what_goes_over_everything_again_and_again_is_not() {
        let again = |times| [(1, 63, 0, times)];
        assert!(is_taken(119, &[1], &again(3), 90_000_000));
        assert!(!is_taken(119, &[1], &again(5), 148_000_000));
        assert!(!is_taken(119, &[1], &again(11), 200_000));
        // A few coefficients of a small picture may be gone over often, and of a large one only in the small colours.
        assert!(is_taken(12, &[1], &again(80), 1_000_000));
        assert!(!is_taken(119, &[2, 1, 1], &[(1, 63, 0, 11)], 1_000_000));
        assert!(is_taken(119, &[2, 1, 1], &[(1, 63, 1, 11), (1, 63, 2, 11)], 1_000_000));
        assert!(!is_taken(1, &[1], &again(100), 1_000));
    }
}
