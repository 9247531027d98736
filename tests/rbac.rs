//! Laws of rights: what teams are given is judged by the judge of what people write.

use infraflux::driver::{MemoryWorld, Session};
use infraflux::rbac::{Around, judge};
use serde_json::Value;

use crate::network::Json;

/// The roles and bindings of a team, and the namespaces that they stand in.
fn written(access: &str) -> Vec<Value> {
    let program = format!(
        "environment prod {{}}
external cluster one {{ environment = prod, kubernetes = \"v1.34.2\" }}
namespace * {{ clusters = [one], quota {{ cpu = 1, memory = 1Gi, pods = 9 }} }}
namespace shop {{}}
namespace search {{}}
namespace others {{}}
team shop {{ clusters = [one], namespaces = [shop, search], group = \"shop\", access = \"{access}\" }}
"
    );
    let mut session = Session::load(&MemoryWorld::new([("main.iflux", program.as_str())]));
    let plan = session.build();
    let plan = plan.unwrap_or_else(|| panic!("{:#?}", session.diagnostics()));
    let files = plan.files.iter().filter(|file| file.path.contains("/team-"));
    let texts = files.map(|file| std::str::from_utf8(&file.bytes).unwrap());
    texts
        .flat_map(serde_yaml::Deserializer::from_str)
        .map(|it| <Value as serde::Deserialize>::deserialize(it).unwrap())
        .collect()
}

#[test]
fn rights_of_teams_are_no_more_than_they_say() {
    for access in ["view", "deploy", "operate"] {
        let objects: Vec<Json> = written(access).iter().map(Json::new).collect();
        assert_eq!(objects.len(), 4, "a role and a binding in each of two namespaces");
        let around = Around { has_all_roles: true, has_all_accounts: &|_| true };
        let found = judge(&objects, &objects, &around);
        let codes: Vec<&str> = found.iter().map(|it| it.code.as_str()).collect();
        // Who operates runs commands in pods: that is what it is for.
        let expected = if access == "operate" { 4 } else { 0 };
        assert_eq!(codes, vec!["rbac/escalation"; expected], "{access}: {found:#?}");
    }
}

#[test]
fn teams_may_not_change_what_holds_them() {
    const HELD: [&str; 9] = [
        "secrets",
        "roles",
        "rolebindings",
        "networkpolicies",
        "resourcequotas",
        "limitranges",
        "serviceaccounts",
        "serviceaccounts/token",
        "namespaces",
    ];
    for access in ["view", "deploy", "operate"] {
        for object in written(access) {
            let space = object.pointer("/metadata/namespace").and_then(Value::as_str).unwrap();
            assert!(["shop", "search"].contains(&space), "{space}");
            assert!(["Role", "RoleBinding"].contains(&object["kind"].as_str().unwrap()));
            for rule in object["rules"].as_array().into_iter().flatten() {
                let list = |name: &str| -> Vec<&str> {
                    rule[name].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect()
                };
                let changes = list("verbs").iter().any(|it| !["get", "list", "watch"].contains(it));
                let held: Vec<&str> =
                    list("resources").into_iter().filter(|it| HELD.contains(it)).collect();
                assert!(!changes || held.is_empty(), "{access}: {rule}");
                assert!(!held.contains(&"secrets"), "{access}: {rule}");
            }
        }
    }
}
