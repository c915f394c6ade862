//! Scenario sessions: JavaScript that was written for VoxEngine, run without a clock, a socket or a thread of its own.
//!
//! A [`Session`] is a value with three functions. `handle` takes one [`Input`] and the present moment, `poll` gives what
//! follows as [`Output`]s until there is none, `deadline` says when to come back and why. Whoever drives it carries
//! outputs into the world and brings back what the world said. Time is the argument `Now`, chance is a seed at the start,
//! so the same inputs always give the same outputs.
//!
//! A session that a call begins gets `Input::Start`, then `Input::Alerting` under a number of 2^40 or more; calls that it places
//! and its players have numbers from `Output::Place` and `Output::Play`. Of each call the last input is `Failed` or
//! `Disconnected`, also after `Reject` and `Hangup`; of each player it is `Finished`, unless `Stop` came first. Wires may be laid
//! to calls that are not answered yet. With `Output::Ended` whatever is left of calls and players ends.
//!
//! A turn is one `handle`. Whoever drives the session measures it and may set its [`Brake`] from another thread: running
//! JavaScript then ends, and the session with it. Some native functions do not look at the brake for a long time; what a
//! session said before it stuck is reached through [`Watch`], even while its thread still burns.

mod ending;
mod host;
mod io;
pub mod limits;
mod memory;
mod modules;
mod record;
mod redact;
mod session;
#[cfg(test)]
mod testing;
mod thrown;
mod vm;

pub use cordboard_now::{Instant, Now};
pub use host::Watch;
pub use io::{
    Alerting, Answer, AnswerBody, CallAction, CallEvent, Destination, Direction, End, HttpAnswer, HttpRequest, Input, Leg, Mail, Message, Output, Placing, Play,
    PlayerAction, PlayerEvent, Profile, Scenario, Sound, StorageOperation, Unit, WebSocketRequest, is_shown,
};
pub use memory::Memory;
pub use modules::management::Catalogue;
pub use record::{Frame, Recording};
pub use session::{JS_ERROR, Session, TIMEOUT, TURN_TIME};
pub use vm::Brake;
