//! Sessions that run now. The original has no methods for them.

pub const GROUP: &str = "LiveSessions";

pub mod get_live_sessions;
pub mod get_session_log;
pub mod get_session_recording;
pub mod send_session_request;
pub mod set_session_recording;
pub mod stop_session;
