use super::*;

/// A tone of 440 Hz, half a second at 16 kHz, as lame writes it.
const MP3: &[u8] = include_bytes!("../../tests/nets/corpus/sound/tone.mp3");

fn wav(rate: u32, channels: u16, bits: u16, samples: &[u8]) -> Vec<u8> {
    let block = channels * bits / 8;
    let mut out = b"RIFF".to_vec();
    out.extend((36 + u32::try_from(samples.len()).unwrap()).to_le_bytes());
    out.extend(b"WAVEfmt ");
    out.extend(16u32.to_le_bytes());
    out.extend(1u16.to_le_bytes());
    out.extend(channels.to_le_bytes());
    out.extend(rate.to_le_bytes());
    out.extend((rate * u32::from(block)).to_le_bytes());
    out.extend(block.to_le_bytes());
    out.extend(bits.to_le_bytes());
    out.extend(b"data");
    out.extend(u32::try_from(samples.len()).unwrap().to_le_bytes());
    out.extend(samples);
    out
}

fn error(bytes: &[u8]) -> String {
    decode(bytes.to_vec(), 8000).unwrap_err()
}

#[test]
fn a_wav_of_two_channels_is_their_middle() {
    let samples: Vec<u8> = (0..800).flat_map(|_| [1000i16.to_le_bytes(), 3000i16.to_le_bytes()]).flatten().collect();
    let audio = decode(wav(8000, 2, 16, &samples), 8000).unwrap();
    assert_eq!((audio.rate, audio.samples), (8000, vec![2000; 800]));
}

#[test]
fn a_wav_of_another_rate_and_width_is_converted() {
    let audio = decode(wav(44_100, 1, 8, &[192; 44_100]), 8000).unwrap();
    assert_eq!(audio.samples.len(), 8000);
    assert!((16_000..17_000).contains(&audio.samples[4000]), "{}", audio.samples[4000]);
}

#[test]
fn an_mp3_is_heard() {
    let audio = decode(MP3.to_vec(), 8000).unwrap();
    assert!((3800..4800).contains(&audio.samples.len()), "{}", audio.samples.len());
    let crossings = audio.samples[1000..3000].windows(2).filter(|pair| (pair[0] < 0) != (pair[1] < 0)).count();
    assert!((215..=225).contains(&crossings), "{crossings}");
}

#[test]
fn what_is_no_sound_is_named() {
    assert_eq!(error(b""), "The file is empty");
    assert_eq!(error(b"\n <!DOCTYPE html><html>\xff\xfb</html>"), "The file is a page, not sound");
    assert_eq!(error(b"{\"error\": 404}"), "The file is neither WAV nor MP3");
    assert_eq!(error(b"OggS\0\x02"), "Ogg is not understood, only WAV and MP3");
    assert_eq!(error(&vec![0; LONGEST_BYTES + 1]), "The file is longer than 10 MB");
    assert_eq!(error(&wav(8000, 1, 16, &[])), "The file holds no sound");
}

#[test]
fn strange_shapes_are_refused() {
    for bytes in [wav(8000, 0, 16, &[0; 64]), wav(0, 1, 16, &[0; 64]), wav(8000, 300, 16, &[0; 6000]), wav(8000, 1, 0, &[0; 64]), wav(4_000_000, 1, 16, &[0; 64])] {
        error(&bytes);
    }
}

#[test]
fn a_file_that_ends_early_gives_what_there_is() {
    let mut bytes = wav(8000, 1, 16, &[1; 16_000]);
    bytes.truncate(8044);
    let audio = decode(bytes, 8000).unwrap();
    assert!(audio.samples.len() > 2000, "{}", audio.samples.len());
    let whole = decode(MP3.to_vec(), 8000).unwrap().samples.len();
    let half = decode(MP3[..MP3.len() / 2].to_vec(), 8000).unwrap().samples.len();
    assert!(half > whole / 4 && half < whole, "{half} {whole}");
}
