//! The window and the command line of Spikeloom.
//!
//! State falls into three parts: the *document* (undoable, saved), the *view*
//! (camera, layout, panels) and the *runtime* (engine, recordings; never saved).
//! A panel is a function of a `Ui` and the state that pushes [`action::Action`]s;
//! [`window::Window`] performs them after the frame.

pub mod action;
pub mod autosave;
pub mod canvas;
pub mod cli;
pub mod clipboard;
pub mod command;
pub mod crash;
pub mod dialogs;
pub mod document;
pub mod editing;
pub mod equations;
pub mod examples;
pub mod export;
pub mod favourites;
pub mod files;
mod focus;
pub mod inspector;
pub mod markdown;
pub mod messages;
pub mod model_search;
mod model_shape;
pub mod number;
pub mod palette;
pub mod plots;
pub mod portrait;
pub mod sampling;
pub mod search;
pub mod session;
pub mod settings;
pub mod sign;
pub mod start_page;
pub mod statistics;
pub mod theme;
pub mod training;
pub mod window;
