//! Networks of the literature.
