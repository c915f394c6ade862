//! The switch's questions, answered by the API and the resolver, as tasks.

use std::sync::Arc;

use cordboard_api::{
    Api,
    calls::{By, CALLER_NOT_ALLOWED, NO_RULE, REFUSED, Routing, SipApplication, SipUser, explanation, is_call_credential},
    error::Errors,
};
use cordboard_sip::digest::Ha1s;
use cordboard_switch::{Answer, Caller, Found, Input, Origin, Question, Ticket, User};

use super::{Calls, connections::put};
use crate::{
    clock,
    sessions::{Refused, Sessions},
};

pub fn ask(calls: &Arc<Calls>, ticket: Ticket, question: Question) {
    let calls = calls.clone();
    calls.runtime.clone().spawn(async move {
        let found = answer(&calls, question).await;
        put(&calls, Input::Found { ticket, found }).await;
    });
}

fn refusal(status: u16, why: impl Into<String>) -> Answer {
    Answer { allowed: false, status, why: why.into() }
}

fn inside(what: &str, errors: &Errors) -> String {
    tracing::error!("{what}: {errors:?}");
    format!("{what}.")
}

async fn answer(calls: &Calls, question: Question) -> Found {
    match question {
        Question::Resolve { host, port, trusted } => Found::Resolved(calls.way_out.addresses_of(&host, port, trusted).await.map_err(|failure| failure.text().to_owned())),
        // Before the sessions are there, nothing is.
        Question::User { domain, username, as_user } => match calls.sessions.get() {
            Some(sessions) => user(look_up_user(sessions.api(), &domain, &username, &as_user).await),
            None => Found::Failed,
        },
        Question::Take { credential } => match calls.sessions.get() {
            Some(sessions) => taken(sessions.api().take_call_credential(credential, clock::now()).await),
            None => Found::Failed,
        },
        Question::Listed(origin) => match calls.sessions.get() {
            Some(sessions) => Found::Listed(listed(sessions, &origin).await.unwrap_or_else(|errors| refusal(503, inside("A white list could not be read", &errors)))),
            None => Found::Listed(refusal(503, "The server is starting.")),
        },
        Question::Route(origin) => match calls.sessions.get() {
            Some(sessions) => Found::Routed(match route(sessions, &origin).await {
                Ok(routed) => routed,
                Err(errors) => Err(refusal(503, inside("A call could not be routed", &errors))),
            }),
            None => Found::Routed(Err(refusal(503, "The server is starting."))),
        },
    }
}

/// A user, whether it is a guest, and the credential that it used if it has one.
type Known = (SipUser, bool, Option<i64>);

async fn look_up_user(api: &Api, domain: &str, username: &str, as_user: &str) -> Result<Option<Known>, Errors> {
    if is_call_credential(username) {
        let credential = api.call_credential(domain, as_user, username, clock::now()).await?;
        return Ok(credential.map(|credential| (credential.user, credential.guest, Some(credential.id))));
    }
    Ok(api.sip_user(domain, username).await?.map(|user| (user, false, None)))
}

fn user(found: Result<Option<Known>, Errors>) -> Found {
    let found = match found {
        Ok(found) => found,
        Err(errors) => {
            inside("A user could not be looked up", &errors);
            return Found::Failed;
        }
    };
    let with_digests = found.and_then(|known| Some((Ha1s::parse(&known.0.digests.md5, &known.0.digests.sha256)?, known)));
    Found::User(with_digests.map(|(ha1, (user, guest, once))| {
        Arc::new(User {
            account_id: user.account.id(),
            application_id: user.application_id,
            application: user.application_name,
            user_id: Some(user.id),
            name: user.name,
            display_name: user.display_name,
            ha1,
            guest,
            once,
        })
    }))
}

fn taken(found: Result<bool, Errors>) -> Found {
    match found {
        Ok(first) => Found::Taken(first),
        Err(errors) => {
            inside("A call credential could not be used up", &errors);
            Found::Failed
        }
    }
}

async fn listed(sessions: &Sessions, origin: &Origin) -> Result<Answer, Errors> {
    let api = sessions.api();
    let Some((application, listed)) = api.sip_listed(&origin.domain, origin.source).await? else { return Ok(refusal(404, "There is no such application.")) };
    if listed {
        return Ok(Answer { allowed: true, status: 200, why: String::new() });
    }
    let why = explanation::not_on_list(&application.account, origin.source);
    sessions.refused_call(&application, origin, Refused { rule: None, status: 403, finish_reason: CALLER_NOT_ALLOWED, explanation: why.clone() });
    Ok(refusal(403, why))
}

async fn application(api: &Api, origin: &Origin) -> Result<Option<SipApplication>, Errors> {
    match &origin.trunk {
        Some(bound) => api.configured_application(&bound.application).await,
        None => api.sip_application(&origin.domain).await,
    }
}

async fn route(sessions: &Sessions, origin: &Origin) -> Result<Result<Arc<cordboard_switch::SessionInfo>, Answer>, Errors> {
    let api = sessions.api();
    let Some(application) = application(api, origin).await? else {
        if let Some(bound) = &origin.trunk {
            tracing::warn!(
                "a call to {} over the trunk is refused: --trunk-numbers names the application '{}', which is not there",
                origin.destination,
                bound.application
            );
        }
        return Ok(Err(refusal(404, "There is no such application.")));
    };
    let user_id = match &origin.from {
        Caller::User(user) if user.application_id != application.id => return Ok(Err(refusal(403, "A user calls its own application alone."))),
        Caller::User(user) => user.user_id,
        Caller::Listed | Caller::Stranger | Caller::Trunk => None,
    };
    let rule = origin.trunk.as_ref().and_then(|bound| bound.rule.as_deref());
    let by = rule.map_or(By::Patterns, By::Rule);
    let plan = match api.route(&application, user_id, &origin.destination, by).await? {
        Routing::Routed(plan) => *plan,
        Routing::NotRouted(not_routed) => {
            let why = not_routed.explanation.clone();
            sessions.refused_call(&application, origin, Refused { rule: not_routed.rule, status: 404, finish_reason: NO_RULE, explanation: not_routed.explanation });
            return Ok(Err(refusal(404, why)));
        }
    };
    let account_id = application.account.id();
    if let Err(why) = sessions.admit(account_id) {
        sessions.refused_call(&application, origin, Refused { rule: None, status: 503, finish_reason: REFUSED, explanation: why.clone() });
        return Ok(Err(refusal(503, why)));
    }
    let started = match api.open_session(plan, origin.source.to_string(), String::new(), clock::now()).await {
        Ok(start) => start,
        Err(errors) => {
            sessions.forgo(account_id);
            return Err(errors);
        }
    };
    Ok(sessions.begin_call(started, origin).await.map_err(|why| refusal(503, why)))
}

#[cfg(test)]
mod tests {
    use cordboard_api::{codes, error::Error};

    use super::*;

    #[test]
    fn a_database_that_is_away_says_nothing_of_a_user() {
        let away = || Errors::from(Error::internal(codes::INTERNAL, "the database is away"));
        assert!(matches!(user(Err(away())), Found::Failed));
        assert!(matches!(taken(Err(away())), Found::Failed));
        assert!(matches!(user(Ok(None)), Found::User(None)));
        assert!(matches!(taken(Ok(false)), Found::Taken(false)));
    }
}
