//! Every use of a key is counted per method: in memory, written once a minute.

use std::{
    collections::BTreeMap,
    hash::{BuildHasher, RandomState},
    sync::Mutex,
};

use crate::{store::key_usage::Uses, wire::Utc};

/// Parts of the table, so that requests do not share one lock.
const SHARDS: usize = 16;

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

type Shard = BTreeMap<(String, &'static str, i64), (i64, Utc)>;

#[derive(Default)]
pub struct Usage {
    /// Held while counters are written, so that who waits for it finds in the database all that was counted before.
    pub writing: tokio::sync::Mutex<()>,
    shards: [Mutex<Shard>; SHARDS],
    hasher: RandomState,
}

impl Usage {
    pub fn count(&self, key_id: &str, method: &'static str, now: Utc) {
        self.add(key_id, method, day(now), 1, now);
    }

    /// Takes back what could not be written.
    pub fn put_back(&self, taken: Vec<Uses>) {
        for uses in taken {
            self.add(&uses.key_id, uses.method, uses.day, uses.uses, uses.last_used_at);
        }
    }

    fn add(&self, key_id: &str, method: &'static str, day: i64, more: i64, now: Utc) {
        #[allow(clippy::cast_possible_truncation)]
        let shard = &self.shards[self.hasher.hash_one(key_id) as usize % SHARDS];
        let Ok(mut shard) = shard.lock() else { return };
        let (uses, last) = shard.entry((key_id.to_owned(), method, day)).or_insert((0, now));
        *uses += more;
        *last = (*last).max(now);
    }

    /// Takes what was counted since the last time.
    pub fn take(&self) -> Vec<Uses> {
        let taken = self.shards.iter().filter_map(|shard| shard.lock().ok().map(|mut shard| std::mem::take(&mut *shard)));
        taken.flatten().map(|((key_id, method, day), (uses, last_used_at))| Uses { key_id, method, day, uses, last_used_at }).collect()
    }
}

/// The day of a moment, as `key_usage` counts days.
pub fn day(now: Utc) -> i64 {
    now.0.div_euclid(DAY_MS)
}
