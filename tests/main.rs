//! All tests that are not at a file's foot, as one binary, in the order of the pipeline.

mod emit;
mod oracle;
