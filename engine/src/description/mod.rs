//! What networks and models are described with: values, identities, rules of connection, problems, and the parts of
//! which a declaration consists. Everything else is built on this; nothing here knows of anything else.

mod compiled;
mod declaration;
mod facts;
mod ids;
mod nearest;
mod number;
mod parameter;
mod part;
mod port;
mod presentation;
mod problem;
mod recordable;
mod relation;
mod resolution;
mod response;
mod rule;
mod signal;
pub mod space;
mod storage;
mod value;

pub(crate) use compiled::{Sentence, is_made_of};
pub use declaration::Declaration;
pub use facts::{Convention, Facts, Given, Load, Played, Schedule, SpikeShape, Wrong};
pub use ids::{NodeId, ProjectionId, ViewId};
pub use nearest::nearest;
pub use number::number;
pub use parameter::{
    Acts, DefaultValue, Edge, Group, Parameter, Role, RowKind, Start, TableSchema, flag, integer, integers,
    integers_from, names, real, reals, reals_from, state, table, text,
};
pub use part::{Cells, Part};
pub use port::{Inlet, Port};
pub use presentation::{Line, Section};
pub(crate) use problem::write_lines;
pub use problem::{Place, Problem, Severity};
pub use recordable::{Quantity, Recordable, Sampled};
pub use relation::Relation;
pub use resolution::Resolution;
pub use response::{Response, TimeCourse};
pub use rule::Rule;
pub use signal::Signal;
pub use storage::Storage;
pub use value::{Distribution, Range, Row, Shape, Value};
