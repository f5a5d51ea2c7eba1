//! Which models can be wired to which, in which direction, and why not.

use super::CATALOGUE;
use super::declare::*;
use crate::description::Carries;

/// A wire that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wiring {
    pub carries: Carries,
    /// It was drawn against the direction in which it works (cell to voltmeter,
    /// recorder to cell) and has to be turned round.
    pub reversed: bool,
}

/// How a wire drawn from one model to another can work, or why it cannot.
pub fn wire(from: &Model, to: &Model) -> Result<Wiring, String> {
    if let Some(carries) = fits(from, to) {
        return Ok(Wiring { carries, reversed: false });
    }
    if (from.is_recorder() || to.is_recorder())
        && let Some(carries) = fits(to, from)
    {
        return Ok(Wiring { carries, reversed: true });
    }
    Err(refusal(from, to))
}

/// As [`wire`], for a wire with this synapse model: it decides what the wire carries.
pub fn wire_with(from: &Model, to: &Model, synapse: &Model) -> Result<Wiring, String> {
    if let Some(signal) = synapse.signal {
        if from.signal != Some(signal) {
            return Err(format!("{} carries {}, and {} shows none", synapse.name, signal.name(), from.name));
        }
        if !takes(to, PortKind::Signal(signal)) {
            return Err(format!("{} carries {}, and {} takes none", synapse.name, signal.name(), to.name));
        }
        return Ok(Wiring { carries: Carries::Signal(signal), reversed: false });
    }
    match wire(from, to)? {
        Wiring { carries: Carries::Signal(signal), .. } => {
            Err(format!("{} carries no {} from {} to {}", synapse.name, signal.name(), from.name, to.name))
        }
        wiring => Ok(wiring),
    }
}

/// The synapse models with which a wire can work, the usual one first.
pub fn fitting_synapses(from: &Model, to: &Model) -> Vec<&'static Model> {
    let all = CATALOGUE.iter().copied().filter(|m| m.family == Family::Synapse);
    let between_neurons = from.is_neuron() && to.is_neuron();
    all.filter(|synapse| match wire_with(from, to, synapse).map(|wiring| wiring.carries) {
        Ok(Carries::Signal(_)) => true,
        Ok(Carries::Spikes) => between_neurons || synapse.synapses.is_none(),
        Ok(_) => synapse.synapses.is_none(),
        Err(_) => false,
    })
    .collect()
}

fn takes(to: &Model, kind: PortKind) -> bool {
    to.ports.iter().any(|p| p.kind == kind)
}

fn fits(from: &Model, to: &Model) -> Option<Carries> {
    let takes = |kind| takes(to, kind);
    let events = match from.emits {
        Emits::Spikes if takes(PortKind::Spikes) => Some(Carries::Spikes),
        // Binary neurons take no currents but the one that can be made constant or random.
        Emits::Currents if takes(PortKind::Transitions) && from.name != "noise_generator" => None,
        Emits::Currents if takes(PortKind::Currents) => Some(Carries::Currents),
        // Listed spikes can be written in the code of transitions.
        Emits::Spikes if takes(PortKind::Transitions) && ["spike_generator", "parrot_neuron"].contains(&from.name) => {
            Some(Carries::Transitions)
        }
        Emits::Transitions if takes(PortKind::Transitions) => Some(Carries::Transitions),
        Emits::Transitions if to.is_recorder() && takes(PortKind::Spikes) => Some(Carries::Spikes),
        Emits::Transitions if to.name == "parrot_neuron" => Some(Carries::Spikes),
        Emits::Requests if !to.recordables.is_empty() && !to.is_recorder() => Some(Carries::Samples),
        _ => None,
    };
    let signal = from.signal.filter(|signal| takes(PortKind::Signal(*signal)));
    events.or(signal.map(Carries::Signal))
}

fn refusal(from: &Model, to: &Model) -> String {
    if from.is_recorder() && to.is_recorder() {
        return format!("{} records neurons and generators, not another recorder", from.name);
    }
    if from.emits == Emits::Requests || to.emits == Emits::Requests {
        let other = if from.emits == Emits::Requests { to } else { from };
        return format!("{} has nothing to sample", other.name);
    }
    if to.is_generator() {
        return format!("{} is a generator and takes no input", to.name);
    }
    match from.emits {
        Emits::Currents if to.is_recorder() => {
            format!("{} sends a current, {} stores spikes; use a multimeter", from.name, to.name)
        }
        Emits::Currents => format!("{} takes no currents", to.name),
        Emits::Spikes | Emits::Transitions => format!("{} takes no spikes", to.name),
        _ => format!("{} sends nothing", from.name),
    }
}

/// The unit that a weight has at this target: what a spike or a current of weight 1 means there.
pub fn weight_unit(carries: Carries, to: &Model, port: u32) -> &'static str {
    let kind = match carries {
        Carries::Spikes => PortKind::Spikes,
        Carries::Currents => PortKind::Currents,
        Carries::Transitions => PortKind::Transitions,
        Carries::Signal(signal) => PortKind::Signal(signal),
        Carries::Samples => return "",
    };
    // Ports of a list have one unit, so their number does not matter.
    to.port(kind, port, &|_| usize::MAX >> 1).map_or("", |p| p.unit)
}
