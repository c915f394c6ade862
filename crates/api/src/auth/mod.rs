//! Authentication: from a request's credentials to an `Account` and a `Caller` (DESIGN §3, semantics §4).

mod ips;
mod jwt;
mod older;
mod panel;
mod still;
mod verifier;

use std::net::IpAddr;

pub use ips::{Network, network_verdict, verdict};
pub use jwt::MAX_LIFETIME_SECONDS;
pub(crate) use older::too_many;
pub use panel::SECONDS as PANEL_SESSION_SECONDS;
pub(crate) use panel::{IDLE_MS, LIFETIME_MS};
pub(crate) use still::still_allowed;
pub(crate) use verifier::Verifier;

use crate::{
    Api,
    caller::{Account, Caller},
    codes,
    error::{Error, Result},
    registry::{Access, Credentials, Entry, Kind},
    store::{
        accounts::{self, Tenant},
        authorized_ips,
        db::Tx,
    },
    wire::{Params, Utc},
};

/// Generations between a key's account and a descendant that it acts on at most.
const DEEPEST: usize = 16;

/// What a request brings to prove who it is from.
pub struct Proof<'a> {
    /// The `Authorization` header.
    pub authorization: Option<&'a str>,
    /// The token of a panel session, where the request came in through the panel.
    pub panel_session: Option<&'a str>,
    pub params: &'a Params,
    pub ip: IpAddr,
    pub now: Utc,
}

impl Api {
    /// Finds out who calls and on whose account.
    pub async fn authenticate(&self, proof: &Proof<'_>, entry: &Entry) -> Result<(Account, Caller)> {
        let credentials = match entry {
            Entry::Real(method) => method.credentials,
            Entry::Declared(_) => Credentials::Own,
        };
        let sent = older::Sent::read(proof.params, credentials);
        let (tenant, caller) = match (proof.panel_session, proof.authorization) {
            (Some(token), authorization) => {
                if let Some(name) = authorization.map(|_| "Authorization").or(sent.secret_name()) {
                    return Err(Error::authentication(format!("A panel session and '{name}' were sent together; send one of them.")).into());
                }
                self.by_panel_session(token, proof, entry, credentials).await?
            }
            (None, Some(header)) => {
                if let Some(name) = sent.secret_name() {
                    return Err(Error::authentication(format!("A JWT and '{name}' were sent together; send one of them.")).into());
                }
                let token = header.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token.trim());
                let token = token.ok_or_else(|| Error::new(codes::JWT_MALFORMED, "The Authorization header must be 'Bearer' and a JWT."))?;
                self.by_jwt(token, proof, credentials).await?
            }
            (None, None) => self.by_older_credentials(&sent, proof, entry.access() == Access::SignIn).await?,
        };
        let account = Account::authenticated(tenant);
        may_write(&account, entry)?;
        Ok((account, caller))
    }
}

/// A frozen account is read only.
pub(crate) fn may_write(account: &Account, entry: &Entry) -> Result<()> {
    if account.is_frozen() && entry.kind() == Kind::Write && entry.access().is_for_keys() {
        return Err(Error::new(codes::BALANCE_TOO_LOW, "The account is frozen; it can be read but not changed.").into());
    }
    Ok(())
}

/// What a child shares with its ancestors: whether `account_id` is `home` or below it.
fn is_at_or_below(tx: &Tx, home: i64, account: &Tenant) -> Result<bool> {
    let mut parent = Some(account.id);
    for _ in 0..DEEPEST {
        match parent {
            Some(id) if id == home => return Ok(true),
            Some(id) => parent = accounts::tenant_by_id(tx, id)?.and_then(|tenant| tenant.parent_id),
            None => return Ok(false),
        }
    }
    Ok(false)
}

/// Refuses an address that the account's lists exclude.
fn check_ip(tx: &Tx, enforced: bool, tenant: &Tenant, ip: IpAddr) -> Result<()> {
    if !enforced || !tenant.has_authorized_ips {
        return Ok(());
    }
    let entries = authorized_ips::of_account(tx, tenant.id)?;
    if verdict(&entries, ip).0 { Ok(()) } else { Err(Error::authentication(format!("The address {ip} is not authorized for this account.")).into()) }
}

fn must_be_active(tenant: &Tenant) -> Result<()> {
    if tenant.active { Ok(()) } else { Err(Error::new(codes::ACCOUNT_NOT_ACTIVE, "The account is not active.").into()) }
}
