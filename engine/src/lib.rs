//! The engine of Spikeloom: models, networks, simulation and files.
//!
//! One way through:
//!
//! 1. [`project::read`] turns the text of a `.ron` file into a [`project::Project`].
//! 2. [`project::validate`] finds every problem in it.
//! 3. [`runtime::Simulation::build`] makes populations, input buffers and synapses.
//! 4. [`runtime::Simulation::advance`] runs whole slices of time.
//! 5. [`recordings::Frame`]s carry away what recorders received.
//!
//! [`network`] says all this in a few words: a network in code, run and read by name. [`live::Engine`] does 3 to 5 on a
//! thread of its own. [`models::CATALOGUE`] declares every model. [`analysis`] computes rates, intervals, correlations and
//! the like from what was recorded. [`training`] changes the numbers of a project until
//! it does what is wanted. [`portrait`] shows what a neuron does by itself. Nothing here knows of a window.

pub mod analysis;
mod build;
pub mod description;
pub mod live;
pub(crate) mod math;
pub(crate) mod mechanisms;
pub mod models;
pub mod network;
pub mod portrait;
pub mod project;
pub mod recordings;
pub mod runtime;
pub mod training;
#[cfg(feature = "verify")]
pub mod verify;
