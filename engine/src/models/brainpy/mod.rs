//! Neurons of the BrainPy family: stepped one call after the other, each variable by exponential Euler, in units of V, A, S
//! and their parts.
//!
//! What holds of all of them:
//! * a spike is reset at the beginning of the step after it, so that recordings show the potential that passed the
//!   threshold;
//! * currents and spikes that arrive in a step act in that step; a jump of the potential comes after its integration and
//!   before the test for a spike;
//! * any number of synapses ([`receptors`]) with outputs of their own can be put on each.

/// What a cell shows of itself, then its input and its synapses in these units.
macro_rules! recordables {
    ($($own:expr),+; $input:literal, $synapses:literal) => {
        &[
            $($own,)+
            input($input),
            receptors::conductance($synapses),
            receptors::decaying($synapses),
            receptors::rising($synapses),
            receptors::driving($synapses),
        ]
    };
}

pub mod channels;
pub mod generalized;
pub mod inputs;
pub mod integrate_and_fire;
pub mod izhikevich;
pub mod kinetics;
pub mod readout;
pub mod reduced;
pub mod release;
pub mod trains;
pub mod upstrokes;

use super::declare::*;
use super::parts::cells::NEVER;
use super::parts::receptors;
use super::shared::PLASTICITY as ARCHIVE;
use crate::runtime::neurons::dynamics::Neuron;

/// What is done with the neurons of a model, whatever they are composed of.
pub trait Visit {
    type Output;
    fn visit<N: Neuron>(self) -> Self::Output;
}

/// Shows the neurons of the model of this name, if it is one of this family.
pub fn visit<V: Visit>(name: &str, visitor: V) -> Option<V::Output> {
    Some(match name {
        "IF" => visitor.visit::<integrate_and_fire::IfCells>(),
        "LIF" => visitor.visit::<integrate_and_fire::LifCells>(),
        "LIFRef" => visitor.visit::<integrate_and_fire::LifRefCells>(),
        "ALIF" => visitor.visit::<integrate_and_fire::AlifCells>(),
        "CubaLIF" => visitor.visit::<integrate_and_fire::CubaLifCells>(),
        "CobaLIF" => visitor.visit::<integrate_and_fire::CobaLifCells>(),
        "ExpIF" => visitor.visit::<upstrokes::ExpIfCells>(),
        "ExpIFRef" => visitor.visit::<upstrokes::ExpIfRefCells>(),
        "AdExIF" => visitor.visit::<upstrokes::AdExIfCells>(),
        "AdExIFRef" => visitor.visit::<upstrokes::AdExIfRefCells>(),
        "QuaIF" => visitor.visit::<upstrokes::QuaIfCells>(),
        "AdQuaIF" => visitor.visit::<upstrokes::AdQuaIfCells>(),
        "AdQuaIFRef" => visitor.visit::<upstrokes::AdQuaIfRefCells>(),
        "Gif" => visitor.visit::<generalized::GifCells>(),
        "GifRef" => visitor.visit::<generalized::GifRefCells>(),
        "Izhikevich" => visitor.visit::<izhikevich::IzhikevichCells>(),
        "IzhikevichRef" => visitor.visit::<izhikevich::IzhikevichRefCells>(),
        "HH" => visitor.visit::<channels::HhCells>(),
        "WangBuzsakiHH" => visitor.visit::<channels::WangBuzsakiHhCells>(),
        "MorrisLecar" => visitor.visit::<channels::MorrisLecarNeuronCells>(),
        "FitzHughNagumo" => visitor.visit::<reduced::FitzHughNagumoCells>(),
        "HindmarshRose" => visitor.visit::<reduced::HindmarshRoseCells>(),
        "LeakyRateReadout" => visitor.visit::<readout::Readout>(),
        _ => return None,
    })
}

/// What they send.
const SENDS: &[Signal] = &[Signal::Spikes, Signal::Potential];

/// The words for what a reset does.
const RESETS: &[&str] = &["soft", "hard"];

/// What a reset does; a new node has `starts`.
const fn spk_reset(starts: Option<&'static str>) -> Parameter {
    let reset = text("spk_reset", "soft")
        .one_of(RESETS)
        .doc("soft: a spike subtracts V_th - V_reset; hard: it puts the potential to V_reset");
    match starts {
        Some(word) => reset.starts_as(word),
        None => reset,
    }
}

/// The same of neurons that have a reset of their own or none.
const IDLE_SPK_RESET: Parameter = text("spk_reset", "soft")
    .one_of(RESETS)
    .acts_never("the model has a reset of its own, or none")
    .doc("soft or hard; this model does not ask for it");

const fn i_e(unit: &'static str, from: f64, to: f64) -> Parameter {
    real("I_e", unit, 0.0).main(from, to).doc("Constant input, added to what arrives")
}

const TAU_REF: Parameter = real("tau_ref", "ms", 5.0)
    .main(0.0, 20.0)
    .doc("Refractory period: so long after a spike the state is held, and what arrives is lost");

const INITIALLY: &str = "Initial state";

const LAST_SPIKE_TIME: Parameter =
    state("last_spike_time", "ms", NEVER).doc("When it last spiked, from which it is refractory");

const SYNAPSES: Group = receptors::RECEPTORS;
const PLASTICITY: Group = ARCHIVE;

/// The potential, in this unit.
const fn potential(unit: &'static str) -> Recordable {
    Recordable::new("V_m", unit, "Membrane potential")
}

/// All input, in this unit.
const fn input(unit: &'static str) -> Recordable {
    Recordable::new("I", unit, "Input of the step: constant, currents and synapses at the potential before it")
}

/// Ports: spikes that make the potential jump, synapses, gap junctions, currents; conductances have the unit of synapses and
/// of gap junctions, and a current of 1 pA and weight 1 counts 1 `current`.
const fn ports(jump: Port, synapses: &'static str, gaps: &'static str, current: &'static str) -> [Port; 4] {
    [
        jump,
        receptors::port(synapses),
        Port::signal(0, Signal::Potential, gaps, "Gap junctions, with the potentials before the step").if_wired(),
        Port::currents(0, "Currents; the weight says what 1 pA counts in the unit of the input")
            .weighed_in(current)
            .zero_lag(),
    ]
}

/// Spikes that make the potential jump.
const fn jumps(unit: &'static str) -> Port {
    Port::spikes(0, unit, "Spikes, each of which makes the potential jump by its weight")
}

/// What is to be known of the whole family.
const OF_BRAINPY: Facts = Facts::NONE.convention(Convention::BrainPy);
/// The same of its neurons.
const FACTS: Facts = OF_BRAINPY.section(Section::BrainPy).check(receptors::check);

/// A potential that stands where a new neuron begins.
const fn v_m(unit: &'static str, default: f64) -> Parameter {
    state("V_m", unit, default).aliases(&["V"]).doc("Membrane potential")
}
