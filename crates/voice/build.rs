//! Finds the voices' data (lingware), which the package of the engine carries but does not hand on, so that they become part of the program.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The package with the engine and its lingware; Cargo.toml pins the version.
const PACKAGE: (&str, &str) = ("ttspico-sys", "0.1.5");

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=CARGO_HOME");
    match unpacked().or_else(asked).map(|package| package.join("build/pico/lang")).filter(|folder| folder.is_dir()) {
        Some(folder) => println!("cargo::rustc-env=CORDBOARD_LINGWARE={}", folder.display()),
        None => println!("cargo::error=the sources of {} {} were found neither in cargo's home nor by `cargo metadata --offline`", PACKAGE.0, PACKAGE.1),
    }
}

/// Where cargo unpacks what comes from a registry.
fn unpacked() -> Option<PathBuf> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cargo")))?;
    let name = format!("{}-{}", PACKAGE.0, PACKAGE.1);
    fs::read_dir(home.join("registry/src")).ok()?.filter_map(|entry| Some(entry.ok()?.path().join(&name))).find(|package| package.is_dir())
}

/// What cargo says, which knows vendored sources, too. It is asked second: it wants every package of the lock file to be there.
fn asked() -> Option<PathBuf> {
    let cargo = env::var_os("CARGO")?;
    let told = Command::new(cargo).args(["metadata", "--format-version=1", "--offline", "--locked"]).output().ok()?;
    let metadata: serde_json::Value = serde_json::from_slice(&told.stdout).ok()?;
    let package = metadata["packages"].as_array()?.iter().find(|package| package["name"] == PACKAGE.0 && package["version"] == PACKAGE.1)?;
    Some(Path::new(package["manifest_path"].as_str()?).parent()?.to_owned())
}
