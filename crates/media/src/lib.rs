//! Audio of calls as values without a clock, a socket or a thread: SDP, RTP, codecs, what is played and who hears whom.

pub mod codec;
pub mod event;
pub mod file;
pub mod io;
pub mod jitter;
mod media;
pub mod resample;
pub mod rtcp;
pub mod rtp;
pub mod sdp;
pub mod tone;
pub mod webrtc;

pub use io::{Audio, Command, Event, LegId, Output, PlayerId, Statistics, Unbound, Unit};
pub use media::{Config, Media, PLAYED_RATE};
