//! Every method of the API: those that are built register themselves, the others are rows of `declared.txt`.

use std::{collections::BTreeMap, sync::OnceLock};

use futures_util::future::BoxFuture;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    call::Call,
    codes::Code,
    declared::Declared,
    error::{Errors, Result},
    roles::{Role, RoleSet},
    wire::{Answer, Field, Params},
};

/// A built method. Made by `#[method]` alone.
pub struct Method {
    pub name: &'static str,
    pub group: &'static &'static str,
    /// The first line is the summary.
    pub doc: &'static str,
    pub file: &'static str,
    pub origin: Origin,
    pub credentials: Credentials,
    pub access: Access,
    pub kind: Kind,
    pub area: Area,
    /// Codes that this method answers beside those of its parameters and of every method.
    pub errors: &'static [Code],
    /// Whether a body that is no form and no JSON is one of its parameters.
    pub takes_raw_body: bool,
    pub fields: fn() -> Vec<Field>,
    pub returns: fn() -> serde_json::Value,
    /// Further shapes that an answer may have.
    pub otherwise: &'static [fn() -> serde_json::Value],
    /// Whether an answer may be a file.
    pub answers_file: bool,
    pub check: fn(&Params) -> Result<(), Errors>,
    pub run: for<'a> fn(&'a Call, &'a Params) -> BoxFuture<'a, Result<Answer>>,
}

#[linkme::distributed_slice]
pub static METHODS: [Method];

/// Where a method comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The reference describes it.
    Reference,
    /// Ours.
    Cordboard,
}

/// Whose older credentials a request carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credentials {
    /// `account_id`, `api_key`, …
    Own,
    /// `parent_account_id`, `parent_account_api_key`, …: the others are parameters of the method.
    Parent,
}

/// Who may call a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody who is authenticated, a key without roles included.
    Basic,
    /// Whoever holds at least one role.
    AnyRole,
    /// Holders of these roles, and Owner.
    Roles(&'static [Role]),
    /// Everybody with older credentials, no service account key.
    OlderCredentials,
    /// Whoever gives the password of an account or a subuser; the method itself asks for the second factor.
    SignIn,
    /// Whoever is signed in to the panel, about the account that the panel session acts on.
    PanelSession,
    /// The same, about the one who is signed in, whatever account the panel session acts on.
    SignedIn,
}

impl Access {
    /// Whether a service account key can ever call such a method. The others are in no set of rights.
    pub fn is_for_keys(self) -> bool {
        match self {
            Self::Basic | Self::AnyRole | Self::Roles(_) => true,
            Self::OlderCredentials | Self::SignIn | Self::PanelSession | Self::SignedIn => false,
        }
    }

    /// Whether a method is the panel's own.
    pub fn is_for_panel_sessions(self) -> bool {
        matches!(self, Self::PanelSession | Self::SignedIn)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Read,
    Write,
}

/// What a method is about; the roles Editor and Viewer are cut along these lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Area {
    Accounts,
    Keys,
    Money,
    Security,
    Secrets,
    Applications,
    Users,
    Rules,
    Scenarios,
    Sessions,
    History,
    Numbers,
    Sms,
    Sip,
    Queues,
    CallLists,
    Storage,
    Integrations,
}

impl Area {
    pub const ALL: [Self; 18] = [
        Self::Accounts,
        Self::Keys,
        Self::Money,
        Self::Security,
        Self::Secrets,
        Self::Applications,
        Self::Users,
        Self::Rules,
        Self::Scenarios,
        Self::Sessions,
        Self::History,
        Self::Numbers,
        Self::Sms,
        Self::Sip,
        Self::Queues,
        Self::CallLists,
        Self::Storage,
        Self::Integrations,
    ];
}

/// The JSON schema of an answer.
pub fn schema_of<T: JsonSchema>() -> serde_json::Value {
    schemars::schema_for!(T).to_value()
}

/// A set of methods: what a caller may call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rights([u64; Self::WORDS]);

impl Rights {
    const WORDS: usize = 6;

    /// Methods that a set can tell apart.
    pub const MOST: usize = 64 * Self::WORDS;

    fn insert(&mut self, at: usize) {
        self.0[at / 64] |= 1 << (at % 64);
    }

    fn has(&self, at: usize) -> bool {
        self.0[at / 64] & (1 << (at % 64)) != 0
    }

    pub fn union(mut self, other: &Self) -> Self {
        for (word, more) in self.0.iter_mut().zip(other.0) {
            *word |= more;
        }
        self
    }

    pub fn is_subset(&self, other: &Self) -> bool {
        self.0.iter().zip(other.0).all(|(mine, theirs)| mine & !theirs == 0)
    }

    fn count(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }
}

/// A row of the catalogue.
#[derive(Clone, Copy)]
pub enum Entry {
    Real(&'static Method),
    Declared(&'static Declared),
}

impl Entry {
    pub fn name(&self) -> &'static str {
        match self {
            Self::Real(method) => method.name,
            Self::Declared(row) => row.name,
        }
    }

    pub fn group(&self) -> &'static str {
        match self {
            Self::Real(method) => method.group,
            Self::Declared(row) => row.group,
        }
    }

    pub fn access(&self) -> Access {
        match self {
            Self::Real(method) => method.access,
            Self::Declared(row) => row.access,
        }
    }

    pub fn kind(&self) -> Kind {
        match self {
            Self::Real(method) => method.kind,
            Self::Declared(row) => row.kind,
        }
    }

    pub fn area(&self) -> Area {
        match self {
            Self::Real(method) => method.area,
            Self::Declared(row) => row.area,
        }
    }

    pub fn origin(&self) -> Origin {
        match self {
            Self::Real(method) => method.origin,
            Self::Declared(_) => Origin::Reference,
        }
    }

    /// Whether a role may call this.
    pub fn allows(&self, role: Role) -> bool {
        let by_list = match self.access() {
            Access::Basic | Access::AnyRole => true,
            Access::Roles(roles) => roles.contains(&role),
            Access::OlderCredentials | Access::SignIn | Access::PanelSession | Access::SignedIn => false,
        };
        let restricted = matches!(self.area(), Area::Accounts | Area::Keys | Area::Money | Area::Security);
        match (role, self.access()) {
            (_, access) if !access.is_for_keys() => false,
            (Role::Owner, _) => true,
            (Role::Viewer, _) => by_list || self.reads_openly(),
            (Role::Editor, _) => by_list || self.reads_openly() || (self.kind() == Kind::Write && !restricted),
            _ => by_list,
        }
    }

    fn reads_openly(&self) -> bool {
        self.kind() == Kind::Read && self.area() != Area::Secrets
    }
}

/// All methods by name, with the rights of every role.
pub struct Catalogue {
    entries: Vec<Entry>,
    by_name: BTreeMap<&'static str, usize>,
    basic: Rights,
    any_key: Rights,
    by_role: BTreeMap<Role, Rights>,
}

impl Catalogue {
    pub fn get() -> &'static Self {
        static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
        CATALOGUE.get_or_init(Self::build)
    }

    fn build() -> Self {
        let mut entries: Vec<Entry> = METHODS.iter().map(Entry::Real).chain(crate::declared::table().iter().map(Entry::Declared)).collect();
        entries.sort_by_key(Entry::name);
        let mut catalogue = Self {
            by_name: entries.iter().enumerate().map(|(at, entry)| (entry.name(), at)).collect(),
            basic: Rights::default(),
            any_key: Rights::default(),
            by_role: BTreeMap::new(),
            entries,
        };
        for (at, entry) in catalogue.entries.iter().enumerate() {
            match entry.access() {
                Access::Basic => catalogue.basic.insert(at),
                Access::OlderCredentials | Access::SignIn | Access::PanelSession | Access::SignedIn => {}
                Access::AnyRole | Access::Roles(_) => catalogue.any_key.insert(at),
            }
            for role in Role::ALL.into_iter().filter(|role| entry.allows(*role)) {
                catalogue.by_role.entry(role).or_default().insert(at);
            }
        }
        catalogue.any_key = catalogue.any_key.union(&catalogue.basic);
        catalogue
    }

    /// The built methods by name. `METHODS` itself is in the order of the linker.
    pub fn real(&self) -> impl Iterator<Item = &'static Method> {
        self.entries.iter().filter_map(|entry| match entry {
            Entry::Real(method) => Some(*method),
            Entry::Declared(_) => None,
        })
    }

    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Finds a method by its name, case-sensitively; the two spellings of one name are one method (semantics §1.4).
    pub fn find(&self, name: &str) -> Option<Entry> {
        let name = if name == "LinkRegulationAddress" { "LinkregulationAddress" } else { name };
        self.by_name.get(name).map(|at| self.entries[*at])
    }

    /// The methods that holders of these roles may call.
    pub fn rights(&self, roles: RoleSet) -> Rights {
        roles.iter().filter_map(|role| self.by_role.get(&role)).fold(self.basic, |rights, more| rights.union(more))
    }

    /// Every method that a service account can ever call: the rights of the account's own credentials.
    pub fn all_rights(&self) -> Rights {
        self.any_key
    }

    pub fn holds(&self, rights: &Rights, name: &str) -> bool {
        self.by_name.get(name).is_some_and(|at| rights.has(*at))
    }

    /// Whether a method needs no role.
    pub fn is_basic(&self, name: &str) -> bool {
        self.holds(&self.basic, name)
    }

    /// The fewest roles that allow all these methods, and of as few those that allow the fewest others. Owner is for what no
    /// other roles allow. Names of no method count for nothing.
    pub fn smallest_roles<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> RoleSet {
        let mut needed = Rights::default();
        names.into_iter().filter_map(|name| self.by_name.get(name)).for_each(|at| needed.insert(*at));
        // The others are few enough to try every set of them.
        let others: Vec<Role> = Role::ALL.into_iter().filter(|role| *role != Role::Owner).collect();
        let sets = (0..1_u32 << others.len()).map(|set| (set, others.iter().enumerate().filter(move |(at, _)| set & (1 << at) != 0).map(|(_, role)| *role)));
        let covering = sets.map(|(set, roles)| (set, roles.collect::<RoleSet>())).filter_map(|(set, roles)| {
            let rights = self.rights(roles);
            needed.is_subset(&rights).then(|| ((set.count_ones(), rights.count(), set), roles))
        });
        covering.min_by_key(|(cost, _)| *cost).map_or_else(|| RoleSet::from_iter([Role::Owner]), |(_, roles)| roles)
    }
}
