//! The real audio in place of the scripted one, for stories that check that the switch and it understand each other.

use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use cordboard_media::{Audio, Command, Config, Media, Output, PlayerId};

use super::{GARBAGE, HOLD, NO_CODEC, PhoneId, SWITCH, Who, World};

/// Samples per second of what players play.
const RATE: u32 = 8_000;

pub(super) struct Real {
    media: Media,
    /// Packets that went out, by where they went.
    sent: BTreeMap<SocketAddr, u64>,
}

impl Real {
    pub fn is_empty(&self) -> bool {
        self.media.legs() == 0 && self.media.players() == 0
    }
}

impl World {
    /// From now on the audio is the real one; phones describe theirs with SDP, and send nothing.
    pub fn hear(&mut self) {
        let config = Config { address: SWITCH, ports: 10_000..=10_999, identity: None };
        self.real = Some(Real { media: Media::new(config, self.chance.bytes()), sent: BTreeMap::new() });
    }

    /// What a phone says of its audio.
    pub(super) fn description(&self, says: &str, phone: usize, call: u64) -> Vec<u8> {
        if self.real.is_none() || says == GARBAGE {
            let epoch = self.phones.get(phone).map_or(0, |phone| phone.epoch);
            return format!("{says} {phone} {call} {epoch}").into_bytes();
        }
        let address = self.phones.get(phone).map_or(SWITCH, |phone| phone.address.ip());
        let port = Self::audio_port(call);
        let (format, codec) = if says == NO_CODEC { (18, "G729") } else { (8, "PCMA") };
        let direction = if says == HOLD { "sendonly" } else { "sendrecv" };
        format!(
            "v=0\r\no=- {call} 1 IN IP4 {address}\r\ns=-\r\nc=IN IP4 {address}\r\nt=0 0\r\nm=audio {port} RTP/AVP {format} 101\r\n\
             a=rtpmap:{format} {codec}/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na={direction}\r\n"
        )
        .into_bytes()
    }

    /// Where a phone takes the audio of a call.
    pub fn audio_port(call: u64) -> u16 {
        20_000 + u16::try_from(call % 1_000 * 2).unwrap_or_default()
    }

    pub(super) fn real_command(&mut self, command: Command) {
        let now = self.now();
        if let Some(real) = &mut self.real {
            real.media.command(now, command);
        }
        self.drain_media();
    }

    pub(super) fn tick_media(&mut self) {
        let now = self.now();
        if let Some(real) = &mut self.real {
            real.media.tick(now);
        }
        self.drain_media();
    }

    pub(super) fn load_real(&mut self, player: PlayerId) {
        let second = Audio { rate: RATE, samples: (0..8_000_i16).map(|sample| if sample / 8 % 2 == 0 { 8_000 } else { -8_000 }).collect() };
        self.real_command(Command::Load { player, audio: Ok(Arc::new(second)), again: None });
    }

    /// Packets of a phone's newest call, by their numbers.
    pub fn speak(&mut self, phone: PhoneId, numbers: std::ops::Range<u16>) {
        let Some(known) = self.phones.get(phone) else { return };
        let Some((call, Some(port))) = known.calls.iter().next_back().map(|(call, talk)| (call.0, talk.port)) else { return };
        let from = SocketAddr::new(known.address.ip(), Self::audio_port(call));
        for number in numbers {
            self.packet(from, port, number);
            self.run(20);
        }
    }

    /// A packet of G.711 for a port of a leg, from anywhere.
    pub fn packet(&mut self, from: SocketAddr, port: u16, number: u16) {
        let now = self.now();
        let mut bytes = vec![0x80, 8];
        bytes.extend(number.to_be_bytes());
        bytes.extend((u32::from(number) * 160).to_be_bytes());
        bytes.extend(7_u32.to_be_bytes());
        bytes.extend([0xd5; 160]);
        if let Some(real) = &mut self.real {
            real.media.packet(now, port, from, &mut bytes);
        }
        self.drain_media();
    }

    /// Packets that went to an address.
    pub fn packets_to(&self, address: IpAddr) -> u64 {
        self.real.iter().flat_map(|real| &real.sent).filter(|(to, _)| to.ip() == address).map(|(_, count)| count).sum()
    }

    fn drain_media(&mut self) {
        let now = self.now();
        let Some(real) = &mut self.real else { return };
        let (mut events, mut bound) = (Vec::new(), Vec::new());
        loop {
            while let Some(output) = real.media.poll() {
                match output {
                    Output::Bind { port, .. } => bound.push(port),
                    Output::Unbind { .. } => {}
                    Output::Send { to, .. } => *real.sent.entry(to).or_default() += 1,
                    Output::Event(event) => events.push(event),
                }
            }
            let Some(port) = bound.pop() else { break };
            real.media.bound(now, port, Ok(None));
        }
        let due = real.media.deadline().map(|(at, _)| at);
        for event in events {
            self.say(event);
        }
        self.set_due(Who::Media, due);
    }
}
