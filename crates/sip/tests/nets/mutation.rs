//! Bytes that are nearly right: kept seeds, changed by a generator that always draws the same numbers.

use std::{fs, path::Path};

/// Pieces that parsers of SIP stumble over.
const PIECES: [&[u8]; 36] = [
    b"\0",
    b"\xff",
    b"\xc3",
    b"%",
    b"%0",
    b"%00",
    b"%ff",
    b"%23",
    b";",
    b";;",
    b",",
    b"=",
    b"@",
    b"<",
    b">",
    b"[",
    b"]",
    b":::",
    b"\r\n",
    b"\r\n ",
    b"\n\n",
    b"\r",
    b"\r\n\r\n",
    b"\"",
    b"\\",
    b"\\\"",
    b"*",
    b"?",
    b"-1",
    b"4294967296",
    b"99999999999999999999",
    b"SIP/2.0",
    b"Content-Length: 7\r\n",
    b"l:0\r\n",
    "\u{10ffff}".as_bytes(),
    "\u{1f600}".as_bytes(),
];

/// Bytes of an input at most.
const LONGEST: usize = 4_096;

/// Marsaglia's xorshift64 with the multiplier of xorshift64*.
pub struct Draw(u64);

impl Draw {
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
}

/// The files of a directory, in the order of their names.
pub fn files(directory: &str) -> Vec<Vec<u8>> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(directory);
    let mut paths: Vec<_> = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// The kept inputs of a target: one a line of `lines.txt`, others a file.
fn seeds(target: &str) -> Vec<Vec<u8>> {
    let directory = format!("nets/corpus/{target}");
    let mut seeds = files(&directory);
    if let Ok(lines) = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(&directory).join("lines.txt")) {
        seeds.extend(lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(<[u8]>::to_vec));
        seeds.retain(|seed| *seed != lines);
    }
    seeds
}

fn mutated(draw: &mut Draw, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = seeds[draw.below(seeds.len())].clone();
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
                let other = &seeds[draw.below(seeds.len())];
                let from = draw.below(other.len() + 1);
                bytes.splice(at.., other[from..].iter().copied());
            }
            _ => drop(bytes.splice(at..at, PIECES[draw.below(PIECES.len())].iter().copied())),
        }
    }
    bytes.truncate(LONGEST);
    bytes
}

/// Runs the kept inputs, then `usual` times `FUZZ_ROUNDS` changed ones. A panic names the input, which is then kept in the corpus.
pub fn fuzz(target: &str, more: Vec<Vec<u8>>, usual: usize, mut run: impl FnMut(&[u8], &mut Draw)) {
    let mut seeds = seeds(target);
    seeds.extend(more);
    assert!(seeds.len() >= 4, "the corpus of {target} has only {} inputs", seeds.len());
    let mut draw = Draw::seeded(0x0c0d_b0a2d);
    let rounds = usual * std::env::var("FUZZ_ROUNDS").map_or(1, |times| times.parse().expect("FUZZ_ROUNDS is a number"));
    for round in 0..seeds.len() + rounds {
        let input = seeds.get(round).cloned().unwrap_or_else(|| mutated(&mut draw, &seeds));
        let ran = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(&input, &mut draw)));
        assert!(ran.is_ok(), "round {round} of {target} failed; keep its input in tests/nets/corpus/{target}: b\"{}\"", input.escape_ascii());
    }
}
