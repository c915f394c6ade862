//! Both laws of ITU-T G.711: one byte per sample of 8 kHz.

/// Silence in µ-law.
pub const ULAW_SILENCE: u8 = 0xff;
/// Silence in A-law.
pub const ALAW_SILENCE: u8 = 0xd5;
/// What µ-law adds to magnitudes, so that segments begin at powers of two (ITU-T G.711 table 2).
const BIAS: i32 = 0x84;
/// The greatest magnitude that µ-law holds after the bias.
const CLIP: i32 = 32_635;

/// From µ-law to samples of 16 bits.
pub static ULAW: [i16; 256] = {
    let mut table = [0; 256];
    let mut code = 0;
    while code < 256 {
        table[code] = decode_ulaw(low(code));
        code += 1;
    }
    table
};

/// From A-law to samples of 16 bits.
pub static ALAW: [i16; 256] = {
    let mut table = [0; 256];
    let mut code = 0;
    while code < 256 {
        table[code] = decode_alaw(low(code));
        code += 1;
    }
    table
};

/// From µ-law to A-law.
pub static ULAW_TO_ALAW: [u8; 256] = {
    let mut table = [0; 256];
    let mut code = 0;
    while code < 256 {
        table[code] = encode_alaw(decode_ulaw(low(code)));
        code += 1;
    }
    table
};

/// From A-law to µ-law.
pub static ALAW_TO_ULAW: [u8; 256] = {
    let mut table = [0; 256];
    let mut code = 0;
    while code < 256 {
        table[code] = encode_ulaw(decode_alaw(low(code)));
        code += 1;
    }
    table
};

#[allow(clippy::cast_possible_truncation)]
const fn low(code: usize) -> u8 {
    code as u8
}

const fn decode_ulaw(code: u8) -> i16 {
    let code = !code;
    let magnitude = (((code as i16 & 0x0f) << 3) + 0x84) << ((code & 0x70) >> 4);
    if code & 0x80 != 0 { 0x84 - magnitude } else { magnitude - 0x84 }
}

const fn decode_alaw(code: u8) -> i16 {
    let code = code ^ 0x55;
    let exponent = (code & 0x70) >> 4;
    let mantissa = (code as i16 & 0x0f) << 4;
    let magnitude = if exponent == 0 { mantissa + 8 } else { (mantissa + 0x108) << (exponent - 1) };
    if code & 0x80 != 0 { magnitude } else { -magnitude }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub const fn encode_ulaw(sample: i16) -> u8 {
    let magnitude = (sample as i32).abs();
    let magnitude = (if magnitude > CLIP { CLIP } else { magnitude }) + BIAS;
    let exponent = 24 - magnitude.leading_zeros() as i32;
    let mantissa = magnitude >> (exponent + 3) & 0x0f;
    let sign = if sample < 0 { 0x80 } else { 0 };
    !(sign | exponent << 4 | mantissa) as u8
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub const fn encode_alaw(sample: i16) -> u8 {
    // 13 bits with the sign, in which −1 is the first negative step.
    let magnitude = if sample < 0 { !(sample as i32) } else { sample as i32 } >> 4;
    let exponent = if magnitude < 16 { 0 } else { 28 - magnitude.leading_zeros() as i32 };
    let mantissa = (if exponent == 0 { magnitude } else { magnitude >> (exponent - 1) }) & 0x0f;
    let sign = if sample < 0 { 0 } else { 0x80 };
    (sign | exponent << 4 | mantissa) as u8 ^ 0x55
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_codes_have_their_values() {
        assert_eq!([0x00, 0x80, 0xff, 0x7f, 0xf0].map(|code| ULAW[code]), [-32_124, 32_124, 0, 0, 120]);
        assert_eq!([0xd5, 0x55, 0xaa, 0x2a, 0x80].map(|code| ALAW[code]), [8, -8, 32_256, -32_256, 5504]);
        assert_eq!((encode_ulaw(0), encode_alaw(0)), (ULAW_SILENCE, ALAW_SILENCE));
    }

    #[test]
    fn every_code_comes_back_from_its_value() {
        for code in 0..=255u8 {
            let value = ULAW[usize::from(code)];
            // µ-law has two zeros.
            assert!(encode_ulaw(value) == code || value == 0, "{code}");
            assert_eq!(encode_alaw(ALAW[usize::from(code)]), code);
        }
    }

    #[test]
    fn every_sample_is_near_its_value() {
        for sample in i16::MIN..=i16::MAX {
            let wide = i32::from(sample);
            let allowed = 8 + wide.abs() / 16;
            let ulaw = i32::from(ULAW[usize::from(encode_ulaw(sample))]);
            let alaw = i32::from(ALAW[usize::from(encode_alaw(sample))]);
            assert!((ulaw - wide).abs() <= allowed, "{sample} {ulaw}");
            assert!((alaw - wide).abs() <= allowed, "{sample} {alaw}");
        }
    }

    #[test]
    fn changing_the_law_keeps_the_sound() {
        for code in 0..256 {
            let (before, after) = (i32::from(ULAW[code]), i32::from(ALAW[usize::from(ULAW_TO_ALAW[code])]));
            assert!((before - after).abs() <= 8 + before.abs() / 16, "{before} {after}");
            assert_eq!(ALAW_TO_ULAW[code], encode_ulaw(ALAW[code]));
        }
    }
}
