//! The document with its history.
