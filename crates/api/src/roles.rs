//! The roles of service accounts and subusers (reference `roles.json`, with the ids of `reference/README.md`).

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    codes,
    error::{Error, quote},
    wire::{Field, Param, Params, Required, Rules},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Role {
    Owner = 1,
    Admin = 2,
    Support = 3,
    Supervisor = 4,
    Developer = 5,
    CallListManager = 6,
    Accountant = 7,
    UserManager = 8,
    Payer = 9,
    PayerNoVerify = 10,
    PhoneNumberManager = 11,
    CallsSms = 12,
    Editor = 13,
    Viewer = 14,
}

/// A role's group; `GetRoles` filters by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RoleGroup {
    pub id: i64,
    pub name: &'static str,
}

pub const GROUPS: [RoleGroup; 5] = [
    RoleGroup { id: 1, name: "account" },
    RoleGroup { id: 2, name: "applications" },
    RoleGroup { id: 3, name: "calls" },
    RoleGroup { id: 4, name: "billing" },
    RoleGroup { id: 5, name: "users" },
];

impl Role {
    pub const ALL: [Self; 14] = [
        Self::Owner,
        Self::Admin,
        Self::Support,
        Self::Supervisor,
        Self::Developer,
        Self::CallListManager,
        Self::Accountant,
        Self::UserManager,
        Self::Payer,
        Self::PayerNoVerify,
        Self::PhoneNumberManager,
        Self::CallsSms,
        Self::Editor,
        Self::Viewer,
    ];

    pub const fn id(self) -> i64 {
        self as i64
    }

    pub fn from_id(id: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.id() == id)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Owner => "Owner",
            Self::Admin => "Admin",
            Self::Support => "Support",
            Self::Supervisor => "Supervisor",
            Self::Developer => "Developer",
            Self::CallListManager => "Call list manager",
            Self::Accountant => "Accountant",
            Self::UserManager => "User manager",
            Self::Payer => "Payer",
            Self::PayerNoVerify => "PayerNoVerify",
            Self::PhoneNumberManager => "PhoneNumberManager",
            Self::CallsSms => "CallsSMS",
            Self::Editor => "Editor",
            Self::Viewer => "Viewer",
        }
    }

    /// What the role is for, in one sentence.
    pub const fn about(self) -> &'static str {
        match self {
            Self::Owner => "Everything: the only role that deletes applications, keeps subusers and child accounts and reads the audit log.",
            Self::Admin => "Runs the account day to day: nearly everything, but no subusers, child accounts or audit log, and no deleting of applications.",
            Self::Support => "Helps callers: looks into the call history, rules, numbers and SIP registrations, and corrects tasks of call lists.",
            Self::Supervisor => "Watches over a team: reads users, queues, their statistics and the call history, and downloads reports.",
            Self::Developer => "Builds and runs applications: scenarios, rules, storage, queues and SIP settings, and starts sessions.",
            Self::CallListManager => "Makes, changes and stops call lists, and reads the rules that they start.",
            Self::Accountant => "Looks after money: pays, buys numbers and SIP registrations, reads transactions and keeps the account's papers.",
            Self::UserManager => "Keeps the users of applications, their skills and their places in queues.",
            Self::Payer => "Pays: reads transactions and reports and changes the account's profile.",
            Self::PayerNoVerify => "Meant for paying without verifying the account; opens only what every role opens.",
            Self::PhoneNumberManager => "Meant for looking after telephone numbers; opens only what every role opens.",
            Self::CallsSms => "Starts scenarios and conferences and sends text messages, nothing else.",
            Self::Editor => "Reads what Viewer reads, and writes everything but accounts, keys, money and security settings.",
            Self::Viewer => "Reads everything but secrets, and changes nothing.",
        }
    }

    /// Finds a role without regard to case, blanks and hyphens.
    pub fn from_name(name: &str) -> Option<Self> {
        let folded = |text: &str| text.chars().filter(|c| !c.is_whitespace() && *c != '-').flat_map(char::to_lowercase).collect::<String>();
        let wanted = folded(name);
        Self::ALL.into_iter().find(|role| folded(role.name()) == wanted)
    }

    /// Marked for the control panel; callable through the API all the same.
    pub const fn gui_only(self) -> bool {
        matches!(self, Self::Support | Self::Accountant)
    }

    /// Roles that include this one, for the views alone: rights come from the methods' own lists.
    pub const fn parents(self) -> &'static [Self] {
        match self {
            Self::Owner | Self::Editor => &[],
            Self::Admin => &[Self::Owner],
            Self::CallListManager => &[Self::Owner, Self::Admin, Self::Developer],
            Self::Viewer => &[Self::Editor],
            _ => &[Self::Owner, Self::Admin],
        }
    }

    pub const fn group(self) -> RoleGroup {
        match self {
            Self::Owner | Self::Admin | Self::Support | Self::Editor | Self::Viewer => GROUPS[0],
            Self::Developer => GROUPS[1],
            Self::Supervisor | Self::CallListManager | Self::CallsSms | Self::PhoneNumberManager => GROUPS[2],
            Self::Accountant | Self::Payer | Self::PayerNoVerify => GROUPS[3],
            Self::UserManager => GROUPS[4],
        }
    }

    /// The role as `GetRoles` lists it.
    pub fn view(self) -> RoleView {
        RoleView { role_id: self.id(), role_name: self.name(), inherited: None, parent_role_id: None, child_ids: None, gui_only: self.gui_only() }
    }
}

/// A role in an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RoleView {
    pub role_id: i64,
    pub role_name: &'static str,
    /// Whether one of the holder's other roles includes this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inherited: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_role_id: Option<Vec<i64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub child_ids: Option<Vec<i64>>,
    pub gui_only: bool,
}

/// A set of roles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RoleSet(u32);

impl RoleSet {
    pub fn contains(self, role: Role) -> bool {
        self.0 & (1 << role as u8) != 0
    }

    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |role| self.contains(*role))
    }

    /// The roles as `GetKeyRoles` lists them; `expanded` adds how they include one another.
    pub fn views(self, expanded: bool) -> Vec<RoleView> {
        self.iter()
            .map(|role| {
                if !expanded {
                    return role.view();
                }
                let ids = |roles: &mut dyn Iterator<Item = Role>| roles.map(Role::id).collect::<Vec<_>>();
                RoleView {
                    inherited: Some(role.parents().iter().any(|parent| self.contains(*parent))),
                    parent_role_id: Some(ids(&mut role.parents().iter().copied())),
                    child_ids: Some(ids(&mut Role::ALL.into_iter().filter(|other| other.parents().contains(&role)))),
                    ..role.view()
                }
            })
            .collect()
    }
}

impl FromIterator<Role> for RoleSet {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        Self(roles.into_iter().fold(0, |bits, role| bits | 1 << role as u8))
    }
}

/// `role_id` and `role_name`, which may both be sent and mean the union (DESIGN §3).
impl Param for RoleSet {
    fn fields(_: &'static str, rules: &Rules, out: &mut Vec<Field>) {
        for (name, kind, code) in [("role_id", "intlist", codes::ROLE_ID), ("role_name", "stringlist", codes::ROLE_NAME)] {
            out.push(Field { required: Required::OneOf, of: Some("role"), ..rules.field(name, kind, code) });
        }
    }

    fn read_optional(params: &Params, _: &'static str, rules: &Rules) -> Result<Option<Self>, Error> {
        let unknown = |code, name, text: &str| Error::field(code, name, format!("'{name}' names no role: {}. GetRoles lists them.", quote(text)));
        let mut roles = Vec::new();
        for id in Vec::<i64>::read_optional(params, "role_id", &Rules { code: Some(codes::ROLE_ID), ..*rules })?.unwrap_or_default() {
            roles.push(Role::from_id(id).ok_or_else(|| unknown(codes::ROLE_ID, "role_id", &id.to_string()))?);
        }
        for name in Vec::<String>::read_optional(params, "role_name", &Rules { code: Some(codes::ROLE_NAME), ..*rules })?.unwrap_or_default() {
            roles.push(Role::from_name(&name).ok_or_else(|| unknown(codes::ROLE_NAME, "role_name", &name))?);
        }
        Ok((!roles.is_empty()).then(|| roles.into_iter().collect()))
    }

    fn missing(_: &'static str, _: &Rules) -> Error {
        Error::field(codes::REQUIRED, "role_id", "One of 'role_id' and 'role_name' is required; GetRoles lists the roles.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_found_whatever_its_spelling() {
        for name in ["Call list manager", "CallListManager", "call-list-MANAGER", " CallList Manager"] {
            assert_eq!(Role::from_name(name), Some(Role::CallListManager), "{name}");
        }
        assert_eq!(Role::from_name("Ownr"), None);
        assert_eq!(Role::from_id(0), None);
    }

    #[test]
    fn ids_and_names_together_are_the_union() {
        let params = Params::from_pairs([("role_id", "1"), ("role_id", "2;3"), ("role_name", "Admin"), ("role_name", "editor;Viewer")]);
        let roles = RoleSet::read(&params, "roles", &Rules::NONE);
        let wanted: RoleSet = [Role::Owner, Role::Admin, Role::Support, Role::Editor, Role::Viewer].into_iter().collect();
        assert_eq!(roles, Ok(wanted));
    }

    #[test]
    fn an_unknown_role_is_refused_under_the_code_of_its_parameter() {
        let read = |pair| RoleSet::read(&Params::from_pairs([pair]), "roles", &Rules::NONE).map_err(|error| error.code);
        assert_eq!(read(("role_id", "99")), Err(codes::ROLE_ID));
        assert_eq!(read(("role_id", "x")), Err(codes::ROLE_ID));
        assert_eq!(read(("role_name", "King")), Err(codes::ROLE_NAME));
        assert_eq!(read(("key_id", "1")), Err(codes::REQUIRED));
    }

    #[test]
    fn an_expanded_view_says_what_includes_what() {
        let set: RoleSet = [Role::Admin, Role::Support].into_iter().collect();
        let views = set.views(true);
        assert_eq!(views[1].inherited, Some(true));
        assert_eq!(views[1].parent_role_id, Some(vec![1, 2]));
        assert_eq!(views[0].inherited, Some(false));
    }
}
