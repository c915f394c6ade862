use cordboard_now::{Instant, Now};

use super::Media;
use crate::{
    codec::{
        g711::{ALAW_SILENCE, ULAW_SILENCE, encode_alaw, encode_ulaw},
        opus,
    },
    event::Step,
    io::{Event, LegId, PlayerId, Unit},
    sdp::Codec,
};

/// Frames of 20 ms, the packet time of RFC 3551 §4.2.
pub(super) const FRAME_MS: u64 = 20;
/// Of 8 kHz.
pub(super) const FRAME_SAMPLES: usize = 160;
/// 20 ms of narrow band without a frame: nothing is said (RFC 6716 §3.1, §3.2.1).
const OPUS_SILENCE: [u8; 1] = [1 << 3];
/// Of speech of 8 kHz.
const OPUS_BITS_PER_SECOND: u32 = 16_000;
/// When the time jumps further than this, the frames between are left out.
const CATCH_UP_MS: u64 = 100;

impl Media {
    /// Keep deadlines while there is something that has one.
    pub(super) fn schedule(&mut self, now: Instant) {
        let wanted = !self.dialling.is_empty() || !self.tapped.is_empty() || self.players.values().any(super::players::Player::is_playing);
        if !wanted {
            self.frame_at = None;
        } else if self.frame_at.is_none() {
            self.frame_at = Some(now.plus(FRAME_MS));
        }
        self.schedule_sweep(now);
    }

    /// Send the frames that are due, for everything that is made here together.
    pub(super) fn frames(&mut self, now: Now) {
        let Some(mut due) = self.frame_at else { return };
        if now.monotonic.0.saturating_sub(due.0) > CATCH_UP_MS {
            due = now.monotonic;
        }
        while due <= now.monotonic {
            self.frame(Now { monotonic: due, ..now });
            due = due.plus(FRAME_MS);
        }
        self.frame_at = Some(due);
    }

    fn frame(&mut self, now: Now) {
        let ids: Vec<PlayerId> = self.players.iter().filter(|(_, player)| player.is_playing()).map(|(id, _)| *id).collect();
        for id in ids {
            self.play(now, id);
        }
        for slot in std::mem::take(&mut self.tapped) {
            if self.decode(now, slot) {
                self.tapped.push(slot);
            }
        }
        let dialling = std::mem::take(&mut self.dialling);
        for slot in dialling {
            if self.dial(now, slot) {
                self.dialling.push(slot);
            }
        }
    }

    fn play(&mut self, now: Now, id: PlayerId) {
        if self.is_awaited(id) {
            return;
        }
        self.start(id);
        let Some(player) = self.players.get_mut(&id) else { return };
        let mut frame = [0; FRAME_SAMPLES];
        let played = player.play(&mut frame);
        let hearers = std::mem::take(&mut player.hearers);
        self.deliver(now, Unit::Player(id), &frame, &hearers, None);
        if let Some(player) = self.players.get_mut(&id) {
            player.hearers = hearers;
        }
        for offset_ms in played.marks {
            self.out.event(Event::Marked { player: id, offset_ms });
        }
        if played.over {
            self.finish(id, None);
        }
    }

    /// Code a frame for who hears it. What was passed on as it came is left out: `from` is its codec.
    fn deliver(&mut self, now: Now, source: Unit, frame: &[i16; FRAME_SAMPLES], hearers: &[u32], from: Option<Codec>) {
        let (mut ulaw, mut alaw) = (None, None);
        for hearer in hearers {
            let Some(leg) = self.legs.get(*hearer) else { continue };
            let Some(agreement) = leg.agreement.as_ref().filter(|_| leg.remote().is_some() && leg.digits.is_idle() && !leg.crossing.is_on(now.monotonic)) else {
                continue;
            };
            let (codec, payload_type) = (agreement.codec, agreement.payload);
            if from.is_some_and(|from| (from == Codec::Opus) == (codec == Codec::Opus)) {
                continue;
            }
            let mut encoder = leg.encoder.take();
            let payload: &[u8] = match codec {
                Codec::Pcmu => ulaw.get_or_insert_with(|| frame.map(encode_ulaw)),
                Codec::Pcma => alaw.get_or_insert_with(|| frame.map(encode_alaw)),
                Codec::Opus => {
                    encoder = encoder.or_else(|| {
                        let mut encoder = opus::Encoder::new(8000, OPUS_BITS_PER_SECOND).ok()?;
                        encoder.set_loss(leg.loss);
                        Some(Box::new(encoder))
                    });
                    let Some(packet) = encoder.as_mut().and_then(|encoder| encoder.encode(frame)) else { continue };
                    packet
                }
            };
            let clock = codec.clock();
            let head = leg.stream.generate(now.monotonic, source, clock / 50, payload.len(), clock);
            leg.send(&mut self.out, &mut self.scratch, head, payload_type, payload, None);
            leg.encoder = encoder;
        }
    }

    /// Decode a leg for who hears it in another kind of codec; whether that goes on.
    fn decode(&mut self, now: Now, slot: u32) -> bool {
        let Some(leg) = self.legs.get(slot) else { return false };
        let Some(tap) = &mut leg.tap else { return false };
        let (frame, codec) = (tap.frame(), tap.codec);
        if tap.is_over() {
            leg.tap = None;
            return false;
        }
        if let Some(frame) = frame {
            let (source, hearers) = (Unit::Leg(leg.id), std::mem::take(&mut leg.hearers));
            self.deliver(now, source, &frame, &hearers, Some(codec));
            if let Some(leg) = self.legs.get(slot) {
                leg.hearers = hearers;
            }
        }
        true
    }

    pub(super) fn digits(&mut self, now: Now, id: LegId, digits: &str) {
        let Some(slot) = self.legs.slot(id) else { return };
        let Some(leg) = self.legs.get(slot) else { return };
        if leg.agreement.as_ref().is_none_or(|agreement| agreement.event.is_none()) {
            return self.out.event(Event::DigitsRefused { leg: id });
        }
        leg.digits.add(digits);
        if !leg.digits.is_idle() && !self.dialling.contains(&slot) {
            self.dialling.push(slot);
        }
        self.schedule(now.monotonic);
    }

    /// One step of a leg's keys; whether there is another.
    fn dial(&mut self, now: Now, slot: u32) -> bool {
        let Some(leg) = self.legs.get(slot) else { return false };
        let clock = leg.codec().clock();
        let Some(step) = leg.digits.step(clock) else { return false };
        let event = leg.agreement.as_ref().and_then(|agreement| agreement.event);
        if let (Step::Event { payload, begins }, Some((payload_type, _))) = (step, event)
            && leg.remote().is_some()
        {
            let bytes = payload.bytes();
            let head = leg.stream.event(now.monotonic, begins, bytes.len(), clock);
            leg.send(&mut self.out, &mut self.scratch, head, payload_type, &bytes, None);
        }
        !leg.digits.is_idle()
    }

    /// One frame of silence, which opens translators on the way.
    pub(super) fn silence(&mut self, now: Now, slot: u32) {
        let Some(leg) = self.legs.get(slot) else { return };
        let Some(agreement) = &leg.agreement else { return };
        let payload: &[u8] = match agreement.codec {
            Codec::Pcmu => &[ULAW_SILENCE; FRAME_SAMPLES],
            Codec::Pcma => &[ALAW_SILENCE; FRAME_SAMPLES],
            Codec::Opus => &OPUS_SILENCE,
        };
        let (clock, payload_type) = (agreement.codec.clock(), agreement.payload);
        leg.stream.cut();
        let head = leg.stream.generate(now.monotonic, Unit::Leg(leg.id), clock / 50, payload.len(), clock);
        leg.stream.cut();
        leg.send(&mut self.out, &mut self.scratch, head, payload_type, payload, None);
    }
}
