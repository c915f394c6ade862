//! "Id or name": one type says it for every kind of thing.

use std::marker::PhantomData;

use crate::{
    caller::Account,
    codes::{self, Code},
    error::{Error, Result, quote},
    store::db::{Failure, Tx},
    wire::{Field, Param, Params, Required, Rules, Scalar, means_all},
};

/// A kind of thing that calls name by id or by name.
pub trait Thing: Sized {
    /// The word for it in sentences.
    const WORD: &'static str;
    const ID: &'static str;
    const NAME: &'static str;
    /// The code of an id that is no number, or names nothing of this account.
    const ID_CODE: Code;
    /// The code of a name that names nothing of this account.
    const NAME_CODE: Code;
    /// What a name is looked up in, such as an application.
    type Scope: Copy;

    fn by_id(account: &Account, tx: &Tx, scope: Self::Scope, id: i64) -> Result<Option<Self>, Failure>;
    /// Fails when the name alone does not say which one is meant.
    fn by_name(account: &Account, tx: &Tx, scope: Self::Scope, name: &str) -> Result<Option<Self>>;
    fn all(account: &Account, tx: &Tx, scope: Self::Scope) -> Result<Vec<Self>, Failure>;
}

/// One thing by id or name. When both are sent and differ, the id wins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct One<T> {
    id: Option<i64>,
    name: Option<String>,
    names: Names,
    kind: PhantomData<fn() -> T>,
}

/// Some things by ids and names, or `all`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Many<T> {
    all: bool,
    ids: Vec<i64>,
    named: Vec<String>,
    names: Names,
    kind: PhantomData<fn() -> T>,
}

/// The wire names of this use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Names {
    id: &'static str,
    name: &'static str,
}

impl Names {
    fn of<T: Thing>(rules: &Rules) -> Self {
        Self { id: rules.id_name.unwrap_or(T::ID), name: rules.name_name.unwrap_or(T::NAME) }
    }

    fn missing(self) -> Error {
        Error::field(codes::REQUIRED, self.id, format!("One of '{}' and '{}' is required.", self.id, self.name))
    }

    fn fields<T: Thing>(self, rules: &Rules, kinds: [&'static str; 2], out: &mut Vec<Field>) {
        for ((name, code), kind) in [(self.id, T::ID_CODE), (self.name, T::NAME_CODE)].into_iter().zip(kinds) {
            out.push(Field { required: Required::OneOf, of: Some(T::WORD), code, all_allowed: rules.all && name == self.id, ..rules.field(name, kind, code) });
        }
    }

    fn found_by_id<T: Thing>(self, account: &Account, tx: &Tx, scope: T::Scope, id: i64) -> Result<T> {
        let missing = || Error::field(T::ID_CODE, self.id, format!("'{}' is invalid: there is no {} {id}.", self.id, T::WORD));
        T::by_id(account, tx, scope, id)?.ok_or_else(|| missing().into())
    }

    fn found_by_name<T: Thing>(self, account: &Account, tx: &Tx, scope: T::Scope, name: &str) -> Result<T> {
        let missing = || Error::field(T::NAME_CODE, self.name, format!("'{}' is invalid: there is no {} named {}.", self.name, T::WORD, quote(name)));
        T::by_name(account, tx, scope, name)?.ok_or_else(|| missing().into())
    }
}

fn parsed_id<T: Thing>(params: &Params, name: &'static str) -> Result<Option<i64>, Error> {
    i64::read_optional(params, name, &Rules::NONE.code(T::ID_CODE))
}

impl<T: Thing> One<T> {
    pub fn find(&self, account: &Account, tx: &Tx, scope: T::Scope) -> Result<T> {
        match (self.id, &self.name) {
            (Some(id), _) => self.names.found_by_id(account, tx, scope, id),
            (None, Some(name)) => self.names.found_by_name(account, tx, scope, name),
            (None, None) => Err(self.names.missing().into()),
        }
    }

    /// The id's or name's parameter, whichever was sent, for errors about it.
    pub fn field(&self) -> &'static str {
        if self.id.is_some() { self.names.id } else { self.names.name }
    }

    pub fn is_by_name(&self) -> bool {
        self.id.is_none()
    }

    pub fn id(&self) -> Option<i64> {
        self.id
    }

    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }
}

impl<T: Thing> Param for One<T> {
    fn fields(_: &'static str, rules: &Rules, out: &mut Vec<Field>) {
        Names::of::<T>(rules).fields::<T>(rules, ["int", "string"], out);
    }

    fn read_optional(params: &Params, _: &'static str, rules: &Rules) -> Result<Option<Self>, Error> {
        let names = Names::of::<T>(rules);
        let id = parsed_id::<T>(params, names.id)?;
        let name = String::read_optional(params, names.name, &Rules::NONE.code(T::NAME_CODE))?;
        Ok((id.is_some() || name.is_some()).then_some(Self { id, name, names, kind: PhantomData }))
    }

    fn missing(_: &'static str, rules: &Rules) -> Error {
        Names::of::<T>(rules).missing()
    }
}

impl<T: Thing> Many<T> {
    pub fn is_all(&self) -> bool {
        self.all
    }

    pub fn has_names(&self) -> bool {
        !self.named.is_empty() && self.ids.is_empty()
    }

    pub fn find(&self, account: &Account, tx: &Tx, scope: T::Scope) -> Result<Vec<T>> {
        if self.all {
            return Ok(T::all(account, tx, scope)?);
        }
        if !self.ids.is_empty() {
            return self.ids.iter().map(|id| self.names.found_by_id(account, tx, scope, *id)).collect();
        }
        self.named.iter().map(|name| self.names.found_by_name(account, tx, scope, name)).collect()
    }

    pub fn names(&self) -> &[String] {
        &self.named
    }
}

impl<T: Thing> Param for Many<T> {
    fn fields(_: &'static str, rules: &Rules, out: &mut Vec<Field>) {
        Names::of::<T>(rules).fields::<T>(rules, ["intlist", "stringlist"], out);
    }

    fn read_optional(params: &Params, _: &'static str, rules: &Rules) -> Result<Option<Self>, Error> {
        let names = Names::of::<T>(rules);
        let all = rules.all && (params.all(names.id).any(means_all) || params.all(names.name).any(|text| text == "all"));
        if all {
            return Ok(Some(Self { all, ids: Vec::new(), named: Vec::new(), names, kind: PhantomData }));
        }
        let ids = Vec::read_optional(params, names.id, &Rules::NONE.code(T::ID_CODE))?.unwrap_or_default();
        let named = Vec::<String>::read_optional(params, names.name, &Rules::NONE.code(T::NAME_CODE))?.unwrap_or_default();
        Ok((!ids.is_empty() || !named.is_empty()).then_some(Self { all, ids, named, names, kind: PhantomData }))
    }

    fn missing(_: &'static str, rules: &Rules) -> Error {
        Names::of::<T>(rules).missing()
    }
}

/// A page of a list: `count` and `offset` (semantics §6.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    pub count: i64,
    pub offset: i64,
}

/// Rows of one page at most; more is clamped (semantics §6.3).
pub const LARGEST_PAGE: i64 = 10_000;

impl Page {
    pub const fn first(count: i64) -> Self {
        Self { count, offset: 0 }
    }
}

impl Param for Page {
    fn fields(_: &'static str, rules: &Rules, out: &mut Vec<Field>) {
        let default = rules.default.unwrap_or("20");
        out.push(Rules { default: Some(default), doc: "Rows of the answer at most.", min: 0, ..*rules }.field("count", i64::TYPE, codes::ARGUMENTS));
        out.push(Rules { default: Some("0"), doc: "Rows to skip.", min: 0, ..*rules }.field("offset", i64::TYPE, codes::ARGUMENTS));
    }

    fn read_optional(params: &Params, _: &'static str, rules: &Rules) -> Result<Option<Self>, Error> {
        let default = Rules { default: rules.default.or(Some("20")), min: 0, ..Rules::NONE };
        let count = i64::read(params, "count", &default)?.min(LARGEST_PAGE);
        let offset = i64::read(params, "offset", &Rules { default: Some("0"), min: 0, ..Rules::NONE })?;
        Ok(Some(Self { count, offset }))
    }
}

/// A page that is cut to the usual size when it is answered, and only as asked when it goes into a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window {
    pub count: Option<i64>,
    pub offset: Option<i64>,
}

impl Window {
    /// The page of an answer; more than `most` rows are clamped (semantics §6.3).
    pub fn page(self, usual: i64, most: i64) -> Page {
        Page { count: self.count.unwrap_or(usual).min(most), offset: self.offset.unwrap_or(0) }
    }
}

impl Param for Window {
    fn fields(name: &'static str, rules: &Rules, out: &mut Vec<Field>) {
        Page::fields(name, rules, out);
    }

    fn read_optional(params: &Params, _: &'static str, _: &Rules) -> Result<Option<Self>, Error> {
        let least = Rules { min: 0, ..Rules::NONE };
        Ok(Some(Self { count: i64::read_optional(params, "count", &least)?, offset: i64::read_optional(params, "offset", &least)? }))
    }
}
