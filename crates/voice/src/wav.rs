//! WAV files (RIFF, 16-bit PCM, mono).

use cordboard_media::Audio;

/// Bytes before the samples.
const HEADER: u32 = 44;

/// The sound as a file.
pub fn encode(audio: &Audio) -> Vec<u8> {
    let size = u32::try_from(audio.samples.len() * 2).unwrap_or(u32::MAX - HEADER);
    let mut file = Vec::with_capacity(HEADER as usize + size as usize);
    file.extend_from_slice(b"RIFF");
    file.extend_from_slice(&(HEADER - 8 + size).to_le_bytes());
    file.extend_from_slice(b"WAVEfmt ");
    file.extend_from_slice(&16_u32.to_le_bytes());
    // PCM, one channel.
    file.extend_from_slice(&[1, 0, 1, 0]);
    file.extend_from_slice(&audio.rate.to_le_bytes());
    file.extend_from_slice(&audio.rate.saturating_mul(2).to_le_bytes());
    // Two bytes per sample, 16 bits.
    file.extend_from_slice(&[2, 0, 16, 0]);
    file.extend_from_slice(b"data");
    file.extend_from_slice(&size.to_le_bytes());
    file.extend(audio.samples.iter().flat_map(|sample| sample.to_le_bytes()));
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_its_size_and_rate() {
        let file = encode(&Audio { rate: 16_000, samples: vec![1, -2] });
        assert_eq!(file.len(), 48);
        assert_eq!(file[4..8], 40_u32.to_le_bytes());
        assert_eq!(file[24..28], 16_000_u32.to_le_bytes());
        assert_eq!(file[40..], [4, 0, 0, 0, 1, 0, 254, 255]);
    }
}
