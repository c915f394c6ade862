//! The audio of calls: descriptions, who hears whom, what is played.

use cordboard_engine::{self as engine, CallEvent, PlayerAction, PlayerEvent, Unit};
use cordboard_media as media;
use cordboard_sip as sip;

use crate::{
    call::{Branch, Call, Phase, Reinvite, Want, sdp, transport_name},
    io::Output,
    switch::{Key, Switch},
};

/// How long a digit that goes by INFO is said to last, as for RFC 4733.
const INFO_DIGIT_MS: u32 = 100;

impl Switch {
    /// An incoming call needs its description: for 183, or for 200.
    pub(crate) fn describe(&mut self, key: Key, want: Want) {
        let Some(call) = self.calls.get_mut(&key) else { return };
        let offer = call.offer.take();
        let Some(branch) = call.branches.first_mut() else { return };
        if branch.described.is_some() {
            call.want = Some(want);
            return self.answer_described(key);
        }
        call.want = Some(want);
        if branch.leg.is_some() {
            return;
        }
        let (source, web) = (branch.source, branch.is_web());
        let leg = self.new_leg(key);
        let Some(call) = self.calls.get_mut(&key) else { return };
        let tones = call.telephone_event;
        if let Some(branch) = call.branches.first_mut() {
            branch.leg = Some(leg);
            branch.describing += 1;
            // An INVITE without an offer gets ours with the 200, and its ACK brings the answer (RFC 3261 §13.2.1).
            branch.agreed = offer.is_some();
        }
        match offer {
            Some(offer) => self.media(media::Command::Answer { leg, offer, source }),
            None => self.media(media::Command::Offer { leg, web }),
        }
        if tones {
            self.media(media::Command::Tones { leg, on: true });
        }
        self.rewire(key);
    }

    /// The description of an incoming call is there: it goes with what the scenario wants.
    fn answer_described(&mut self, key: Key) {
        let Some(call) = self.calls.get_mut(&key) else { return };
        let Some(branch) = call.branches.first() else { return };
        let (dialog, described, agreed) = (branch.dialog, branch.described.clone(), branch.agreed);
        let (status, headers, body) = match call.want.take() {
            // Our offer cannot go with 183, because no PRACK would bring its answer.
            Some(Want::EarlyMedia { headers }) => (183, headers, described.filter(|_| agreed)),
            Some(Want::Answer { headers }) => (200, headers, described),
            None => return,
        };
        call.early |= status == 183;
        self.sip(sip::Command::Answer { call: dialog, reply: sip::Reply { status, headers, body: body.and_then(sdp), ..sip::Reply::default() } });
    }

    /// The ACK to our 200.
    pub(crate) fn acknowledged(&mut self, dialog: sip::CallId, body: Option<(String, Vec<u8>)>) {
        let Some(key) = self.key_of(dialog) else { return };
        let Some(call) = self.calls.get_mut(&key) else { return };
        let first = call.phase == Phase::Answering;
        let (display_name, encrypted, sip_call_id) = (call.display_name.clone(), call.encrypted, call.sip_call_id.clone());
        let Some(branch) = call.branch(dialog) else { return };
        let (transport, source) = (transport_name(branch.transport), branch.source);
        if !branch.agreed {
            match (branch.leg, body) {
                (Some(leg), Some((_, answer))) => {
                    branch.agreed = true;
                    self.media(media::Command::Take { leg, answer, source });
                }
                _ => {
                    self.release(key, Vec::new());
                    self.put(Output::Explain {
                        session_id: key.session_id,
                        call: key.call,
                        text: "The ACK of an INVITE without an offer brought no answer to ours.".to_owned(),
                    });
                    self.tell(key, CallEvent::Disconnected { reason: "Not Acceptable Here".to_owned(), internal_code: 488, headers: Vec::new() });
                    return;
                }
            }
        }
        if first {
            if let Some(call) = self.calls.get_mut(&key) {
                call.phase = Phase::Connected;
            }
            self.connected(key);
            self.tell(key, CallEvent::Connected { sip_call_id, display_name, headers: Vec::new(), encrypted, transport });
        }
    }

    /// A call was answered, from whichever side.
    pub(crate) fn connected(&mut self, key: Key) {
        if let Some(leg) = self.calls.get(&key).and_then(Call::leg) {
            self.media(media::Command::Connected { leg });
        }
        self.look_after(key);
    }

    /// A re-INVITE or an UPDATE: the description is agreed on again, even where nothing changes.
    pub(crate) fn reinvited(&mut self, key: Key, dialog: sip::CallId, request: sip::RequestId, message: &sip::Request) {
        let offer = crate::call::description(&message.headers, &message.body);
        let Some(call) = self.calls.get_mut(&key) else { return };
        let Some(branch) = call.branch(dialog) else { return };
        let (source, web) = (branch.source, branch.is_web());
        let Some(leg) = branch.leg else {
            self.sip(sip::Command::Reply { request, reply: sip::Reply { status: 491, ..sip::Reply::default() } });
            return;
        };
        match offer {
            Some(offer) => {
                branch.reinvite = Some(Reinvite { request, offers: true });
                branch.describing += 1;
                self.media(media::Command::Answer { leg, offer, source });
            }
            None if message.method == "UPDATE" => {
                self.sip(sip::Command::Reply { request, reply: sip::Reply { status: 200, ..sip::Reply::default() } });
            }
            None => {
                branch.reinvite = Some(Reinvite { request, offers: false });
                branch.describing += 1;
                self.media(media::Command::Offer { leg, web });
            }
        }
    }

    pub(crate) fn media_event(&mut self, event: media::Event) {
        use media::Event;
        match event {
            Event::Described { leg, sdp, encrypted } => self.described(leg, sdp, encrypted),
            Event::Agreed { leg, encrypted } => {
                if let Some(call) = self.legs.get(&leg).and_then(|key| self.calls.get_mut(key)) {
                    call.encrypted = encrypted;
                }
            }
            Event::Refused { leg, status, reason } => self.refused(leg, status, &reason),
            Event::FirstPacket { leg } => {
                self.hear(leg, |branch| branch.heard = true);
                self.tell_of(leg, CallEvent::FirstAudioPacketReceived);
            }
            Event::Held { leg, on } => {
                self.hear(leg, |branch| branch.held = on);
                self.tell_of(leg, CallEvent::Held { on });
            }
            Event::Silent { leg, on } => {
                self.hear(leg, |branch| branch.silent = on);
                self.tell_of(leg, CallEvent::Silent { on });
            }
            Event::Tone { leg, tone } => self.tell_of(leg, CallEvent::Tone { tone, kind: 1 }),
            Event::DigitsRefused { leg } => self.digits_refused(leg),
            Event::Ready { player, duration_ms } => self.player_event(player, PlayerEvent::Ready { duration_ms }),
            Event::Started { player, duration_ms } => self.player_event(player, PlayerEvent::Started { duration_ms }),
            Event::Marked { player, offset_ms } => self.player_event(player, PlayerEvent::Marked { offset_ms }),
            Event::Finished { player, error } => {
                self.player_event(player, PlayerEvent::Finished { error });
                self.player_over(player);
            }
            Event::Broken { leg, reason } => self.broken(leg, &reason),
            Event::Closed { .. } => {}
        }
    }

    /// What the audio of a leg says of its peer.
    fn hear(&mut self, leg: media::LegId, change: impl FnOnce(&mut Branch)) {
        let Some(key) = self.legs.get(&leg).copied() else { return };
        let Some(call) = self.calls.get_mut(&key) else { return };
        if let Some(branch) = call.branches.iter_mut().find(|branch| branch.leg == Some(leg)) {
            change(branch);
        }
        if call.phase == Phase::Connected {
            self.look_after(key);
        }
    }

    fn tell_of(&mut self, leg: media::LegId, event: CallEvent) {
        if let Some(key) = self.legs.get(&leg).copied() {
            self.tell(key, event);
        }
    }

    fn described(&mut self, leg: media::LegId, bytes: Vec<u8>, encrypted: bool) {
        let Some(key) = self.legs.get(&leg).copied() else { return };
        let Some(call) = self.calls.get_mut(&key) else { return };
        let incoming = call.incoming;
        let Some(branch) = call.branches.iter_mut().find(|branch| branch.leg == Some(leg)) else { return };
        branch.describing = branch.describing.saturating_sub(1);
        if branch.describing > 0 {
            return;
        }
        branch.described = Some(bytes.clone());
        let dialog = branch.dialog;
        if let Some(Reinvite { request, offers }) = branch.reinvite.take() {
            // Not before its 200, because it may be cancelled until then, and an ACK may come to the one before.
            branch.agreed = offers;
            call.encrypted |= encrypted;
            self.sip(sip::Command::Reply { request, reply: sip::Reply { status: 200, body: sdp(bytes), ..sip::Reply::default() } });
        } else if let Some((target, mut invite)) = branch.invite.take() {
            branch.encrypted = encrypted;
            invite.body = sdp(bytes);
            self.sip(sip::Command::Invite { call: dialog, target, invite });
        } else if incoming {
            call.encrypted |= encrypted;
            self.answer_described(key);
        }
    }

    /// A description cannot be taken, or none can be made.
    fn refused(&mut self, leg: media::LegId, status: u16, reason: &str) {
        let Some(key) = self.legs.get(&leg).copied() else { return };
        let Some(call) = self.calls.get_mut(&key) else { return };
        let (incoming, phase) = (call.incoming, call.phase);
        let Some(branch) = call.branches.iter_mut().find(|branch| branch.leg == Some(leg)) else { return };
        let dialog = branch.dialog;
        branch.describing = branch.describing.saturating_sub(1);
        if branch.describing > 0 {
            return;
        }
        if let Some(Reinvite { request, .. }) = branch.reinvite.take() {
            // What was agreed before stays (RFC 3261 §14.2).
            self.sip(sip::Command::Reply { request, reply: sip::Reply { status, ..sip::Reply::default() } });
            return;
        }
        let why = format!("The audio of a call could not be agreed on: {reason}");
        if incoming && phase != Phase::Connected {
            self.sip(sip::Command::Answer { call: dialog, reply: sip::Reply { status, ..sip::Reply::default() } });
            self.release(key, Vec::new());
            self.put(Output::Explain { session_id: key.session_id, call: key.call, text: why });
            self.tell(key, CallEvent::Disconnected { reason: "Not Acceptable Here".to_owned(), internal_code: status, headers: Vec::new() });
        } else if phase == Phase::Connected {
            self.release(key, Vec::new());
            self.put(Output::Explain { session_id: key.session_id, call: key.call, text: why });
            self.tell(key, CallEvent::Disconnected { reason: "Not Acceptable Here".to_owned(), internal_code: status, headers: Vec::new() });
        } else {
            self.branch_failed(key, dialog, status, "Not Acceptable Here", Vec::new(), why);
        }
    }

    fn broken(&mut self, leg: media::LegId, reason: &str) {
        let Some(key) = self.legs.get(&leg).copied() else { return };
        let Some(call) = self.calls.get(&key) else { return };
        let text = format!("The audio of a call broke: {reason}");
        let (incoming, phase, dialog) = (call.incoming, call.phase, call.branches.iter().find(|branch| branch.leg == Some(leg)).map(|branch| branch.dialog));
        match dialog {
            Some(dialog) if !incoming && phase != Phase::Connected => self.branch_failed(key, dialog, 503, "Service Unavailable", Vec::new(), text),
            _ => {
                if let Some(call) = dialog.filter(|_| phase != Phase::Connected) {
                    self.sip(sip::Command::Answer { call, reply: sip::Reply { status: 503, ..sip::Reply::default() } });
                }
                self.release(key, Vec::new());
                self.put(Output::Explain { session_id: key.session_id, call: key.call, text });
                self.tell(key, CallEvent::Disconnected { reason: "The audio broke".to_owned(), internal_code: 503, headers: Vec::new() });
            }
        }
    }

    /// Digits for a peer that takes no telephone-event go by INFO.
    fn digits_refused(&mut self, leg: media::LegId) {
        if let Some(key) = self.legs.get(&leg).copied()
            && !self.asked.values().any(|asking| *asking == key)
        {
            self.next_digit(key);
        }
    }

    /// Each digit waits for the answer to the one before: of two that overtake each other the peer would refuse one (RFC 3261 §12.2.2).
    pub(crate) fn next_digit(&mut self, key: Key) {
        let Some(call) = self.calls.get_mut(&key) else { return };
        let Some(digit) = call.digits.pop_front() else { return };
        let body = format!("Signal={digit}\r\nDuration={INFO_DIGIT_MS}\r\n");
        if let Some(request) = self.inside(key, "INFO", Vec::new(), Some(("application/dtmf-relay".to_owned(), body.into_bytes()))) {
            self.asked.insert(request, key);
        }
    }

    /// `key` hears `from`, now or once both have their audio.
    pub(crate) fn wire(&mut self, key: Key, from: Unit) {
        let Some(call) = self.calls.get_mut(&key) else { return };
        let (before, to) = (call.hears.replace(from), call.leg());
        // What is not there yet takes the place of what is, whatever it will come with.
        if self.unit(key.session_id, from).is_none()
            && let (Some(before), Some(to)) = (before.and_then(|before| self.unit(key.session_id, before)), to)
        {
            self.media(media::Command::Unwire { from: before, to });
        }
        self.wire_now(key);
    }

    pub(crate) fn unwire(&mut self, key: Key, from: Unit) {
        let Some(call) = self.calls.get_mut(&key) else { return };
        if call.hears != Some(from) {
            return;
        }
        call.hears = None;
        let to = call.leg();
        if let (Some(from), Some(to)) = (self.unit(key.session_id, from), to) {
            self.media(media::Command::Unwire { from, to });
        }
    }

    fn wire_now(&mut self, key: Key) {
        let Some(call) = self.calls.get(&key) else { return };
        let (Some(from), Some(to)) = (call.hears, call.leg()) else { return };
        if let Some(from) = self.unit(key.session_id, from) {
            self.media(media::Command::Wire { from, to });
        }
    }

    fn unit(&self, session_id: i64, unit: Unit) -> Option<media::Unit> {
        match unit {
            Unit::Call(call) => self.calls.get(&Key { session_id, call }).and_then(Call::leg).map(media::Unit::Leg),
            Unit::Player(player) => self.sessions.get(&session_id)?.players.get(&player).copied().map(media::Unit::Player),
        }
    }

    /// A call has its leg: what it hears, and who hears it, takes effect.
    pub(crate) fn rewire(&mut self, key: Key) {
        self.wire_now(key);
        let unit = Unit::Call(key.call);
        let Some(held) = self.sessions.get(&key.session_id) else { return };
        let hearing: Vec<Key> = held
            .calls
            .iter()
            .map(|call| Key { call: *call, ..key })
            .filter(|other| *other != key && self.calls.get(other).is_some_and(|call| call.hears == Some(unit)))
            .collect();
        for other in hearing {
            self.wire_now(other);
        }
    }

    pub(crate) fn play(&mut self, session_id: i64, number: u64, play: engine::Play) {
        let player = media::PlayerId(self.number());
        self.sessions.entry(session_id).or_default().players.insert(number, player);
        self.players.insert(player, (session_id, number));
        self.media(media::Command::Player { player, looped: play.looped, paused: play.paused, waits: play.waits });
        self.put(Output::Fetch { player, session_id, sound: play.what });
    }

    pub(crate) fn player_act(&mut self, session_id: i64, number: u64, action: PlayerAction) {
        let Some(player) = self.sessions.get(&session_id).and_then(|held| held.players.get(&number)).copied() else { return };
        match action {
            PlayerAction::Pause => self.media(media::Command::Pause { player }),
            PlayerAction::Resume => self.media(media::Command::Resume { player }),
            PlayerAction::Mark { offset_ms } => self.media(media::Command::Mark { player, offset_ms }),
            PlayerAction::Stop => self.player_over(player),
        }
    }

    fn player_event(&mut self, player: media::PlayerId, event: PlayerEvent) {
        if let Some((session_id, number)) = self.players.get(&player).copied() {
            self.put(Output::Session { session_id, input: engine::Input::Player { player: number, event } });
        }
    }

    fn player_over(&mut self, player: media::PlayerId) {
        let Some((session_id, number)) = self.players.remove(&player) else { return };
        if let Some(held) = self.sessions.get_mut(&session_id) {
            held.players.remove(&number);
        }
        self.media(media::Command::Stop { player });
    }
}
