//! The words in which a model is declared.

pub use crate::description::{
    Default, Edge, Facts, Given, Group, Inlet, Kind, Parameter, Port, Quantity, Recordable, Records, Relation,
    Resolution, Role, Signal, Wrong, flag, integer, integers, names, real, reals, reals_from, records, state, text,
};
pub use crate::runtime::model::{Behaviour, Family, Model, RecorderBehaviour, Stored, SynapseBehaviour};
