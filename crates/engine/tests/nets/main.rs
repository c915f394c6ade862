//! What is true of the whole runtime, compared with the reference and with committed texts.
//!
//! `BLESS=1 cargo nextest run -p cordboard-engine --test nets` writes the committed texts anew; their change is reviewed.

#![allow(clippy::unwrap_used)]

mod declarations;
mod globals;
mod limits;
mod live;
mod names;
mod reference;
mod values;

/// Compares a committed text with what it should be, or writes it.
fn committed(path: &str, expected: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, expected).unwrap();
        return;
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    let differing = expected.lines().zip(found.lines()).find(|(expected, found)| expected != found);
    assert!(found == expected, "{} is not current (first difference: {differing:?}); BLESS=1 writes it", path.display());
}
