//! Programs: operations on rows of numbers, one after the other, each for many cells in lanes.
//!
//! A program is made of [`Expressions`]. Rows are worked on in pieces that stay in the first cache; one row of memory serves
//! for several results, when the earlier ones are no longer needed.

use std::collections::HashMap;

use super::expressions::{Expression, Expressions, Id};
use super::lanes::{InLanes, Real, level};
use super::surrogates::Surrogate;

/// Rows have whole vectors: their length is a multiple of this.
pub const VECTOR: usize = 8;
/// Places of a piece of a row.
const PIECE: usize = 256;

/// A piece of a row.
#[derive(Clone, Copy)]
#[repr(align(64))]
struct Piece([f64; PIECE]);

/// Memory that a program works in.
pub struct Room(Vec<Piece>);

/// What an operation does with rows; `a`, `b`, `c` are the places of what it takes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Does {
    Add,
    Sub,
    Mul,
    Div,
    Ge,
    Gt,
    Select,
    Exp,
    Ln,
    Phi,
    PhiSlope,
    Surrogate,
    /// The slope of the surrogate at a − b.
    SurrogateOfDifference,
    /// What the first makes of a and b, and the second of that and c: what is between never goes to memory.
    Both(First, Second),
    Copy,
}

/// The first of two operations in one.
#[derive(Clone, Copy, Debug, PartialEq)]
enum First {
    Add,
    Sub,
    Mul,
}

/// The second of two operations in one; x is what the first has made.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Second {
    Add,
    /// x − c
    Sub,
    /// c − x
    From,
    Mul,
    /// x ≥ c, x > c
    Ge,
    Gt,
}

/// An operation. Places from 0 on are pieces of the room; then come the rows that come out, then those that are given.
#[derive(Clone, Copy, Debug)]
struct Operation {
    does: Does,
    takes: [u16; 3],
    to: u16,
}

/// A list of operations.
pub struct Program {
    operations: Vec<Operation>,
    /// Numbers that stand in the first pieces of the room.
    constants: Vec<f64>,
    pieces: usize,
    /// How many rows come out.
    outputs: usize,
    /// Which of the rows that can be given it reads.
    reads: Vec<bool>,
}

impl Program {
    /// What works out some expressions. `given` are the expressions that come in rows; of one that stands there several times the
    /// first row is read.
    pub fn new(list: &Expressions, given: &[Option<Id>], outputs: &[Id]) -> Program {
        let mut row_of = HashMap::new();
        for (row, id) in given.iter().enumerate().filter_map(|(row, id)| Some((row, (*id)?))) {
            row_of.entry(id).or_insert(row);
        }
        Making { list, row_of, reads: vec![false; given.len()] }.make(outputs)
    }

    /// Whether it reads what is given in this row.
    pub fn reads(&self, row: usize) -> bool {
        self.reads[row]
    }

    pub fn room(&self) -> Room {
        let mut room = vec![Piece([0.0; PIECE]); self.pieces];
        room.iter_mut().zip(&self.constants).for_each(|(piece, x)| piece.0.fill(*x));
        Room(room)
    }

    /// Works on the first `places` of all rows. Rows that it does not read may be empty.
    pub fn run(
        &self,
        room: &mut Room,
        places: usize,
        given: &[&[f64]],
        outputs: &mut [&mut [f64]],
        surrogate: Surrogate,
    ) {
        level().run(Running { program: self, pieces: &mut room.0, places, given, outputs, surrogate });
    }
}

struct Making<'a> {
    list: &'a Expressions,
    row_of: HashMap<Id, usize>,
    reads: Vec<bool>,
}

impl Making<'_> {
    /// The expression that is worked out for this one: what is held back from derivatives is itself.
    fn itself(&self, mut id: Id) -> Id {
        while let (Expression::Held(inner), false) = (self.list.get(id), self.row_of.contains_key(&id)) {
            id = inner;
        }
        id
    }

    /// Whether an expression has an operation of its own.
    fn is_made(&self, id: Id) -> bool {
        self.list.value(id).is_none() && !self.row_of.contains_key(&id)
    }

    fn make(mut self, outputs: &[Id]) -> Program {
        let outputs: Vec<Id> = outputs.iter().map(|id| self.itself(*id)).collect();
        // How often each is asked for, in descending order of what is made.
        let mut uses: HashMap<Id, usize> = HashMap::new();
        let mut made = std::collections::BTreeSet::new();
        let mut next = outputs.clone();
        while let Some(id) = next.pop() {
            *uses.entry(id).or_default() += 1;
            if self.is_made(id) && made.insert(id) {
                next.extend(self.list.get(id).parts().map(|part| self.itself(part)));
            }
        }
        // A sum, difference or product that is taken by one operation only is made there.
        let mut operations: Vec<(Does, Vec<Id>, Id)> = Vec::new();
        let mut melted = std::collections::BTreeSet::new();
        for id in made.iter().rev() {
            let id = *id;
            if melted.contains(&id) {
                continue;
            }
            let parts: Vec<Id> = self.list.get(id).parts().map(|part| self.itself(part)).collect();
            // What a part makes of two others, if it can be made with this operation.
            let first = |part: Id| {
                let (first, x, y) = match self.list.get(part) {
                    Expression::Add(x, y) => (First::Add, x, y),
                    Expression::Sub(x, y) => (First::Sub, x, y),
                    Expression::Mul(x, y) => (First::Mul, x, y),
                    _ => return None,
                };
                let alone = self.is_made(part) && uses[&part] == 1;
                alone.then(|| (part, first, [self.itself(x), self.itself(y)]))
            };
            // The second operation with the part at one of its two places, and the other part.
            let expression = self.list.get(id);
            let joined = match expression {
                Expression::Add(..) => [Some(Second::Add), Some(Second::Add)],
                Expression::Sub(..) => [Some(Second::Sub), Some(Second::From)],
                Expression::Mul(..) => [Some(Second::Mul), Some(Second::Mul)],
                Expression::Ge(..) | Expression::Spike(..) => [Some(Second::Ge), None],
                Expression::Gt(..) | Expression::Drawn(..) => [Some(Second::Gt), None],
                _ => [None, None],
            };
            let mut ways = (0..2).filter_map(|i| Some((first(*parts.get(i)?)?, joined[i]?, parts[1 - i])));
            if let Some(((part, first, [x, y]), second, other)) = ways.next() {
                melted.insert(part);
                operations.push((Does::Both(first, second), vec![x, y, other], id));
                continue;
            }
            let (does, takes) = match expression {
                Expression::Add(..) => (Does::Add, parts),
                Expression::Sub(..) => (Does::Sub, parts),
                Expression::Mul(..) => (Does::Mul, parts),
                Expression::Div(..) => (Does::Div, parts),
                Expression::Ge(..) | Expression::Spike(..) => (Does::Ge, parts),
                Expression::Gt(..) | Expression::Drawn(..) => (Does::Gt, parts),
                Expression::Select(..) => (Does::Select, parts),
                Expression::Exp(_) => (Does::Exp, parts),
                Expression::Ln(_) => (Does::Ln, parts),
                Expression::Phi(_) => (Does::Phi, parts),
                Expression::PhiSlope(_) => (Does::PhiSlope, parts),
                Expression::Surrogate(_) => match first(parts[0]) {
                    Some((part, First::Sub, takes)) => {
                        melted.insert(part);
                        (Does::SurrogateOfDifference, takes.to_vec())
                    }
                    _ => (Does::Surrogate, parts),
                },
                // What is given and not in a row is nothing.
                Expression::Constant(_) | Expression::Given(_) | Expression::Held(_) => continue,
            };
            operations.push((does, takes, id));
        }
        operations.reverse();
        self.place(&outputs, &operations)
    }

    /// Gives each result a place.
    fn place(&mut self, outputs: &[Id], operations: &[(Does, Vec<Id>, Id)]) -> Program {
        let mut constants: Vec<f64> = Vec::new();
        let mut place_of: HashMap<Id, Place> = HashMap::new();
        let taken = operations.iter().flat_map(|(_, takes, _)| takes.iter().copied());
        for id in taken.chain(outputs.iter().copied()) {
            if let Some(row) = self.row_of.get(&id) {
                self.reads[*row] = true;
                place_of.insert(id, Place::Row(*row));
            } else if let (Some(x), false) = (self.list.value(id), place_of.contains_key(&id)) {
                place_of.insert(id, Place::Piece(constants.len()));
                constants.push(x);
            }
        }
        // The last operation that takes each.
        let mut last: HashMap<Id, usize> = HashMap::new();
        for (i, (_, takes, _)) in operations.iter().enumerate() {
            last.extend(takes.iter().map(|id| (*id, i)));
        }
        let (mut free, mut pieces) = (Vec::new(), constants.len());
        let mut placed: Vec<(Does, [Place; 3], Place)> = Vec::new();
        for (i, (does, takes, id)) in operations.iter().enumerate() {
            // What comes out goes there at once, and is taken from there.
            let to = match outputs.iter().position(|output| output == id) {
                Some(output) => Place::Output(output),
                None => Place::Piece(free.pop().unwrap_or_else(|| {
                    pieces += 1;
                    pieces - 1
                })),
            };
            let mut from = [Place::Piece(0); 3];
            from.iter_mut().zip(takes).for_each(|(from, id)| *from = place_of[id]);
            place_of.insert(*id, to);
            placed.push((*does, from, to));
            let mut over: Vec<Id> = takes.iter().copied().filter(|id| last[id] == i).collect();
            over.sort_unstable();
            over.dedup();
            for id in over {
                if let (Place::Piece(piece), true) = (place_of[&id], self.is_made(id)) {
                    free.push(piece);
                }
            }
        }
        let mut written = vec![false; outputs.len()];
        placed.iter().for_each(|(.., to)| {
            if let Place::Output(output) = to {
                written[*output] = true
            }
        });
        for (output, id) in outputs.iter().enumerate().filter(|(output, _)| !written[*output]) {
            placed.push((Does::Copy, [place_of[id], Place::Piece(0), Place::Piece(0)], Place::Output(output)));
        }
        let number = |place: Place| match place {
            Place::Piece(piece) => piece as u16,
            Place::Output(output) => (pieces + output) as u16,
            Place::Row(row) => (pieces + outputs.len() + row) as u16,
        };
        let operations = (placed.into_iter())
            .map(|(does, takes, to)| Operation { does, takes: takes.map(number), to: number(to) })
            .collect();
        Program { operations, constants, pieces, outputs: outputs.len(), reads: std::mem::take(&mut self.reads) }
    }
}

#[derive(Clone, Copy)]
enum Place {
    Piece(usize),
    Row(usize),
    Output(usize),
}

struct Running<'a, 'g, 'o> {
    program: &'a Program,
    pieces: &'a mut [Piece],
    places: usize,
    given: &'a [&'g [f64]],
    outputs: &'a mut [&'o mut [f64]],
    surrogate: Surrogate,
}

/// The slope of φ at z: of the series near 0, else by φ itself.
#[inline(always)]
fn phi_slope<R: Real>(z: R) -> R {
    let phi = R::phi(z);
    let near = R::of(0.3).ge(z.abs());
    // n z^(n − 1)/(n + 1)!, from the highest power down.
    let mut series = R::of(0.0);
    for n in (1..=12u32).rev() {
        let factorial: f64 = (1..=n + 1).map(f64::from).product();
        series = series * z + R::of(f64::from(n) / factorial);
    }
    if R::all(near) {
        return series;
    }
    let one = R::of(1.0);
    R::select(near, series, (one + (z - one) * phi) / z)
}

impl InLanes for Running<'_, '_, '_> {
    type Output = ();
    #[inline(always)]
    fn run<R: Real>(self) {
        let Running { program, pieces, places, given, outputs, surrogate } = self;
        let (own, coming) = (program.pieces, program.outputs);
        assert_eq!(outputs.len(), coming, "a row for each output");
        let (zero, one) = (R::of(0.0), R::of(1.0));
        for from in (0..places).step_by(PIECE) {
            let length = PIECE.min(places - from);
            for operation in &program.operations {
                let Operation { does, takes, to } = *operation;
                // What it takes never stands where its result goes.
                let to = to as usize;
                let (low, rest) = pieces.split_at_mut(to.min(own));
                // Outputs before the one that is written and behind it; where a piece is written all are before.
                let written = if to < own { coming } else { to - own };
                let (before, behind) = outputs.split_at_mut(written);
                let (high, behind, out): (&[Piece], &[&mut [f64]], &mut [f64]) = match rest.split_first_mut() {
                    Some((out, high)) => (high, behind, &mut out.0[..length]),
                    None => {
                        let (out, behind) = behind.split_first_mut().expect("an output is there");
                        (&[], behind, &mut out[from..from + length])
                    }
                };
                macro_rules! taken {
                    ($i:expr) => {{
                        let i = takes[$i] as usize;
                        if i >= own + coming {
                            &given[i - own - coming][from..from + length]
                        } else if i < to.min(own) {
                            &low[i].0[..length]
                        } else if i < own {
                            &high[i - to - 1].0[..length]
                        } else if i - own < written {
                            &before[i - own][from..from + length]
                        } else {
                            &behind[i - own - written - 1][from..from + length]
                        }
                    }};
                }
                macro_rules! each {
                    ($a:ident => $result:expr) => {
                        for (a, to) in taken!(0).chunks_exact(R::LANES).zip(out.chunks_exact_mut(R::LANES)) {
                            let $a = R::load(a);
                            R::store($result, to);
                        }
                    };
                    ($a:ident, $b:ident => $result:expr) => {
                        let both = taken!(0).chunks_exact(R::LANES).zip(taken!(1).chunks_exact(R::LANES));
                        for ((a, b), to) in both.zip(out.chunks_exact_mut(R::LANES)) {
                            let ($a, $b) = (R::load(a), R::load(b));
                            R::store($result, to);
                        }
                    };
                    ($a:ident, $b:ident, $c:ident => $result:expr) => {
                        let both = taken!(0).chunks_exact(R::LANES).zip(taken!(1).chunks_exact(R::LANES));
                        let three = both.zip(taken!(2).chunks_exact(R::LANES));
                        for (((a, b), c), to) in three.zip(out.chunks_exact_mut(R::LANES)) {
                            let ($a, $b, $c) = (R::load(a), R::load(b), R::load(c));
                            R::store($result, to);
                        }
                    };
                }
                macro_rules! both {
                    ($first:tt, $second:expr) => {
                        match $second {
                            Second::Add => {
                                each!(a, b, c => (a $first b) + c);
                            }
                            Second::Sub => {
                                each!(a, b, c => (a $first b) - c);
                            }
                            Second::From => {
                                each!(a, b, c => c - (a $first b));
                            }
                            Second::Mul => {
                                each!(a, b, c => (a $first b) * c);
                            }
                            Second::Ge => {
                                each!(a, b, c => R::select((a $first b).ge(c), one, zero));
                            }
                            Second::Gt => {
                                each!(a, b, c => R::select((a $first b).gt(c), one, zero));
                            }
                        }
                    };
                }
                match does {
                    Does::Add => {
                        each!(a, b => a + b);
                    }
                    Does::Sub => {
                        each!(a, b => a - b);
                    }
                    Does::Mul => {
                        each!(a, b => a * b);
                    }
                    Does::Div => {
                        each!(a, b => a / b);
                    }
                    Does::Ge => {
                        each!(a, b => R::select(a.ge(b), one, zero));
                    }
                    Does::Gt => {
                        each!(a, b => R::select(a.gt(b), one, zero));
                    }
                    Does::Select => {
                        each!(mask, yes, no => R::select(mask.gt(zero), yes, no));
                    }
                    Does::Both(First::Add, second) => both!(+, second),
                    Does::Both(First::Sub, second) => both!(-, second),
                    Does::Both(First::Mul, second) => both!(*, second),
                    Does::SurrogateOfDifference => {
                        each!(a, b => surrogate.slope(a - b));
                    }
                    Does::Exp => {
                        each!(a => R::exp(a));
                    }
                    Does::Ln => {
                        each!(a => R::ln(a));
                    }
                    Does::Phi => {
                        each!(a => R::phi(a));
                    }
                    Does::PhiSlope => {
                        each!(a => phi_slope(a));
                    }
                    Does::Surrogate => {
                        each!(a => surrogate.slope(a));
                    }
                    Does::Copy => {
                        each!(a => a);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mechanisms::expressions::{Written, written};
    use crate::mechanisms::lanes::Level;

    /// A function with all that expressions can be made of, and who spikes.
    fn f<R: Real>(x: R, y: R) -> [R; 3] {
        let z = (x * y - R::of(2.0)) / (y + R::of(3.0)) + R::exp(-x) * R::ln(y) - R::phi(x * y);
        let w = R::select(x.gt(y), z * z, R::abs(z - y));
        let mask = R::or(R::spike(z, R::of(0.2)), R::and(R::drawn(y, R::of(1.5)), R::spike(x, y)));
        [w, R::select(mask, x, w * y), R::phi(R::of(0.1) * z) - x * y]
    }

    /// The program of `f` and that of its derivatives by x and y, where each of its results is wanted 1, 2, 3 times.
    fn programs() -> [Program; 2] {
        let (mut list, (given, results)) = written(|| {
            let [x, y] = [0, 1].map(Written::given);
            ([x.0, y.0], f(x, y).map(|result| result.0))
        });
        let wanted: Vec<(Id, Id)> = results.iter().zip(1..).map(|(id, i)| (*id, list.constant(f64::from(i)))).collect();
        let rows = given.map(Some);
        let slopes = list.derivatives(&wanted, &given);
        [Program::new(&list, &rows, &results), Program::new(&list, &rows, &slopes)]
    }

    fn places() -> [Vec<f64>; 2] {
        let x = (0..2 * PIECE + VECTOR).map(|i| 0.013 * i as f64 - 1.4).collect();
        let y = (0..2 * PIECE + VECTOR).map(|i| 0.3 + 0.031 * ((i * 7) % 101) as f64).collect();
        [x, y]
    }

    fn run(program: &Program, level: Level, outputs: usize) -> Vec<Vec<f64>> {
        let given = places();
        let n = given[0].len();
        let mut rows = vec![vec![0.0; n]; outputs];
        let mut to: Vec<&mut [f64]> = rows.iter_mut().map(|row| &mut row[..]).collect();
        let (given, mut room) = ([&given[0][..], &given[1][..]], program.room());
        let surrogate = Surrogate::Sigmoid { alpha: 2.0 };
        level.run(Running { program, pieces: &mut room.0, places: n, given: &given, outputs: &mut to, surrogate });
        rows
    }

    #[test]
    fn programs_give_the_bits_of_the_text_at_every_level() {
        let [program, back] = programs();
        let [xs, ys] = places();
        let found = run(&program, Level::available()[0], 3);
        for (i, (x, y)) in xs.into_iter().zip(ys).enumerate() {
            let expected = f(x, y);
            (0..3).for_each(|k| assert_eq!(found[k][i].to_bits(), expected[k].to_bits(), "result {k} at {x}, {y}"));
        }
        for level in Level::available() {
            assert_eq!(
                (run(&program, level, 3), run(&back, level, 2)),
                (found.clone(), run(&back, Level::available()[0], 2))
            );
        }
    }

    /// The same with the derivative by one number.
    #[test]
    fn derivatives_are_those_of_dual_numbers() {
        use crate::mechanisms::dual::{Dual, Slope};
        #[derive(Clone, Copy)]
        struct Steep;
        impl Slope for Steep {
            fn slope(x: f64) -> f64 {
                Surrogate::Sigmoid { alpha: 2.0 }.slope(x)
            }
        }
        let [xs, ys] = places();
        let found = run(&programs()[1], Level::available()[0], 2);
        for (i, (x, y)) in xs.into_iter().zip(ys).enumerate() {
            for (k, (by_x, by_y)) in [(1.0, 0.0), (0.0, 1.0)].into_iter().enumerate() {
                let results = f(Dual::<Steep>::new(x, by_x), Dual::<Steep>::new(y, by_y));
                let expected: f64 = results.iter().zip(1..).map(|(result, i)| f64::from(i) * result.slope).sum();
                let near = (found[k][i] - expected).abs() < 1e-10 * (1.0 + expected.abs());
                assert!(near, "by {k} at {x}, {y}: {} {expected}", found[k][i]);
            }
        }
    }
}
