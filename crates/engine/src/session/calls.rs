//! Turns of calls and players.

use cordboard_now::Now;
use serde_json::{Value, json};

use super::{Phase, Session};
use crate::{
    host::{Soon, Stage},
    io::{Alerting, CallAction, CallEvent, Output, PlayerEvent, Unit},
    modules::{call, player},
    vm::Fault,
};

impl Session {
    pub(super) fn alerting(&mut self, number: u64, alerting: Alerting) -> Result<(), Fault> {
        if self.vm.is_none() {
            self.reject(number);
            return Ok(());
        }
        let event = call::alerting(&mut self.host.lock(), number, alerting);
        match event {
            Some(event) => self.deliver("alerting", Some(number), &event),
            None => Ok(()),
        }
    }

    /// Nobody is there, or not yet, to whom the call could be told.
    pub(super) fn reject(&self, number: u64) {
        self.host.lock().outputs.push_back(Output::Call { call: number, action: CallAction::Reject { code: 480, headers: Vec::new() } });
    }

    pub(super) fn call_happened(&mut self, now: Now, number: u64, event: CallEvent) -> Result<(), Fault> {
        let told = call::happened(&mut self.host.lock(), number, event);
        self.tell_call(now, number, told)
    }

    fn tell_call(&mut self, now: Now, number: u64, told: Option<call::Told>) -> Result<(), Fault> {
        let Some(told) = told else { return Ok(()) };
        let (stage, idle_ms) = {
            let host = self.host.lock();
            (host.stage, host.profile.idle_ms)
        };
        if stage != Stage::Running {
            return Ok(());
        }
        if told.is_last {
            self.phase = Phase::Running { idle_at: now.monotonic.plus(idle_ms) };
        }
        self.deliver("call", Some(number), &json!({"name": told.name, "fields": told.fields}))
    }

    pub(super) fn player_happened(&mut self, number: u64, event: PlayerEvent) -> Result<(), Fault> {
        let told = player::happened(&mut self.host.lock(), number, event);
        self.tell_player(told)
    }

    fn tell_player(&mut self, told: Vec<player::Told>) -> Result<(), Fault> {
        for player::Told { to, name, fields } in told {
            if self.host.lock().stage != Stage::Running {
                return Ok(());
            }
            let (to, number) = match to {
                Unit::Call(call) => ("call", call),
                Unit::Player(player) => ("player", player),
            };
            self.deliver(to, Some(number), &json!({"name": name, "fields": fields}))?;
        }
        Ok(())
    }

    /// The next thing that the session brings about by itself.
    pub(super) fn soon(&mut self, now: Now, soon: Soon) -> Result<(), Fault> {
        match soon {
            Soon::CallFailed(number) => {
                let told = call::failed_soon(&mut self.host.lock(), number);
                self.tell_call(now, number, told)
            }
            Soon::QualityDetected(number) => {
                let told = call::quality_detected(&mut self.host.lock(), number);
                self.tell_call(now, number, told)
            }
            Soon::NotPlayed { call, error } => {
                let is_there = self.host.lock().calls.contains_key(&call);
                if is_there { self.deliver("call", Some(call), &json!({"name": "PlaybackFinished", "fields": {"error": error}})) } else { Ok(()) }
            }
            Soon::PlayerCreated(number) => self.deliver("playerCreated", Some(number), &Value::Null),
            Soon::PlayerStopped(number) => self.deliver("player", Some(number), &json!({"name": "Stopped", "fields": {}})),
            Soon::PlayerFailed { player, error } => {
                let told = player::failed_soon(&mut self.host.lock(), player, error);
                self.tell_player(told)
            }
        }
    }

    /// The scenario's players are dead before its last event (voxengine.md §5).
    pub(super) fn stop_players(&mut self) -> Result<(), Fault> {
        let stopped = player::stop_all(&mut self.host.lock());
        for number in stopped {
            self.deliver("player", Some(number), &json!({"name": "Stopped", "fields": {}}))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        End, Input, Session,
        io::{Alerting, CallEvent, Output},
        testing,
    };

    fn with_a_call() -> Session {
        let mut session = Session::new(testing::profile("VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => {});"), std::sync::Arc::default());
        let alerting = Alerting {
            callerid: "15550123".to_owned(),
            destination: "15550100".to_owned(),
            display_name: String::new(),
            to_uri: String::new(),
            from_uri: String::new(),
            headers: Vec::new(),
            custom_data: String::new(),
            client_type: "pstn".to_owned(),
        };
        for input in [Input::Start, Input::Alerting { call: 1 << 40, alerting: Box::new(alerting) }] {
            session.handle(testing::NOW, input);
        }
        session
    }

    fn explained(end: &End) -> Vec<(i64, &str)> {
        end.calls.iter().map(|leg| (leg.end_code, leg.explanation.as_deref().unwrap_or_default())).collect()
    }

    #[test]
    fn a_call_says_that_its_scenario_was_stopped() {
        let mut session = with_a_call();
        session.brake().pull();
        session.handle(testing::NOW, Input::Call { call: 1 << 40, event: CallEvent::FirstAudioPacketReceived });
        let end = std::iter::from_fn(|| session.poll()).find_map(|output| if let Output::Ended(end) = output { Some(end) } else { None });
        assert_eq!(explained(&end.unwrap()), [(603, "The scenario was stopped: a turn may use 1 s of processor time.")]);
    }

    #[test]
    fn a_session_that_is_ended_from_outside_keeps_its_calls_for_the_history() {
        let session = with_a_call();
        let end = session.watch().end(testing::NOW.monotonic, "JS session error", Some("It burns."));
        assert_eq!((explained(&end), end.fault.as_deref(), end.finish_reason.as_str()), (vec![(603, "It burns.")], Some("It burns."), "JS session error"));
        assert_eq!(session.watch().end(testing::NOW.monotonic, "again", None).calls, end.calls, "whoever ends it first");
    }
}
