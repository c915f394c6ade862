use std::{
    io,
    net::{IpAddr, ToSocketAddrs},
    sync::Arc,
};

use tokio::sync::Semaphore;

/// Names that are looked up at once. A look-up keeps its thread until the system's resolver gives up, also when nobody waits for it any more.
const LOOKUPS: usize = 64;

/// What a test says that names resolve to.
#[cfg(test)]
pub type Answers = Box<dyn Fn(&str) -> Vec<IpAddr> + Send + Sync>;

/// Where names get their addresses.
pub enum Resolver {
    System(Arc<Semaphore>),
    #[cfg(test)]
    Fixed(Answers),
}

impl Resolver {
    pub fn system() -> Self {
        Self::System(Arc::new(Semaphore::new(LOOKUPS)))
    }

    pub async fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        match self {
            Self::System(places) => {
                let place = Arc::clone(places).acquire_owned().await.map_err(io::Error::other)?;
                let name = name.to_owned();
                let looked_up = tokio::task::spawn_blocking(move || {
                    let _place = place;
                    Ok((name.as_str(), 0).to_socket_addrs()?.map(|address| address.ip()).collect())
                });
                looked_up.await.map_err(io::Error::other)?
            }
            #[cfg(test)]
            Self::Fixed(answers) => Ok(answers(name)),
        }
    }
}
