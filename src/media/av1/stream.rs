//! What an AV1 stream will cost, told before it is decoded: the decoder goes through all that it is given, one frame
//! after the other, whatever size each of them has (AV1 Bitstream & Decoding Process Specification, 5.3 and 7.5).

use crate::media::MediaError;

/// A picture is one frame, or as many as it has layers, of which there are four at most.
const MAX_FRAMES: usize = 4;

const SEQUENCE_HEADER: u8 = 1;
const FRAME_HEADER: u8 = 3;
const FRAME: u8 = 6;

/// Refuses what is a film rather than a picture, and what changes its size on the way.
pub fn check(mut stream: &[u8]) -> Result<(), MediaError> {
    let mut frames = 0;
    let mut sequence = None;
    while let Some((kind, payload, rest)) = unit(stream) {
        match kind {
            FRAME_HEADER | FRAME => frames += 1,
            // It may be repeated, bit by bit the same.
            SEQUENCE_HEADER if *sequence.get_or_insert(payload) != payload => {
                return Err(MediaError::damaged("AV1 sequences of two kinds"));
            }
            _ => {}
        }
        if frames > MAX_FRAMES {
            return Err(MediaError::TooComplex {
                detail: format!("AV1 picture of over {MAX_FRAMES} frames"),
            });
        }
        stream = rest;
    }
    Ok(())
}

/// The kind of the first unit (OBU), its payload, and what follows it. `None` at the end, and where one is cut off.
fn unit(stream: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    // The decoder passes over zeros between frames.
    let start = stream.iter().position(|byte| *byte != 0)?;
    let (header, mut rest) = stream.get(start..)?.split_first()?;
    let has_extension = header & 0b100 != 0;
    let has_size = header & 0b10 != 0;
    if has_extension {
        rest = rest.get(1..)?;
    }
    let length = if has_size { length(&mut rest)? } else { rest.len() };
    let (payload, behind) = rest.split_at_checked(length)?;
    Some((header >> 3 & 0xF, payload, behind))
}

/// A number in groups of seven bits, the lowest first.
fn length(stream: &mut &[u8]) -> Option<usize> {
    let mut number = 0_u64;
    for shift in (0..56).step_by(7) {
        let (byte, rest) = stream.split_first()?;
        *stream = rest;
        number |= u64::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 {
            return usize::try_from(number).ok();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::media::MediaError;

    fn unit(kind: u8, payload: &[u8]) -> Vec<u8> {
        [&[kind << 3 | 2, payload.len() as u8 | 0x80, 0], payload].concat()
    }

    #[test]
    fn a_picture_has_few_frames_of_one_size() {
        let (sequence, frame) = (unit(1, b"100 x 100"), unit(6, b"pixels"));
        let delimiter = unit(2, b"");
        let repeated =
            |times: usize| [delimiter.clone(), sequence.clone(), frame.clone()].concat().repeat(times);
        assert_eq!(check(&repeated(1)), Ok(()));
        assert_eq!(check(&repeated(4)), Ok(()), "as many as a picture may have layers");
        assert!(matches!(check(&repeated(5)), Err(MediaError::TooComplex { .. })));
        let between = [repeated(3), vec![0; 100], repeated(3)].concat();
        assert!(matches!(check(&between), Err(MediaError::TooComplex { .. })));
        let apart = [sequence.clone(), [unit(3, b"header"), unit(4, b"tiles")].concat().repeat(5)].concat();
        assert!(matches!(check(&apart), Err(MediaError::TooComplex { .. })));
        let grown = [repeated(1), unit(1, b"9000 x 9000"), frame].concat();
        assert!(matches!(check(&grown), Err(MediaError::Damaged { .. })));
        // What is cut off is for the decoder to judge.
        assert_eq!(check(&sequence[..5]), Ok(()));
        assert_eq!(check(b""), Ok(()));
    }
}
