//! Which models can be wired to which, in which direction, and why not.

use super::CATALOGUE;
use super::declare::*;

/// A wire that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wiring {
    pub carries: Signal,
    /// It was drawn against the direction in which it works (cell to voltmeter,
    /// recorder to cell) and has to be turned round.
    pub reversed: bool,
}

/// How a wire drawn from one model to another can work, or why it cannot.
pub fn wire(from: &Model, to: &Model) -> Result<Wiring, String> {
    if let Some(carries) = to.takes_from(from) {
        return Ok(Wiring { carries, reversed: false });
    }
    if (from.is_recorder() || to.is_recorder())
        && let Some(carries) = from.takes_from(to)
    {
        return Ok(Wiring { carries, reversed: true });
    }
    Err(refusal(from, to))
}

/// As [`wire`], for a wire with this synapse model: it decides what the wire carries.
pub fn wire_with(from: &Model, to: &Model, synapse: &Model) -> Result<Wiring, String> {
    if let Some(signal) = synapse.carries() {
        if !from.emits(signal) {
            return Err(format!("{} carries {}, and {} shows none", synapse.name, signal.name(), from.name));
        }
        if !to.takes(signal) {
            return Err(format!("{} carries {}, and {} takes none", synapse.name, signal.name(), to.name));
        }
        return Ok(Wiring { carries: signal, reversed: false });
    }
    match wire(from, to)? {
        Wiring { carries, .. } if carries.is_continuous() => {
            Err(format!("{} carries no {} from {} to {}", synapse.name, carries.name(), from.name, to.name))
        }
        Wiring { carries, .. } if synapse.interpolates() && !matches!(carries, Signal::Spikes | Signal::Samples) => {
            Err(format!("{} shares spikes between steps, and {} sends {}", synapse.name, from.name, carries.name()))
        }
        wiring => Ok(wiring),
    }
}

/// The synapse models with which a wire can work, the usual one first.
pub fn fitting_synapses(from: &Model, to: &Model) -> Vec<&'static Model> {
    let all = CATALOGUE.iter().copied().filter(|m| m.family() == Family::Synapse);
    let may_be_plastic = from.passes_plastic_synapses() && to.is_neuron();
    all.filter(|synapse| match wire_with(from, to, synapse).map(|wiring| wiring.carries) {
        Ok(signal) if signal.is_continuous() => true,
        Ok(Signal::Spikes) => may_be_plastic || synapse.plastic().is_none(),
        Ok(_) => synapse.plastic().is_none(),
        Err(_) => false,
    })
    .collect()
}

fn refusal(from: &Model, to: &Model) -> String {
    if from.is_recorder() && to.is_recorder() {
        return format!("{} records neurons and generators, not another recorder", from.name);
    }
    if from.is_meter() || to.is_meter() {
        let other = if from.is_meter() { to } else { from };
        return format!("{} has nothing to sample", other.name);
    }
    if to.is_generator() {
        return format!("{} is a generator and takes no input", to.name);
    }
    match from.sends().iter().find(|signal| !signal.is_continuous()) {
        Some(Signal::Currents) if to.is_recorder() => {
            format!("{} sends a current, {} stores spikes; use a multimeter", from.name, to.name)
        }
        Some(Signal::Currents) => format!("{} takes no currents", to.name),
        Some(_) => format!("{} takes no spikes", to.name),
        None => format!("{} sends nothing", from.name),
    }
}

/// The unit that a weight has at this target: what a spike or a current of weight 1 means there.
pub fn weight_unit(carries: Signal, to: &Model, port: u32) -> &'static str {
    // Ports of a list have one unit, so their number does not matter.
    to.port(carries, port, &|_| usize::MAX >> 1).map_or("", |p| p.unit)
}
