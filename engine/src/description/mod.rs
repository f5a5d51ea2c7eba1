//! What networks and models are described with: values, identities, rules of connection, problems, and the parts of
//! which a declaration consists. Everything else is built on this; nothing here knows of anything else.

mod ids;
mod nearest;
mod number;
mod parameter;
mod port;
mod problem;
mod recordable;
mod records;
mod relation;
mod rule;
mod value;

pub use ids::{NodeId, ProjectionId, ViewId};
pub use nearest::nearest;
pub use number::number;
pub use parameter::{
    Default, Edge, Group, Parameter, Role, flag, integer, integers, names, real, reals, reals_from, records, state,
    text,
};
pub use port::{Carries, Emits, Inlet, Port, PortKind, Signal};
pub use problem::{Place, Problem, Severity};
pub use recordable::{Quantity, Recordable};
pub use records::{Kind, Records};
pub use relation::Relation;
pub use rule::Rule;
pub use value::{Distribution, Record, Shape, Value};
