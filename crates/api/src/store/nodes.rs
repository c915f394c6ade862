use cordboard_derive::sql;

use super::{
    db::{Failure, Tx},
    sessions::Node,
};
use crate::{bind, wire::Utc};

/// Begins a start of a node: its epoch rises. Also says when an earlier start was last seen.
pub fn start(tx: &Tx, name: &str, now: Utc) -> Result<(Node, Option<Utc>), Failure> {
    let seen: Option<(i64,)> = tx.optional(sql!("SELECT seen_at FROM nodes WHERE name = ?1"), bind![name])?;
    let (epoch,) = tx.one(
        sql!(
            "INSERT INTO nodes (name, epoch, seen_at) VALUES (?1, 1, ?2)
             ON CONFLICT (name) DO UPDATE SET epoch = nodes.epoch + 1, seen_at = excluded.seen_at RETURNING epoch"
        ),
        bind![name, now.0],
    )?;
    Ok((Node { name: name.to_owned(), epoch }, seen.map(|(at,)| Utc(at))))
}

/// Notes that a node lives.
pub fn seen(tx: &Tx, node: &Node, now: Utc) -> Result<(), Failure> {
    tx.execute(sql!("UPDATE nodes SET seen_at = ?3 WHERE name = ?1 AND epoch = ?2"), bind![&node.name, node.epoch, now.0])?;
    Ok(())
}

/// Ends, with a reason, what an earlier start of a node left alive, at the time it was last seen. Says how many sessions that were.
pub fn close_left(tx: &Tx, node: &Node, last_seen: Utc, finish_reason: &str) -> Result<u64, Failure> {
    tx.execute(
        sql!(
            "UPDATE sessions SET finish_reason = ?4,
             ended_at = CASE WHEN started_at > ?3 THEN started_at ELSE ?3 END,
             duration = CASE WHEN started_at > ?3 THEN 0 ELSE (?3 - started_at + 999) / 1000 END
             WHERE node = ?1 AND epoch < ?2 AND ended_at IS NULL"
        ),
        bind![&node.name, node.epoch, last_seen.0, finish_reason],
    )
}
