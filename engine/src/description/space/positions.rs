//! Where the neurons of a node stand.

use std::sync::Arc;

use super::Point;

/// Where the neurons of a node stand, in the units of the user's choice.
#[derive(Clone, Debug, PartialEq)]
pub struct Positions {
    pub places: Places,
    /// 2 or 3.
    pub dimensions: usize,
    /// The size of the space. Listed places may do without: it is then the smallest that holds them, in whole numbers.
    pub extent: Option<Point>,
    /// The middle of the space; that of listed places is told by them.
    pub center: Point,
    /// What leaves the space at one edge enters it at the opposite one.
    pub edge_wrap: bool,
}

/// How places are given.
#[derive(Clone, Debug, PartialEq)]
pub enum Places {
    /// In the middle of cells of equal size, column by column: the last coordinate changes first; y descends.
    Grid { shape: Vec<usize> },
    /// One by one; `lines` if they were told as those of a lattice.
    Free { at: Arc<[Point]>, lines: Option<Lines> },
    /// Anywhere in the extent with equal probability.
    Uniform { seed: u64 },
}

/// The coordinates of a lattice, whose lines need not be equally far from each other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lines {
    pub x: Vec<f64>,
    pub y: Vec<f64>,
    /// Empty in two dimensions.
    pub z: Vec<f64>,
    /// Neurons at each place.
    pub each: usize,
}

impl Lines {
    /// How many places there are.
    #[must_use]
    pub fn number(&self) -> usize {
        let sides = [self.x.len(), self.y.len(), self.z.len().max(1), self.each];
        sides.into_iter().fold(1, usize::saturating_mul)
    }

    /// Row by row as a text is read: y changes last, before it x, then z; those at one place follow each other.
    fn places(&self) -> impl Iterator<Item = Point> + '_ {
        let z: &[f64] = if self.z.is_empty() { &[0.0] } else { &self.z };
        let row = move |y: f64| self.x.iter().flat_map(move |x| z.iter().map(move |z| [*x, y, *z]));
        self.y.iter().flat_map(move |y| row(*y)).flat_map(|place| std::iter::repeat_n(place, self.each))
    }
}

impl Positions {
    /// Names of the ways in which places are given.
    pub const NAMES: [&str; 3] = ["grid", "free", "uniform"];

    /// A grid with an extent of 1 in each direction around the origin.
    #[must_use]
    pub fn grid(shape: &[usize]) -> Positions {
        let dimensions = shape.len().clamp(2, 3);
        Positions::new(Places::Grid { shape: shape.to_vec() }, dimensions, Some(Self::unit(dimensions)))
    }
    /// These places.
    #[must_use]
    pub fn free(at: impl IntoIterator<Item = Point>, dimensions: usize) -> Positions {
        Positions::new(Places::Free { at: at.into_iter().collect(), lines: None }, dimensions, None)
    }
    /// The places of a lattice.
    #[must_use]
    pub fn lattice(lines: Lines) -> Positions {
        let dimensions = if lines.z.is_empty() { 2 } else { 3 };
        let at = lines.places().collect();
        Positions::new(Places::Free { at, lines: Some(lines) }, dimensions, None)
    }
    /// Places drawn in an extent around the origin, of as many dimensions as it has.
    #[must_use]
    pub fn uniform(extent: &[f64], seed: u64) -> Positions {
        let mut size = [0.0; 3];
        size.iter_mut().zip(extent).for_each(|(to, from)| *to = *from);
        Positions::new(Places::Uniform { seed }, extent.len().clamp(2, 3), Some(size))
    }

    fn new(places: Places, dimensions: usize, extent: Option<Point>) -> Positions {
        Positions { places, dimensions, extent, center: [0.0; 3], edge_wrap: false }
    }

    /// The extent where nothing is said of it.
    #[must_use]
    pub fn unit(dimensions: usize) -> Point {
        if dimensions == 3 { [1.0; 3] } else { [1.0, 1.0, 0.0] }
    }

    pub fn name(&self) -> &'static str {
        match self.places {
            Places::Grid { .. } => "grid",
            Places::Free { .. } => "free",
            Places::Uniform { .. } => "uniform",
        }
    }

    /// How many places there are, where that is told; drawn ones are as many as there are neurons.
    #[must_use]
    pub fn number(&self) -> Option<usize> {
        match &self.places {
            Places::Grid { shape } => Some(shape.iter().fold(1usize, |n, side| n.saturating_mul(*side))),
            Places::Free { at, .. } => Some(at.len()),
            Places::Uniform { .. } => None,
        }
    }

    /// Middle and size of the space.
    #[must_use]
    pub fn frame(&self) -> (Point, Point) {
        let Places::Free { at, .. } = &self.places else {
            return (self.center, self.extent.unwrap_or(Self::unit(self.dimensions)));
        };
        let ends = |axis: usize| {
            let of_axis = at.iter().map(|place| place[axis]);
            let (low, high) =
                of_axis.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
            if at.is_empty() { (0.0, 0.0) } else { (low, high) }
        };
        let center = std::array::from_fn(|axis| 0.5 * (ends(axis).0 + ends(axis).1));
        let size = std::array::from_fn(|axis| (ends(axis).1 - ends(axis).0).ceil());
        (center, self.extent.unwrap_or(size))
    }

    /// After which way along each axis one is back where one was; 0 without end.
    #[must_use]
    pub fn period(&self) -> Point {
        if self.edge_wrap { self.frame().1 } else { [0.0; 3] }
    }

    /// The first so many places; `uniform` gives numbers on [0, 1) for those that are drawn.
    #[must_use]
    pub fn first(&self, n: usize, mut uniform: impl FnMut() -> f64) -> Vec<Point> {
        let (center, extent) = self.frame();
        match &self.places {
            Places::Free { at, .. } => at.iter().copied().take(n).collect(),
            Places::Uniform { .. } => {
                let mut along = |axis: usize| center[axis] + (uniform() - 0.5) * extent[axis];
                let mut place = || {
                    let (x, y) = (along(0), along(1));
                    [x, y, if self.dimensions == 3 { along(2) } else { 0.0 }]
                };
                (0..n).map(|_| place()).collect()
            }
            Places::Grid { shape } => {
                let side = |axis: usize| shape.get(axis).copied().unwrap_or(1).max(1);
                let cell: Point = std::array::from_fn(|axis| extent[axis] / side(axis) as f64);
                // Cell by cell, then to its middle: the edges of masks decide by the last bit, which is that of NEST.
                let low = |axis: usize| center[axis] - 0.5 * extent[axis];
                let up = |i: usize, axis: usize| low(axis) + i as f64 * cell[axis] + 0.5 * cell[axis];
                let down = |i: usize, axis: usize| low(axis) + extent[axis] - i as f64 * cell[axis] - 0.5 * cell[axis];
                let place = |i: usize| {
                    let (column, iz) = (i / side(2), i % side(2));
                    let z = if self.dimensions == 3 { up(iz, 2) } else { 0.0 };
                    [up(column / side(1), 0), down(column % side(1), 1), z]
                };
                (0..n).map(place).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(positions: &Positions) -> Vec<Point> {
        positions.first(positions.number().unwrap_or(0), || 0.0)
    }

    /// Positions that NEST 3.10 tells.
    #[test]
    fn grids_go_column_by_column_as_those_of_nest() {
        let mut grid = Positions::grid(&[3, 4]);
        let expected = [-0.33333333333333337, -2.7755575615628914e-17, 0.33333333333333326]
            .map(|x| [0.375, 0.125, -0.125, -0.375].map(|y| [x, y, 0.0]));
        assert_eq!(places(&grid), expected.concat());
        grid = Positions { center: [0.3, -0.1, 0.0], extent: Some([2.1, 0.7, 0.0]), ..Positions::grid(&[7, 3]) };
        let found = places(&grid);
        assert_eq!(
            found[..3],
            [0.13333333333333336, -0.09999999999999996, -0.33333333333333326].map(|y| [-0.6, y, 0.0])
        );
        assert_eq!((found[6][0], found[20][0]), (-2.7755575615628914e-17, 1.1999999999999997));
        grid = Positions { center: [0.1, 0.2, 0.3], extent: Some([1.0, 2.0, 0.7]), ..Positions::grid(&[2, 3, 2]) };
        let found = places(&grid);
        assert_eq!(
            found[..2],
            [[-0.15000000000000002, 0.8666666666666667, 0.125], [-0.15000000000000002, 0.8666666666666667, 0.475]]
        );
        assert_eq!(found[11], [0.35, -0.4666666666666666, 0.475]);
    }

    #[test]
    fn listed_places_tell_the_extent_in_whole_numbers() {
        let free = Positions::free([[0.0, 0.0, 0.0], [2.2, 1.0, 0.0]], 2);
        assert_eq!(free.frame(), ([1.1, 0.5, 0.0], [3.0, 1.0, 0.0]));
        assert_eq!(free.number(), Some(2));
        let lattice = Positions::lattice(Lines { x: vec![0.0, 3.0], y: vec![1.0, 0.0], z: vec![], each: 2 });
        let column = |y: f64| [[0.0, y, 0.0], [0.0, y, 0.0], [3.0, y, 0.0], [3.0, y, 0.0]];
        assert_eq!(places(&lattice), [column(1.0), column(0.0)].concat());
        assert_eq!((lattice.dimensions, lattice.frame().1), (2, [3.0, 1.0, 0.0]));
        let drawn = Positions::uniform(&[2.0, 4.0], 1).first(2, || 0.75);
        assert_eq!(drawn, [[0.5, 1.0, 0.0]; 2]);
    }
}
