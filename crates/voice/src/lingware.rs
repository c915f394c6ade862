//! The engine's data, inside the program.

use std::io::{self, Write};

use tempfile::NamedTempFile;

use crate::Language;

/// Bytes of a path at most: the engine copies it into 512 bytes without looking.
const MAX_PATH: usize = 200;

macro_rules! lingware {
    ($name:literal) => {
        include_bytes!(concat!(env!("CORDBOARD_LINGWARE"), "/", $name)).as_slice()
    };
}

/// Text analysis and signal generation.
pub fn of(language: Language) -> [&'static [u8]; 2] {
    match language {
        Language::EnglishUs => [lingware!("en-US_ta.bin"), lingware!("en-US_lh0_sg.bin")],
        Language::EnglishGb => [lingware!("en-GB_ta.bin"), lingware!("en-GB_kh0_sg.bin")],
        Language::German => [lingware!("de-DE_ta.bin"), lingware!("de-DE_gl0_sg.bin")],
        Language::French => [lingware!("fr-FR_ta.bin"), lingware!("fr-FR_nk0_sg.bin")],
        Language::Spanish => [lingware!("es-ES_ta.bin"), lingware!("es-ES_zl0_sg.bin")],
        Language::Italian => [lingware!("it-IT_ta.bin"), lingware!("it-IT_cm0_sg.bin")],
    }
}

/// A file with a short path, because the engine reads its data from a path alone. The file is gone with the value.
pub struct OnDisk {
    _file: NamedTempFile,
    path: String,
}

impl OnDisk {
    pub fn new(bytes: &[u8]) -> io::Result<Self> {
        // The engine takes no other ending.
        let mut file = tempfile::Builder::new().prefix("cordboard-").suffix(".bin").tempfile()?;
        file.write_all(bytes)?;
        let path = file.path().to_str().filter(|path| path.len() <= MAX_PATH).map(str::to_owned);
        path.map(|path| Self { _file: file, path }).ok_or_else(|| io::Error::new(io::ErrorKind::InvalidFilename, "the name of the temporary folder is too long"))
    }

    pub fn path(&self) -> &str {
        &self.path
    }
}
