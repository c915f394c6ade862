//! Chance that is reproducible from its seed.

use chacha20::{
    ChaCha20,
    cipher::{KeyIvInit, StreamCipher},
};

/// A stream of ChaCha20 (RFC 8439); the shell draws the seed.
pub struct Chance(ChaCha20);

impl Chance {
    pub fn new(seed: &[u8; 32]) -> Self {
        Self(ChaCha20::new(seed.into(), &[0; 12].into()))
    }

    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut out = [0; N];
        self.0.apply_keystream(&mut out);
        out
    }

    /// At least 0 and below 1.
    pub fn fraction(&mut self) -> f64 {
        // 53 bits are what a double holds.
        #[allow(clippy::cast_precision_loss)]
        let numerator = (u64::from_le_bytes(self.bytes()) >> 11) as f64;
        numerator / 9_007_199_254_740_992.0
    }
}
