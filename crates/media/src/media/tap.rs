use crate::{
    codec::{
        g711::{ALAW, ULAW},
        opus,
    },
    jitter::{Conceal, Jitter, Next},
    media::frames::FRAME_SAMPLES,
    sdp::Codec,
};

/// Samples per second of what is decoded.
const RATE: u32 = 8000;
/// Frames without sound after which nobody waits any more: one second.
const PATIENCE: u32 = 50;
/// A packet of 120 ms, and what was left of the one before.
const MOST_SAMPLES: usize = 2000;

/// Decodes a leg for hearers whose codec is of another kind.
pub(super) struct Tap {
    pub codec: Codec,
    jitter: Jitter,
    decoder: Option<opus::Decoder>,
    conceal: Conceal,
    samples: Vec<i16>,
    silent: u32,
}

impl Tap {
    pub fn new(codec: Codec) -> Self {
        let decoder = if codec == Codec::Opus { opus::Decoder::new(RATE).ok() } else { None };
        Self { codec, jitter: Jitter::new(codec.clock()), decoder, conceal: Conceal::default(), samples: Vec::with_capacity(MOST_SAMPLES), silent: 0 }
    }

    pub fn push(&mut self, sequence: u16, timestamp: u32, payload: &[u8], fresh: bool) {
        if fresh {
            self.jitter.clear();
        }
        self.jitter.push(sequence, timestamp, payload);
    }

    pub fn is_over(&self) -> bool {
        self.silent > PATIENCE
    }

    /// The next 20 ms, if something is said.
    pub fn frame(&mut self) -> Option<[i16; FRAME_SAMPLES]> {
        while self.samples.len() < FRAME_SAMPLES {
            let before = self.samples.len();
            match self.jitter.pull() {
                Next::Nothing => break,
                Next::Packet(bytes) => match &mut self.decoder {
                    Some(decoder) => self.samples.extend_from_slice(decoder.decode(bytes).unwrap_or_default()),
                    None => {
                        let table = if self.codec == Codec::Pcma { &ALAW } else { &ULAW };
                        self.samples.extend(bytes.iter().take(MOST_SAMPLES).map(|byte| table[usize::from(*byte)]));
                        self.conceal.heard(&mut self.samples[before..]);
                    }
                },
                Next::Lost(after) => match &mut self.decoder {
                    Some(decoder) => self.samples.extend_from_slice(decoder.recover(after.unwrap_or_default()).unwrap_or_default()),
                    None => {
                        self.samples.resize(before + FRAME_SAMPLES, 0);
                        self.conceal.lost(&mut self.samples[before..]);
                    }
                },
            }
            if self.samples.len() == before {
                break;
            }
        }
        if self.samples.is_empty() {
            self.silent += 1;
            return None;
        }
        self.silent = 0;
        let mut frame = [0; FRAME_SAMPLES];
        let taken = self.samples.len().min(FRAME_SAMPLES);
        frame[..taken].copy_from_slice(&self.samples[..taken]);
        self.samples.drain(..taken);
        Some(frame)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_lost_packet_of_opus_had_is_taken_from_the_one_after_it() {
        let mut encoder = opus::Encoder::new(RATE, 24_000).unwrap();
        encoder.set_loss(20.0);
        let mut tap = Tap::new(Codec::Opus);
        // A sound begins in the packet that is lost.
        for number in 0..30_u16 {
            let samples: [i16; FRAME_SAMPLES] = std::array::from_fn(|at| if number < 20 { 0 } else { [0, 9_000, 0, -9_000][at % 4] });
            let packet = encoder.encode(&samples).unwrap();
            if number != 20 {
                tap.push(number, u32::from(number) * 960, packet, false);
            }
        }
        let loudest: Vec<u16> = (0..30).map(|_| tap.frame().unwrap().iter().map(|sample| sample.unsigned_abs()).max().unwrap()).collect();
        assert!(loudest[..20].iter().all(|loudest| *loudest < 100) && loudest[20] > 3_000, "{loudest:?}");
    }
}
