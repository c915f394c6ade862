//! ApplicationStorage: the driver reads and writes; its limits and errors are the storage's own.

use rquickjs::Ctx;

use super::{Ops, js, native, thrown};
use crate::{
    host::Host,
    io::{Output, StorageOperation},
    limits,
};

/// A number for a look-up, unless too many are under way.
pub fn lookup(host: &mut Host, what: &str) -> Result<u64, String> {
    host.running(what)?;
    if host.lookups.len() >= limits::LOOKUPS {
        return Err(format!("at most {} storage operations and API calls may be under way", limits::LOOKUPS));
    }
    let request = host.number();
    host.lookups.insert(request);
    Ok(request)
}

pub fn install(ops: &Ops<'_, '_>) -> rquickjs::Result<()> {
    let host = ops.host();
    ops.add("store", move |ctx: Ctx<'_>, kind: String, key: String, value: String, ttl: f64, count: f64| {
        if key.len() > limits::STORED_BYTES || value.len() > limits::STORED_BYTES {
            return thrown(&ctx, Err(format!("a key or value of ApplicationStorage is far too long: not even {} bytes are taken", limits::STORED_BYTES)));
        }
        let mut host = host.lock();
        let made = lookup(&mut host, "ApplicationStorage").map(|request| {
            #[allow(clippy::cast_possible_truncation)]
            let operation = match kind.as_str() {
                "put" => StorageOperation::Put { key, value, ttl_seconds: (ttl >= 0.0).then_some(ttl as i64) },
                "remove" => StorageOperation::Remove { key },
                "keys" => StorageOperation::Keys { pattern: (!key.is_empty()).then_some(key), count: i64::try_from(native(count)).unwrap_or(i64::MAX) },
                _ => StorageOperation::Get { key },
            };
            host.outputs.push_back(Output::Store { request, operation });
            js(request)
        });
        thrown(&ctx, made)
    })
}
