//! The words in which a model is declared.

pub use crate::description::{
    DefaultValue, Edge, Facts, Given, Group, Inlet, Parameter, Port, Quantity, Recordable, Relation, Resolution, Role,
    RowKind, Signal, SpikeShape, TableSchema, Wrong, flag, integer, integers, names, real, reals, reals_from, state,
    table, text,
};
pub use crate::runtime::model::{Behaviour, Family, Model, RecorderBehaviour, Stored, SynapseBehaviour};
