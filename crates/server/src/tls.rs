//! A certificate authority of the installation's own, and certificates for the names that it answers under.

use std::sync::Arc;

use anyhow::{Context, Result};
use cordboard_api::password::hex;
use rcgen::{BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
};
use time::{Duration, OffsetDateTime};

use crate::data_dir::DataDir;

/// How long a made certificate is valid. Clients refuse more than 398 days.
const LEAF_DAYS: i64 = 397;

/// How long the authority is valid.
const AUTHORITY_DAYS: i64 = 3_650;

/// Names that every certificate is valid for.
const LOCAL: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    /// Takes the authority of the data directory, or makes it: `ca.pem` for clients to trust, `ca.key` for us alone.
    pub fn open(data_dir: &DataDir, now: OffsetDateTime) -> Result<Self> {
        let (key, known) = match (data_dir.read("ca.key")?, data_dir.read("ca.pem")?) {
            (Some(key), Some(_)) => (KeyPair::from_pem(&key).context("ca.key is no private key")?, true),
            _ => (KeyPair::generate()?, false),
        };
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, format!("Cordboard local authority {}", hex(key.public_key_raw().get(1..5).unwrap_or_default())));
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.not_before = now - Duration::days(1);
        params.not_after = now + Duration::days(AUTHORITY_DAYS);
        if !known {
            data_dir.write_secret("ca.key", &key.serialize_pem())?;
            data_dir.write("ca.pem", &params.self_signed(&key)?.pem(), 0o644)?;
        }
        Ok(Self { issuer: Issuer::new(params, key) })
    }

    /// A TLS configuration with a fresh certificate for localhost and these names.
    pub fn server_config(&self, names: &[String], now: OffsetDateTime) -> Result<Arc<ServerConfig>> {
        let mut all: Vec<String> = LOCAL.iter().map(ToString::to_string).collect();
        all.extend(names.iter().filter(|name| !LOCAL.contains(&name.as_str())).cloned());
        let mut params = CertificateParams::new(all).context("a --tls-name is neither a host name nor an IP address")?;
        params.distinguished_name.push(DnType::CommonName, names.first().map_or("localhost", String::as_str));
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.use_authority_key_identifier_extension = true;
        params.not_before = now - Duration::days(1);
        params.not_after = now + Duration::days(LEAF_DAYS);
        let key = KeyPair::generate()?;
        let certificate: CertificateDer<'static> = params.signed_by(&key, &self.issuer)?.into();
        let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let mut config = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate], private)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}
