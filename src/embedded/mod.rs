//! The small languages inside texts and numbers, each parsed and checked where it stands.
//!
//! * **Takes** the text of a literal.
//! * **Gives** exact [`Quantity`]s; a [`TextError`] with its extent for every other [`Language`];
//!   what may fill each hole of a query ([`scan_query`]), and its tree ([`promql`]).
//! * **Owns** what each of these languages accepts, and the words that say why not.
//! * **Never** knows the tree, a name or a type of the program around it: places are extents in the text.
//! * **Read first** `language.rs`, then `literal.rs` and `quantity.rs`.

mod addresses;
mod appset;
pub mod alertmanager;
pub mod cel;
mod cidr;
mod cron;
mod data;
mod date;
mod decimal;
mod errors;
mod glob;
mod gotmpl;
mod grafana;
mod holes;
mod host;
mod image;
mod image_lock;
mod ip;
mod language;
mod literal;
mod memo;
mod name;
mod number;
mod outline;
mod objects;
mod pieces;
mod program;
pub mod promql;
pub mod rego;
mod quantity;
mod regex;
mod span;
mod text;
mod url;
mod version;

pub use addresses::{Addresses, free_network, meetings};
pub use appset::{Generator, kebab};
pub use cidr::{check as check_cidr, contains as network_contains, overlap as networks_overlap};
pub use cron::{Cron, check as check_cron};
pub use data::{Data, DataError, read_json, read_yaml};
pub use date::{date_of, days_to};
pub use decimal::Decimal;
pub use errors::{
    CEL, CIDR, CRON, GLOB, HOLE_POSITION, HOST, IMAGE, IP, NAME, NO_HOLE, REGEX, REGO, UNBALANCED,
    UNCLOSED, URL, VERSION, hole_position, no_hole,
};
pub use glob::{Glob, check as check_glob};
pub use gotmpl::{
    ARGUMENTS, Ask as TemplateAsk, Context as TemplateContext, Engine as TemplateEngine,
    Firing as TemplateFiring, GO_TEMPLATE, HOLE as TEMPLATE_HOLE, HOLE_IN_ACTION,
    Labels as TemplateLabels, MISMATCH, Pairs as TemplatePairs, Parameter as TemplateParameter,
    Parameters as TemplateParameters, Problem as TemplateProblem, Read as TemplateRead,
    Reads as TemplateReads, UNKNOWN_FIELD, UNKNOWN_FUNCTION, UNKNOWN_TEMPLATE, UNKNOWN_VARIABLE,
    Unrendered, Usage as TemplateUsage, check as check_template, is_template,
    reads as template_reads, render as render_template,
};
pub use grafana::{
    VariableSpot, VariableUse, grafana_staged, grafana_variable, legend_labels, variable_uses,
};
pub use holes::{
    Matcher, Position as HolePosition, Quote, Refusal as HoleRefusal, scan as scan_query,
};
pub use host::check as check_host;
pub use image::{Image, check as check_image};
pub use image_lock::{IMAGE_LOCK, ImageLock, LockFault, LockedImage};
pub use ip::check as check_ip;
pub use language::{Language, check_text, text_error, text_error_in};
pub use literal::{
    ConversionError, Literal, Malformed, QuantityError, parse_text as parse_quantity,
    read as read_number,
};
pub use name::{check as check_name, check_label_key, check_label_value, check_subdomain};
pub use number::{fixed, general, shortest};
pub use objects::{MOST_OF_CONFIG_MAP, ObjectDocument, ObjectFault, read_objects};
pub use outline::outline;
pub use pieces::{Piece as QueryPiece, Unbalanced};
pub use program::{Spot, scan_program, shell_word};
pub use quantity::{ArithmeticError, Dimension, Quantity, Ratio, Unit};
pub use regex::check as check_regex;
pub use span::span_seconds;
pub use text::TextError;
pub use url::{Url, check as check_url};
pub use version::{Exact, Version, check as check_version, check_exact as check_exact_version};
