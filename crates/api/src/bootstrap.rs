//! What a fresh installation gets: the first account, its Owner key, the example application; and the making of accounts.

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rsa::{KeyPair, KeySize},
    signature::KeyPair as _,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    Api,
    caller::Account,
    codes,
    demo::{self, Demo},
    error::{Error, Result},
    password,
    roles::{Role, RoleSet},
    secrets::{self, Purpose, Secrets},
    store::{
        accounts::{self, New},
        applications,
        db::{Lock, Tx},
        keys, meta,
    },
    wire::Utc,
};

/// The file that the official clients read; the server keeps no private key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Credentials {
    pub account_email: String,
    pub account_id: i64,
    pub key_id: String,
    /// PKCS#8 in PEM. It is shown once and not kept.
    pub private_key: String,
}

/// What the first start made.
#[derive(Clone, Debug)]
pub struct FirstStart {
    pub account_name: String,
    pub account_email: String,
    pub password: String,
    pub credentials: Credentials,
}

/// A fresh key pair: the private half for the caller, the public half for the store.
pub struct FreshKey {
    pub id: String,
    pub private_pem: String,
    pub public_key: Vec<u8>,
}

impl FreshKey {
    /// RSA with 2048 bits. Takes a processor for some 100 ms: never on a request thread.
    pub fn generate() -> Result<Self> {
        let broken = |what: &str| Error::internal(codes::INTERNAL, format!("key generation: {what}"));
        let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|_| broken("RSA"))?;
        let der: Pkcs8V1Der = pair.as_der().map_err(|_| broken("PKCS#8"))?;
        let encoded = STANDARD.encode(der.as_ref());
        let lines: Vec<&str> = (0..encoded.len()).step_by(64).filter_map(|at| encoded.get(at..(at + 64).min(encoded.len()))).collect();
        let private_pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n"));
        let random: [u8; 16] = secrets::random()?;
        let id = uuid::Builder::from_random_bytes(random).into_uuid().to_string();
        Ok(Self { id, private_pem, public_key: pair.public_key().as_ref().to_vec() })
    }
}

/// A new account's credentials, made before its transaction.
pub struct FreshAccount {
    pub password_hash: String,
    pub api_key: String,
    pub api_key_hash: Vec<u8>,
    pub api_key_encrypted: Vec<u8>,
}

impl FreshAccount {
    /// Hashes the password and draws an API key. Never on a request thread.
    pub fn generate(secrets: &Secrets, password: &str) -> Result<Self> {
        let api_key = uuid::Builder::from_random_bytes(secrets::random()?).into_uuid().to_string();
        Ok(Self {
            password_hash: password::hash(password)?,
            api_key_hash: secrets::hash(&api_key),
            api_key_encrypted: secrets.encrypt(Purpose::ApiKey, api_key.as_bytes())?,
            api_key,
        })
    }
}

impl Api {
    /// Makes the first account with an Owner key and the example application, unless that was done. A first start that was
    /// cut off before `first_start_kept` is done again: the account gets a new password and one more Owner key.
    pub async fn first_start(&self, now: Utc) -> Result<Option<FirstStart>> {
        if self.db.read(|tx| Ok(meta::get(tx, FIRST_START)?)).await?.is_some() {
            return Ok(None);
        }
        let password = generated_password()?;
        let (for_hash, secrets) = (password.clone(), self.secrets.clone());
        let (fresh, key, demo) = self.compute(move || Ok((FreshAccount::generate(&secrets, &for_hash)?, FreshKey::generate()?, Demo::draw(&secrets)?))).await?;
        let new = New {
            parent_id: None,
            name: "owner".to_owned(),
            email: "owner@localhost.localdomain".to_owned(),
            password_hash: fresh.password_hash,
            password_must_change: true,
            api_key_hash: fresh.api_key_hash,
            api_key_encrypted: fresh.api_key_encrypted,
            active: true,
            created_at: now,
        };
        let (key_id, public_key) = (key.id.clone(), key.public_key);
        let owned = self.db.write(Lock::Accounts, move |tx| {
            let account = first_account(tx, &new, &demo, now)?;
            let new_key = keys::New {
                id: key_id.clone(),
                subuser_id: None,
                key_name: Some("Owner".to_owned()),
                description: Some("Made at the first start".to_owned()),
                public_key,
                created_at: now,
            };
            keys::insert(&account, tx, &new_key)?;
            keys::set_roles(&account, tx, &key_id, RoleSet::from_iter([Role::Owner]))?;
            Ok(account)
        });
        let account = owned.await?;
        let credentials = Credentials { account_email: account.email().to_owned(), account_id: account.id(), key_id: key.id, private_key: key.private_pem };
        Ok(Some(FirstStart { account_name: account.name().to_owned(), account_email: account.email().to_owned(), password, credentials }))
    }

    /// Says that what `first_start` made is in its owner's hands, so that no later start makes it again.
    pub async fn first_start_kept(&self, now: Utc) -> Result<()> {
        self.db.write(Lock::Accounts, move |tx| Ok(meta::set(tx, FIRST_START, &now.0.to_string())?)).await
    }

    /// Fails unless the secret key is the one that the database was made with; a fresh database takes this one.
    pub(crate) async fn prove_secret_key(&self) -> Result<()> {
        let secrets = self.secrets.clone();
        let proof = secrets.encrypt(Purpose::Proof, b"cordboard")?;
        let stored = self.db.read(|tx| Ok(meta::get(tx, "secret_key_proof")?)).await?;
        let stored = match stored {
            Some(stored) => stored,
            None => {
                self.db
                    .write(Lock::Accounts, move |tx| {
                        if let Some(stored) = meta::get(tx, "secret_key_proof")? {
                            return Ok(stored);
                        }
                        let text = STANDARD.encode(&proof);
                        meta::set(tx, "secret_key_proof", &text)?;
                        Ok(text)
                    })
                    .await?
            }
        };
        let opened = STANDARD.decode(stored).ok().and_then(|sealed| secrets.decrypt(Purpose::Proof, &sealed).ok());
        if opened.as_deref() == Some(b"cordboard") {
            return Ok(());
        }
        Err(Error::new(
            codes::INTERNAL,
            "The secret key is not the one this database was made with. Give the former one in CORDBOARD_SECRET_KEY or in the data directory's file secret.key.",
        )
        .into())
    }
}

/// The row of `meta` that says when the first start was complete.
const FIRST_START: &str = "first_start_at";

/// Makes the first account with the example application, or gives the one of a cut-off start the new password.
fn first_account(tx: &Tx, new: &New, demo: &Demo, now: Utc) -> Result<Account> {
    let missing = || Error::internal(codes::DATABASE, "the first account is not there");
    match accounts::first_tenant(tx)? {
        Some(tenant) => {
            let account = Account::authenticated(tenant);
            accounts::update(
                &account,
                tx,
                &accounts::Changes { password_hash: Some(new.password_hash.clone()), password_must_change: Some(true), ..accounts::Changes::default() },
            )?;
            Ok(account)
        }
        None => {
            let id = accounts::insert(tx, new)?;
            let account = Account::authenticated(accounts::tenant_by_id(tx, id)?.ok_or_else(missing)?);
            let application_id = applications::insert(&account, tx, demo::NAME, false, now)?;
            demo.fill(&account, tx, application_id, now)?;
            Ok(account)
        }
    }
}

/// 24 characters that satisfy every rule of a password.
fn generated_password() -> Result<String> {
    let drawn = secrets::token()?;
    let letters: String = drawn.chars().filter(char::is_ascii_alphanumeric).take(20).collect();
    Ok(format!("{letters}-Aa1"))
}
