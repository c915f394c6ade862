use std::sync::Arc;

use super::{Media, frames::FRAME_SAMPLES, leg::Leg};
use crate::io::{Audio, Event, PlayerId, Unit};

/// Samples per second of what is played: the rate of G.711. Sound of another rate is brought to it by `Audio::at` before it is loaded.
pub const PLAYED_RATE: u32 = 8000;
/// Markers of one player.
const MOST_MARKS: usize = 1000;

/// Something that plays.
pub(super) struct Player {
    pub audio: Option<Arc<Audio>>,
    /// The next sample.
    position: usize,
    /// The sample from which it goes on after the end.
    again: Option<usize>,
    pub paused: bool,
    /// Whether it begins with who can hear it.
    waits: bool,
    started: bool,
    /// As they were asked for, milliseconds.
    marks: Vec<i64>,
    /// Slots of legs that hear it.
    pub hearers: Vec<u32>,
}

/// What became of a player within a frame.
#[derive(Default)]
pub(super) struct Played {
    pub marks: Vec<i64>,
    pub over: bool,
}

impl Player {
    pub fn is_playing(&self) -> bool {
        self.audio.is_some() && !self.paused
    }

    /// The next frame, silent after the end of the sound.
    pub fn play(&mut self, frame: &mut [i16; FRAME_SAMPLES]) -> Played {
        frame.fill(0);
        let mut played = Played::default();
        let Some(audio) = &self.audio else { return played };
        let samples = &audio.samples;
        let mut filled = 0;
        while filled < FRAME_SAMPLES && !samples.is_empty() {
            let rest = &samples[self.position.min(samples.len())..];
            let taken = rest.len().min(FRAME_SAMPLES - filled);
            frame[filled..filled + taken].copy_from_slice(&rest[..taken]);
            filled += taken;
            let before = self.position;
            self.position += taken;
            let passed = before..self.position;
            let length = samples.len();
            self.marks.retain(|offset_ms| {
                let reached = mark_sample(*offset_ms, length).is_some_and(|sample| passed.contains(&sample) || (sample == length && passed.end == length));
                if reached {
                    played.marks.push(*offset_ms);
                }
                !reached
            });
            if self.position == length {
                let Some(again) = self.again else { break };
                // A sound always moves on.
                self.position = again.min(length - 1);
            }
        }
        played.over = self.again.is_none() && self.position >= samples.len() || samples.is_empty();
        played
    }
}

/// Where a marker lies; nothing if it is beyond the sound.
fn mark_sample(offset_ms: i64, length: usize) -> Option<usize> {
    let distance = usize::try_from(offset_ms.unsigned_abs()).ok()?.checked_mul(PLAYED_RATE as usize / 1000)?;
    let sample = if offset_ms < 0 { length.checked_sub(distance)? } else { distance };
    (sample <= length).then_some(sample)
}

impl Media {
    pub(super) fn make_player(&mut self, id: PlayerId, looped: bool, paused: bool, waits: bool) {
        self.forget_player(id);
        let player = Player { audio: None, position: 0, again: looped.then_some(0), paused, waits, started: false, marks: Vec::new(), hearers: Vec::new() };
        self.players.insert(id, player);
    }

    pub(super) fn load(&mut self, id: PlayerId, audio: Result<Arc<Audio>, String>, again: Option<usize>) {
        let Some(player) = self.players.get_mut(&id).filter(|player| player.audio.is_none()) else { return };
        let audio = audio.and_then(|audio| if audio.rate == PLAYED_RATE { Ok(audio) } else { Err(format!("Sound of {} Hz is not played", audio.rate)) });
        match audio {
            Ok(audio) => {
                self.out.event(Event::Ready { player: id, duration_ms: duration_ms(&audio) });
                player.audio = Some(audio);
                player.again = again.or(player.again);
                self.start(id);
            }
            Err(error) => self.finish(id, Some(error)),
        }
    }

    pub(super) fn resume(&mut self, id: PlayerId) {
        if let Some(player) = self.players.get_mut(&id) {
            player.paused = false;
            self.start(id);
        }
    }

    /// Whether all who hear a player that waits are still without an address or without keys; else it waits no more.
    pub(super) fn is_awaited(&mut self, id: PlayerId) -> bool {
        let Some(player) = self.players.get_mut(&id).filter(|player| player.waits) else { return false };
        let opening = |slot: &u32| self.legs.peek(*slot).is_some_and(Leg::is_opening);
        player.waits = !player.hearers.is_empty() && player.hearers.iter().all(opening);
        player.waits
    }

    pub(super) fn start(&mut self, id: PlayerId) {
        let Some(player) = self.players.get_mut(&id) else { return };
        if let Some(audio) = &player.audio
            && !player.paused
            && !player.waits
            && !player.started
        {
            player.started = true;
            self.out.event(Event::Started { player: id, duration_ms: duration_ms(audio) });
        }
    }

    pub(super) fn mark(&mut self, id: PlayerId, offset_ms: i64) {
        if let Some(player) = self.players.get_mut(&id)
            && player.marks.len() < MOST_MARKS
        {
            player.marks.push(offset_ms);
        }
    }

    pub(super) fn finish(&mut self, id: PlayerId, error: Option<String>) {
        self.forget_player(id);
        self.out.event(Event::Finished { player: id, error });
    }

    pub(super) fn forget_player(&mut self, id: PlayerId) {
        self.unwire_all_from(Unit::Player(id));
        self.players.remove(&id);
    }
}

fn duration_ms(audio: &Audio) -> u64 {
    (audio.samples.len() as u64 * 1000).checked_div(u64::from(audio.rate)).unwrap_or(0)
}
