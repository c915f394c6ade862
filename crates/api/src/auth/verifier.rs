//! RS256 signatures, with public keys kept in parsed form: parsing one takes a third as long as verifying with it.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    sync::RwLock,
};

use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};

/// Parts of the table, so that requests do not share one lock.
const SHARDS: usize = 16;

/// Parsed keys of one part, some kilobytes each. A full part is emptied and fills again.
const KEPT: usize = 256;

/// Parsed keys by their bytes, so that nothing here can be out of date.
#[derive(Default)]
pub struct Verifier {
    shards: [RwLock<HashMap<Vec<u8>, ParsedPublicKey>>; SHARDS],
    hasher: RandomState,
}

impl Verifier {
    /// Whether the signature of a text is from this key. `public_key` is PKCS#1 RSAPublicKey in DER.
    pub fn is_from(&self, public_key: &[u8], text: &[u8], signature: &[u8]) -> bool {
        #[allow(clippy::cast_possible_truncation)]
        let shard = &self.shards[self.hasher.hash_one(public_key) as usize % SHARDS];
        if let Ok(keys) = shard.read()
            && let Some(key) = keys.get(public_key)
        {
            return key.verify_sig(text, signature).is_ok();
        }
        let Ok(key) = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, public_key) else { return false };
        let good = key.verify_sig(text, signature).is_ok();
        if let Ok(mut keys) = shard.write() {
            if keys.len() >= KEPT {
                keys.clear();
            }
            keys.insert(public_key.to_vec(), key);
        }
        good
    }
}
