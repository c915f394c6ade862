//! A bound on open connections: over it a new one is closed at once.

use std::{
    future::{Ready, ready},
    io,
    sync::Arc,
    task::{Context, Poll},
};

use axum_server::accept::Accept;
use tokio::{
    net::TcpStream,
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tower_service::Service;

#[derive(Clone)]
pub struct Bounded(Arc<Semaphore>);

impl Bounded {
    /// Shared by every listener that clones it.
    pub fn new(connections: u32) -> Self {
        Self(Arc::new(Semaphore::new(connections as usize)))
    }
}

impl<S> Accept<TcpStream, S> for Bounded {
    type Stream = TcpStream;
    type Service = Held<S>;
    type Future = Ready<io::Result<(TcpStream, Held<S>)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        ready(match self.0.clone().try_acquire_owned() {
            Ok(place) => {
                // Small answers leave at once; a socket that cannot do this still works.
                let _ = stream.set_nodelay(true);
                Ok((stream, Held { service, _place: Arc::new(place) }))
            }
            Err(_) => Err(io::Error::new(io::ErrorKind::ConnectionRefused, "too many connections")),
        })
    }
}

/// A connection's service with its place, which is free again when the connection ends.
#[derive(Clone)]
pub struct Held<S> {
    service: S,
    _place: Arc<OwnedSemaphorePermit>,
}

impl<S: Service<R>, R> Service<R> for Held<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.service.poll_ready(context)
    }

    fn call(&mut self, request: R) -> S::Future {
        self.service.call(request)
    }
}
