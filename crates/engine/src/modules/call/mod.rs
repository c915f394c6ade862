//! Calls. None is placed yet: each fails with 503, in a turn of its own.

use rquickjs::Ctx;

use super::{Ops, thrown};
use crate::{
    host::{Host, Placed},
    limits,
};

/// Why every call fails.
pub const REASON: &str = "Cordboard does not place calls yet";

/// The next call that fails, with its code and reason.
pub fn fail_next(host: &mut Host) -> Option<(String, i64, String)> {
    let number = *host.calls.keys().next()?;
    let placed = host.calls.remove(&number)?;
    let (code, reason) = if placed.cancelled { (487, "Request Terminated".to_owned()) } else { (placed.leg.end_code, placed.leg.end_reason.clone()) };
    host.legs.push(crate::io::Leg { end_code: code, end_reason: reason.clone(), ..placed.leg });
    host.log(&format!("CallId={}: Failed with params [code = {code}; reason = {reason}; ]", placed.id));
    Some((placed.id, code, reason))
}

fn place(host: &mut Host, client_type: &str, number: &str, callerid: &str) -> Result<String, String> {
    host.running("A call")?;
    if number.len() > limits::DESTINATION_BYTES || callerid.len() > limits::DESTINATION_BYTES {
        return Err(format!("the destination and the caller id of a call may have {} bytes each", limits::DESTINATION_BYTES));
    }
    let attempts = host.legs.len() + host.calls.len();
    // Beyond a documented limit a call fails with 403, and the scenario hears of it as of any other failure (voxengine.md §6).
    let (end_code, end_reason) = if attempts >= limits::CALLS || host.calls.len() >= limits::CALLS_UNANSWERED { (403, "Call limit reached") } else { (503, REASON) };
    if attempts >= limits::CALLS * 10 {
        return Err(format!("a session may attempt {} calls; this one went on far beyond", limits::CALLS));
    }
    let id: String = host.chance.bytes::<16>().iter().map(|byte| format!("{byte:02X}")).collect();
    let kind = if client_type == "wab" { "user" } else { client_type };
    let leg = crate::io::Leg { end_code, end_reason: end_reason.to_owned(), ..host.leg(callerid, number, kind) };
    let key = host.number();
    host.log(&format!("Executing JS command: Call with params [id = {id}; type = {client_type}; number = {number}; callerid = {callerid}; ]"));
    host.calls.insert(key, Placed { id: id.clone(), leg, cancelled: false });
    Ok(id)
}

pub fn install(ops: &Ops<'_, '_>) -> rquickjs::Result<()> {
    // What is longer is refused when the call is placed.
    ops.add("hasBlank", |text: String| text.chars().take(limits::DESTINATION_BYTES).any(char::is_whitespace))?;
    let host = ops.host();
    ops.add("call", move |ctx: Ctx<'_>, client_type: String, number: String, callerid: String| thrown(&ctx, place(&mut host.lock(), &client_type, &number, &callerid)))?;
    let host = ops.host();
    ops.add("hangup", move |id: String| {
        if let Some(placed) = host.lock().calls.values_mut().find(|placed| placed.id == id) {
            placed.cancelled = true;
        }
    })?;
    let host = ops.host();
    ops.add("callCustomData", move |ctx: Ctx<'_>, id: String, text: String| {
        if text.len() > limits::CUSTOM_DATA_BYTES {
            return thrown(&ctx, Err(format!("custom data may have {} bytes", limits::CUSTOM_DATA_BYTES)));
        }
        if let Some(placed) = host.lock().calls.values_mut().find(|placed| placed.id == id) {
            placed.leg.custom_data = Some(text);
        }
        Ok(())
    })
}
