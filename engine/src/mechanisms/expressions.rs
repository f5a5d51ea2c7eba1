//! Arithmetic written down instead of done: what the step of a model computes, as a list of operations.
//!
//! [`Written`] is a number type like any other. A model's step that runs with it once leaves its operations behind; what is
//! known by then, such as all that follows from parameters, is worked out at once, and equal operations are written once. From
//! the list follow what the step depends on, its derivatives ([`Expressions::derivatives`], backwards from what comes out to
//! what goes in) and programs that make it for many cells at once ([`programs`](super::programs)).
//!
//! The rounding is that of the step itself: only operations with 0 and 1 that change nothing are left out.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::{Add, Div, Mul, Neg, Sub};

use super::lanes::Real;

/// The place of an expression in the list; what it is made of stands before it.
pub type Id = u32;

/// 0, the first of every list: memory that is filled with zeros reads as this.
pub const ZERO: Id = 0;
/// 1, the second of every list.
const ONE: Id = 1;

/// An expression. Truth is 1, or 0 where something does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Expression {
    /// A number by its bits.
    Constant(u64),
    /// What is given from outside, by its number.
    Given(u32),
    Add(Id, Id),
    Sub(Id, Id),
    Mul(Id, Id),
    Div(Id, Id),
    /// The first is as large as the second, or larger.
    Ge(Id, Id),
    Gt(Id, Id),
    /// Where the first holds the second, else the third.
    Select(Id, Id, Id),
    /// The first, a potential, has come to the second: as `Ge`, with the slope of a surrogate.
    Spike(Id, Id),
    /// The first, a probability, is more than the second: as `Gt`, with the slope of the probability up to 1.
    Drawn(Id, Id),
    /// The same, without derivative.
    Held(Id),
    Exp(Id),
    Ln(Id),
    /// (e^z − 1)/z, and its slope.
    Phi(Id),
    PhiSlope(Id),
    /// The slope of the surrogate at this distance from the threshold.
    Surrogate(Id),
}

impl Expression {
    /// What it is made of.
    pub fn parts(self) -> impl Iterator<Item = Id> {
        use Expression::*;
        let parts = match self {
            Constant(_) | Given(_) => [None; 3],
            Add(a, b) | Sub(a, b) | Mul(a, b) | Div(a, b) | Ge(a, b) | Gt(a, b) | Spike(a, b) | Drawn(a, b) => {
                [Some(a), Some(b), None]
            }
            Select(mask, yes, no) => [Some(mask), Some(yes), Some(no)],
            Held(a) | Exp(a) | Ln(a) | Phi(a) | PhiSlope(a) | Surrogate(a) => [Some(a), None, None],
        };
        parts.into_iter().flatten()
    }

    /// Those of its parts on which it depends smoothly, a surrogate's slope counting.
    fn smooth_parts(self) -> impl Iterator<Item = Id> {
        use Expression::*;
        let few = match self {
            Ge(..) | Gt(..) | Held(_) => 0,
            Drawn(..) => 1,
            _ => 3,
        };
        self.parts().take(few)
    }
}

/// A list of expressions.
#[derive(Clone, Debug)]
pub struct Expressions {
    all: Vec<Expression>,
    known: HashMap<Expression, Id>,
}

impl Default for Expressions {
    fn default() -> Self {
        let mut list = Expressions { all: Vec::new(), known: HashMap::new() };
        list.constant(0.0);
        list.constant(1.0);
        list
    }
}

impl Expressions {
    pub fn get(&self, id: Id) -> Expression {
        self.all[id as usize]
    }
    /// The number that an expression is, whatever is given.
    pub fn value(&self, id: Id) -> Option<f64> {
        match self.get(id) {
            Expression::Constant(bits) => Some(f64::from_bits(bits)),
            _ => None,
        }
    }

    fn write(&mut self, expression: Expression) -> Id {
        let next = self.all.len() as Id;
        let id = *self.known.entry(expression).or_insert(next);
        if id == next {
            self.all.push(expression);
        }
        id
    }
    pub fn constant(&mut self, x: f64) -> Id {
        self.write(Expression::Constant(x.to_bits()))
    }
    pub fn given(&mut self, number: u32) -> Id {
        self.write(Expression::Given(number))
    }
    fn truth(&mut self, holds: bool) -> Id {
        if holds { ONE } else { ZERO }
    }

    fn add(&mut self, a: Id, b: Id) -> Id {
        match (self.value(a), self.value(b)) {
            (Some(x), Some(y)) => self.constant(x + y),
            (Some(0.0), _) => b,
            (_, Some(0.0)) => a,
            _ => self.write(Expression::Add(a.min(b), a.max(b))),
        }
    }
    fn sub(&mut self, a: Id, b: Id) -> Id {
        match (self.value(a), self.value(b)) {
            (Some(x), Some(y)) => self.constant(x - y),
            (_, Some(0.0)) => a,
            _ => self.write(Expression::Sub(a, b)),
        }
    }
    fn mul(&mut self, a: Id, b: Id) -> Id {
        match (self.value(a), self.value(b)) {
            (Some(x), Some(y)) => self.constant(x * y),
            (Some(0.0), _) | (_, Some(0.0)) => ZERO,
            (Some(1.0), _) => b,
            (_, Some(1.0)) => a,
            _ => self.write(Expression::Mul(a.min(b), a.max(b))),
        }
    }
    fn div(&mut self, a: Id, b: Id) -> Id {
        match (self.value(a), self.value(b)) {
            (Some(x), Some(y)) => self.constant(x / y),
            (Some(0.0), _) => ZERO,
            (_, Some(1.0)) => a,
            _ => self.write(Expression::Div(a, b)),
        }
    }
    fn ge(&mut self, a: Id, b: Id) -> Id {
        match (self.value(a), self.value(b)) {
            (Some(x), Some(y)) => self.truth(x >= y),
            _ => self.write(Expression::Ge(a, b)),
        }
    }
    fn gt(&mut self, a: Id, b: Id) -> Id {
        match (self.value(a), self.value(b)) {
            (Some(x), Some(y)) => self.truth(x > y),
            _ => self.write(Expression::Gt(a, b)),
        }
    }
    fn select(&mut self, mask: Id, yes: Id, no: Id) -> Id {
        match self.value(mask) {
            Some(0.0) => no,
            Some(_) => yes,
            None if yes == no => yes,
            None if (yes, no) == (ONE, ZERO) => mask,
            None => self.write(Expression::Select(mask, yes, no)),
        }
    }
    fn spike(&mut self, potential: Id, threshold: Id) -> Id {
        match (self.value(potential), self.value(threshold)) {
            (Some(x), Some(y)) => self.truth(x >= y),
            _ => self.write(Expression::Spike(potential, threshold)),
        }
    }
    fn drawn(&mut self, probability: Id, uniform: Id) -> Id {
        match (self.value(probability), self.value(uniform)) {
            (Some(x), Some(y)) => self.truth(x > y),
            _ => self.write(Expression::Drawn(probability, uniform)),
        }
    }
    /// A function of one number.
    fn function(&mut self, a: Id, of: fn(f64) -> f64, written: fn(Id) -> Expression) -> Id {
        match self.value(a) {
            Some(x) => self.constant(of(x)),
            None => self.write(written(a)),
        }
    }

    /// The numbers of what is given on which some expressions depend, ascending; `smooth` leaves out what has no derivative.
    pub fn depends_on(&self, outputs: &[Id], smooth: bool) -> Vec<u32> {
        let mut reached = vec![false; self.all.len()];
        outputs.iter().for_each(|id| reached[*id as usize] = true);
        let mut found = Vec::new();
        for (id, expression) in self.all.iter().enumerate().rev().filter(|(_, e)| !matches!(e, Expression::Constant(_)))
        {
            if !reached[id] {
                continue;
            }
            if let Expression::Given(number) = expression {
                found.push(*number);
            }
            let mark = |part: Id| reached[part as usize] = true;
            if smooth { expression.smooth_parts().for_each(mark) } else { expression.parts().for_each(mark) }
        }
        found.sort_unstable();
        found
    }

    /// The derivatives of ∑ wanted · output by some expressions, written down; `wanted` stands beside each output.
    pub fn derivatives(&mut self, outputs: &[(Id, Id)], by: &[Id]) -> Vec<Id> {
        use Expression::*;
        let mut wanted = vec![ZERO; self.all.len()];
        for (output, of_output) in outputs {
            wanted[*output as usize] = self.add(wanted[*output as usize], *of_output);
        }
        for id in (0..wanted.len()).rev() {
            let (w, this) = (wanted[id], id as Id);
            if w == ZERO {
                continue;
            }
            let mut more = |list: &mut Self, part: Id, x: Id| {
                wanted[part as usize] = list.add(wanted[part as usize], x);
            };
            match self.all[id] {
                Constant(_) | Given(_) | Ge(..) | Gt(..) | Held(_) => {}
                // No derivative of a derivative is asked for.
                PhiSlope(_) | Surrogate(_) => {}
                Add(a, b) => {
                    more(self, a, w);
                    more(self, b, w);
                }
                Sub(a, b) => {
                    more(self, a, w);
                    wanted[b as usize] = self.sub(wanted[b as usize], w);
                }
                Mul(a, b) => {
                    let (by_a, by_b) = (self.mul(w, b), self.mul(w, a));
                    more(self, a, by_a);
                    more(self, b, by_b);
                }
                Div(a, b) => {
                    let per = self.div(ONE, b);
                    let by_a = self.mul(w, per);
                    let of_b = self.mul(by_a, this);
                    more(self, a, by_a);
                    wanted[b as usize] = self.sub(wanted[b as usize], of_b);
                }
                Select(mask, yes, no) => {
                    let (of_yes, of_no) = (self.select(mask, w, ZERO), self.select(mask, ZERO, w));
                    let gap = self.sub(yes, no);
                    let of_mask = self.mul(w, gap);
                    more(self, yes, of_yes);
                    more(self, no, of_no);
                    more(self, mask, of_mask);
                }
                Spike(potential, threshold) => {
                    let distance = self.sub(potential, threshold);
                    let slope = self.write(Surrogate(distance));
                    let x = self.mul(w, slope);
                    more(self, potential, x);
                    wanted[threshold as usize] = self.sub(wanted[threshold as usize], x);
                }
                Drawn(probability, _) => {
                    // Beyond 1 nothing becomes more certain.
                    let certain = self.gt(probability, ONE);
                    let x = self.select(certain, ZERO, w);
                    more(self, probability, x);
                }
                Exp(a) => {
                    let x = self.mul(w, this);
                    more(self, a, x);
                }
                Ln(a) => {
                    let x = self.div(w, a);
                    more(self, a, x);
                }
                Phi(a) => {
                    let slope = self.write(PhiSlope(a));
                    let x = self.mul(w, slope);
                    more(self, a, x);
                }
            }
        }
        by.iter().map(|id| wanted[*id as usize]).collect()
    }
}

thread_local! {
    /// The list that is being written.
    static LIST: RefCell<Expressions> = RefCell::default();
}

/// The list of what is written by work with numbers of the type [`Written`], and what the work returns.
pub fn written<T>(work: impl FnOnce() -> T) -> (Expressions, T) {
    let before = LIST.take();
    let done = work();
    (LIST.replace(before), done)
}

/// A number that is written down: its place in the list at hand. In memory it is that place, as a number.
#[derive(Clone, Copy, Debug)]
pub struct Written(pub Id);

impl Written {
    /// What is given from outside.
    pub fn given(number: usize) -> Self {
        Written(LIST.with_borrow_mut(|list| list.given(number as u32)))
    }
    fn value(self) -> Option<f64> {
        LIST.with_borrow(|list| list.value(self.0))
    }
    fn one(self, of: fn(f64) -> f64, expression: fn(Id) -> Expression) -> Self {
        Written(LIST.with_borrow_mut(|list| list.function(self.0, of, expression)))
    }
    fn two(self, b: Self, write: fn(&mut Expressions, Id, Id) -> Id) -> Self {
        Written(LIST.with_borrow_mut(|list| write(list, self.0, b.0)))
    }
}

macro_rules! operators {
    ($($trait:ident $name:ident),*) => {
        $(impl $trait for Written {
            type Output = Self;
            fn $name(self, b: Self) -> Self {
                self.two(b, Expressions::$name)
            }
        })*
    };
}
operators!(Add add, Sub sub, Mul mul, Div div);

impl Neg for Written {
    type Output = Self;
    fn neg(self) -> Self {
        Self::of(-0.0) - self
    }
}

impl Real for Written {
    const LANES: usize = 1;
    type Mask = Self;
    type Wide = Self;

    fn of(x: f64) -> Self {
        Written(LIST.with_borrow_mut(|list| list.constant(x)))
    }
    fn load(from: &[f64]) -> Self {
        Written(from[0] as Id)
    }
    fn store(self, to: &mut [f64]) {
        to[0] = f64::from(self.0);
    }
    fn spike(potential: Self, threshold: Self) -> Self {
        potential.two(threshold, Expressions::spike)
    }
    fn drawn(probability: Self, uniform: Self) -> Self {
        probability.two(uniform, Expressions::drawn)
    }
    fn held(self) -> Self {
        self.one(|x| x, Expression::Held)
    }
    fn ge(self, b: Self) -> Self {
        self.two(b, Expressions::ge)
    }
    fn gt(self, b: Self) -> Self {
        self.two(b, Expressions::gt)
    }
    fn and(a: Self, b: Self) -> Self {
        a * b
    }
    fn or(a: Self, b: Self) -> Self {
        a + b - a * b
    }
    fn select(mask: Self, yes: Self, no: Self) -> Self {
        Written(LIST.with_borrow_mut(|list| list.select(mask.0, yes.0, no.0)))
    }
    /// What is not known yet holds here and does not hold there: work that could be left out for some is done for all.
    fn bits(mask: Self) -> u64 {
        mask.value().unwrap_or(1.0) as u64
    }
    fn all(mask: Self) -> bool {
        mask.value() == Some(1.0)
    }
    fn mask(bits: u64) -> Self {
        Self::of((bits & 1) as f64)
    }
    fn abs(self) -> Self {
        Self::select(Self::gt(Self::of(0.0), self), -self, self)
    }
    fn scale_by_power_of_two(self, _: Self) -> Self {
        unreachable!("exponentials are written down whole")
    }
    fn split_exponent(self) -> (Self, Self) {
        unreachable!("logarithms are written down whole")
    }
    fn exp(self) -> Self {
        self.one(Real::exp, Expression::Exp)
    }
    fn ln(self) -> Self {
        self.one(Real::ln, Expression::Ln)
    }
    fn phi(self) -> Self {
        self.one(Real::phi, Expression::Phi)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_worked_out_and_equal_things_are_written_once() {
        let (list, (x, sum, same, known, nothing)) = written(|| {
            let (x, y) = (Written::given(0), Written::given(1));
            let known = Written::of(2.0) * Written::exp(Written::of(0.5)) + Written::of(1.0);
            let nothing =
                x * Written::of(0.0) + Written::select(Written::of(1.0).gt(Written::of(2.0)), y, Written::of(0.0));
            (x, x + y, y + x, known, nothing)
        });
        assert_eq!((sum.0, nothing.0), (same.0, ZERO));
        assert_eq!(list.value(known.0), Some(2.0 * Real::exp(0.5f64) + 1.0));
        assert_eq!((list.get(x.0), list.value(x.0)), (Expression::Given(0), None));
    }

    #[test]
    fn branches_on_what_is_given_are_both_written() {
        let (list, (y, certain)) = written(|| {
            let x = Written::given(0);
            let mask = x.gt(Written::of(3.0));
            assert!(Written::any(mask) && !Written::all(mask));
            (Written::select(mask, x * x, -x), Written::all(Written::of(2.0).ge(Written::of(2.0))))
        });
        assert!(certain);
        assert_eq!(list.depends_on(&[y.0], true), [0]);
    }

    #[test]
    fn smooth_dependence_passes_over_comparisons_and_what_is_held() {
        let (list, (a, b)) = written(|| {
            let [x, y, z] = [0, 1, 2].map(Written::given);
            let chosen = Written::select(Written::ge(x, y), z, Written::of(1.0));
            let spike = Written::select(Written::spike(x, Written::of(1.0)), y.held(), z);
            (chosen, spike)
        });
        assert_eq!((list.depends_on(&[a.0], false), list.depends_on(&[a.0], true)), (vec![0, 1, 2], vec![2]));
        assert_eq!((list.depends_on(&[b.0], false), list.depends_on(&[b.0], true)), (vec![0, 1, 2], vec![0, 2]));
    }
}
