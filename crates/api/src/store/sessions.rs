pub mod history;
pub mod seek;

use cordboard_derive::sql;
use sha2::{Digest, Sha256};

use super::db::{Failure, Tx};
use crate::{bind, caller::Account, calls::explanation::bounded, row, wire::Utc};

/// Who may write a session: the start of a node that began it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    pub name: String,
    pub epoch: i64,
}

/// A session as it begins.
#[derive(Clone, Debug)]
pub struct New {
    pub application_id: i64,
    /// Without the account's part.
    pub application_name: String,
    pub rule_id: i64,
    pub rule_name: String,
    pub user_id: Option<i64>,
    /// SHA-256 of the control URL's token.
    pub token_hash: Vec<u8>,
    pub initiator_address: String,
    pub media_server_address: String,
    pub secure: bool,
    pub started_at: Utc,
    pub custom_data: String,
}

/// How a session ended.
#[derive(Clone, Debug)]
pub struct End {
    pub ended_at: Utc,
    pub finish_reason: String,
    pub custom_data: String,
    pub calls: Vec<Leg>,
}

/// One call of an ended session.
#[derive(Clone, Debug)]
pub struct Leg {
    pub started_at: Utc,
    /// Seconds.
    pub duration: i64,
    pub local_number: String,
    pub remote_number: String,
    /// `pstn`, `mobile`, `user` or `sip`.
    pub remote_number_type: String,
    pub diversion_number: Option<String>,
    pub incoming: bool,
    pub successful: bool,
    pub custom_data: Option<String>,
    pub end_code: i64,
    pub end_reason: String,
    /// Why it failed, as sentences.
    pub explanation: Option<String>,
}

/// What the index of custom data holds of a text.
pub fn custom_data_key(text: &str) -> i64 {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(8).fold(0, |key, byte| (key << 8) | i64::from(*byte))
}

/// Begins a session and returns its number.
pub fn begin(account: &Account, tx: &Tx, node: &Node, new: &New) -> Result<i64, Failure> {
    let (id,) = tx.one(
        sql!(
            "INSERT INTO sessions (account_id, application_id, application_name, rule_id, rule_name, user_id, node, epoch, token_hash, initiator_address,
             media_server_address, secure, started_at, custom_data, custom_data_key)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15) RETURNING id"
        ),
        bind![
            account.id(),
            new.application_id,
            &new.application_name,
            new.rule_id,
            &new.rule_name,
            new.user_id,
            &node.name,
            node.epoch,
            &new.token_hash,
            &new.initiator_address,
            &new.media_server_address,
            new.secure,
            new.started_at.0,
            &new.custom_data,
            custom_data_key(&new.custom_data)
        ],
    )?;
    Ok(id)
}

row! {
    pub struct Begun {
        pub account_id: i64,
        pub started_at: Utc,
    }
}

/// Ends a session of this node's present start; false when it is another's or has ended.
pub fn finish(tx: &Tx, node: &Node, id: i64, end: &End) -> Result<bool, Failure> {
    let begun: Option<Begun> = tx.optional(
        sql!("SELECT account_id, started_at FROM sessions WHERE id = ?1 AND node = ?2 AND epoch = ?3 AND ended_at IS NULL"),
        bind![id, &node.name, node.epoch],
    )?;
    let Some(begun) = begun else { return Ok(false) };
    tx.execute(
        sql!("UPDATE sessions SET ended_at = ?2, duration = ?3, finish_reason = ?4, custom_data = ?5, custom_data_key = ?6 WHERE id = ?1"),
        bind![id, end.ended_at.0, seconds(begun.started_at, end.ended_at), &end.finish_reason, &end.custom_data, custom_data_key(&end.custom_data)],
    )?;
    for leg in &end.calls {
        tx.execute(
            sql!(
                "INSERT INTO calls (account_id, session_id, session_started_at, started_at, duration, local_number, remote_number, remote_number_type,
                 diversion_number, incoming, successful, custom_data, end_code, end_reason, explanation)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)"
            ),
            bind![
                begun.account_id,
                id,
                begun.started_at.0,
                leg.started_at.0,
                leg.duration,
                &leg.local_number,
                &leg.remote_number,
                &leg.remote_number_type,
                &leg.diversion_number,
                leg.incoming,
                leg.successful,
                &leg.custom_data,
                leg.end_code,
                &leg.end_reason,
                &leg.explanation.as_deref().map(bounded)
            ],
        )?;
    }
    Ok(true)
}

/// Whole seconds, rounded up.
fn seconds(from: Utc, to: Utc) -> i64 {
    (to.0 - from.0).max(0).div_euclid(1_000) + i64::from((to.0 - from.0).max(0) % 1_000 > 0)
}

row! {
    /// A session of an account, running or ended.
    pub struct Seen {
        pub id: i64,
        pub secure: bool,
        pub ended_at: Option<Utc>,
    }
}

/// A session by its number.
pub fn of_account(account: &Account, tx: &Tx, id: i64) -> Result<Option<Seen>, Failure> {
    tx.optional(sql!("SELECT id, secure, ended_at FROM sessions WHERE account_id = ?1 AND id = ?2"), bind![account.id(), id])
}
