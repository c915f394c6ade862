//! A bound on open connections: over it a new one is closed at once.

use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum::http::Request;
use axum_server::accept::Accept;
use tokio::{
    net::TcpStream,
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tower_service::Service;

/// How long a new connection may be silent.
const FIRST_BYTE_TIME: Duration = Duration::from_secs(10);

#[derive(Clone)]
pub struct Bounded(Arc<Semaphore>);

impl Bounded {
    /// Shared by every listener that clones it.
    pub fn new(connections: u32) -> Self {
        Self(Arc::new(Semaphore::new(connections as usize)))
    }
}

impl<S: Send + 'static> Accept<TcpStream, S> for Bounded {
    type Stream = TcpStream;
    type Service = Held<S>;
    type Future = Pin<Box<dyn Future<Output = io::Result<(TcpStream, Held<S>)>> + Send>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let place = self.0.clone().try_acquire_owned();
        Box::pin(async move {
            let place = place.map_err(|_| io::Error::new(io::ErrorKind::ConnectionRefused, "too many connections"))?;
            // Small answers leave at once; a socket that cannot do this still works.
            let _ = stream.set_nodelay(true);
            tokio::time::timeout(FIRST_BYTE_TIME, stream.peek(&mut [0])).await??;
            Ok((stream, Held { service, place: Place(Arc::new(place)) }))
        })
    }
}

/// A connection's service with its place, which is free again when the connection ends.
#[derive(Clone)]
pub struct Held<S> {
    service: S,
    place: Place,
}

/// The place of a request's connection. What goes on after the request, such as a WebSocket, keeps it.
#[derive(Clone)]
pub struct Place(#[allow(dead_code)] Arc<OwnedSemaphorePermit>);

impl<S: Service<Request<B>>, B> Service<Request<B>> for Held<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.service.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> S::Future {
        request.extensions_mut().insert(self.place.clone());
        self.service.call(request)
    }
}
