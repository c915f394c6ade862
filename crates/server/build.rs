//! Watches the panel's built files, which are committed and become part of the program; cargo never builds them.

use std::{
    env, fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

/// How much newer a source may be than what was built of it: a checkout writes files in any order.
const CHECKOUT: Duration = Duration::from_secs(60);

fn main() {
    let panel = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../../panel");
    let (dist, sources) = (panel.join("dist"), panel.join("src"));
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={}", dist.display());
    if !dist.join("index.html").exists() {
        println!("cargo::warning=panel/dist is absent: this build has no control panel");
    } else if sources.exists() {
        println!("cargo::rerun-if-changed={}", sources.display());
        if newest(&sources) > newest(&dist) + CHECKOUT {
            println!("cargo::warning=panel/dist is older than panel/src: run `npm ci && npm run build` in panel/");
        }
    }
    // The files are embedded again when a name comes or goes.
    println!("cargo::rustc-env=CORDBOARD_PANEL_NAMES={}", names(&dist).join(" "));
}

fn newest(folder: &Path) -> SystemTime {
    let modified = |path: PathBuf| if path.is_dir() { newest(&path) } else { fs::metadata(path).and_then(|data| data.modified()).unwrap_or(SystemTime::UNIX_EPOCH) };
    entries(folder).into_iter().map(modified).max().unwrap_or(SystemTime::UNIX_EPOCH)
}

fn names(folder: &Path) -> Vec<String> {
    let name = |path: PathBuf| if path.is_dir() { names(&path) } else { path.file_name().map(|name| name.to_string_lossy().into_owned()).into_iter().collect() };
    entries(folder).into_iter().flat_map(name).collect()
}

/// What a folder holds, in one order; nothing when it is not there.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}
