//! The logs of sessions. A file holds those of a thousand sessions, because a busy node runs more sessions in a day than a
//! file system likes to have files.
//!
//! `<volume>.log` is text for people: each line begins with its session's number, so `tail -f` and `grep '^17 '` work.
//! `<volume>.index` says which parts of it are whose: 1,000 slots of 16 bytes (the session's last record, counted from 1, and
//! the bytes of its log), then records of 32 bytes (the session's record before, where the part begins in the text and its
//! bytes there, and where it begins in the session's own log). All numbers are little-endian and of 8 bytes. A reader walks
//! from the last record back, so a log costs what is in it, whatever its neighbours write.

use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::{FileExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Sessions whose logs share a file.
const PER_VOLUME: i64 = 1_000;

/// Files that are kept open for the next line. Sessions that live together have numbers close to each other.
const OPEN: usize = 8;

const SLOT_BYTES: u64 = 16;
const RECORD_BYTES: u64 = 32;
const SLOTS_BYTES: u64 = 1_000 * SLOT_BYTES;

/// Records that are read at once on the way back.
const STRIDE: u64 = 128;

/// The logs of the sessions of one node.
#[derive(Debug)]
pub struct Logs {
    folder: PathBuf,
    open: Mutex<BTreeMap<i64, Arc<Volume>>>,
}

#[derive(Debug)]
struct Volume {
    text: File,
    index: File,
    end: Mutex<End>,
}

/// Where the next part goes, and the slots as they are in the index.
#[derive(Debug)]
struct End {
    text: u64,
    records: u64,
    slots: Vec<Slot>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    last: u64,
    bytes: u64,
}

#[derive(Clone, Copy)]
struct Record {
    before: u64,
    at: u64,
    bytes: u64,
    start: u64,
}

impl Logs {
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, open: Mutex::default() }
    }

    /// Appends whole lines, each without its end, to the log of a session. They are in the file when this returns.
    ///
    /// # Errors
    /// What the disk says; nothing of the lines is in the log then.
    pub fn append<'a>(&self, session_id: i64, lines: impl IntoIterator<Item = &'a str>) -> io::Result<()> {
        let mark = format!("{session_id} ");
        let (mut text, mut bytes) = (String::new(), 0);
        for line in lines.into_iter().flat_map(|line| line.split('\n')) {
            text.push_str(&mark);
            text.push_str(line);
            text.push('\n');
            bytes += line.len() as u64 + 1;
        }
        if text.is_empty() {
            return Ok(());
        }
        let volume = self.volume(session_id, true)?.ok_or(io::ErrorKind::NotFound)?;
        volume.append(place(session_id), text.as_bytes(), bytes)
    }

    /// The bytes of a session's log; `None` when it has none, or none any more.
    ///
    /// # Errors
    /// What the disk says.
    pub fn bytes(&self, session_id: i64) -> io::Result<Option<u64>> {
        let Some(volume) = self.volume(session_id, false)? else { return Ok(None) };
        let slot = volume.slot(place(session_id));
        Ok((slot.last > 0).then_some(slot.bytes))
    }

    /// At most so many bytes of a session's log from an offset on; fewer at its end alone.
    ///
    /// # Errors
    /// What the disk says, and an index that does not fit its text.
    pub fn read(&self, session_id: i64, offset: u64, most: usize) -> io::Result<Vec<u8>> {
        let Some(volume) = self.volume(session_id, false)? else { return Ok(Vec::new()) };
        let slot = volume.slot(place(session_id));
        let mark = session_id.to_string().len() + 1;
        let end = slot.bytes.min(offset.saturating_add(most as u64));
        let mut out = Vec::new();
        for record in volume.parts(slot, offset, end)?.into_iter().rev() {
            let part = volume.part(&record, mark)?;
            let from = usize::try_from(offset.saturating_sub(record.start)).unwrap_or(usize::MAX).min(part.len());
            out.extend_from_slice(part.get(from..).unwrap_or_default());
            if out.len() >= most {
                out.truncate(most);
                break;
            }
        }
        Ok(out)
    }

    /// Deletes the files that nobody wrote to since a moment, milliseconds since 1970.
    ///
    /// # Errors
    /// What the disk says.
    pub fn forget(&self, before: i64) -> io::Result<()> {
        let mut open = lock(&self.open);
        for entry in super::jobs::logs::entries(&self.folder)? {
            let path = entry.path();
            let Some(number) = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.strip_suffix(".log")?.parse::<i64>().ok()) else { continue };
            if super::jobs::logs::modified_ms(&entry.metadata()?)? < before && open.get(&number).is_none_or(|volume| Arc::strong_count(volume) == 1) {
                open.remove(&number);
                fs::remove_file(&path)?;
                fs::remove_file(path.with_extension("index"))?;
            }
        }
        Ok(())
    }

    fn volume(&self, session_id: i64, make: bool) -> io::Result<Option<Arc<Volume>>> {
        let number = session_id.div_euclid(PER_VOLUME);
        let mut open = lock(&self.open);
        if let Some(volume) = open.get(&number) {
            return Ok(Some(volume.clone()));
        }
        let Some(volume) = Volume::open(&self.folder, number, make)? else { return Ok(None) };
        let volume = Arc::new(volume);
        open.insert(number, volume.clone());
        if open.len() > OPEN
            && let Some(idle) = open.iter().find(|(_, volume)| Arc::strong_count(volume) == 1).map(|(number, _)| *number)
        {
            open.remove(&idle);
        }
        Ok(Some(volume))
    }
}

impl Volume {
    fn open(folder: &Path, number: i64, make: bool) -> io::Result<Option<Self>> {
        let open = |kind: &str| OpenOptions::new().read(true).write(true).create(make).mode(0o600).open(folder.join(format!("{number}.{kind}")));
        if make {
            fs::create_dir_all(folder)?;
        }
        let text = match open("log") {
            Err(error) if !make && error.kind() == io::ErrorKind::NotFound => return Ok(None),
            other => other?,
        };
        let index = open("index")?;
        let mut slots = vec![0; SLOTS_BYTES as usize];
        let there = read_at_most(&index, &mut slots, 0)?;
        slots.truncate(there);
        let mut slots: Vec<Slot> = slots.chunks_exact(SLOT_BYTES as usize).map(|bytes| Slot { last: word(bytes, 0), bytes: word(bytes, 1) }).collect();
        slots.resize(PER_VOLUME as usize, Slot::default());
        let records = index.metadata()?.len().saturating_sub(SLOTS_BYTES) / RECORD_BYTES;
        let end = End { text: text.metadata()?.len(), records, slots };
        Ok(Some(Self { text, index, end: Mutex::new(end) }))
    }

    fn append(&self, place: usize, text: &[u8], bytes: u64) -> io::Result<()> {
        let mut end = lock(&self.end);
        let slot = end.slots.get(place).copied().unwrap_or_default();
        self.text.write_all_at(text, end.text)?;
        let record = words([slot.last, end.text, text.len() as u64, slot.bytes]);
        self.index.write_all_at(&record, record_at(end.records))?;
        let next = Slot { last: end.records + 1, bytes: slot.bytes + bytes };
        self.index.write_all_at(&words([next.last, next.bytes]), place as u64 * SLOT_BYTES)?;
        end.text += text.len() as u64;
        end.records += 1;
        if let Some(slot) = end.slots.get_mut(place) {
            *slot = next;
        }
        Ok(())
    }

    fn slot(&self, place: usize) -> Slot {
        lock(&self.end).slots.get(place).copied().unwrap_or_default()
    }

    /// The records of a part of a log, the last one first.
    fn parts(&self, slot: Slot, from: u64, to: u64) -> io::Result<Vec<Record>> {
        let (mut parts, mut number, mut upper) = (Vec::new(), slot.last, slot.bytes);
        let (mut block, mut first) = (Vec::new(), u64::MAX);
        while number > 0 && upper > from {
            if number < first || block.is_empty() {
                // Those of one session stand before one another, often close by.
                first = number.saturating_sub(STRIDE).max(1);
                block.resize(((number - first + 1) * RECORD_BYTES) as usize, 0);
                self.index.read_exact_at(&mut block, record_at(first - 1))?;
            }
            let at = ((number - first) * RECORD_BYTES) as usize;
            let bytes = block.get(at..).unwrap_or_default();
            let record = Record { before: word(bytes, 0), at: word(bytes, 1), bytes: word(bytes, 2), start: word(bytes, 3) };
            if record.before >= number || record.start >= upper {
                return Err(io::Error::new(io::ErrorKind::InvalidData, format!("record {number} of the index does not fit those before it")));
            }
            if record.start < to {
                parts.push(record);
            }
            (number, upper) = (record.before, record.start);
        }
        Ok(parts)
    }

    /// A part of the text as its session wrote it, without the marks.
    fn part(&self, record: &Record, mark: usize) -> io::Result<Vec<u8>> {
        let unfit = || io::Error::new(io::ErrorKind::InvalidData, "the index points past the end of the text");
        if record.at.checked_add(record.bytes).is_none_or(|end| self.text.metadata().is_ok_and(|text| text.len() < end)) {
            return Err(unfit());
        }
        let mut text = vec![0; usize::try_from(record.bytes).map_err(|_| unfit())?];
        self.text.read_exact_at(&mut text, record.at)?;
        let mut out = Vec::with_capacity(text.len());
        for line in text.split_inclusive(|byte| *byte == b'\n') {
            out.extend_from_slice(line.get(mark..).unwrap_or_default());
        }
        Ok(out)
    }
}

/// The place of a session's slot.
fn place(session_id: i64) -> usize {
    usize::try_from(session_id.rem_euclid(PER_VOLUME)).unwrap_or_default()
}

fn read_at_most(file: &File, bytes: &mut [u8], from: u64) -> io::Result<usize> {
    let mut read = 0;
    while read < bytes.len() {
        match file.read_at(&mut bytes[read..], from + read as u64)? {
            0 => break,
            more => read += more,
        }
    }
    Ok(read)
}

fn record_at(number: u64) -> u64 {
    SLOTS_BYTES + number * RECORD_BYTES
}

fn word(bytes: &[u8], number: usize) -> u64 {
    bytes.get(number * 8..).and_then(|bytes| bytes.first_chunk()).map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

fn words<const N: usize>(numbers: [u64; N]) -> Vec<u8> {
    numbers.into_iter().flat_map(u64::to_le_bytes).collect()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logs() -> (tempfile::TempDir, Logs) {
        let folder = tempfile::tempdir().unwrap();
        let logs = Logs::new(folder.path().join("logs"));
        (folder, logs)
    }

    fn whole(logs: &Logs, session_id: i64) -> String {
        String::from_utf8(logs.read(session_id, 0, usize::MAX).unwrap()).unwrap()
    }

    #[test]
    fn sessions_that_share_a_file_have_logs_of_their_own() {
        let (_folder, logs) = logs();
        assert_eq!((logs.bytes(17).unwrap(), whole(&logs, 17)), (None, String::new()));
        for round in 0..300 {
            for session in [17, 18, 999, 1_000] {
                logs.append(session, [format!("{session} says {round}").as_str(), "and more"]).unwrap();
            }
        }
        for session in [17, 18, 999, 1_000] {
            let expected: String = (0..300).map(|round| format!("{session} says {round}\nand more\n")).collect();
            assert_eq!(whole(&logs, session), expected);
            assert_eq!(logs.bytes(session).unwrap(), Some(expected.len() as u64));
            for (offset, most) in [(0, 1), (1, 5), (100, 1_000), (expected.len() - 3, 10), (expected.len(), 10), (usize::MAX, 10)] {
                let part = expected.get(offset..expected.len().min(offset.saturating_add(most))).unwrap_or_default();
                assert_eq!(logs.read(session, offset as u64, most).unwrap(), part.as_bytes(), "{offset} {most}");
            }
        }
        assert_eq!(logs.bytes(19).unwrap(), None);
    }

    #[test]
    fn the_text_is_for_people_whatever_a_session_writes() {
        let (folder, logs) = logs();
        logs.append(7, ["one\n8 two", ""]).unwrap();
        logs.append(8, ["\u{2603}"]).unwrap();
        assert_eq!(fs::read_to_string(folder.path().join("logs/0.log")).unwrap(), "7 one\n7 8 two\n7 \n8 \u{2603}\n");
        assert_eq!((whole(&logs, 7).as_str(), whole(&logs, 8).as_str()), ("one\n8 two\n\n", "\u{2603}\n"));
    }

    #[test]
    fn logs_go_on_after_a_start_and_after_a_write_that_was_cut_off() {
        let (folder, logs) = logs();
        logs.append(5, ["before"]).unwrap();
        drop(logs);
        // What a crash leaves: text without a record, and half of a record.
        for (file, torn) in [("0.log", "5 lost\n6 ha"), ("0.index", "half of a record")] {
            use std::io::Write;
            OpenOptions::new().append(true).open(folder.path().join("logs").join(file)).unwrap().write_all(torn.as_bytes()).unwrap();
        }
        let logs = Logs::new(folder.path().join("logs"));
        logs.append(5, ["after"]).unwrap();
        logs.append(6, ["other"]).unwrap();
        assert_eq!((whole(&logs, 5).as_str(), whole(&logs, 6).as_str()), ("before\nafter\n", "other\n"));
    }

    #[test]
    fn more_files_than_may_be_open_are_written_to() {
        let (_folder, logs) = logs();
        for round in 0..2 {
            for volume in 0..(OPEN as i64 + 10) {
                logs.append(volume * PER_VOLUME, [format!("{round}").as_str()]).unwrap();
            }
        }
        assert!(lock(&logs.open).len() <= OPEN);
        assert!((0..(OPEN as i64 + 10)).all(|volume| whole(&logs, volume * PER_VOLUME) == "0\n1\n"));
    }

    #[test]
    fn an_index_that_does_not_fit_is_an_error_and_no_loop() {
        let (folder, logs) = logs();
        logs.append(1, ["one"]).unwrap();
        logs.append(1, ["two"]).unwrap();
        let index = OpenOptions::new().write(true).open(folder.path().join("logs/0.index")).unwrap();
        for record in [[2, 6, 6, 4], [1, 6, 6, 9], [1, 600, 6, 4], [1, u64::MAX, 6, 4]] {
            index.write_all_at(&words(record), record_at(1)).unwrap();
            assert_eq!(logs.read(1, 0, 100).unwrap_err().kind(), io::ErrorKind::InvalidData, "{record:?}");
        }
    }
}
