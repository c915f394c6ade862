//! What players play: files fetched by the guarded client, texts spoken, tones made.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex},
    time::Duration,
};

use cordboard_engine::Sound;
use cordboard_media::{Audio, Command, PLAYED_RATE, PlayerId, file, tone};
use tokio::sync::Semaphore;

use super::Calls;
use crate::{sessions::lock, voice::Voice, way_out::HttpRequest};

/// How long a file may take to arrive. voxengine.md §6.
const FETCH_TIME: Duration = Duration::from_secs(12);

/// A file's size at most, bytes. voxengine.md §6.
const FILE_BYTES: usize = 10 * 1024 * 1024;

/// Decoded files that are kept, bytes of samples in all.
const KEPT_BYTES: usize = 64 * 1024 * 1024;

/// Files that are fetched or decoded at once, of all sessions.
const AT_ONCE: usize = 64;

/// Samples per second of what is played.
const RATE: u32 = PLAYED_RATE;

pub struct Sounds {
    voice: Voice,
    kept: Mutex<Kept>,
    places: Semaphore,
}

/// Files by URL alone, for all applications (voxengine.md §14), the longest unused going first.
#[derive(Default)]
struct Kept {
    files: BTreeMap<String, Arc<Audio>>,
    order: VecDeque<String>,
    bytes: usize,
}

impl Kept {
    fn get(&mut self, url: &str) -> Option<Arc<Audio>> {
        let found = self.files.get(url).cloned()?;
        self.order.retain(|other| other != url);
        self.order.push_back(url.to_owned());
        Some(found)
    }

    fn put(&mut self, url: &str, audio: &Arc<Audio>) {
        let bytes = audio.samples.len() * 2;
        if bytes > KEPT_BYTES / 4 || self.files.contains_key(url) {
            return;
        }
        self.bytes += bytes;
        self.files.insert(url.to_owned(), audio.clone());
        self.order.push_back(url.to_owned());
        while self.bytes > KEPT_BYTES {
            let Some(oldest) = self.order.pop_front() else { return };
            if let Some(gone) = self.files.remove(&oldest) {
                self.bytes -= gone.samples.len() * 2;
            }
        }
    }
}

impl Sounds {
    pub fn new(voice: Voice) -> Self {
        Self { voice, kept: Mutex::default(), places: Semaphore::new(AT_ONCE) }
    }
}

/// Gives a player what it plays, or the reason why there is nothing.
pub fn fetch(calls: &Arc<Calls>, player: PlayerId, session_id: i64, sound: Sound) {
    let calls = calls.clone();
    calls.runtime.clone().spawn(async move {
        let audio = match sound {
            Sound::Url { url, method, headers, body } => file(&calls, url, method, headers, body).await,
            Sound::Speech { text, voice } => match calls.sounds.voice.speak(&text, &voice).await {
                Ok(audio) => Arc::unwrap_or_clone(audio).at(RATE).map(Arc::new),
                Err(reason) => Err(reason),
            },
            Sound::Tone { script } => tone::tone(&script).map(|tone| Arc::new(tone.audio)),
        };
        if let Err(reason) = &audio {
            tracing::debug!(session = session_id, "a player has nothing to play: {reason}");
        }
        calls.media.command(Command::Load { player, audio });
    });
}

async fn file(calls: &Calls, url: String, method: String, headers: Vec<(String, String)>, body: Option<Vec<u8>>) -> Result<Arc<Audio>, String> {
    let plain = method.eq_ignore_ascii_case("GET") && headers.is_empty() && body.is_none();
    if plain && let Some(audio) = lock(&calls.sounds.kept).get(&url) {
        return Ok(audio);
    }
    let fetching = async {
        let _place = calls.sounds.places.acquire().await.map_err(|error| error.to_string())?;
        let request = HttpRequest { headers, body: body.unwrap_or_default(), timeout: FETCH_TIME, max_response_bytes: FILE_BYTES, ..HttpRequest::new(&method, &url) };
        let answer = calls.way_out.request(request).await.map_err(|failure| failure.text().to_owned())?;
        if !(200..300).contains(&answer.status) {
            return Err(format!("The server answered {}.", answer.status));
        }
        let decoded = tokio::task::spawn_blocking(move || file::decode(answer.body, RATE));
        decoded.await.map_err(|error| error.to_string())?.map(Arc::new)
    };
    let audio = tokio::time::timeout(FETCH_TIME, fetching).await.unwrap_or_else(|_| Err(format!("The file did not arrive within {} s.", FETCH_TIME.as_secs())))?;
    if plain {
        lock(&calls.sounds.kept).put(&url, &audio);
    }
    Ok(audio)
}
