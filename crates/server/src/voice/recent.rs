use std::{collections::VecDeque, sync::Arc};

use cordboard_media::Audio;

/// Texts that are kept at most.
const TEXTS: usize = 128;

/// Samples that are kept at most, 32 MB: 35 minutes at 8 kHz.
const SAMPLES: usize = 16 * 1024 * 1024;

/// What was spoken lately; the one that was not asked for the longest goes first.
#[derive(Default)]
pub struct Recent {
    /// The newest use is at the back.
    kept: VecDeque<Spoken>,
    samples: usize,
}

struct Spoken {
    text: String,
    voice: String,
    audio: Arc<Audio>,
}

impl Recent {
    pub fn find(&mut self, text: &str, voice: &str) -> Option<Arc<Audio>> {
        let at = self.kept.iter().position(|spoken| spoken.text == text && spoken.voice == voice)?;
        let spoken = self.kept.remove(at)?;
        let audio = Arc::clone(&spoken.audio);
        self.kept.push_back(spoken);
        Some(audio)
    }

    pub fn keep(&mut self, text: &str, voice: &str, audio: &Arc<Audio>) {
        self.samples += audio.samples.len();
        self.kept.push_back(Spoken { text: text.to_owned(), voice: voice.to_owned(), audio: Arc::clone(audio) });
        while self.kept.len() > TEXTS || self.samples > SAMPLES {
            let Some(oldest) = self.kept.pop_front() else { return };
            self.samples -= oldest.audio.samples.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(samples: usize) -> Arc<Audio> {
        Arc::new(Audio { rate: 8_000, samples: vec![0; samples] })
    }

    #[test]
    fn the_text_that_nobody_asks_for_goes_first() {
        let mut recent = Recent::default();
        for text in 0..TEXTS {
            recent.keep(&text.to_string(), "", &of(1));
        }
        assert!(recent.find("0", "").is_some() && recent.find("0", "other").is_none());
        recent.keep("new", "", &of(1));
        assert!(recent.find("0", "").is_some() && recent.find("1", "").is_none() && recent.find("new", "").is_some());
    }

    #[test]
    fn long_texts_push_out_others_and_too_long_ones_are_not_kept() {
        let mut recent = Recent::default();
        recent.keep("short", "", &of(10));
        recent.keep("long", "", &of(SAMPLES - 5));
        assert!(recent.find("short", "").is_none() && recent.find("long", "").is_some());
        recent.keep("longer", "", &of(SAMPLES + 1));
        assert!(recent.kept.is_empty() && recent.samples == 0);
    }
}
