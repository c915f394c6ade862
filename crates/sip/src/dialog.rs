//! What two parties of a call remember of each other: RFC 3261 §12.

use crate::{
    agent::{draft::Draft, flows::Way},
    fields::NameAddr,
    headers::Headers,
    message::{Request, Response},
};

/// Bytes of a route set at most; a dialog keeps it as long as it lives. Our own bound: some fifty proxies.
pub(crate) const ROUTES_BYTES: usize = 4_096;

#[derive(Clone, Debug)]
pub(crate) struct Dialog {
    pub call_id: Box<str>,
    /// The From of our requests, with our tag.
    pub local: Box<str>,
    pub local_tag: Box<str>,
    /// The To of our requests, with the peer's tag if it has one.
    pub remote: Box<str>,
    /// Empty before it is known, and of a peer that knows no tags.
    pub remote_tag: Box<str>,
    pub local_cseq: u32,
    pub remote_cseq: Option<u32>,
    /// The remote target.
    pub target: Box<str>,
    /// Values of Route in their order.
    pub routes: Vec<Box<str>>,
    /// The user part of our Contact.
    pub contact_user: Box<str>,
    /// The way that the peer's last message came by.
    pub way: Way,
    /// Whether we chose the Call-ID, which decides who waits longer after crossing requests. RFC 3261 §14.1.
    pub placed: bool,
}

/// Values of Record-Route in their order; none if they are too long to keep.
pub(crate) fn record_routes(headers: &Headers) -> Option<Vec<Box<str>>> {
    let mut bytes = 0;
    headers
        .values("Record-Route")
        .map(|value| {
            bytes += value.len();
            (bytes <= ROUTES_BYTES).then(|| value.into())
        })
        .collect()
}

impl Dialog {
    /// The called side's. RFC 3261 §12.1.1. `None` if the route set is too long.
    pub fn called(request: &Request, from: &NameAddr, cseq: u32, local_tag: &str, target: String, way: Way) -> Option<Self> {
        let headers = &request.headers;
        Some(Self {
            call_id: headers.get("Call-ID").unwrap_or_default().into(),
            local: format!("{};tag={local_tag}", headers.get("To").unwrap_or_default()).into(),
            local_tag: local_tag.into(),
            remote: headers.get("From").unwrap_or_default().into(),
            remote_tag: from.tag().unwrap_or_default().into(),
            local_cseq: 0,
            remote_cseq: Some(cseq),
            target: target.into(),
            routes: record_routes(headers)?,
            contact_user: request.uri.user.as_deref().unwrap_or_default().into(),
            way,
            placed: false,
        })
    }

    /// The caller's, before any answer.
    pub fn calling(draft: &Draft, local_tag: &str, contact_user: &str, way: Way) -> Self {
        Self {
            call_id: draft.call_id.clone(),
            local: draft.from.clone(),
            local_tag: local_tag.into(),
            remote: draft.to.clone(),
            remote_tag: "".into(),
            local_cseq: draft.cseq,
            remote_cseq: None,
            target: draft.uri.clone(),
            routes: Vec::new(),
            contact_user: contact_user.into(),
            way,
            placed: true,
        }
    }

    /// What a response with a tag makes of the caller's. RFC 3261 §12.1.2. A route set that is too long counts as none.
    pub fn answered(&mut self, response: &Response, way: Way) {
        let headers = &response.headers;
        let tag = to_tag(headers);
        if *self.remote_tag != *tag {
            self.remote_cseq = None;
        }
        self.remote = headers.get("To").unwrap_or_default().into();
        self.remote_tag = tag.into();
        self.routes = record_routes(headers).unwrap_or_default();
        self.routes.reverse();
        self.refresh(headers);
        self.way = way;
    }

    /// Takes the remote target of a message that refreshes it.
    pub fn refresh(&mut self, headers: &Headers) {
        if let Ok(Some(contact)) = headers.contact()
            && contact.uri.is_sip()
        {
            self.target = contact.uri.to_string().into();
        }
    }

    /// Request-URI and Route of a request to the peer, whose first proxy may be a strict router. RFC 3261 §12.2.1.1.
    pub fn path(&self) -> (Box<str>, Vec<Box<str>>) {
        if let Some(first) = self.routes.first()
            && let Ok(address) = NameAddr::parse(first)
            && address.uri.param("lr").is_none()
        {
            let mut routes = self.routes[1..].to_vec();
            routes.push(format!("<{}>", self.target).into());
            return (address.uri.to_string().into(), routes);
        }
        (self.target.clone(), self.routes.clone())
    }

    /// A request to the peer with its number in the dialog.
    pub fn draft(&self, method: &str, cseq: u32) -> Draft {
        let (uri, routes) = self.path();
        Draft {
            method: method.into(),
            uri,
            from: self.local.clone(),
            to: self.remote.clone(),
            call_id: self.call_id.clone(),
            cseq,
            routes,
            contact_user: matches!(method, "INVITE" | "UPDATE" | "REFER" | "NOTIFY").then(|| self.contact_user.clone()),
            ..Draft::default()
        }
    }
}

/// The tag of To; empty if there is none.
pub(crate) fn to_tag(headers: &Headers) -> String {
    headers.to().ok().and_then(|to| to.tag().map(str::to_owned)).unwrap_or_default()
}
