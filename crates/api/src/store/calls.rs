use cordboard_derive::sql;

use super::{
    db::{Failure, Tx},
    list,
};
use crate::{bind, caller::Account, row, wire::Utc};

row! {
    /// A leg of an ended session.
    pub struct Call {
        pub id: i64,
        pub session_id: i64,
        pub started_at: Utc,
        pub duration: i64,
        pub local_number: String,
        pub remote_number: String,
        pub remote_number_type: String,
        pub diversion_number: Option<String>,
        pub incoming: bool,
        pub successful: bool,
        pub custom_data: Option<String>,
        pub end_code: i64,
        pub end_reason: String,
    }
}

row! {
    /// A leg with the reason of its failure.
    pub struct Explained {
        pub id: i64,
        pub incoming: bool,
        pub successful: bool,
        pub local_number: String,
        pub remote_number: String,
        pub end_code: i64,
        pub end_reason: String,
        pub explanation: Option<String>,
    }
}

/// The calls of a session in order, with the reasons of failures.
pub fn explained(account: &Account, tx: &Tx, session_id: i64) -> Result<Vec<Explained>, Failure> {
    tx.all(
        sql!(
            "SELECT id, incoming, successful, local_number, remote_number, end_code, end_reason, explanation FROM calls
             WHERE session_id = ?2 AND +account_id = ?1 ORDER BY id"
        ),
        bind![account.id(), session_id],
    )
}

/// The calls of these sessions, by session and in order.
pub fn of_sessions(account: &Account, tx: &Tx, session_ids: &[i64]) -> Result<Vec<Call>, Failure> {
    tx.all(
        sql!(
            "SELECT id, session_id, started_at, duration, local_number, remote_number, remote_number_type, diversion_number, incoming, successful,
             custom_data, end_code, end_reason FROM calls WHERE session_id IN IDS(?2) AND +account_id = ?1 ORDER BY session_id, id"
        ),
        bind![account.id(), &list(session_ids)],
    )
}
