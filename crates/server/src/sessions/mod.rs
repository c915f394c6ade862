//! Sessions on this node: the shell around `switch` and `engine`. It gives them threads, time, chance and the world.

mod alarm;
mod calls;
mod commands;
mod control;
mod cpu;
mod live;
mod log;
mod outside;
mod pool;
mod queue;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, OnceLock, RwLock, Weak},
    time::Duration,
};

use cordboard_api::{Api, live::Start, secrets, store::sessions::End, wire::Utc};
use cordboard_engine::{Catalogue, Input, Instant, JS_ERROR, Memory, Now, Output, Profile, Scenario, Session, TURN_TIME};
use cordboard_switch::sessions::{self as roster, Limits};
use tokio::sync::Notify;

use self::{
    alarm::Alarm,
    calls::legs,
    live::{Arriving, Letter, Live, Posted},
    pool::{Crew, Pool, Turned},
};
pub use self::{calls::Refused, control::routes, pool::lock};
use crate::{calls::Calls, clock, way_out::WayOut};

/// What sessions that are still there when the node stops are called in the history.
const NODE_STOPPED: &str = "Terminated administratively";

/// How long the node waits, when it stops, for the ends of sessions.
const WRITING: Duration = Duration::from_secs(5);

/// What sessions that a defect of ours ended are called in the history.
const BROKE: &str = "Internal error";

/// All sessions of this node.
pub struct Sessions {
    api: Arc<Api>,
    way_out: WayOut,
    runtime: tokio::runtime::Handle,
    catalogue: Arc<Catalogue>,
    roster: Mutex<roster::Sessions>,
    live: RwLock<BTreeMap<i64, Arc<Live>>>,
    alarm: Alarm,
    /// JavaScript's memory of each account that has sessions.
    memories: Mutex<BTreeMap<i64, Weak<Memory>>>,
    memory_bytes: usize,
    pool: OnceLock<Arc<Pool<Sessions>>>,
    idle_ms: u64,
    drained: Notify,
    calls: Arc<Calls>,
}

/// What an operator may set about sessions.
pub struct Settings {
    pub limits: Limits,
    pub idle_ms: u64,
    /// JavaScript's memory of all sessions of one account.
    pub memory_bytes: usize,
}

/// The present moment, as every core is given it.
pub fn moment() -> Now {
    Now { monotonic: Instant(u64::try_from(clock::monotonic().as_millis()).unwrap_or(u64::MAX)), utc_ms: clock::now().0 }
}

impl Sessions {
    /// Begins to take the API's commands. Sessions that an earlier start left alive are closed in the history.
    pub async fn start(api: Arc<Api>, way_out: WayOut, calls: Arc<Calls>, settings: Settings) -> anyhow::Result<Arc<Self>> {
        let failed = |errors: cordboard_api::error::Errors| anyhow::anyhow!("{errors:?}");
        let closed = api.begin_node(clock::now()).await.map_err(failed)?;
        if closed > 0 {
            tracing::warn!("{closed} sessions were cut off by the end of the last run; the history says so");
        }
        let commands = api.session_commands().ok_or_else(|| anyhow::anyhow!("the sessions run already"))?;
        let sessions = Arc::new(Self {
            memories: Mutex::default(),
            memory_bytes: settings.memory_bytes,
            way_out,
            runtime: tokio::runtime::Handle::current(),
            catalogue: Arc::new(catalogue()),
            roster: Mutex::new(roster::Sessions::new(settings.limits)),
            live: RwLock::default(),
            alarm: Alarm::default(),
            pool: OnceLock::new(),
            idle_ms: settings.idle_ms,
            drained: Notify::new(),
            calls,
            api,
        });
        let _ = sessions.pool.set(Pool::start(sessions.clone())?);
        let ringing = sessions.clone();
        std::thread::Builder::new().name("session-clock".to_owned()).spawn(move || ringing.alarm.run(|session_id| ringing.ring(session_id)))?;
        tokio::spawn(sessions.clone().take_commands(commands));
        sessions.calls.know(sessions.clone());
        Ok(sessions)
    }

    /// Lets nothing new begin and gives what runs its time; what is left then is stopped.
    pub async fn drain(&self, time: Duration) {
        let wait = self.drained.notified();
        self.calls.drain();
        self.switched(roster::Input::Drain);
        if tokio::time::timeout(time, wait).await.is_err() {
            let wait = self.drained.notified();
            self.switched(roster::Input::StopAll { finish_reason: NODE_STOPPED });
            let left = tokio::time::timeout(WRITING, wait).await;
            if left.is_err() {
                let stubborn: Vec<Arc<Live>> = self.all().values().cloned().collect();
                tracing::warn!("{} sessions did not end in time", stubborn.len());
                let wait = self.drained.notified();
                for live in stubborn {
                    self.end_from_outside(&live, NODE_STOPPED, None);
                }
                // Ends that are still being written are waited for, too, but not a database that is away.
                if tokio::time::timeout(WRITING, wait).await.is_err() {
                    tracing::error!("not every session's end could be written; the next start closes the others");
                }
            }
        }
    }

    /// Notes that the node lives, so that sessions which a crash cuts off get the right time.
    pub async fn keep(self: Arc<Self>) {
        let mut turns = tokio::time::interval(Duration::from_secs(5));
        loop {
            turns.tick().await;
            if let Err(errors) = self.api.node_seen(clock::now()).await {
                tracing::error!("the node could not say that it lives: {errors:?}");
            }
        }
    }

    fn all(&self) -> std::sync::RwLockReadGuard<'_, BTreeMap<i64, Arc<Live>>> {
        self.live.read().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn find(&self, session_id: i64) -> Option<Arc<Live>> {
        self.all().get(&session_id).cloned()
    }

    /// One change of the switch and what follows from it.
    fn switched(&self, input: roster::Input) -> Option<Result<(), String>> {
        use roster::Output;
        let outputs: Vec<Output> = {
            let mut roster = lock(&self.roster);
            roster.handle(moment(), input);
            std::iter::from_fn(|| roster.poll()).collect()
        };
        let mut answer = None;
        for output in outputs {
            match output {
                Output::Allowed { .. } => answer = Some(Ok(())),
                Output::Refused { reason, .. } => answer = Some(Err(reason)),
                Output::Stop { session_id, finish_reason } => {
                    if let Some(live) = self.find(session_id) {
                        self.post(&live, Input::Stop { finish_reason: finish_reason.to_owned() });
                    }
                }
                Output::Drained => self.drained.notify_waiters(),
            }
        }
        answer
    }

    /// Puts an admitted session into the world.
    fn begin(&self, start: Start, arriving: Option<Arriving>) -> Result<Arc<Live>, String> {
        let Ok(seed) = secrets::random() else {
            self.switched(roster::Input::Forgo { account_id: start.account.id() });
            return Err("The operating system gives no chance.".to_owned());
        };
        let begin = roster::Input::Begin { ticket: 0, session_id: start.session_id, account_id: start.account.id() };
        self.switched(begin).unwrap_or(Ok(()))?;
        let profile = Profile {
            session_id: start.session_id,
            account_id: start.account.id(),
            application_id: start.application_id,
            application_name: start.application_name.clone(),
            rule_id: start.rule_id,
            rule_name: start.rule_name.clone(),
            user_id: start.user_id,
            scenarios: start.scenarios.iter().map(|(name, script)| Scenario { name: name.clone(), script: script.clone() }).collect(),
            custom_data: start.custom_data.clone(),
            access_url: start.access_url.clone(),
            access_secure_url: start.access_secure_url.clone(),
            log_url: start.log_url.clone(),
            token: start.token.clone(),
            secrets: start.secrets.clone(),
            may_manage: start.bind_key_id.is_some(),
            idle_ms: self.idle_ms,
            seed,
        };
        let session = Session::new(profile.clone(), self.catalogue.clone()).sharing(self.memory(profile.account_id));
        let live = Arc::new(Live::new(start, arriving, profile, session, clock::now()));
        self.live.write().unwrap_or_else(std::sync::PoisonError::into_inner).insert(live.id, live.clone());
        self.post(&live, Input::Start);
        Ok(live)
    }

    /// What the sessions of an account have of memory together.
    fn memory(&self, account_id: i64) -> Arc<Memory> {
        let mut memories = lock(&self.memories);
        if let Some(memory) = memories.get(&account_id).and_then(Weak::upgrade) {
            return memory;
        }
        memories.retain(|_, memory| memory.strong_count() > 0);
        let memory = Memory::new(self.memory_bytes);
        memories.insert(account_id, Arc::downgrade(&memory));
        memory
    }

    fn post(&self, live: &Arc<Live>, input: Input) -> Posted {
        self.post_letter(live, Letter { input, room: Vec::new() })
    }

    fn post_letter(&self, live: &Arc<Live>, letter: Letter) -> Posted {
        let posted = live.post(letter);
        if posted == Posted::Wake
            && let Some(pool) = self.pool.get()
        {
            pool.push(live.clone());
        }
        posted
    }

    fn ring(&self, session_id: i64) {
        if let Some(live) = self.find(session_id) {
            live.rang();
            self.post(&live, Input::Tick);
        }
    }

    /// Nobody reaches the session any more. True for the first who says so.
    fn remove(&self, live: &Arc<Live>) -> bool {
        if !live.set_over() {
            return false;
        }
        self.live.write().unwrap_or_else(std::sync::PoisonError::into_inner).remove(&live.id);
        if let Some(before) = live.set_deadline(None) {
            self.alarm.set(live.id, before, None);
        }
        self.let_go(live);
        true
    }

    /// Ends what a session that is over has outside.
    fn let_go(&self, live: &Arc<Live>) {
        self.calls.session_ended(live.id);
        let outside = std::mem::take(&mut *lock(&live.outside));
        for task in outside.tasks.into_values() {
            task.abort();
        }
        // Dropping the senders answers 404 to those who wait, and closes the sockets.
        drop(outside.requests);
    }

    /// Writes the end into the history, however long it takes.
    async fn finish(&self, live: &Arc<Live>, ended: End) {
        // The history must not lose a session because the database was away for a moment.
        let mut pause = Duration::from_millis(100);
        loop {
            match self.api.session_ended(live.id, ended.clone()).await {
                Ok(written) => return self.finished(live, written),
                Err(errors) => tracing::error!(session = live.id, "the end of a session could not be written, trying again: {errors:?}"),
            }
            #[allow(clippy::disallowed_methods)] // A pause between attempts; nothing can tell when the database is back.
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(60));
        }
    }

    fn finished(&self, live: &Live, written: bool) {
        if !written {
            tracing::error!(session = live.id, "the end of a session was written before, or by another node");
        }
        self.switched(roster::Input::Ended { session_id: live.id });
    }

    async fn keep_recording(&self, live: &Arc<Live>) {
        let Some(recorder) = &live.recorder else { return };
        let redacted = lock(recorder).recording.redacted();
        let kept = match serde_json::to_vec(&redacted) {
            Ok(bytes) => self.api.keep_recording(live.id, &bytes).await.map_err(|errors| format!("{errors:?}")),
            Err(error) => Err(error.to_string()),
        };
        if let Err(what) = kept {
            tracing::error!(session = live.id, "the recording of a session could not be kept: {what}");
        }
    }

    /// Writes the end into the history; the log is whole by then.
    fn finish_soon(self: &Arc<Self>, live: Arc<Live>, end: cordboard_engine::End) {
        let sessions = self.clone();
        let calls = legs(&live, &end.finish_reason, end.fault, end.calls);
        let ended = End { ended_at: clock::now(), finish_reason: end.finish_reason, custom_data: end.custom_data, calls };
        if live.recorder.is_some() {
            self.runtime.spawn(async move {
                sessions.keep_recording(&live).await;
                sessions.finish(&live, ended).await;
            });
            return;
        }
        let again = ended.clone();
        self.api.session_ended_then(&self.runtime, live.id, ended, move |written| match written {
            Ok(written) => sessions.finished(&live, written),
            Err(_) => {
                let runtime = sessions.runtime.clone();
                runtime.spawn(async move { sessions.finish(&live, again).await });
            }
        });
    }

    /// The session is over whatever it does; a thread that still runs it finds that out when it comes back. `fault` is why its scenario
    /// does not end by its own will, a sentence.
    fn end_from_outside(&self, live: &Arc<Live>, finish_reason: &str, fault: Option<&str>) {
        self.ended(live, || live.watch.end(moment().monotonic, finish_reason, fault));
    }

    /// Takes the session out of the world and writes its end; the first end counts. True if it is this one.
    fn ended(&self, live: &Arc<Live>, end: impl FnOnce() -> cordboard_engine::End) -> bool {
        if !self.remove(live) {
            return false;
        }
        if let Some(sessions) = self.pool.get().map(|pool| pool.crew().clone()) {
            sessions.finish_soon(live.clone(), end());
        }
        true
    }
}

impl Crew for Sessions {
    fn turn(&self, live: &Arc<Live>) -> Turned {
        let (Some(mut session), Some(letter)) = (live.take_session(), live.take_letter()) else {
            return Turned { session: None, moment: clock::now(), outputs: Vec::new() };
        };
        let now = moment();
        if let Some(recorder) = &live.recorder {
            lock(recorder).keep(live.id, now, &letter.input);
        }
        session.handle(now, letter.input);
        let outputs = std::iter::from_fn(|| session.poll()).collect();
        drop(letter.room);
        Turned { session: Some(session), moment: Utc(now.utc_ms), outputs }
    }

    fn apply(&self, live: &Arc<Live>, turned: Turned) -> bool {
        // What was ended from outside meanwhile has nothing more to say.
        let Some(session) = turned.session.filter(|_| !live.is_over()) else { return false };
        self.carry_out(live, turned.moment, turned.outputs);
        if session.has_ended() {
            return false;
        }
        let deadline = session.deadline().map(|(at, _)| at);
        let due = deadline.is_some_and(|at| at <= moment().monotonic);
        let armed = deadline.filter(|_| !due);
        if let Some(before) = live.set_deadline(armed) {
            self.alarm.set(live.id, before, armed);
        }
        live.put_back(session, due)
    }

    fn broke(&self, live: &Arc<Live>) {
        tracing::error!(session = live.id, "a turn panicked; the session is over");
        self.end_from_outside(live, BROKE, None);
    }

    fn give_up(&self, live: &Arc<Live>) {
        tracing::warn!(session = live.id, account = live.account.id(), "a native function does not come back; the session is over and its thread burns on");
        self.switched(roster::Input::Stuck { session_id: live.id });
        self.cut_off(live, &format!("{TURN_TIME}, and a native function went on after it"));
    }

    fn strand(&self, live: &Arc<Live>) {
        self.cut_off(live, "native functions of other sessions of its account burn on, and there is no thread left for it");
    }

    fn come_back(&self, live: &Arc<Live>) {
        tracing::info!(session = live.id, "a native function came back long after its session was over");
        self.switched(roster::Input::Released { account_id: live.account.id() });
    }
}

impl Sessions {
    /// The session is over in the middle of whatever it did, and its log says why.
    fn cut_off(&self, live: &Arc<Live>, why: &str) {
        if live.is_over() {
            return;
        }
        let mut lines = live.watch.take_log();
        lines.extend([&format!("The session was stopped: {why}"), JS_ERROR, "Session terminated"].map(str::to_owned));
        self.log(live, clock::now(), &lines);
        self.end_from_outside(live, JS_ERROR, Some(&format!("The scenario was stopped: {why}.")));
    }

    fn log(&self, live: &Live, moment: Utc, lines: &[String]) {
        log::append(&self.api.logs(), live.id, moment, lines);
    }

    fn carry_out(&self, live: &Arc<Live>, moment: Utc, outputs: Vec<Output>) {
        let (mut lines, mut ended) = (Vec::new(), false);
        for output in outputs {
            match output {
                Output::Log(line) => lines.push(line),
                Output::Ended(end) => {
                    if !lines.is_empty() {
                        self.log(live, moment, &std::mem::take(&mut lines));
                    }
                    ended = self.ended(live, || end);
                }
                other => self.go_out(live, other),
            }
        }
        if !lines.is_empty() {
            self.log(live, moment, &lines);
        }
        // It was ended from outside meanwhile: calls and sockets that it opened after that have nobody else to end them.
        if live.is_over() && !ended {
            self.let_go(live);
        }
    }
}

/// The API's methods as scenarios call them.
fn catalogue() -> Catalogue {
    let mut groups = Catalogue::new();
    for entry in cordboard_api::registry::Catalogue::get().entries() {
        groups.entry(entry.group().replace([' ', '-'], "")).or_default().push(entry.name().to_owned());
    }
    groups
}
