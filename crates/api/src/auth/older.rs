use super::{Proof, check_ip, must_be_active};
use crate::{
    Api,
    caller::{Caller, Identity},
    codes,
    error::{Error, Result},
    limiter::Suspect,
    password,
    registry::Credentials,
    secrets,
    store::{
        accounts::{self, Tenant},
        db::Tx,
        logon_sessions, subusers,
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

    /// What the caller calls the account, for counting failures.
    fn claimed(&self) -> String {
        let account = self.account_id.or(self.account_name).or(self.account_email).unwrap_or_default();
        let subuser = self.subuser_name.unwrap_or_default();
        format!("{account}/{subuser}").to_lowercase().chars().take(100).collect()
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

impl Api {
    pub(super) async fn by_older_credentials(&self, sent: &Sent<'_>, proof: &Proof<'_>) -> Result<(Tenant, Caller)> {
        if sent.secret_name().is_none() {
            return Err(Error::authentication("No credentials. Send 'Authorization: Bearer' and a JWT of a service account, or the account's id with 'api_key'.").into());
        }
        let suspects = [Suspect::address(proof.ip), Suspect::Account(sent.claimed())];
        if let Some(wait_ms) = suspects.iter().filter_map(|suspect| self.limiter.wait_ms(suspect, proof.now.0)).max() {
            return Err(Error::new(codes::RETRY_LATER, format!("Too many failed logins. Try again in {} seconds.", wait_ms.div_euclid(1_000) + 1)).into());
        }
        let result = if let Some(session_id) = sent.session_id {
            self.by_session(session_id, sent, proof).await
        } else if let Some(password) = sent.subuser_password {
            self.by_subuser(sent.subuser_name.unwrap_or_default(), password, sent).await
        } else if let Some((_, password)) = sent.password {
            self.by_password(password, sent).await
        } else {
            self.by_api_key(sent.api_key.map(|(_, key)| key).unwrap_or_default(), sent).await
        };
        match &result {
            Err(errors) if [codes::AUTHENTICATION_FAILED, codes::SESSION_ID].contains(&errors.first_code()) => {
                suspects.into_iter().for_each(|suspect| self.limiter.failed(suspect, proof.now.0));
            }
            Err(_) => {}
            Ok(_) => self.limiter.succeeded(&suspects[1]),
        }
        let (tenant, caller) = result?;
        must_be_active(&tenant)?;
        let (checked, ip, enforced) = (tenant.clone(), proof.ip, self.settings.enforce_authorized_ips);
        self.db.read(move |tx| check_ip(tx, enforced, &checked, ip)).await?;
        Ok((tenant, caller))
    }

    async fn by_password(&self, password: &str, sent: &Sent<'_>) -> Result<(Tenant, Caller)> {
        let names = sent.to_owned();
        let found = self.db.read(move |tx| names.tenant(tx)?.map(|tenant| Ok((accounts::credentials(tx, tenant.id)?.0, tenant))).transpose()).await?;
        let hash = found.as_ref().map_or_else(|| password::NOBODY.to_owned(), |(hash, _)| hash.clone());
        let password = password.to_owned();
        let right = self.compute(move || Ok(password::verify(&password, &hash))).await?;
        let (_, tenant) = found.filter(|_| right).ok_or_else(refused)?;
        let caller = Caller::of_account(tenant.id, true);
        Ok((tenant, caller))
    }

    async fn by_api_key(&self, api_key: &str, sent: &Sent<'_>) -> Result<(Tenant, Caller)> {
        let (names, hash) = (sent.to_owned(), secrets::hash(api_key));
        let found = self.db.read(move |tx| names.tenant(tx)?.map(|tenant| Ok((accounts::credentials(tx, tenant.id)?.1, tenant))).transpose()).await?;
        // Hashes are compared, so the time of the comparison says nothing about the key.
        let (_, tenant) = found.filter(|(kept, _)| *kept == hash).ok_or_else(refused)?;
        let caller = Caller::of_account(tenant.id, false);
        Ok((tenant, caller))
    }

    async fn by_subuser(&self, name: &str, password: &str, sent: &Sent<'_>) -> Result<(Tenant, Caller)> {
        let (names, name) = (sent.to_owned(), name.to_lowercase());
        let found = self
            .db
            .read(move |tx| {
                let Some(tenant) = names.tenant(tx)? else { return Ok(None) };
                let Some(subuser) = subusers::by_name_for_login(tx, tenant.id, &name)? else { return Ok(None) };
                let roles = subusers::roles_for_login(tx, subuser.id)?;
                Ok(Some((tenant, subuser, roles)))
            })
            .await?;
        let hash = found.as_ref().map_or_else(|| password::NOBODY.to_owned(), |(_, subuser, _)| subuser.password_hash.clone());
        let password = password.to_owned();
        let right = self.compute(move || Ok(password::verify(&password, &hash))).await?;
        let (tenant, subuser, roles) = found.filter(|_| right).ok_or_else(refused)?;
        let caller = Caller::with_roles(Identity::Subuser { id: subuser.id, name: subuser.name }, tenant.id, roles);
        Ok((tenant, caller))
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
                caller.session = Some(hash);
                Ok((tenant, caller))
            })
            .await
    }
}
