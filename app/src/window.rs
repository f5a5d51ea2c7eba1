//! The window: performs actions, lays out panels.
