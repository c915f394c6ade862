//! Challenges: each realm is answered once, and once more where only the nonce was stale.

use super::{
    Agent,
    draft::{Answered, Draft},
};
use crate::{digest::challenges, message::Response};

/// Realms that one request answers at most: its own and those of a few proxies. Our own bound.
const MOST_REALMS: usize = 4;

impl Agent {
    /// Gives a request what a 401 or 407 asks for; false if that is not possible or has been tried.
    pub(super) fn authorize(&mut self, draft: &mut Draft, response: &Response) -> bool {
        if !matches!(response.status, 401 | 407) {
            return false;
        }
        let (Some(credentials), Ok(uri)) = (&draft.credentials, draft.uri.parse()) else { return false };
        let mut any = false;
        for challenge in challenges(response) {
            let answered = &mut draft.answered;
            let (name, value) = challenge.answer(&draft.method, &uri, credentials, 1, &mut self.chance);
            match answered.iter().position(|known| known.realm == challenge.realm && known.name == name) {
                Some(at) if challenge.stale && !answered[at].stale => {
                    answered[at].stale = true;
                    answered[at].value = value;
                }
                Some(_) => return false,
                None if answered.len() >= MOST_REALMS => return false,
                None => answered.push(Answered { realm: challenge.realm, name, value, stale: challenge.stale }),
            }
            any = true;
        }
        any
    }
}
