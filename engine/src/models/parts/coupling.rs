//! How synapses of a neuron that is solved adaptively act on its membrane: as currents or as conductances, with any
//! kernel, for a pair of signs or a list of receptors.

use std::marker::PhantomData;

use super::currents::{Signs, readings_of_pair, times};
use crate::mechanisms::fields::{Fields, place};
use crate::mechanisms::kernels::Continuous;
use crate::mechanisms::lanes::Real;
use crate::mechanisms::rkf45::{Allowed, DecaySet, EVALUATIONS};
use crate::runtime::input::inputs::Lanes;
use crate::runtime::neurons::constants::Coefficients;
use crate::runtime::neurons::dynamics::Arriving;
use crate::runtime::neurons::lists::{List, ListSet, Lists};
use crate::runtime::neurons::readings::{Reading, Readings};
use crate::runtime::neurons::receptors::{NoReceptors, Receptors, propose};
use crate::runtime::parameters::{Declared, Parameters, list, real};

/// The synapses of a neuron.
pub trait Coupling: Send + Sync + 'static {
    /// Components of the equations.
    type State<R: Real>: Fields<R>;
    /// What stands still while the solver works.
    type Still<R: Real>: Fields<R>;
    type Constants<R: Real>: Fields<R>;
    /// Synapses that come in a list.
    type Receptors: Receptors;
    /// Components that only decay, with the constants that are their rates.
    const DECAYS: DecaySet = DecaySet::NONE;
    const LISTS: ListSet = ListSet::NONE;
    /// Where quantities are read, counted within the components.
    const READINGS: Readings;
    /// The same of what stands still.
    const STILL_READINGS: Readings = Readings::NONE;
    /// Whether arriving spikes make the potential jump: [`Coupling::jumped`].
    const JUMPS: bool = false;

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> Self::Constants<f64>;
    fn entry_constants<M: Declared>(_p: &Parameters<'_, M>, _entry: usize, _k: &mut [f64]) {}
    /// The current that flows into the membrane beside the synaptic one, `injected` being that of generators.
    #[inline(always)]
    fn steady<R: Real>(_still: &Self::Still<R>, injected: R) -> R {
        injected
    }
    /// The sum of all that is not synaptic with the synaptic current added, at potential `u`.
    fn add<R: Real>(
        k: &Self::Constants<R>,
        y: &Self::State<R>,
        drive: &<Self::Receptors as Receptors>::Drive<R>,
        u: R,
        sum: R,
    ) -> R;
    /// The currents that enter whatever the potential is, with `others` added behind them.
    #[inline(always)]
    fn entering<R: Real>(_y: &Self::State<R>, others: R) -> R {
        others
    }
    /// A sum of currents less those that leave the cell through conductances, at potential `u`.
    #[inline(always)]
    fn less_leaving<R: Real>(
        _k: &Self::Constants<R>,
        _y: &Self::State<R>,
        _drive: &<Self::Receptors as Receptors>::Drive<R>,
        _u: R,
        sum: R,
    ) -> R {
        sum
    }
    /// d/dt of the components.
    fn slopes<R: Real>(k: &Self::Constants<R>, y: &Self::State<R>) -> Self::State<R>;
    /// Takes in what arrives at the end of the step.
    fn receive<R: Real, C: Coefficients>(
        k: &Self::Constants<R>,
        y: &mut Self::State<R>,
        still: &mut Self::Still<R>,
        lists: &mut Lists<'_, C>,
        input: &Arriving<'_, R>,
    );
    /// The potential with the jumps that arriving spikes cause within the step, which the membrane hands over right after
    /// its first sub-step; `refractory` steps are left before the potential moves again.
    #[inline(always)]
    fn jumped<R: Real>(
        _k: &Self::Constants<R>,
        _still: &mut Self::Still<R>,
        potential: R,
        _refractory: R,
        _who: R::Mask,
        _jump: R,
    ) -> R {
        potential
    }
    /// What follows for those who have fired.
    #[inline(always)]
    fn fired<R: Real>(_k: &Self::Constants<R>, _y: &mut Self::State<R>, _fired: R::Mask) {}
}

/// Two currents that rise and fall as kernel `K` says; the sign of the weight decides which one a spike adds to, and
/// inhibition is a negative current.
pub struct Current<K>(PhantomData<K>);

/// The same with both currents positive, of which the inhibitory one is taken away.
pub struct OpposedCurrent<K>(PhantomData<K>);

/// Spikes that make the potential jump by their weight, within the step in which they arrive. If `refractory_input` is
/// set, what arrives during refractoriness is kept, discounted as the membrane would do, until it ends.
pub struct Jumps;

/// Another coupling and two conductances that jump at each spike of the neuron itself: slow adaptation towards `E_sfa`,
/// and relative refractoriness towards `E_rr`.
pub struct WithOwnConductances<C>(PhantomData<C>);

/// Two conductances towards reversal potentials E_ex and E_in. Weights that are not positive open the inhibitory one.
pub struct Conductance<K>(PhantomData<K>);

/// A conductance for each receptor of a list, towards a reversal potential of its own, `E_rev`.
pub struct ConductanceList<K>(PhantomData<K>);

/// Another coupling and the slow inward current of astrocytes, which arrives at inlet 2.
pub struct WithSlowCurrent<C>(PhantomData<C>);

impl<K: Continuous> Coupling for Current<K> {
    type State<R: Real> = Signs<R, K::State<R>>;
    type Still<R: Real> = ();
    type Constants<R: Real> = Signs<R, K::Rates<R>>;
    type Receptors = NoReceptors;
    const DECAYS: DecaySet = pair::<K>(0);
    const READINGS: Readings = of_pair::<K>("I_syn");

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> Self::Constants<f64> {
        Signs::new(K::rates(&times!(p, M, K, "_ex")), K::rates(&times!(p, M, K, "_in")))
    }
    #[inline(always)]
    fn add<R: Real>(_: &Self::Constants<R>, y: &Self::State<R>, _: &(), _: R, sum: R) -> R {
        Self::entering(y, sum)
    }
    #[inline(always)]
    fn entering<R: Real>(y: &Self::State<R>, others: R) -> R {
        K::value(&y.excitatory) + K::value(&y.inhibitory) + others
    }
    #[inline(always)]
    fn slopes<R: Real>(k: &Self::Constants<R>, y: &Self::State<R>) -> Self::State<R> {
        Signs::new(K::slopes(&k.excitatory, &y.excitatory), K::slopes(&k.inhibitory, &y.inhibitory))
    }
    #[inline(always)]
    fn receive<R: Real, C: Coefficients>(
        k: &Self::Constants<R>,
        y: &mut Self::State<R>,
        _: &mut (),
        _: &mut Lists<'_, C>,
        input: &Arriving<'_, R>,
    ) {
        K::receive(&k.excitatory, &mut y.excitatory, input.excitatory);
        K::receive(&k.inhibitory, &mut y.inhibitory, input.inhibitory);
    }
}

impl<K: Continuous> Coupling for OpposedCurrent<K> {
    type State<R: Real> = Signs<R, K::State<R>>;
    type Still<R: Real> = ();
    type Constants<R: Real> = Signs<R, K::Rates<R>>;
    type Receptors = NoReceptors;
    const DECAYS: DecaySet = pair::<K>(0);
    const READINGS: Readings = Current::<K>::READINGS;

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> Self::Constants<f64> {
        Current::<K>::constants(p)
    }
    #[inline(always)]
    fn add<R: Real>(_: &Self::Constants<R>, y: &Self::State<R>, _: &(), _: R, sum: R) -> R {
        K::value(&y.excitatory) - K::value(&y.inhibitory) + sum
    }
    #[inline(always)]
    fn slopes<R: Real>(k: &Self::Constants<R>, y: &Self::State<R>) -> Self::State<R> {
        Current::<K>::slopes(k, y)
    }
    #[inline(always)]
    fn receive<R: Real, C: Coefficients>(
        k: &Self::Constants<R>,
        y: &mut Self::State<R>,
        _: &mut (),
        _: &mut Lists<'_, C>,
        input: &Arriving<'_, R>,
    ) {
        K::receive(&k.excitatory, &mut y.excitatory, input.excitatory);
        K::receive(&k.inhibitory, &mut y.inhibitory, -input.inhibitory);
    }
}

/// Input kept from refractoriness, mV.
#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Kept<R> {
    kept: R,
}

/// h/tau_m if input is kept, else 0.
#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Keep<R> {
    keep: R,
}

impl Coupling for Jumps {
    type State<R: Real> = ();
    type Still<R: Real> = Kept<R>;
    type Constants<R: Real> = Keep<R>;
    type Receptors = NoReceptors;
    const READINGS: Readings = Readings::NONE;
    const JUMPS: bool = true;

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> Keep<f64> {
        let keeps = real!(p, M, "refractory_input") != 0.0;
        Keep { keep: if keeps { p.h() * real!(p, M, "g_L") / real!(p, M, "C_m") } else { 0.0 } }
    }
    #[inline(always)]
    fn add<R: Real>(_: &Keep<R>, _: &(), _: &(), _: R, sum: R) -> R {
        sum
    }
    #[inline(always)]
    fn slopes<R: Real>(_: &Keep<R>, _: &()) {}
    #[inline(always)]
    fn receive<R: Real, C: Coefficients>(
        _: &Keep<R>,
        _: &mut (),
        _: &mut Kept<R>,
        _: &mut Lists<'_, C>,
        _: &Arriving<'_, R>,
    ) {
    }
    #[inline(always)]
    fn jumped<R: Real>(k: &Keep<R>, still: &mut Kept<R>, potential: R, refractory: R, who: R::Mask, jump: R) -> R {
        let zero = R::of(0.0);
        let free = R::and(who, zero.ge(refractory));
        let waits = R::and(R::and(who, refractory.gt(zero)), k.keep.gt(zero));
        let jumped = R::select(free, potential + jump + still.kept, potential);
        still.kept = R::select(free, zero, still.kept);
        if R::any(waits) {
            still.kept = R::select(waits, still.kept + jump * R::exp(-(refractory * k.keep)), still.kept);
        }
        jumped
    }
}

/// Conductances that spikes of the neuron open, nS, beside those of the synapses.
#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Own<R, S> {
    #[name = "g_sfa"]
    g_sfa: R,
    #[name = "g_rr"]
    g_rr: R,
    synapses: S,
}

/// Their rates, reversal potentials and jumps.
#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct OwnConstants<R, S> {
    sfa: R,
    rr: R,
    e_sfa: R,
    e_rr: R,
    q_sfa: R,
    q_rr: R,
    synapses: S,
}

type OwnState<R, C> = Own<R, <C as Coupling>::State<R>>;
type OwnOf<R, C> = OwnConstants<R, <C as Coupling>::Constants<R>>;

impl<C: Coupling> Coupling for WithOwnConductances<C> {
    type State<R: Real> = OwnState<R, C>;
    type Still<R: Real> = C::Still<R>;
    type Constants<R: Real> = OwnOf<R, C>;
    type Receptors = C::Receptors;
    const DECAYS: DecaySet = DecaySet::one(0, 0).and(1, 1).and_those(
        C::DECAYS,
        place!(OwnState<f64, C>, synapses),
        place!(OwnOf<f64, C>, synapses),
    );
    const LISTS: ListSet = C::LISTS;
    const READINGS: Readings =
        Readings::of::<OwnState<f64, C>>().and_those(C::READINGS, place!(OwnState<f64, C>, synapses));

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> OwnOf<f64, C> {
        OwnConstants {
            sfa: 1.0 / real!(p, M, "tau_sfa"),
            rr: 1.0 / real!(p, M, "tau_rr"),
            e_sfa: real!(p, M, "E_sfa"),
            e_rr: real!(p, M, "E_rr"),
            q_sfa: real!(p, M, "q_sfa"),
            q_rr: real!(p, M, "q_rr"),
            synapses: C::constants(p),
        }
    }
    fn entry_constants<M: Declared>(p: &Parameters<'_, M>, entry: usize, k: &mut [f64]) {
        C::entry_constants(p, entry, k);
    }
    #[inline(always)]
    fn steady<R: Real>(still: &C::Still<R>, injected: R) -> R {
        C::steady(still, injected)
    }
    #[inline(always)]
    fn add<R: Real>(
        k: &OwnOf<R, C>,
        y: &OwnState<R, C>,
        drive: &<C::Receptors as Receptors>::Drive<R>,
        u: R,
        sum: R,
    ) -> R {
        C::add(&k.synapses, &y.synapses, drive, u, sum) - y.g_sfa * (u - k.e_sfa) - y.g_rr * (u - k.e_rr)
    }
    #[inline(always)]
    fn slopes<R: Real>(k: &OwnOf<R, C>, y: &OwnState<R, C>) -> OwnState<R, C> {
        Own { g_sfa: -y.g_sfa * k.sfa, g_rr: -y.g_rr * k.rr, synapses: C::slopes(&k.synapses, &y.synapses) }
    }
    #[inline(always)]
    fn receive<R: Real, D: Coefficients>(
        k: &OwnOf<R, C>,
        y: &mut OwnState<R, C>,
        still: &mut C::Still<R>,
        lists: &mut Lists<'_, D>,
        input: &Arriving<'_, R>,
    ) {
        C::receive(&k.synapses, &mut y.synapses, still, lists, input);
    }
    #[inline(always)]
    fn fired<R: Real>(k: &OwnOf<R, C>, y: &mut OwnState<R, C>, fired: R::Mask) {
        y.g_sfa = R::select(fired, y.g_sfa + k.q_sfa, y.g_sfa);
        y.g_rr = R::select(fired, y.g_rr + k.q_rr, y.g_rr);
    }
}

/// Rates of a pair of conductances and their reversal potentials.
#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Reversed<R, K> {
    rates: Signs<R, K>,
    e_ex: R,
    e_in: R,
}

impl<K: Continuous> Conductance<K> {
    /// g_ex (u − E_ex) and g_in (u − E_in): the currents that leave the cell.
    #[inline(always)]
    fn leaving<R: Real>(k: &Reversed<R, K::Rates<R>>, y: &Signs<R, K::State<R>>, u: R) -> (R, R) {
        (K::value(&y.excitatory) * (u - k.e_ex), K::value(&y.inhibitory) * (u - k.e_in))
    }
}

impl<K: Continuous> Coupling for Conductance<K> {
    type State<R: Real> = Signs<R, K::State<R>>;
    type Still<R: Real> = ();
    type Constants<R: Real> = Reversed<R, K::Rates<R>>;
    type Receptors = NoReceptors;
    const DECAYS: DecaySet = pair::<K>(place!(Reversed<f64, K::Rates<f64>>, rates));
    const READINGS: Readings = of_pair::<K>("g");

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> Self::Constants<f64> {
        let rates = Signs::new(K::rates(&times!(p, M, K, "_ex")), K::rates(&times!(p, M, K, "_in")));
        Reversed { rates, e_ex: real!(p, M, "E_ex"), e_in: real!(p, M, "E_in") }
    }
    #[inline(always)]
    fn add<R: Real>(k: &Self::Constants<R>, y: &Self::State<R>, _: &(), u: R, sum: R) -> R {
        let (excitatory, inhibitory) = Self::leaving(k, y, u);
        sum - excitatory - inhibitory
    }
    #[inline(always)]
    fn less_leaving<R: Real>(k: &Self::Constants<R>, y: &Self::State<R>, _: &(), u: R, sum: R) -> R {
        let (excitatory, inhibitory) = Self::leaving(k, y, u);
        sum - (excitatory + inhibitory)
    }
    #[inline(always)]
    fn slopes<R: Real>(k: &Self::Constants<R>, y: &Self::State<R>) -> Self::State<R> {
        Signs::new(K::slopes(&k.rates.excitatory, &y.excitatory), K::slopes(&k.rates.inhibitory, &y.inhibitory))
    }
    #[inline(always)]
    fn receive<R: Real, C: Coefficients>(
        k: &Self::Constants<R>,
        y: &mut Self::State<R>,
        _: &mut (),
        _: &mut Lists<'_, C>,
        input: &Arriving<'_, R>,
    ) {
        K::receive(&k.rates.excitatory, &mut y.excitatory, input.excitatory);
        K::receive(&k.rates.inhibitory, &mut y.inhibitory, -input.inhibitory);
    }
}

/// Decays of a pair of kernels whose rates begin at this place of the constants.
const fn pair<K: Continuous>(constants: usize) -> DecaySet {
    let (state, rates) = (<K::State<f64> as Fields<f64>>::COUNT, <K::Rates<f64> as Fields<f64>>::COUNT);
    DecaySet::NONE.and_those(K::DECAYS, 0, constants).and_those(K::DECAYS, state, constants + rates)
}

/// `g_ex`, `dg_ex` and so on.
const fn of_pair<K: Continuous>(quantity: &'static str) -> Readings {
    readings_of_pair(quantity, <K::State<f64> as Fields<f64>>::COUNT, K::VALUE, K::DRIVE)
}

/// Rates of a receptor and its reversal potential, mV.
#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Receptor<R, K> {
    rates: K,
    e_rev: R,
}

/// Σ g, nS, and Σ g E_rev, pA, over receptors.
#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Total<R> {
    conductance: R,
    towards: R,
}

impl<K: Continuous> Receptors for ConductanceList<K> {
    const ANY: bool = true;
    type Drive<R: Real> = Total<R>;

    #[inline(always)]
    fn respond<R: Real, C: Coefficients>(
        lists: &Lists<'_, C>,
        proposed: &mut [Lanes],
        size: R,
        allowed: &Allowed<R>,
    ) -> ([Total<R>; EVALUATIONS], R) {
        let mut totals = [Total::filled(R::of(0.0)); EVALUATIONS];
        let mut largest = R::of(0.0);
        let mut sum = R::of(0.0);
        for i in 0..lists.len(0) {
            let k: Receptor<R, K::Rates<R>> = lists.constants(0, i);
            let course = K::course(&k.rates, &lists.get(0, i), size);
            for j in 0..EVALUATIONS {
                totals[j].conductance = totals[j].conductance + course.value[j];
                totals[j].towards = totals[j].towards + course.value[j] * k.e_rev;
            }
            let slopes = K::slopes(&k.rates, &course.end);
            for c in 0..<K::State<R> as Fields<R>>::COUNT {
                let error = allowed.ratio(course.error.numbers()[c], size, slopes.numbers()[c]);
                largest = largest.max(error);
                sum = sum + error;
            }
            propose(lists, proposed, i, &course.end);
        }
        // What is not finite makes the error NaN, so that the sub-step is refused.
        (totals, largest + sum * R::of(0.0))
    }
}

impl<K: Continuous> Coupling for ConductanceList<K> {
    type State<R: Real> = ();
    type Still<R: Real> = ();
    type Constants<R: Real> = ();
    type Receptors = Self;
    const LISTS: ListSet = ListSet::one(List::new::<K::State<f64>, Receptor<f64, K::Rates<f64>>>("E_rev"));
    const READINGS: Readings = Readings::NONE.and("g_", Reading::entry(0, K::VALUE));

    fn constants<M: Declared>(_: &Parameters<'_, M>) {}
    fn entry_constants<M: Declared>(p: &Parameters<'_, M>, entry: usize, k: &mut [f64]) {
        let times = [list!(p, M, K::TIMES[0]), list!(p, M, K::TIMES[K::TIMES.len() - 1])];
        let rates = K::rates(&times.map(|times| times[entry]));
        let receptor = Receptor { rates, e_rev: list!(p, M, "E_rev")[entry] };
        k.copy_from_slice(Fields::<f64>::numbers(&receptor));
    }
    #[inline(always)]
    fn add<R: Real>(_: &(), _: &(), drive: &Total<R>, u: R, sum: R) -> R {
        sum + (drive.towards - drive.conductance * u)
    }
    #[inline(always)]
    fn less_leaving<R: Real>(k: &(), y: &(), drive: &Total<R>, u: R, sum: R) -> R {
        Self::add(k, y, drive, u, sum)
    }
    #[inline(always)]
    fn slopes<R: Real>(_: &(), _: &()) {}
    #[inline(always)]
    fn receive<R: Real, C: Coefficients>(
        _: &(),
        _: &mut (),
        _: &mut (),
        lists: &mut Lists<'_, C>,
        input: &Arriving<'_, R>,
    ) {
        for i in 0..lists.len(0) {
            let mut entry = lists.entry(0, i);
            let (k, mut s): (Receptor<R, K::Rates<R>>, K::State<R>) = (entry.constants(), entry.get());
            K::receive(&k.rates, &mut s, input.spikes(i));
            entry.set(&s);
        }
    }
}

/// Inlet of slow inward currents.
const SLOW: usize = 2;

/// The current of astrocytes, read at the end of the step before, and what else stands still.
#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Slow<R, S> {
    i_sic: R,
    rest: S,
}

impl<C: Coupling> Coupling for WithSlowCurrent<C> {
    type State<R: Real> = C::State<R>;
    type Still<R: Real> = Slow<R, C::Still<R>>;
    type Constants<R: Real> = C::Constants<R>;
    type Receptors = C::Receptors;
    const DECAYS: DecaySet = C::DECAYS;
    const LISTS: ListSet = C::LISTS;
    const READINGS: Readings = C::READINGS;
    const STILL_READINGS: Readings = Readings::NONE
        .and("I_SIC", Reading::state(0))
        .and_those(C::STILL_READINGS, place!(Slow<f64, C::Still<f64>>, rest));

    fn constants<M: Declared>(p: &Parameters<'_, M>) -> C::Constants<f64> {
        C::constants(p)
    }
    fn entry_constants<M: Declared>(p: &Parameters<'_, M>, entry: usize, k: &mut [f64]) {
        C::entry_constants(p, entry, k);
    }
    #[inline(always)]
    fn steady<R: Real>(still: &Self::Still<R>, injected: R) -> R {
        C::steady(&still.rest, injected + still.i_sic)
    }
    #[inline(always)]
    fn add<R: Real>(
        k: &C::Constants<R>,
        y: &C::State<R>,
        drive: &<C::Receptors as Receptors>::Drive<R>,
        u: R,
        sum: R,
    ) -> R {
        C::add(k, y, drive, u, sum)
    }
    #[inline(always)]
    fn slopes<R: Real>(k: &C::Constants<R>, y: &C::State<R>) -> C::State<R> {
        C::slopes(k, y)
    }
    #[inline(always)]
    fn receive<R: Real, D: Coefficients>(
        k: &C::Constants<R>,
        y: &mut C::State<R>,
        still: &mut Self::Still<R>,
        lists: &mut Lists<'_, D>,
        input: &Arriving<'_, R>,
    ) {
        still.i_sic = input.spikes(SLOW);
        C::receive(k, y, &mut still.rest, lists, input);
    }
}
