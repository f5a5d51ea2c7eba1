//! Regions around a neuron.

use super::{Point, length};
use crate::math;

/// A region around a neuron, within which others are its partners.
#[derive(Clone, Debug, PartialEq)]
pub enum Mask {
    Form(Form),
    /// What lies in one of these.
    Union(Vec<Mask>),
    /// What lies in all of these.
    Intersection(Vec<Mask>),
    /// What lies in the first and not in the second.
    Difference(Box<Mask>, Box<Mask>),
}

/// One form with its numbers, in the order of [`MaskKind::fields`].
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    pub kind: MaskKind,
    pub numbers: [f64; 8],
    /// Where its origin stands, as seen from the neuron.
    pub anchor: Point,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MaskKind {
    Rectangular,
    Circular,
    Doughnut,
    Elliptical,
    Box,
    Spherical,
    Ellipsoidal,
}

/// A number of a form, or a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MaskField {
    /// NEST's name.
    pub name: &'static str,
    /// The place of its first number.
    pub at: usize,
    /// How many coordinates it has; 1 of a number.
    pub axes: usize,
    /// What it is where nothing is said of it.
    pub default: Option<f64>,
    /// An angle, in degrees.
    pub angle: bool,
}

const fn place(name: &'static str, at: usize, axes: usize) -> MaskField {
    MaskField { name, at, axes, default: None, angle: false }
}
const fn size(name: &'static str, at: usize) -> MaskField {
    place(name, at, 1)
}
const fn angle(name: &'static str, at: usize) -> MaskField {
    MaskField { name, at, axes: 1, default: Some(0.0), angle: true }
}

/// Points so near to the edge of a turned box belong to it: angles are no exact numbers.
const EDGE: f64 = 1e-6;

impl MaskKind {
    pub const ALL: [MaskKind; 7] = [
        MaskKind::Circular,
        MaskKind::Rectangular,
        MaskKind::Doughnut,
        MaskKind::Elliptical,
        MaskKind::Spherical,
        MaskKind::Box,
        MaskKind::Ellipsoidal,
    ];

    /// NEST's name.
    pub fn name(self) -> &'static str {
        match self {
            MaskKind::Rectangular => "rectangular",
            MaskKind::Circular => "circular",
            MaskKind::Doughnut => "doughnut",
            MaskKind::Elliptical => "elliptical",
            MaskKind::Box => "box",
            MaskKind::Spherical => "spherical",
            MaskKind::Ellipsoidal => "ellipsoidal",
        }
    }

    /// In a space of how many dimensions it lies.
    pub fn dimensions(self) -> usize {
        match self {
            MaskKind::Rectangular | MaskKind::Circular | MaskKind::Doughnut | MaskKind::Elliptical => 2,
            MaskKind::Box | MaskKind::Spherical | MaskKind::Ellipsoidal => 3,
        }
    }

    pub fn fields(self) -> &'static [MaskField] {
        const RECTANGULAR: [MaskField; 3] =
            [place("lower_left", 0, 2), place("upper_right", 2, 2), angle("azimuth_angle", 4)];
        const RADIUS: [MaskField; 1] = [size("radius", 0)];
        const DOUGHNUT: [MaskField; 2] = [size("inner_radius", 0), size("outer_radius", 1)];
        const ELLIPTICAL: [MaskField; 3] = [size("major_axis", 0), size("minor_axis", 1), angle("azimuth_angle", 2)];
        const BOX: [MaskField; 4] =
            [place("lower_left", 0, 3), place("upper_right", 3, 3), angle("azimuth_angle", 6), angle("polar_angle", 7)];
        const ELLIPSOIDAL: [MaskField; 5] = [
            size("major_axis", 0),
            size("minor_axis", 1),
            size("polar_axis", 2),
            angle("azimuth_angle", 3),
            angle("polar_angle", 4),
        ];
        match self {
            MaskKind::Rectangular => &RECTANGULAR,
            MaskKind::Circular | MaskKind::Spherical => &RADIUS,
            MaskKind::Doughnut => &DOUGHNUT,
            MaskKind::Elliptical => &ELLIPTICAL,
            MaskKind::Box => &BOX,
            MaskKind::Ellipsoidal => &ELLIPSOIDAL,
        }
    }

    /// A form of about this radius.
    #[must_use]
    pub fn around(self, radius: f64) -> Form {
        let r = radius;
        let numbers = match self {
            MaskKind::Rectangular => [-r, -r, r, r, 0.0, 0.0, 0.0, 0.0],
            MaskKind::Circular | MaskKind::Spherical => [r, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
            MaskKind::Doughnut => [0.5 * r, r, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
            MaskKind::Elliptical => [2.0 * r, r, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
            MaskKind::Box => [-r, -r, -r, r, r, r, 0.0, 0.0],
            MaskKind::Ellipsoidal => [2.0 * r, r, r, 0.0, 0.0, 0.0, 0.0, 0.0],
        };
        Form { kind: self, numbers, anchor: [0.0; 3] }
    }
}

impl Form {
    /// The numbers of a field.
    #[must_use]
    pub fn numbers_of(&self, field: &MaskField) -> &[f64] {
        &self.numbers[field.at..field.at + field.axes]
    }

    /// Why it is no region, and what it must be.
    ///
    /// # Errors
    /// A sentence.
    pub fn check(&self) -> Result<(), String> {
        let name = self.kind.name();
        let n = &self.numbers;
        if n.iter().chain(&self.anchor).any(|x| !x.is_finite()) {
            return Err(format!("the numbers of the {name} mask must be finite"));
        }
        let positive = |what: &str, x: f64| {
            if x > 0.0 { Ok(()) } else { Err(format!("the {what} of the {name} mask must be > 0, is {x}")) }
        };
        match self.kind {
            MaskKind::Rectangular | MaskKind::Box => {
                let axes = self.kind.dimensions();
                match (0..axes).find(|axis| n[axes + axis] <= n[*axis]) {
                    None => Ok(()),
                    Some(axis) => Err(format!(
                        "upper_right of the {name} mask must lie above and to the right of lower_left, but {} is not above {}",
                        n[axes + axis],
                        n[axis]
                    )),
                }
            }
            MaskKind::Circular | MaskKind::Spherical => positive("radius", n[0]),
            MaskKind::Doughnut if n[0] < 0.0 || n[0] >= n[1] => Err(format!(
                "inner_radius of the doughnut mask must be at least 0 and less than outer_radius, here are {} and {}",
                n[0], n[1]
            )),
            MaskKind::Doughnut => Ok(()),
            MaskKind::Elliptical | MaskKind::Ellipsoidal => {
                positive("major_axis", n[0])?;
                positive("minor_axis", n[1])?;
                if self.kind == MaskKind::Ellipsoidal {
                    positive("polar_axis", n[2])?;
                }
                if n[0] < n[1] {
                    return Err(format!(
                        "major_axis of the {name} mask must not be less than minor_axis, here are {} and {}; turn it by azimuth_angle: 90",
                        n[0], n[1]
                    ));
                }
                Ok(())
            }
        }
    }

    /// Sines and cosines of the angles: azimuth, polar.
    fn turn(&self) -> Option<Turn> {
        let of = |name: &str| {
            self.kind.fields().iter().find(|field| field.name == name).map_or(0.0, |field| self.numbers[field.at])
        };
        let (azimuth, polar) = (of("azimuth_angle"), of("polar_angle"));
        if azimuth == 0.0 && polar == 0.0 {
            return None;
        }
        let radians = |degrees: f64| math::sin_cos(degrees * std::f64::consts::PI / 180.0);
        Some(Turn { azimuth: radians(azimuth), polar: radians(polar) })
    }

    /// Middle and half sizes of a box or an ellipse.
    fn middle_and_half(&self) -> (Point, Point) {
        let n = &self.numbers;
        match self.kind {
            MaskKind::Rectangular => {
                ([0.5 * (n[0] + n[2]), 0.5 * (n[1] + n[3]), 0.0], [0.5 * (n[2] - n[0]), 0.5 * (n[3] - n[1]), 0.0])
            }
            MaskKind::Box => (
                std::array::from_fn(|axis| 0.5 * (n[axis] + n[3 + axis])),
                std::array::from_fn(|axis| 0.5 * (n[3 + axis] - n[axis])),
            ),
            MaskKind::Elliptical => ([0.0; 3], [0.5 * n[0], 0.5 * n[1], 0.0]),
            MaskKind::Ellipsoidal => ([0.0; 3], [0.5 * n[0], 0.5 * n[1], 0.5 * n[2]]),
            MaskKind::Circular => ([0.0; 3], [n[0], n[0], 0.0]),
            MaskKind::Spherical => ([0.0; 3], [n[0]; 3]),
            MaskKind::Doughnut => ([0.0; 3], [n[1], n[1], 0.0]),
        }
    }

    fn contains(&self, way: Point) -> bool {
        let way: Point = std::array::from_fn(|axis| way[axis] - self.anchor[axis]);
        let n = &self.numbers;
        match self.kind {
            MaskKind::Circular | MaskKind::Spherical => length(way) <= n[0],
            MaskKind::Doughnut => {
                let r = length(way);
                n[0] < r && r <= n[1]
            }
            MaskKind::Rectangular | MaskKind::Box => {
                let axes = self.kind.dimensions();
                match self.turn() {
                    None => (0..axes).all(|axis| n[axis] <= way[axis] && way[axis] <= n[axes + axis]),
                    Some(turn) => {
                        let (middle, half) = self.middle_and_half();
                        let own = turn.back(std::array::from_fn(|axis| way[axis] - middle[axis]));
                        (0..axes).all(|axis| own[axis].abs() <= half[axis] + EDGE)
                    }
                }
            }
            MaskKind::Elliptical | MaskKind::Ellipsoidal => {
                let own = self.turn().map_or(way, |turn| turn.back(way));
                let (_, half) = self.middle_and_half();
                let part = |axis: usize| (own[axis] / half[axis]) * (own[axis] / half[axis]);
                (0..self.kind.dimensions()).map(part).sum::<f64>() <= 1.0
            }
        }
    }

    fn bounds(&self) -> (Point, Point) {
        let (middle, half) = self.middle_and_half();
        let reach = match self.turn() {
            None => half,
            Some(turn) => turn.around(half),
        };
        let at = |axis: usize, sign: f64| self.anchor[axis] + middle[axis] + sign * reach[axis];
        (std::array::from_fn(|axis| at(axis, -1.0)), std::array::from_fn(|axis| at(axis, 1.0)))
    }
}

/// Turned about y by the polar angle, from z to x, then about z by the azimuth, from x to y.
struct Turn {
    azimuth: (f64, f64),
    polar: (f64, f64),
}

impl Turn {
    /// What turning has brought here.
    fn back(&self, way: Point) -> Point {
        let ((sa, ca), (sp, cp)) = (self.azimuth, self.polar);
        let (x, y, z) = (way[0] * ca + way[1] * sa, way[1] * ca - way[0] * sa, way[2]);
        [x * cp - z * sp, y, x * sp + z * cp]
    }
    /// Half sizes of what holds a turned box of these half sizes.
    fn around(&self, half: Point) -> Point {
        let ((sa, ca), (sp, cp)) = (self.azimuth, self.polar);
        let x = (half[0] * cp).abs() + (half[2] * sp).abs();
        let z = (half[0] * sp).abs() + (half[2] * cp).abs();
        [(x * ca).abs() + (half[1] * sa).abs(), (x * sa).abs() + (half[1] * ca).abs(), z]
    }
}

impl From<Form> for Mask {
    fn from(form: Form) -> Mask {
        Mask::Form(form)
    }
}

impl Mask {
    /// How deep masks may be combined.
    pub const MOST_LEVELS: usize = 10;

    /// Whether a partner that is so far away lies within.
    #[must_use]
    pub fn contains(&self, way: Point) -> bool {
        match self {
            Mask::Form(form) => form.contains(way),
            Mask::Union(masks) => masks.iter().any(|mask| mask.contains(way)),
            Mask::Intersection(masks) => masks.iter().all(|mask| mask.contains(way)),
            Mask::Difference(from, without) => from.contains(way) && !without.contains(way),
        }
    }

    /// Lower and upper ends of a box that holds it.
    #[must_use]
    pub fn bounds(&self) -> (Point, Point) {
        let joined = |masks: &[Mask], low: fn(f64, f64) -> f64, high: fn(f64, f64) -> f64| {
            let mut all = masks.iter().map(Mask::bounds);
            let first = all.next().unwrap_or_default();
            all.fold(first, |(a, b), (c, d)| {
                (std::array::from_fn(|i| low(a[i], c[i])), std::array::from_fn(|i| high(b[i], d[i])))
            })
        };
        match self {
            Mask::Form(form) => form.bounds(),
            Mask::Union(masks) => joined(masks, f64::min, f64::max),
            Mask::Intersection(masks) => joined(masks, f64::max, f64::min),
            Mask::Difference(from, _) => from.bounds(),
        }
    }

    /// All forms of which it is made.
    #[must_use]
    pub fn forms(&self) -> Vec<&Form> {
        match self {
            Mask::Form(form) => vec![form],
            Mask::Union(masks) | Mask::Intersection(masks) => masks.iter().flat_map(Mask::forms).collect(),
            Mask::Difference(from, without) => [from, without].into_iter().flat_map(|mask| mask.forms()).collect(),
        }
    }

    /// How deep masks are combined.
    #[must_use]
    pub fn levels(&self) -> usize {
        match self {
            Mask::Form(_) => 1,
            Mask::Union(masks) | Mask::Intersection(masks) => 1 + masks.iter().map(Mask::levels).max().unwrap_or(0),
            Mask::Difference(from, without) => 1 + from.levels().max(without.levels()),
        }
    }

    /// What it is called.
    pub fn name(&self) -> &'static str {
        match self {
            Mask::Form(form) => form.kind.name(),
            Mask::Union(_) => "union",
            Mask::Intersection(_) => "intersection",
            Mask::Difference(..) => "difference",
        }
    }

    /// Why it is no region in a space of so many dimensions.
    ///
    /// # Errors
    /// A sentence that says what was given and what is allowed.
    pub fn check(&self, dimensions: usize) -> Result<(), String> {
        if self.levels() > Mask::MOST_LEVELS {
            return Err(format!("masks may be combined up to {} levels deep", Mask::MOST_LEVELS));
        }
        let forms = self.forms();
        if forms.is_empty() {
            return Err("must hold a form, such as circular(radius: 1)".into());
        }
        for form in forms {
            if form.kind.dimensions() != dimensions {
                let usual: Vec<&str> =
                    MaskKind::ALL.iter().filter(|kind| kind.dimensions() == dimensions).map(|k| k.name()).collect();
                return Err(format!(
                    "a {} mask lies in {} dimensions, the neurons stand in {dimensions}; use {}",
                    form.kind.name(),
                    form.kind.dimensions(),
                    usual.join(", ")
                ));
            }
            form.check()?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::description::space::Positions;

    fn form(kind: MaskKind, numbers: &[f64]) -> Form {
        let mut form = Form { kind, numbers: [0.0; 8], anchor: [0.0; 3] };
        form.numbers[..numbers.len()].copy_from_slice(numbers);
        form
    }

    /// Who of a grid of spacing 1 lies within the mask of its middle.
    fn within(mask: &Mask, shape: &[usize]) -> Vec<usize> {
        let mut grid = Positions::grid(shape);
        grid.extent = Some(std::array::from_fn(|axis| shape.get(axis).map_or(0.0, |n| *n as f64)));
        let places = grid.first(shape.iter().product(), || 0.0);
        let (low, high) = mask.bounds();
        (0..places.len())
            .filter(|i| mask.contains(places[*i]))
            .inspect(|i| {
                let within = |axis: usize| (low[axis] - 1e-5..=high[axis] + 1e-5).contains(&places[*i][axis]);
                assert!((0..3).all(within), "{mask:?} holds {:?} outside its bounds", places[*i]);
            })
            .collect()
    }

    /// Targets of the middle neuron in NEST 3.10.
    #[test]
    fn masks_hold_what_they_hold_in_nest() {
        use MaskKind::{Box as Cuboid, Circular, Doughnut, Ellipsoidal, Elliptical, Rectangular, Spherical};
        let flat: [(Form, &[usize]); 14] = [
            (form(Circular, &[1.0]), &[7, 11, 12, 13, 17]),
            (form(Rectangular, &[0.0, -1.0, 1.0, 1.0]), &[11, 12, 13, 16, 17, 18]),
            (form(Rectangular, &[0.0, -1.0, 2.0, 1.0, 90.0]), &[11, 12, 13, 16, 17, 18, 21, 22, 23]),
            (form(Rectangular, &[0.0, -0.2, 2.0, 0.2, 90.0]), &[16, 17, 18]),
            (form(Rectangular, &[-2.0, -0.2, 2.0, 0.2, 45.0]), &[8, 12, 16]),
            (form(Rectangular, &[-1.0, -2.0, 2.0, 1.0, 45.0]), &[7, 8, 11, 12, 13, 14, 16, 17, 18, 19, 22, 23]),
            (form(Doughnut, &[1.0, 1.5]), &[6, 8, 16, 18]),
            (form(Doughnut, &[0.0, 1.0]), &[7, 11, 13, 17]),
            (form(Elliptical, &[4.0, 2.0]), &[2, 7, 11, 12, 13, 17, 22]),
            (form(Elliptical, &[4.0, 2.0, 90.0]), &[7, 10, 11, 12, 13, 14, 17]),
            (form(Elliptical, &[6.0, 2.0, 45.0]), &[3, 4, 7, 8, 9, 11, 12, 13, 15, 16, 17, 20, 21]),
            (Form { anchor: [1.0, 0.0, 0.0], ..form(Circular, &[1.0]) }, &[12, 16, 17, 18, 22]),
            (Form { anchor: [1.0, 0.0, 0.0], ..form(Elliptical, &[4.0, 2.0]) }, &[7, 12, 16, 17, 18, 22]),
            (form(Circular, &[0.4]), &[12]),
        ];
        for (form, expected) in flat {
            assert_eq!(within(&form.clone().into(), &[5, 5]), expected, "{form:?}");
        }
        let solid: [(Form, &[usize]); 13] = [
            (form(Cuboid, &[0.0, 0.0, -1.0, 1.0, 1.0, 1.0]), &[9, 10, 11, 12, 13, 14, 18, 19, 20, 21, 22, 23]),
            (form(Spherical, &[1.0]), &[4, 10, 12, 13, 14, 16, 22]),
            (form(Ellipsoidal, &[4.0, 2.0, 2.0]), &[4, 10, 12, 13, 14, 16, 22]),
            (form(Ellipsoidal, &[4.0, 2.0, 2.0, 0.0, 90.0]), &[4, 10, 12, 13, 14, 16, 22]),
            (form(Cuboid, &[-0.2, -0.2, -2.0, 1.2, 0.2, 2.0, 90.0]), &[]),
            (form(Cuboid, &[-1.2, -0.2, -0.2, 1.2, 0.2, 0.2, 0.0, 90.0]), &[12, 13, 14]),
            (form(Cuboid, &[-1.5, -0.2, -0.2, 1.5, 0.2, 0.2, 45.0]), &[7, 13, 19]),
            (form(Cuboid, &[-1.5, -0.2, -0.2, 1.5, 0.2, 0.2, 0.0, 45.0]), &[5, 13, 21]),
            (form(Cuboid, &[-1.5, -0.2, -0.2, 1.5, 0.2, 0.2, 90.0, 45.0]), &[9, 13, 17]),
            (form(Cuboid, &[-0.2, -1.5, -0.2, 0.2, 1.5, 0.2, 0.0, 45.0]), &[10, 13, 16]),
            (form(Cuboid, &[-0.2, -0.2, -1.5, 0.2, 0.2, 1.5, 0.0, 45.0]), &[3, 13, 23]),
            (form(Ellipsoidal, &[4.0, 1.0, 3.0, 30.0, 20.0]), &[12, 13, 14]),
            (form(Ellipsoidal, &[4.0, 0.5, 0.5, 90.0, 45.0]), &[9, 13, 17]),
        ];
        for (form, expected) in solid {
            assert_eq!(within(&form.clone().into(), &[3, 3, 3]), expected, "{form:?}");
        }
    }

    #[test]
    fn masks_are_joined_cut_and_taken_away() {
        let disc = |r: f64| Mask::from(form(MaskKind::Circular, &[r]));
        let bar = Mask::from(form(MaskKind::Rectangular, &[0.0, -0.2, 2.0, 0.2]));
        assert_eq!(within(&Mask::Union(vec![disc(1.0), bar.clone()]), &[5, 5]), [7, 11, 12, 13, 17, 22]);
        assert_eq!(within(&Mask::Intersection(vec![disc(1.0), bar.clone()]), &[5, 5]), [12, 17]);
        assert_eq!(within(&Mask::Difference(disc(1.0).into(), bar.into()), &[5, 5]), [7, 11, 13]);
    }

    #[test]
    fn what_is_no_region_is_refused_with_a_cure() {
        let refused = |kind, numbers: &[f64]| Mask::from(form(kind, numbers)).check(2).unwrap_err();
        assert!(refused(MaskKind::Circular, &[0.0]).contains("radius of the circular mask must be > 0, is 0"));
        assert!(refused(MaskKind::Doughnut, &[2.0, 1.0]).contains("here are 2 and 1"));
        assert!(refused(MaskKind::Elliptical, &[1.0, 2.0]).contains("azimuth_angle: 90"));
        assert!(refused(MaskKind::Rectangular, &[0.0, 0.0, 1.0, 0.0]).contains("0 is not above 0"));
        assert!(refused(MaskKind::Spherical, &[1.0]).contains("use circular, rectangular, doughnut, elliptical"));
        assert!(Mask::Union(Vec::new()).check(2).is_err());
    }
}
