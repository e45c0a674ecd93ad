//! Parts of a file, for the question what may be overwritten.

use std::ops::Range;

/// What of `dead` is no part of `kept`, in order and without overlaps.
pub fn without(mut dead: Vec<Range<u64>>, mut kept: Vec<Range<u64>>) -> Vec<Range<u64>> {
    merge(&mut dead);
    merge(&mut kept);
    let mut kept = kept.into_iter().peekable();
    let mut left = Vec::new();
    for mut range in dead {
        while let Some(next) = kept.peek() {
            if next.end <= range.start {
                kept.next();
                continue;
            }
            if next.start >= range.end {
                break;
            }
            if next.start > range.start {
                left.push(range.start..next.start);
            }
            range.start = next.end;
            if range.start >= range.end {
                break;
            }
        }
        if range.start < range.end {
            left.push(range);
        }
    }
    left
}

fn merge(ranges: &mut Vec<Range<u64>>) {
    ranges.retain(|range| range.start < range.end);
    ranges.sort_by_key(|range| range.start);
    ranges.dedup_by(|next, last| {
        let touches = next.start <= last.end;
        if touches {
            last.end = last.end.max(next.end);
        }
        touches
    });
}

#[cfg(test)]
mod tests {
    use super::without;

    #[test]
    #[expect(clippy::single_range_in_vec_init, reason = "one range is what is meant")]
    fn what_is_kept_is_cut_out() {
        assert_eq!(without(vec![0..10], vec![]), [0..10]);
        assert_eq!(without(vec![5..10, 0..6], vec![2..3, 4..5]), [0..2, 3..4, 5..10]);
        assert_eq!(without(vec![0..4, 8..12], vec![2..9]), [0..2, 9..12]);
        assert_eq!(without(vec![3..5, 7..7], vec![0..100]), []);
    }
}
