//! Who calls, on whose account, with which rights.

use crate::{
    codes,
    error::{Error, Result},
    registry::{Catalogue, Rights},
    roles::{Role, RoleSet},
    store::accounts::Tenant,
};

/// The account that a call acts on. It can only be made by authentication, and every store function takes it first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account(Tenant);

impl Account {
    /// Only `auth`, `bootstrap`, jobs on behalf of a row's account, and the making of a child account call this.
    pub(crate) fn authenticated(tenant: Tenant) -> Self {
        Self(tenant)
    }

    /// A child of this account, which a call may act on beside it.
    pub(crate) fn child(&self, tenant: Tenant) -> Option<Self> {
        (tenant.parent_id == Some(self.id())).then_some(Self(tenant))
    }

    pub fn id(&self) -> i64 {
        self.0.id
    }

    pub fn name(&self) -> &str {
        &self.0.name
    }

    pub fn email(&self) -> &str {
        &self.0.email
    }

    /// The account's time zone.
    pub fn location(&self) -> &str {
        &self.0.location
    }

    pub fn is_frozen(&self) -> bool {
        self.0.frozen
    }

    /// Whether calls of the account may begin.
    pub fn may_call(&self) -> bool {
        self.0.active && !self.0.frozen
    }

    pub fn parent_id(&self) -> Option<i64> {
        self.0.parent_id
    }
}

/// What proved who calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    Key {
        id: String,
        subuser_id: Option<i64>,
    },
    /// The account's password, or its API key.
    Account {
        by_password: bool,
    },
    Subuser {
        id: i64,
        name: String,
    },
}

/// Who calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    pub identity: Identity,
    /// The account whose credential this is: the one that is acted on, or an ancestor of it.
    pub home: i64,
    pub rights: Rights,
    pub roles: RoleSet,
    /// What was checked, to be checked again before a write.
    pub witness: Witness,
}

/// What a credential was compared with when the call came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Witness {
    /// A JWT's signature, by the key of `Identity::Key`.
    Signature,
    /// The stored hash of a password, which is good without a second factor.
    Password(String),
    /// The same, where the method asks for the second factor.
    SignIn(String),
    /// The stored hash of an API key.
    ApiKey(Vec<u8>),
    /// The stored hash of a `session_id`.
    Session(Vec<u8>),
    /// The stored hash of a panel session's token.
    Panel(Vec<u8>),
}

impl Caller {
    pub fn of_account(home: i64, by_password: bool) -> Self {
        Self { identity: Identity::Account { by_password }, home, rights: Catalogue::get().all_rights(), roles: RoleSet::default(), witness: Witness::Signature }
    }

    pub fn with_roles(identity: Identity, home: i64, roles: RoleSet) -> Self {
        Self { identity, home, rights: Catalogue::get().rights(roles), roles, witness: Witness::Signature }
    }

    /// The account itself, or a holder of the role Owner.
    pub fn is_owner(&self) -> bool {
        matches!(self.identity, Identity::Account { .. }) || self.roles.contains(Role::Owner)
    }

    pub fn by_password(&self) -> bool {
        self.identity == Identity::Account { by_password: true }
    }

    /// The panel session that the call came in with, by the hash of its token.
    pub fn panel_session(&self) -> Option<&[u8]> {
        match &self.witness {
            Witness::Panel(token_hash) => Some(token_hash),
            _ => None,
        }
    }

    pub fn is_key(&self) -> bool {
        matches!(self.identity, Identity::Key { .. })
    }

    /// The subuser that calls, itself or through a key of its own.
    pub fn subuser_id(&self) -> Option<i64> {
        match self.identity {
            Identity::Key { subuser_id, .. } => subuser_id,
            Identity::Subuser { id, .. } => Some(id),
            Identity::Account { .. } => None,
        }
    }

    /// The rule of rights (DESIGN §3): nobody creates, changes, deletes or binds what may do more than they may.
    pub fn must_cover(&self, what: &str, roles: RoleSet) -> Result<()> {
        if Catalogue::get().rights(roles).is_subset(&self.rights) {
            return Ok(());
        }
        let names: Vec<&str> = roles.iter().map(Role::name).collect();
        Err(Error::new(codes::ACCESS_DENIED, format!("You may not do this to {what}: its roles ({}) allow more than yours do.", names.join(", "))).into())
    }

    pub fn must_be_owner(&self, what: &str) -> Result<()> {
        if self.is_owner() { Ok(()) } else { Err(Error::new(codes::ACCESS_DENIED, format!("Only an Owner or the account's password may {what}.")).into()) }
    }
}
