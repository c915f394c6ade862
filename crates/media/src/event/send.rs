use std::collections::VecDeque;

use super::{KEYS, Payload};

/// Steps of 20 ms: a tone of 100 ms.
const TONE_STEPS: u16 = 5;
/// The end is sent three times (RFC 4733 §2.5.1.4).
const END_STEPS: u16 = 3;
/// Until the next key: 60 ms from the tone's end, which the packets of the end fill.
const GAP_STEPS: u16 = 3;
/// A pause: 500 ms.
const PAUSE_STEPS: u16 = 25;
/// −10 dBm0.
const VOLUME: u8 = 10;
/// Keys that wait at most.
const MOST_KEYS: usize = 1000;

/// Keys that are to be sent, one step per 20 ms.
#[derive(Clone, Debug, Default)]
pub struct Digits {
    waiting: VecDeque<char>,
    /// The key in hand, and the step it is at.
    current: Option<(char, u16)>,
}

/// What one step sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// An event that begins (take a new timestamp and set the marker), or goes on.
    Event { payload: Payload, begins: bool },
    /// A gap or a pause.
    Nothing,
}

impl Digits {
    /// Characters that are no keys and no pause are left out, and so is what is too much.
    pub fn add(&mut self, digits: &str) {
        let room = MOST_KEYS.saturating_sub(self.waiting.len());
        let keys = digits.chars().map(|key| key.to_ascii_uppercase()).filter(|key| *key == 'P' || code(*key).is_some());
        self.waiting.extend(keys.take(room));
    }

    pub fn is_idle(&self) -> bool {
        self.current.is_none() && self.waiting.is_empty()
    }

    /// One step; `clock` in ticks per second. Nothing when idle.
    pub fn step(&mut self, clock: u32) -> Option<Step> {
        let (key, step) = match self.current.take() {
            Some(current) => current,
            None => (self.waiting.pop_front()?, 0),
        };
        let Some(code) = code(key) else {
            if step + 1 < PAUSE_STEPS {
                self.current = Some((key, step + 1));
            }
            return Some(Step::Nothing);
        };
        if step + 1 < TONE_STEPS + END_STEPS.max(GAP_STEPS) {
            self.current = Some((key, step + 1));
        }
        let end = step >= TONE_STEPS;
        if end && step - TONE_STEPS >= END_STEPS {
            return Some(Step::Nothing);
        }
        let ticks = u32::from((step + 1).min(TONE_STEPS)) * clock / 50;
        let payload = Payload { code, end, volume: VOLUME, duration: u16::try_from(ticks).unwrap_or(u16::MAX) };
        Some(Step::Event { payload, begins: step == 0 })
    }
}

fn code(key: char) -> Option<u8> {
    KEYS.iter().position(|known| char::from(*known) == key).and_then(|code| u8::try_from(code).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_five_packets_and_three_of_its_end() {
        let mut digits = Digits::default();
        digits.add("#");
        let steps: Vec<Step> = std::iter::from_fn(|| digits.step(8000)).collect();
        let expected = |end, duration, begins| Step::Event { payload: Payload { code: 11, end, volume: 10, duration }, begins };
        assert_eq!(steps[0], expected(false, 160, true));
        assert_eq!(steps[4], expected(false, 800, false));
        assert_eq!(steps[5..], [expected(true, 800, false); 3]);
        assert!(digits.is_idle());
    }

    #[test]
    fn a_pause_lasts_half_a_second() {
        let mut digits = Digits::default();
        digits.add("1p2x");
        let steps: Vec<Step> = std::iter::from_fn(|| digits.step(8000)).collect();
        assert_eq!(steps.len(), 8 + 25 + 8);
        assert!(steps[8..33].iter().all(|step| *step == Step::Nothing));
    }

    #[test]
    fn too_many_keys_are_left_out() {
        let mut digits = Digits::default();
        digits.add(&"1".repeat(5000));
        assert_eq!(digits.waiting.len(), MOST_KEYS);
    }
}
