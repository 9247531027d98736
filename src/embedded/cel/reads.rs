//! What an expression reads, from its tree.

use cel::Program;
use cel::common::ast::{EntryExpr, Expr, IdedExpr, LiteralValue, SourceInfo};

use super::super::rego::{Foreign, ForeignKind, Read, Reads};
use super::super::text::extent;
use crate::source::Extent;

/// What is found in an expression.
pub(super) struct Found {
    pub reads: Reads,
    /// A name or function of Kubernetes that is not known here.
    pub unknown: Option<String>,
    pub loops: u32,
}

/// What an API server gives an expression, beside `variables`.
const GIVEN: [&str; 3] = ["object", "oldObject", "request"];

/// What only a cluster knows.
const OF_CLUSTER: [&str; 2] = ["namespaceObject", "authorizer"];

/// Names of types, which are values.
const TYPES: [&str; 10] =
    ["int", "uint", "double", "bool", "string", "bytes", "list", "map", "null_type", "type"];

/// Prefixes of functions: `sets.contains`, `math.greatest`, `optional.of`.
const NAMESPACES: [&str; 5] = ["sets", "math", "optional", "format", "cidr"];

/// Functions that Kubernetes has and this compiler runs.
pub const RUN: &[&str] = &[
    "size",
    "contains",
    "startsWith",
    "endsWith",
    "matches",
    "int",
    "uint",
    "double",
    "string",
    "bytes",
    "bool",
    "type",
    "dyn",
    "charAt",
    "indexOf",
    "lastIndexOf",
    "join",
    "lowerAscii",
    "upperAscii",
    "replace",
    "split",
    "substring",
    "trim",
    "format",
    "reverse",
    "slice",
    "flatten",
    "sort",
    "distinct",
    "orValue",
    "hasValue",
    "value",
    "or",
    "of",
    "none",
    "ofNonZeroValue",
    "min",
    "max",
];

/// Functions that Kubernetes has beside those.
const OF_KUBERNETES: &[&str] = &[
    "duration",
    "timestamp",
    "getDate",
    "getDayOfMonth",
    "getDayOfWeek",
    "getDayOfYear",
    "getFullYear",
    "getHours",
    "getMilliseconds",
    "getMinutes",
    "getMonth",
    "getSeconds",
    "isSorted",
    "sum",
    "find",
    "findAll",
    "url",
    "isURL",
    "getScheme",
    "getHost",
    "getHostname",
    "getPort",
    "getEscapedPath",
    "getQuery",
    "group",
    "serviceAccount",
    "resource",
    "subresource",
    "namespace",
    "name",
    "check",
    "path",
    "allowed",
    "reason",
    "errored",
    "error",
    "fieldSelector",
    "labelSelector",
    "quantity",
    "isQuantity",
    "sign",
    "isInteger",
    "asInteger",
    "asApproximateFloat",
    "add",
    "sub",
    "isLessThan",
    "isGreaterThan",
    "compareTo",
    "ip",
    "isIP",
    "isCanonical",
    "family",
    "isUnspecified",
    "isLoopback",
    "isLinkLocalMulticast",
    "isLinkLocalUnicast",
    "isGlobalUnicast",
    "cidr",
    "isCIDR",
    "containsIP",
    "containsCIDR",
    "masked",
    "prefixLength",
    "named",
    "validate",
    "semver",
    "isSemver",
    "major",
    "minor",
    "patch",
    "equivalent",
    "intersects",
    "transformList",
    "transformMap",
    "transformMapEntry",
    "greatest",
    "least",
    "optMap",
    "optFlatMap",
    "ceil",
    "floor",
    "round",
    "trunc",
    "abs",
];

/// Looks an expression over.
pub(super) fn found(text: &str, program: &Program) -> Found {
    let found = Found { reads: Reads::default(), unknown: None, loops: 0 };
    let mut walk = Walk { text, info: program.source_info(), found, scope: Vec::new(), depth: 0 };
    walk.expr(program.expression());
    walk.found.reads.parameters.sort_by_key(|it| it.at.start);
    walk.found.reads.parameters.dedup();
    walk.found
}

struct Walk<'t> {
    text: &'t str,
    info: &'t SourceInfo,
    found: Found,
    scope: Vec<String>,
    depth: u32,
}

impl Walk<'_> {
    /// Where a word stands: the first time that it is written, behind where its expression begins.
    fn place(&self, of: &IdedExpr, word: &str) -> Extent {
        let from = self.info.offset_for(of.id).map_or(0, |it| it.0 as usize);
        let find = |from: usize| {
            let rest = self.text.get(from..)?;
            rest.match_indices(word).map(|it| from + it.0).find(|&at| self.is_whole(at, word))
        };
        let at = find(from).or_else(|| find(0)).unwrap_or(0);
        extent(at, (at + word.len()).min(self.text.len()))
    }

    fn is_whole(&self, at: usize, word: &str) -> bool {
        let is_part = |it: Option<char>| it.is_some_and(|it| it.is_alphanumeric() || it == '_');
        let before = self.text.get(..at).and_then(|it| it.chars().next_back());
        let behind = self.text.get(at + word.len()..).and_then(|it| it.chars().next());
        !is_part(before) && !is_part(behind)
    }

    fn foreign(&mut self, kind: ForeignKind, of: &IdedExpr, written: &str) {
        let at = self.place(of, written);
        let is_known = self.found.reads.foreign.iter().any(|it| it.at == at);
        if !is_known {
            self.found.reads.foreign.push(Foreign { kind, written: written.to_owned(), at });
        }
    }

    /// The field that is asked for of `variables`, and whether it may be missing: `variables.params`, `has(variables.params.x)`.
    fn field(expr: &IdedExpr) -> Option<(&IdedExpr, &str, bool)> {
        match &expr.expr {
            Expr::Select(it) => Some((&*it.operand, it.field.as_str(), it.test)),
            Expr::Call(it) if it.target.is_none() => {
                let may_lack = match it.func_name.as_str() {
                    "_[_]" => false,
                    "_?._" | "_[?_]" => true,
                    _ => return None,
                };
                let [of, key] = it.args.as_slice() else { return None };
                let Expr::Literal(LiteralValue::String(key)) = &key.expr else { return None };
                Some((of, key.inner(), may_lack))
            }
            _ => None,
        }
    }

    fn is_variables(&self, expr: &IdedExpr) -> bool {
        matches!(&expr.expr, Expr::Ident(name) if name == "variables")
            && !self.scope.iter().any(|it| it == "variables")
    }

    fn expr(&mut self, expr: &IdedExpr) {
        if let Some((of, name, may_lack)) = Self::field(expr) {
            if self.is_variables(of) {
                match name {
                    "params" => self.found.reads.any_parameter = true,
                    "anyObject" => {}
                    _ => self.foreign(ForeignKind::Variable, expr, name),
                }
                return;
            }
            if let Some((root, "params", _)) = Self::field(of)
                && self.is_variables(root)
            {
                let at = self.place(expr, name);
                let read = Read { name: name.to_owned(), at, has_default: may_lack };
                self.found.reads.parameters.push(read);
                return;
            }
        }
        match &expr.expr {
            Expr::Unspecified | Expr::Literal(_) => {}
            Expr::Ident(name) => self.name(expr, name),
            Expr::Select(it) => self.expr(&it.operand),
            Expr::Call(it) => {
                self.function(expr, &it.func_name);
                let space = it.target.as_deref().filter(|target| {
                    matches!(&target.expr, Expr::Ident(name) if NAMESPACES.contains(&name.as_str()))
                });
                if let (Some(target), None) = (it.target.as_deref(), space) {
                    self.expr(target);
                }
                for part in &it.args {
                    self.expr(part);
                }
            }
            Expr::List(it) => {
                for part in &it.elements {
                    self.expr(part);
                }
            }
            Expr::Map(it) => self.entries(it.entries.iter().map(|it| &it.expr)),
            Expr::Struct(it) => self.entries(it.entries.iter().map(|it| &it.expr)),
            Expr::Comprehension(it) => {
                self.expr(&it.iter_range);
                self.expr(&it.accu_init);
                let before = self.scope.len();
                self.scope.push(it.iter_var.clone());
                self.scope.push(it.accu_var.clone());
                self.scope.extend(it.iter_var2.clone());
                self.depth += 1;
                self.found.loops = self.found.loops.max(self.depth);
                self.expr(&it.loop_cond);
                self.expr(&it.loop_step);
                self.depth -= 1;
                self.expr(&it.result);
                self.scope.truncate(before);
            }
        }
    }

    fn entries<'e>(&mut self, entries: impl Iterator<Item = &'e EntryExpr>) {
        for entry in entries {
            match entry {
                EntryExpr::StructField(it) => self.expr(&it.value),
                EntryExpr::MapEntry(it) => {
                    self.expr(&it.key);
                    self.expr(&it.value);
                }
            }
        }
    }

    fn name(&mut self, expr: &IdedExpr, name: &str) {
        if name.starts_with('@') || self.scope.iter().any(|it| it == name) {
            return;
        }
        if OF_CLUSTER.contains(&name) {
            self.found.unknown.get_or_insert_with(|| name.to_owned());
        } else if name == "variables" {
            self.found.reads.any_parameter = true;
        } else if !GIVEN.contains(&name) && !TYPES.contains(&name) {
            self.foreign(ForeignKind::Variable, expr, name);
        }
    }

    fn function(&mut self, expr: &IdedExpr, name: &str) {
        let is_operator = !name.starts_with(|it: char| it.is_ascii_alphabetic());
        let last = name.rsplit('.').next().unwrap_or(name);
        if is_operator || RUN.contains(&last) {
            return;
        }
        if OF_KUBERNETES.contains(&last) {
            self.found.unknown.get_or_insert_with(|| name.to_owned());
        } else {
            self.foreign(ForeignKind::Unknown, expr, name);
        }
    }
}
