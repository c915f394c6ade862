//! What the methods about sessions select: their common parameters, checked and resolved.

use jiff::{ToSpan, tz::TimeZone};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    call::Call,
    caller::Account,
    cleaning::DAY_MS,
    codes,
    error::{Error, Errors, Result},
    store::{
        accounts::{self, Child},
        applications::Application,
        db::Tx,
        sessions::{
            history::{self, MOST_SEEKS, Part, Scope},
            seek::Conditions,
        },
        users::User,
    },
    things::{One, Thing},
    wire::{DateTime, Selection, Utc, Zone},
};

/// Days that an answer may span, when no session is named. Semantics §16.11.
pub const MOST_DAYS: i64 = 92;

/// Sessions that one request may name. Semantics §16.1.
pub const MOST_IDS: usize = 1_000;

/// A request struct with the parameters that GetCallHistory and GetCallHistoryAsync have in common, and further ones.
macro_rules! selecting {
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$field_meta:meta])* pub $field:ident: $type:ty),* $(,)? }) => {
        $(#[$meta])*
        pub struct $name {
            /// From when, in `timezone`. When absent, one month before the end.
            pub from_date: Option<$crate::wire::DateTime>,
            /// Until when, in `timezone`. When absent, now.
            pub to_date: Option<$crate::wire::DateTime>,
            /// The zone of the dates in the request and in the answer: a name, or `auto` for the account's location.
            #[param(default("Etc/GMT"))]
            pub timezone: $crate::wire::Zone,
            /// Only sessions of at least so many seconds.
            #[param(min(0))]
            pub min_duration: Option<i64>,
            /// Only sessions of at most so many seconds.
            #[param(min(0))]
            pub max_duration: Option<i64>,
            /// Only these sessions, at most 1000. Without dates they may be of any time.
            #[param(code(CALL_SESSION_HISTORY_ID))]
            pub call_session_history_id: Option<Vec<i64>>,
            /// Only sessions of this application.
            pub application: Option<$crate::things::One<$crate::store::applications::Application>>,
            /// Only sessions that these users started, at most 1000.
            #[param(code(USER_ID))]
            pub user_id: Option<Vec<i64>>,
            /// Only sessions of this rule of the application.
            #[param(code(RULE_NAME))]
            pub rule_name: Option<String>,
            /// Only sessions with a call from or to one of these numbers outside, at most 1000.
            pub remote_number: Option<Vec<String>>,
            /// The same as a JSON array; unless it is empty, `remote_number` does not count.
            pub remote_number_list: Option<$crate::methods::history::select::Numbers>,
            /// Only sessions with a call from or to one of these numbers of the platform, at most 1000.
            pub local_number: Option<Vec<String>>,
            /// Only sessions with exactly this custom data.
            pub call_session_history_custom_data: Option<String>,
            /// Adds the sessions' calls.
            #[param(default("false"))]
            pub with_calls: bool,
            /// Adds the sessions' records.
            #[param(default("false"))]
            pub with_records: bool,
            /// Adds what else the sessions used.
            #[param(default("false"))]
            pub with_other_resources: bool,
            /// Adds the sessions of these child accounts, or of `all`.
            #[param(code(CHILD_ACCOUNT_ID))]
            pub child_account_id: Option<$crate::wire::Selection<i64>>,
            /// Leaves out the account's own sessions. Without `child_account_id`, those of all child accounts are left.
            #[param(default("false"))]
            pub children_calls_only: bool,
            /// Newest first.
            #[param(default("false"))]
            pub desc_order: bool,
            /// Begins a CSV file with the names of its columns.
            #[param(default("false"))]
            pub with_header: bool,
            $($(#[$field_meta])* pub $field: $type),*
        }

        impl $name {
            fn filters(&mut self) -> $crate::methods::history::select::Filters {
                $crate::methods::history::select::Filters {
                    from_date: self.from_date,
                    to_date: self.to_date,
                    timezone: self.timezone.clone(),
                    ids: self.call_session_history_id.take(),
                    application: self.application.take(),
                    children: self.child_account_id.take(),
                    children_only: self.children_calls_only,
                    remote_number_list: self.remote_number_list.take(),
                    newest_first: self.desc_order,
                    conditions: $crate::store::sessions::seek::Conditions {
                        rule_name: self.rule_name.take(),
                        user_ids: self.user_id.take().unwrap_or_default(),
                        custom_data: self.call_session_history_custom_data.take(),
                        min_duration: self.min_duration,
                        max_duration: self.max_duration,
                        remote_numbers: self.remote_number.take().unwrap_or_default(),
                        local_numbers: self.local_number.take().unwrap_or_default(),
                    },
                }
            }

            fn with(&self) -> $crate::methods::history::view::With {
                $crate::methods::history::view::With { calls: self.with_calls, records: self.with_records, other_resources: self.with_other_resources }
            }
        }
    };
}
pub(crate) use selecting;

/// Numbers as a JSON array of texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbers(pub Vec<String>);

impl crate::wire::Scalar for Numbers {
    const TYPE: &'static str = "string";

    fn parse(text: &str, _: &crate::wire::Rules) -> Result<Self, String> {
        let items: Vec<Value> = serde_json::from_str(text).map_err(|_| "must be a JSON array of numbers such as [\"41791234567\"].".to_owned())?;
        let number = |item: Value| match item {
            Value::String(text) => Ok(text),
            Value::Number(number) => Ok(number.to_string()),
            _ => Err("must be a JSON array of texts.".to_owned()),
        };
        items.into_iter().map(number).collect::<Result<_, _>>().map(Self)
    }
}

/// The parameters, as they were sent.
#[derive(Default)]
pub struct Filters {
    pub from_date: Option<DateTime>,
    pub to_date: Option<DateTime>,
    pub timezone: Zone,
    pub ids: Option<Vec<i64>>,
    pub application: Option<One<Application>>,
    pub children: Option<Selection<i64>>,
    pub children_only: bool,
    pub remote_number_list: Option<Numbers>,
    pub newest_first: bool,
    pub conditions: Conditions,
}

/// The parameters after the checks that need no database.
pub struct Checked {
    pub timezone: String,
    pub zone: TimeZone,
    pub warnings: Vec<String>,
    pub part: Part,
    from: i64,
    to: i64,
    application: Option<One<Application>>,
    children: Option<Selection<i64>>,
    children_only: bool,
    /// What was asked for, as GetHistoryReports shows it.
    pub shown: Map<String, Value>,
}

/// A selection as the job of a report reads it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Stored {
    /// Ids of accounts, each with the application's there.
    pub scopes: Vec<(i64, Option<i64>)>,
    pub from: i64,
    pub to: i64,
    pub newest_first: bool,
    pub ids: Option<Vec<i64>>,
    pub conditions: Conditions,
}

impl Stored {
    pub fn part(&self) -> Part {
        Part::new(self.from, self.to, self.newest_first, self.ids.clone(), self.conditions.clone())
    }

    /// The accounts, as far as they are there and still children of this one.
    pub fn scopes(&self, account: &Account, tx: &Tx) -> Result<Vec<Scope>> {
        let mut out = Vec::new();
        for (id, application_id) in &self.scopes {
            let of = if *id == account.id() { Some(account.clone()) } else { accounts::tenant_by_id(tx, *id)?.and_then(|tenant| account.child(tenant)) };
            out.extend(of.map(|account| Scope { account, application_id: *application_id }));
        }
        Ok(out)
    }
}

impl Filters {
    /// Checks the filters. An answer spans a bounded time, a report any.
    pub fn check(mut self, call: &Call, is_answer: bool) -> Result<Checked> {
        let shown = self.shown();
        let (timezone, zone) = self.timezone.resolve(call.account.location());
        if let Some(Numbers(numbers)) = self.remote_number_list.take().filter(|list| !list.0.is_empty()) {
            self.conditions.remote_numbers = numbers;
        }
        self.check_lists()?;
        let (from, to, warnings) = self.range(call.now, &zone)?;
        if is_answer && self.ids.is_none() && to.saturating_sub(from) > MOST_DAYS * DAY_MS + 999 {
            let text = format!("The dates are more than {MOST_DAYS} days apart; ask for less, or order a report with GetCallHistoryAsync.");
            return Err(Error::field(codes::DATE_RANGE_TOO_LONG, "from_date", text).into());
        }
        let part = Part::new(from, to, self.newest_first, self.ids, self.conditions);
        Ok(Checked { timezone, zone, warnings, part, from, to, application: self.application, children: self.children, children_only: self.children_only, shown })
    }

    fn check_lists(&self) -> Result<()> {
        if self.ids.as_ref().is_some_and(|ids| ids.len() > MOST_IDS) {
            let text = format!("'call_session_history_id' is invalid: at most {MOST_IDS} sessions may be named.");
            return Err(Error::field(codes::CALL_SESSION_HISTORY_ID, "call_session_history_id", text).into());
        }
        let conditions = &self.conditions;
        for (name, code, items) in [
            ("user_id", codes::USER_ID, conditions.user_ids.len()),
            ("remote_number", codes::ARGUMENTS, conditions.remote_numbers.len()),
            ("local_number", codes::ARGUMENTS, conditions.local_numbers.len()),
        ] {
            if items > MOST_SEEKS {
                return Err(Error::field(code, name, format!("'{name}' has {items} items; at most {MOST_SEEKS} are allowed.")).into());
            }
        }
        if conditions.rule_name.is_some() && self.application.is_none() {
            return Err(Error::field(codes::RULE_NAME, "rule_name", "'rule_name' needs 'application_id' or 'application_name' beside it.").into());
        }
        Ok(())
    }

    /// Both ends inclusive, in milliseconds, and what was assumed.
    fn range(&self, now: Utc, zone: &TimeZone) -> Result<(i64, i64, Vec<String>)> {
        let moment = |at: Option<DateTime>, field| match at {
            None => Ok(None),
            Some(at) => at.utc_ms(zone).map(Some).ok_or_else(|| Error::field(codes::DATE_FORMAT, field, format!("'{field}' is outside the calendar."))),
        };
        let from = moment(self.from_date, "from_date")?;
        // A time is a whole second on the wire, so the last one counts to its end.
        let to = moment(self.to_date, "to_date")?.map(|ms| ms.saturating_add(999));
        let mut warnings = Vec::new();
        if self.ids.is_some() {
            let (from, to) = (from.unwrap_or(0), to.unwrap_or(i64::MAX));
            return if from > to { Err(backwards().into()) } else { Ok((from, to, warnings)) };
        }
        if to.is_none() {
            warnings.push(format!("'to_date' is absent: {} is assumed.", now.in_zone(zone)));
        }
        let to = to.unwrap_or(now.0);
        let from = match from {
            Some(from) => from,
            None => {
                let from = month_before(to, zone);
                warnings.push(format!("'from_date' is absent: {}, one month before the end, is assumed.", Utc(from).in_zone(zone)));
                from
            }
        };
        if from > to { Err(backwards().into()) } else { Ok((from, to, warnings)) }
    }

    fn shown(&self) -> Map<String, Value> {
        let mut out = Map::new();
        let mut put = |name: &str, value: Option<Value>| drop(value.map(|value| out.insert(name.to_owned(), value)));
        let date = |at: Option<DateTime>| at.map(|DateTime(at)| at.strftime("%Y-%m-%d %H:%M:%S").to_string().into());
        fn list<T: Clone + Into<Value>>(items: &[T]) -> Option<Value> {
            (!items.is_empty()).then(|| items.iter().cloned().map(Into::into).collect())
        }
        put("from_date", date(self.from_date));
        put("to_date", date(self.to_date));
        let zone = match &self.timezone {
            Zone::OfAccount => "auto",
            Zone::Named(name) => name,
        };
        put("timezone", Some(zone.into()));
        put("call_session_history_id", self.ids.as_deref().and_then(list));
        put("application_id", self.application.as_ref().and_then(One::id).map(Into::into));
        put("application_name", self.application.as_ref().and_then(One::name).map(Into::into));
        let Conditions { rule_name, user_ids, custom_data, min_duration, max_duration, remote_numbers, local_numbers } = &self.conditions;
        put("user_id", list(user_ids));
        put("rule_name", rule_name.clone().map(Into::into));
        put("remote_number", list(remote_numbers));
        put("remote_number_list", self.remote_number_list.as_ref().and_then(|Numbers(numbers)| list(numbers)));
        put("local_number", list(local_numbers));
        put("call_session_history_custom_data", custom_data.clone().map(Into::into));
        put("min_duration", min_duration.map(Into::into));
        put("max_duration", max_duration.map(Into::into));
        let children = |children: &Selection<i64>| match children {
            Selection::All => Some("all".into()),
            Selection::These(ids) => list(ids),
        };
        put("child_account_id", self.children.as_ref().and_then(children));
        put("children_calls_only", self.children_only.then_some(true.into()));
        put("desc_order", self.newest_first.then_some(true.into()));
        out
    }
}

fn backwards() -> Error {
    Error::field(codes::DATE_RANGE, "to_date", "'to_date' is before 'from_date'.")
}

/// One month of the calendar earlier.
fn month_before(ms: i64, zone: &TimeZone) -> i64 {
    let at = jiff::Timestamp::from_millisecond(ms).ok().and_then(|at| at.to_zoned(zone.clone()).checked_sub(1.month()).ok());
    at.map_or(0, |at| at.timestamp().as_millisecond())
}

impl Checked {
    /// The accounts whose sessions are selected, with the application there.
    pub fn scopes(&self, account: &Account, tx: &Tx) -> Result<Vec<Scope>> {
        let mut accounts = self.accounts(account, tx)?;
        let conditions = &self.part.conditions;
        let items = [1, conditions.user_ids.len(), conditions.remote_numbers.len(), conditions.local_numbers.len()].into_iter().max().unwrap_or(1);
        if accounts.len().saturating_mul(items) > MOST_SEEKS {
            let text = format!("{} accounts and lists of {items} items are too many together; at most {MOST_SEEKS} combinations are allowed.", accounts.len());
            return Err(Error::field(codes::CHILD_ACCOUNT_ID, "child_account_id", text).into());
        }
        for id in &conditions.user_ids {
            self.must_know_user(&accounts, tx, *id)?;
        }
        let Some(application) = &self.application else {
            return Ok(accounts.drain(..).map(|account| Scope { account, application_id: None }).collect());
        };
        let (mut out, mut missing) = (Vec::new(), None);
        for account in accounts {
            match find_application(application, &account, tx) {
                Ok(id) => out.push(Scope { account, application_id: Some(id) }),
                Err(errors) if [codes::APPLICATION_ID, codes::APPLICATION_NOT_FOUND].contains(&errors.first_code()) => missing = missing.or(Some(errors)),
                Err(errors) => return Err(errors),
            }
        }
        match missing {
            Some(errors) if out.is_empty() => Err(errors),
            _ => Ok(out),
        }
    }

    fn accounts(&self, account: &Account, tx: &Tx) -> Result<Vec<Account>> {
        let children = match (&self.children, self.children_only) {
            (None, false) => Vec::new(),
            (Some(Selection::All), _) | (None, true) => Child::all(account, tx, ())?.into_iter().map(|child| child.id).collect(),
            (Some(Selection::These(ids)), _) => ids.clone(),
        };
        let mut out = if self.children_only { Vec::new() } else { vec![account.clone()] };
        for id in children {
            let unknown = || Error::field(codes::CHILD_ACCOUNT_ID, "child_account_id", format!("'child_account_id' is invalid: there is no child account {id}."));
            out.push(accounts::tenant_by_id(tx, id)?.and_then(|tenant| account.child(tenant)).ok_or_else(unknown)?);
        }
        Ok(out)
    }

    fn must_know_user(&self, accounts: &[Account], tx: &Tx, id: i64) -> Result<()> {
        for account in accounts {
            if User::by_id(account, tx, None, id)?.is_some() || history::knows_user(account, tx, id)? {
                return Ok(());
            }
        }
        Err(Error::field(codes::USER_ID, "user_id", format!("'user_id' is invalid: there is no user {id}.")).into())
    }

    pub fn stored(&self, scopes: &[Scope]) -> Stored {
        Stored {
            scopes: scopes.iter().map(|scope| (scope.account.id(), scope.application_id)).collect(),
            from: self.from,
            to: self.to,
            newest_first: self.part.span.newest_first,
            ids: self.part.ids.clone(),
            conditions: self.part.conditions.clone(),
        }
    }
}

/// An application that was deleted is still found by its id, as long as the history has sessions of it.
fn find_application(application: &One<Application>, account: &Account, tx: &Tx) -> Result<i64, Errors> {
    match (application.find(account, tx, ()), application.id()) {
        (Ok(found), _) => Ok(found.id),
        (Err(_), Some(id)) if history::knows_application(account, tx, id)? => Ok(id),
        (Err(errors), _) => Err(errors),
    }
}
