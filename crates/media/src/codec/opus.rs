//! Opus (RFC 6716), mono, in frames of 20 ms, with in-band redundancy and concealment.
//!
//! Opus codes from and to any of its five rates, so that a bridge to G.711 works at 8 kHz and needs no resampling. RTP counts
//! 48 kHz whatever the rate is (RFC 7587 §4.1), and what a browser sends in stereo comes out as mono.

use opus_pure::{Application, OpusDecoder, OpusEncoder};

/// Frames of 20 ms, the ones browsers send (RFC 7587 §3.3).
const FRAMES_PER_SECOND: u32 = 50;
/// The longest packet has 120 ms. RFC 6716 §2.1.4.
const MAX_PACKET_MS: usize = 120;
/// The longest frame. RFC 6716 §3.2.1.
const MAX_BYTES: usize = 1_275;
/// RFC 6716 §2.1.1.
const RATES: [u32; 5] = [8_000, 12_000, 16_000, 24_000, 48_000];
/// RFC 6716 §2.1.1, bits per second; RFC 7587 §6.1 names the same for `maxaveragebitrate`.
const BIT_RATES: std::ops::RangeInclusive<u32> = 6_000..=510_000;
/// Of 10. What speech gains above this is small, and 9 costs half as much again.
const COMPLEXITY: i32 = 5;

/// What the codec does not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsupported;

impl std::fmt::Display for Unsupported {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Opus works at 8, 12, 16, 24 or 48 kHz")
    }
}

/// Samples of 20 ms into packets.
pub struct Encoder {
    inner: Box<OpusEncoder>,
    frame: usize,
    buffer: Box<[u8; MAX_BYTES]>,
}

impl Encoder {
    /// From samples of this rate. A sound bit rate is 16 kb/s for what came from 8 kHz, and 24 to 32 kb/s else; it is brought into what Opus allows.
    ///
    /// # Errors
    /// The rate is none of Opus's.
    pub fn new(rate: u32, bits_per_second: u32) -> Result<Self, Unsupported> {
        let known = opus_rate(rate)?;
        let mut inner = Box::new(OpusEncoder::new(known, 1, Application::Voip).map_err(|_| Unsupported)?);
        let bits_per_second = bits_per_second.clamp(*BIT_RATES.start(), *BIT_RATES.end());
        inner.bitrate_bps = i32::try_from(bits_per_second).map_err(|_| Unsupported)?;
        inner.complexity = COMPLEXITY;
        inner.use_inband_fec = true;
        Ok(Self { inner, frame: frame(rate), buffer: Box::new([0; MAX_BYTES]) })
    }

    /// Samples of one frame.
    pub fn frame(&self) -> usize {
        self.frame
    }

    /// How much of what was sent is lost by the peer's reports (RTCP), percent. Redundancy is sent above some 2 %.
    pub fn set_loss(&mut self, percent: f32) {
        #[allow(clippy::cast_possible_truncation)]
        let whole = percent.clamp(0.0, 100.0).round() as i32;
        self.inner.packet_loss_perc = whole;
    }

    /// The packet of exactly one frame; lent until the next call. `None` for another number of samples.
    pub fn encode(&mut self, samples: &[i16]) -> Option<&[u8]> {
        if samples.len() != self.frame {
            return None;
        }
        let length = self.inner.encode_s16(samples, self.frame, &mut self.buffer[..]).ok()?;
        self.buffer.get(..length)
    }
}

/// Packets into samples.
pub struct Decoder {
    inner: Box<OpusDecoder>,
    rate: u32,
    /// Samples of the last packet, which tell how long a lost one was.
    last: usize,
    buffer: Vec<i16>,
}

impl Decoder {
    /// Into samples of this rate.
    ///
    /// # Errors
    /// The rate is none of Opus's.
    pub fn new(rate: u32) -> Result<Self, Unsupported> {
        let inner = Box::new(OpusDecoder::new(opus_rate(rate)?, 1).map_err(|_| Unsupported)?);
        let longest = usize::try_from(rate).map_err(|_| Unsupported)? * MAX_PACKET_MS / 1_000;
        Ok(Self { inner, rate, last: frame(rate), buffer: vec![0; longest] })
    }

    /// The samples of a packet, 2.5 to 120 ms; lent until the next call. `None` for what is no Opus; conceal it then.
    pub fn decode(&mut self, packet: &[u8]) -> Option<&[i16]> {
        if packet.is_empty() {
            return None;
        }
        let most = self.buffer.len();
        let length = self.inner.decode_s16(packet, most, &mut self.buffer).ok()?;
        self.last = length;
        self.buffer.get(..length)
    }

    /// What most likely was in a packet that is lost.
    pub fn conceal(&mut self) -> Option<&[i16]> {
        let length = self.inner.decode_s16(&[], self.last, &mut self.buffer).ok()?;
        self.buffer.get(..length)
    }

    /// What the packet after the lost one says of it, or else a concealment. Then decode that packet itself.
    pub fn recover(&mut self, next: &[u8]) -> Option<&[i16]> {
        if next.is_empty() {
            return self.conceal();
        }
        match self.inner.decode_fec_s16(next, self.last, &mut self.buffer) {
            Ok(length) => self.buffer.get(..length),
            Err(_) => self.conceal(),
        }
    }

    /// Samples per second of what comes out.
    pub fn rate(&self) -> u32 {
        self.rate
    }
}

fn opus_rate(rate: u32) -> Result<i32, Unsupported> {
    if RATES.contains(&rate) { i32::try_from(rate).map_err(|_| Unsupported) } else { Err(Unsupported) }
}

fn frame(rate: u32) -> usize {
    usize::try_from(rate / FRAMES_PER_SECOND).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use cordboard_now::Chance;

    use super::*;

    const HZ: f64 = 1_004.0;

    #[allow(clippy::cast_possible_truncation)]
    fn tone(rate: u32, frames: usize) -> Vec<i16> {
        let step = HZ * std::f64::consts::TAU / f64::from(rate);
        (0..frames * frame(rate)).map(|at| ((at as f64 * step).sin() * 10_000.0) as i16).collect()
    }

    /// How much stronger the tone is than all else, decibels, and its amplitude.
    fn purity(samples: &[i16], rate: u32) -> (f64, f64) {
        let step = HZ * std::f64::consts::TAU / f64::from(rate);
        let count = samples.len() as f64;
        let sum = |wave: fn(f64) -> f64| samples.iter().enumerate().map(|(at, sample)| f64::from(*sample) * wave(at as f64 * step)).sum::<f64>() * 2.0 / count;
        let (cosine, sine) = (sum(f64::cos), sum(f64::sin));
        let rest: f64 = samples
            .iter()
            .enumerate()
            .map(|(at, sample)| {
                let phase = at as f64 * step;
                (f64::from(*sample) - cosine * phase.cos() - sine * phase.sin()).powi(2)
            })
            .sum();
        let power = (cosine * cosine + sine * sine) / 2.0;
        (10.0 * (power / (rest / count)).log10(), (2.0 * power).sqrt())
    }

    #[test]
    fn a_tone_comes_back_at_its_level_and_bit_rate() {
        for (rate, bits, least) in [(8_000, 16_000, 18.0), (16_000, 24_000, 25.0), (48_000, 32_000, 28.0)] {
            let (mut encoder, mut decoder) = (Encoder::new(rate, bits).unwrap(), Decoder::new(rate).unwrap());
            let (mut out, mut bytes) = (Vec::new(), 0);
            for samples in tone(rate, 100).chunks(frame(rate)) {
                let packet = encoder.encode(samples).unwrap();
                bytes += packet.len();
                out.extend_from_slice(decoder.decode(packet).unwrap());
            }
            let (ratio, amplitude) = purity(&out[out.len() / 2..], rate);
            assert!(ratio > least, "{rate}: {ratio} dB");
            assert!((amplitude - 10_000.0).abs() < 1_000.0, "{rate}: {amplitude}");
            let sent = bytes * 8 / 2;
            let bits = usize::try_from(bits).unwrap();
            assert!((bits / 2..bits * 5 / 4).contains(&sent), "{rate}: {sent} b/s");
        }
    }

    #[test]
    fn any_rate_is_decoded_at_any_other() {
        let mut encoder = Encoder::new(48_000, 32_000).unwrap();
        let mut decoder = Decoder::new(8_000).unwrap();
        let mut out = Vec::new();
        for samples in tone(48_000, 50).chunks(960) {
            out.extend_from_slice(decoder.decode(encoder.encode(samples).unwrap()).unwrap());
        }
        assert_eq!(out.len(), 8_000);
        assert!(purity(&out[4_000..], 8_000).0 > 25.0);
    }

    #[test]
    fn a_lost_packet_is_concealed_or_recovered_at_its_length() {
        let mut encoder = Encoder::new(16_000, 24_000).unwrap();
        encoder.set_loss(20.0);
        let mut decoder = Decoder::new(16_000).unwrap();
        let tone = tone(16_000, 60);
        let mut loud = 0;
        for (at, samples) in tone.chunks(320).enumerate() {
            let packet = encoder.encode(samples).unwrap();
            match at % 10 {
                8 => {
                    let heard = decoder.conceal().unwrap();
                    assert_eq!(heard.len(), 320);
                    loud += usize::from(heard.iter().any(|sample| sample.abs() > 3_000));
                }
                5 => {}
                6 => {
                    assert_eq!(decoder.recover(packet).unwrap().len(), 320);
                    decoder.decode(packet).unwrap();
                }
                _ => assert_eq!(decoder.decode(packet).unwrap().len(), 320),
            }
        }
        assert!(loud >= 5, "{loud} of 6");
    }

    #[test]
    fn what_a_packet_says_of_the_lost_one_before_is_heard() {
        let mut encoder = Encoder::new(8_000, 24_000).unwrap();
        encoder.set_loss(20.0);
        let (mut with, mut without) = (Decoder::new(8_000).unwrap(), Decoder::new(8_000).unwrap());
        // A hum that begins in the packet that is lost: nothing before it says so.
        let tone = tone(8_000, 30);
        let mut packets = Vec::new();
        for (at, samples) in tone.chunks(160).enumerate() {
            packets.push(encoder.encode(if at < 20 { &[0; 160] } else { samples }).unwrap().to_vec());
        }
        for packet in &packets[..20] {
            with.decode(packet).unwrap();
            without.decode(packet).unwrap();
        }
        let loudest = |samples: &[i16]| samples.iter().map(|sample| sample.unsigned_abs()).max().unwrap();
        assert!(loudest(without.conceal().unwrap()) < 100);
        assert!(loudest(with.recover(&packets[21]).unwrap()) > 5_000);
    }

    #[test]
    fn no_packet_makes_it_panic() {
        let mut chance = Chance::new(&[6; 32]);
        let mut encoder = Encoder::new(48_000, 24_000).unwrap();
        let mut decoder = Decoder::new(48_000).unwrap();
        for samples in tone(48_000, 300).chunks(960) {
            let mut packet = encoder.encode(samples).unwrap().to_vec();
            let [at, value, kind] = chance.bytes();
            let at = usize::from(at) % packet.len();
            packet[at] = value;
            if kind < 64 {
                packet.truncate(at);
            } else if kind < 128 {
                packet = chance.bytes::<200>().to_vec();
            }
            decoder.recover(&packet);
            decoder.decode(&packet);
        }
        assert_eq!(decoder.decode(&[]), None);
        assert!(decoder.conceal().is_some());
    }

    #[test]
    fn other_rates_and_frames_are_refused() {
        assert!(Encoder::new(44_100, 24_000).is_err() && Decoder::new(11_025).is_err());
        let mut encoder = Encoder::new(8_000, 1).unwrap();
        assert_eq!(encoder.encode(&[0; 159]), None);
        assert!(encoder.encode(&[0; 160]).is_some());
    }
}
