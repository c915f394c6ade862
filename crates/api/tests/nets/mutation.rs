//! Bytes that are nearly right: kept seeds, changed by a generator that always draws the same numbers.

use std::fs;

use crate::committed::in_crate;

/// Pieces that parsers stumble over.
const PIECES: [&[u8]; 24] = [
    b"\0",
    b"\xff",
    b"\xc3",
    b"%",
    b"%0",
    b"%00",
    b"%ff",
    b"&",
    b"=",
    b";",
    b"\r\n",
    b"--",
    b"\"",
    b"\\",
    b"{",
    b"[",
    b"null",
    b"-1",
    b"1e999",
    b"9223372036854775808",
    b"-9223372036854775808",
    "\u{202e}".as_bytes(),
    "\u{feff}".as_bytes(),
    "\u{1f600}".as_bytes(),
];

/// Bytes of an input at most.
const LONGEST: usize = 4_096;

/// Marsaglia's xorshift64 with the multiplier of xorshift64*.
pub struct Chance(u64);

impl Chance {
    pub fn seeded(seed: u64) -> Self {
        Self(seed | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number below `end`; 0 when there is none.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() >> 11) as usize % end.max(1)
    }

    pub fn pick<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }
}

/// The kept inputs of a target, in the order of their names.
pub fn seeds(target: &str) -> Vec<Vec<u8>> {
    let mut paths: Vec<_> = fs::read_dir(in_crate("tests/nets/corpus").join(target)).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() >= 4, "the corpus of {target} has only {} files", paths.len());
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// How often a target is tried: `usual` times the environment's `FUZZ_ROUNDS`.
pub fn rounds(usual: usize) -> usize {
    usual * std::env::var("FUZZ_ROUNDS").map_or(1, |times| times.parse().expect("FUZZ_ROUNDS is a number"))
}

/// A seed, changed in one to six places.
pub fn mutated(chance: &mut Chance, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = seeds[chance.below(seeds.len())].clone();
    for _ in 0..=chance.below(6) {
        let at = chance.below(bytes.len() + 1);
        let end = (at + 1 + chance.below(16)).min(bytes.len());
        match chance.below(8) {
            0 if at < bytes.len() => bytes[at] ^= 1 << chance.below(8),
            1 if at < bytes.len() => bytes[at] = chance.below(256) as u8,
            2 => drop(bytes.drain(at..end)),
            3 => drop(bytes.splice(at..at, bytes[at..end].repeat(1 + chance.below(8)))),
            4 => bytes.truncate(at),
            5 => {
                let other = &seeds[chance.below(seeds.len())];
                let from = chance.below(other.len() + 1);
                bytes.splice(at.., other[from..].iter().copied());
            }
            _ => drop(bytes.splice(at..at, chance.pick(&PIECES).iter().copied())),
        }
    }
    bytes.truncate(LONGEST);
    bytes
}

/// Runs the kept inputs, then changed ones. A panic names the input, which is then kept as a file of the corpus.
pub fn fuzz(target: &str, usual: usize, mut run: impl FnMut(&[u8], &mut Chance)) {
    let seeds = seeds(target);
    let mut chance = Chance::seeded(0x0c0d_b0a2d);
    let kept = seeds.len();
    for round in 0..kept + rounds(usual) {
        let input = seeds.get(round).cloned().unwrap_or_else(|| mutated(&mut chance, &seeds));
        let ran = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(&input, &mut chance)));
        assert!(ran.is_ok(), "round {round} of {target} failed; keep its input in tests/nets/corpus/{target}: b\"{}\"", input.escape_ascii());
    }
}
