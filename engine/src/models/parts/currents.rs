//! Synaptic input of neurons with a leaky membrane that is solved exactly.

use std::marker::PhantomData;

use crate::math;
use crate::mechanisms::fields::{Fields, place};
use crate::mechanisms::kernels::{Alpha, AlphaPropagator, Driven, Passive, Propagated};
use crate::mechanisms::lanes::Real;
use crate::runtime::neurons::constants::Coefficients;
use crate::runtime::neurons::dynamics::Arriving;
use crate::runtime::neurons::lists::{List, ListSet, Lists};
use crate::runtime::neurons::readings::{Reading, Readings};
use crate::runtime::parameters::{Declared, Parameters, list, real};

/// Synaptic input onto a leaky membrane.
pub trait Synapses: Send + Sync + 'static {
    type State<R: Real>: Fields<R>;
    type Constants<R: Real>: Fields<R>;
    const LISTS: ListSet = ListSet::NONE;
    /// Where the quantities of this part are read, counted within it.
    const READINGS: Readings = Readings::NONE;

    fn constants<M: Declared>(p: &Parameters<'_, M>, membrane: Passive) -> Self::Constants<f64>;
    fn entry_constants<M: Declared>(_p: &Parameters<'_, M>, _membrane: Passive, _entry: usize, _k: &mut [f64]) {}
    /// One step: adds to the potential at its end what synapses make of it, and takes in what arrives then.
    /// `refractory` steps are left before the potential moves again.
    fn step<R: Real, C: Coefficients>(
        k: &Self::Constants<R>,
        s: &mut Self::State<R>,
        lists: &mut Lists<'_, C>,
        input: &Arriving<'_, R>,
        refractory: R,
        potential: R,
    ) -> R;
}

/// One for excitation, one for inhibition.
#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Signs<R, T> {
    pub excitatory: T,
    pub inhibitory: T,
    none: [R; 0],
}

impl<R, T> Signs<R, T> {
    #[inline(always)]
    pub const fn new(excitatory: T, inhibitory: T) -> Self {
        Signs { excitatory, inhibitory, none: [] }
    }
}

/// Where a quantity such as `g` is read in a pair of kernel states of `size` numbers: `g_ex` and `g_in`, and where there
/// is a number that drives it, `dg_ex` and `dg_in`.
pub(super) const fn readings_of_pair(
    quantity: &'static str,
    size: usize,
    value: usize,
    drive: Option<usize>,
) -> Readings {
    let values = Readings::NONE
        .and_in_parts(["", quantity, "_ex"], Reading::state(value))
        .and_in_parts(["", quantity, "_in"], Reading::state(size + value));
    match drive {
        Some(drive) => values
            .and_in_parts(["d", quantity, "_ex"], Reading::state(drive))
            .and_in_parts(["d", quantity, "_in"], Reading::state(size + drive)),
        None => values,
    }
}

/// A time constant of a kernel that may have one or two, for the receptor of this name: one number each.
macro_rules! times {
    ($p:expr, $model:ty, $kernel:ty, $receptor:expr) => {
        [
            real!($p, $model, <$kernel>::TIMES[0], $receptor),
            real!($p, $model, <$kernel>::TIMES[<$kernel>::TIMES.len() - 1], $receptor),
        ]
    };
}
pub(super) use times;

/// Two currents that rise and fall as kernel `K` says; the sign of the weight decides which one a spike adds to.
pub struct Current<K>(PhantomData<K>);

impl<K: Propagated> Synapses for Current<K> {
    type State<R: Real> = Signs<R, K::State<R>>;
    type Constants<R: Real> = Signs<R, K::Propagator<R>>;
    const READINGS: Readings = readings_of_pair("I_syn", <K::State<f64> as Fields<f64>>::COUNT, K::VALUE, K::DRIVE);

    fn constants<M: Declared>(p: &Parameters<'_, M>, membrane: Passive) -> Self::Constants<f64> {
        let [ex, _] = times!(p, M, K, "_ex");
        let [inh, _] = times!(p, M, K, "_in");
        Signs::new(K::propagator(ex, membrane), K::propagator(inh, membrane))
    }
    #[inline(always)]
    fn step<R: Real, C: Coefficients>(
        k: &Self::Constants<R>,
        s: &mut Self::State<R>,
        _: &mut Lists<'_, C>,
        input: &Arriving<'_, R>,
        _: R,
        potential: R,
    ) -> R {
        let potential = K::onto(&k.excitatory, &s.excitatory, potential);
        let potential = K::onto(&k.inhibitory, &s.inhibitory, potential);
        K::decay(&k.excitatory, &mut s.excitatory);
        K::decay(&k.inhibitory, &mut s.inhibitory);
        K::receive(&k.excitatory, &mut s.excitatory, input.excitatory);
        K::receive(&k.inhibitory, &mut s.inhibitory, input.inhibitory);
        potential
    }
}

/// The same, but what arrives acts over the whole step in which it arrives, one step earlier than elsewhere.
pub struct EarlyCurrent<K>(PhantomData<K>);

impl<K: Propagated> Synapses for EarlyCurrent<K> {
    type State<R: Real> = Signs<R, K::State<R>>;
    type Constants<R: Real> = Signs<R, K::Propagator<R>>;
    const READINGS: Readings = Current::<K>::READINGS;

    fn constants<M: Declared>(p: &Parameters<'_, M>, membrane: Passive) -> Self::Constants<f64> {
        Current::<K>::constants(p, membrane)
    }
    #[inline(always)]
    fn step<R: Real, C: Coefficients>(
        k: &Self::Constants<R>,
        s: &mut Self::State<R>,
        _: &mut Lists<'_, C>,
        input: &Arriving<'_, R>,
        _: R,
        potential: R,
    ) -> R {
        K::decay(&k.excitatory, &mut s.excitatory);
        K::decay(&k.inhibitory, &mut s.inhibitory);
        K::receive(&k.excitatory, &mut s.excitatory, input.excitatory);
        K::receive(&k.inhibitory, &mut s.inhibitory, input.inhibitory);
        let potential = K::onto(&k.excitatory, &s.excitatory, potential);
        K::onto(&k.inhibitory, &s.inhibitory, potential)
    }
}

/// Two currents with a second current port, whose currents the excitatory synapse low-passes; and with a second port of
/// spikes, behind the first, if `SECOND`.
pub struct FilteredCurrent<K, const SECOND: bool = false>(PhantomData<K>);

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Filtered<R, K> {
    synapses: K,
    /// What a current of 1 pA during a step adds.
    filter: R,
}

impl<K: Propagated, const SECOND: bool> Synapses for FilteredCurrent<K, SECOND> {
    type State<R: Real> = Signs<R, K::State<R>>;
    type Constants<R: Real> = Filtered<R, Signs<R, K::Propagator<R>>>;
    const READINGS: Readings = Current::<K>::READINGS;

    fn constants<M: Declared>(p: &Parameters<'_, M>, membrane: Passive) -> Self::Constants<f64> {
        let filter = -math::exp_m1(-membrane.h / real!(p, M, "tau_syn_ex"));
        Filtered { synapses: Current::<K>::constants(p, membrane), filter }
    }
    #[inline(always)]
    fn step<R: Real, C: Coefficients>(
        k: &Self::Constants<R>,
        s: &mut Self::State<R>,
        _: &mut Lists<'_, C>,
        input: &Arriving<'_, R>,
        _: R,
        potential: R,
    ) -> R {
        let Signs { excitatory, inhibitory, .. } = &k.synapses;
        let potential = K::onto(excitatory, &s.excitatory, potential);
        let potential = K::onto(inhibitory, &s.inhibitory, potential);
        K::decay(excitatory, &mut s.excitatory);
        K::decay(inhibitory, &mut s.inhibitory);
        K::receive(excitatory, &mut s.excitatory, k.filter * input.currents(1));
        K::receive(excitatory, &mut s.excitatory, input.excitatory);
        K::receive(inhibitory, &mut s.inhibitory, input.inhibitory);
        if SECOND {
            K::receive(excitatory, &mut s.excitatory, input.spikes(2));
            K::receive(inhibitory, &mut s.inhibitory, input.spikes(3));
        }
        potential
    }
}

/// A current for each receptor of a list, which has a time constant of its own; weights may have either sign.
pub struct CurrentList<K>(PhantomData<K>);

impl<K: Propagated> Synapses for CurrentList<K> {
    type State<R: Real> = ();
    type Constants<R: Real> = ();
    const LISTS: ListSet = ListSet::one(List::new::<K::State<f64>, K::Propagator<f64>>(K::TIMES[0]));
    const READINGS: Readings =
        Readings::NONE.and("I_syn", Reading::sum(0, K::VALUE)).and("I_syn_", Reading::entry(0, K::VALUE));

    fn constants<M: Declared>(_: &Parameters<'_, M>, _: Passive) {}
    fn entry_constants<M: Declared>(p: &Parameters<'_, M>, membrane: Passive, entry: usize, k: &mut [f64]) {
        k.copy_from_slice(K::propagator(list!(p, M, K::TIMES[0])[entry], membrane).numbers());
    }
    #[inline(always)]
    fn step<R: Real, C: Coefficients>(
        _: &(),
        _: &mut (),
        lists: &mut Lists<'_, C>,
        input: &Arriving<'_, R>,
        _: R,
        mut potential: R,
    ) -> R {
        for i in 0..lists.len(0) {
            let mut entry = lists.entry(0, i);
            let (k, mut s): (K::Propagator<R>, K::State<R>) = (entry.constants(), entry.get());
            potential = K::onto(&k, &s, potential);
            K::decay(&k, &mut s);
            K::receive(&k, &mut s, input.spikes(i));
            entry.set(&s);
        }
        potential
    }
}

/// Currents in a list whose sum is asked for.
pub trait ListedCurrents: Synapses {
    /// The sum of the currents.
    fn total<R: Real, C: Coefficients>(lists: &Lists<'_, C>) -> R;
    /// [`Synapses::step`], for there is no state but that of the entries.
    fn go<R: Real, C: Coefficients>(lists: &mut Lists<'_, C>, input: &Arriving<'_, R>, potential: R) -> R;
}

impl<K: Propagated> ListedCurrents for CurrentList<K> {
    #[inline(always)]
    fn total<R: Real, C: Coefficients>(lists: &Lists<'_, C>) -> R {
        let mut sum = R::of(0.0);
        for i in 0..lists.len(0) {
            sum = sum + lists.number::<R>(0, i, K::VALUE);
        }
        sum
    }
    #[inline(always)]
    fn go<R: Real, C: Coefficients>(lists: &mut Lists<'_, C>, input: &Arriving<'_, R>, potential: R) -> R {
        Self::step(&(), &mut (), lists, input, R::of(0.0), potential)
    }
}

/// Two alpha-shaped currents for each receptor of a list, a fast and a slow one, to which each spike adds in a proportion
/// that is the receptor's.
pub struct DoubleAlphaList;

/// What solves the fast and the slow current of a receptor.
#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct FastAndSlow<R> {
    fast: AlphaPropagator<R>,
    slow: AlphaPropagator<R>,
}

impl Synapses for DoubleAlphaList {
    type State<R: Real> = ();
    type Constants<R: Real> = ();
    const LISTS: ListSet = ListSet::one(List::new::<[Driven<f64>; 2], FastAndSlow<f64>>("tau_syn_fast"));
    const READINGS: Readings = Readings::NONE;

    fn constants<M: Declared>(_: &Parameters<'_, M>, _: Passive) {}
    fn entry_constants<M: Declared>(p: &Parameters<'_, M>, membrane: Passive, entry: usize, k: &mut [f64]) {
        let fast = Alpha::propagator(list!(p, M, "tau_syn_fast")[entry], membrane);
        let slow = Alpha::propagator(list!(p, M, "tau_syn_slow")[entry], membrane);
        let slow = AlphaPropagator { gain: slow.gain * list!(p, M, "amp_slow")[entry], ..slow };
        k.copy_from_slice(FastAndSlow { fast, slow }.numbers());
    }
    #[inline(always)]
    fn step<R: Real, C: Coefficients>(
        _: &(),
        _: &mut (),
        lists: &mut Lists<'_, C>,
        input: &Arriving<'_, R>,
        _: R,
        mut potential: R,
    ) -> R {
        for i in 0..lists.len(0) {
            let mut entry = lists.entry(0, i);
            let FastAndSlow { fast, slow }: FastAndSlow<R> = entry.constants();
            let mut s: [Driven<R>; 2] = entry.get();
            for (k, s) in [fast, slow].iter().zip(&mut s) {
                potential = Alpha::onto(k, s, potential);
                Alpha::decay(k, s);
                Alpha::receive(k, s, input.spikes(i));
            }
            entry.set(&s);
        }
        potential
    }
}

impl ListedCurrents for DoubleAlphaList {
    #[inline(always)]
    fn total<R: Real, C: Coefficients>(lists: &Lists<'_, C>) -> R {
        let mut sum = R::of(0.0);
        for i in 0..lists.len(0) {
            let [fast, slow]: [Driven<R>; 2] = lists.get(0, i);
            sum = sum + fast.value + slow.value;
        }
        sum
    }
    #[inline(always)]
    fn go<R: Real, C: Coefficients>(lists: &mut Lists<'_, C>, input: &Arriving<'_, R>, potential: R) -> R {
        Self::step(&(), &mut (), lists, input, R::of(0.0), potential)
    }
}

/// Spikes that make the potential jump by their weight. If `refractory_input` is set, what arrives during
/// refractoriness is kept, discounted as the membrane would do, until it ends.
pub struct Jumps;

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Kept<R> {
    /// Input kept from refractoriness, mV.
    kept: R,
}

#[derive(Clone, Copy, Fields)]
#[repr(C)]
pub struct Keep<R> {
    /// h/tau_m if input is kept, else 0.
    keep: R,
}

impl Synapses for Jumps {
    type State<R: Real> = Kept<R>;
    type Constants<R: Real> = Keep<R>;

    fn constants<M: Declared>(p: &Parameters<'_, M>, membrane: Passive) -> Keep<f64> {
        Keep { keep: if real!(p, M, "refractory_input") != 0.0 { membrane.h / membrane.tau_m } else { 0.0 } }
    }
    #[inline(always)]
    fn step<R: Real, C: Coefficients>(
        k: &Keep<R>,
        s: &mut Kept<R>,
        _: &mut Lists<'_, C>,
        input: &Arriving<'_, R>,
        refractory: R,
        potential: R,
    ) -> R {
        let zero = R::of(0.0);
        let w = input.excitatory + input.inhibitory;
        let mut potential = potential + w;
        let keeps = k.keep.gt(zero);
        if R::any(keeps) {
            let discounted = s.kept + w * R::exp(-(refractory * k.keep));
            potential = R::select(keeps, potential + s.kept, potential);
            s.kept = R::select(R::and(refractory.gt(zero), keeps), discounted, zero);
        }
        potential
    }
}

/// Makes sure that a pair of signs is laid out as [`readings_of_pair`] takes it to be.
const _: () = assert!(place!(Signs<f64, [f64; 3]>, inhibitory) == 3);
