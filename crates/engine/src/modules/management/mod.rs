//! VoximplantAPI: calls of the Management API with the rights of the key that is bound to the rule.

use std::collections::BTreeMap;

use rquickjs::Ctx;

use super::{Ops, js, storage, thrown};
use crate::{io::Output, limits};

/// Groups of methods with their methods, by the names that scenarios use.
pub type Catalogue = BTreeMap<String, Vec<String>>;

/// `userId` → `user_id`.
fn snake(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

/// `user_id` → `userId`.
fn camel(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut raise = false;
    for letter in name.chars() {
        if letter == '_' && !out.is_empty() {
            raise = true;
        } else {
            out.push(if raise { letter.to_ascii_uppercase() } else { letter });
            raise = false;
        }
    }
    out
}

/// Milliseconds of `YYYY-MM-DD hh:mm:ss`, UTC.
fn wire_time(text: &str) -> Option<i64> {
    let moment: jiff::civil::DateTime = text.replacen(' ', "T", 1).parse().ok()?;
    Some(moment.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_millisecond())
}

#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
pub fn install(ops: &Ops<'_, '_>) -> rquickjs::Result<()> {
    ops.add("snake", |name: String| snake(&name))?;
    ops.add("lowerFirst", |name: String| name.chars().take(1).flat_map(char::to_lowercase).chain(name.chars().skip(1)).collect::<String>())?;
    ops.add("camel", |name: String| camel(&name))?;
    ops.add("isDate", |name: String| super::names::is_date(&name))?;
    ops.add("wireTime", |text: String| wire_time(&text).map(|ms| ms as f64))?;
    ops.add("wireDate", |ctx: Ctx<'_>, ms: f64| {
        // An invalid Date is NaN, which a cast would turn into 1970.
        let moment = if ms.is_nan() { None } else { jiff::Timestamp::from_millisecond(ms as i64).ok() };
        thrown(&ctx, moment.map(|moment| moment.strftime("%Y-%m-%d %H:%M:%S").to_string()).ok_or_else(|| "a Date of the request is invalid".to_owned()))
    })?;
    let host = ops.host();
    ops.add("managementGroups", move || serde_json::to_string(&host.lock().catalogue.keys().collect::<Vec<_>>()).unwrap_or_default())?;
    let host = ops.host();
    ops.add("managementMethods", move |group: String| serde_json::to_string(&host.lock().catalogue.get(&group)).unwrap_or_default())?;
    let host = ops.host();
    ops.add("mayManage", move |ctx: Ctx<'_>| {
        let may = if host.lock().profile.may_manage {
            Ok(())
        } else {
            Err("VoximplantAPI needs a service account: bind one to the rule (SetRuleInfo with bind_key_id)".to_owned())
        };
        thrown(&ctx, may)
    })?;
    let host = ops.host();
    ops.add("manage", move |ctx: Ctx<'_>, method: String, sent: String| {
        if sent.len() > limits::MANAGE_BYTES {
            return thrown(&ctx, Err(format!("the parameters of a call of VoximplantAPI may have {} bytes", limits::MANAGE_BYTES)));
        }
        let parameters: Vec<(String, String)> = thrown(&ctx, serde_json::from_str(&sent).map_err(|error| error.to_string()))?;
        let mut host = host.lock();
        let request = thrown(&ctx, storage::lookup(&mut host, "A call of VoximplantAPI"))?;
        host.outputs.push_back(Output::Manage { request, method, parameters });
        Ok::<f64, rquickjs::Error>(js(request))
    })
}
