//! Laws of the evaluator over generated programs: order means nothing, twice is the same, and evaluation ends.

use std::fmt::Write as _;

use infraflux::driver::{MemoryWorld, Session};
use proptest::prelude::*;

use crate::runs::{Chance, deep};

fn world(files: &[(String, String)]) -> MemoryWorld {
    MemoryWorld::new(files.iter().map(|(path, text)| (path.as_str(), text.as_str())))
}

/// Path and text of every file that is written, without the line that names the source.
fn build(files: &[(String, String)]) -> Vec<(String, String)> {
    let world = world(files);
    let mut session = Session::load(&world);
    let plan = session.build();
    let found: Vec<_> = session.diagnostics().iter().map(|found| found.title.clone()).collect();
    let plan = plan.unwrap_or_else(|| panic!("it builds: {found:#?}\n{files:#?}"));
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    let rest = |text: String| text.split_once('\n').expect("a first line").1.to_owned();
    plan.files.into_iter().map(|file| (file.path, rest(text(file.bytes)))).collect()
}

/// The codes of what is found.
fn check(files: &[(String, String)]) -> Vec<String> {
    let world = world(files);
    let mut session = Session::load(&world);
    session.check();
    session.diagnostics().iter().map(|found| found.code.as_str().to_owned()).collect()
}

/// An item of a program: a head, and members whose order means nothing; or a whole.
#[derive(Clone, Debug)]
struct Item {
    head: String,
    members: Vec<Item>,
}

impl Item {
    fn whole(text: impl Into<String>) -> Self {
        Self { head: text.into(), members: Vec::new() }
    }

    fn block(head: impl Into<String>, members: Vec<Self>) -> Self {
        Self { head: head.into(), members }
    }

    fn print(&self, depth: usize, out: &mut String) {
        let indent = "  ".repeat(depth);
        if self.members.is_empty() {
            let _ = writeln!(out, "{indent}{}", self.head);
            return;
        }
        let _ = writeln!(out, "{indent}{} {{", self.head);
        for member in &self.members {
            member.print(depth + 1, out);
        }
        let _ = writeln!(out, "{indent}}}");
    }

    /// The same with its members in another order.
    fn mixed(&self, chance: &mut Chance) -> Self {
        let mut members: Vec<Self> =
            self.members.iter().map(|member| member.mixed(chance)).collect();
        chance.shuffle(&mut members);
        Self { head: self.head.clone(), members }
    }
}

/// What a generated team is made of.
#[derive(Clone, Debug)]
struct Team {
    size: u8,
    spare: bool,
    by: bool,
    strict: bool,
    amends: bool,
    extra: u8,
}

fn team() -> impl Strategy<Value = Team> {
    (1..9_u8, any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), 0..3_u8).prop_map(
        |(size, spare, by, strict, amends, extra)| Team { size, spare, by, strict, amends, extra },
    )
}

/// A platform in which everything of the language leads to something else.
fn platform(teams: &[Team], base: u8, loops: u8) -> Vec<Item> {
    let whole = |text: &str| Item::whole(text);
    let mut items = vec![
        whole("environment dev {}"),
        whole("environment prod { after = dev }"),
        whole("external cluster a { environment = dev, kubernetes = \"v1.34.2\" }"),
        whole("external cluster b { environment = prod, kubernetes = \"v1.34.2\" }"),
        whole("external cluster c { environment = prod, kubernetes = \"v1.34.2\" }"),
        Item::whole(format!("let base = {base}")),
        whole("let places = [a, b, c]"),
        whole("fn scaled(n: Int, times: Int = 2) -> Int = n * times + base"),
        whole(
            "fn words(n: Int) -> String = match n { 1 => \"one\", 2 | 3 => \"few\", _ => \"many\" }",
        ),
        Item::block(
            "preset Sized for Namespace",
            vec![
                whole("pod-security = \"baseline\""),
                Item::block("quota", vec![whole("pods = base + 3"), whole("memory = 8Gi")]),
            ],
        ),
        Item::block(
            "preset Strict for Namespace : Sized",
            vec![
                whole("override pod-security = \"restricted\""),
                Item::block(
                    "quota",
                    vec![whole("override pods = (inherited ?? 0) * 2"), whole("cpu = 500m")],
                ),
            ],
        ),
        Item::block("namespace *", vec![whole("protect = false")]),
        Item::block(
            "component Inner",
            vec![
                whole("pods: Int(0..)"),
                whole("out twice: Int = pods * 2"),
                Item::block(
                    "namespace part",
                    vec![Item::block("quota", vec![whole("pods = pods")])],
                ),
            ],
        ),
        Item::block(
            "component Squad",
            vec![
                whole("key name: Name"),
                whole("size: Int(0..)"),
                whole("spare: Bool = false"),
                whole("extra: Int(0..) = 0"),
                whole("let sum = size + 1"),
                Item::block(
                    "namespace main : Sized",
                    vec![
                        whole("annotations = { \"acme.example/size\" = words(size) }"),
                        Item::block("quota", vec![whole("override pods = scaled(sum)")]),
                    ],
                ),
                Item::block("inner deep", vec![whole("pods = scaled(size, times = 3)")]),
                Item::block(
                    "if spare",
                    vec![Item::block(
                        "namespace spare",
                        vec![whole("pod-security = \"privileged\"")],
                    )],
                ),
                Item::block(
                    "for i in range(0, extra)",
                    vec![Item::block(
                        "namespace \"more-\\(i)\"",
                        vec![Item::block("quota", vec![whole("pods = i + sum")])],
                    )],
                ),
                whole("out pods: Int = inner.deep.twice"),
            ],
        ),
        whole("let all-pods = sum([t.pods for t in all Squad])"),
        Item::block(
            "namespace totals",
            vec![
                whole("clusters = [a]"),
                whole("annotations = { \"acme.example/pods\" = \"\\(all-pods)\" }"),
            ],
        ),
    ];
    for (number, team) in teams.iter().enumerate() {
        let size = team.size;
        let mut members = vec![Item::whole(format!("spare = {}", team.spare))];
        members.push(whole("clusters = places"));
        members.push(Item::whole(format!("extra = {}", team.extra)));
        members.push(Item::whole(format!("size = {size}")));
        let mut main = Vec::new();
        if team.strict {
            main.push(whole("override pod-security = \"restricted\""));
        }
        if team.by {
            main.push(Item::block(
                "by environment",
                vec![
                    Item::block("dev", vec![whole("labels.stage = \"early\"")]),
                    Item::block("prod", vec![whole("labels.stage = \"late\"")]),
                ],
            ));
        }
        if team.amends {
            let formula = "override pods = (inherited ?? 0) + base";
            main.push(Item::block("quota", vec![whole(formula)]));
        }
        if !main.is_empty() {
            members.push(Item::block("namespace main", main));
        }
        items.push(Item::block(format!("squad t{number}"), members));
    }
    let names: Vec<String> = (0..loops).map(|number| format!("\"l{number}\"")).collect();
    items.push(Item::block(
        format!("for i, name in [{}]", names.join(", ")),
        vec![Item::block(
            "namespace \"loop-\\(name)\" : Strict",
            vec![
                whole("clusters = [b]"),
                Item::block(
                    "quota",
                    vec![whole("override cpu = by environment { prod = 2, else = 1 }")],
                ),
                Item::block(
                    "if i > 0",
                    vec![whole("annotations = { \"acme.example/i\" = \"\\(i)\" }")],
                ),
            ],
        )],
    ));
    items
}

fn printed(items: &[Item]) -> String {
    let mut text = String::new();
    for item in items {
        item.print(0, &mut text);
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn order_means_nothing_and_twice_is_the_same(
        teams in prop::collection::vec(team(), 1..4), base in 0..5_u8, loops in 1..4_u8, seed in 1..u64::MAX,
    ) {
        let items = platform(&teams, base, loops);
        let one = vec![("main.iflux".to_owned(), printed(&items))];
        let expected = deep(|| build(&one));
        prop_assert!(expected.len() > 3, "something is written: {}", expected.len());
        prop_assert_eq!(&deep(|| build(&one)), &expected, "a second time");
        let mut chance = Chance(seed);
        let mut mixed: Vec<Item> = items.iter().map(|item| item.mixed(&mut chance)).collect();
        chance.shuffle(&mut mixed);
        let mut files: Vec<(String, String)> =
            ["a", "m", "z"].iter().map(|name| (format!("{name}.iflux"), String::new())).collect();
        for item in &mixed {
            let place = chance.below(files.len());
            item.print(0, &mut files[place].1);
        }
        prop_assert_eq!(&deep(|| build(&files)), &expected, "{:#?}", files);
    }
}

/// A program of one construct that leads to itself `length` times; how it is made, and whether its cost doubles.
fn chain(way: usize, length: usize) -> (String, bool) {
    let mut text =
        "kind Box {\n  key name: Name\n  count: Int = 1\n  note: String = \"\"\n}\n".to_owned();
    let steps = |text: &mut String, first: &str, step: &dyn Fn(usize) -> String| {
        text.push_str(first);
        for index in 1..=length {
            text.push_str(&step(index));
        }
    };
    let last = length;
    let doubles = match way {
        0 => {
            steps(&mut text, "let a0 = 1\n", &|i| format!("let a{i} = a{} + 1\n", i - 1));
            let _ = writeln!(text, "box b {{ count = a{last} }}");
            false
        }
        1 => {
            steps(&mut text, "fn f0(n: Int) -> Int = n\n", &|i| {
                format!("fn f{i}(n: Int) -> Int = f{}(n + 1)\n", i - 1)
            });
            let _ = writeln!(text, "box b {{ count = f{last}(1) }}");
            false
        }
        2 => {
            steps(&mut text, "fn f0(n: Int) -> Int = n\n", &|i| {
                let before = i - 1;
                format!("fn f{i}(n: Int) -> Int = f{before}(n + 1) - f{before}(n)\n")
            });
            let _ = writeln!(text, "box b {{ count = f{last}(1) }}");
            true
        }
        3 => {
            steps(&mut text, "preset P0 for Box { count = 1 }\n", &|i| {
                format!("preset P{i} for Box : P{} {{ override count = inherited + 1 }}\n", i - 1)
            });
            let _ = writeln!(text, "box b : P{last} {{}}");
            false
        }
        4 => {
            let clauses: String =
                (0..length.min(400)).map(|i| format!(" for x{i} in [0, 1]")).collect();
            let _ = writeln!(text, "box b {{ count = length([1{clauses}]) }}");
            true
        }
        5 => {
            for index in 0..length {
                let _ = writeln!(text, "component C{index} {{ c{} a {{}} }}", index + 1);
            }
            let _ = writeln!(text, "component C{last} {{ box b {{}} }}\nc0 x {{}}");
            false
        }
        6 => {
            for index in 0..length {
                let next = index + 1;
                let _ = writeln!(text, "component C{index} {{ c{next} a {{}}, c{next} b {{}} }}");
            }
            let _ = writeln!(text, "component C{last} {{ box b {{}} }}\nc0 x {{}}");
            true
        }
        7 => {
            let loops: String =
                (0..length.min(60)).map(|i| format!("for x{i} in [0, 1] {{ ")).collect();
            let holes: String = (0..length.min(60)).map(|i| format!("\\(x{i})")).collect();
            let _ = writeln!(text, "{loops}box \"b{holes}\" {{}}{}", " }".repeat(length.min(60)));
            true
        }
        8 => {
            steps(&mut text, "let a0 = \"x\"\n", &|i| {
                let before = i - 1;
                format!("let a{i} = \"\\(a{before})\\(a{before})\"\n")
            });
            let _ = writeln!(text, "box b {{ note = a{last} }}");
            true
        }
        9 => {
            steps(&mut text, "let a0 = [1]\n", &|i| {
                let before = i - 1;
                format!("let a{i} = [...a{before}, ...a{before}]\n")
            });
            let _ = writeln!(text, "box b {{ count = length(a{last}) }}");
            true
        }
        10 => {
            let tests: String = (0..length).map(|i| format!("if {i} == {i} then ")).collect();
            let others = " else 0".repeat(length);
            let _ = writeln!(text, "box b {{ count = {tests}1{others} }}");
            false
        }
        _ => {
            // A use whose inputs lead through the `out`s of all others.
            text.push_str("component S { n: Int, box b { count = n }, out v: Int = n + 1 }\n");
            for index in 0..length {
                let _ = writeln!(text, "s u{index:06} {{ n = u{:06}.v }}", index + 1);
            }
            let _ = writeln!(text, "s u{last:06} {{ n = 1 }}");
            false
        }
    };
    (text, doubles)
}

/// Small limits, so that programs past them end soon.
const LIMITS: &str =
    "[limits]\nsteps = 300_000\nentries = 20_000\ntext-bytes = 100_000\ndepth = 500\n";

/// Longer than anything may lead on within these limits.
const LONG: usize = 1_200;

/// What may be said of a program that leads too far.
const LIMIT_CODES: [&str; 5] =
    ["eval/budget", "syntax/too-deep", "syntax/too-many", "text/name", "type/cycle"];

fn ends(way: usize, length: usize) {
    let (text, doubles) = chain(way, length);
    let files = [("main.iflux".to_owned(), text), ("iflux.toml".to_owned(), LIMITS.to_owned())];
    let found = deep(|| check(&files));
    let shown = format!("way {way}, length {length}: {found:?}");
    assert!(found.iter().all(|code| LIMIT_CODES.contains(&code.as_str())), "{shown}");
    // One cause, one finding; a name that is too long is told of each block.
    let distinct: std::collections::BTreeSet<&String> = found.iter().collect();
    assert!(distinct.len() <= 1, "{shown}");
    if length <= 8 {
        assert!(found.is_empty(), "short ones have values: {shown}");
    }
    if length >= LONG || (doubles && length >= 40) {
        assert!(!found.is_empty(), "long ones are told of: {shown}");
    }
}

/// How many ways [`chain`] knows.
const WAYS: usize = 12;

#[test]
fn every_construct_ends_however_long() {
    for way in 0..WAYS {
        for length in [1, 8, 40, LONG] {
            ends(way, length);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn chains_of_any_length_end(way in 0..WAYS, length in 1..400_usize) {
        ends(way, length);
    }
}
