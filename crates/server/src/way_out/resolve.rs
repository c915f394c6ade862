use std::{
    collections::BTreeMap,
    io,
    net::{IpAddr, ToSocketAddrs},
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{sync::Semaphore, time::timeout};

use super::dial::Chosen;
use crate::sessions::lock;

/// Names of authors that are looked up at once. A look-up keeps its thread until the system's resolver gives up, also when nobody waits
/// for it any more.
const LOOKUPS: usize = 64;

/// The same of the operator's names, so that no author's slow name holds up calls over the trunk.
const OPERATORS_LOOKUPS: usize = 16;

/// How long a look-up of the operator's name is waited for where it had an answer before, which is most likely still right.
const PATIENCE: Duration = Duration::from_secs(1);

/// What a test says that names resolve to.
#[cfg(test)]
pub type Answers = Box<dyn Fn(&str) -> Vec<IpAddr> + Send + Sync>;

/// Where names get their addresses.
pub enum Resolver {
    System(System),
    #[cfg(test)]
    Fixed(Answers),
}

impl Resolver {
    pub fn system() -> Self {
        Self::System(System::new(|name| Ok((name, 0).to_socket_addrs()?.map(|address| address.ip()).collect())))
    }

    /// An operator's name that had addresses before has them still, as long as a look-up fails or takes long.
    pub async fn addresses(&self, name: &str, chosen: Chosen) -> io::Result<Vec<IpAddr>> {
        match self {
            Self::System(system) if chosen == Chosen::ByOperator => system.of_operator(name).await,
            Self::System(system) => system.look_up(name, &system.authors, None).await,
            #[cfg(test)]
            Self::Fixed(answers) => Ok(answers(name)),
        }
    }
}

type Ask = Arc<dyn Fn(&str) -> io::Result<Vec<IpAddr>> + Send + Sync>;

/// What the operator's names were found at last: as many as his settings name.
type LastFound = Arc<Mutex<BTreeMap<String, Vec<IpAddr>>>>;

/// The system's resolver, which occupies a thread for each look-up.
pub struct System {
    ask: Ask,
    authors: Arc<Semaphore>,
    operators: Arc<Semaphore>,
    last: LastFound,
}

impl System {
    fn new(ask: impl Fn(&str) -> io::Result<Vec<IpAddr>> + Send + Sync + 'static) -> Self {
        Self { ask: Arc::new(ask), authors: Arc::new(Semaphore::new(LOOKUPS)), operators: Arc::new(Semaphore::new(OPERATORS_LOOKUPS)), last: LastFound::default() }
    }

    async fn look_up(&self, name: &str, places: &Arc<Semaphore>, kept: Option<LastFound>) -> io::Result<Vec<IpAddr>> {
        let place = Arc::clone(places).acquire_owned().await.map_err(io::Error::other)?;
        let (name, ask) = (name.to_owned(), self.ask.clone());
        let looked_up = tokio::task::spawn_blocking(move || {
            let _place = place;
            let found = ask(&name)?;
            // Also when it came too late for who asked.
            if let Some(kept) = kept.filter(|_| !found.is_empty()) {
                lock(&kept).insert(name, found.clone());
            }
            Ok(found)
        });
        looked_up.await.map_err(io::Error::other)?
    }

    async fn of_operator(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        let look_up = self.look_up(name, &self.operators, Some(self.last.clone()));
        let Some(last) = lock(&self.last).get(name).cloned() else { return look_up.await };
        let why = match timeout(PATIENCE, look_up).await {
            Ok(Ok(found)) if !found.is_empty() => return Ok(found),
            Ok(Ok(_)) => "it has no address".to_owned(),
            Ok(Err(error)) => error.to_string(),
            Err(_) => format!("no answer within {} s", PATIENCE.as_secs()),
        };
        tracing::warn!("{name} is reached where it was last, because it could not be looked up: {why}");
        Ok(last)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::mpsc::{Receiver, Sender, channel};

    use futures_util::{FutureExt, future::join_all};

    use super::*;

    fn address(last: u8) -> Vec<IpAddr> {
        vec![IpAddr::from([192, 0, 2, last])]
    }

    /// A resolver that answers what the test sends, and a name that begins with `fast` at once.
    fn slow() -> (Resolver, Sender<io::Result<Vec<IpAddr>>>) {
        let (answer, answers) = channel();
        let answers: Mutex<Receiver<io::Result<Vec<IpAddr>>>> = Mutex::new(answers);
        let ask = move |name: &str| if name.starts_with("fast") { Ok(address(1)) } else { lock(&answers).recv().unwrap_or_else(|_| Err(io::Error::other("over"))) };
        (Resolver::System(System::new(ask)), answer)
    }

    #[tokio::test]
    async fn slow_names_of_authors_hold_up_no_name_of_the_operator() {
        let (resolver, answer) = slow();
        let mut slow = std::pin::pin!(join_all((0..LOOKUPS + 10).map(|_| resolver.addresses("slow.example", Chosen::ByAuthor))));
        assert!(slow.as_mut().now_or_never().is_none());
        let other = resolver.addresses("fast.example", Chosen::ByAuthor);
        tokio::select! {
            biased;
            _ = other => panic!("the authors' places are taken"),
            found = resolver.addresses("fast.example", Chosen::ByOperator) => assert_eq!(found.unwrap(), address(1)),
        }
        drop(answer);
        assert_eq!(slow.await.iter().filter(|found| found.is_err()).count(), LOOKUPS + 10);
    }

    #[tokio::test(start_paused = true)]
    async fn an_operators_name_is_where_it_was_while_it_cannot_be_looked_up() {
        let (resolver, answer) = slow();
        let look_up = || resolver.addresses("sip.carrier.example", Chosen::ByOperator);
        answer.send(Err(io::Error::other("no server"))).unwrap();
        assert_eq!(look_up().await.unwrap_err().to_string(), "no server");
        answer.send(Ok(address(1))).unwrap();
        assert_eq!(look_up().await.unwrap(), address(1));
        for failed in [Err(io::Error::other("no server")), Ok(Vec::new())] {
            answer.send(failed).unwrap();
            assert_eq!(look_up().await.unwrap(), address(1));
        }
        let mut late = std::pin::pin!(look_up());
        assert!(late.as_mut().now_or_never().is_none());
        tokio::time::advance(PATIENCE).await;
        assert_eq!(late.await.unwrap(), address(1));
        answer.send(Ok(address(2))).unwrap();
        let Resolver::System(system) = &resolver else { unreachable!() };
        // The late one has ended when all places are free.
        drop(system.operators.acquire_many(u32::try_from(OPERATORS_LOOKUPS).unwrap()).await.unwrap());
        answer.send(Err(io::Error::other("no server"))).unwrap();
        assert_eq!(look_up().await.unwrap(), address(2), "a late answer counts");
    }
}
