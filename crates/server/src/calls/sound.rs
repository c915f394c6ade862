//! What players play: files fetched by the guarded client, texts spoken, tones made.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, Weak},
    time::Duration,
};

use cordboard_engine::{Input, Sound};
use cordboard_media::{Audio, Command, PLAYED_RATE, PlayerId, file, tone};
use tokio::sync::Semaphore;

use super::Calls;
use crate::{
    clock,
    sessions::lock,
    voice::Voice,
    way_out::{HttpRequest, WayOut},
};

/// How long a file may take to arrive. voxengine.md §6.
const FETCH_TIME: Duration = Duration::from_secs(12);

/// A file's size at most, bytes. voxengine.md §6.
const FILE_BYTES: usize = 10 * 1024 * 1024;

/// How long a decoded file is kept, so that one that changed is heard at last. voxengine.md §14.
const KEPT_TIME: Duration = Duration::from_secs(14 * 24 * 60 * 60);

/// Decoded files that are kept, bytes of samples in all.
const KEPT_BYTES: usize = 64 * 1024 * 1024;

/// What a kept file takes beside its samples and its URL, bytes.
const ENTRY_BYTES: usize = 256;

/// Files that are fetched at once for one account; others wait.
const FETCHED: usize = 16;

/// Sounds that are fetched, spoken or wait for one account; others are refused, so that no account takes all places.
const ADMITTED: usize = 100;

/// Files that are decoded at once, of all accounts, each of another one: an hour of sound takes some 300 MB for a moment.
const DECODED: usize = 3;

/// Samples that the players of one account hold together, bytes. An hour takes 58 MB.
const LOADED_BYTES: usize = 256 * 1024 * 1024;

/// Samples per second of what is played.
const RATE: u32 = PLAYED_RATE;

pub struct Sounds {
    voice: Voice,
    kept: Mutex<Kept>,
    decoding: Arc<Semaphore>,
    /// By account.
    shares: Mutex<BTreeMap<i64, Weak<Share>>>,
    loaded: Mutex<Loaded>,
}

/// What one account may do at once.
struct Share {
    admitted: Semaphore,
    fetched: Semaphore,
    decoded: Arc<Semaphore>,
}

/// The sounds that players, or the kept files, still hold: whose players were given them first, and their bytes.
#[derive(Default)]
struct Loaded(Vec<(i64, Weak<Audio>, usize)>);

impl Loaded {
    /// Notes a sound, unless its account would have too much.
    fn admit(&mut self, account_id: i64, audio: &Arc<Audio>) -> Result<(), String> {
        self.0.retain(|(_, held, _)| held.strong_count() > 0);
        if self.0.iter().any(|(other, held, _)| *other == account_id && held.as_ptr() == Arc::as_ptr(audio)) {
            return Ok(());
        }
        let bytes = audio.samples.len() * 2;
        let held: usize = self.0.iter().filter(|(other, ..)| *other == account_id).map(|(.., bytes)| bytes).sum();
        if held + bytes > LOADED_BYTES {
            return Err(format!("The account's players hold too much sound; all together may have {} MiB.", LOADED_BYTES >> 20));
        }
        self.0.push((account_id, Arc::downgrade(audio), bytes));
        Ok(())
    }
}

/// Files by URL alone, for all applications (voxengine.md §14), the longest unused going first. Times are of one monotonic clock.
#[derive(Default)]
struct Kept {
    /// Each with the moment at which it was fetched.
    files: BTreeMap<String, (Duration, Arc<Audio>)>,
    order: VecDeque<String>,
    bytes: usize,
}

impl Kept {
    fn get(&mut self, now: Duration, url: &str) -> Option<Arc<Audio>> {
        let (fetched, found) = self.files.get(url).cloned()?;
        self.order.retain(|other| other != url);
        if now.saturating_sub(fetched) >= KEPT_TIME {
            self.remove(url);
            return None;
        }
        self.order.push_back(url.to_owned());
        Some(found)
    }

    fn put(&mut self, now: Duration, url: &str, audio: &Arc<Audio>) {
        let bytes = size(url, audio);
        if bytes > KEPT_BYTES / 4 || self.files.contains_key(url) {
            return;
        }
        self.bytes += bytes;
        self.files.insert(url.to_owned(), (now, audio.clone()));
        self.order.push_back(url.to_owned());
        while self.bytes > KEPT_BYTES {
            let Some(oldest) = self.order.pop_front() else { return };
            self.remove(&oldest);
        }
    }

    fn remove(&mut self, url: &str) {
        if let Some((_, gone)) = self.files.remove(url) {
            self.bytes -= size(url, &gone);
        }
    }
}

fn size(url: &str, audio: &Audio) -> usize {
    audio.samples.len() * 2 + 2 * url.len() + ENTRY_BYTES
}

impl Sounds {
    pub fn new(voice: Voice) -> Self {
        Self { voice, kept: Mutex::default(), decoding: Arc::new(Semaphore::new(DECODED)), shares: Mutex::default(), loaded: Mutex::default() }
    }

    fn share(&self, account_id: i64) -> Arc<Share> {
        let mut shares = lock(&self.shares);
        if let Some(share) = shares.get(&account_id).and_then(Weak::upgrade) {
            return share;
        }
        shares.retain(|_, share| share.strong_count() > 0);
        let share = Arc::new(Share { admitted: Semaphore::new(ADMITTED), fetched: Semaphore::new(FETCHED), decoded: Arc::new(Semaphore::new(1)) });
        shares.insert(account_id, Arc::downgrade(&share));
        share
    }
}

/// Gives a player what it plays, or the reason why there is nothing. False where its session is over.
pub fn fetch(calls: &Arc<Calls>, player: PlayerId, session_id: i64, sound: Sound) -> bool {
    let calls = calls.clone();
    let Some(sessions) = calls.sessions.get() else { return false };
    let Some(account_id) = sessions.account_of(session_id) else { return false };
    if let Sound::Speech { text, voice } = &sound {
        for text in calls.sounds.voice.remarks(text, voice) {
            sessions.call_input(session_id, Input::Note { text });
        }
    }
    calls.runtime.clone().spawn(async move {
        let share = calls.sounds.share(account_id);
        let made = match share.admitted.try_acquire() {
            Ok(_admitted) => make(&calls, account_id, &share, sound).await,
            Err(_) => Err("Too many sounds of the account are being fetched or spoken.".to_owned()),
        };
        let made = made.and_then(|(audio, again)| lock(&calls.sounds.loaded).admit(account_id, &audio).map(|()| (audio, again)));
        if let Err(reason) = &made {
            tracing::debug!(session = session_id, "a player has nothing to play: {reason}");
        }
        let again = made.as_ref().ok().and_then(|(_, again)| *again);
        calls.media.command(Command::Load { player, audio: made.map(|(audio, _)| audio), again });
    });
    true
}

/// With the sample from which it goes on after its end, if it never ends.
async fn make(calls: &Calls, account_id: i64, share: &Share, sound: Sound) -> Result<(Arc<Audio>, Option<usize>), String> {
    let audio = match sound {
        Sound::Url { url, method, headers, body } => {
            let request = HttpRequest { headers, body: body.unwrap_or_default(), timeout: FETCH_TIME, max_response_bytes: FILE_BYTES, ..HttpRequest::new(&method, &url) };
            file(&calls.sounds, &calls.way_out, share, request).await?
        }
        Sound::Speech { text, voice } => calls.sounds.voice.speak(account_id, &text, &voice).await?,
        Sound::Tone { script } => {
            let making = tokio::task::spawn_blocking(move || tone::tone(&script));
            let tone = making.await.map_err(|error| error.to_string())??;
            return Ok((Arc::new(tone.audio), tone.again));
        }
    };
    Ok((audio, None))
}

/// Everything is done within the request's time, or there is no sound.
async fn file(sounds: &Sounds, way_out: &WayOut, share: &Share, request: HttpRequest) -> Result<Arc<Audio>, String> {
    let (url, within) = (request.url.clone(), request.timeout);
    let plain = request.method.eq_ignore_ascii_case("GET") && request.headers.is_empty() && request.body.is_empty();
    if plain && let Some(audio) = lock(&sounds.kept).get(clock::monotonic(), &url) {
        return Ok(audio);
    }
    let fetching = async {
        let _place = share.fetched.acquire().await.map_err(|error| error.to_string())?;
        let answer = way_out.request(request).await.map_err(|failure| failure.text().to_owned())?;
        if !(200..300).contains(&answer.status) {
            return Err(format!("The server answered {}.", answer.status));
        }
        let own = share.decoded.clone().acquire_owned().await.map_err(|error| error.to_string())?;
        let place = sounds.decoding.clone().acquire_owned().await.map_err(|error| error.to_string())?;
        // It goes on where nobody waits any more, and so keeps its places.
        let decoded = tokio::task::spawn_blocking(move || {
            let _places = (own, place);
            file::decode(answer.body, RATE)
        });
        decoded.await.map_err(|error| error.to_string())?.map(Arc::new)
    };
    let audio = tokio::time::timeout(within, fetching).await.unwrap_or_else(|_| Err(format!("The file did not arrive within {} s.", within.as_secs_f64())))?;
    if plain {
        lock(&sounds.kept).put(clock::monotonic(), &url, &audio);
    }
    Ok(audio)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use clap::Parser;
    use tokio::io::AsyncWriteExt;

    use super::*;
    use crate::{
        settings::Settings,
        way_out::testing::{Answer, LOOPBACK, Listening, Site, local, way_out},
    };

    #[derive(Parser)]
    struct Only {
        #[command(flatten)]
        settings: Settings,
    }

    fn sounds() -> Sounds {
        let settings = Only::try_parse_from(["serve"]).unwrap().settings;
        Sounds::new(Voice::open(&settings, WayOut::open(&settings).unwrap()).unwrap())
    }

    async fn fetched(url: &str) -> Result<Arc<Audio>, String> {
        let sounds = sounds();
        let request = HttpRequest { timeout: Duration::from_millis(200), max_response_bytes: FILE_BYTES, ..HttpRequest::new("GET", url) };
        file(&sounds, &way_out(LOOPBACK, local), &sounds.share(1), request).await
    }

    #[tokio::test]
    async fn a_file_that_does_not_come_in_time_is_an_error_however_it_is_drawn_out() {
        for head in ["", "HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nContent-Length: 9000\r\n\r\n"] {
            let site = Site::start(move |_| Answer::Stalled(head.as_bytes().to_vec())).await;
            let error = fetched(&site.url("/a.mp3")).await.unwrap_err();
            assert!(error.contains("0.2 s"), "{error}");
        }
        let dripping = Listening::start(None, |mut wire| async move {
            let mut bytes = &b"HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n"[..];
            while wire.write_all(&bytes[..1]).await.is_ok() && wire.flush().await.is_ok() {
                bytes = if bytes.len() > 1 { &bytes[1..] } else { b"x" };
                tokio::task::yield_now().await;
            }
        });
        let dripping = dripping.await;
        let error = fetched(&format!("http://{}/a.mp3", dripping.address)).await.unwrap_err();
        assert!(error.contains("0.2 s"), "{error}");
    }

    #[tokio::test]
    async fn a_file_that_comes_is_kept() {
        let sound = Audio { rate: RATE, samples: vec![9; 800] };
        let answer = [b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), cordboard_voice::wav::encode(&sound)].concat();
        let site = Site::start(move |_| Answer::Whole(answer.clone())).await;
        let sounds = sounds();
        for _ in 0..2 {
            let audio = file(&sounds, &way_out(LOOPBACK, local), &sounds.share(1), HttpRequest::new("GET", &site.url("/a.wav"))).await;
            assert_eq!(*audio.unwrap(), sound);
        }
        assert_eq!(site.requests().len(), 1);
    }

    fn audio(samples: usize) -> Arc<Audio> {
        Arc::new(Audio { rate: RATE, samples: vec![0; samples] })
    }

    #[test]
    fn tiny_files_of_long_urls_are_bounded_too() {
        let mut kept = Kept::default();
        for number in 0..2_000 {
            kept.put(Duration::ZERO, &format!("{number:060000}"), &audio(1));
        }
        assert!(kept.files.len() <= KEPT_BYTES / 120_000 && kept.files.len() == kept.order.len());
    }

    #[test]
    fn a_file_is_fetched_anew_after_two_weeks_however_often_it_is_played() {
        let mut kept = Kept::default();
        kept.put(Duration::from_secs(5), "a", &audio(1));
        for days in 0..14 {
            assert!(kept.get(Duration::from_secs(days * 86_400), "a").is_some(), "day {days}");
        }
        assert!(kept.get(KEPT_TIME + Duration::from_secs(4), "a").is_some());
        assert!(kept.get(KEPT_TIME + Duration::from_secs(5), "a").is_none());
        assert_eq!((kept.files.len(), kept.order.len(), kept.bytes), (0, 0, 0));
        kept.put(KEPT_TIME * 2, "a", &audio(2));
        assert_eq!(kept.get(KEPT_TIME * 2, "a").map(|audio| audio.samples.len()), Some(2));
    }

    #[test]
    fn an_account_holds_no_more_sound_than_it_may() {
        let (mut loaded, hour) = (Loaded::default(), LOADED_BYTES / 2 / 4);
        let held: Vec<_> = (0..4).map(|_| audio(hour)).collect();
        assert!(held.iter().all(|audio| loaded.admit(1, audio).is_ok()));
        assert!(loaded.admit(1, &held[0]).is_ok(), "it is there already");
        assert!(loaded.admit(1, &audio(1)).is_err() && loaded.admit(2, &audio(1)).is_ok());
        drop(held);
        assert!(loaded.admit(1, &audio(1)).is_ok());
    }
}
