//! A voice that needs nothing installed: text becomes sound in the process that asks for it.
//!
//! The engine is SVOX Pico (Apache-2.0), whose C code is old and is not hardened against hostile text. [`speak`] prepares the text so that
//! no input is known to trouble it, and the server runs it in a child process with limits, so that a fault costs one text.

mod engine;
mod language;
mod level;
mod lingware;
mod text;
pub mod wav;

use std::fmt;

use cordboard_media::Audio;

pub use language::Language;
pub use text::Unspoken;

/// Characters of a text at most. voxengine.md §8.
pub const MAX_CHARACTERS: usize = 1_500;

/// Samples per second of everything that is spoken.
pub const RATE: u32 = 16_000;

/// How a text is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    pub language: Language,
    /// Percent of the usual speed, 50 to 200; what is beyond is brought to the bound.
    pub speed: u16,
}

impl Default for Style {
    fn default() -> Self {
        Self { language: Language::EnglishUs, speed: 100 }
    }
}

/// Why there is no sound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// More characters than [`MAX_CHARACTERS`].
    TooLong(usize),
    /// Most of the text is of letters that no language here has; what is left would be another text.
    Unspoken(Unspoken),
    /// More sound than 4 minutes.
    TooMuch,
    /// What the engine says, or the system where the engine's data cannot be given to it.
    Engine(String),
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong(characters) => write!(formatter, "the text has {characters} characters, and {MAX_CHARACTERS} can be spoken"),
            Self::Unspoken(unspoken) => unspoken.fmt(formatter),
            Self::TooMuch => formatter.write_str("the text takes more than 4 minutes to speak"),
            Self::Engine(words) => write!(formatter, "the built-in voice failed: {words}"),
        }
    }
}

impl std::error::Error for Error {}

/// What becomes of a text, known before it is spoken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// There is nothing to speak.
    pub is_silent: bool,
    /// Sentences for the text's author, where what is heard is not what was asked for.
    pub remarks: Vec<String>,
}

/// Looks at a text and the name of the voice that is to speak it. Errors are those of [`speak`] that can be seen without speaking.
pub fn read(text: &str, voice: &str) -> Result<Reading, Error> {
    let unspoken = check(text)?;
    let mut remarks = Vec::new();
    if !voice.is_empty() && Language::named(voice).is_none() {
        let voice: String = voice.chars().filter(|character| !character.is_control()).take(100).collect();
        remarks.push(format!("the built-in voice does not know the language of '{voice}': {} is spoken", Language::default().tag()));
    }
    remarks.extend(unspoken.map(|unspoken| unspoken.to_string()));
    Ok(Reading { is_silent: text::prepare(text).is_empty(), remarks })
}

/// What of a text will not be spoken, unless it is too much.
fn check(text: &str) -> Result<Option<Unspoken>, Error> {
    let characters = text.chars().count();
    if characters > MAX_CHARACTERS {
        return Err(Error::TooLong(characters));
    }
    match text::unspoken(text) {
        Some(unspoken) if unspoken.is_most() => Err(Error::Unspoken(unspoken)),
        unspoken => Ok(unspoken),
    }
}

/// The text as mono sound of 16 kHz, speech at −20 dBFS. A text without anything to speak gives no samples. Markup (SSML) is left out.
pub fn speak(text: &str, style: &Style) -> Result<Audio, Error> {
    check(text)?;
    let sentences = text::prepare(text);
    let mut samples = if sentences.is_empty() { Vec::new() } else { engine::speak(&sentences, style)? };
    level::set(&mut samples);
    Ok(Audio { rate: RATE, samples })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn loudness(samples: &[i16]) -> f64 {
        20.0 * (level::of_speech(samples) / f64::from(i16::MAX)).log10()
    }

    #[test]
    fn every_language_speaks_at_telephone_level_without_clipping() {
        for (language, text) in [
            (Language::EnglishUs, "Welcome. Press one for the echo test."),
            (Language::EnglishGb, "Welcome. Press one for the echo test."),
            (Language::German, "Willkommen. Drücken Sie die Eins für den Echotest."),
            (Language::French, "Bienvenue. Appuyez sur la touche un pour le test d'écho."),
            (Language::Spanish, "Bienvenido. Pulse uno para la prueba de eco."),
            (Language::Italian, "Benvenuto. Premi uno per la prova dell'eco."),
        ] {
            let audio = speak(text, &Style { language, ..Style::default() }).unwrap();
            assert!((2..6).contains(&(audio.samples.len() / 16_000)), "{language:?}: {} samples", audio.samples.len());
            assert!((loudness(&audio.samples) + 20.0).abs() < 3.0, "{language:?}: {} dBFS", loudness(&audio.samples));
            assert!(audio.samples.iter().all(|sample| sample.unsigned_abs() < 32_000), "{language:?} clips");
        }
    }

    #[test]
    fn the_same_text_gives_the_same_sound() {
        let first = speak("Good morning.", &Style::default()).unwrap();
        for _ in 0..8 {
            assert!(speak("Good morning.", &Style::default()).unwrap() == first);
        }
    }

    #[test]
    fn a_slower_style_takes_longer() {
        let length = |speed| speak("The line is busy.", &Style { speed, ..Style::default() }).unwrap().samples.len();
        assert!(length(70) > length(100) && length(100) > length(150) && length(0) == length(50));
    }

    #[test]
    fn nothing_to_speak_is_silence_and_no_error() {
        for text in ["", "   ", "<speak><break time=\"1s\"/></speak>", "…", "\u{1f600}", "\0\0"] {
            assert_eq!(speak(text, &Style::default()), Ok(Audio { rate: RATE, samples: Vec::new() }), "{text:?}");
        }
    }

    #[test]
    fn a_text_of_other_letters_is_no_silence() {
        for text in ["Здравствуйте", "Ваш код 1234", "こんにちは"] {
            assert!(matches!(speak(text, &Style::default()), Err(Error::Unspoken(_))), "{text}");
            assert!(matches!(read(text, ""), Err(Error::Unspoken(_))), "{text}");
        }
        assert!(!speak("A call from Иван, please wait", &Style::default()).unwrap().samples.is_empty());
    }

    #[test]
    fn an_author_learns_what_will_not_be_heard_as_asked() {
        assert_eq!(read("Hello", "Amazon.en_GB_Amy"), Ok(Reading { is_silent: false, remarks: Vec::new() }));
        assert_eq!(read(" <speak/> … ", ""), Ok(Reading { is_silent: true, remarks: Vec::new() }));
        assert_eq!(read("Dobry", "Amazon.pl_PL_Ewa").unwrap().remarks, ["the built-in voice does not know the language of 'Amazon.pl_PL_Ewa': en-US is spoken"]);
        let remarks = read("A call from Иван, please wait", "").unwrap().remarks;
        assert!(remarks.len() == 1 && remarks[0].contains("Cyrillic") && remarks[0].contains("4 of the text's 23"), "{remarks:?}");
    }

    #[test]
    fn a_text_over_the_limit_is_refused() {
        assert_eq!(speak(&"é".repeat(1_501), &Style::default()), Err(Error::TooLong(1_501)));
        assert!(speak(&"a ".repeat(750), &Style::default()).is_ok());
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

        #[test]
        fn any_text_is_spoken(text in "(\\PC|[0-9.,:;$%&#@'\"<>/ \\n-]|[a-zA-Zäéß ]){0,200}", language in 0..Language::ALL.len()) {
            let spoken = speak(&text, &Style { language: Language::ALL[language], ..Style::default() });
            prop_assert!(matches!(spoken, Ok(_) | Err(Error::Unspoken(_))), "{:?}", spoken);
        }
    }
}
