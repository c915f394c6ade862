use std::io::Cursor;

use cordboard_media::Audio;
use hound::{SampleFormat, WavReader};

/// Seconds of sound that are taken.
const MAX_SECONDS: u32 = 240;

/// The first channel of a WAV file. A file that ends before its header says so is taken as far as it goes: programs that write to a pipe do not know the length.
pub fn audio(file: &[u8]) -> Result<Audio, String> {
    let mut reader = WavReader::new(Cursor::new(file)).map_err(|error| format!("what came is no WAV file: {error}"))?;
    let form = reader.spec();
    if !(8_000..=192_000).contains(&form.sample_rate) || !(1..=8).contains(&form.channels) || !(1..=32).contains(&form.bits_per_sample) {
        return Err(format!("{} channels of {} bits at {} Hz are not spoken", form.channels, form.bits_per_sample, form.sample_rate));
    }
    let (every, most) = (usize::from(form.channels), (form.sample_rate * MAX_SECONDS) as usize);
    // The values are brought to 16 bits; the casts of floating-point numbers saturate.
    #[allow(clippy::cast_possible_truncation)]
    let samples: Vec<i16> = match form.sample_format {
        SampleFormat::Int => {
            let shift = u32::from(form.bits_per_sample);
            let scaled = |sample: i32| if shift >= 16 { sample >> (shift - 16) } else { sample << (16 - shift) };
            reader.samples::<i32>().map_while(Result::ok).step_by(every).take(most).map(|sample| scaled(sample) as i16).collect()
        }
        SampleFormat::Float => reader.samples::<f32>().map_while(Result::ok).step_by(every).take(most).map(|sample| (sample * 32_767.0) as i16).collect(),
    };
    if samples.is_empty() { Err("the WAV file has no samples".to_owned()) } else { Ok(Audio { rate: form.sample_rate, samples }) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_file_whose_length_is_not_known_is_taken_as_far_as_it_goes() {
        let mut file = cordboard_voice::wav::encode(&Audio { rate: 22_050, samples: vec![1, -2, 3] });
        file[4..8].copy_from_slice(&0x7fff_f024_u32.to_le_bytes());
        file[40..44].copy_from_slice(&0x7fff_f000_u32.to_le_bytes());
        assert_eq!(audio(&file), Ok(Audio { rate: 22_050, samples: vec![1, -2, 3] }));
    }

    #[test]
    fn what_is_no_sound_is_an_error() {
        let whole = cordboard_voice::wav::encode(&Audio { rate: 16_000, samples: vec![7; 20] });
        for end in 0..=44 {
            assert!(audio(&whole[..end]).is_err(), "{end}");
        }
        assert!(audio(b"<html>").is_err());
        assert!(audio(&cordboard_voice::wav::encode(&Audio { rate: 1, samples: vec![1] })).is_err());
    }
}
