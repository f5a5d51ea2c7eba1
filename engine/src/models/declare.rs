//! The words in which a model is declared.

pub use crate::description::{
    Acts, Convention, DefaultValue, Edge, Facts, Given, Group, Inlet, Line, Parameter, Played, Port, Quantity,
    Recordable, Relation, Resolution, Response, Role, RowKind, Section, Signal, SpikeShape, TableSchema, TimeCourse,
    Wrong, flag, integer, integers, integers_from, names, real, reals, reals_from, state, table, text,
};
pub use crate::runtime::model::{
    Behaviour, Family, Model, RecorderBehaviour, Service, Spreads, Stored, SynapseBehaviour,
};
