//! The methods: a folder is a group of the reference, a file is a method.

pub mod accounts;
pub mod applications;
pub mod authentication;
pub mod authorized_ips;
pub mod history;
pub mod key_value_storage;
pub mod live_sessions;
pub mod panel;
pub mod role_system;
pub mod rules;
pub mod scenarios;
pub mod search;
pub mod secrets;
pub mod sip_white_list;
pub mod users;

/// What every method's file needs.
pub(crate) mod prelude {
    pub use cordboard_derive::{Request, method};
    pub use schemars::JsonSchema;
    pub use serde::Serialize;

    pub use crate::{
        call::{Call, Done, limit, taken},
        caller::Account,
        codes::{self, Code},
        error::{Error, Result},
        registry::{Access, Area, Kind},
        roles::{Role, RoleSet, RoleView},
        store::db::Tx,
        things::{Many, One, Page},
        wire::{Shaped, Utc},
    };
}
