/// Samples of 8 kHz that are remembered: 40 ms.
const MEMORY: usize = 320;
/// Pitches of voices as lags of 8 kHz: 400 to 66 Hz.
const LAGS: std::ops::Range<usize> = 20..120;
/// What is compared to find the pitch: 20 ms.
const WINDOW: usize = 160;
/// What was made up gives way to what comes, so many samples.
const OVERLAP: usize = 20;
/// Frames of 20 ms after which what is made up has faded.
const FADE_FRAMES: usize = 3;

/// Makes up for lost sound of 8 kHz: the last pitch period goes on and fades within 60 ms.
#[derive(Clone, Debug)]
pub struct Conceal {
    memory: [i16; MEMORY],
    /// Samples that were made up since sound came.
    made_up: usize,
    lag: usize,
}

impl Default for Conceal {
    fn default() -> Self {
        Self { memory: [0; MEMORY], made_up: 0, lag: LAGS.start }
    }
}

impl Conceal {
    /// Sound that came; its beginning is blended with what was made up.
    pub fn heard(&mut self, samples: &mut [i16]) {
        if self.made_up > 0 {
            for place in 0..OVERLAP.min(samples.len()) {
                let made_up = i32::from(self.next());
                let (new, old) = (i32::try_from(place + 1).unwrap_or(0), i32::try_from(OVERLAP - place).unwrap_or(0));
                let blended = (i32::from(samples[place]) * new + made_up * old) / i32::try_from(OVERLAP + 1).unwrap_or(1);
                samples[place] = i16::try_from(blended).unwrap_or(0);
            }
            self.made_up = 0;
        }
        let kept = samples.len().min(MEMORY);
        self.memory.copy_within(kept.., 0);
        self.memory[MEMORY - kept..].copy_from_slice(&samples[samples.len() - kept..]);
    }

    /// Sound that did not come.
    pub fn lost(&mut self, samples: &mut [i16]) {
        if self.made_up == 0 {
            self.lag = self.pitch();
        }
        for sample in samples {
            *sample = self.next();
        }
    }

    fn next(&mut self) -> i16 {
        let sample = self.memory[MEMORY - self.lag + self.made_up % self.lag];
        let faded = FADE_FRAMES * WINDOW;
        let left = i32::try_from(faded.saturating_sub(self.made_up)).unwrap_or(0);
        self.made_up += 1;
        i16::try_from(i32::from(sample) * left / i32::try_from(faded).unwrap_or(1)).unwrap_or(0)
    }

    /// The lag at which the last sound is most like itself.
    fn pitch(&self) -> usize {
        let recent = &self.memory[MEMORY - WINDOW..];
        let score = |lag: usize| {
            let before = &self.memory[MEMORY - WINDOW - lag..MEMORY - lag];
            let (mut product, mut energy) = (0i64, 1i64);
            for (a, b) in recent.iter().zip(before) {
                product += i64::from(*a) * i64::from(*b);
                energy += i64::from(*b) * i64::from(*b);
            }
            // Cosines of one window compare without its own energy.
            #[allow(clippy::cast_precision_loss)]
            let cosine = product as f64 / (energy as f64).sqrt();
            cosine
        };
        let best = LAGS.map(|lag| (lag, score(lag))).fold((LAGS.end - 1, 0.0), |best, this| if this.1 > best.1 * 1.0001 { this } else { best });
        best.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(from: usize, count: usize) -> Vec<i16> {
        #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
        let sample = |place: usize| (8000.0 * (std::f64::consts::TAU * 200.0 * place as f64 / 8000.0).sin()) as i16;
        (from..from + count).map(sample).collect()
    }

    #[test]
    fn a_lost_frame_of_a_tone_goes_on_without_a_step() {
        let mut conceal = Conceal::default();
        for frame in 0..3 {
            conceal.heard(&mut tone(frame * 160, 160));
        }
        let mut lost = [0; 160];
        conceal.lost(&mut lost);
        let expected = tone(480, 160);
        for (place, (made_up, real)) in lost.iter().zip(&expected).enumerate().take(80) {
            assert!((i32::from(*made_up) - i32::from(*real)).abs() < 1800, "{place} {made_up} {real}");
        }
        let mut back = tone(640, 160);
        conceal.heard(&mut back);
        let joined: Vec<i16> = lost.iter().chain(&back).copied().collect();
        assert!(joined.windows(2).all(|pair| (i32::from(pair[1]) - i32::from(pair[0])).abs() < 2000));
        assert_eq!(back[OVERLAP..], tone(640 + OVERLAP, 160 - OVERLAP));
    }

    #[test]
    fn what_is_made_up_fades_within_60_ms() {
        let mut conceal = Conceal::default();
        conceal.heard(&mut tone(0, 320));
        let mut lost = [0; 640];
        conceal.lost(&mut lost);
        assert!(lost[..160].iter().any(|sample| *sample > 4000) && lost[480..].iter().all(|sample| *sample == 0));
    }

    #[test]
    fn silence_stays_silence() {
        let mut conceal = Conceal::default();
        let mut lost = [7; 160];
        conceal.lost(&mut lost);
        assert_eq!(lost, [0; 160]);
        conceal.heard(&mut [5; 7]);
        conceal.heard(&mut [5; 1000]);
        conceal.heard(&mut []);
    }
}
