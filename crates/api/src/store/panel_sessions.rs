use cordboard_derive::sql;

use super::db::{Failure, Tx};
use crate::{
    auth::{IDLE_MS, LIFETIME_MS},
    bind,
    caller::Account,
    row,
    things::Page,
    wire::Utc,
};

row! {
    /// What authentication needs of a session.
    pub struct PanelSession {
        pub id: i64,
        pub account_id: i64,
        pub subuser_id: Option<i64>,
        pub last_used_at: Utc,
        pub expires_at: Utc,
        pub password_must_change: bool,
    }
}

impl PanelSession {
    /// Whether it was used lately and is not too old.
    pub fn is_open(&self, now: Utc) -> bool {
        now < self.expires_at && now.0 - self.last_used_at.0 < IDLE_MS
    }
}

row! {
    /// A session as its user sees it.
    pub struct Listed {
        pub id: i64,
        pub created_at: Utc,
        pub last_used_at: Utc,
        pub expires_at: Utc,
        pub ip: String,
        pub user_agent: String,
        pub subuser_name: Option<String>,
        pub token_hash: Vec<u8>,
    }
}

/// Whose sessions of an account are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    Everybody,
    Subuser(i64),
}

impl Whose {
    fn params(self) -> (bool, i64) {
        match self {
            Self::Everybody => (true, 0),
            Self::Subuser(id) => (false, id),
        }
    }
}

/// For authentication: there is no tenant yet.
pub fn by_token(tx: &Tx, token_hash: &[u8]) -> Result<Option<PanelSession>, Failure> {
    tx.optional(
        sql!(
            "SELECT p.id, p.account_id, p.subuser_id, p.last_used_at, p.expires_at,
             CASE WHEN p.subuser_id IS NULL THEN a.password_must_change ELSE u.password_must_change END
             FROM panel_sessions p JOIN accounts a ON a.id = p.account_id LEFT JOIN subusers u ON u.id = p.subuser_id
             WHERE p.token_hash = ?1"
        ),
        bind![token_hash],
    )
}

/// For authentication: notes the last use, unless a later one than `before` is noted.
pub fn used(tx: &Tx, id: i64, now: Utc, before: Utc) -> Result<(), Failure> {
    tx.execute(sql!("UPDATE panel_sessions SET last_used_at = ?2 WHERE id = ?1 AND last_used_at <= ?3"), bind![id, now.0, before.0])?;
    Ok(())
}

pub fn insert(account: &Account, tx: &Tx, subuser_id: Option<i64>, token_hash: &[u8], ip: &str, user_agent: &str, now: Utc) -> Result<i64, Failure> {
    let (id,) = tx.one(
        sql!(
            "INSERT INTO panel_sessions (account_id, subuser_id, token_hash, ip, user_agent, created_at, last_used_at, expires_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7) RETURNING id"
        ),
        bind![account.id(), subuser_id, token_hash, ip, user_agent, now.0, now.0 + LIFETIME_MS],
    )?;
    Ok(id)
}

/// One page of the open sessions, the one that was used last first, and how many there are.
pub fn page(account: &Account, tx: &Tx, whose: Whose, now: Utc, page: Page) -> Result<(Vec<Listed>, i64), Failure> {
    macro_rules! open {
        ($head:literal, $tail:literal) => {
            sql!(
                $head
                " FROM panel_sessions p LEFT JOIN subusers u ON u.id = p.subuser_id WHERE p.account_id = ?1
                 AND (CAST(?2 AS BIGINT) = 1 OR p.subuser_id = ?3) AND p.expires_at > ?4 AND p.last_used_at > ?5"
                $tail
            )
        };
    }
    let (everybody, subuser_id) = whose.params();
    let idle = now.0 - IDLE_MS;
    let (total,) = tx.one(open!("SELECT COUNT(*)", ""), bind![account.id(), everybody, subuser_id, now.0, idle])?;
    let listed = tx.all(
        open!(
            "SELECT p.id, p.created_at, p.last_used_at, p.expires_at, p.ip, p.user_agent, u.name, p.token_hash",
            " ORDER BY p.last_used_at DESC, p.id DESC LIMIT ?6 OFFSET ?7"
        ),
        bind![account.id(), everybody, subuser_id, now.0, idle, page.count, page.offset],
    )?;
    Ok((listed, total))
}

/// Ends those of the account itself, or of one subuser, that are more than `most`; those that were used last stay.
pub fn end_surplus(account: &Account, tx: &Tx, subuser_id: Option<i64>, most: i64) -> Result<(), Failure> {
    tx.execute(
        sql!(
            "DELETE FROM panel_sessions WHERE account_id = ?1 AND COALESCE(subuser_id, 0) = ?2 AND id NOT IN
             (SELECT id FROM panel_sessions WHERE account_id = ?1 AND COALESCE(subuser_id, 0) = ?2 ORDER BY last_used_at DESC, id DESC LIMIT ?3)"
        ),
        bind![account.id(), subuser_id.unwrap_or(0), most],
    )?;
    Ok(())
}

/// Ends a session; false when there is none of this number among those.
pub fn end(account: &Account, tx: &Tx, whose: Whose, id: i64) -> Result<bool, Failure> {
    let (everybody, subuser_id) = whose.params();
    let ended = tx.execute(
        sql!("DELETE FROM panel_sessions WHERE account_id = ?1 AND id = ?2 AND (CAST(?3 AS BIGINT) = 1 OR subuser_id = ?4)"),
        bind![account.id(), id, everybody, subuser_id],
    )?;
    Ok(ended > 0)
}

/// Ends the session of a token.
pub fn close(account: &Account, tx: &Tx, token_hash: &[u8]) -> Result<(), Failure> {
    tx.execute(sql!("DELETE FROM panel_sessions WHERE account_id = ?1 AND token_hash = ?2"), bind![account.id(), token_hash])?;
    Ok(())
}

/// Ends every session of the account itself, or of one subuser, but the one of `kept`'s token: after a new password.
pub fn end_of_user(tx: &Tx, account_id: i64, subuser_id: Option<i64>, kept: Option<&[u8]>) -> Result<(), Failure> {
    tx.execute(
        sql!("DELETE FROM panel_sessions WHERE account_id = ?1 AND COALESCE(subuser_id, 0) = ?2 AND token_hash <> ?3"),
        bind![account_id, subuser_id.unwrap_or(0), kept.unwrap_or_default()],
    )?;
    Ok(())
}

/// Forgets sessions that are too old, and those that were last used at `idle` or before. For the hourly cleaning.
pub fn forget(tx: &Tx, now: Utc, idle: Utc) -> Result<u64, Failure> {
    tx.execute(sql!("DELETE FROM panel_sessions WHERE expires_at <= ?1 OR last_used_at <= ?2"), bind![now.0, idle.0])
}
