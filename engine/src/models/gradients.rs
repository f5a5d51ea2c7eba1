//! The same model text carries derivatives: with dual numbers in place of plain ones a composed model gives the
//! derivative of its state by a synaptic weight, and its spike rule that of a surrogate for the step.
//!
//! Surrogate: Bellec et al. 2018, Adv Neural Inf Process Syst 31.

use crate::description::Value;
use crate::mechanisms::dual::{self, Slope};
use crate::mechanisms::fields::Fields;
use crate::mechanisms::kernels::{Alpha, Exp};
use crate::mechanisms::lanes::Real;
use crate::mechanisms::time::Grid;
use crate::models::hh::fire_past_peak;
use crate::models::iaf_cond_exp::IafCondExp;
use crate::models::iaf_psc_alpha::IafPscAlpha;
use crate::models::iaf_psc_delta::IafPscDelta;
use crate::models::iaf_psc_exp::IafPscExp;
use crate::models::parts::conductance_lif::ConductanceLif;
use crate::models::parts::currents::{Current, FilteredCurrent, Jumps};
use crate::models::parts::exact::{Exact, Floor};
use crate::models::parts::spike_rules::{EscapeNoise, Threshold, ThresholdOrForced};
use crate::runtime::input::inputs::{Gathered, Lanes};
use crate::runtime::neurons::constants::ChunkConstants;
use crate::runtime::neurons::dynamics::{Arrivals, Neuron};
use crate::runtime::neurons::lists::{ListShape, Lists};
use crate::runtime::parameters::{Parameters, Raw};
use crate::runtime::table::Table;

/// The surrogate of these tests: a triangle that reaches half a millivolt to either side.
#[derive(Clone, Copy, Debug)]
struct Triangle;

impl Slope for Triangle {
    fn slope(x: f64) -> f64 {
        surrogate(x)
    }
}

type Dual = dual::Dual<Triangle>;

/// The slope of that surrogate.
fn surrogate(x: f64) -> f64 {
    (1.0 - x.abs() / 0.5).max(0.0)
}

/// The potential after a step, and whether the neuron fired.
type Step<R> = (R, <R as Real>::Mask);

/// Steps a neuron of model `N` with these parameters from this potential on; a spike of this weight arrives at the end of the first step.
fn run<N: Neuron, R: Real>(params: &[(&str, f64)], start: f64, weight: R, steps: usize) -> Vec<Step<R>> {
    run_by_chance::<N, R>(params, start, weight, 0.0, steps)
}

/// The same, where `uniform` is drawn in every step.
fn run_by_chance<N: Neuron, R: Real>(
    params: &[(&str, f64)],
    start: f64,
    weight: R,
    uniform: f64,
    steps: usize,
) -> Vec<Step<R>> {
    let params = params.iter().map(|(name, x)| (name.to_string(), Value::Real(*x))).collect();
    let table = Table::new(N::DECLARATION, &params, 1, 1, 0).expect("the parameters are numbers");
    let grid = Grid::new(0.1).expect("a step of 0.1 ms");
    let p = Parameters::<N>::of(Raw { table: &table, neuron: 0, grid });
    let of_model = N::constants(&p);
    let mut k = N::Constants::<R>::filled(R::of(0.0));
    for (to, x) in k.numbers_mut().iter_mut().zip(Fields::<f64>::numbers(&of_model)) {
        *to = R::of(*x);
    }
    let mut s = N::State::<R>::filled(R::of(0.0));
    for (to, x) in s.numbers_mut().iter_mut().zip(Fields::<f64>::numbers(&N::initial(&p, &of_model))) {
        *to = R::of(*x);
    }
    s.numbers_mut()[0] = R::of(start);
    let (shape, none) = (ListShape::default(), ChunkConstants::uniform(&[]));
    let mut lists = Lists { shape: &shape, constants: none.shared(), rows: &mut [], lane: 0 };
    let zeros = || vec![Lanes([0.0; 64]); 2];
    let mut gathered = Gathered::default();
    (gathered.spikes, gathered.currents) = (zeros(), zeros());
    // Beside the number stands its derivative, 0.
    let mut chance = [0.0; 64];
    chance[0] = uniform;
    let step = |i: usize| {
        let mut input = Arrivals::new(&gathered, &chance, grid.h()).at::<R>(0);
        input.excitatory = if i == 0 { weight } else { R::of(0.0) };
        let fired = N::step(&k, &mut s, &mut lists, &input);
        (s.numbers()[0], fired)
    };
    (0..steps).map(step).collect()
}

/// The derivative of the potential by the weight is that of finite differences.
fn check<N: Neuron>(tau_syn: f64, start: f64, weight: f64) {
    let (steps, eps) = (60, 1e-5 * weight);
    let params = &[("tau_syn_ex", tau_syn)];
    let dual = run::<N, Dual>(params, start, Dual::new(weight, 1.0), steps);
    let [above, below] = [weight + eps, weight - eps].map(|weight| run::<N, f64>(params, start, weight, steps));
    let mut largest = 0.0f64;
    for (i, (v, fired)) in dual.iter().enumerate() {
        let expected = (above[i].0 - below[i].0) / (2.0 * eps);
        assert!(!fired.set, "the comparison is of what happens below threshold");
        assert!((v.slope - expected).abs() < 1e-6 * expected.abs() + 1e-9, "step {i}: {} {expected}", v.slope);
        largest = largest.max(expected.abs());
    }
    assert!(largest > 1e-4, "the weight acts on the potential");
}

type PscAlpha = Exact<IafPscAlpha, Current<Alpha>, Threshold, Floor>;
type CondExp = ConductanceLif<IafCondExp, Exp>;

/// The potential of the first is relative to E_L, that of the second absolute.
#[test]
fn derivatives_below_threshold_are_those_of_finite_differences() {
    check::<PscAlpha>(3.0, 0.0, 200.0);
    check::<CondExp>(1.5, -70.0, 10.0);
}

#[test]
fn a_spike_passes_on_the_slope_of_the_surrogate() {
    // Potentials relative to E_L = -70 mV; the reset is 0. The threshold is put a little below the potential of a step
    // that lies more than the reach of the surrogate above the one before it.
    let (weight, at, below) = (Dual::new(5000.0, 1.0), 20, 0.2);
    let free = run::<PscAlpha, Dual>(&[("V_th", 1e9)], 0.0, weight, at + 1);
    let (u, before) = (free[at].0, free[at - 1].0);
    assert!(u.value - before.value > below + 0.5);
    let spiking = run::<PscAlpha, Dual>(&[("V_th", u.value - below - 70.0)], 0.0, weight, at + 1);
    let (after, fired) = spiking[at];
    assert!(spiking[..at].iter().all(|(_, fired)| !fired.set) && fired.set);
    let expected = surrogate(below) * u.slope;
    assert!(expected > 0.0 && (fired.slope / expected - 1.0).abs() < 1e-9, "{fired:?} {expected}");
    // More weight makes the spike, and with it the reset, more certain.
    assert_eq!(after.value, 0.0);
    assert!((after.slope / (-u.value * fired.slope) - 1.0).abs() < 1e-9, "{after:?}");
}

type PscExp = Exact<IafPscExp, FilteredCurrent<Exp>, EscapeNoise>;
type PscDelta = Exact<IafPscDelta, Jumps, ThresholdOrForced, Floor>;

#[test]
fn a_spike_by_chance_passes_on_the_slope_of_its_probability() {
    // The threshold lies 15 mV above rest.
    let (weight, rho, delta) = (Dual::new(4000.0, 1.0), 5000.0, 3.0);
    let free = run::<PscExp, Dual>(&[("V_th", 1e9)], 0.0, weight, 60);
    let soft =
        |rho: f64, uniform| run_by_chance::<PscExp, Dual>(&[("rho", rho), ("delta", delta)], 0.0, weight, uniform, 60);
    let probability = |u: Dual| rho * 0.1 * 1e-3 * crate::math::exp((u.value - 15.0) / delta);
    let spiking = soft(rho, 0.2);
    let at = spiking.iter().position(|(_, fired)| fired.set).expect("the probability passes what is drawn");
    assert!(at > 1 && free[..at].iter().all(|(u, _)| probability(*u) <= 0.2));
    for (i, (after, fired)) in spiking[..at].iter().enumerate() {
        // A reset that becomes more likely takes away from the slope of the potential, even where it does not happen.
        let slope = after.slope + free[i].0.value * fired.slope;
        let expected = probability(free[i].0) / delta * slope;
        assert!((fired.slope - expected).abs() <= 1e-9 * expected.abs(), "step {i}: {fired:?} {expected}");
    }
    let first = probability(free[1].0) / delta * free[1].0.slope;
    assert!(first > 0.0 && (spiking[1].1.slope / first - 1.0).abs() < 1e-9, "nothing was likely before");
    let (after, fired) = spiking[at];
    let unreset = probability(free[at].0) / delta * free[at].0.slope;
    assert!(after.value == 0.0 && fired.slope > 0.0 && fired.slope < unreset, "{fired:?} {unreset}");
    assert!((after.slope / (-free[at].0.value * fired.slope) - 1.0).abs() < 1e-9, "{after:?}");
    // What is certain does not become more so.
    let certain = soft(1e9, 0.2);
    assert!(certain.iter().all(|(_, fired)| fired.slope == 0.0) && certain.iter().any(|(_, fired)| fired.set));
}

#[test]
fn a_forced_spike_depends_on_nothing_and_a_sharp_one_on_the_potential() {
    let (weight, at) = (Dual::new(10.0, 1.0), 29);
    let offset = ("ignore_and_spike_offset", 3.0);
    let forced = run::<PscDelta, Dual>(&[("ignore_and_spike", 1.0), offset, ("V_th", -65.0)], 0.0, weight, at + 1);
    assert!(forced[..at].iter().all(|(u, fired)| !fired.set && fired.slope == 0.0 && u.slope > 0.0));
    let (after, fired) = forced[at];
    assert!(fired.set && fired.slope == 0.0 && after.value == 0.0 && after.slope == 0.0, "{after:?} {fired:?}");
    let sharp = run::<PscDelta, Dual>(&[("ignore_and_spike", 0.0), offset, ("V_th", -60.2)], 0.0, weight, 1);
    assert!(sharp[0].1.set && (sharp[0].1.slope - surrogate(0.2)).abs() < 1e-9, "{:?}", sharp[0]);
}

#[test]
fn a_peak_passes_on_the_slope_of_the_surrogate() {
    let (v, before, threshold) = (Dual::new(0.2, 2.0), Dual::of(0.3), Dual::of(0.0));
    let mut refractory = Dual::of(0.0);
    let fired = fire_past_peak(v, before, &mut refractory, threshold, Dual::of(20.0));
    assert!(fired.set && fired.slope == 2.0 * surrogate(0.2) && refractory.value == 20.0);
    let mut refractory = Dual::of(5.0);
    let waiting = fire_past_peak(v, before, &mut refractory, threshold, Dual::of(20.0));
    assert!(!waiting.set && waiting.slope == 0.0 && refractory.value == 4.0);
}
