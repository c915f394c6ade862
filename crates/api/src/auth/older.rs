use super::{Proof, check_ip, must_be_active};
use crate::{
    Api,
    caller::{Caller, Identity, Witness},
    codes,
    error::{Error, Result},
    limiter::Suspect,
    password,
    registry::Credentials,
    secrets,
    store::{
        accounts::{self, Tenant},
        db::Tx,
        logon_sessions, second_factors, subusers,
    },
    wire::Params,
};

/// The older credentials as they were sent.
pub struct Sent<'a> {
    account_id: Option<&'a str>,
    account_name: Option<&'a str>,
    account_email: Option<&'a str>,
    api_key: Option<(&'static str, &'a str)>,
    password: Option<(&'static str, &'a str)>,
    session_id: Option<&'a str>,
    subuser_name: Option<&'a str>,
    subuser_password: Option<&'a str>,
}

impl<'a> Sent<'a> {
    pub fn read(params: &'a Params, credentials: Credentials) -> Self {
        let secret = |name: &'static str| params.text(name).map(|text| (name, text));
        match credentials {
            Credentials::Own => Self {
                account_id: params.text("account_id"),
                account_name: params.text("account_name"),
                account_email: params.text("account_email"),
                api_key: secret("api_key"),
                password: secret("account_password"),
                session_id: params.text("session_id"),
                subuser_name: params.text("subuser_login").or_else(|| params.text("subuser_name")),
                subuser_password: params.text("subuser_password"),
            },
            Credentials::Parent => Self {
                account_id: params.text("parent_account_id"),
                account_name: params.text("parent_account_name"),
                account_email: params.text("parent_account_email"),
                api_key: secret("parent_account_api_key"),
                password: secret("parent_account_password"),
                session_id: params.text("session_id"),
                subuser_name: None,
                subuser_password: None,
            },
        }
    }

    /// The parameter that carries a secret, if one does.
    pub fn secret_name(&self) -> Option<&'static str> {
        self.api_key.or(self.password).map(|(name, _)| name).or(self.session_id.map(|_| "session_id")).or(self.subuser_password.map(|_| "subuser_password"))
    }

    fn tenant(&self, tx: &Tx) -> Result<Option<Tenant>> {
        Ok(match (self.account_id, self.account_name, self.account_email) {
            (Some(id), _, _) => match id.trim().parse() {
                Ok(id) => accounts::tenant_by_id(tx, id)?,
                Err(_) => None,
            },
            (None, Some(name), _) => accounts::tenant_by_name(tx, &name.to_lowercase())?,
            (None, None, Some(email)) => accounts::tenant_by_email(tx, email)?,
            (None, None, None) => None,
        })
    }

    /// What the caller calls an account that is not there, for counting failures.
    fn claimed(&self) -> String {
        // An id counts as its number in any spelling, like that of an account that is there.
        let id = self.account_id.map(|id| id.trim().parse::<i64>().map_or_else(|_| id.to_owned(), |id| id.to_string()));
        let claim = id.as_deref().or(self.account_name).or(self.account_email).unwrap_or_default();
        claim.to_lowercase().chars().take(100).collect()
    }

    fn to_owned(&self) -> Owned {
        let own = |text: Option<&str>| text.map(str::to_owned);
        Owned { account_id: own(self.account_id), account_name: own(self.account_name), account_email: own(self.account_email) }
    }
}

/// The account's names, to be looked up inside a read.
struct Owned {
    account_id: Option<String>,
    account_name: Option<String>,
    account_email: Option<String>,
}

impl Owned {
    fn tenant(&self, tx: &Tx) -> Result<Option<Tenant>> {
        Sent {
            account_id: self.account_id.as_deref(),
            account_name: self.account_name.as_deref(),
            account_email: self.account_email.as_deref(),
            api_key: None,
            password: None,
            session_id: None,
            subuser_name: None,
            subuser_password: None,
        }
        .tenant(tx)
    }
}

/// One sentence for an unknown account and a wrong secret.
fn refused() -> Error {
    Error::authentication("The account or its credentials are wrong.")
}

/// What a right password proves: alone, or before the method asks for the second factor.
fn of_password(hash: String, has_factor: bool, sign_in: bool) -> Result<Witness> {
    if sign_in {
        return Ok(Witness::SignIn(hash));
    }
    if has_factor {
        return Err(Error::authentication(
            "This password has a second factor, so it is good for the panel alone. A program uses the JWT of a service account, or the account's API key.",
        )
        .into());
    }
    Ok(Witness::Password(hash))
}

/// The answer to a caller that has guessed too often.
pub(crate) fn too_many(wait_ms: i64) -> Error {
    Error::new(codes::RETRY_LATER, format!("Too many failed logins. Try again in {} seconds.", wait_ms.div_euclid(1_000) + 1))
}

impl Api {
    /// With `sign_in` the method asks for the second factor; without, a password that has one is refused.
    pub(super) async fn by_older_credentials(&self, sent: &Sent<'_>, proof: &Proof<'_>, sign_in: bool) -> Result<(Tenant, Caller)> {
        if sent.secret_name().is_none() {
            return Err(Error::authentication("No credentials. Send 'Authorization: Bearer' and a JWT of a service account, or the account's id with 'api_key'.").into());
        }
        let (tenant, caller) = if let Some(session_id) = sent.session_id {
            self.guarded(proof, self.by_session(session_id, sent, proof)).await
        } else if let Some(password) = sent.subuser_password {
            self.by_subuser(sent.subuser_name.unwrap_or_default(), password, sent, proof, sign_in).await
        } else if let Some((_, password)) = sent.password {
            self.by_password(password, sent, proof, sign_in).await
        } else {
            self.guarded(proof, self.by_api_key(sent.api_key.map(|(_, key)| key).unwrap_or_default(), sent)).await
        }?;
        must_be_active(&tenant)?;
        let (checked, ip, enforced) = (tenant.clone(), proof.ip, self.settings.enforce_authorized_ips);
        self.db.read(move |tx| check_ip(tx, enforced, &checked, ip)).await?;
        Ok((tenant, caller))
    }

    /// Guards a long random secret. Guessing at one is hopeless, so failures count for the address alone, and only once they
    /// are known: neither many right calls at once nor a guesser elsewhere may lock the owner out.
    async fn guarded<R>(&self, proof: &Proof<'_>, attempt: impl Future<Output = Result<R>>) -> Result<R> {
        let suspects = vec![Suspect::address(proof.ip)];
        self.limiter.check(&suspects, proof.now.0).map_err(too_many)?;
        let result = attempt.await;
        let wrong = |errors: &crate::error::Errors| [codes::AUTHENTICATION_FAILED, codes::SESSION_ID].contains(&errors.first_code());
        if result.as_ref().is_err_and(wrong) {
            // Over the bound already, by others at the same time, is as good as counted.
            let _ = self.limiter.attempt(suspects, proof.now.0);
        }
        result
    }

    /// Verifies a password. It is counted where it is verified, so that hanging up changes nothing and as few right ones as
    /// are verified at once can be taken for guesses.
    async fn is_right(&self, proof: &Proof<'_>, suspect: Suspect, password: &str, hash: String) -> Result<bool> {
        let (suspects, now_ms, limiter) = (vec![suspect, Suspect::address(proof.ip)], proof.now.0, self.limiter.clone());
        limiter.check(&suspects, now_ms).map_err(too_many)?;
        let password = password.to_owned();
        self.compute(move || Ok(limiter.is_right(suspects, now_ms, &password, &hash).map_err(too_many)?)).await
    }

    async fn by_password(&self, password: &str, sent: &Sent<'_>, proof: &Proof<'_>, sign_in: bool) -> Result<(Tenant, Caller)> {
        let names = sent.to_owned();
        let found = self.db.read(move |tx| {
            let Some(tenant) = names.tenant(tx)? else { return Ok(None) };
            Ok(Some((accounts::credentials(tx, tenant.id)?.0, second_factors::is_on(tx, tenant.id, None)?, tenant)))
        });
        let found = found.await?;
        let suspect = found.as_ref().map_or_else(|| Suspect::Unknown(sent.claimed()), |(_, _, tenant)| Suspect::Account(tenant.id));
        let hash = found.as_ref().map_or_else(|| password::NOBODY.to_owned(), |(hash, ..)| hash.clone());
        let right = self.is_right(proof, suspect, password, hash).await?;
        let (hash, has_factor, tenant) = found.filter(|_| right).ok_or_else(refused)?;
        let caller = Caller { witness: of_password(hash, has_factor, sign_in)?, ..Caller::of_account(tenant.id, true) };
        Ok((tenant, caller))
    }

    async fn by_api_key(&self, api_key: &str, sent: &Sent<'_>) -> Result<(Tenant, Caller)> {
        let (names, hash) = (sent.to_owned(), secrets::hash(api_key));
        let found = self.db.read(move |tx| names.tenant(tx)?.map(|tenant| Ok((accounts::credentials(tx, tenant.id)?.1, tenant))).transpose()).await?;
        // Hashes are compared, so the time of the comparison says nothing about the key.
        let (kept, tenant) = found.filter(|(kept, _)| *kept == hash).ok_or_else(refused)?;
        let caller = Caller { witness: Witness::ApiKey(kept), ..Caller::of_account(tenant.id, false) };
        Ok((tenant, caller))
    }

    async fn by_subuser(&self, name: &str, password: &str, sent: &Sent<'_>, proof: &Proof<'_>, sign_in: bool) -> Result<(Tenant, Caller)> {
        let (names, name) = (sent.to_owned(), name.to_lowercase());
        let wanted = name.clone();
        let (tenant, found) = self
            .db
            .read(move |tx| {
                let Some(tenant) = names.tenant(tx)? else { return Ok((None, None)) };
                let Some(subuser) = subusers::by_name_for_login(tx, tenant.id, &wanted)? else { return Ok((Some(tenant), None)) };
                let roles = subusers::roles_for_login(tx, subuser.id)?;
                let has_factor = second_factors::is_on(tx, tenant.id, Some(subuser.id))?;
                Ok((Some(tenant.clone()), Some((tenant, subuser, roles, has_factor))))
            })
            .await?;
        let suspect = tenant.map_or_else(|| Suspect::Unknown(sent.claimed()), |tenant| Suspect::Subuser(tenant.id, name.chars().take(100).collect()));
        let hash = found.as_ref().map_or_else(|| password::NOBODY.to_owned(), |(_, subuser, ..)| subuser.password_hash.clone());
        let right = self.is_right(proof, suspect, password, hash).await?;
        let (tenant, subuser, roles, has_factor) = found.filter(|_| right).ok_or_else(refused)?;
        let caller = Caller::with_roles(Identity::Subuser { id: subuser.id, name: subuser.name }, tenant.id, roles);
        Ok((tenant, Caller { witness: of_password(subuser.password_hash, has_factor, sign_in)?, ..caller }))
    }

    async fn by_session(&self, session_id: &str, sent: &Sent<'_>, proof: &Proof<'_>) -> Result<(Tenant, Caller)> {
        let (names, hash, now) = (sent.to_owned(), secrets::hash(session_id), proof.now);
        let named = sent.account_id.or(sent.account_name).or(sent.account_email).is_some();
        self.db
            .read(move |tx| {
                let bad = || Error::field(codes::SESSION_ID, "session_id", "'session_id' is invalid. Logon gives a new one.");
                let session = logon_sessions::by_token(tx, &hash)?.ok_or_else(bad)?;
                let tenant = accounts::tenant_by_id(tx, session.account_id)?.ok_or_else(bad)?;
                if named && names.tenant(tx)?.is_none_or(|other| other.id != tenant.id) {
                    return Err(bad().into());
                }
                if session.ended_at.is_some() {
                    return Err(Error::new(codes::NOT_LOGGED_IN, "The session was logged out. Logon gives a new one.").into());
                }
                if session.expires_at <= now {
                    return Err(Error::new(codes::SESSION_EXPIRED, "The session has expired. Logon gives a new one.").into());
                }
                let mut caller = match session.subuser_id {
                    None => Caller::of_account(tenant.id, session.by_password),
                    Some(id) => {
                        let subuser = subusers::by_id_for_login(tx, tenant.id, id)?.ok_or_else(bad)?;
                        Caller::with_roles(Identity::Subuser { id, name: subuser.name }, tenant.id, subusers::roles_for_login(tx, id)?)
                    }
                };
                caller.witness = Witness::Session(hash);
                Ok((tenant, caller))
            })
            .await
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use crate::testing::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_guess_counts_when_its_caller_hangs_up() {
        let world = World::sqlite().await;
        for _ in 0..10 {
            // One step, which on SQLite is as far as the hashing; then the caller is gone and the hashing goes on.
            let answer = world.api.handle(world.form(&world.with_password("Wr0ng-Passw"), "GetKeys", &[])).now_or_never();
            assert!(answer.is_none());
            drop(world.api.computations.acquire_many(2).await);
        }
        assert_eq!(world.refused(&world.with_password("Wr0ng-Passw"), "GetKeys", &[]).await, 162);
    }

    #[on_both_databases]
    async fn guesses_at_once_are_no_more_than_guesses_in_turn(world: World) {
        let wrong = world.with_password("Wr0ng-Passw");
        let guesses = futures_util::future::join_all((0..30).map(|_| world.refused(&wrong, "GetKeys", &[]))).await;
        assert_eq!(guesses.iter().filter(|code| **code == 100).count(), 10);
        assert_eq!(guesses.iter().filter(|code| **code == 162).count(), 20);
    }

    #[on_both_databases]
    async fn many_right_calls_at_once_are_no_guesses(world: World) {
        let answer = world.ok(&world.password(), "Logon", &[]).await;
        let session = Who::Older(vec![("session_id".to_owned(), answer["result"].as_str().unwrap_or_default().to_owned())]);
        for who in [world.api_key().await, session, world.password()] {
            futures_util::future::join_all((0..30).map(|_| world.ok(&who, "GetKeys", &[]))).await;
        }
    }

    #[on_both_databases]
    async fn every_spelling_of_an_account_is_one_account(world: World) {
        let guess = async |ip: u8, name: &str, value: &str| {
            let who = Who::Older(vec![(name.to_owned(), value.to_owned()), ("account_password".to_owned(), "Wr0ng-Passw".to_owned())]);
            world.from_ip(&format!("198.51.100.{ip}")).refused(&who, "GetKeys", &[]).await
        };
        let id = world.account_id();
        for ip in 0..3 {
            assert_eq!(guess(ip, "account_id", &format!("{}{id}", "0".repeat(ip.into()))).await, 100);
            assert_eq!(guess(10 + ip, "account_name", "OWNER").await, 100);
            assert_eq!(guess(20 + ip, "account_email", world.owner_email()).await, 100);
        }
        assert_eq!(guess(30, "account_id", &id).await, 100);
        assert_eq!(guess(31, "account_name", "owner").await, 162);
    }

    #[on_both_databases]
    async fn guessing_at_tokens_locks_nobody_else_out(world: World) {
        let answer = world.ok(&world.password(), "Logon", &[]).await;
        let session = Who::Older(vec![("session_id".to_owned(), answer["result"].as_str().unwrap_or_default().to_owned())]);
        let guesser = world.from_ip("198.51.100.7");
        for _ in 0..12 {
            guesser.refused(&Who::Older(vec![("session_id".to_owned(), "guess".to_owned())]), "GetKeys", &[]).await;
            guesser.refused(&world.with_password("Wr0ng-Passw"), "GetKeys", &[]).await;
        }
        world.ok(&session, "GetKeys", &[]).await;
    }
}
