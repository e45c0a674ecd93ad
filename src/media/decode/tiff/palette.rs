//! Pictures whose samples are numbers of colours, as scans of drawings and old logos are stored.

/// The colours of a picture (TIFF 6.0, section 5: `ColorMap`).
#[derive(Debug, Clone)]
pub struct Palette {
    /// The highest number a sample can be: 1, 3, 15 or 255.
    highest: u8,
    colours: Vec<[u8; 3]>,
}

impl Palette {
    /// From the map of a file: all reds, all greens, all blues, 16 bits each.
    pub fn of(map: &[u64], bits: u64) -> Option<Self> {
        let highest = 1_u8.checked_shl(u32::try_from(bits).ok()?).map_or(u8::MAX, |count| count - 1);
        let count = usize::from(highest) + 1;
        let (reds, rest) = map.split_at_checked(count)?;
        let (greens, blues) = rest.split_at_checked(count)?;
        // Some programs wrote eight bits where sixteen belong.
        let shift = if map.iter().all(|level| *level < 256) { 0 } else { 8 };
        let level = |level: u64| (level >> shift).min(255) as u8;
        let colours = reds.iter().zip(greens).zip(blues);
        let colours: Vec<_> =
            colours.map(|((red, green), blue)| [level(*red), level(*green), level(*blue)]).collect();
        (colours.len() == count && matches!(bits, 1 | 2 | 4 | 8)).then_some(Self { highest, colours })
    }

    /// The colour of a sample that has been spread over all of 0 to 255, as grey of few bits is.
    pub fn colour(&self, spread: u8) -> [u8; 3] {
        let number = (u16::from(spread) * u16::from(self.highest) + 127) / 255;
        self.colours.get(usize::from(number)).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::Palette;

    #[test]
    fn each_number_finds_its_colour_again() {
        for bits in [1, 2, 4, 8_u64] {
            let count = 1_u64 << bits;
            let map: Vec<u64> = (0..3 * count).map(|n| (n % count) << 8 | 0xFF).collect();
            let palette = Palette::of(&map, bits).unwrap();
            for number in 0..count {
                let spread = (number * 255 / (count - 1)) as u8;
                assert_eq!(palette.colour(spread), [number as u8; 3], "{number} of {bits} bits");
            }
        }
        assert!(Palette::of(&[0; 5], 1).is_none());
        assert!(Palette::of(&[], 16).is_none());
    }
}
