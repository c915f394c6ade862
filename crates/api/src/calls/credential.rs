//! Credentials with which a browser calls as one user of an application, over one connection.

use std::net::IpAddr;

use schemars::JsonSchema;
use serde::Serialize;

use super::{
    SipApplication, SipUser,
    sip_user::{Digests, LONGEST_NAME},
};
use crate::{
    Api,
    caller::Account,
    codes,
    error::{Error, Result},
    password,
    secrets::{self, Purpose, Secrets},
    store::{
        call_credentials::{self, New},
        db::{Lock, Tx},
        users::{self, User},
    },
    things::{Page, Thing},
    wire::Utc,
};

/// Milliseconds that a credential is good for.
const GOOD_MS: i64 = 10 * 60_000;

/// Credentials of an account that are good at once.
const PER_ACCOUNT: i64 = 1_000;

/// Credentials of guests in an application that are good at once.
const GUESTS: i64 = 100;

/// Users that a guest may choose from.
const CHOICE: i64 = 20;

/// Where SIP over WebSocket is spoken, on the HTTP ports.
const WS_PATH: &str = "/sip";

/// What a browser needs to call as a user. The password is shown once and not kept.
#[derive(Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct IssuedCredential {
    /// The user as whom it calls.
    pub user_name: String,
    pub display_name: String,
    /// The domain behind the user's name in SIP addresses.
    pub domain: String,
    /// The name that challenges are answered with.
    pub authorization_user: String,
    pub password: String,
    /// The path of SIP over WebSocket on the address that the page came from.
    pub ws_path: &'static str,
    /// Until when it registers; the connection may live longer.
    pub expires_at: Utc,
}

/// A credential that was drawn and is not in the database yet.
pub(crate) struct Draft {
    username: String,
    password: String,
    digests_encrypted: Vec<u8>,
}

impl Draft {
    pub(crate) fn draw(secrets: &Secrets) -> Result<Self> {
        // The dot keeps it apart from names of users.
        let username = format!("call.{}", password::hex(&secrets::random::<16>()?));
        let password = secrets::token()?;
        let digests_encrypted = secrets.encrypt(Purpose::CallCredential, password::digests(&username, &password).as_bytes())?;
        Ok(Self { username, password, digests_encrypted })
    }

    /// Writes it, under the account's lock.
    pub(crate) fn issue(&self, account: &Account, tx: &Tx, user: &User, guest: bool, now: Utc) -> Result<()> {
        if !user.active {
            return Err(Error::field(codes::USER_ID, "user_id", format!("The user {} is not active.", user.id)).into());
        }
        let (all, guests) = call_credentials::count(account, tx, user.application_id, now)?;
        if all >= PER_ACCOUNT || (guest && guests >= GUESTS) {
            return Err(Error::new(codes::RATE_LIMIT, "Too many call credentials are waiting to be used; try again in some minutes.").into());
        }
        let new = New {
            application_id: user.application_id,
            user_id: user.id,
            username: self.username.clone(),
            digests_encrypted: self.digests_encrypted.clone(),
            guest,
            created_at: now,
            expires_at: Utc(now.0 + GOOD_MS),
        };
        Ok(call_credentials::insert(account, tx, &new)?)
    }

    /// `domain` is the full name of the user's application.
    pub(crate) fn show(self, user: User, domain: String, now: Utc) -> IssuedCredential {
        IssuedCredential {
            user_name: user.name,
            display_name: user.display_name,
            domain,
            authorization_user: self.username,
            password: self.password,
            ws_path: WS_PATH,
            expires_at: Utc(now.0 + GOOD_MS),
        }
    }
}

/// A credential that is good now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallCredential {
    pub id: i64,
    /// The user as whom the connection calls, with the credential's digests.
    pub user: SipUser,
    /// Nobody had signed in: no REGISTER of others, no REFER, no public network.
    pub guest: bool,
}

/// An application that guests may call, and the users as whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuestApplication {
    pub application: SipApplication,
    /// Login and display names of active users, 20 at most.
    pub users: Vec<(String, String)>,
}

/// Whether the username of an Authorization header is that of a call credential.
pub fn is_call_credential(username: &str) -> bool {
    username.starts_with("call.")
}

impl Api {
    /// The credential of this `username` (`is_call_credential`) for `user@domain`, with the digests that its answer to a challenge
    /// is verified with. It stays good until `take_call_credential`; later requests of the same connection are to be verified with
    /// the same digests, which the connection keeps.
    pub async fn call_credential(&self, domain: &str, user: &str, username: &str, now: Utc) -> Result<Option<CallCredential>> {
        if username.len() > LONGEST_NAME {
            return Ok(None);
        }
        let user = self.sip_user(domain, user).await?;
        // An unknown user takes the same statements as a known one.
        let (user_id, name) = (user.as_ref().map_or(0, |user| user.id), username.to_owned());
        let open = self.db.read(move |tx| Ok(call_credentials::open(tx, user_id, &name, now)?)).await?;
        let Some((user, open)) = user.zip(open) else { return Ok(None) };
        let digests = self.secrets.decrypt_text(Purpose::CallCredential, &open.digests_encrypted)?;
        let user = SipUser { digests: Digests::parse(username.to_owned(), &digests)?, ..user };
        Ok(Some(CallCredential { id: open.id, user, guest: open.guest }))
    }

    /// Uses a credential up, once its digest was verified: true for the one connection that may go on, on whatever node.
    pub async fn take_call_credential(&self, id: i64, now: Utc) -> Result<bool> {
        self.db.write(Lock::None, move |tx| Ok(call_credentials::take(tx, id, now)?)).await
    }

    /// The names that the setting `guests` has; not each of them need be there.
    pub fn guest_names(&self) -> &[String] {
        &self.settings.guests
    }

    /// What a guest at an address may call; `None` unless the setting `guests` names the application and the address is loopback.
    /// The server must not ask for requests that a proxy forwarded: behind it, everybody is loopback.
    pub async fn guest_application(&self, name: &str, ip: IpAddr) -> Result<Option<GuestApplication>> {
        let named = self.settings.guests.iter().find(|guest| guest.eq_ignore_ascii_case(name)).filter(|_| ip.to_canonical().is_loopback());
        let Some(named) = named else { return Ok(None) };
        let Some(application) = self.configured_application(named).await? else { return Ok(None) };
        let (account, filter) = (application.account.clone(), users::Filter { application_id: application.id, active: Some(true), ..users::Filter::default() });
        let (users, _) = self.db.read(move |tx| Ok(users::page(&account, tx, &filter, users::Order::Id, Page { count: CHOICE, offset: 0 })?)).await?;
        Ok(Some(GuestApplication { application, users: users.into_iter().map(|user| (user.name, user.display_name)).collect() }))
    }

    /// A credential for a guest, who calls as this user of an application that `guest_application` gave.
    pub async fn guest_credential(&self, guests: &GuestApplication, user_name: &str, now: Utc) -> Result<IssuedCredential> {
        let draft = Draft::draw(&self.secrets)?;
        let (account, application_id, name) = (guests.application.account.clone(), guests.application.id, user_name.to_owned());
        let written = self.db.write(Lock::Account(account.id()), move |tx| {
            let unknown = || Error::field(codes::USER_ID, "user_name", "'user_name' is invalid: the application has no such user.");
            let user = User::by_name(&account, tx, Some(application_id), &name)?.ok_or_else(unknown)?;
            draft.issue(&account, tx, &user, true, now)?;
            Ok((draft, user))
        });
        let (draft, user) = written.await?;
        Ok(draft.show(user, guests.application.name.clone(), now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;

    const HERE: [u8; 4] = [127, 0, 0, 1];

    #[on_both_databases]
    async fn a_guest_calls_as_a_user_of_a_named_application_from_here_alone(world: World) {
        let demo = world.api.configured_application("demo").await.unwrap().unwrap();
        world.user(&demo.id.to_string(), "visitor").await;
        world.application("shop").await;
        assert_eq!(world.api.guest_application("shop", HERE.into()).await.unwrap(), None);
        assert_eq!(world.api.guest_application("demo", [192, 0, 2, 1].into()).await.unwrap(), None);
        let guests = world.api.guest_application("Demo", "::ffff:127.0.0.1".parse().unwrap()).await.unwrap().unwrap();
        assert!(guests.users.iter().any(|(name, _)| name == "visitor"), "{guests:?}");
        assert!(world.api.guest_credential(&guests, "nobody", world.now()).await.is_err());
        let issued = world.api.guest_credential(&guests, "visitor", world.now()).await.unwrap();
        let found = world.api.call_credential("demo.owner", "visitor", &issued.authorization_user, world.now()).await.unwrap().unwrap();
        assert!(found.guest && is_call_credential(&issued.authorization_user));
        let world = world.with(|settings| settings.guests.clear()).await;
        assert_eq!(world.api.guest_application("demo", HERE.into()).await.unwrap(), None);
    }

    #[on_both_databases]
    async fn guests_that_do_not_connect_have_a_bound(world: World) {
        let demo = world.api.configured_application("demo").await.unwrap().unwrap();
        world.user(&demo.id.to_string(), "visitor").await;
        let guests = world.api.guest_application("demo", HERE.into()).await.unwrap().unwrap();
        for _ in 0..GUESTS {
            world.api.guest_credential(&guests, "visitor", world.now()).await.unwrap();
        }
        assert_eq!(world.api.guest_credential(&guests, "visitor", world.now()).await.err().map(|errors| errors.first_code()), Some(codes::RATE_LIMIT));
        let later = Utc(world.now().0 + GOOD_MS);
        world.api.guest_credential(&guests, "visitor", later).await.unwrap();
        world.api.clean(later).await.unwrap();
        assert_eq!(world.read(|tx| Ok(call_credentials::rows(tx)?)).await.unwrap(), 1);
    }
}
