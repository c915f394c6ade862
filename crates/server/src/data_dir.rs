//! The data directory: who holds it, its secret files, what it tells other programs.

use std::{
    fs::{self, File, OpenOptions},
    io::Write,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use cordboard_api::{password::hex, secrets};

/// A data directory that this process holds; the lock ends with the process.
pub struct DataDir {
    path: PathBuf,
    _lock: File,
}

impl DataDir {
    /// Makes the folder if need be and takes it, or says who has it.
    pub fn take(path: &Path) -> Result<Self> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(path).with_context(|| format!("the data directory {} cannot be made", path.display()))?;
        let path = path.canonicalize().with_context(|| format!("the data directory {}", path.display()))?;
        let lock_path = path.join("lock");
        let mut options = OpenOptions::new();
        let mut lock = options.read(true).write(true).create(true).truncate(false).mode(0o600).open(&lock_path).with_context(|| format!("{}", lock_path.display()))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => {
                let holder = fs::read_to_string(&lock_path).unwrap_or_default();
                bail!("another Cordboard (process {}) uses the data directory {}. Stop it, or choose another with --data-dir.", holder.trim(), path.display());
            }
            Err(fs::TryLockError::Error(error)) => return Err(error).context("the data directory cannot be locked"),
        }
        lock.set_len(0)?;
        writeln!(lock, "{}", std::process::id())?;
        Ok(Self { path, _lock: lock })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Makes an empty file that only its owner reads, unless it is there.
    pub fn make_secret(&self, name: &str) -> Result<PathBuf> {
        let path = self.file(name);
        OpenOptions::new().append(true).create(true).mode(0o600).open(&path).with_context(|| format!("{} cannot be made", path.display()))?;
        Ok(path)
    }

    /// Writes a file that only its owner reads, whole or not at all.
    pub fn write_secret(&self, name: &str, text: &str) -> Result<PathBuf> {
        self.write(name, text, 0o600)
    }

    pub fn write(&self, name: &str, text: &str, mode: u32) -> Result<PathBuf> {
        write(&self.path, name, text, mode)
    }

    /// The text of a file, `None` when it is not there.
    pub fn read(&self, name: &str) -> Result<Option<String>> {
        match fs::read_to_string(self.file(name)) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("{} cannot be read", self.file(name).display())),
        }
    }

    pub fn remove(&self, name: &str) {
        let _ = fs::remove_file(self.file(name));
    }

    /// The name of this node, which its sessions and reports bear. Made once.
    pub fn node(&self) -> Result<String> {
        if let Some(name) = self.read("node")? {
            return Ok(name.trim().to_owned());
        }
        let bytes: [u8; 8] = secrets::random().map_err(|_| anyhow::anyhow!("the operating system gives no randomness"))?;
        let name = hex(&bytes);
        self.write("node", &format!("{name}\n"), 0o644)?;
        Ok(name)
    }

    /// The secret key: `CORDBOARD_SECRET_KEY`, or the file `secret.key`, which the first start makes.
    ///
    /// A key that was made just now is `fresh`: it goes again when it turns out that the database has another.
    pub fn secret_key(&self) -> Result<SecretKey> {
        if let Ok(text) = std::env::var("CORDBOARD_SECRET_KEY") {
            return Ok(SecretKey { bytes: parse_key(&text).context("CORDBOARD_SECRET_KEY")?, fresh: false });
        }
        if let Some(text) = self.read("secret.key")? {
            let bytes = parse_key(&text).with_context(|| format!("{}", self.file("secret.key").display()))?;
            return Ok(SecretKey { bytes, fresh: false });
        }
        let bytes: [u8; 32] = secrets::random().map_err(|_| anyhow::anyhow!("the operating system gives no randomness"))?;
        self.write_secret("secret.key", &format!("{}\n", hex(&bytes)))?;
        Ok(SecretKey { bytes, fresh: true })
    }
}

/// Writes a file whole or not at all.
pub fn write(folder: &Path, name: &str, text: &str, mode: u32) -> Result<PathBuf> {
    let (path, fresh) = (folder.join(name), folder.join(format!(".{name}.new")));
    let write = || -> std::io::Result<()> {
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(&fresh)?;
        file.set_permissions(fs::Permissions::from_mode(mode))?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&fresh, &path)?;
        File::open(folder)?.sync_all()
    };
    write().with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(path)
}

pub struct SecretKey {
    pub bytes: [u8; 32],
    pub fresh: bool,
}

fn parse_key(text: &str) -> Result<[u8; 32]> {
    let text = text.trim();
    let byte = |at: usize| text.get(2 * at..2 * at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    let bytes: Option<Vec<u8>> = if text.len() == 64 { (0..32).map(byte).collect() } else { None };
    bytes.and_then(|bytes| bytes.try_into().ok()).context("the secret key must be 64 hexadecimal digits, such as `openssl rand -hex 32` prints")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::testing::Folder;

    #[test]
    fn a_secret_key_is_64_hexadecimal_digits() {
        assert_eq!(parse_key(&format!(" {}\n", "0f".repeat(32))).unwrap(), [15; 32]);
        for text in ["", "0f", &"0g".repeat(32), &"é".repeat(32)] {
            assert!(parse_key(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_data_directory_has_one_holder() {
        let folder = Folder::new();
        let path = PathBuf::from(folder.path("data"));
        let held = DataDir::take(&path).unwrap();
        let error = DataDir::take(&path).map(|_| ()).unwrap_err().to_string();
        assert!(error.contains("another Cordboard"), "{error}");
        let secret = held.write_secret("secret", "x").unwrap();
        assert_eq!(fs::metadata(secret).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
        drop(held);
        DataDir::take(&path).unwrap();
    }
}
