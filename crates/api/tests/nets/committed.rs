//! Texts that are generated and committed.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

/// A path below the crate's folder.
pub fn in_crate(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Compares a generated text with the committed one, or rewrites that when `BLESS` is set.
pub fn compare(path: &Path, generated: &str) {
    if std::env::var_os("BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, generated).unwrap();
        return;
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    if committed == generated {
        return;
    }
    let changed: Vec<String> = changes(&committed, generated).into_iter().take(20).collect();
    panic!("{} is out of date; run this test with BLESS=1 and review the change:\n{}", path.display(), changed.join("\n"));
}

fn changes(committed: &str, generated: &str) -> Vec<String> {
    let (before, after): (BTreeSet<&str>, BTreeSet<&str>) = (committed.lines().collect(), generated.lines().collect());
    let gone = committed.lines().filter(|line| !after.contains(line)).map(|line| format!("-{line}"));
    let new = generated.lines().filter(|line| !before.contains(line)).map(|line| format!("+{line}"));
    gone.chain(new).collect()
}
