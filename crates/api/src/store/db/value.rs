/// A value on its way into a statement.
#[derive(Clone, Copy, Debug)]
pub enum Bind<'a> {
    Null,
    Int(i64),
    Text(&'a str),
    Bytes(&'a [u8]),
}

impl From<i64> for Bind<'_> {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<bool> for Bind<'_> {
    fn from(flag: bool) -> Self {
        Self::Int(i64::from(flag))
    }
}

impl<'a> From<&'a str> for Bind<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Bind<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a [u8]> for Bind<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Bytes(bytes)
    }
}

impl<'a> From<&'a Vec<u8>> for Bind<'a> {
    fn from(bytes: &'a Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

macro_rules! optional {
    ($($from:ty),*) => {
        $(impl<'a> From<$from> for Bind<'a> {
            fn from(value: $from) -> Self {
                value.map_or(Self::Null, Into::into)
            }
        })*
    };
}
optional!(Option<i64>, Option<bool>, Option<&'a str>);

impl<'a> From<&'a Option<String>> for Bind<'a> {
    fn from(value: &'a Option<String>) -> Self {
        value.as_ref().map_or(Self::Null, Into::into)
    }
}

impl<'a> From<&'a Option<Vec<u8>>> for Bind<'a> {
    fn from(value: &'a Option<Vec<u8>>) -> Self {
        value.as_ref().map_or(Self::Null, Into::into)
    }
}

/// Binds values of several types: `bind![account.id(), &name]`.
#[macro_export]
macro_rules! bind {
    ($($value:expr),* $(,)?) => { &[$($crate::store::db::Bind::from($value)),*] };
}

/// A value that came out of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Null,
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

/// A row, read from left to right.
pub struct Row(pub(super) std::vec::IntoIter<Value>);

impl Row {
    /// The next column; `None` when it is not of the wanted type.
    pub fn column<T: FromValue>(&mut self) -> Option<T> {
        self.0.next().and_then(T::from_value)
    }
}

pub trait FromValue: Sized {
    fn from_value(value: Value) -> Option<Self>;
}

impl FromValue for i64 {
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Int(number) => Some(number),
            _ => None,
        }
    }
}

impl FromValue for bool {
    fn from_value(value: Value) -> Option<Self> {
        i64::from_value(value).map(|number| number != 0)
    }
}

impl FromValue for String {
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            other => T::from_value(other).map(Some),
        }
    }
}

/// Made from a row's columns in order.
pub trait FromRow: Sized {
    fn from_row(row: &mut Row) -> Option<Self>;
}

macro_rules! tuple {
    ($($name:ident),*) => {
        impl<$($name: FromValue),*> FromRow for ($($name,)*) {
            fn from_row(row: &mut Row) -> Option<Self> {
                Some(($(row.column::<$name>()?,)*))
            }
        }
    };
}
tuple!(A);
tuple!(A, B);
tuple!(A, B, C);
tuple!(A, B, C, D);
tuple!(A, B, C, D, E);
tuple!(A, B, C, D, E, F);

/// A struct whose fields are the columns of its queries, in order.
#[macro_export]
macro_rules! row {
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$field_meta:meta])* pub $field:ident: $type:ty),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name { $($(#[$field_meta])* pub $field: $type),* }

        impl $crate::store::db::FromRow for $name {
            fn from_row(row: &mut $crate::store::db::Row) -> Option<Self> {
                Some(Self { $($field: row.column()?),* })
            }
        }
    };
}
