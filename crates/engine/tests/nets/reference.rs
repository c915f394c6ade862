//! The surface of the runtime as the reference has it.

use serde_json::Value;

#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    Function,
    Class,
    Method,
    Property,
    /// With its value, unless the reference does not say it.
    Constant(Option<Value>),
}

#[derive(Clone, Debug)]
pub struct Name {
    /// `AMD.create`, `ASR`, `ASR#stop`, `CallEvents.Connected`.
    pub path: String,
    pub kind: Kind,
    /// The module that brings its global name.
    pub needs: Option<String>,
    /// Newer than the declarations that the reference is built on.
    pub later: bool,
}

pub fn list<'a>(of: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    of[name].as_array().into_iter().flatten()
}

pub fn text(of: &Value, name: &str) -> String {
    of[name].as_str().unwrap().to_owned()
}

pub fn surface() -> Value {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference/voxengine-surface.json");
    serde_json::from_str(&std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))).unwrap()
}

pub struct Reader {
    names: Vec<Name>,
    modules: Vec<String>,
}

impl Reader {
    /// Namespaces that have a module's name need it (voxengine.md §1), others when the declarations say so.
    fn needs(&self, path: &str, said: Option<&str>) -> Option<String> {
        let global = path.split(['.', '#']).next().unwrap();
        let of_same_name = self.modules.iter().find(|module| *module == global);
        said.map(str::to_owned).or_else(|| of_same_name.cloned())
    }

    fn add(&mut self, path: String, kind: Kind, said: Option<&str>, later: bool) {
        if self.names.iter().any(|name| name.path == path) {
            return;
        }
        let needs = self.needs(&path, said);
        self.names.push(Name { path, kind, needs, later });
    }

    fn space(&mut self, prefix: &str, of: &Value, said: Option<&str>) {
        let said = of["requires"].as_str().or(said);
        let needs = |item: &Value| item["requires"].as_str().or(said).map(str::to_owned);
        for function in list(of, "functions") {
            self.add(format!("{prefix}{}", text(function, "name")), Kind::Function, needs(function).as_deref(), false);
        }
        for class in list(of, "classes") {
            let path = format!("{prefix}{}", text(class, "name"));
            let said = needs(class);
            self.add(path.clone(), Kind::Class, said.as_deref(), false);
            for method in list(class, "methods") {
                self.add(format!("{path}#{}", text(method, "name")), Kind::Method, said.as_deref(), false);
            }
            for property in list(class, "properties") {
                self.add(format!("{path}#{}", text(property, "name")), Kind::Property, said.as_deref(), false);
            }
        }
        for of_enum in list(of, "enums") {
            let path = format!("{prefix}{}", text(of_enum, "name"));
            for member in list(of_enum, "members") {
                self.add(format!("{path}.{}", text(member, "name")), Kind::Constant(Some(member["value"].clone())), needs(of_enum).as_deref(), false);
            }
        }
        for constants in list(of, "constants") {
            let kind = if constants["type"] == "Voice" { Kind::Constant(None) } else { Kind::Function };
            for name in list(constants, "names") {
                self.add(format!("{prefix}{}", name.as_str().unwrap()), kind.clone(), said, false);
            }
        }
        for (name, inner) in of["namespaces"].as_object().into_iter().flatten() {
            self.space(&format!("{prefix}{name}."), inner, said);
        }
    }

    fn later(&mut self, of: &Value) {
        for name in list(of, "added_names").filter_map(Value::as_str) {
            if let Some(module) = name.strip_prefix("Modules.") {
                self.modules.push(module.to_owned());
                self.add(name.to_owned(), Kind::Constant(Some(Value::from(module.to_ascii_lowercase()))), None, true);
            }
        }
        for event in list(of, "added_event_payloads") {
            self.add(format!("{}.{}", text(event, "group"), text(event, "name")), Kind::Constant(Some(event["value"].clone())), None, true);
        }
        for name in list(of, "added_names").filter_map(Value::as_str) {
            if let Some(path) = name.strip_prefix("class ") {
                // What was a list of constants has become a class; it stays one.
                if !self.names.iter().any(|other| other.path.starts_with(&format!("{path}."))) {
                    self.add(path.to_owned(), Kind::Class, None, true);
                }
            } else if let Some(path) = name.strip_suffix("()") {
                self.add(path.to_owned(), if path.contains('#') { Kind::Method } else { Kind::Function }, None, true);
            }
        }
    }
}

/// Every name, in the order of their paths.
pub fn names() -> Vec<Name> {
    let surface = surface();
    let mut reader = Reader { names: Vec::new(), modules: list(&surface, "modules").map(|module| text(module, "name")).collect() };
    for module in list(&surface, "modules") {
        reader.add(format!("Modules.{}", text(module, "name")), Kind::Constant(Some(module["value"].clone())), None, false);
    }
    reader.space("", &surface["global"], None);
    for (name, space) in surface["namespaces"].as_object().unwrap() {
        reader.space(&format!("{name}."), space, None);
    }
    for (group, of) in surface["events"].as_object().unwrap() {
        for event in list(of, "events") {
            reader.add(format!("{group}.{}", text(event, "name")), Kind::Constant(Some(event["value"].clone())), of["requires"].as_str(), false);
        }
    }
    reader.later(&surface["later_additions"]);
    let mut names = reader.names;
    names.sort_by(|a, b| a.path.to_lowercase().cmp(&b.path.to_lowercase()).then_with(|| a.path.cmp(&b.path)));
    names
}

/// Fields that the interfaces of VoximplantAPI type as dates.
pub fn dates() -> Vec<String> {
    let surface = surface();
    let interfaces = list(&surface["namespaces"]["VoximplantAPI"], "interfaces").flat_map(|of| list(of, "properties"));
    let mut dates: Vec<_> = interfaces.filter(|field| field["type"].as_str().is_some_and(|of| of.contains("Date"))).map(|field| text(field, "name")).collect();
    dates.sort();
    dates.dedup();
    dates
}
