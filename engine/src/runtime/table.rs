//! Parameter values of a population: one number for all neurons, or one a neuron.

use std::collections::BTreeMap;

use crate::description::{self, Declaration, DefaultValue, Distribution, Parameter, Role, TableSchema, Value};
use crate::mechanisms::random::{Purpose, Stream};

/// Values of one parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum Column {
    Same(f64),
    Each(Vec<f64>),
}

impl Column {
    /// A number for each of `n` neurons or devices.
    ///
    /// # Errors
    /// What is wrong with the distribution or with what it gave.
    pub fn drawn(
        parameter: &Parameter,
        distribution: &Distribution,
        stream: &mut Stream,
        n: usize,
    ) -> Result<Column, String> {
        let draw = |i: usize| {
            let x = stream.draw_finite(distribution)?;
            match parameter.exceeds(x) {
                Some(message) => Err(format!("{message} in number {i}; set a max")),
                None => Ok(x),
            }
        };
        Ok(Column::Each((0..n).map(draw).collect::<Result<_, String>>()?))
    }
    pub fn get(&self, i: usize) -> f64 {
        match self {
            Column::Same(x) => *x,
            Column::Each(xs) => xs[i],
        }
    }
}

/// Values of a parameter that is itself a list.
#[derive(Clone, Debug, PartialEq)]
enum ListColumn {
    Same(Vec<f64>),
    Each(Vec<Vec<f64>>),
}

impl ListColumn {
    fn of(value: Value, n: usize) -> Option<ListColumn> {
        match value {
            Value::List(xs) => Some(ListColumn::Same(xs)),
            Value::Real(x) => Some(ListColumn::Same(vec![x])),
            Value::Lists(lists) if lists.len() == n => Some(ListColumn::Each(lists)),
            _ => None,
        }
    }
}

/// All numeric parameters and initial states of a population.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Name of the model.
    model: &'static str,
    /// Names of the parameters, in the order of the declaration.
    names: Vec<&'static str>,
    /// Their numbers, of those that are numbers.
    columns: Vec<Option<Column>>,
    /// Of list parameters, by name; the keys of records are lists of their own, `compartments.params.C_m`.
    lists: BTreeMap<String, ListColumn>,
}

impl Table {
    /// The model's defaults, changed by what the user set.
    ///
    /// Distributions are drawn from a stream of this node and parameter. `Err` names the
    /// parameter whose distribution cannot meet its bounds.
    pub fn new(
        declared: Declaration,
        params: &BTreeMap<String, Value>,
        n: usize,
        seed: u64,
        node: u64,
    ) -> Result<Table, String> {
        let names: Vec<&'static str> = declared.parameters().map(|p| p.name).collect();
        let mut columns = Vec::with_capacity(names.len());
        let mut lists = BTreeMap::new();
        for (place, parameter) in declared.parameters().enumerate() {
            if parameter.is_list() {
                let value = params.get(parameter.name).cloned().unwrap_or_else(|| Value::from(parameter.default));
                match (parameter.default, &value) {
                    (DefaultValue::Table(schema), Value::Table(records)) => {
                        lists.extend(columns_of(parameter.name, schema, records));
                    }
                    _ => lists.extend(ListColumn::of(value, n).map(|list| (parameter.name.to_owned(), list))),
                }
                columns.push(None);
                continue;
            }
            let column = match params.get(parameter.name) {
                Some(value) => Self::column(parameter, value, n, seed, node, place as u64)
                    .map_err(|message| format!("{}: {message}", parameter.name))?,
                None => match parameter.default {
                    DefaultValue::Real(x) => Some(Column::Same(x)),
                    DefaultValue::Integer(i) => Some(Column::Same(i as f64)),
                    DefaultValue::Flag(b) => Some(Column::Same(b as u8 as f64)),
                    DefaultValue::Text(word) => parameter.place_of_word(word).map(Column::Same),
                    _ => None,
                },
            };
            columns.push(column);
        }
        Ok(Table { model: declared.name, names, columns, lists })
    }

    /// No values yet, for the parameters of a model.
    pub fn of(declared: Declaration) -> Table {
        let names: Vec<&'static str> = declared.parameters().map(|p| p.name).collect();
        Table { model: declared.name, columns: vec![None; names.len()], names, lists: BTreeMap::new() }
    }

    /// The model whose parameters these are.
    pub fn model(&self) -> &'static str {
        self.model
    }

    /// `None` for values that are not numbers; `Err` tells why a distribution cannot be drawn from.
    fn column(
        parameter: &Parameter,
        value: &Value,
        n: usize,
        seed: u64,
        node: u64,
        place: u64,
    ) -> Result<Option<Column>, String> {
        Ok(match value {
            Value::Real(x) => Some(Column::Same(*x)),
            Value::Flag(b) => Some(Column::Same(*b as u8 as f64)),
            Value::Flags(flags) if flags.len() == n => {
                Some(Column::Each(flags.iter().map(|b| *b as u8 as f64).collect()))
            }
            Value::List(xs) if xs.len() == n => Some(Column::Each(xs.clone())),
            Value::Text(word) => parameter.place_of_word(word).map(Column::Same),
            Value::Range(range) => Some(Column::Each(range.values(n))),
            Value::Distribution(d) => {
                let mut stream = Stream::of(seed, Purpose::Parameter, node, place);
                Some(Column::drawn(parameter, d, &mut stream, n)?)
            }
            _ => None,
        })
    }

    pub fn set(&mut self, name: &'static str, column: Column) {
        match self.place(name) {
            Some(place) => self.columns[place] = Some(column),
            None => debug_assert!(false, "{} has no parameter {name}", self.model),
        }
    }

    /// Replaces a list-valued parameter of a population of `n`.
    pub fn set_list(&mut self, name: &'static str, value: Value, n: usize) {
        self.lists.extend(ListColumn::of(value, n).map(|list| (name.to_owned(), list)));
    }

    pub fn list(&self, name: &str, i: usize) -> &[f64] {
        match self.lists.get(name) {
            Some(ListColumn::Same(xs)) => xs,
            Some(ListColumn::Each(lists)) => &lists[i],
            None => &[],
        }
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|n| *n == name)
    }

    pub fn get(&self, name: &str) -> Option<&Column> {
        self.columns[self.place(name)?].as_ref()
    }

    /// A number of a neuron, device or synapse. The name is written in the program: a model that asks for what its
    /// declaration lacks is a mistake in the program.
    pub fn real(&self, name: &str, i: usize) -> f64 {
        match self.get(name) {
            Some(column) => column.get(i),
            None => panic!("no number {name} is declared"),
        }
    }

    /// The number at this place of the declaration.
    pub(crate) fn at(&self, place: usize, i: usize) -> f64 {
        match &self.columns[place] {
            Some(column) => column.get(i),
            None => panic!("{} is not a number", self.names[place]),
        }
    }

    /// The list at this place of the declaration.
    pub(crate) fn list_at(&self, place: usize, i: usize) -> &[f64] {
        self.list(self.names[place], i)
    }

    /// Whether these parameters are the same for all.
    pub fn is_alike(&self, names: &[&str]) -> bool {
        names.iter().all(|name| !matches!(self.get(name), Some(Column::Each(_))))
    }

    /// Whether every parameter that is not state is the same for all neurons.
    pub fn is_uniform(&self, declared: Declaration) -> bool {
        declared.parameters().filter(|p| p.role == Role::Parameter).all(|p| {
            !matches!(self.get(p.name), Some(Column::Each(_)))
                && !matches!(self.lists.get(p.name), Some(ListColumn::Each(_)))
        })
    }

    pub fn row(&self, i: usize) -> Row<'_> {
        Row { table: self, i }
    }
}

/// The numbers of a table: under its name the kinds of its entries, and a list for each key, of
/// which entries that do not tell it have the default and those that cannot have it 0.
fn columns_of(name: &str, declared: &TableSchema, records: &[description::Row]) -> Vec<(String, ListColumn)> {
    let kind = |record: &description::Row| declared.kind_of(record).unwrap_or(0);
    let mut columns = vec![(name.to_owned(), ListColumn::Same(records.iter().map(|r| kind(r) as f64).collect()))];
    let mut keys: Vec<&Parameter> = declared.required.iter().collect();
    keys.extend(declared.kinds.iter().flat_map(|kind| kind.optional));
    for key in keys {
        let whole = format!("{name}.{}", key.name);
        if columns.iter().any(|(there, _)| *there == whole) {
            continue;
        }
        let default = |record: &description::Row| {
            let own = declared.kinds[kind(record)].optional.iter().find(|p| p.name == key.name);
            own.map_or(0.0, |p| Value::from(p.default).typical())
        };
        let of = |record: &description::Row| {
            record.get(key.name).and_then(Value::as_real).unwrap_or_else(|| default(record))
        };
        columns.push((whole, ListColumn::Same(records.iter().map(of).collect())));
    }
    columns
}

/// The parameters of one neuron.
pub struct Row<'a> {
    table: &'a Table,
    i: usize,
}

impl Row<'_> {
    /// The number of a parameter that belongs to no model alone.
    pub fn real(&self, parameter: &Parameter) -> f64 {
        self.named(parameter.name)
    }
    /// The number of a parameter of this name, which the model has been made sure to have.
    pub fn named(&self, name: &str) -> f64 {
        self.table.real(name, self.i)
    }
    pub fn flag(&self, parameter: &Parameter) -> bool {
        self.real(parameter) != 0.0
    }
}
