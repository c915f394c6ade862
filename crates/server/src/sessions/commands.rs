//! What methods of the API want of the sessions.

use std::sync::Arc;

use cordboard_api::live::{Command, Live as View};
use tokio::sync::mpsc;

use super::{
    Sessions,
    calls::unheard,
    live::{Arriving, Live},
    pool::lock,
};
use crate::clock;

impl Sessions {
    pub(super) async fn take_commands(self: Arc<Self>, mut commands: mpsc::Receiver<Command>) {
        use cordboard_switch::sessions::Input;
        while let Some(command) = commands.recv().await {
            match command {
                Command::Admit { account_id, reply } => {
                    let admitted = self.switched(Input::Admit { ticket: 0, account_id }).unwrap_or(Ok(()));
                    let allowed = admitted.is_ok();
                    if reply.send(admitted).is_err() && allowed {
                        self.switched(Input::Forgo { account_id });
                    }
                }
                Command::Forgo { account_id } => {
                    self.switched(Input::Forgo { account_id });
                }
                Command::Start { start, reply } => {
                    let (session_id, custom_data) = (start.session_id, start.custom_data.clone());
                    let begun = self.begin(*start, None).map(drop);
                    if let Err(reason) = &begun {
                        self.never_began(session_id, custom_data, reason, None).await;
                    }
                    let _ = reply.send(begun);
                }
                Command::List { account_id, offset, count, reply } => {
                    let ids: Vec<i64> = lock(&self.roster).sessions_of(account_id).collect();
                    let page = ids.iter().skip(offset).take(count).filter_map(|id| self.find(*id)).map(|live| view(&live)).collect();
                    let _ = reply.send((page, ids.len()));
                }
                Command::Stop { account_id, session_id, reply } => {
                    let stopped = self.switched(Input::Stop { ticket: 0, account_id, session_id });
                    let _ = reply.send(matches!(stopped, Some(Ok(()))));
                }
                Command::Request { account_id, session_id, request, mut reply } => {
                    let sessions = self.clone();
                    tokio::spawn(async move {
                        tokio::select! {
                            answer = sessions.answer(account_id, session_id, request) => drop(reply.send(answer)),
                            () = reply.closed() => {}
                        }
                    });
                }
            }
        }
    }

    /// Closes a session that could not begin, with the call that it was to begin for.
    pub(super) async fn never_began(&self, session_id: i64, custom_data: String, reason: &str, arriving: Option<&Arriving>) {
        let ended_at = clock::now();
        let calls = arriving.map(|arriving| unheard(arriving, ended_at, 503, reason.to_owned())).into_iter().collect();
        let end = cordboard_api::store::sessions::End { ended_at, finish_reason: super::NODE_STOPPED.to_owned(), custom_data, calls };
        if let Err(errors) = self.api.session_ended(session_id, end).await {
            tracing::error!(session = session_id, "a session that could not begin ({reason}) stays open in the database: {errors:?}");
        }
    }
}

fn view(live: &Arc<Live>) -> View {
    View {
        session_id: live.id,
        application_id: live.application_id,
        application_name: live.application_name.clone(),
        rule_id: live.rule_id,
        rule_name: live.rule_name.clone(),
        user_id: live.user_id,
        started_at: live.started_at,
        custom_data: live.watch.custom_data(),
    }
}
