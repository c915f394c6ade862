//! Links to files of sessions: who may follow one. The server only serves what this says (semantics §16.9).

use std::{net::IpAddr, sync::Arc};

use bytes::Bytes;

use crate::{
    Api, Logs, Settings,
    auth::Proof,
    caller::{Caller, Identity},
    cleaning::DAY_MS,
    codes,
    error::Result,
    registry::Catalogue,
    roles::Role,
    secrets::{Purpose, Secrets},
    store::sessions::history::{self, Linked},
    wire::{self, Utc},
};

/// Who may follow the link to the log of a session with secure storage. Semantics §16.9.
const LOG_ROLES: [Role; 5] = [Role::Owner, Role::Developer, Role::Admin, Role::Supervisor, Role::Support];

/// The method whose callers read logs: its credentials are those of a secure link.
const LOG_METHOD: &str = "GetCallHistory";

/// A request for a linked file.
#[derive(Clone, Debug)]
pub struct LinkRequest<'a> {
    /// The session, as the link names it.
    pub id: &'a str,
    pub token: &'a str,
    /// The query, for older credentials, undecoded and without `?`.
    pub query: &'a str,
    pub authorization: Option<&'a str>,
    pub ip: IpAddr,
    pub now: Utc,
}

/// What becomes of a request for a linked file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Linking {
    /// The session whose log may be served, if there is one.
    Allowed(i64),
    /// Unknown, expired or with another token: one answer for all three.
    NotFound,
    /// Credentials are wanted, 401.
    Unauthorized,
    /// Credentials of another account or without a fitting role, 403.
    Forbidden,
    /// Too many wrong credentials, 429.
    TooMany,
    /// Something broke inside and is in the log, 500.
    Broken,
}

/// Whether a caller may read the log of a session with secure storage. Semantics §16.9.
pub(crate) fn may_read_secure_logs(caller: &Caller) -> bool {
    matches!(caller.identity, Identity::Account { .. }) || LOG_ROLES.into_iter().any(|role| caller.roles.contains(role))
}

/// The link to a session's log.
pub(crate) fn log_url(settings: &Settings, secrets: &Secrets, session_id: i64) -> String {
    format!("{}/logs/{session_id}/{}", settings.secure_url, secrets.tag(Purpose::LogLink, &session_id.to_string()))
}

impl Api {
    /// Where the logs of this node's sessions are written.
    pub fn logs(&self) -> Arc<Logs> {
        self.logs.clone()
    }

    /// The link to a session's log.
    pub fn log_url(&self, session_id: i64) -> String {
        log_url(&self.settings, &self.secrets, session_id)
    }

    /// Decides about a link to a log.
    pub async fn log_link(&self, request: &LinkRequest<'_>) -> Linking {
        match self.decide(request).await {
            Ok(linking) => linking,
            Err(errors) => {
                let inside: Vec<String> = errors.0.iter().map(|error| error.inside.clone().unwrap_or_else(|| error.msg.clone())).collect();
                tracing::error!(inside = inside.join(" "), "a link failed inside");
                Linking::Broken
            }
        }
    }

    async fn decide(&self, request: &LinkRequest<'_>) -> Result<Linking> {
        if !self.secrets.is_tag(Purpose::LogLink, request.id, request.token) {
            return Ok(Linking::NotFound);
        }
        let Ok(id) = request.id.parse::<i64>() else { return Ok(Linking::NotFound) };
        let Some(session) = self.db.read(move |tx| Ok(history::linked(tx, id)?)).await? else { return Ok(Linking::NotFound) };
        let kept_ms = self.settings.log_days.saturating_mul(DAY_MS);
        if session.ended_at.is_some_and(|ended| ended.0.saturating_add(kept_ms) < request.now.0) {
            return Ok(Linking::NotFound);
        }
        if session.secure
            && let Some(refused) = self.refused(request, &session).await?
        {
            return Ok(refused);
        }
        Ok(Linking::Allowed(id))
    }

    async fn refused(&self, request: &LinkRequest<'_>, session: &Linked) -> Result<Option<Linking>> {
        let params = wire::body::params(request.query, None, Bytes::new()).await?;
        let Some(entry) = Catalogue::get().find(LOG_METHOD) else { return Ok(Some(Linking::Broken)) };
        let proof = Proof { authorization: request.authorization, panel_session: None, params: &params, ip: request.ip, now: request.now };
        let (account, caller) = match self.authenticate(&proof, &entry).await {
            Ok(found) => found,
            Err(errors) if errors.0.iter().any(|error| error.inside.is_some()) => return Err(errors),
            Err(errors) if errors.first_code() == codes::RETRY_LATER => return Ok(Some(Linking::TooMany)),
            Err(_) => return Ok(Some(Linking::Unauthorized)),
        };
        Ok((account.id() != session.account_id || !may_read_secure_logs(&caller)).then_some(Linking::Forbidden))
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;
    use crate::testing::*;

    struct Link {
        id: String,
        token: String,
    }

    async fn link(world: &World, account: &str, secure: bool, seconds_ago: i64) -> Link {
        let id = world.session(account, seconds_ago, |new, _| new.secure = secure).await;
        let url = world.api.log_url(id);
        let (rest, token) = url.rsplit_once('/').unwrap();
        assert!(rest.ends_with(&format!("/logs/{id}")), "{url}");
        Link { id: id.to_string(), token: token.to_owned() }
    }

    async fn follow(world: &World, link: &Link, authorization: Option<&str>, query: &str) -> Linking {
        let ip = IpAddr::from([192, 0, 2, 1]);
        world.api.log_link(&LinkRequest { id: &link.id, token: &link.token, query, authorization, ip, now: world.now() }).await
    }

    #[on_both_databases]
    async fn a_link_leads_to_its_log_alone(world: World) {
        let account = world.account_id();
        let (a, b) = (link(&world, &account, false, 60).await, link(&world, &account, false, 50).await);
        assert_eq!(a.token.len(), 32, "128 bits");
        assert_eq!(follow(&world, &a, None, "").await, Linking::Allowed(a.id.parse().unwrap()));
        for (id, token) in [(&a.id, &b.token), (&b.id, &a.token), (&format!("0{}", a.id), &a.token), (&"999999".to_owned(), &a.token)] {
            assert_eq!(follow(&world, &Link { id: id.clone(), token: token.clone() }, None, "").await, Linking::NotFound, "{id} {token}");
        }
        for token in ["", "x", &a.token[..31], &format!("{}0", a.token)] {
            assert!(follow(&world, &Link { id: a.id.clone(), token: token.to_owned() }, None, "").await == Linking::NotFound, "{token}");
        }
        let gone = world.api.log_url(999_999);
        let unknown = Link { id: "999999".to_owned(), token: gone.rsplit_once('/').unwrap().1.to_owned() };
        assert_eq!(follow(&world, &unknown, None, "").await, Linking::NotFound);
    }

    #[on_both_databases]
    async fn the_log_of_a_session_that_lives_is_there_however_old(mut world: World) {
        let account = world.account_id();
        let id = world.session(&account, 0, |_, end| end.ended_at = Utc(0)).await;
        let token = world.api.log_url(id).rsplit_once('/').unwrap().1.to_owned();
        let link = Link { id: id.to_string(), token };
        world.advance_ms(31 * DAY_MS);
        assert!(matches!(follow(&world, &link, None, "").await, Linking::Allowed(_)));
    }

    #[on_both_databases]
    async fn a_link_ends_with_the_days_of_its_log(mut world: World) {
        let account = world.account_id();
        let link = link(&world, &account, false, 6).await;
        let (id, logs) = (link.id.parse().unwrap(), world.api.logs());
        logs.append(id, ["a line"]).unwrap();
        let path = world.api.settings.files.join("logs/0.log");
        std::fs::File::open(&path).unwrap().set_modified(UNIX_EPOCH + Duration::from_millis(world.now().0.unsigned_abs())).unwrap();
        world.advance_ms(30 * DAY_MS);
        world.api.clean(world.now()).await.unwrap();
        assert!(logs.bytes(id).unwrap().is_some() && matches!(follow(&world, &link, None, "").await, Linking::Allowed(_)));
        world.advance_ms(1);
        assert_eq!(follow(&world, &link, None, "").await, Linking::NotFound);
        world.api.clean(world.now()).await.unwrap();
        assert!(logs.bytes(id).unwrap().is_none() && !path.exists() && !path.with_extension("index").exists());
        assert_eq!(world.ok(&world.owner, "GetCallHistory", &[("call_session_history_id", link.id.as_str())]).await["count"], 1, "the row stays");
    }

    #[on_both_databases]
    async fn a_secure_log_needs_a_fitting_credential_of_its_account(world: World) {
        let (account, child) = (world.account_id(), world.child("tenant-a", "a@example.org").await);
        let secure = link(&world, &account, true, 60).await;
        assert_eq!(follow(&world, &secure, None, "").await, Linking::Unauthorized);
        for wrong in ["", "Bearer x", "Basic eDp5"] {
            assert_eq!(follow(&world, &secure, Some(wrong), "").await, Linking::Unauthorized, "{wrong}");
        }
        let bearer = |who: &Who| format!("Bearer {}", world.token(who));
        for (role, allowed) in
            [("Owner", true), ("Developer", true), ("Admin", true), ("Supervisor", true), ("Support", true), ("Accountant", false), ("User manager", false)]
        {
            let linking = follow(&world, &secure, Some(&bearer(&world.key(&[role]).await)), "").await;
            assert_eq!(matches!(linking, Linking::Allowed(_)), allowed, "{role}");
            assert!(allowed || linking == Linking::Forbidden, "{role}");
        }
        assert_eq!(follow(&world, &secure, Some(&bearer(&world.owner.on(&child))), "").await, Linking::Forbidden);
        let of_child = link(&world, &child, true, 60).await;
        assert!(matches!(follow(&world, &of_child, Some(&bearer(&world.owner.on(&child))), "").await, Linking::Allowed(_)));
        let Who::Older(pairs) = world.api_key().await else { panic!("older credentials") };
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(&pairs).finish();
        assert!(matches!(follow(&world, &secure, None, &query).await, Linking::Allowed(_)));
        assert_eq!(follow(&world, &of_child, None, &query).await, Linking::Forbidden);
    }
}
