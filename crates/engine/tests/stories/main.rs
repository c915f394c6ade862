//! Whole sessions: stories in simulated time, their replay from recordings, and scripts that mean harm.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod happenings;
mod hostile;
mod random;
mod replay;
mod story;
mod transcript;
mod world;

use std::path::PathBuf;

use story::Story;

fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let mut found: Vec<_> =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|is| is == extension)).collect();
    found.sort();
    assert!(!found.is_empty(), "no .{extension} in {}", folder.display());
    found
}

fn stories() -> Vec<Story> {
    files("stories", "story").iter().map(|path| Story::read(path)).collect()
}

#[test]
fn every_story_goes_as_it_is_written() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut wrong = Vec::new();
    for story in stories() {
        let told = story.tell();
        if told == story.text {
            continue;
        }
        if bless {
            std::fs::write(&story.path, &told).unwrap();
        } else {
            wrong.push(difference(&story, &told));
        }
    }
    assert!(wrong.is_empty(), "{}\nBLESS=1 writes down what happened; read it critically before you commit it.", wrong.join("\n"));
}

/// The first line that differs, with what stands around it.
fn difference(story: &Story, told: &str) -> String {
    let (written, happened): (Vec<_>, Vec<_>) = (story.text.lines().collect(), told.lines().collect());
    let at = written.iter().zip(&happened).position(|(a, b)| a != b).unwrap_or(written.len().min(happened.len()));
    let around = |lines: &[&str]| lines.iter().skip(at).take(4).fold(String::new(), |text, line| text + "\n    " + line);
    format!("{}:{}: written{}\n  happened{}", story.path.display(), at + 1, around(&written), around(&happened))
}
