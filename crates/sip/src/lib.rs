//! SIP (RFC 3261) as values without a clock, a socket or a thread.
//!
//! An `Agent` has three functions: `handle` takes one [`Input`] and the present moment, `poll` gives what
//! follows as [`Output`]s until there is none, `deadline` says when to come back and why. Every input from the network
//! names its [`Flow`], and answers leave by the flow of their request.

pub mod agent;
pub mod config;
mod deadlines;
mod dialog;
pub mod digest;
mod escape;
pub mod fields;
pub mod flow;
pub mod framing;
pub mod headers;
pub mod io;
pub mod message;
mod reason;
pub mod registrar;
pub mod syntax;
mod transaction;
pub mod uri;

pub use agent::{Agent, Sizes};
pub use config::{Config, Limits, Listener, Methods, Times};
pub use fields::{CSeq, Contacts, NameAddr, Via};
pub use flow::{Flow, Transport};
pub use framing::{Frame, Framing};
pub use headers::Headers;
pub use io::{CallId, Command, Credentials, Event, Input, Invite, Output, Outside, Reply, RequestId, Target, Why};
pub use message::{Message, ParseError, Request, Response};
pub use registrar::{Binding, Refusal, Registered, Registrar};
pub use syntax::Malformed;
pub use uri::Uri;
