//! Bindings beyond an end of the process. Only those over UDP: a connection ends with it, which its device notices.

use std::net::SocketAddr;

use cordboard_now::{Instant, Now};

use super::{Binding, CONTACT_BYTES, MOST_BINDINGS, MOST_BINDINGS_IN_ALL, MOST_SECONDS, Registrar};
use crate::{
    flow::{Flow, Transport},
    uri::Uri,
};

/// A binding over UDP, as it is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub aor: String,
    pub contact: String,
    /// Where the device sends from.
    pub remote: SocketAddr,
    pub instance: Option<String>,
    pub reg_id: Option<u32>,
    pub q: u16,
    pub user_agent: Option<String>,
    /// Milliseconds since 1970.
    pub expires_ms: i64,
    pub seen_ms: i64,
    pub call_id: String,
    pub cseq: u32,
}

impl Registrar {
    /// Grows with each change of what there is to keep.
    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// What is to be given to `restore` after a restart.
    pub fn kept(&self, now: Now) -> Vec<Kept> {
        let over_udp = |binding: &&Binding| binding.flow.transport == Transport::Udp && binding.expires > now.monotonic;
        let kept = |aor: &str, binding: &Binding| Kept {
            aor: aor.to_owned(),
            contact: binding.contact.to_string(),
            remote: binding.flow.remote,
            instance: binding.instance.clone(),
            reg_id: binding.reg_id,
            q: binding.q,
            user_agent: binding.user_agent.clone(),
            expires_ms: utc(now, binding.expires),
            seen_ms: utc(now, binding.seen),
            call_id: binding.call_id.clone(),
            cseq: binding.cseq,
        };
        self.users.iter().flat_map(|(aor, bindings)| bindings.iter().filter(over_udp).map(|binding| kept(aor, binding))).collect()
    }

    /// Takes a binding of before the restart, which the socket at `local` reaches as before. One that has ended or cannot be is left out.
    pub fn restore(&mut self, now: Now, local: SocketAddr, kept: Kept) {
        let left_ms = u64::try_from(kept.expires_ms.saturating_sub(now.utc_ms)).unwrap_or(0).min(u64::from(MOST_SECONDS) * 1_000);
        let Ok(contact) = Uri::parse(&kept.contact) else { return };
        if left_ms == 0 || !contact.is_sip() || kept.contact.len() > CONTACT_BYTES || kept.remote.is_ipv4() != local.is_ipv4() || self.count >= MOST_BINDINGS_IN_ALL {
            return;
        }
        let mut bindings = self.users.get(kept.aor.as_str()).cloned().unwrap_or_default();
        if bindings.len() >= MOST_BINDINGS {
            return;
        }
        // The clock of this process began after it was heard of.
        let ago_ms = u64::try_from(now.utc_ms.saturating_sub(kept.seen_ms)).unwrap_or(0);
        bindings.push(Binding {
            contact,
            flow: Flow { transport: Transport::Udp, local, remote: kept.remote, connection: 0 },
            instance: kept.instance,
            reg_id: kept.reg_id,
            q: kept.q.min(1_000),
            user_agent: kept.user_agent,
            expires: now.monotonic.plus(left_ms),
            seen: Instant(now.monotonic.0.saturating_sub(ago_ms)),
            call_id: kept.call_id,
            cseq: kept.cseq,
        });
        self.replace(&kept.aor, bindings);
    }
}

fn utc(now: Now, moment: Instant) -> i64 {
    let after = i64::try_from(moment.0).unwrap_or(i64::MAX).saturating_sub(i64::try_from(now.monotonic.0).unwrap_or(i64::MAX));
    now.utc_ms.saturating_add(after)
}
