//! The parameters of one neuron, device or synapse, by names that the compiler looks up in the declaration of its model.
//!
//! A part of a model asks for `real!(p, M, "tau_m")`, where `M` is whatever model it stands in. If the declaration of
//! that model has no parameter of this name, the program does not compile.

use std::marker::PhantomData;

use crate::description::Declaration;
use crate::mechanisms::time::Grid;
use crate::runtime::table::Table;

/// What has a declaration: what a model does.
pub trait Declared: Send + Sync + 'static {
    const DECLARATION: Declaration;
}

/// Makes sure, when the program is compiled, that the declaration has parameters of all these names; empty ones are
/// left out.
pub(crate) const fn assert_declared<M: Declared>(names: &[&str]) {
    let mut i = 0;
    while i < names.len() {
        if !names[i].is_empty() {
            M::DECLARATION.place_of(&[names[i]]);
        }
        i += 1;
    }
}

/// The parameters of one neuron, device or synapse, whatever its model.
#[derive(Clone, Copy)]
pub struct Raw<'a> {
    pub(crate) table: &'a Table,
    /// Its number in the table: within the population, the node, or the rows of synapses.
    pub(crate) neuron: usize,
    pub(crate) grid: Grid,
}

/// The parameters of one neuron, device or synapse of model `M`.
pub struct Parameters<'a, M> {
    raw: Raw<'a>,
    model: PhantomData<M>,
}

impl<M> Clone for Parameters<'_, M> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<M> Copy for Parameters<'_, M> {}

/// The place of a parameter in the declaration of model `M`.
pub struct ParameterPlace<M> {
    place: usize,
    model: PhantomData<M>,
}

impl<M> Clone for ParameterPlace<M> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<M> Copy for ParameterPlace<M> {}

impl<M: Declared> ParameterPlace<M> {
    /// The place of the parameter of this name, given in parts; it must be there.
    pub const fn of(parts: &[&str]) -> ParameterPlace<M> {
        ParameterPlace { place: M::DECLARATION.place_of(parts), model: PhantomData }
    }
}

/// A key of a table parameter of model `M`, by the name under which its values are kept: that of the parameter and that
/// of the key, with a dot between.
pub struct KeyPlace<M> {
    name: &'static str,
    model: PhantomData<M>,
}

impl<M: Declared> KeyPlace<M> {
    /// The key of this name of the table of this name; it must be there.
    pub const fn of(table: &str, key: &str, name: &'static str) -> KeyPlace<M> {
        M::DECLARATION.assert_key(table, key);
        KeyPlace { name, model: PhantomData }
    }
}

impl<'a, M: Declared> Parameters<'a, M> {
    pub(crate) fn of(raw: Raw<'a>) -> Self {
        debug_assert_eq!(raw.table.model(), M::DECLARATION.name, "parameters of another model");
        Parameters { raw, model: PhantomData }
    }
    /// Those of entry `i` of a table.
    pub(crate) fn at(table: &'a Table, i: usize, grid: Grid) -> Self {
        Parameters::of(Raw { table, neuron: i, grid })
    }
    /// A number; flags are 1 or 0. Written `real!(p, M, "name")`.
    pub fn real(&self, place: ParameterPlace<M>) -> f64 {
        self.raw.table.at(place.place, self.raw.neuron)
    }
    /// A list. Written `list!(p, M, "name")`.
    pub fn list(&self, place: ParameterPlace<M>) -> &'a [f64] {
        self.raw.table.list_at(place.place, self.raw.neuron)
    }
    /// A key of a table, for each of its rows. Written `key!(p, M, "compartments", "params.C_m")`.
    pub fn key(&self, key: KeyPlace<M>) -> &'a [f64] {
        self.raw.table.list(key.name, self.raw.neuron)
    }
    /// The same for another part of the program that has the same declaration.
    pub(crate) fn of_same<N: Declared>(&self) -> Parameters<'a, N> {
        Parameters::of(self.raw)
    }
    pub fn grid(&self) -> Grid {
        self.raw.grid
    }
    /// The step, ms.
    pub fn h(&self) -> f64 {
        self.raw.grid.h()
    }
    /// Whole steps of a duration, rounded up.
    pub fn steps(&self, ms: f64) -> f64 {
        self.raw.grid.steps_up(ms) as f64
    }
}

/// What a model does, named as its type, and the declaration of the model: `MODEL` of this file unless another is given.
macro_rules! declared {
    ($name:ident) => {
        $crate::runtime::parameters::declared!($name, MODEL);
    };
    ($name:ident, $model:ident) => {
        impl $crate::runtime::parameters::Declared for $name {
            const DECLARATION: $crate::description::Declaration = $model.declaration();
        }
    };
}
/// A number among the parameters `p` of model `M`; its name may come in parts: `real!(p, M, "tau_syn", "_ex")`.
macro_rules! real {
    ($p:expr, $model:ty, $($part:expr),+) => {
        $p.real(const { $crate::runtime::parameters::ParameterPlace::<$model>::of(&[$($part),+]) })
    };
}
/// Several numbers, as an array: `reals!(p, M, ["tau_plus", "Wmax"])`.
macro_rules! reals {
    ($p:expr, $model:ty, [$($name:expr),+ $(,)?]) => {
        [$($crate::runtime::parameters::real!($p, $model, $name)),+]
    };
}
/// A switch.
macro_rules! flag {
    ($p:expr, $model:ty, $($part:expr),+) => {
        $crate::runtime::parameters::real!($p, $model, $($part),+) != 0.0
    };
}
/// A list-valued parameter.
macro_rules! list {
    ($p:expr, $model:ty, $($part:expr),+) => {
        $p.list(const { $crate::runtime::parameters::ParameterPlace::<$model>::of(&[$($part),+]) })
    };
}
/// A key of a table parameter, for each of its rows.
macro_rules! key {
    ($p:expr, $model:ty, $table:literal, $key:expr) => {
        $p.key(const { $crate::runtime::parameters::KeyPlace::<$model>::of($table, $key, concat!($table, ".", $key)) })
    };
}
/// A number of each of the devices with these settings.
macro_rules! each {
    ($p:expr, $model:ty, $name:expr) => {
        $p.each(const { $crate::runtime::parameters::ParameterPlace::<$model>::of(&[$name]) })
    };
}
/// The name of a parameter of model `M`, where a name is wanted.
macro_rules! named {
    ($model:ty, $name:expr) => {
        const {
            $crate::runtime::parameters::assert_declared::<$model>(&[$name]);
            $name
        }
    };
}
pub(crate) use {declared, each, flag, key, list, named, real, reals};
