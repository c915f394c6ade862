//! Who is signed in to the web panel. The original has no methods for this.

use crate::{
    call::Call,
    caller::{Account, Caller, Identity},
    codes,
    error::{Error, Result},
    limiter::Suspect,
    secrets::{Purpose, Secrets},
    store::{
        accounts,
        db::{Failure, Tx},
        panel_sessions::Whose,
        second_factors::{self, SecondFactor},
        subusers,
    },
    totp,
    wire::Utc,
};

pub const GROUP: &str = "Panel";

pub mod change_panel_password;
pub mod close_panel_session;
pub mod confirm_second_factor;
pub mod del_panel_session;
pub mod get_panel_session;
pub mod get_panel_sessions;
pub mod open_panel_session;
pub mod remove_second_factor;
pub mod reset_second_factor;
pub mod start_second_factor;

/// The one who is signed in: a subuser, or the account itself.
#[derive(Clone, Debug)]
struct User {
    subuser: Option<(i64, String)>,
}

impl User {
    fn of(caller: &Caller) -> Self {
        let subuser = match &caller.identity {
            Identity::Subuser { id, name } => Some((*id, name.clone())),
            Identity::Account { .. } | Identity::Key { .. } => None,
        };
        Self { subuser }
    }

    fn subuser_id(&self) -> Option<i64> {
        self.subuser.as_ref().map(|(id, _)| *id)
    }

    fn name<'a>(&'a self, account: &'a Account) -> &'a str {
        self.subuser.as_ref().map_or(account.name(), |(_, name)| name)
    }

    /// Under which failed passwords count.
    fn suspect(&self, account: &Account) -> Suspect {
        self.subuser.as_ref().map_or(Suspect::Account(account.id()), |(_, name)| Suspect::Subuser(account.id(), name.clone()))
    }

    fn password_hash(&self, account: &Account, tx: &Tx) -> Result<String> {
        match self.subuser_id() {
            Some(id) => Ok(subusers::find(account, tx, id)?.password_hash),
            None => Ok(accounts::credentials(tx, account.id())?.0),
        }
    }

    fn second_factor(&self, account: &Account, tx: &Tx) -> Result<Option<SecondFactor>, Failure> {
        second_factors::of_user(account, tx, self.subuser_id())
    }

    /// What the secret of the user's second factor is encrypted for.
    fn purpose(&self, account: &Account) -> Purpose {
        Purpose::SecondFactor { account_id: account.id(), user_id: second_factors::user_id(self.subuser_id()) }
    }
}

/// Whose panel sessions a caller sees and ends: an Owner everybody's, a subuser its own.
fn visible(caller: &Caller) -> Whose {
    if caller.is_owner() { Whose::Everybody } else { Whose::Subuser(caller.subuser_id().unwrap_or_default()) }
}

fn wrong_code() -> Error {
    Error::field(codes::CODE, "code", "'code' is wrong or was used before. Give the six digits that your app shows now, or a recovery code.")
}

/// Takes a code of the app, whose time step is then used up.
fn take_app_code(secrets: &Secrets, user: &User, account: &Account, tx: &Tx, factor: &SecondFactor, code: &str, now: Utc) -> Result<()> {
    let secret = secrets.decrypt(user.purpose(account), &factor.secret_encrypted)?;
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let step = totp::step_of(&secret, &code, now, factor.last_step).ok_or_else(wrong_code)?;
    Ok(second_factors::take_step(account, tx, factor.id, step)?)
}

/// The tag that is kept of a recovery code, in whatever spelling it is given.
fn recovery_tag(secrets: &Secrets, factor_id: i64, code: &str) -> String {
    let letters: String = code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    secrets.tag(Purpose::RecoveryCode { factor_id }, &letters)
}

/// Whether a password is the user's, as `hash` has it. A wrong one counts, like one at sign-in.
async fn is_password(call: &Call, user: &User, hash: String, password: String) -> Result<bool> {
    let (suspects, now_ms, limiter) = (vec![user.suspect(&call.account), Suspect::address(call.ip)], call.now.0, call.api().limiter.clone());
    limiter.check(&suspects, now_ms).map_err(crate::auth::too_many)?;
    call.compute(move || Ok(limiter.is_right(suspects, now_ms, &password, &hash).map_err(crate::auth::too_many)?)).await
}

/// Refuses who is signed in and does not know the present password: a session that was left open or stolen is not its user.
async fn must_know_password(call: &Call, user: &User, password: String) -> Result<()> {
    let of_user = user.clone();
    let hash = call.read(move |account, tx| of_user.password_hash(account, tx)).await?;
    if is_password(call, user, hash, password).await? {
        return Ok(());
    }
    Err(Error::field(codes::OLD_SUBUSER_PASSWORD, "password", "'password' is not the present password.").into())
}

/// Runs what checks a code. A refusal counts, apart from wrong passwords and more strictly.
async fn counted<R>(call: &Call, user: &User, check: impl Future<Output = Result<R>>) -> Result<R> {
    let suspects = vec![Suspect::Code(call.account.id(), user.subuser_id()), Suspect::address(call.ip)];
    let attempt = call.api().limiter.attempt(suspects, call.now.0).map_err(crate::auth::too_many)?;
    let result = check.await;
    if result.as_ref().err().is_none_or(|errors| errors.first_code() != codes::CODE) {
        call.api().limiter.succeeded(&attempt);
    }
    result
}
