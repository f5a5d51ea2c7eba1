//! A simulation that runs while it is told what to do: commands go in, frames and status come out.
//!
//! [`Pump`] is the loop without a driver: whoever owns it gives it commands and lets it run for a [`Budget`] of time or
//! steps, over and over. There are three drivers of it:
//!
//! * [`Engine`], a thread of its own. [`Engine::start`] builds the network in the background (progress in [`Status`]);
//!   then it obeys [`Command`]s; while it runs it publishes [`Frame`](crate::recordings::Frame)s, which [`Engine::drain`] hands over. The
//!   window never waits for the engine, nor the engine for the window;
//! * a browser, that has no threads: each of its frames pumps for some milliseconds;
//! * a program that sweeps parameters: it pumps some steps at a time and looks at what was recorded.

mod command;
mod connections;
mod engine;
pub mod files;
mod look;
mod pace;
mod pump;
mod speed;
mod status;
#[cfg(test)]
mod tests;

pub use command::Command;
pub use connections::{Asked, Bundle, Connections, Direction};
pub use engine::Engine;
pub use files::{Files, Folder, Written};
pub use look::{Look, Quantity, Seen};
pub use pump::{Budget, Pump, Pumped};
pub use status::{Phase, Status};
