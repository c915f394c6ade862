//! `cordboard speak`, which is also the child that speaks for the server.

use std::{
    io::{IsTerminal, Read, Write},
    process::ExitCode,
};

use anyhow::{Context, Result, ensure};
use cordboard_voice::{Language, MAX_CHARACTERS, Style};
use rustix::process::{Resource, Rlimit, setrlimit};

/// Bytes that are read at most: a character of UTF-8 has four.
const MAX_TEXT: u64 = 4 * MAX_CHARACTERS as u64 + 1;

#[derive(clap::Args)]
pub struct Speak {
    /// The text; without it standard input is read
    text: Vec<String>,
    /// Language such as en-US, en-GB, de-DE, fr-FR, es-ES or it-IT, or the name of a voice that tells one
    #[arg(long, value_name = "NAME", default_value = "en-US")]
    voice: String,
    /// Percent of the usual speed
    #[arg(long, value_name = "PERCENT", default_value_t = 100, value_parser = clap::value_parser!(u16).range(50..=200))]
    speed: u16,
}

/// Writes a WAV file to standard output.
pub fn run(speak: &Speak) -> Result<ExitCode> {
    confine().context("the limits of this process")?;
    ensure!(!std::io::stdout().is_terminal(), "standard output is a terminal; send the WAV file to a file or program");
    let mut text = speak.text.join(" ");
    if speak.text.is_empty() {
        std::io::stdin().lock().take(MAX_TEXT).read_to_string(&mut text).context("standard input")?;
    }
    let audio = cordboard_voice::speak(&text, &Style { language: Language::of(&speak.voice), speed: speak.speed })?;
    std::io::stdout().lock().write_all(&cordboard_voice::wav::encode(&audio)).context("standard output")?;
    Ok(ExitCode::SUCCESS)
}

/// The engine is C code and the text a stranger's: whatever goes wrong takes 10 s of the processor, 256 MiB of memory and files of 16 MiB at most, and no dump.
fn confine() -> rustix::io::Result<()> {
    for (resource, most) in [(Resource::Cpu, 10), (Resource::Data, 256 << 20), (Resource::Fsize, 16 << 20), (Resource::Core, 0)] {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    Ok(())
}
