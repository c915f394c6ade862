//! The methods that are not built yet, as rows of one table.

use std::sync::OnceLock;

use crate::{
    registry::{Access, Area, Kind},
    roles::Role,
};

const TABLE: &str = include_str!("declared.txt");

/// A method that the reference describes and that answers "not yet available".
#[derive(Debug)]
pub struct Declared {
    pub name: &'static str,
    pub group: &'static str,
    pub kind: Kind,
    pub area: Area,
    pub access: Access,
    /// Name, type, and whether it is required.
    pub params: Vec<(&'static str, &'static str, bool)>,
    /// Name and type of the answer's members.
    pub returns: Vec<(&'static str, &'static str)>,
}

/// The rows. A row that cannot be read is left out, which the net over the catalogue reports.
pub fn table() -> &'static [Declared] {
    static ROWS: OnceLock<Vec<Declared>> = OnceLock::new();
    ROWS.get_or_init(|| lines().filter_map(row).collect())
}

/// The lines that are meant to be rows.
pub fn lines() -> impl Iterator<Item = &'static str> {
    TABLE.lines().filter(|line| !line.starts_with('#') && !line.is_empty())
}

fn row(line: &'static str) -> Option<Declared> {
    let mut cells = line.split('\t');
    let (name, group) = (cells.next()?, cells.next()?);
    let kind = match cells.next()? {
        "read" => Kind::Read,
        "write" => Kind::Write,
        _ => return None,
    };
    let area = cells.next()?;
    let area = Area::ALL.into_iter().find(|known| serde_json::to_value(known).is_ok_and(|name| name == area))?;
    let access = match cells.next()? {
        "basic" => Access::Basic,
        "any_role" => Access::AnyRole,
        roles => Access::Roles(Vec::leak(roles.split(',').map(Role::from_name).collect::<Option<Vec<_>>>()?)),
    };
    let pairs = |cell: &'static str| cell.split(' ').filter_map(|word| word.split_once(':')).collect::<Vec<_>>();
    let params = pairs(cells.next()?).into_iter().map(|(name, kind)| (name, kind.trim_end_matches('*'), kind.ends_with('*'))).collect();
    let returns = pairs(cells.next()?);
    cells.next().is_none().then_some(Declared { name, group, kind, area, access, params, returns })
}
