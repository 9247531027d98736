//! Functions of other languages, and what they are called here: what a newcomer's fingers write first.
//!
//! The names are those of Terraform's built-ins, of sprig (Helm), of Python, Jsonnet, CUE and Pkl.

/// What stands for a function of another language.
pub(super) enum Habit {
    /// A function of the library that does the same.
    Function(&'static str),
    /// Something of the language, as a sentence.
    Sentence(&'static str),
}

/// What a function that other languages have is here; nothing if none of them has it.
pub(super) fn habit(name: &str) -> Option<Habit> {
    let theirs = |(_, theirs): &&(&str, &[&str])| theirs.contains(&name);
    let function = FUNCTIONS.iter().find(theirs).map(|(ours, _)| Habit::Function(ours));
    function.or_else(|| SENTENCES.iter().find(theirs).map(|(says, _)| Habit::Sentence(says)))
}

/// A function of the library, and what others call it.
const FUNCTIONS: &[(&str, &[&str])] = &[
    ("cidr-host", &["cidrhost", "cidr_host", "host", "host-at"]),
    ("cidr-subnet", &["cidrsubnet", "cidr_subnet", "subnet"]),
    ("cidr-prefix", &["cidrnetmask", "netmask"]),
    ("unique", &["distinct", "uniq", "toset", "set", "dedup"]),
    ("sort", &["sorted", "sortAlpha", "sort_by"]),
    ("reverse", &["reversed"]),
    ("largest", &["maximum", "maxOf"]),
    ("smallest", &["minimum", "minOf"]),
    ("every", &["all", "alltrue"]),
    ("any", &["anytrue", "some"]),
    ("trim", &["strip", "trimspace", "trimSpace"]),
    ("upper", &["toUpper", "toupper", "upcase", "asciiUpper"]),
    ("lower", &["toLower", "tolower", "downcase", "asciiLower"]),
    ("title-case", &["title", "capitalize"]),
    ("starts-with", &["startswith", "startsWith", "hasPrefix", "has_prefix"]),
    ("ends-with", &["endswith", "endsWith", "hasSuffix", "has_suffix"]),
    ("truncate", &["substr", "trunc", "take"]),
    ("lines", &["splitlines", "splitLines"]),
    ("matches", &["regex", "regexMatch", "regexall", "mustRegexMatch"]),
    ("parse-int", &["int", "atoi", "tonumber", "parseInt", "toInt"]),
    ("parse-float", &["float", "float64", "parseFloat"]),
    ("to-json", &["jsonencode", "toJson", "manifestJson", "dumps"]),
    ("to-yaml", &["yamlencode", "toYaml", "manifestYamlDoc"]),
    ("parse-json", &["jsondecode", "fromJson", "parseJson"]),
    ("parse-yaml", &["yamldecode", "fromYaml", "parseYaml"]),
    ("base64-encode", &["b64enc", "base64encode", "base64"]),
    ("base64-decode", &["b64dec", "base64decode"]),
    ("sha256", &["sha256sum", "sha256hex"]),
    ("url-encode", &["urlencode", "urlquery", "urlEncode"]),
    ("map-of", &["zipmap", "dict"]),
    ("chunk", &["chunklist"]),
    ("read", &["file", "importstr", "readfile", "open"]),
    ("index-of", &["index", "indexOf", "find"]),
    ("version-compare", &["semver", "semverCompare"]),
    ("merge", &["mergeOverwrite", "mergePatch"]),
    ("slug", &["slugify", "kebabcase"]),
    ("power", &["pow"]),
    ("ceil", &["ceiling"]),
];

/// What the language has instead, and the functions that do it elsewhere.
const SENTENCES: &[(&str, &[&str])] = &[
    (
        "`length` counts a list, `size` a map, `char-count` the characters of a text",
        &["len", "count", "sizeof", "strlen"],
    ),
    (
        "a text takes values in holes: `\"\\(x)\"`",
        &["str", "string", "tostring", "toString", "format", "printf", "sprintf", "quote"],
    ),
    (
        "`a + b` joins two lists, `field += [..]` appends to an inherited one",
        &["concat", "append", "extend"],
    ),
    ("`x ?? other` stands in where `x` is absent", &["coalesce", "default", "try", "getOrElse"]),
    ("write `if condition then a else b`", &["ternary", "cond", "iif"]),
    (
        "`xs[0]` is an item of a list, `get(map, key, default)` an entry of a map",
        &["lookup", "element", "at"],
    ),
    (
        "a comprehension does it: `[f(x) for x in xs if c(x)]`",
        &["map", "filter", "filterMap", "flatMap", "foldl", "reduce"],
    ),
    ("a loop counts: `for i, x in xs`", &["enumerate"]),
    ("ask `x is absent`, or `key in keys(map)`", &["can", "has", "defined", "hasKey", "isset"]),
    (
        "types are known before anything is computed; `x is Proxmox` asks for a member",
        &["type", "typeof", "isinstance", "kindOf"],
    ),
    (
        "nothing has to be indented: what stands in a field is data, and the output is written from it",
        &["nindent"],
    ),
    (
        "what several blocks share is a `preset`, a `component` or a `fn`",
        &["include", "template", "tpl", "import"],
    ),
    (
        "every build of the same sources gives the same bytes: there is no clock and no chance",
        &["now", "timestamp", "date", "uuid", "uuidv4", "random", "randAlphaNum"],
    ),
    (
        "a build reads its sources only, no variables of the machine: declare a field or an input",
        &["env", "getenv", "environ", "requiredEnv"],
    ),
];

#[cfg(test)]
mod tests {
    use super::{FUNCTIONS, SENTENCES};

    const LIBRARY: &str = concat!(
        include_str!("../../stdlib/prelude/alerts.iflux"),
        include_str!("../../stdlib/prelude/encodings.iflux"),
        include_str!("../../stdlib/prelude/later.iflux"),
        include_str!("../../stdlib/prelude/lists.iflux"),
        include_str!("../../stdlib/prelude/maps.iflux"),
        include_str!("../../stdlib/prelude/networks.iflux"),
        include_str!("../../stdlib/prelude/numbers.iflux"),
        include_str!("../../stdlib/prelude/quantities.iflux"),
        include_str!("../../stdlib/prelude/texts.iflux"),
        include_str!("../../stdlib/prelude/times.iflux"),
    );

    fn is_declared(name: &str) -> bool {
        LIBRARY.contains(&format!("\nextern fn {name}("))
    }

    #[test]
    fn every_proposal_is_a_function_of_the_library() {
        for (ours, _) in FUNCTIONS {
            assert!(is_declared(ours), "{ours}");
        }
    }

    #[test]
    fn no_function_of_the_library_is_taken_for_a_strange_one() {
        for theirs in FUNCTIONS.iter().chain(SENTENCES).flat_map(|(_, theirs)| *theirs) {
            assert!(!is_declared(theirs), "{theirs}");
        }
    }

    #[test]
    fn a_name_stands_for_one_thing() {
        let mut all: Vec<&str> =
            FUNCTIONS.iter().chain(SENTENCES).flat_map(|(_, theirs)| *theirs).copied().collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
