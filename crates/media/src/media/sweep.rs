use cordboard_now::{Instant, Now};

use super::Media;
use crate::{
    io::Event,
    rtcp::{self, LastReport, Sending},
};

/// Legs are looked after so often.
const SWEEP_MS: u64 = 500;
/// While a DTLS handshake is under way, whose repetitions are due after a second and less.
const HANDSHAKE_SWEEP_MS: u64 = 50;
/// RTP that does not come for so long has stopped: voxengine.md §9.
const SILENT_MS: u64 = 7000;
/// RFC 3550 §6.2: 5 s, times 0.5 to 1.5 by chance.
const REPORT_MS: f64 = 5000.0;
/// How often silence is sent where nothing has come yet and nothing else is heard.
const OPENING_MS: u64 = 500;
/// The same later: RFC 6263 §4.3.
const KEEP_ALIVE_MS: u64 = 15_000;

impl Media {
    pub(super) fn schedule_sweep(&mut self, now: Instant) {
        if self.legs.len() == 0 {
            self.sweep_at = None;
        } else {
            let period = if self.handshakes { HANDSHAKE_SWEEP_MS } else { SWEEP_MS };
            let latest = now.plus(period);
            self.sweep_at = Some(self.sweep_at.map_or(latest, |at| at.min(latest)));
        }
    }

    pub(super) fn next_report(&mut self, now: Instant) -> Instant {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let wait = (REPORT_MS * (0.5 + self.chance.fraction())) as u64;
        now.plus(wait)
    }

    pub(super) fn sweep(&mut self, now: Now) {
        if self.sweep_at.is_none_or(|at| at > now.monotonic) {
            return;
        }
        self.sweep_at = None;
        self.handshakes = false;
        for slot in 0..self.legs.end() {
            self.look_after(now, slot);
        }
    }

    fn look_after(&mut self, now: Now, slot: u32) {
        let at = now.monotonic;
        let Some(leg) = self.legs.get(slot) else { return };
        if let Some(peer) = &mut leg.peer {
            self.handshakes |= !peer.is_connected() && !leg.broken;
            if peer.deadline().is_some_and(|deadline| deadline <= at) {
                peer.timeout(at);
                self.drain_peer(slot);
            }
        }
        let Some(leg) = self.legs.get(slot) else { return };
        let Some(agreement) = &leg.agreement else { return };
        if let Some(heard) = leg.heard_at
            && !leg.silent
            && agreement.direction.receive
            && at.0.saturating_sub(heard.0) >= SILENT_MS
        {
            leg.silent = true;
            self.out.event(Event::Silent { leg: leg.id, on: true });
        }
        let wait = if leg.heard_at.is_none() { OPENING_MS } else { KEEP_ALIVE_MS };
        let quiet = leg.stream.last_sent().is_none_or(|sent| at.0.saturating_sub(sent.0) >= wait);
        let due = leg.rtcp_at.is_some_and(|due| due <= at);
        if quiet && leg.digits.is_idle() && leg.remote().is_some() {
            self.silence(now, slot);
        }
        if due {
            self.report(now, slot, false);
            let next = self.next_report(at);
            if let Some(leg) = self.legs.get(slot) {
                leg.rtcp_at = Some(next);
            }
        }
    }

    fn report(&mut self, now: Now, slot: u32, goodbye: bool) {
        let Some(leg) = self.legs.get(slot) else { return };
        let Some(to) = leg.remote_rtcp() else { return };
        let clock = leg.codec().clock();
        let sending = (leg.stream.packets > 0).then(|| Sending {
            utc_ms: now.utc_ms,
            timestamp: leg.stream.timestamp_at(now.monotonic, clock),
            // Both wrap (RFC 3550 §6.4.1).
            packets: u32::try_from(leg.stream.packets & u64::from(u32::MAX)).unwrap_or(0),
            octets: leg.stream.octets,
        });
        let last = leg.last_report.map_or_else(LastReport::default, |(middle, when)| {
            let delay = now.monotonic.0.saturating_sub(when.0).saturating_mul(65_536) / 1000;
            LastReport { middle, delay: u32::try_from(delay).unwrap_or(u32::MAX) }
        });
        let reception = leg.receiver.report();
        let ssrc = leg.stream.ssrc;
        self.scratch.clear();
        rtcp::write(&mut self.scratch, ssrc, sending.as_ref(), reception.as_ref().map(|reception| (reception, last)), &self.cname, goodbye);
        let (port, to) = match &mut leg.peer {
            None => (leg.rtcp_port.filter(|_| leg.agreement.as_ref().is_some_and(|agreement| !agreement.mux)).unwrap_or(leg.port), Some(to)),
            Some(peer) => (leg.port, peer.protect_rtcp(&mut self.scratch)),
        };
        leg.spend();
        if let Some(to) = to {
            self.out.send(port, to, |out| out.extend_from_slice(&self.scratch));
        }
    }

    /// The last words of a leg.
    pub(super) fn farewell(&mut self, now: Now, slot: u32) {
        if self.legs.get(slot).is_some_and(|leg| leg.stream.packets > 0) {
            self.report(now, slot, true);
        }
        let Some(leg) = self.legs.get(slot) else { return };
        if let Some(peer) = &mut leg.peer {
            leg.broken = true;
            peer.close(now.monotonic);
            self.drain_peer(slot);
        }
    }
}
