//! Puts calls together: SIP, media and sessions, as a value without a clock, a socket or a thread.
//!
//! [`Switch`] has the three functions of every core: `handle` takes one [`Input`] and the present moment, `poll` gives what
//! follows as [`Output`]s until there is none, `deadline` says when to come back and why. It owns the SIP agent and the
//! registrations; media, sessions and look-ups are reached by outputs, and answer by inputs. [`sessions::Sessions`] counts
//! sessions and is apart, because sessions begin without calls, too.

mod arrival;
mod auth;
mod call;
mod guesses;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod hostile;
mod io;
mod leg;
mod place;
mod register;
mod revoke;
pub mod sessions;
pub mod sim;
mod switch;
pub mod trunk;

pub use auth::{holder, prefix};
pub use io::{Answer, Bound, Caller, Config, Found, Input, Origin, Output, Question, Revoked, SessionInfo, Ticket, Trunk, User};
pub use switch::Switch;
