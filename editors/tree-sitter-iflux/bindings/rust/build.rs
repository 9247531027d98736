//! Compiles the parser that tree-sitter generated, and its scanner.

fn main() {
    let files = ["src/parser.c", "src/scanner.c"];
    // Most of it is tables: optimising them takes long and gives little.
    cc::Build::new()
        .std("c11")
        .include("src")
        .opt_level(1)
        .warnings(false)
        .files(files)
        .compile("tree-sitter-iflux");
    for file in files {
        println!("cargo:rerun-if-changed={file}");
    }
}
