//! Which certificates of others are believed: the roots that browsers trust, and the operator's.

use std::{path::Path, sync::Arc};

use anyhow::{Context, Result, bail};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};

#[derive(Clone)]
pub struct Trust {
    /// For HTTP and WebSockets.
    pub http: Arc<ClientConfig>,
    /// For protocols without a name in ALPN.
    pub plain: Arc<ClientConfig>,
    /// The operator's roots, for the mail library, which keeps a store of its own.
    pub extra: Vec<CertificateDer<'static>>,
}

impl Trust {
    /// The public roots and those of this PEM file.
    pub fn open(file: Option<&Path>) -> Result<Self> {
        let Some(path) = file else { return Self::new(Vec::new()) };
        let named = || format!("--way-out-ca {}", path.display());
        let extra = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>).with_context(named)?;
        if extra.is_empty() {
            bail!("{} has no certificate in PEM form", named());
        }
        Self::new(extra).with_context(named)
    }

    pub fn new(extra: Vec<CertificateDer<'static>>) -> Result<Self> {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        for certificate in &extra {
            roots.add(certificate.clone())?;
        }
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let plain = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?.with_root_certificates(roots).with_no_client_auth();
        let mut http = plain.clone();
        http.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { http: Arc::new(http), plain: Arc::new(plain), extra })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::testing::Folder;

    fn opened(name: &str, text: &str) -> Result<Trust> {
        Trust::open(Some(Path::new(&Folder::new().file(name, text))))
    }

    #[test]
    fn every_certificate_of_the_file_is_taken() {
        let pem = |name: &str| rcgen::generate_simple_self_signed([name.to_owned()]).unwrap().cert.pem();
        assert_eq!(opened("two", &format!("{}\n{}", pem("a.example"), pem("b.example"))).unwrap().extra.len(), 2);
    }

    #[test]
    fn a_file_without_certificates_is_refused_with_its_name() {
        for (name, text) in [
            ("empty", ""),
            ("broken", "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"),
            ("noise", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
        ] {
            let error = format!("{:#}", opened(name, text).err().unwrap());
            assert!(error.contains("--way-out-ca") && error.contains(name), "{error}");
        }
        assert!(format!("{:#}", Trust::open(Some(Path::new("/nowhere.pem"))).err().unwrap()).contains("--way-out-ca /nowhere.pem"));
    }
}
