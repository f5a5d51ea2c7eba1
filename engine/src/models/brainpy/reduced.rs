//! Reduced neurons without units: FitzHugh and Nagumo's, Hindmarsh and Rose's.
//!
//! FitzHugh 1961, Biophys J 1:445; Hindmarsh & Rose 1984, Proc R Soc Lond B 221:87.

use super::*;
use crate::models::parts::cells::{Cells, Crossing};
use crate::models::parts::reduced::{FitzHughNagumo as Recovering, HindmarshRose as Bursting};
use crate::runtime::neurons::stepped;
use crate::runtime::parameters::declared;

const V_TH: Parameter =
    real("V_th", "", 1.0).main(0.1, 2.0).doc("A spike is told when the potential comes to this from below");
const TAU: Parameter = real("tau", "ms", 1.0).slider(0.1, 10.0).doc("Time constant");

pub const FITZ_HUGH_NAGUMO: Model = Model {
    name: "FitzHughNagumo",
    title: "FitzHugh-Nagumo neuron, BrainPy",
    doc: "Two variables without units that show what excitability is",
    equations: "tau dV/dt = V - V³/3 - w + I\ntau_w dw/dt = V + a - b w\nV comes to V_th from below: spike",
    reference: "FitzHugh 1961, Biophys J 1:445",
    groups: &[
        Group {
            title: "Neuron",
            parameters: &[
                i_e("", 0.0, 2.0),
                V_TH,
                real("a", "", 0.7).main(-1.0, 1.0).doc("Shift of the recovery"),
                real("b", "", 0.8).main(0.0, 2.0).doc("Decay of the recovery"),
                TAU,
                real("tau_w", "ms", 12.5).main(1.0, 50.0).doc("Time constant of the recovery"),
                IDLE_SPK_RESET,
            ],
        },
        SYNAPSES,
        Group {
            title: INITIALLY,
            parameters: &[
                v_m("", -1.2).slider(-2.5, 2.5),
                state("w", "", -0.62).slider(-2.0, 2.0).doc("Recovery variable"),
            ],
        },
        PLASTICITY,
    ],
    recordables: recordables!(
        potential(""),
        Recordable::new("w", "", "Recovery variable"); "", ""),
    ports: &ports(jumps(""), "", "", "1/pA"),
    relations: &[],
    behaviour: Behaviour::neurons(stepped::make::<FitzHughNagumoCells>, SENDS),
    facts: FACTS
        .also_called(&["excitable system", "relaxation oscillator", "BrainPy FitzHughNagumo"])
        .short("FitzHugh-Nagumo")
        .spike(SpikeShape::upstroke(1.0)),
};
pub struct FitzHughNagumo;
declared!(FitzHughNagumo, FITZ_HUGH_NAGUMO);
/// The neurons.
pub type FitzHughNagumoCells = Cells<FitzHughNagumo, Recovering, Crossing>;

pub const HINDMARSH_ROSE: Model = Model {
    name: "HindmarshRose",
    title: "Hindmarsh-Rose neuron, BrainPy",
    doc: "Three variables without units that burst",
    equations: "tau dV/dt = y - a V³ + b V² - z + I\ntau dy/dt = c - d V² - y\ntau dz/dt = r (s (V - V_r) - z)\nV comes to V_th from below: spike",
    reference: "Hindmarsh & Rose 1984, Proc R Soc Lond B 221:87",
    groups: &[
        Group {
            title: "Neuron",
            parameters: &[
                i_e("", 0.0, 5.0),
                V_TH,
                real("a", "", 1.0).slider(0.5, 2.0).doc("Factor of V³"),
                real("b", "", 3.0).main(2.0, 4.0).doc("Factor of V²"),
                real("c", "", 1.0).slider(0.0, 2.0).doc("Constant of the recovery"),
                real("d", "", 5.0).slider(1.0, 10.0).doc("Factor of V² in the recovery"),
                real("r", "", 0.006).main(0.001, 0.05).doc("How fast the slow variable is"),
                real("s", "", 4.0).slider(1.0, 10.0).doc("How the slow variable follows the potential"),
                real("V_r", "", -1.6).slider(-3.0, 0.0).doc("Potential from which that counts"),
                TAU,
                IDLE_SPK_RESET,
            ],
        },
        SYNAPSES,
        Group {
            title: INITIALLY,
            parameters: &[
                v_m("", -1.6).slider(-2.5, 2.5),
                state("y", "", -10.0).slider(-20.0, 5.0).doc("Fast recovery"),
                state("z", "", 0.0).slider(-5.0, 5.0).doc("Slow variable"),
            ],
        },
        PLASTICITY,
    ],
    recordables: recordables!(
        potential(""),
        Recordable::new("y", "", "Fast recovery"),
        Recordable::new("z", "", "Slow variable"); "", ""),
    behaviour: Behaviour::neurons(stepped::make::<HindmarshRoseCells>, SENDS),
    facts: FITZ_HUGH_NAGUMO.facts.also_called(&["chaos", "BrainPy HindmarshRose"]).short("Hindmarsh-Rose"),
    ..FITZ_HUGH_NAGUMO
};
pub struct HindmarshRose;
declared!(HindmarshRose, HINDMARSH_ROSE);
/// The neurons.
pub type HindmarshRoseCells = Cells<HindmarshRose, Bursting, Crossing>;
