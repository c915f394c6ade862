//! Calls of sessions: what the switch tells a session, and what is kept of it for the history.

use cordboard_engine::Input;

use super::{Sessions, live::Posted, pool::lock};

/// Explanations of one session that are kept, and characters of each.
const EXPLANATIONS: usize = 50;
const EXPLANATION_CHARACTERS: usize = 1_000;

impl Sessions {
    /// Something for a session's mailbox.
    pub fn call_input(&self, session_id: i64, input: Input) {
        let Some(live) = self.find(session_id) else { return };
        if self.post(&live, input) == Posted::Full {
            tracing::warn!(session = session_id, "a session does not take what its calls bring; a message was dropped");
        }
    }

    /// Why something of a session's calls did not succeed.
    pub fn explain(&self, session_id: i64, text: &str) {
        let Some(live) = self.find(session_id) else { return };
        let mut explanations = lock(&live.explanations);
        if explanations.len() < EXPLANATIONS {
            explanations.push(text.chars().take(EXPLANATION_CHARACTERS).collect());
        }
    }
}
