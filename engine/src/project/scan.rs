//! Scans RON text into values that know where they stand.
