//! The words in which a model is declared.

pub use crate::description::{
    Default, Edge, Emits, Group, Inlet, Kind, Parameter, Port, PortKind, Quantity, Recordable, Records, Relation, Role,
    Signal, flag, integer, integers, names, real, reals, reals_from, records, state, text,
};
pub use crate::runtime::model::{Family, Model};
