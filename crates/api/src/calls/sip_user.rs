use super::application::{LONGEST_DOMAIN, labels};
use crate::{
    Api,
    caller::Account,
    codes,
    error::{Error, Result},
    methods::applications::full_name,
    secrets::Purpose,
    store::{accounts, users},
};

/// `HA1` of a user in hexadecimal digits (RFC 7616 §3.4.2), over the realm [`crate::password::REALM`].
#[derive(Clone, PartialEq, Eq)]
pub struct Digests {
    /// The name that they were made over: what `username` of an Authorization header must be. After a new name without a new
    /// password it is the former one.
    pub username: String,
    pub md5: String,
    pub sha256: String,
}

impl std::fmt::Debug for Digests {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Digests({}, …)", self.username)
    }
}

impl Digests {
    /// Takes both as they are stored, joined with `:`.
    pub(super) fn parse(username: String, text: &str) -> Result<Self> {
        let (md5, sha256) = text.split_once(':').ok_or_else(|| Error::internal(codes::INTERNAL, "digests have another form"))?;
        Ok(Self { username, md5: md5.to_owned(), sha256: sha256.to_owned() })
    }
}

/// An active user of an application, of an account that is active and not frozen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SipUser {
    pub account: Account,
    pub application_id: i64,
    /// `<short>.<account>.<domain>`.
    pub application_name: String,
    pub id: i64,
    pub name: String,
    pub display_name: String,
    pub custom_data: Option<String>,
    pub digests: Digests,
}

/// Bytes of both digests as they are stored.
const DIGESTS_BYTES: usize = 32 + 1 + 64;

/// Bytes of a user's name at most. Semantics §8.6.
pub(super) const LONGEST_NAME: usize = 50;

impl Api {
    /// The user that `user@domain` names, with what its digests are verified with. `domain` is `application.account[.anything]`
    /// in any case; `user` is compared exactly. `None` when there is no such user, or the user or the account is inactive, or the
    /// account is frozen. Nothing is cached: a new password and a deactivated or deleted user show at the next call. An unknown
    /// user takes the same statements and the same cryptography as a known one.
    pub async fn sip_user(&self, domain: &str, user: &str) -> Result<Option<SipUser>> {
        let fits = domain.len() <= LONGEST_DOMAIN && user.len() <= LONGEST_NAME;
        let Some((application, account)) = labels(domain).filter(|_| fits) else { return Ok(None) };
        let user = user.to_owned();
        let found = self.db.read(move |tx| {
            let credential = users::credential(tx, &account, &application, &user)?;
            let tenant = accounts::tenant_by_id(tx, credential.as_ref().map_or(0, |credential| credential.account_id))?;
            Ok(credential.zip(tenant))
        });
        let Some((credential, tenant)) = found.await? else {
            // What opening the digests of a user takes.
            self.secrets.encrypt(Purpose::UserDigests, &[0; DIGESTS_BYTES])?;
            return Ok(None);
        };
        let account = Account::authenticated(tenant);
        let digests = self.secrets.decrypt_text(Purpose::UserDigests, &credential.digests_encrypted)?;
        Ok(Some(SipUser {
            application_id: credential.application_id,
            application_name: full_name(&self.settings, &account, &credential.application_name),
            id: credential.id,
            name: credential.name,
            display_name: credential.display_name,
            custom_data: credential.custom_data,
            digests: Digests::parse(credential.digest_name, &digests)?,
            account,
        }))
    }
}

#[cfg(test)]
mod tests {
    use crate::{password, testing::*};

    #[on_both_databases]
    async fn a_user_is_found_with_its_digests(world: World) {
        let shop = world.application("shop").await;
        let alice = world.user(&shop, "alice").await;
        let found = world.api.sip_user("Shop.owner.voximplant.com", "alice").await.unwrap().unwrap();
        assert_eq!((found.id.to_string(), found.application_id.to_string()), (alice, shop));
        assert_eq!((found.application_name.as_str(), found.account.name()), ("shop.owner.cordboard.internal", "owner"));
        assert_eq!((found.digests.username.as_str(), found.digests.md5.len(), found.digests.sha256.len()), ("alice", 32, 64));
        assert!(!format!("{found:?}").contains(&found.digests.md5));
        for (domain, user) in [("shop.owner", "bob"), ("shop.owner", "Alice"), ("bank.owner", "alice"), ("shop.nobody", "alice"), ("shop", "alice"), ("", "")] {
            assert_eq!(world.api.sip_user(domain, user).await.unwrap(), None, "{user}@{domain}");
        }
        assert_eq!(world.api.sip_user("shop.owner", &"a".repeat(100_000)).await.unwrap(), None);
    }

    #[on_both_databases]
    async fn changes_of_a_user_show_at_once(world: World) {
        let shop = world.application("shop").await;
        let alice = world.user(&shop, "alice").await;
        let digests = async |name: &'static str| world.api.sip_user("shop.owner", name).await.unwrap().map(|user| (user.digests.username, user.digests.md5));
        let set = async |change: &[(&str, &str)]| world.ok(&world.owner, "SetUserInfo", &[&[("user_id", alice.as_str())], change].concat()).await;
        let of = |name: &str, password: &str| Some((name.to_owned(), password::digests(name, password)[..32].to_owned()));
        set(&[("user_password", "An0ther-Word")]).await;
        assert_eq!(digests("alice").await, of("alice", "An0ther-Word"));
        set(&[("new_user_name", "carol")]).await;
        assert_eq!((digests("carol").await, digests("alice").await), (of("alice", "An0ther-Word"), None));
        set(&[("user_active", "false")]).await;
        assert_eq!(digests("carol").await, None);
        set(&[("user_active", "true")]).await;
        assert!(digests("carol").await.is_some());
        world.ok(&world.owner, "DelUser", &[("user_id", &alice)]).await;
        assert_eq!(digests("carol").await, None);
    }

    #[on_both_databases]
    async fn a_user_of_an_inactive_account_is_not_found(world: World) {
        let child = world.child("kiddo", "kid@example.org").await;
        let kid = world.owner.on(&child);
        world.ok(&kid, "AddApplication", &[("application_name", "shop")]).await;
        world.ok(&kid, "AddUser", &[("application_name", "shop"), ("user_name", "alice"), ("user_display_name", "A"), ("user_password", "Us3r-Passwort")]).await;
        assert!(world.api.sip_user("shop.kiddo", "alice").await.unwrap().is_some());
        world.ok(&world.owner, "SetChildAccountInfo", &[("child_account_id", child.as_str()), ("active", "false")]).await;
        assert_eq!(world.api.sip_user("shop.kiddo", "alice").await.unwrap(), None);
    }
}
