use std::{fmt::Write as _, net::IpAddr};

use super::{Codec, Direction, Setup};

/// What stands in our own description of sound.
pub(super) struct Sound<'a> {
    pub protocol: &'a str,
    pub port: u16,
    /// In order of preference, with their payload types.
    pub codecs: &'a [(u8, Codec)],
    /// Payload types of telephone-event and their clocks.
    pub events: &'a [(u8, u32)],
    pub direction: Direction,
    pub mux: bool,
    pub rtcp_port: Option<u16>,
    pub mid: Option<&'a str>,
    pub ssrc: Option<(u32, &'a str)>,
    pub secure: Option<Secure<'a>>,
}

pub(super) struct Secure<'a> {
    pub ufrag: &'a str,
    pub pwd: &'a str,
    pub fingerprint: &'a str,
    pub setup: Setup,
    pub candidates: &'a [String],
}

pub(super) enum Written<'a> {
    Sound(Sound<'a>),
    /// Port 0: refused, or no longer there.
    Refused {
        kind: &'a str,
        protocol: &'a str,
        formats: &'a [String],
        mid: Option<&'a str>,
    },
}

pub(super) struct Head<'a> {
    pub address: IpAddr,
    pub id: u64,
    pub version: u64,
    pub bundle: Option<&'a str>,
    pub lite: bool,
}

/// The text. It has a fixed order, so that equal agreements give equal texts.
pub(super) fn write(head: &Head<'_>, sections: &[Written<'_>]) -> String {
    let mut out = String::with_capacity(600);
    let kind = if head.address.is_ipv4() { "IP4" } else { "IP6" };
    let address = head.address;
    line(&mut out, format_args!("v=0"));
    line(&mut out, format_args!("o=- {} {} IN {kind} {address}", head.id, head.version));
    line(&mut out, format_args!("s=-"));
    line(&mut out, format_args!("c=IN {kind} {address}"));
    line(&mut out, format_args!("t=0 0"));
    if head.lite {
        line(&mut out, format_args!("a=ice-lite"));
    }
    if let Some(mid) = head.bundle {
        line(&mut out, format_args!("a=group:BUNDLE {mid}"));
    }
    for section in sections {
        match section {
            Written::Sound(sound) => sound_section(&mut out, sound),
            Written::Refused { kind, protocol, formats, mid } => {
                line(&mut out, format_args!("m={kind} 0 {protocol} {}", formats.join(" ")));
                if let Some(mid) = mid {
                    line(&mut out, format_args!("a=mid:{mid}"));
                }
            }
        }
    }
    out
}

fn sound_section(out: &mut String, sound: &Sound<'_>) {
    let mut formats = String::new();
    for payload in sound.codecs.iter().map(|codec| codec.0).chain(sound.events.iter().map(|event| event.0)) {
        let _ = write!(formats, " {payload}");
    }
    line(out, format_args!("m=audio {} {}{formats}", sound.port, sound.protocol));
    for (payload, codec) in sound.codecs {
        line(out, format_args!("a=rtpmap:{payload} {}", codec.encoding()));
        if *codec == Codec::Opus {
            line(out, format_args!("a=fmtp:{payload} minptime=20;useinbandfec=1"));
        }
    }
    for (payload, clock) in sound.events {
        line(out, format_args!("a=rtpmap:{payload} telephone-event/{clock}"));
        line(out, format_args!("a=fmtp:{payload} 0-15"));
    }
    line(out, format_args!("a=ptime:20"));
    line(out, format_args!("a={}", sound.direction.name()));
    if let Some(port) = sound.rtcp_port {
        line(out, format_args!("a=rtcp:{port}"));
    }
    if sound.mux {
        line(out, format_args!("a=rtcp-mux"));
    }
    if let Some(mid) = sound.mid {
        line(out, format_args!("a=mid:{mid}"));
    }
    if let Some(secure) = &sound.secure {
        line(out, format_args!("a=ice-ufrag:{}", secure.ufrag));
        line(out, format_args!("a=ice-pwd:{}", secure.pwd));
        line(out, format_args!("a=fingerprint:{}", secure.fingerprint));
        line(out, format_args!("a=setup:{}", secure.setup.name()));
        for candidate in secure.candidates {
            line(out, format_args!("a=candidate:{candidate}"));
        }
        line(out, format_args!("a=end-of-candidates"));
    }
    if let Some((ssrc, cname)) = sound.ssrc {
        line(out, format_args!("a=ssrc:{ssrc} cname:{cname}"));
    }
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(text);
    out.push_str("\r\n");
}
