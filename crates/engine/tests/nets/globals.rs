use crate::{committed, live::told};

#[test]
fn authors_see_these_globals_and_no_others() {
    let names: Vec<String> = serde_json::from_value(told("tell(Object.getOwnPropertyNames(globalThis).filter((name) => name !== 'tell').sort())")).unwrap();
    committed("tests/nets/globals.txt", &(names.join("\n") + "\n"));
}

#[test]
fn nothing_leads_from_the_globals_to_the_ops() {
    let leaks = told(
        "const seen = new Set(), found = [];
         const look = (value, path) => {
             if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return;
             seen.add(value);
             for (const name of Reflect.ownKeys(value)) {
                 if (name === 'randomBytes' || name === 'setCustomData') found.push(path);
                 let next; try { next = value[name]; } catch { continue; }
                 look(next, `${path}.${String(name)}`);
             }
             look(Object.getPrototypeOf(value), `${path}.prototype`);
         };
         look(globalThis, '');
         tell(found);",
    );
    assert_eq!(leaks, serde_json::json!([]));
}
