//! From one rate to another: a windowed sinc in phases, so that 8, 16, 24, 44.1 and 48 kHz are exact and others nearly.

use std::f64::consts::PI;

/// Zero crossings of the sinc on each side. With the window below some 70 dB from 1.02 of the lower Nyquist frequency on, level to 0.84 of it.
const CROSSINGS: usize = 24;
/// Shape of the Kaiser window: 70 dB.
const BETA: f64 = 7.0;
/// The middle of the slope, of the lower Nyquist frequency.
const CUTOFF: f64 = 0.93;
/// 44.1 kHz to 8 kHz has 80 phases, 48 kHz to 44.1 kHz 147, 44.1 kHz to 48 kHz 160. What needs more takes the nearest of these.
const MAX_PHASES: usize = 512;
/// Rates of files; what is beyond is no sound for a call.
const RATES: std::ops::RangeInclusive<u32> = 4_000..=192_000;
/// Sums that run beside each other, for the processor's vectors.
const LANES: usize = 8;

/// A stream of one rate into one of another; mono.
pub struct Resampler {
    /// Output samples per `down` input samples.
    up: usize,
    down: usize,
    phases: usize,
    /// Of each phase, a multiple of `LANES`.
    taps: usize,
    /// Phase by phase.
    filter: Vec<f32>,
    /// Input that is still needed.
    input: Vec<f32>,
    /// Where the next output is, in `up`ths of an input sample from the middle of the first window.
    position: usize,
}

impl Resampler {
    /// `None` for rates below 4 or above 192 kHz.
    pub fn new(from: u32, to: u32) -> Option<Self> {
        if !RATES.contains(&from) || !RATES.contains(&to) {
            return None;
        }
        let divisor = greatest_common_divisor(from, to);
        let up = usize::try_from(to / divisor).ok()?;
        let down = usize::try_from(from / divisor).ok()?;
        let scale = f64::from(to.min(from)) / f64::from(from);
        // 24 and more is at least one turn of `LANES` taps.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let half = ((CROSSINGS as f64 / scale).ceil() as usize).next_multiple_of(LANES / 2);
        let phases = up.min(MAX_PHASES);
        Some(Self { up, down, phases, taps: 2 * half, filter: filter(phases, half, scale * CUTOFF), input: vec![0.0; half - 1], position: 0 })
    }

    /// Take input and append the output that it allows; the filter keeps back some 3 ms of the lower rate.
    pub fn process(&mut self, samples: &[i16], out: &mut Vec<i16>) {
        self.input.extend(samples.iter().map(|sample| f32::from(*sample)));
        self.drain(out);
    }

    /// Append what was kept back.
    pub fn finish(&mut self, out: &mut Vec<i16>) {
        let end = self.input.len() + self.taps / 2;
        self.input.resize(end, 0.0);
        self.drain(out);
    }

    fn drain(&mut self, out: &mut Vec<i16>) {
        let mut first = 0;
        loop {
            first += self.position / self.up;
            self.position %= self.up;
            let Some(window) = self.input.get(first..first + self.taps) else { break };
            let phase = self.position * self.phases / self.up * self.taps;
            out.push(sample(dot(window, &self.filter[phase..phase + self.taps])));
            self.position += self.down;
        }
        let used = first.min(self.input.len());
        self.position += (first - used) * self.up;
        self.input.drain(..used);
    }
}

/// All of it at once, as long as before; the same samples if the rates are the same. `None` as for `Resampler::new`.
pub fn resample(samples: &[i16], from: u32, to: u32) -> Option<Vec<i16>> {
    if from == to {
        return Some(samples.to_vec());
    }
    let mut resampler = Resampler::new(from, to)?;
    let length = samples.len().checked_mul(resampler.up)?.div_ceil(resampler.down);
    let mut out = Vec::with_capacity(length + resampler.taps);
    resampler.process(samples, &mut out);
    resampler.finish(&mut out);
    out.resize(length, 0);
    Some(out)
}

fn greatest_common_divisor(mut a: u32, mut b: u32) -> u32 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// `cutoff` is in Nyquist frequencies of the input. Each phase lets a level through unchanged.
fn filter(phases: usize, half: usize, cutoff: f64) -> Vec<f32> {
    let mut filter = Vec::with_capacity(phases * 2 * half);
    for phase in 0..phases {
        let shift = phase as f64 / phases as f64;
        let taps: Vec<f64> = (0..2 * half)
            .map(|tap| {
                let at = tap as f64 - (half as f64 - 1.0) - shift;
                sinc(at * cutoff) * kaiser(at / half as f64)
            })
            .collect();
        let sum: f64 = taps.iter().sum();
        #[allow(clippy::cast_possible_truncation)]
        filter.extend(taps.iter().map(|tap| (tap / sum) as f32));
    }
    filter
}

fn sinc(x: f64) -> f64 {
    if x.abs() < 1e-9 { 1.0 } else { (PI * x).sin() / (PI * x) }
}

/// From -1 to 1.
fn kaiser(x: f64) -> f64 {
    bessel(BETA * (1.0 - x * x).max(0.0).sqrt()) / bessel(BETA)
}

/// The modified Bessel function of the first kind and order zero, by its series.
fn bessel(x: f64) -> f64 {
    let (mut sum, mut term) = (1.0, 1.0);
    for n in 1..40 {
        term *= (x / (2.0 * f64::from(n))).powi(2);
        sum += term;
    }
    sum
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0; LANES];
    for (a, b) in a.chunks_exact(LANES).zip(b.chunks_exact(LANES)) {
        for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += a * b;
        }
    }
    sums.iter().sum()
}

#[allow(clippy::cast_possible_truncation, reason = "the cast saturates")]
fn sample(value: f32) -> i16 {
    value.round() as i16
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATES: [u32; 5] = [8_000, 16_000, 24_000, 44_100, 48_000];

    #[allow(clippy::cast_possible_truncation)]
    fn tone(rate: u32, hz: f64) -> Vec<i16> {
        let step = hz * 2.0 * PI / f64::from(rate);
        (0..rate / 10).map(|at| ((f64::from(at) * step).sin() * 16_000.0).round() as i16).collect()
    }

    /// Amplitude and phase of a frequency, in the middle half.
    fn find(samples: &[i16], rate: u32, hz: f64) -> (f64, f64) {
        let step = hz * 2.0 * PI / f64::from(rate);
        let (mut cosine, mut sine, mut weight) = (0.0, 0.0, 0.0);
        let quarter = samples.len() / 4;
        for (at, sample) in samples.iter().enumerate().skip(quarter).take(2 * quarter) {
            // A window, so that what is between the lines of the spectrum does not blur it.
            let hann = 1.0 - (2.0 * PI * (at - quarter) as f64 / (2 * quarter) as f64).cos();
            cosine += hann * f64::from(*sample) * (at as f64 * step).cos();
            sine += hann * f64::from(*sample) * (at as f64 * step).sin();
            weight += hann;
        }
        (2.0 * cosine.hypot(sine) / weight, cosine.atan2(sine))
    }

    fn decibels(ratio: f64) -> f64 {
        20.0 * ratio.max(1e-9).log10()
    }

    #[test]
    fn a_tone_keeps_level_phase_and_length() {
        for from in RATES {
            for to in RATES {
                for hz in [400.0, 3_300.0] {
                    let out = resample(&tone(from, hz), from, to).unwrap();
                    assert_eq!(out.len(), usize::try_from(to / 10).unwrap());
                    let (amplitude, phase) = find(&out, to, hz);
                    assert!(decibels(amplitude / 16_000.0).abs() < 0.1, "{from} to {to}, {hz} Hz: {amplitude}");
                    assert!(phase.abs() < 0.01, "{from} to {to}, {hz} Hz: {phase}");
                }
            }
        }
    }

    #[test]
    fn what_the_lower_rate_cannot_hold_is_gone() {
        for from in &RATES[1..] {
            for hz in [4_200.0, 5_000.0, 7_000.0] {
                let out = resample(&tone(*from, hz), *from, 8_000).unwrap();
                let (alias, _) = find(&out, 8_000, 8_000.0 - hz);
                assert!(decibels(alias / 16_000.0) < -62.0, "{from}, {hz} Hz: {} dB", decibels(alias / 16_000.0));
            }
        }
    }

    #[test]
    fn no_images_appear_above() {
        for to in &RATES[1..] {
            let out = resample(&tone(8_000, 3_000.0), 8_000, *to).unwrap();
            let (image, _) = find(&out, *to, 5_000.0);
            assert!(decibels(image / 16_000.0) < -62.0, "{to}: {} dB", decibels(image / 16_000.0));
        }
    }

    #[test]
    fn pieces_give_what_the_whole_gives() {
        for (from, to) in [(44_100, 8_000), (8_000, 48_000), (48_000, 44_100), (48_000, 8_000)] {
            let samples = tone(from, 700.0);
            let mut resampler = Resampler::new(from, to).unwrap();
            let mut out = Vec::new();
            for piece in samples.chunks(37) {
                resampler.process(piece, &mut out);
            }
            resampler.finish(&mut out);
            let whole = resample(&samples, from, to).unwrap();
            assert!(out.len() >= whole.len());
            assert_eq!(out[..whole.len()], whole[..], "{from} to {to}");
        }
    }

    #[test]
    fn odd_rates_are_nearly_exact_and_absurd_ones_refused() {
        let out = resample(&tone(11_025, 1_004.0), 11_025, 8_000).unwrap();
        assert!(decibels(find(&out, 8_000, 1_004.0).0 / 16_000.0).abs() < 0.1);
        let out = resample(&tone(191_999, 1_004.0), 191_999, 8_000).unwrap();
        assert!(decibels(find(&out, 8_000, 1_004.0).0 / 16_000.0).abs() < 0.1);
        assert_eq!(resample(&[1; 10], 1, 8_000), None);
        assert_eq!(resample(&[1; 10], 8_000, 0), None);
        assert_eq!(resample(&[1; 10], 8_000, u32::MAX), None);
        assert_eq!(resample(&[], 48_000, 8_000), Some(vec![]));
    }

    #[test]
    fn the_loudest_noise_is_cut_off_not_turned_over() {
        let square: Vec<i16> = (0..4_800).map(|at| if at / 24 % 2 == 0 { i16::MAX } else { i16::MIN }).collect();
        let out = resample(&square, 48_000, 8_000).unwrap();
        assert!(out.windows(2).all(|pair| (i32::from(pair[0]) - i32::from(pair[1])).abs() < 66_000));
        assert!(out.contains(&i16::MAX) && out.contains(&i16::MIN));
    }
}
