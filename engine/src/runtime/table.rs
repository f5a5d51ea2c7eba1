//! Parameter values of a population: one number for all neurons, or one a neuron.

use std::collections::BTreeMap;

use crate::description::{Default, Parameter, Record, Records, Role, Value};
use crate::mechanisms::random::{Purpose, Stream};
use crate::runtime::model::Model;
use crate::runtime::neurons::dynamics::Lookup;

/// Values of one parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum Column {
    Same(f64),
    Each(Vec<f64>),
}

impl Column {
    pub fn get(&self, i: usize) -> f64 {
        match self {
            Column::Same(x) => *x,
            Column::Each(xs) => xs[i],
        }
    }
}

/// Values of a parameter that is itself a list.
#[derive(Clone, Debug, PartialEq)]
enum Lists {
    Same(Vec<f64>),
    Each(Vec<Vec<f64>>),
}

impl Lists {
    fn of(value: Value, n: usize) -> Option<Lists> {
        match value {
            Value::List(xs) => Some(Lists::Same(xs)),
            Value::Real(x) => Some(Lists::Same(vec![x])),
            Value::Lists(lists) if lists.len() == n => Some(Lists::Each(lists)),
            _ => None,
        }
    }
}

/// All numeric parameters and initial states of a population.
#[derive(Clone, Debug, Default)]
pub struct Table {
    columns: BTreeMap<&'static str, Column>,
    /// Of list parameters; the keys of records are lists of their own, `compartments.params.C_m`.
    lists: BTreeMap<String, Lists>,
}

impl Table {
    /// The model's defaults, changed by what the user set.
    ///
    /// Distributions are drawn from a stream of this node and parameter. `Err` names the
    /// parameter whose distribution cannot meet its bounds.
    pub fn new(
        model: &'static Model,
        params: &BTreeMap<String, Value>,
        n: usize,
        seed: u64,
        node: u64,
    ) -> Result<Table, String> {
        let mut columns = BTreeMap::new();
        let mut lists = BTreeMap::new();
        for (place, parameter) in model.parameters().enumerate() {
            if parameter.is_list() {
                let value = params.get(parameter.name).cloned().unwrap_or_else(|| Value::from(parameter.default));
                match (parameter.default, &value) {
                    (Default::Records(declared), Value::Records(records)) => {
                        lists.extend(columns_of(parameter.name, declared, records));
                    }
                    _ => lists.extend(Lists::of(value, n).map(|list| (parameter.name.to_owned(), list))),
                }
                continue;
            }
            let column = match params.get(parameter.name) {
                Some(value) => Self::column(value, n, seed, node, place as u64)
                    .ok_or_else(|| format!("{}: the distribution never falls within its bounds", parameter.name))?,
                None => match parameter.default {
                    Default::Real(x) => Some(Column::Same(x)),
                    Default::Integer(i) => Some(Column::Same(i as f64)),
                    Default::Flag(b) => Some(Column::Same(b as u8 as f64)),
                    _ => None,
                },
            };
            if let Some(column) = column {
                columns.insert(parameter.name, column);
            }
        }
        Ok(Table { columns, lists })
    }

    /// `Some(None)` for values that are not numbers, `None` if a distribution cannot be drawn from.
    fn column(value: &Value, n: usize, seed: u64, node: u64, place: u64) -> Option<Option<Column>> {
        Some(match value {
            Value::Real(x) => Some(Column::Same(*x)),
            Value::Flag(b) => Some(Column::Same(*b as u8 as f64)),
            Value::Flags(flags) if flags.len() == n => {
                Some(Column::Each(flags.iter().map(|b| *b as u8 as f64).collect()))
            }
            Value::List(xs) if xs.len() == n => Some(Column::Each(xs.clone())),
            Value::Distribution(d) => {
                let mut stream = Stream::of(seed, Purpose::Parameter, node, place);
                Some(Column::Each((0..n).map(|_| stream.draw(d)).collect::<Option<_>>()?))
            }
            _ => None,
        })
    }

    pub fn set(&mut self, name: &'static str, column: Column) {
        self.columns.insert(name, column);
    }

    /// Replaces a list-valued parameter of a population of `n`.
    pub fn set_list(&mut self, name: &'static str, value: Value, n: usize) {
        self.lists.extend(Lists::of(value, n).map(|list| (name.to_owned(), list)));
    }

    pub fn list(&self, name: &str, i: usize) -> &[f64] {
        match self.lists.get(name) {
            Some(Lists::Same(xs)) => xs,
            Some(Lists::Each(lists)) => &lists[i],
            None => &[],
        }
    }

    pub fn get(&self, name: &str) -> Option<&Column> {
        self.columns.get(name)
    }

    pub fn real(&self, name: &str, i: usize) -> f64 {
        self.columns.get(name).map_or(0.0, |c| c.get(i))
    }

    /// Whether these parameters are the same for all.
    pub fn is_alike(&self, names: &[&str]) -> bool {
        names.iter().all(|name| !matches!(self.columns.get(name), Some(Column::Each(_))))
    }

    /// Whether every parameter that is not state is the same for all neurons.
    pub fn is_uniform(&self, model: &Model) -> bool {
        model.parameters().filter(|p| p.role == Role::Parameter).all(|p| {
            !matches!(self.columns.get(p.name), Some(Column::Each(_)))
                && !matches!(self.lists.get(p.name), Some(Lists::Each(_)))
        })
    }

    pub fn row(&self, i: usize) -> Row<'_> {
        Row { table: self, i }
    }
}

/// The numbers of a list of records: under its name the kinds of its entries, and a list for each key, of
/// which entries that do not tell it have the default and those that cannot have it 0.
fn columns_of(name: &str, declared: &Records, records: &[Record]) -> Vec<(String, Lists)> {
    let kind = |record: &Record| declared.kind_of(record).unwrap_or(0);
    let mut columns = vec![(name.to_owned(), Lists::Same(records.iter().map(|r| kind(r) as f64).collect()))];
    let mut keys: Vec<&Parameter> = declared.required.iter().collect();
    keys.extend(declared.kinds.iter().flat_map(|kind| kind.optional));
    for key in keys {
        let whole = format!("{name}.{}", key.name);
        if columns.iter().any(|(there, _)| *there == whole) {
            continue;
        }
        let default = |record: &Record| {
            let own = declared.kinds[kind(record)].optional.iter().find(|p| p.name == key.name);
            own.map_or(0.0, |p| Value::from(p.default).typical())
        };
        let of = |record: &Record| record.get(key.name).and_then(Value::as_real).unwrap_or_else(|| default(record));
        columns.push((whole, Lists::Same(records.iter().map(of).collect())));
    }
    columns
}

/// The parameters of one neuron.
pub struct Row<'a> {
    table: &'a Table,
    i: usize,
}

impl Lookup for Row<'_> {
    fn real(&self, name: &str) -> f64 {
        self.table.real(name, self.i)
    }
    fn list(&self, name: &str) -> &[f64] {
        self.table.list(name, self.i)
    }
}
