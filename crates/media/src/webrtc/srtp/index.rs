//! Packet indices: how sequence numbers are continued, and what came already.

/// How many packets back are still told from repeated ones. RFC 3711 §3.3.2 asks for 64 at least.
const WINDOW: u64 = 128;
/// ROC and sequence number together. RFC 3711 §3.3.1.
const MAX_INDEX: u64 = (1 << 48) - 1;

/// What was received of a stream, or sent: an index must not be used for two packets either.
#[derive(Clone, Copy, Default)]
pub(super) struct Window {
    highest: Option<u64>,
    /// Bit n: the packet n before the highest.
    seen: u128,
}

impl Window {
    /// The index that this sequence number means, unless it was there or is too old to tell.
    pub fn estimate(&self, sequence: u16) -> Option<u64> {
        let index = near(self.highest, sequence)?;
        self.is_new(index).then_some(index)
    }

    pub fn is_new(&self, index: u64) -> bool {
        let Some(highest) = self.highest else { return true };
        match highest.checked_sub(index) {
            None => true,
            Some(back) => back < WINDOW && self.seen >> back & 1 == 0,
        }
    }

    pub fn with(self, index: u64) -> Self {
        match self.highest {
            Some(highest) if index <= highest => {
                Self { highest: self.highest, seen: self.seen | 1u128.checked_shl(u32::try_from(highest - index).unwrap_or(u32::MAX)).unwrap_or(0) }
            }
            Some(highest) => Self { highest: Some(index), seen: self.seen.checked_shl(u32::try_from(index - highest).unwrap_or(u32::MAX)).unwrap_or(0) | 1 },
            None => Self { highest: Some(index), seen: 1 },
        }
    }
}

/// The index with this sequence number that is nearest to the highest. RFC 3711 appendix A.
fn near(highest: Option<u64>, sequence: u16) -> Option<u64> {
    let Some(highest) = highest else { return Some(u64::from(sequence)) };
    let cycle = highest >> 16;
    let last = (highest & 0xFFFF) as u16;
    // Further than half a turn away is the other side.
    let ahead = sequence.wrapping_sub(last) < 0x8000;
    let cycle = match (ahead, sequence < last) {
        (true, true) => cycle + 1,
        // Before the first turn there is nothing.
        (false, false) if sequence > last => cycle.checked_sub(1)?,
        _ => cycle,
    };
    Some(cycle << 16 | u64::from(sequence)).filter(|index| *index <= MAX_INDEX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequence_numbers_are_continued_over_their_end() {
        let mut window = Window::default();
        for (sequence, index) in [(65_534, 65_534), (1, 65_537), (65_535, 65_535), (2, 65_538)] {
            assert_eq!(window.estimate(sequence), Some(index));
            window = window.with(index);
            assert_eq!(window.estimate(sequence), None);
        }
        assert_eq!(Window::default().with(3).estimate(65_535), None);
    }

    #[test]
    fn a_packet_is_new_once() {
        let mut window = Window::default();
        for sequence in [10, 12, 11, 9] {
            let index = window.estimate(sequence).unwrap();
            window = window.with(index);
            assert_eq!(window.estimate(sequence), None, "{sequence}");
        }
        window = window.with(12 + WINDOW);
        assert_eq!(window.estimate(11), None);
        assert_eq!(window.estimate(13), Some(13));
    }

    #[test]
    fn a_key_ends_with_its_last_index() {
        assert_eq!(near(Some(MAX_INDEX), 0), None);
    }
}
