//! Black-box and contract tests.
