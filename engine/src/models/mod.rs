//! The catalogue: every model the program knows, declared once.

pub mod declare;
mod generators;
pub mod hh_psc_alpha;
pub mod iaf_cond_exp;
pub mod iaf_psc_alpha;
pub mod iaf_psc_delta;
pub mod iaf_psc_exp;
pub mod izhikevich;
pub mod parrot_neuron;
mod recorders;
mod shared;
mod wiring;

pub use declare::{Default, Edge, Emits, Family, Group, Model, Parameter, Port, PortKind, Recordable, Relation, Role};
pub use generators::*;
pub use recorders::*;
pub use wiring::{Carries, Wiring, weight_unit, wire};

/// All models, in the order of the palette.
pub static CATALOGUE: &[&Model] = &[
    &iaf_psc_alpha::MODEL,
    &iaf_psc_exp::MODEL,
    &iaf_psc_delta::MODEL,
    &iaf_cond_exp::MODEL,
    &izhikevich::MODEL,
    &hh_psc_alpha::MODEL,
    &parrot_neuron::MODEL,
    &POISSON_GENERATOR,
    &SPIKE_GENERATOR,
    &DC_GENERATOR,
    &STEP_CURRENT_GENERATOR,
    &AC_GENERATOR,
    &NOISE_GENERATOR,
    &SPIKE_RECORDER,
    &VOLTMETER,
    &MULTIMETER,
    &STATIC_SYNAPSE,
];

/// The model of that name.
pub fn find(name: &str) -> Option<&'static Model> {
    CATALOGUE.iter().copied().find(|m| m.name == name)
}

/// The name among `names` that is most like `given`, if any is like it at all.
pub fn nearest<'a>(given: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let given_lower = given.to_lowercase();
    names
        .map(|name| (strsim::damerau_levenshtein(&given_lower, &name.to_lowercase()), name))
        .filter(|(distance, name)| *distance <= 1 + name.len().min(given.len()) / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}
