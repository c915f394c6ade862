//! What speaks the texts of scenarios: the voice in this program, another program, or a service over HTTP, as the operator configures it.
//!
//! Errors that come out of here are told to a scenario's author and name nothing of the operator's; the log has the rest.

pub mod command;
mod program;
mod recent;
mod service;
mod turns;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use cordboard_media::{Audio, PLAYED_RATE};
use cordboard_voice::{Language, MAX_CHARACTERS};
use tokio::{sync::Semaphore, time::timeout};

use self::{program::Program, recent::Recent, service::Service, turns::Turns};
use crate::{settings::Settings, way_out::WayOut};

/// Time that a program or service gets for one text.
const TIME: Duration = Duration::from_secs(10);

/// Time from the question to the sound, waiting for a place included.
const TIME_IN_ALL: Duration = Duration::from_secs(20);

/// Bytes of a file that a program or service gives: 5 minutes at 16 kHz.
const MAX_BYTES: usize = 10 * 1024 * 1024;

/// Texts that are spoken at a time. The built-in voice takes some 60 ms of one core for a sentence or two.
const PLACES: usize = 4;

/// Those that one account's texts have.
const SHARE: usize = PLACES / 2;

/// Texts that are spoken or wait, at most; one account has a hundred (`calls::sound`).
const ADMITTED: usize = 1_000;

/// Who speaks.
enum Source {
    /// This program as a child, so that a fault of the engine costs one text and its time is bounded.
    BuiltIn(Program),
    Program(Program),
    Http(Service),
}

/// The voice. Clones are cheap and share everything.
#[derive(Clone)]
pub struct Voice(Arc<Inner>);

struct Inner {
    source: Source,
    admitted: Semaphore,
    turns: Arc<Turns>,
    recent: Mutex<Recent>,
}

impl Voice {
    /// Reads the setting `--voice`: `builtin`, `program:COMMAND`, or the URL of a service. An error names it.
    pub fn open(settings: &Settings, way_out: WayOut) -> Result<Self> {
        let text = settings.voice.trim();
        let source = match text.split_once(':') {
            None if text == "builtin" => Source::BuiltIn(Program::this()),
            Some(("program", command)) => Source::Program(Program::parse(command).context("--voice")?),
            Some(("http" | "https", _)) => Source::Http(Service::parse(text, way_out).context("--voice")?),
            _ => bail!("--voice is builtin, program:COMMAND or the URL of a service"),
        };
        Ok(Self::of(source))
    }

    fn of(source: Source) -> Self {
        Self(Arc::new(Inner { source, admitted: Semaphore::new(ADMITTED), turns: Turns::new(PLACES, SHARE), recent: Mutex::new(Recent::default()) }))
    }

    /// The text as sound of `PLAYED_RATE`. `voice` is the opaque name that the scenario gave, or empty; where nobody knows it, it tells the language.
    /// Recently spoken texts are kept. An error is a sentence for the scenario's author.
    pub async fn speak(&self, account_id: i64, text: &str, voice: &str) -> Result<Arc<Audio>, String> {
        let characters = text.chars().count();
        if characters > MAX_CHARACTERS {
            return Err(format!("the text has {characters} characters, and {MAX_CHARACTERS} can be spoken"));
        }
        if self.is_silent(text, voice)? {
            return Ok(Arc::new(Audio { rate: PLAYED_RATE, samples: Vec::new() }));
        }
        if let Some(audio) = self.recent(text, voice) {
            return Ok(audio);
        }
        let Ok(_admitted) = self.0.admitted.try_acquire() else { return Err("too many texts wait to be spoken".to_owned()) };
        timeout(TIME_IN_ALL, self.make(account_id, text, voice)).await.unwrap_or_else(|_| Err("the text was not spoken in time".to_owned()))
    }

    /// What an author should know of how a text is spoken: letters that are left out, a language that is another one.
    pub fn remarks(&self, text: &str, voice: &str) -> Vec<String> {
        match &self.0.source {
            Source::BuiltIn(_) => cordboard_voice::read(text, voice).map(|reading| reading.remarks).unwrap_or_default(),
            Source::Program(_) | Source::Http(_) => Vec::new(),
        }
    }

    /// Whether there is nothing to speak. What a program or service makes of letters is its own affair.
    fn is_silent(&self, text: &str, voice: &str) -> Result<bool, String> {
        match &self.0.source {
            Source::BuiltIn(_) => {
                let reading = cordboard_voice::read(text, voice).map_err(|error| error.to_string())?;
                Ok(reading.is_silent)
            }
            Source::Program(_) | Source::Http(_) => Ok(text.trim().is_empty()),
        }
    }

    async fn make(&self, account_id: i64, text: &str, voice: &str) -> Result<Arc<Audio>, String> {
        let _turn = self.0.turns.take(account_id).await;
        // Another call may have asked for the same text in the meantime.
        if let Some(audio) = self.recent(text, voice) {
            return Ok(audio);
        }
        let spoken = timeout(TIME, self.ask(text, voice)).await.unwrap_or_else(|_| Err(format!("it took longer than {} s", TIME.as_secs())));
        let audio = match spoken {
            Ok(audio) => Arc::new(audio),
            Err(reason) => {
                tracing::warn!("a text of {} characters was not spoken: {reason}", text.chars().count());
                return Err("the voice failed".to_owned());
            }
        };
        self.0.recent.lock().unwrap_or_else(PoisonError::into_inner).keep(text, voice, &audio);
        Ok(audio)
    }

    async fn ask(&self, text: &str, voice: &str) -> Result<Audio, String> {
        let (voice, language) = (plain(voice), Language::of(voice).tag());
        let file = match &self.0.source {
            Source::BuiltIn(program) => program.run(text, language, language).await?,
            Source::Program(program) => program.run(text, if voice.is_empty() { language } else { &voice }, language).await?,
            Source::Http(service) => service.ask(text, &voice, language).await?,
        };
        tokio::task::spawn_blocking(move || cordboard_media::file::decode(file, PLAYED_RATE)).await.map_err(|error| error.to_string())?
    }

    fn recent(&self, text: &str, voice: &str) -> Option<Arc<Audio>> {
        self.0.recent.lock().unwrap_or_else(PoisonError::into_inner).find(text, voice)
    }
}

/// A voice's name as a program may get it: nothing that reads as an option or a path.
fn plain(voice: &str) -> String {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "_-.".contains(character);
    let fits = voice.len() <= 64 && voice.chars().all(is_plain) && voice.starts_with(|first: char| first.is_ascii_alphanumeric());
    if fits { voice.to_owned() } else { String::new() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use clap::Parser;

    use super::{testing::*, *};
    use crate::testing::Folder;

    #[derive(Parser)]
    struct Only {
        #[command(flatten)]
        settings: Settings,
    }

    fn opened(voice: &str) -> Result<Voice> {
        let settings = Only::try_parse_from(["serve", "--voice", voice]).unwrap().settings;
        Voice::open(&settings, WayOut::open(&settings)?)
    }

    #[test]
    fn the_setting_names_one_of_three_and_a_wrong_one_is_named() {
        for voice in ["builtin", "program:espeak-ng -v {language} --stdout", "http://127.0.0.1:5002/api", "https://speech.example/"] {
            assert!(opened(voice).is_ok(), "{voice}");
        }
        for voice in ["", "flite", "program:", "program:say 'it", "http://", "ftp://speech.example/"] {
            assert!(format!("{:#}", opened(voice).err().unwrap()).contains("--voice"), "{voice}");
        }
    }

    #[tokio::test]
    async fn a_text_that_the_built_in_voice_has_no_letters_for_says_so() {
        let voice = Voice::of(Source::BuiltIn(Program::parse("false").unwrap()));
        for text in ["Здравствуйте", "Ваш код 1234"] {
            let error = voice.speak(1, text, "Amazon.ru_RU_Tatyana").await.unwrap_err();
            assert!(error.contains("(Cyrillic)"), "{error}");
        }
        let other = Voice::of(Source::Program(Program::parse("false").unwrap()));
        assert_eq!(other.speak(1, "Здравствуйте", "").await.unwrap_err(), "the voice failed");
    }

    #[tokio::test]
    async fn nothing_to_speak_is_silence_whoever_speaks() {
        let program = || Program::parse("false").unwrap();
        for (source, text) in [(Source::BuiltIn(program()), ""), (Source::BuiltIn(program()), "<speak>…</speak>"), (Source::Program(program()), " \n")] {
            assert_eq!(*Voice::of(source).speak(1, text, "").await.unwrap(), Audio { rate: PLAYED_RATE, samples: Vec::new() }, "{text:?}");
        }
    }

    #[tokio::test]
    async fn a_text_is_spoken_once_and_kept() {
        let folder = Folder::new();
        let program = script(&folder, &format!("cat >/dev/null; echo x >>'{}'; cat '{}'", folder.path("count"), wav(&folder)));
        let voice = Voice::of(Source::Program(Program::parse(&program).unwrap()));
        for _ in 0..3 {
            assert_eq!(*voice.speak(1, "Hello", "").await.unwrap(), sound().at(PLAYED_RATE).unwrap());
        }
        let (first, second) = tokio::join!(voice.speak(1, "Hello", "en-GB"), voice.speak(1, "Good evening", ""));
        assert!(first.is_ok() && second.is_ok());
        assert_eq!(std::fs::read_to_string(folder.path("count")).unwrap().len(), 6, "three runs");
    }

    #[tokio::test]
    async fn an_account_whose_texts_take_long_keeps_no_other_waiting() {
        let folder = Folder::new();
        let voice = Voice::of(Source::Program(Program::parse(&script(&folder, &format!("cat >/dev/null; cat '{}'", wav(&folder)))).unwrap()));
        let _long = (voice.0.turns.take(1).await, voice.0.turns.take(1).await);
        tokio::select! {
            biased;
            _ = voice.speak(1, "Hello", "") => panic!("it has its share"),
            other = voice.speak(2, "Hello", "") => assert!(other.is_ok()),
        }
    }

    #[tokio::test]
    async fn the_author_hears_nothing_of_the_operators_machine() {
        for program in ["/nowhere/secret-program", "false", "echo not a file"] {
            let voice = Voice::of(Source::Program(Program::parse(program).unwrap()));
            assert_eq!(voice.speak(1, "Hello", "").await.unwrap_err(), "the voice failed");
        }
    }

    #[tokio::test]
    async fn a_long_text_and_a_full_queue_are_refused() {
        let voice = Voice::of(Source::Program(Program::parse("false").unwrap()));
        assert!(voice.speak(1, &"a".repeat(1_501), "").await.unwrap_err().contains("1500"));
        let _all = voice.0.admitted.try_acquire_many(ADMITTED as u32).unwrap();
        assert_eq!(voice.speak(1, "Hello", "").await.unwrap_err(), "too many texts wait to be spoken");
    }

    #[test]
    fn a_voices_name_is_no_option_and_no_path() {
        assert_eq!(plain("Amazon.Neural.en_US_Joanna"), "Amazon.Neural.en_US_Joanna");
        for voice in ["-f/etc/passwd", "../x", "a b", "é", "", ".", &"a".repeat(65)] {
            assert_eq!(plain(voice), "", "{voice}");
        }
    }
}

#[cfg(test)]
mod testing {
    use cordboard_media::Audio;

    use crate::testing::Folder;

    pub fn sound() -> Audio {
        Audio { rate: 16_000, samples: (0..1_600).collect() }
    }

    /// A file with `sound`.
    pub fn wav(folder: &Folder) -> String {
        folder.file("sound.wav", cordboard_voice::wav::encode(&sound()))
    }

    /// A command that runs these lines of shell; what follows it are their arguments.
    pub fn script(folder: &Folder, lines: &str) -> String {
        format!("sh '{}'", folder.file("script.sh", lines))
    }
}
