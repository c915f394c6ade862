//! Why a call did not come about, as sentences for the account that it belongs to. Strangers are told a bare code.

use std::net::IpAddr;

use crate::{caller::Account, error::quote};

/// Characters of an explanation that are kept.
pub const LONGEST: usize = 4_000;

/// Cuts an explanation to what is kept. Line ends stay, other control characters do not: much of it comes from callers.
pub fn bounded(text: &str) -> String {
    let clean = |c: char| if c.is_control() && c != '\n' { '\u{fffd}' } else { c };
    let mut out: String = text.chars().take(LONGEST).map(clean).collect();
    if text.chars().nth(LONGEST).is_some() {
        out.pop();
        out.push('…');
    }
    out
}

/// A call from an address that gave no password and is on no list that would spare it one.
pub fn not_on_list(account: &Account, from: IpAddr) -> String {
    format!(
        "The caller at {from} is no user of the application, no trunk of the configuration, and its address is not on the SIP white list of account {}.",
        quote(account.name())
    )
}

/// A destination that the operator's trunk is not allowed to call.
pub fn destination_not_allowed(destination: &str) -> String {
    format!("The destination {} is not allowed. The operator's setting is trunk.allowed.", quote(destination))
}

/// A caller id that is none of the trunk's numbers.
pub fn caller_id_not_allowed(caller_id: &str) -> String {
    format!("The caller id {} is neither a number of the trunk nor that of the incoming call. The operator's setting is trunk.numbers.", quote(caller_id))
}

/// What the other side answered: the trunk, a phone or another server. `peer` names it.
pub fn peer_answered(peer: &str, status: u16, reason: &str) -> String {
    format!("{} answered {status} {}.", quote(peer), quote(reason))
}

/// No connection to the peer, or no answer from it.
pub fn peer_silent(peer: &str, what: &str) -> String {
    format!("{} was not reached: {}.", quote(peer), what.trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_explanation_is_cut_and_has_no_control_characters() {
        assert_eq!(bounded("a\nb\u{1b}[31m\r"), "a\nb\u{fffd}[31m\u{fffd}");
        let long = bounded(&"ä".repeat(LONGEST + 1));
        assert_eq!((long.chars().count(), long.ends_with("ä…")), (LONGEST, true));
        assert_eq!(bounded(&"a".repeat(LONGEST)).len(), LONGEST);
    }

    #[test]
    fn sentences_quote_what_callers_sent() {
        let text = peer_answered("trunk.example.org", 486, &"Busy \u{1}".repeat(100));
        assert!(text.len() < 200 && !text.contains('\u{1}'), "{text}");
    }
}
