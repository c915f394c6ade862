//! The catalogue is whole: every file is registered, every row is read, every method of the reference is there.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use cordboard_api::{
    declared,
    registry::{Catalogue, Entry, METHODS, Rights},
};

use crate::{committed::in_crate, reference::Reference};

/// The files under `methods/<group>/` that define a method.
fn files_with_methods() -> BTreeSet<PathBuf> {
    let folders = fs::read_dir(in_crate("src/methods")).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    let files = folders.flat_map(|folder| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>());
    let files = files.filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    files.filter(|path| fs::read_to_string(path).unwrap().contains("#[method")).collect()
}

/// `Method.file` is relative to the workspace.
fn path_of(file: &str) -> PathBuf {
    in_crate(Path::new(file).strip_prefix("crates/api").unwrap().to_str().unwrap())
}

#[test]
fn every_file_of_a_method_is_registered() {
    let registered: BTreeSet<PathBuf> = METHODS.iter().map(|method| path_of(method.file)).collect();
    let found = files_with_methods();
    assert_eq!(registered.len(), METHODS.len(), "two methods share a file");
    let missing: Vec<_> = found.difference(&registered).collect();
    assert!(missing.is_empty(), "not registered, add a mod line: {missing:?}");
    assert_eq!(found, registered);
}

#[test]
fn a_method_is_found_under_its_name_in_snake_case() {
    for method in METHODS {
        let path = path_of(method.file);
        let stem = path.file_stem().unwrap().to_str().unwrap();
        let text = fs::read_to_string(&path).unwrap();
        let after = text.split_once("#[method").unwrap().1;
        assert!(after.split_once("pub async fn ").unwrap().1.starts_with(&format!("{stem}(")), "{}: the handler must be named {stem}", method.file);
        let letters = |text: &str| text.chars().filter(|c| *c != '_').collect::<String>().to_lowercase();
        assert_eq!(letters(stem), letters(method.name), "{}", method.file);
    }
}

#[test]
fn the_methods_of_a_folder_are_one_group() {
    let folders: BTreeSet<(PathBuf, &str)> = METHODS.iter().map(|method| (path_of(method.file).parent().unwrap().to_owned(), *method.group)).collect();
    let groups: BTreeSet<&str> = folders.iter().map(|(_, group)| *group).collect();
    assert_eq!(folders.len(), groups.len(), "{folders:?}");
}

#[test]
fn no_method_is_both_real_and_declared() {
    let both: Vec<&str> = METHODS.iter().map(|method| method.name).filter(|name| declared::table().iter().any(|row| row.name == *name)).collect();
    assert!(both.is_empty(), "these are built, so their rows of declared.txt can go: {both:?}");
}

#[test]
fn every_line_of_the_declared_table_is_read() {
    let read: Vec<&str> = declared::table().iter().map(|row| row.name).collect();
    let unread: Vec<&str> = declared::lines().filter(|line| !read.contains(&line.split('\t').next().unwrap_or_default())).collect();
    assert!(unread.is_empty(), "these rows cannot be read: {unread:#?}");
    assert_eq!(declared::lines().count(), declared::table().len());
    for (line, row) in declared::lines().zip(declared::table()) {
        let cells: Vec<&str> = line.split('\t').collect();
        let words = |cell: &str| if cell == "-" { 0 } else { cell.split(' ').count() };
        assert_eq!((words(cells[5]), words(cells[6])), (row.params.len(), row.returns.len()), "{}: a parameter or member has no type", row.name);
    }
}

#[test]
fn every_method_of_the_reference_is_real_or_declared() {
    let reference = Reference::load();
    let names: Vec<&str> = reference.current().map(|method| method["name"].as_str().unwrap()).collect();
    let missing: Vec<&str> = names.iter().copied().filter(|name| Catalogue::get().find(name).is_none()).collect();
    assert!(missing.is_empty(), "not in the catalogue: {missing:?}");
    assert!(names.len() > 150, "the reference has only {} methods", names.len());
}

#[test]
fn a_declared_method_is_one_of_the_reference() {
    let reference = Reference::load();
    let unknown: Vec<&str> = declared::table().iter().map(|row| row.name).filter(|name| !reference.methods.iter().any(|method| method["name"] == *name)).collect();
    assert!(unknown.is_empty(), "declared, but the reference does not have them: {unknown:?}");
}

#[test]
fn both_spellings_of_one_name_are_one_method() {
    let find = |name| Catalogue::get().find(name).map(|entry| entry.name());
    assert_eq!(find("LinkRegulationAddress"), find("LinkregulationAddress"));
    assert!(find("LinkRegulationAddress").is_some());
}

#[test]
fn names_are_sorted_and_unique() {
    let names: Vec<&str> = Catalogue::get().entries().iter().map(Entry::name).collect();
    for pair in names.windows(2) {
        assert!(pair[0] < pair[1], "{pair:?}");
    }
}

#[test]
fn a_set_of_rights_has_room_for_every_method() {
    let methods = Catalogue::get().entries().len();
    assert!(methods <= Rights::MOST, "{methods} methods, but Rights holds {}", Rights::MOST);
}
