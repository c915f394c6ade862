//! What calls need of the API: users and their digests, applications by domain, rules, who may call without a password, and
//! why a call did not come about. The server asks; nothing here is a method.

mod application;
mod credential;
pub mod explanation;
mod refusals;
mod revoked;
mod route;
mod sip_user;
mod white_list;

pub use application::SipApplication;
pub(crate) use credential::Draft as CredentialDraft;
pub use credential::{CallCredential, GuestApplication, IssuedCredential, is_call_credential};
pub(crate) use refusals::Refusals;
pub use refusals::{CALLER_NOT_ALLOWED, NO_RULE, REFUSED, RefusedCall, Stranger};
pub(crate) use revoked::Revocations;
pub use revoked::Revoked;
pub use route::{By, NotRouted, Routing};
pub use sip_user::{Digests, SipUser};
