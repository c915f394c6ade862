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
