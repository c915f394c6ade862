use super::{Proof, check_ip, is_at_or_below, must_be_active};
use crate::{
    Api,
    caller::{Caller, Identity, Witness},
    codes,
    error::{Error, Result},
    registry::{Access, Credentials, Entry},
    secrets,
    store::{
        accounts::{self, Tenant},
        db::Lock,
        panel_sessions, subusers,
    },
    wire::{Param, Rules, Utc},
};

/// How long a panel session may be unused, milliseconds: 12 hours.
pub(crate) const IDLE_MS: i64 = 12 * 60 * 60 * 1_000;

/// How long a panel session lives at most, milliseconds: 7 days.
pub(crate) const LIFETIME_MS: i64 = 7 * 24 * 60 * 60 * 1_000;

/// The same in seconds, for a cookie.
pub const SECONDS: i64 = LIFETIME_MS / 1_000;

/// How old the noted last use may be, milliseconds, so that reading costs no write.
const NOTED_EVERY_MS: i64 = 60 * 1_000;

/// What a session may call as long as its user has not chosen a password.
const BEFORE_A_NEW_PASSWORD: [&str; 3] = ["GetPanelSession", "ChangePanelPassword", "ClosePanelSession"];

/// One answer for whatever is no session here: an unknown, ended or expired one, and one that names a foreign account.
fn signed_out() -> Error {
    Error { http_status: Some(401), ..Error::authentication("You are not signed in, or no longer. Sign in to the panel.") }
}

impl Api {
    /// The session's user, on its own account or on a descendant that `account_id` names. Tokens have 256 bits, so guesses
    /// are not counted: a browser with an old cookie must not lock its user out.
    pub(super) async fn by_panel_session(&self, token: &str, proof: &Proof<'_>, entry: &Entry, credentials: Credentials) -> Result<(Tenant, Caller)> {
        let named = |name: &'static str| i64::read_optional(proof.params, name, &Rules::NONE.code(codes::ACCOUNT_ID));
        let named = match credentials {
            Credentials::Own => named("account_id")?,
            Credentials::Parent => named("parent_account_id")?.or(named("account_id")?),
        };
        let (hash, now, ip, enforced, access) = (secrets::hash(token), proof.now, proof.ip, self.settings.enforce_authorized_ips, entry.access());
        let found = self.db.read(move |tx| {
            let session = panel_sessions::by_token(tx, &hash)?.filter(|session| session.is_open(now)).ok_or_else(signed_out)?;
            let home = accounts::tenant_by_id(tx, session.account_id)?.ok_or_else(signed_out)?;
            let mut target = home.clone();
            if let Some(id) = named.filter(|id| *id != home.id) {
                target = accounts::tenant_by_id(tx, id)?.ok_or_else(signed_out)?;
                if !is_at_or_below(tx, home.id, &target)? {
                    return Err(signed_out().into());
                }
            }
            if access == Access::SignedIn {
                target = home.clone();
            }
            let caller = match session.subuser_id {
                // On a descendant, what needs that account's own password stays closed.
                None => Caller::of_account(home.id, target.id == home.id),
                Some(id) => {
                    let subuser = subusers::by_id_for_login(tx, home.id, id)?.ok_or_else(signed_out)?;
                    Caller::with_roles(Identity::Subuser { id, name: subuser.name }, home.id, subusers::roles_for_login(tx, id)?)
                }
            };
            must_be_active(&home)?;
            check_ip(tx, enforced, &home, ip)?;
            if target.id != home.id {
                check_ip(tx, enforced, &target, ip)?;
            }
            Ok((session, target, Caller { witness: Witness::Panel(hash), ..caller }))
        });
        let (session, target, caller) = found.await?;
        if session.password_must_change && !BEFORE_A_NEW_PASSWORD.contains(&entry.name()) {
            return Err(Error::new(codes::ACCESS_DENIED, "Choose a password of your own first: ChangePanelPassword.").into());
        }
        if now.0 - session.last_used_at.0 >= NOTED_EVERY_MS {
            let noted = self.db.write(Lock::None, move |tx| Ok(panel_sessions::used(tx, session.id, now, Utc(now.0 - NOTED_EVERY_MS))?)).await;
            if let Err(errors) = noted {
                tracing::warn!(code = errors.first_code().0, "the use of a panel session could not be noted");
            }
        }
        Ok((target, caller))
    }
}
