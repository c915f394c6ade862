//! Calls of sessions: what the switch tells a session, and what is kept of it for the history.

use std::sync::Arc;

use cordboard_api::{Api, live::Start};
use cordboard_engine::Input;
use cordboard_switch::{SessionInfo, sessions as roster};

use super::{Sessions, live::Posted, pool::lock};

/// Explanations of one session that are kept, and characters of each.
const EXPLANATIONS: usize = 50;
const EXPLANATION_CHARACTERS: usize = 1_000;

impl Sessions {
    pub fn api(&self) -> &Arc<Api> {
        &self.api
    }

    /// May the account have one more session? It counts until the session ends or the admission is given back.
    pub fn admit(&self, account_id: i64) -> Result<(), String> {
        self.switched(roster::Input::Admit { ticket: 0, account_id }).unwrap_or(Ok(()))
    }

    pub fn forgo(&self, account_id: i64) {
        self.switched(roster::Input::Forgo { account_id });
    }

    /// An admitted session begins, because a call came in.
    pub async fn begin_call(&self, start: Start, guest: bool) -> Result<Arc<SessionInfo>, String> {
        let (session_id, custom_data) = (start.session_id, start.custom_data.clone());
        match self.begin(start, guest) {
            Ok(live) => Ok(live.info.clone()),
            Err(reason) => {
                self.never_began(session_id, custom_data, &reason).await;
                Err(reason)
            }
        }
    }

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
