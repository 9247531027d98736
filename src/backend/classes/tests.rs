//! Classes that are right, and the ways in which they are wrong.
