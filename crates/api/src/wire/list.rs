use super::{Field, Param, Params, Rules, Scalar, means_all};
use crate::{codes, error::Error};

/// Items of one list parameter at most; more is refused, not cut.
const MOST_ITEMS: usize = 10_000;

/// Splits a list: joined with `;` or repeated, blanks trimmed, empty items dropped, duplicates ignored, order kept
/// (semantics §2.2).
pub(crate) fn items<S: Scalar + Ord + Clone>(params: &Params, name: &'static str, rules: &Rules) -> Result<Vec<S>, Error> {
    let mut seen = std::collections::BTreeSet::new();
    let mut out = Vec::new();
    for text in params.all(name).flat_map(|value| value.split(';')).map(str::trim).filter(|text| !text.is_empty()) {
        let advice = if text.contains(',') { " Items are joined with ';' or the parameter is repeated." } else { "" };
        let item = S::parse(text, rules).map_err(|sentence| rules.wrong(name, S::CODE, &format!("{sentence}{advice}")))?;
        if seen.insert(item.clone()) {
            out.push(item);
        }
        if out.len() > MOST_ITEMS {
            return Err(Error::field(codes::ARGUMENTS, name, format!("'{name}' has too many items; {MOST_ITEMS} are allowed.")));
        }
    }
    Ok(out)
}

impl<S: Scalar + Ord + Clone> Param for Vec<S> {
    fn fields(name: &'static str, rules: &Rules, out: &mut Vec<Field>) {
        out.push(rules.field(name, list_type::<S>(), S::CODE));
    }

    fn read_optional(params: &Params, name: &'static str, rules: &Rules) -> Result<Option<Self>, Error> {
        items(params, name, rules).map(|items| Some(items).filter(|items: &Self| !items.is_empty()))
    }
}

/// A list, or `all`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection<S> {
    All,
    These(Vec<S>),
}

impl<S: Scalar + Ord + Clone> Param for Selection<S> {
    fn fields(name: &'static str, rules: &Rules, out: &mut Vec<Field>) {
        out.push(rules.all().field(name, list_type::<S>(), S::CODE));
    }

    fn read_optional(params: &Params, name: &'static str, rules: &Rules) -> Result<Option<Self>, Error> {
        if params.all(name).any(means_all) {
            return Ok(Some(Self::All));
        }
        Ok(Vec::read_optional(params, name, rules)?.map(Self::These))
    }
}

pub(crate) fn list_type<S: Scalar>() -> &'static str {
    if S::TYPE == "int" { "intlist" } else { "stringlist" }
}
