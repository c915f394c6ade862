//! Fuzzing on stable Rust, for tests: kept inputs, and changed ones that are the same in every run.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by a panic")]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Bytes of an input at most.
const LONGEST: usize = 4_096;

/// Inputs that a corpus has at least.
const FEWEST: usize = 4;

/// Changes to an input, each drawn from a seed.
pub struct Draw(u64);

impl Draw {
    pub fn seeded(seed: u64) -> Self {
        Self(seed | 1)
    }

    /// xorshift64*.
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

/// What is tried, and with what.
pub struct Target {
    name: &'static str,
    corpus: PathBuf,
    pieces: &'static [&'static [u8]],
    seeds: Vec<Vec<u8>>,
}

impl Target {
    /// The kept inputs of a target in `tests/nets/corpus/<name>` of a crate (`env!("CARGO_MANIFEST_DIR")`): one a line of `lines.txt`,
    /// others a file. `pieces` are what its parser stumbles over.
    pub fn new(crate_folder: &str, name: &'static str, pieces: &'static [&'static [u8]]) -> Self {
        let corpus = Path::new(crate_folder).join("tests/nets/corpus").join(name);
        let mut seeds = files(&corpus);
        if let Ok(lines) = fs::read(corpus.join("lines.txt")) {
            seeds.retain(|seed| *seed != lines);
            seeds.extend(lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(<[u8]>::to_vec));
        }
        Self { name, corpus, pieces, seeds }
    }

    /// The same target with inputs that are kept elsewhere.
    #[must_use]
    pub fn and(mut self, more: impl IntoIterator<Item = Vec<u8>>) -> Self {
        self.seeds.extend(more);
        self
    }

    /// Runs the kept inputs, then `usual` times the environment's `FUZZ_ROUNDS` changed ones.
    ///
    /// # Panics
    /// Where an input makes `run` panic; the message names it, and it is then kept in the corpus.
    pub fn fuzz(&self, usual: usize, mut run: impl FnMut(&[u8], &mut Draw)) {
        let (name, kept) = (self.name, self.seeds.len());
        assert!(kept >= FEWEST, "the corpus of {name} has only {kept} inputs");
        let mut draw = Draw::seeded(0x0c0d_b0a2d);
        let rounds = usual * std::env::var("FUZZ_ROUNDS").map_or(1, |times| times.parse().expect("FUZZ_ROUNDS is a number"));
        for round in 0..kept + rounds {
            let input = self.seeds.get(round).cloned().unwrap_or_else(|| self.changed(&mut draw));
            let ran = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(&input, &mut draw)));
            assert!(ran.is_ok(), "round {round} of {name} failed; keep its input in {}: b\"{}\"", self.corpus.display(), input.escape_ascii());
        }
    }

    /// A kept input, changed in one to six places.
    fn changed(&self, draw: &mut Draw) -> Vec<u8> {
        let mut bytes = self.seeds[draw.below(self.seeds.len())].clone();
        for _ in 0..=draw.below(6) {
            let at = draw.below(bytes.len() + 1);
            let end = (at + 1 + draw.below(16)).min(bytes.len());
            match draw.below(8) {
                0 if at < bytes.len() => bytes[at] ^= 1 << draw.below(8),
                1 if at < bytes.len() => bytes[at] = draw.below(256) as u8,
                2 => drop(bytes.drain(at..end)),
                3 => drop(bytes.splice(at..at, bytes[at..end].repeat(1 + draw.below(8)))),
                4 => bytes.truncate(at),
                5 => {
                    let other = &self.seeds[draw.below(self.seeds.len())];
                    let from = draw.below(other.len() + 1);
                    bytes.splice(at.., other[from..].iter().copied());
                }
                _ => drop(bytes.splice(at..at, draw.pick(self.pieces).iter().copied())),
            }
        }
        bytes.truncate(LONGEST);
        bytes
    }
}

/// The files of a folder, in the order of their names.
pub fn files(folder: &Path) -> Vec<Vec<u8>> {
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())).map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target() -> Target {
        Target { name: "letters", corpus: PathBuf::from("corpus"), pieces: &[b"!"], seeds: vec![b"abcdefgh".to_vec(); FEWEST] }
    }

    #[test]
    fn the_kept_inputs_come_first_and_the_changed_ones_are_always_the_same() {
        let ran = || {
            let mut inputs = Vec::new();
            target().fuzz(50, |input, _| inputs.push(input.to_vec()));
            inputs
        };
        let inputs = ran();
        assert_eq!((inputs.len(), &inputs[FEWEST - 1]), (FEWEST + 50, &b"abcdefgh".to_vec()));
        assert!(inputs[FEWEST..].iter().filter(|input| **input != b"abcdefgh").count() > 40);
        assert_eq!(inputs, ran());
    }

    #[test]
    #[should_panic(expected = "keep its input in corpus: b\"abcdefgh\"")]
    fn an_input_that_makes_it_panic_is_named() {
        target().fuzz(0, |input, _| assert!(input.is_empty()));
    }

    #[test]
    #[should_panic(expected = "the corpus of letters has only 0 inputs")]
    fn a_corpus_that_is_empty_is_no_test() {
        Target { seeds: Vec::new(), ..target() }.fuzz(1, |_, _| {});
    }
}
