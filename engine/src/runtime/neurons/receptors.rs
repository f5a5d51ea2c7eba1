//! Receptors of neurons that are solved adaptively: a list of any length whose kernels are linear.
//!
//! The state of a linear kernel does not depend on the membrane. What the scheme makes of it in a sub-step, stage by
//! stage, is worked out for each receptor before the membrane is looked at; the membrane sees the sums. The error of
//! every receptor counts as that of any other component.

use super::constants::Coefficients;
use super::lists::Lists;
use super::rows;
use crate::mechanisms::fields::Fields;
use crate::mechanisms::lanes::Real;
use crate::mechanisms::rkf45::{Allowed, EVALUATIONS};
use crate::runtime::input::inputs::Lanes;

/// The receptors of a model: the first of its lists, or none.
pub trait Receptors: Send + Sync + 'static {
    /// Whether there are any.
    const ANY: bool;
    /// What the membrane sees of all receptors together.
    type Drive<R: Real>: Fields<R>;

    /// Works out a sub-step of this size. Writes what it makes of the state of each receptor to `proposed`, in rows as
    /// they stand in `lists`; returns what the membrane sees at each evaluation of its slopes, and the largest error
    /// of any component in units of what is allowed.
    fn respond<R: Real, C: Coefficients>(
        lists: &Lists<'_, C>,
        proposed: &mut [Lanes],
        size: R,
        allowed: &Allowed<R>,
    ) -> ([Self::Drive<R>; EVALUATIONS], R);
}

/// A model without a list of receptors.
pub struct NoReceptors;

impl Receptors for NoReceptors {
    const ANY: bool = false;
    type Drive<R: Real> = ();
    #[inline(always)]
    fn respond<R: Real, C: Coefficients>(
        _: &Lists<'_, C>,
        _: &mut [Lanes],
        _: R,
        _: &Allowed<R>,
    ) -> ([(); EVALUATIONS], R) {
        ([(); EVALUATIONS], R::of(0.0))
    }
}

/// Takes over what was proposed in the lanes that move.
#[inline(always)]
pub(super) fn accept<P: Receptors, R: Real, C: Coefficients>(
    lists: &mut Lists<'_, C>,
    proposed: &[Lanes],
    moves: R::Mask,
) {
    if !P::ANY {
        return;
    }
    let (lane, count) = (lists.lane, lists.shape.row(0, lists.len(0)));
    for (row, new) in lists.rows[..count].iter_mut().zip(proposed) {
        let kept = R::select(moves, R::load(rows::at::<R>(new, lane)), R::load(rows::at::<R>(row, lane)));
        kept.store(rows::at_mut::<R>(row, lane));
    }
}

/// Puts the state that is proposed for an entry into its rows.
#[inline(always)]
pub fn propose<R: Real, S: Fields<R>, C: Coefficients>(
    lists: &Lists<'_, C>,
    proposed: &mut [Lanes],
    entry: usize,
    s: &S,
) {
    rows::store(s, &mut proposed[lists.shape.row(0, entry)..], lists.lane);
}
