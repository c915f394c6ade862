//! Loudness: the engine's own varies with the voice and is far above what a telephone wants.

/// Root mean square of speech, as a sample: −20 dBFS, near the active level that ITU-T P.56 measures on good lines and telephony aims at.
const SPEECH: f64 = 3_277.0;

/// The highest sample: −1 dBFS.
const PEAK: f64 = 29_203.0;

/// Samples that are measured together: 20 ms.
const FRAME: usize = 320;

/// A frame this much under the loudest one, in power, is a pause: 30 dB.
const PAUSE: f64 = 1.0e-3;

/// Root mean square over the frames that are no pause. Shape: a sample, 0 to 32,768.
pub fn of_speech(samples: &[i16]) -> f64 {
    let powers: Vec<f64> = samples.chunks(FRAME).map(|frame| frame.iter().map(|sample| f64::from(*sample).powi(2)).sum::<f64>() / frame.len() as f64).collect();
    let loudest = powers.iter().copied().fold(0.0, f64::max);
    let (sum, count) = powers.iter().filter(|power| **power > loudest * PAUSE).fold((0.0, 0.0), |(sum, count), power| (sum + power, count + 1.0));
    if count > 0.0 { f64::sqrt(sum / count) } else { 0.0 }
}

/// Brings speech to −20 dBFS, and no sample over −1 dBFS.
pub fn set(samples: &mut [i16]) {
    let (level, peak) = (of_speech(samples), samples.iter().map(|sample| f64::from(sample.unsigned_abs())).fold(0.0, f64::max));
    if level > 0.0 {
        let gain = (SPEECH / level).min(PEAK / peak);
        for sample in samples {
            // The gain keeps the product inside the type.
            #[allow(clippy::cast_possible_truncation)]
            let scaled = (f64::from(*sample) * gain).round() as i16;
            *sample = scaled;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_do_not_count_as_speech() {
        let tone: Vec<i16> = (0..16_000).map(|at| if at % 40 < 20 { 1_000 } else { -1_000 }).collect();
        let with_pause: Vec<i16> = tone.iter().copied().chain(std::iter::repeat_n(0, 64_000)).collect();
        assert_eq!(of_speech(&tone), 1_000.0);
        assert_eq!(of_speech(&with_pause), 1_000.0);
        assert_eq!(of_speech(&[]), 0.0);
    }

    #[test]
    fn a_peak_is_never_clipped() {
        let mut samples: Vec<i16> = vec![10; 16_000];
        samples[8_000] = i16::MIN;
        set(&mut samples);
        assert_eq!(samples.iter().map(|sample| sample.unsigned_abs()).max(), Some(29_203));
    }
}
