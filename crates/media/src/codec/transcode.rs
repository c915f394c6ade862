//! From what one leg sends to what another takes, by way of samples of 8 kHz.
//!
//! Two halves, so that one source can be heard by several and a player needs the second half alone.

use super::{
    g711,
    opus::{self, Unsupported},
};
use crate::sdp::Codec;

/// Samples per second between the halves.
pub const RATE: u32 = 8_000;
/// Samples of 20 ms.
pub const FRAME: usize = 160;
/// The longest payload that is taken, 120 ms, as Opus has it (RFC 6716 §2.1.4).
const MAX_SAMPLES: usize = 6 * FRAME;
/// What a narrow band is worth in Opus, bits per second. RFC 7587 §3.1.1 names 8 to 12 kb/s the least for it.
const OPUS_BITS_PER_SECOND: u32 = 16_000;

/// Payloads into samples.
pub struct Listener(Ear);

enum Ear {
    G711(&'static [i16; 256]),
    Opus(opus::Decoder),
}

impl Listener {
    /// # Errors
    /// None with the codecs of today.
    pub fn new(codec: Codec) -> Result<Self, Unsupported> {
        Ok(Self(match codec {
            Codec::Pcmu => Ear::G711(&g711::ULAW),
            Codec::Pcma => Ear::G711(&g711::ALAW),
            Codec::Opus => Ear::Opus(opus::Decoder::new(RATE)?),
        }))
    }

    /// Append the samples of a payload. `false`, and nothing, for what is no payload of the codec or too long.
    pub fn hear(&mut self, payload: &[u8], out: &mut Vec<i16>) -> bool {
        match &mut self.0 {
            Ear::G711(_) if payload.is_empty() || payload.len() > MAX_SAMPLES => false,
            Ear::G711(table) => {
                out.extend(payload.iter().map(|code| table[usize::from(*code)]));
                true
            }
            Ear::Opus(decoder) => decoder.decode(payload).map(|samples| out.extend_from_slice(samples)).is_some(),
        }
    }

    /// Append what most likely was in a lost packet; `next` is the payload after it, if it is there already. `false` for G.711, which has
    /// no idea of it.
    pub fn miss(&mut self, next: Option<&[u8]>, out: &mut Vec<i16>) -> bool {
        match &mut self.0 {
            Ear::G711(_) => false,
            Ear::Opus(decoder) => {
                let samples = match next {
                    Some(next) => decoder.recover(next),
                    None => decoder.conceal(),
                };
                samples.map(|samples| out.extend_from_slice(samples)).is_some()
            }
        }
    }
}

/// Samples into payloads of 20 ms.
pub struct Speaker {
    mouth: Mouth,
    /// Of a frame that is not full yet; less than `FRAME`.
    waiting: Vec<i16>,
}

enum Mouth {
    G711(fn(i16) -> u8, Vec<u8>),
    Opus(opus::Encoder),
}

impl Speaker {
    /// # Errors
    /// None with the codecs of today.
    pub fn new(codec: Codec) -> Result<Self, Unsupported> {
        let mouth = match codec {
            Codec::Pcmu => Mouth::G711(g711::encode_ulaw, Vec::with_capacity(FRAME)),
            Codec::Pcma => Mouth::G711(g711::encode_alaw, Vec::with_capacity(FRAME)),
            Codec::Opus => Mouth::Opus(opus::Encoder::new(RATE, OPUS_BITS_PER_SECOND)?),
        };
        Ok(Self { mouth, waiting: Vec::with_capacity(FRAME) })
    }

    /// Percent of what is sent that the peer reports lost, so that Opus sends redundancy.
    pub fn set_loss(&mut self, percent: u8) {
        if let Mouth::Opus(encoder) = &mut self.mouth {
            encoder.set_loss(percent);
        }
    }

    /// Take samples and call `payload` for each 20 ms that are full; the rest waits for more.
    pub fn say(&mut self, mut samples: &[i16], mut payload: impl FnMut(&[u8])) {
        while self.waiting.len() + samples.len() >= FRAME {
            let (first, rest) = samples.split_at(FRAME - self.waiting.len());
            samples = rest;
            self.waiting.extend_from_slice(first);
            match &mut self.mouth {
                Mouth::G711(encode, bytes) => {
                    bytes.clear();
                    bytes.extend(self.waiting.iter().map(|sample| encode(*sample)));
                    payload(bytes);
                }
                Mouth::Opus(encoder) => {
                    if let Some(bytes) = encoder.encode(&self.waiting) {
                        payload(bytes);
                    }
                }
            }
            self.waiting.clear();
        }
        self.waiting.extend_from_slice(samples);
    }

    /// Forget the frame that is not full, because what is heard changes.
    pub fn cut(&mut self) {
        self.waiting.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODECS: [Codec; 3] = [Codec::Pcmu, Codec::Pcma, Codec::Opus];

    #[allow(clippy::cast_possible_truncation)]
    fn tone() -> Vec<i16> {
        let step = 1_004.0 * std::f64::consts::TAU / f64::from(RATE);
        (0..RATE).map(|at| ((f64::from(at) * step).sin() * 10_000.0) as i16).collect()
    }

    fn loudness(samples: &[i16]) -> f64 {
        let power: f64 = samples.iter().map(|sample| f64::from(*sample).powi(2)).sum();
        (power / samples.len() as f64).sqrt()
    }

    #[test]
    fn every_codec_is_brought_to_every_other_at_its_level() {
        for from in CODECS {
            for to in CODECS {
                let (mut source, mut ear) = (Speaker::new(from).unwrap(), Listener::new(from).unwrap());
                let (mut mouth, mut sink) = (Speaker::new(to).unwrap(), Listener::new(to).unwrap());
                let (mut middle, mut heard, mut packets) = (Vec::new(), Vec::new(), 0);
                source.say(&tone(), |payload| {
                    middle.clear();
                    assert!(ear.hear(payload, &mut middle));
                    mouth.say(&middle, |payload| {
                        packets += 1;
                        assert!(sink.hear(payload, &mut heard));
                    });
                });
                assert_eq!((packets, heard.len()), (50, 8_000), "{from:?} to {to:?}");
                let level = loudness(&heard[4_000..]) / loudness(&tone());
                assert!((0.85..1.15).contains(&level), "{from:?} to {to:?}: {level}");
            }
        }
    }

    #[test]
    fn frames_of_other_lengths_are_gathered() {
        let mut speaker = Speaker::new(Codec::Pcmu).unwrap();
        let mut lengths = Vec::new();
        for samples in tone()[..800].chunks(240) {
            speaker.say(samples, |payload| lengths.push(payload.len()));
        }
        assert_eq!(lengths, [FRAME; 5]);
    }

    #[test]
    fn a_lost_packet_is_made_up_for_by_opus_alone() {
        let (mut speaker, mut opus) = (Speaker::new(Codec::Opus).unwrap(), Listener::new(Codec::Opus).unwrap());
        let mut out = Vec::new();
        speaker.say(&tone(), |payload| {
            opus.hear(payload, &mut out);
        });
        out.clear();
        assert!(opus.miss(None, &mut out) && opus.miss(Some(&[]), &mut out) && opus.miss(Some(&[0xFF; 9]), &mut out));
        assert_eq!(out.len(), 3 * FRAME);
        assert!(!Listener::new(Codec::Pcma).unwrap().miss(None, &mut out));
    }

    #[test]
    fn what_is_no_payload_is_refused() {
        let mut out = Vec::new();
        for codec in CODECS {
            let mut listener = Listener::new(codec).unwrap();
            assert!(!listener.hear(&[], &mut out));
            assert!(!listener.hear(&[0xFF; 4_000], &mut out), "{codec:?}");
        }
        assert!(out.is_empty());
    }
}
