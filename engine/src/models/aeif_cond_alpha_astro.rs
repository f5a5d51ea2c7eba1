//! `aeif_cond_alpha` with a slow inward current (SIC) from astrocytes.
//!
//! C_m dV/dt = ... + I_SIC, all else as there; I_SIC(t) = sum of weight times current of the astrocytes, delayed
//!
//! Brette & Gerstner 2005, J Neurophysiol 94:3637; Nadkarni & Jung 2003, Phys Rev Lett 91:268101.

use super::aeif::{self, RELATIONS, W};
use super::aeif_cond_alpha::{self as base, EQUATIONS, GROUPS, place, s};
use super::declare::*;
use super::shared::*;
use crate::mechanisms::lanes::Real;
use crate::mechanisms::rkf45::Allowed;
use crate::mechanisms::time::Grid;
use crate::runtime::Blocks;
use crate::runtime::neurons::dynamics::{Arriving, Coefficients, Dynamics, Lookup};
use crate::runtime::neurons::solved::{Equations, solved};

pub const MODEL: Model = Model {
    name: "aeif_cond_alpha_astro",
    family: Family::Neuron,
    title: "Adaptive exponential, with astrocytes",
    doc: "Adaptive exponential integrate-and-fire neuron with alpha conductances that astrocytes can drive",
    equations: EQUATIONS,
    reference: "Brette & Gerstner 2005, J Neurophysiol 94:3637; Nadkarni & Jung 2003, Phys Rev Lett 91:268101",
    groups: GROUPS,
    recordables: &[V_M, W, G_EX, G_IN, Recordable::new("I_SIC", "pA", "Slow inward current from astrocytes")],
    ports: &[
        spikes_and_currents("nS")[0],
        spikes_and_currents("nS")[1],
        Port::signal(0, Signal::SlowCurrent, "", "Slow inward currents of astrocytes"),
    ],
    emits: Emits::Spikes,
    signal: None,
    relations: RELATIONS,
    neurons: Some(Blocks::<AeifCondAlphaAstro, _, _>::make),
    generator: None,
    synapses: None,
};

/// In the state, before the sub-step: the current of astrocytes, read at the end of the step before.
const I_SIC: usize = 8;

/// Inlet of slow inward currents.
const SIC: usize = 2;

pub struct AeifCondAlphaAstro;

impl Dynamics<10, 22> for AeifCondAlphaAstro {
    const BURSTS: bool = true;
    fn constants(p: &dyn Lookup, grid: Grid) -> [f64; 22] {
        base::constants(p, grid)
    }
    fn initial(_: &dyn Lookup, k: &[f64; 22]) -> [f64; 10] {
        let mut s = [0.0; 10];
        s[9] = k[base::H];
        s
    }
    fn spikes(s: &[f64; 10]) -> u32 {
        s[s::SPIKES] as u32
    }
    fn recordable(i: usize, s: &[f64; 10], _: &[f64; 22]) -> f64 {
        s[s::SAMPLED.get(i).copied().unwrap_or(I_SIC)]
    }
    fn state(name: &str, s: &[f64; 10], _: &[f64; 22]) -> f64 {
        s[place(name)]
    }
    fn set_state(name: &str, x: f64, s: &mut [f64; 10], _: &[f64; 22]) {
        s[place(name)] = x;
    }
    solved!(10, 22, 6);
}

impl Equations<10, 22, 6> for AeifCondAlphaAstro {
    const H: usize = base::H;
    const DECAYING: &'static [(usize, usize)] = &base::DECAYING;
    #[inline(always)]
    fn allowed<R: Real, C: Coefficients>(k: C, lane: usize) -> Allowed<R> {
        aeif::allowed(k, lane)
    }
    #[inline(always)]
    fn begin<R: Real, C: Coefficients>(_: C, _: usize, s: &mut [R; 10], _: &Arriving<R>) {
        s[s::SPIKES] = R::of(0.0);
    }
    #[inline(always)]
    fn slopes<R: Real, C: Coefficients>(k: C, lane: usize, y: &[R; 6], s: &[R; 10], current: R) -> [R; 6] {
        base::slopes(k, lane, y, s, current + s[I_SIC])
    }
    #[inline(always)]
    fn moved<R: Real, C: Coefficients>(k: C, lane: usize, s: &mut [R; 10], who: R::Mask, _: R) {
        base::moved(k, lane, s, who);
    }
    #[inline(always)]
    fn end<R: Real, C: Coefficients>(k: C, lane: usize, s: &mut [R; 10], input: &Arriving<R>) -> R::Mask {
        s[I_SIC] = input.spikes(SIC);
        base::end(k, lane, s, input)
    }
}
