//! Files of sound, decoded as a whole.

#[cfg(test)]
mod tests;

use std::io::Cursor;

use symphonia::{
    core::{
        audio::{AudioBufferRef, SampleBuffer},
        codecs::{CODEC_TYPE_NULL, Decoder, DecoderOptions},
        errors::Error,
        formats::{FormatOptions, FormatReader},
        io::{MediaSourceStream, MediaSourceStreamOptions},
        meta::MetadataOptions,
        probe::{Hint, ProbeResult},
    },
    default::{get_codecs, get_probe},
};

use crate::{io::Audio, resample};

/// Files that are read at all.
const LONGEST_BYTES: usize = 10 * 1024 * 1024;
/// Seconds of sound that are kept of a file; 10 MiB of MP3 of 32 kbit/s are 44 minutes.
const LONGEST_SECONDS: u64 = 3600;
/// Rates that are taken, samples per second.
const RATES: std::ops::RangeInclusive<u32> = 4000..=192_000;
/// Channels that are mixed to one.
const MOST_CHANNELS: usize = 8;
/// Packets in a row that may be damaged.
const MOST_DAMAGED: u32 = 100;

/// Decode WAV or MP3 to mono sound of the rate that is asked for. Of longer files the first hour is kept; a file that ends early gives
/// what there is. It takes its time (0.1 s for a minute of sound): not for a thread that packets wait for.
///
/// # Errors
/// Why the file is no sound, in words for the scenario.
pub fn decode(bytes: Vec<u8>, rate: u32) -> Result<Audio, String> {
    if bytes.is_empty() {
        return Err("The file is empty".into());
    }
    if bytes.len() > LONGEST_BYTES {
        return Err("The file is longer than 10 MB".into());
    }
    let what = recognise(&bytes)?;
    if what == "wav" {
        examine_wav(&bytes)?;
    }
    // The library's readers panic on some headers that make no sense.
    std::panic::catch_unwind(move || read(bytes, what)).unwrap_or_else(|_| Err("The file is damaged".into())).and_then(|audio| audio.at(rate))
}

fn read(bytes: Vec<u8>, what: &str) -> Result<Audio, String> {
    let stream = MediaSourceStream::new(Box::new(Cursor::new(bytes)), MediaSourceStreamOptions::default());
    let mut hint = Hint::new();
    hint.with_extension(what);
    let options = FormatOptions { enable_gapless: true, ..FormatOptions::default() };
    let ProbeResult { mut format, .. } =
        get_probe().format(&hint, stream, &options, &MetadataOptions::default()).map_err(|error| format!("The file cannot be read: {error}"))?;
    let track = format.tracks().iter().find(|track| track.codec_params.codec != CODEC_TYPE_NULL).ok_or("The file has no sound")?;
    let id = track.id;
    let mut decoder = get_codecs().make(&track.codec_params, &DecoderOptions::default()).map_err(|error| format!("The coding of the file is not understood: {error}"))?;
    let (rate, samples) = samples(format.as_mut(), decoder.as_mut(), id)?;
    Ok(Audio { rate, samples })
}

/// What the first bytes say. Probing alone would search pages of text for something that looks like MP3.
fn recognise(bytes: &[u8]) -> Result<&'static str, String> {
    let start = bytes.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(0);
    let text = &bytes[start..];
    match bytes {
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => Ok("wav"),
        [b'I', b'D', b'3', ..] | [0xff, 0xe0..=0xff, ..] => Ok("mp3"),
        _ if text.first() == Some(&b'<') => Err("The file is a page, not sound".into()),
        [b'O', b'g', b'g', b'S', ..] => Err("Ogg is not understood, only WAV and MP3".into()),
        [b'f', b'L', b'a', b'C', ..] => Err("FLAC is not understood, only WAV and MP3".into()),
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => Err("MP4 is not understood, only WAV and MP3".into()),
        _ => Err("The file is neither WAV nor MP3".into()),
    }
}

/// Whether the format chunk of a WAV makes sense.
fn examine_wav(bytes: &[u8]) -> Result<(), String> {
    let mut rest = bytes.get(12..).unwrap_or_default();
    while let Some((&[a, b, c, d, e, f, g, h], body)) = rest.split_first_chunk() {
        if [a, b, c, d] == *b"fmt " {
            let Some(&[_, _, low, high, r0, r1, r2, r3]) = body.first_chunk() else { break };
            return shape(usize::from(u16::from_le_bytes([low, high])), u32::from_le_bytes([r0, r1, r2, r3]));
        }
        let length = u32::from_le_bytes([e, f, g, h]);
        rest = usize::try_from(length).ok().and_then(|length| body.get(length + length % 2..)).unwrap_or_default();
    }
    Err("The file has no format".into())
}

fn shape(channels: usize, rate: u32) -> Result<(), String> {
    if RATES.contains(&rate) && (1..=MOST_CHANNELS).contains(&channels) { Ok(()) } else { Err(format!("A file of {channels} channels of {rate} Hz is not understood")) }
}

/// All samples, mixed to one channel, and their rate.
fn samples(format: &mut dyn FormatReader, decoder: &mut dyn Decoder, track: u32) -> Result<(u32, Vec<i16>), String> {
    let mut rate = None;
    let mut mono: Vec<i16> = Vec::new();
    let mut damaged = 0;
    // A reader that cannot go on says so by an error, the end of the file among them.
    while let Ok(packet) = format.next_packet() {
        if packet.track_id() != track {
            continue;
        }
        match decoder.decode(&packet) {
            Ok(buffer) => {
                damaged = 0;
                let spec = *buffer.spec();
                if *rate.get_or_insert(spec.rate) != spec.rate {
                    return Err("The rate of the file changes within it".into());
                }
                shape(spec.channels.count(), spec.rate)?;
                mix(buffer, &mut mono);
                if mono.len() as u64 > LONGEST_SECONDS * u64::from(spec.rate) {
                    break;
                }
            }
            Err(Error::DecodeError(_)) if damaged < MOST_DAMAGED => damaged += 1,
            Err(_) => break,
        }
    }
    match rate {
        Some(rate) if !mono.is_empty() => Ok((rate, mono)),
        _ => Err("The file holds no sound".into()),
    }
}

fn mix(buffer: AudioBufferRef<'_>, mono: &mut Vec<i16>) {
    let spec = *buffer.spec();
    let channels = spec.channels.count();
    let mut interleaved = SampleBuffer::<i16>::new(buffer.capacity() as u64, spec);
    interleaved.copy_interleaved_ref(buffer);
    mono.extend(interleaved.samples().chunks_exact(channels).map(|frame| {
        let sum: i32 = frame.iter().map(|sample| i32::from(*sample)).sum();
        i16::try_from(sum / i32::try_from(channels).unwrap_or(1)).unwrap_or(0)
    }));
}

impl Audio {
    /// The same sound at another rate. Like decoding, not for a thread that packets wait for.
    ///
    /// # Errors
    /// One of the rates is none of sound, in words.
    pub fn at(self, rate: u32) -> Result<Self, String> {
        let from = self.rate;
        let samples = if from == rate { Some(self.samples) } else { resample::resample(&self.samples, from, rate) };
        samples.map(|samples| Self { rate, samples }).ok_or_else(|| format!("Sound of {from} Hz is not understood"))
    }
}
