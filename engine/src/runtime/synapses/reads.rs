//! What plastic synapses read of their targets, as an open list.
//!
//! A synapse model names what it reads as a type, `Synapse::Reads`. It says what the
//! chunk of the targets has to keep, and gives the synapse its view of one target. There are
//!
//! * `()`: nothing, as for short-term plasticity;
//! * [`Spikes`]: the spikes of the target and their traces;
//! * [`Sampled<H>`]: a [`SampledHistory`] that is written at the end of every step from recordables of the target;
//! * [`Released`]: the neuromodulator that the volume transmitter has collected;
//! * a pair of spikes and one of the others.
//!
//! A further history is one file with a type that implements [`SampledHistory`]; nothing here changes for it.

use crate::runtime::synapses::archive::{Archive, Post};
use crate::runtime::synapses::histories::{HistoryKind, OfTarget, SampledHistory};
use crate::runtime::synapses::transmitters::Release;

/// What a synapse reads when a spike passes it.
pub trait ReadsTarget: 'static {
    /// What the chunk of the targets keeps for it.
    const NEEDS: Needs;
    /// Looked up once for all synapses of a row.
    type Row<'a>: Copy;
    /// What one synapse sees: its target, at any time that may still be asked for.
    type View<'a>;

    fn row<'a>(archive: &'a Archive, released: &'a [Release]) -> Self::Row<'a>;
    /// (Implementations need the bound `'a: 'a`, which the compiler infers here but not there.)
    fn view<'a>(row: Self::Row<'a>, target: usize) -> Self::View<'a>;
}

/// What must be kept so that a synapse can read it.
#[derive(Clone, Copy, Debug)]
pub struct Needs {
    /// The spikes of the targets.
    pub spikes: bool,
    pub histories: &'static [HistoryKind],
}

impl Needs {
    pub const NOTHING: Needs = Needs { spikes: false, histories: &[] };

    pub fn is_nothing(self) -> bool {
        !self.spikes && self.histories.is_empty()
    }

    /// Recordables of the target that are sampled at the end of every step.
    pub fn quantities(self) -> impl Iterator<Item = &'static str> {
        self.histories.iter().flat_map(|kind| kind.quantities).copied()
    }
}

impl ReadsTarget for () {
    const NEEDS: Needs = Needs::NOTHING;
    type Row<'a> = ();
    type View<'a> = ();

    fn row<'a>(_: &'a Archive, _: &'a [Release]) {}
    #[inline(always)]
    fn view<'a>(_: (), _: usize)
    where
        'a: 'a,
    {
    }
}

/// A synapse reads the spikes of its target.
pub struct Spikes;

impl ReadsTarget for Spikes {
    const NEEDS: Needs = Needs { spikes: true, histories: &[] };
    type Row<'a> = &'a Archive;
    type View<'a> = Post<'a>;

    fn row<'a>(archive: &'a Archive, _: &'a [Release]) -> &'a Archive {
        archive
    }
    #[inline(always)]
    fn view<'a>(archive: &'a Archive, target: usize) -> Post<'a>
    where
        'a: 'a,
    {
        Post::new(archive, target)
    }
}

/// Spikes and something else.
impl<R: ReadsTarget> ReadsTarget for (Spikes, R) {
    const NEEDS: Needs = Needs { spikes: true, ..R::NEEDS };
    type Row<'a> = (&'a Archive, R::Row<'a>);
    type View<'a> = (<Spikes as ReadsTarget>::View<'a>, R::View<'a>);

    fn row<'a>(archive: &'a Archive, released: &'a [Release]) -> Self::Row<'a> {
        (archive, R::row(archive, released))
    }
    #[inline(always)]
    fn view<'a>((archive, rest): Self::Row<'a>, target: usize) -> Self::View<'a>
    where
        'a: 'a,
    {
        (Spikes::view(archive, target), R::view(rest, target))
    }
}

/// Reads a history that is sampled step by step.
pub struct Sampled<H>(std::marker::PhantomData<H>);

impl<H: SampledHistory> ReadsTarget for Sampled<H> {
    const NEEDS: Needs = Needs { spikes: false, histories: &[HistoryKind::of::<H>()] };
    type Row<'a> = &'a H;
    type View<'a> = OfTarget<'a, H>;

    fn row<'a>(archive: &'a Archive, _: &'a [Release]) -> &'a H {
        archive.histories.get().expect("histories are opened for all synapses when a network is built")
    }
    #[inline(always)]
    fn view<'a>(history: &'a H, target: usize) -> OfTarget<'a, H>
    where
        'a: 'a,
    {
        OfTarget { history, target }
    }
}

/// A synapse reads the list of its volume transmitter. The first entry is without spikes and tells when all synapses
/// were last brought up to date.
pub struct Released;

impl ReadsTarget for Released {
    const NEEDS: Needs = Needs::NOTHING;
    type Row<'a> = &'a [Release];
    type View<'a> = &'a [Release];

    fn row<'a>(_: &'a Archive, released: &'a [Release]) -> &'a [Release] {
        released
    }
    #[inline(always)]
    fn view<'a>(released: &'a [Release], _: usize) -> &'a [Release]
    where
        'a: 'a,
    {
        released
    }
}
