//! Sentences through SVOX Pico.

use std::ffi::{CString, c_char, c_void};

use ttspico_sys as pico;

use crate::{
    Error, RATE, Style,
    lingware::{self, OnDisk},
};

/// All memory that the engine has, lingware included; the largest language takes half of it. In words, for its alignment.
const MEMORY_WORDS: usize = 4 * 1024 * 1024 / size_of::<u128>();

/// Sound of one text at most: 4 minutes. 1,500 characters of prose take a minute and a half.
const MAX_SAMPLES: usize = 240 * RATE as usize;

/// Steps in a row that may give no sound; a sentence takes some hundreds.
const MAX_SILENT_STEPS: u32 = 100_000;

/// The engine's own volume, in percent: at 100 it clips.
const VOLUME: u16 = 45;

/// Samples that one step may give.
const STEP: usize = 1_024;

pub fn speak(sentences: &[String], style: &Style) -> Result<Vec<i16>, Error> {
    let [analysis, generation] = lingware::of(style.language).map(|bytes| OnDisk::new(bytes).map_err(|error| Error::Engine(format!("no temporary file: {error}"))));
    let mut engine = Engine::open([&analysis?, &generation?])?;
    let (speed, mut samples) = (style.speed.clamp(50, 200), Vec::new());
    for sentence in sentences {
        // The zero byte ends the text and starts the work.
        let text = format!("<volume level=\"{VOLUME}\"><speed level=\"{speed}\">{sentence}</speed></volume>\0");
        engine.speak(text.as_bytes(), &mut samples)?;
    }
    Ok(samples)
}

/// The engine with one voice. Its C interface writes only into the memory that it was given and the buffers of a call.
struct Engine {
    system: pico::pico_System,
    engine: pico::pico_Engine,
    /// What both pointers point into. Zeroed, because the engine takes what it finds there for a part of its sound.
    _memory: Vec<u128>,
}

#[allow(unsafe_code)]
impl Engine {
    fn open(resources: [&OnDisk; 2]) -> Result<Self, Error> {
        let mut memory = vec![0_u128; MEMORY_WORDS];
        let size = u32::try_from(MEMORY_WORDS * size_of::<u128>()).unwrap_or(u32::MAX);
        let mut system = std::ptr::null_mut();
        // SAFETY: the memory has that size and lives as long as the system, which `drop` ends.
        done(unsafe { pico::pico_initialize(memory.as_mut_ptr().cast::<c_void>(), size, &raw mut system) }, "pico_initialize")?;
        let mut opened = Self { system, engine: std::ptr::null_mut(), _memory: memory };
        let voice = c"voice".as_ptr().cast::<pico::pico_Char>();
        // SAFETY: the system is initialised, and the name ends in a zero byte.
        done(unsafe { pico::pico_createVoiceDefinition(system, voice) }, "pico_createVoiceDefinition")?;
        for file in resources {
            let path = CString::new(file.path()).map_err(|error| Error::Engine(error.to_string()))?;
            let (mut resource, mut name) = (std::ptr::null_mut(), [0 as c_char; pico::PICO_RETSTRINGSIZE]);
            // SAFETY: the system is initialised, the path ends in a zero byte and is short (`OnDisk`), and the name has the size that the engine's names have at most.
            unsafe {
                done(pico::pico_loadResource(system, path.as_ptr().cast(), &raw mut resource), "pico_loadResource")?;
                done(pico::pico_getResourceName(system, resource, name.as_mut_ptr()), "pico_getResourceName")?;
                done(pico::pico_addResourceToVoiceDefinition(system, voice, name.as_ptr().cast()), "pico_addResourceToVoiceDefinition")?;
            }
        }
        // SAFETY: the voice has the resources for analysis and for generation, without which this call would fault.
        done(unsafe { pico::pico_newEngine(system, voice, &raw mut opened.engine) }, "pico_newEngine")?;
        Ok(opened)
    }

    fn speak(&mut self, mut text: &[u8], samples: &mut Vec<i16>) -> Result<(), Error> {
        let (mut buffer, mut silent) = ([0_i16; STEP], 0);
        let size = i16::try_from(size_of_val(&buffer)).unwrap_or(i16::MAX);
        loop {
            if !text.is_empty() {
                let (length, mut taken) = (i16::try_from(text.len()).unwrap_or(i16::MAX), 0);
                // SAFETY: the engine is open, and the text has at least that length.
                done(unsafe { pico::pico_putTextUtf8(self.engine, text.as_ptr(), length, &raw mut taken) }, "pico_putTextUtf8")?;
                text = text.get(usize::try_from(taken).unwrap_or_default()..).unwrap_or_default();
            }
            let (mut bytes, mut kind) = (0, 0);
            // SAFETY: the engine is open, and the buffer has that size in bytes.
            let status = unsafe { pico::pico_getData(self.engine, buffer.as_mut_ptr().cast::<c_void>(), size, &raw mut bytes, &raw mut kind) };
            let count = usize::try_from(bytes).unwrap_or_default() / size_of::<i16>();
            samples.extend(buffer.iter().take(count));
            silent = if count > 0 { 0 } else { silent + 1 };
            if samples.len() > MAX_SAMPLES {
                return Err(Error::TooMuch);
            }
            if silent > MAX_SILENT_STEPS {
                return Err(Error::Engine("it does not come to an end".to_owned()));
            }
            match status {
                pico::PICO_STEP_BUSY => {}
                pico::PICO_STEP_IDLE if text.is_empty() => return Ok(()),
                pico::PICO_STEP_IDLE => {}
                status => done(status, "pico_getData")?,
            }
        }
    }
}

#[allow(unsafe_code)]
impl Drop for Engine {
    fn drop(&mut self) {
        // SAFETY: both were made by `open`, the engine perhaps not; nothing is called after this. The system unloads its resources.
        unsafe {
            if !self.engine.is_null() {
                pico::pico_disposeEngine(self.system, &raw mut self.engine);
            }
            pico::pico_terminate(&raw mut self.system);
        }
    }
}

fn done(status: pico::pico_Status, call: &str) -> Result<(), Error> {
    if status == pico::PICO_OK { Ok(()) } else { Err(Error::Engine(format!("{call} gave {status}"))) }
}
