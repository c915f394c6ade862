//! The browser phone at `/call`: its page, and the credentials of guests.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    extract::{ConnectInfo, Extension, Request, State},
    http::{HeaderMap, header},
    response::Response,
};
use cordboard_api::{Outgoing, calls::GuestApplication, codes, error::Error};
use serde_json::{Value, json};

use super::{
    assets,
    guard::{self, Site},
    session,
};
use crate::http::{self, Shared};

/// The page, which alone may ask for the microphone.
pub async fn page(headers: HeaderMap) -> Response {
    guard::with_microphone(assets::call(&headers))
}

/// The applications that may be called without signing in, with their users: none unless the browser is on this machine.
pub async fn guests(State(shared): State<Arc<Shared>>, ConnectInfo(peer): ConnectInfo<SocketAddr>, headers: HeaderMap) -> Response {
    let mut applications = Vec::new();
    if guard::is_of_this_machine(peer.ip(), &headers) {
        for name in shared.api.guest_names() {
            match shared.api.guest_application(name, peer.ip()).await {
                Ok(Some(GuestApplication { users, .. })) if !users.is_empty() => {
                    let users: Vec<Value> = users.into_iter().map(|(user, display)| json!({"user_name": user, "user_display_name": display})).collect();
                    applications.push(json!({"application_name": name, "users": users}));
                }
                Ok(_) => {}
                Err(errors) => return http::answer(Outgoing::refused(None, &errors)).await,
            }
        }
    }
    http::json_text(&json!({"applications": applications}))
}

/// A credential for a guest on this machine, for the page of this very server alone: JSON with `application_name` and
/// `user_name` in, the credential as CreateCallCredential shows it out.
pub async fn guest(State(shared): State<Arc<Shared>>, ConnectInfo(peer): ConnectInfo<SocketAddr>, Extension(site): Extension<Site>, request: Request) -> Response {
    let headers = request.headers();
    if !site.is_from_here(headers) {
        return session::forbidden("This request comes from another site.");
    }
    if !guard::is_of_this_machine(peer.ip(), headers) {
        return session::forbidden("Guests call from the machine itself alone. Sign in.");
    }
    // A form of another site cannot have this type.
    if !headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/json")) {
        return session::refusal(&Error::new(codes::ARGUMENTS, "Send a JSON object with 'application_name' and 'user_name'."));
    }
    let (incoming, _room) = match http::receive_call(&shared, peer, Some("CreateCallCredential".to_owned()), request).await {
        Ok(received) => received,
        Err(response) => return response,
    };
    let sent: Value = serde_json::from_slice(&incoming.body).unwrap_or_default();
    let text = |name: &str| sent[name].as_str().unwrap_or_default().to_owned();
    let issued = match shared.api.guest_application(&text("application_name"), incoming.ip).await {
        Ok(Some(guests)) => shared.api.guest_credential(&guests, &text("user_name"), incoming.now).await,
        Ok(None) => return session::forbidden("Guests may not call this application. Sign in."),
        Err(errors) => Err(errors),
    };
    match issued {
        Ok(credential) => http::json_text(&json!({"result": credential})),
        Err(errors) => http::answer(Outgoing::refused(None, &errors)).await,
    }
}
