//! Who may call what, as one committed text, and against the reference.

use std::fmt::Write;

use cordboard_api::{
    registry::{Access, Catalogue, Entry, Origin},
    roles::{Role, RoleSet},
};

use crate::{
    committed::{self, in_crate},
    reference::{Reference, texts},
};

/// Heads of the columns, in the order of the roles.
const SHORT: [&str; Role::ALL.len()] = ["Own", "Adm", "Sup", "Spv", "Dev", "CLM", "Acc", "UsM", "Pay", "PNV", "PNM", "SMS", "Edi", "Vie"];

fn matrix() -> String {
    let entries = Catalogue::get().entries();
    let width = entries.iter().map(|entry| entry.name().len()).max().unwrap_or_default();
    let mut out = String::from("Who may call what. Generated from the catalogue by the test role_matrix; BLESS=1 rewrites it.\n\n");
    for (role, short) in Role::ALL.into_iter().zip(SHORT) {
        writeln!(out, "{short}  {}", role.name()).unwrap();
    }
    out.push_str("---  a key without roles\n\nx may call, . may not, o only with older credentials (no key at all), s only signed in to the panel\n\n");
    writeln!(out, "{:width$}  status    {}  ---", "method", SHORT.join("  ")).unwrap();
    for entry in entries {
        let status = if matches!(entry, Entry::Real(_)) { "real" } else { "declared" };
        let mark = |may: bool| match (may, entry.access()) {
            (_, Access::OlderCredentials | Access::SignIn) => 'o',
            (_, Access::PanelSession | Access::SignedIn) => 's',
            (true, _) => 'x',
            (false, _) => '.',
        };
        let may = Role::ALL.into_iter().map(|role| rights_hold(Some(role), entry.name())).chain([rights_hold(None, entry.name())]);
        let cells: Vec<String> = may.map(|may| format!(" {}", mark(may))).collect();
        writeln!(out, "{:width$}  {status:8} {}", entry.name(), cells.join("   ")).unwrap();
    }
    out
}

/// The rights that authentication gives, not the rule they are made from.
fn rights_hold(role: Option<Role>, name: &str) -> bool {
    let roles: RoleSet = role.into_iter().collect();
    Catalogue::get().holds(&Catalogue::get().rights(roles), name)
}

#[test]
fn the_committed_matrix_is_the_catalogue_s() {
    committed::compare(&in_crate("tests/nets/role_matrix.txt"), &matrix());
}

#[test]
fn every_role_that_the_reference_names_may_call() {
    let reference = Reference::load();
    let mut wrong = Vec::new();
    for method in reference.current() {
        let name = method["name"].as_str().unwrap();
        for role in texts(&method["roles"]) {
            let known = Role::from_name(&role).unwrap_or_else(|| panic!("{name} names an unknown role {role}"));
            if !rights_hold(Some(known), name) {
                wrong.push(format!("{role} may not call {name}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_other_role_may_call_than_the_reference_names() {
    let reference = Reference::load();
    let mut wrong = Vec::new();
    for method in reference.current() {
        let (name, roles) = (method["name"].as_str().unwrap(), texts(&method["roles"]));
        let named = |role: Role| roles.iter().any(|other| Role::from_name(other) == Some(role));
        // Editor and Viewer are ours, and an Owner may call everything.
        let others = Role::ALL.into_iter().filter(|role| !named(*role) && ![Role::Owner, Role::Editor, Role::Viewer].contains(role));
        wrong.extend(others.filter(|role| !roles.is_empty() && rights_hold(Some(*role), name)).map(|role| format!("{} may call {name}", role.name())));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_key_without_roles_may_call_exactly_the_basic_methods() {
    let reference = Reference::load();
    let mut basic: Vec<&str> = reference.current().filter(|method| method["basic"] == true).map(|method| method["name"].as_str().unwrap()).collect();
    basic.sort_unstable();
    let of_reference = Catalogue::get().entries().iter().filter(|entry| entry.origin() == Origin::Reference);
    let may: Vec<&str> = of_reference.map(Entry::name).filter(|name| rights_hold(None, name)).collect();
    assert_eq!(may, basic);
}

#[test]
fn an_owner_may_call_everything_that_a_key_can() {
    for entry in Catalogue::get().entries() {
        assert_eq!(rights_hold(Some(Role::Owner), entry.name()), entry.access().is_for_keys(), "{}", entry.name());
    }
}

#[test]
fn a_viewer_writes_nothing_that_needs_a_role() {
    for entry in Catalogue::get().entries().iter().filter(|entry| entry.kind() == cordboard_api::registry::Kind::Write) {
        let by_list = matches!(entry.access(), Access::Basic | Access::AnyRole);
        assert!(by_list || !rights_hold(Some(Role::Viewer), entry.name()), "{}", entry.name());
    }
}
