//! Players, what calls say and play, and who hears whom (voxengine.md §12, §14).

use rquickjs::{Ctx, function::Opt};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Bytes, Ops, is_token, js, native, net::without_query, thrown};
use crate::{
    host::{Host, Soon, Stage},
    io::{Output, Play, PlayerAction, PlayerEvent, Sound, Unit},
    limits,
};

/// A player that may still play.
#[derive(Clone, Copy, Debug)]
pub struct Player {
    /// The call that says or plays with it, which alone hears of it.
    pub call: Option<u64>,
    /// It ends when its call hears something else: nobody could hear it again.
    endless: bool,
    /// A progress tone, of which scenarios hear nothing.
    silent: bool,
    /// Its duration is unknown, and told as 0.
    speech: bool,
    /// Outside somebody knows of it.
    made: bool,
    markers: usize,
}

/// What a scenario is told of a player, or a call of what it plays.
pub struct Told {
    /// The call, or the player if it is one of the scenario's own.
    pub to: Unit,
    pub name: &'static str,
    pub fields: Value,
}

/// Takes what happened to a player. A failure is two events for the scenario's own players.
pub fn happened(host: &mut Host, number: u64, event: PlayerEvent) -> Vec<Told> {
    let Some(player) = host.players.get(&number).copied() else { return Vec::new() };
    if matches!(event, PlayerEvent::Finished { .. }) {
        host.players.remove(&number);
        forget(host, &player, number);
    }
    if player.silent {
        return Vec::new();
    }
    let of_call = player.call.is_some();
    let to = player.call.map_or(Unit::Player(number), Unit::Call);
    let told = |name: &'static str, fields: Value| Told { to, name, fields };
    #[allow(clippy::cast_precision_loss)]
    let duration = |ms: u64| if player.speech { json!({"duration": 0}) } else { json!({"duration": seconds(ms)}) };
    match event {
        PlayerEvent::Ready { .. } => vec![told("PlaybackReady", json!({}))],
        PlayerEvent::Started { duration_ms } => vec![told(if of_call { "PlaybackStarted" } else { "Started" }, duration(duration_ms))],
        PlayerEvent::Marked { offset_ms } if !of_call => vec![told("PlaybackMarkerReached", json!({"offset": offset_ms}))],
        PlayerEvent::Marked { .. } => Vec::new(),
        PlayerEvent::Finished { error: None } => vec![told("PlaybackFinished", json!({}))],
        PlayerEvent::Finished { error: Some(error) } => {
            host.log(&format!("Playback {number} failed: {error}"));
            let last = told("PlaybackFinished", json!({"error": error}));
            if of_call { vec![last] } else { vec![told("Error", json!({"error": error})), last] }
        }
    }
}

/// Whole seconds as whole numbers.
#[allow(clippy::cast_precision_loss)]
fn seconds(ms: u64) -> Value {
    if ms.is_multiple_of(1_000) { json!(ms / 1_000) } else { json!(ms as f64 / 1_000.0) }
}

/// A call no longer plays what has ended.
fn forget(host: &mut Host, player: &Player, number: u64) {
    if let Some(call) = player.call.and_then(|call| host.calls.get_mut(&call))
        && call.player == Some(number)
    {
        call.player = None;
    }
}

/// Stops what a call says or plays, without a word to the scenario.
fn stop_of_call(host: &mut Host, call: u64) -> Result<(), String> {
    let Some(number) = host.calls.get_mut(&call).and_then(|call| call.player.take()) else { return Ok(()) };
    if host.players.remove(&number).is_some() { host.call_output(0, Output::Player { player: number, action: PlayerAction::Stop }) } else { Ok(()) }
}

/// What a scenario wants played.
#[derive(Deserialize)]
struct Wish {
    play: Play,
    /// The method that wants it, for the log.
    name: String,
    /// The call that shall say or play it.
    call: Option<u64>,
    /// A progress tone.
    #[serde(default)]
    tone: bool,
}

/// Why a sound cannot be, for those that scenarios hear of as a failed playback.
fn failure(sound: &Sound) -> Option<String> {
    match sound {
        Sound::Speech { text, .. } if text.chars().nth(limits::SAY_CHARACTERS).is_some() => {
            Some(format!("a text that is spoken may have {} characters", limits::SAY_CHARACTERS))
        }
        Sound::Tone { script } if script.len() > limits::TONE_SCRIPT_BYTES => Some(format!("a ToneScript may have {} bytes", limits::TONE_SCRIPT_BYTES)),
        _ => None,
    }
}

fn check(sound: &Sound) -> Result<(), String> {
    match sound {
        Sound::Url { url, method, headers, body } => {
            let size: usize = headers.iter().map(|(name, value)| name.len() + value.len() + 4).sum();
            if url.len() > limits::URL_BYTES || size > limits::HEADERS_BYTES {
                return Err(format!("the URL of a player may have {} bytes, its headers {}", limits::URL_BYTES, limits::HEADERS_BYTES));
            }
            if method != "GET" && method != "POST" {
                return Err("the method of a player is GET or POST".to_owned());
            }
            if let Some((name, _)) = headers.iter().find(|(name, value)| !is_token(name) || value.contains(['\r', '\n', '\0'])) {
                return Err(format!("header '{}' is none of HTTP", name.chars().take(50).collect::<String>()));
            }
            if body.as_ref().is_some_and(|body| body.len() > limits::PLAYER_BODY_BYTES) {
                return Err(format!("the body of a player's request may have {} bytes", limits::PLAYER_BODY_BYTES));
            }
            Ok(())
        }
        Sound::Speech { voice, .. } if voice.len() > limits::VOICE_BYTES => Err(format!("the name of a voice may have {} bytes", limits::VOICE_BYTES)),
        Sound::Speech { .. } | Sound::Tone { .. } => Ok(()),
    }
}

/// A new player's number, or 0 where a call at the wrong moment has nothing to play for.
fn play(host: &mut Host, wish: Wish) -> Result<u64, String> {
    let Wish { play, name, call, tone } = wish;
    check(&play.what)?;
    if host.stage != Stage::Running {
        host.log(&format!("{name} has no effect: the session is ending"));
        return Ok(0);
    }
    if host.soon.len() >= limits::SOON {
        return Err(format!("at most {} events of players may wait for their turn", limits::SOON));
    }
    let shown = match &play.what {
        Sound::Url { url, .. } => format!("url = {}; ", without_query(url)),
        Sound::Speech { voice, .. } => format!("voice = {voice}; "),
        Sound::Tone { script } => format!("script = {script}; "),
    };
    let player = Player { call, endless: play.looped || tone, silent: tone, speech: matches!(play.what, Sound::Speech { .. }), made: true, markers: 0 };
    match call {
        Some(call) => play_to(host, call, &name, &shown, player, Play { waits: true, ..play }),
        None => play_alone(host, &name, &shown, player, play),
    }
}

fn play_to(host: &mut Host, call: u64, name: &str, shown: &str, player: Player, play: Play) -> Result<u64, String> {
    let found = host.calls.get(&call).map(|of| (of.id.clone(), of.inaudible()));
    let Some((id, inaudible)) = found else {
        host.log(&format!("{name} has no effect: the call is TERMINATED"));
        return Ok(0);
    };
    if let Some(why) = inaudible {
        host.log(&format!("CallId={id}: {name} has no effect: {why}"));
        return Ok(0);
    }
    stop_of_call(host, call)?;
    host.log(&format!("Executing JS command: {name} with params [id = {id}; {shown}]"));
    if let Some(error) = failure(&play.what) {
        host.soon.push_back(Soon::NotPlayed { call, error });
        return Ok(0);
    }
    let number = host.number();
    host.call_output(size(&play.what), Output::Play { player: number, play })?;
    host.call_output(0, Output::Wire { from: Unit::Player(number), to: call })?;
    host.players.insert(number, player);
    if let Some(call) = host.calls.get_mut(&call) {
        call.player = Some(number);
    }
    Ok(number)
}

fn play_alone(host: &mut Host, name: &str, shown: &str, mut player: Player, play: Play) -> Result<u64, String> {
    if host.players.values().filter(|player| player.call.is_none()).count() >= limits::PLAYERS {
        return Err(format!("a session may have {} players", limits::PLAYERS));
    }
    let number = host.number();
    host.log(&format!("Executing JS command: {name} with params [id = {number}; {shown}]"));
    host.soon.push_back(Soon::PlayerCreated(number));
    if let Some(error) = failure(&play.what) {
        player.made = false;
        host.soon.push_back(Soon::PlayerFailed { player: number, error });
    } else {
        host.call_output(size(&play.what), Output::Play { player: number, play })?;
    }
    host.players.insert(number, player);
    Ok(number)
}

fn size(sound: &Sound) -> usize {
    match sound {
        Sound::Url { url, headers, body, .. } => {
            url.len() + headers.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>() + body.as_ref().map_or(0, Vec::len)
        }
        Sound::Speech { text, .. } => text.len(),
        Sound::Tone { script } => script.len(),
    }
}

/// Something done to a player of the scenario's own.
fn act(host: &mut Host, number: u64, name: &str, action: PlayerAction) -> Result<(), String> {
    let Some(player) = host.players.get_mut(&number).filter(|_| host.stage <= Stage::Draining) else {
        host.log(&format!("Player.{name} has no effect: the player is over"));
        return Ok(());
    };
    if let PlayerAction::Mark { .. } = action {
        if player.markers >= limits::MARKERS {
            return Err(format!("a player may have {} markers", limits::MARKERS));
        }
        player.markers += 1;
    }
    let made = player.made;
    if action == PlayerAction::Stop {
        host.players.remove(&number);
        host.soon.retain(|soon| !matches!(soon, Soon::PlayerFailed { player, .. } if *player == number));
        host.soon.push_back(Soon::PlayerStopped(number));
    }
    if made { host.call_output(0, Output::Player { player: number, action }) } else { Ok(()) }
}

/// Whether both ends of a wire are there. Calls that fail in a moment and players that failed already are, but nobody outside knows of them.
fn ends(host: &mut Host, name: &str, from: Unit, to: u64) -> Option<bool> {
    let known = match from {
        Unit::Call(call) => host.calls.get(&call).map(super::call::Call::is_placed),
        Unit::Player(player) => host.players.get(&player).map(|player| player.made),
    };
    let placed = host.calls.get(&to).map(super::call::Call::is_placed);
    match (known, placed) {
        _ if host.stage > Stage::Draining => host.log(&format!("{name} has no effect: the session is ending")),
        (Some(known), Some(placed)) => return Some(known && placed),
        (_, None) => host.log(&format!("{name} has no effect: the call that should hear is TERMINATED")),
        (None, _) => host.log(&format!("{name} has no effect: what should be heard is over")),
    }
    None
}

fn wire(host: &mut Host, name: &str, from: Unit, to: u64) -> Result<(), String> {
    if ends(host, name, from, to) != Some(true) {
        return Ok(());
    }
    let replaced = host.calls.get(&to).and_then(|call| call.player);
    if replaced.and_then(|player| host.players.get(&player)).is_some_and(|player| player.endless) {
        stop_of_call(host, to)?;
    }
    host.call_output(0, Output::Wire { from, to })
}

fn unwire(host: &mut Host, name: &str, from: Unit, to: u64) -> Result<(), String> {
    if ends(host, name, from, to) == Some(true) { host.call_output(0, Output::Unwire { from, to }) } else { Ok(()) }
}

/// Tells the players that are left that they are stopped; the scenario's own hear it.
pub fn stop_all(host: &mut Host) -> Vec<u64> {
    let players = std::mem::take(&mut host.players);
    for (number, player) in &players {
        if player.made {
            host.outputs.push_back(Output::Player { player: *number, action: PlayerAction::Stop });
        }
    }
    players.into_iter().filter(|(_, player)| player.call.is_none()).map(|(number, _)| number).collect()
}

/// A player that could not be made ends.
pub fn failed_soon(host: &mut Host, player: u64, error: String) -> Vec<Told> {
    happened(host, player, PlayerEvent::Finished { error: Some(error) })
}

const fn unit(is_player: bool, number: u64) -> Unit {
    if is_player { Unit::Player(number) } else { Unit::Call(number) }
}

pub fn install(ops: &Ops<'_, '_>) -> rquickjs::Result<()> {
    let host = ops.host();
    ops.add("play", move |ctx: Ctx<'_>, wish: String, text: Option<String>, bytes: Opt<Bytes<{ limits::PLAYER_BODY_BYTES }>>| {
        let read = || -> Result<Wish, String> {
            let mut wish: Wish = serde_json::from_str(&wish).map_err(|error| error.to_string())?;
            if let Sound::Url { body, .. } = &mut wish.play.what {
                *body = bytes.0.map(|bytes| bytes.0).or_else(|| text.map(String::into_bytes));
            }
            Ok(wish)
        };
        thrown(&ctx, read().and_then(|wish| play(&mut host.lock(), wish)).map(js))
    })?;
    let host = ops.host();
    ops.add("stopPlayback", move |ctx: Ctx<'_>, call: f64| {
        let mut host = host.lock();
        let call = native(call);
        host.soon.retain(|soon| !matches!(soon, Soon::NotPlayed { call: of, .. } if *of == call));
        thrown(&ctx, stop_of_call(&mut host, call))
    })?;
    let host = ops.host();
    ops.add("actOnPlayer", move |ctx: Ctx<'_>, player: f64, name: String, offset: f64| {
        #[allow(clippy::cast_possible_truncation)]
        let action = match name.as_str() {
            "pause" => PlayerAction::Pause,
            "resume" => PlayerAction::Resume,
            "addMarker" => PlayerAction::Mark { offset_ms: offset as i64 },
            _ => PlayerAction::Stop,
        };
        thrown(&ctx, act(&mut host.lock(), native(player), &name, action))
    })?;
    let host = ops.host();
    ops.add("wire", move |ctx: Ctx<'_>, name: String, is_player: bool, from: f64, to: f64| {
        thrown(&ctx, wire(&mut host.lock(), &name, unit(is_player, native(from)), native(to)))
    })?;
    let host = ops.host();
    ops.add("unwire", move |ctx: Ctx<'_>, name: String, is_player: bool, from: f64, to: f64| {
        thrown(&ctx, unwire(&mut host.lock(), &name, unit(is_player, native(from)), native(to)))
    })
}
