//! Values that depend on how far away, or in which direction, a partner is.

use serde::{Deserialize, Serialize};

use super::{Point, length};
use crate::math;

/// A function of a displacement: of its length, of one coordinate or of its direction. Its values are those of the shape times
/// `times`, plus `plus`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kernel {
    pub shape: KernelShape,
    /// In the order of [`KernelShape::numbers`].
    pub numbers: [f64; 6],
    /// What shapes of one number look at.
    pub of: Coordinate,
    /// Of shapes that look at the direction: they see the coordinates without their signs.
    pub absolute: bool,
    pub times: f64,
    pub plus: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KernelShape {
    /// 1 everywhere.
    Constant,
    /// The distance itself.
    Linear,
    Exponential,
    Gaussian,
    Gaussian2D,
    Gamma,
    Gabor,
}

/// What of a displacement counts: between two neurons its length or the size of a coordinate; of one neuron its distance from
/// the origin or a coordinate with its sign.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Coordinate {
    #[default]
    Distance,
    X,
    Y,
    Z,
}

/// A number of a shape.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KernelNumber {
    /// NEST's name.
    pub name: &'static str,
    pub default: f64,
    /// It must lie between these, ends excluded.
    pub range: (f64, f64),
    pub doc: &'static str,
}

const fn any(name: &'static str, default: f64, doc: &'static str) -> KernelNumber {
    KernelNumber { name, default, range: (f64::NEG_INFINITY, f64::INFINITY), doc }
}
const fn positive(name: &'static str, doc: &'static str) -> KernelNumber {
    KernelNumber { name, default: 1.0, range: (0.0, f64::INFINITY), doc }
}

impl Coordinate {
    pub const ALL: [Coordinate; 4] = [Coordinate::Distance, Coordinate::X, Coordinate::Y, Coordinate::Z];

    pub fn name(self) -> &'static str {
        match self {
            Coordinate::Distance => "distance",
            Coordinate::X => "x",
            Coordinate::Y => "y",
            Coordinate::Z => "z",
        }
    }
}

impl KernelShape {
    pub const ALL: [KernelShape; 7] = [
        KernelShape::Gaussian,
        KernelShape::Exponential,
        KernelShape::Linear,
        KernelShape::Gaussian2D,
        KernelShape::Gamma,
        KernelShape::Gabor,
        KernelShape::Constant,
    ];

    /// NEST's name.
    pub fn name(self) -> &'static str {
        match self {
            KernelShape::Constant => "constant",
            KernelShape::Linear => "linear",
            KernelShape::Exponential => "exponential",
            KernelShape::Gaussian => "gaussian",
            KernelShape::Gaussian2D => "gaussian2D",
            KernelShape::Gamma => "gamma",
            KernelShape::Gabor => "gabor",
        }
    }

    /// Its value as a formula, $d$ being the distance.
    pub fn formula(self) -> &'static str {
        match self {
            KernelShape::Constant => "1",
            KernelShape::Linear => "d",
            KernelShape::Exponential => "exp(−d / beta)",
            KernelShape::Gaussian => "exp(−(d − mean)² / (2 std²))",
            KernelShape::Gaussian2D => "a Gaussian of x and y, correlated by rho",
            KernelShape::Gamma => "d^(kappa − 1) exp(−d / theta) / (theta^kappa Γ(kappa))",
            KernelShape::Gabor => "a Gaussian times the positive part of a cosine",
        }
    }

    pub fn numbers(self) -> &'static [KernelNumber] {
        const EXPONENTIAL: [KernelNumber; 1] = [positive("beta", "Distance over which it falls to 1/e")];
        const GAUSSIAN: [KernelNumber; 2] =
            [any("mean", 0.0, "Distance of its greatest value"), positive("std", "Standard deviation")];
        const GAUSSIAN_2D: [KernelNumber; 5] = [
            any("mean_x", 0.0, "Middle along x"),
            any("mean_y", 0.0, "Middle along y"),
            positive("std_x", "Standard deviation along x"),
            positive("std_y", "Standard deviation along y"),
            KernelNumber { name: "rho", default: 0.0, range: (-1.0, 1.0), doc: "Correlation of x and y" },
        ];
        const GAMMA: [KernelNumber; 2] = [positive("kappa", "Shape"), positive("theta", "Scale")];
        const GABOR: [KernelNumber; 5] = [
            any("theta", 0.0, "Orientation, degrees"),
            positive("gamma", "How much narrower it is across"),
            positive("std", "Standard deviation"),
            KernelNumber { name: "lam", default: 1.0, range: (0.0, f64::INFINITY), doc: "Wavelength" },
            any("psi", 0.0, "Phase of the cosine, degrees"),
        ];
        match self {
            KernelShape::Constant | KernelShape::Linear => &[],
            KernelShape::Exponential => &EXPONENTIAL,
            KernelShape::Gaussian => &GAUSSIAN,
            KernelShape::Gaussian2D => &GAUSSIAN_2D,
            KernelShape::Gamma => &GAMMA,
            KernelShape::Gabor => &GABOR,
        }
    }

    /// Whether it looks at x and y, not at one number.
    pub fn has_direction(self) -> bool {
        matches!(self, KernelShape::Gaussian2D | KernelShape::Gabor)
    }
}

impl Kernel {
    /// A shape with its defaults.
    #[must_use]
    pub fn new(shape: KernelShape) -> Kernel {
        let mut numbers = [0.0; 6];
        numbers.iter_mut().zip(shape.numbers()).for_each(|(number, declared)| *number = declared.default);
        Kernel { shape, numbers, of: Coordinate::Distance, absolute: false, times: 1.0, plus: 0.0 }
    }

    /// Sets one of the numbers of its shape; what the shape does not have is left alone.
    #[must_use]
    pub fn with(mut self, name: &str, x: f64) -> Kernel {
        if let Some(place) = self.shape.numbers().iter().position(|number| number.name == name) {
            self.numbers[place] = x;
        }
        self
    }

    /// Its numbers with what they are.
    pub fn given(&self) -> impl Iterator<Item = (&'static KernelNumber, f64)> + use<> {
        self.shape.numbers().iter().zip(self.numbers)
    }

    /// What is wrong with it in a space of so many dimensions.
    ///
    /// # Errors
    /// A sentence that says what was given and what is allowed.
    pub fn check(&self, dimensions: usize) -> Result<(), String> {
        let name = self.shape.name();
        for (declared, x) in self.given() {
            let (low, high) = declared.range;
            if !x.is_finite() || x <= low || x >= high {
                let allowed = match (low.is_finite(), high.is_finite()) {
                    (true, true) => format!("between {low} and {high}"),
                    (true, false) => format!("finite and > {low}"),
                    _ => "finite".into(),
                };
                return Err(format!("{} of {name} must be {allowed}, is {x}", declared.name));
            }
        }
        if !self.times.is_finite() || !self.plus.is_finite() {
            return Err(format!("times and plus of {name} must be finite, are {} and {}", self.times, self.plus));
        }
        if self.of == Coordinate::Z && dimensions < 3 {
            return Err(format!("{name} of z needs three coordinates, the neurons have {dimensions}; use x or y"));
        }
        Ok(())
    }

    /// Its value for a partner that is so far away.
    #[must_use]
    pub fn value(&self, way: Point) -> f64 {
        self.of_way(way, f64::abs)
    }

    /// Its value at a place.
    #[must_use]
    pub fn at(&self, place: Point) -> f64 {
        self.of_way(place, |x| x)
    }

    fn of_way(&self, way: Point, coordinate: fn(f64) -> f64) -> f64 {
        let shape = if self.shape.has_direction() {
            let (x, y) = if self.absolute { (way[0].abs(), way[1].abs()) } else { (way[0], way[1]) };
            self.of_direction(x, y)
        } else {
            self.of_number(match self.of {
                Coordinate::Distance => length(way),
                Coordinate::X => coordinate(way[0]),
                Coordinate::Y => coordinate(way[1]),
                Coordinate::Z => coordinate(way[2]),
            })
        };
        self.times * shape + self.plus
    }

    fn of_number(&self, x: f64) -> f64 {
        let [a, b, ..] = self.numbers;
        match self.shape {
            KernelShape::Linear => x,
            KernelShape::Exponential => math::exp(-x / a),
            KernelShape::Gaussian => math::exp(-(x - a) * (x - a) / (2.0 * b * b)),
            KernelShape::Gamma if x > 0.0 => {
                math::exp((a - 1.0) * math::ln(x) - x / b - a * math::ln(b) - math::ln_gamma(a))
            }
            KernelShape::Gamma if a == 1.0 => 1.0 / b,
            KernelShape::Gamma if a > 1.0 => 0.0,
            KernelShape::Gamma => f64::INFINITY,
            KernelShape::Constant | KernelShape::Gaussian2D | KernelShape::Gabor => 1.0,
        }
    }

    fn of_direction(&self, x: f64, y: f64) -> f64 {
        if self.shape == KernelShape::Gaussian2D {
            let [mean_x, mean_y, std_x, std_y, rho, _] = self.numbers;
            let (dx, dy) = (x - mean_x, y - mean_y);
            let square = dx * dx / (std_x * std_x) + dy * dy / (std_y * std_y) - 2.0 * rho * dx * dy / (std_x * std_y);
            return math::exp(-square / (2.0 * (1.0 - rho * rho)));
        }
        let [theta, gamma, std, lam, psi, _] = self.numbers;
        let radians = std::f64::consts::PI / 180.0;
        let (sin, cos) = math::sin_cos(theta * radians);
        let (along, across) = (x * cos + y * sin, y * cos - x * sin);
        let square = gamma * gamma * along * along + across * across;
        let wave = math::cos(2.0 * std::f64::consts::PI * across / lam + psi * radians);
        math::exp(-square / (2.0 * std * std)) * wave.max(0.0)
    }

    /// No value at distances from `near` to `far` is greater.
    #[must_use]
    pub fn most(&self, near: f64, far: f64) -> f64 {
        let (low, high) = self.shape_range(near, far);
        self.scaled(if self.times >= 0.0 { high } else { low })
    }

    /// No value at distances from `near` to `far` is less.
    #[must_use]
    pub fn least(&self, near: f64, far: f64) -> f64 {
        let (low, high) = self.shape_range(near, far);
        self.scaled(if self.times >= 0.0 { low } else { high })
    }

    fn scaled(&self, shape: f64) -> f64 {
        // What does not count may be without bounds.
        if self.times == 0.0 { self.plus } else { self.times * shape + self.plus }
    }

    /// A value that stands for all of them.
    #[must_use]
    pub fn typical(&self) -> f64 {
        match self.shape {
            KernelShape::Constant => self.scaled(1.0),
            _ => self.scaled(0.5),
        }
    }

    /// Between which values the shape lies at distances from `near` to `far`.
    fn shape_range(&self, near: f64, far: f64) -> (f64, f64) {
        let near = if self.of == Coordinate::Distance || self.shape.has_direction() { near } else { 0.0 };
        let [a, b, ..] = self.numbers;
        let ends = |best: f64| {
            let (at_near, at_far) = (self.of_number(near), if far.is_finite() { self.of_number(far) } else { 0.0 });
            (at_near.min(at_far), self.of_number(best.clamp(near, far)).max(at_near).max(at_far))
        };
        match self.shape {
            KernelShape::Constant => (1.0, 1.0),
            KernelShape::Linear => (near, far),
            KernelShape::Exponential => ends(near),
            KernelShape::Gaussian => ends(a),
            KernelShape::Gamma => ends((a - 1.0) * b),
            KernelShape::Gaussian2D => {
                let [mean_x, mean_y, std_x, std_y, rho, _] = self.numbers;
                let beyond = (near - length([mean_x, mean_y, 0.0])).max(0.0);
                let wide = std_x.max(std_y);
                (0.0, math::exp(-beyond * beyond / (2.0 * wide * wide * (1.0 + rho.abs()))))
            }
            KernelShape::Gabor => {
                let [_, gamma, std, ..] = self.numbers;
                let narrow = gamma.min(1.0);
                (0.0, math::exp(-narrow * narrow * near * near / (2.0 * std * std)))
            }
        }
    }

    /// The distance from which on no value is greater than `least`; infinite if there is none.
    #[must_use]
    pub fn reach(&self, least: f64) -> f64 {
        let above = |r: f64| self.most(r, f64::INFINITY) > least;
        let mut high = 1e-9;
        while above(high) {
            high *= 2.0;
            if high > 1e12 {
                return f64::INFINITY;
            }
        }
        let mut low = 0.5 * high;
        for _ in 0..20 {
            let middle = 0.5 * (low + high);
            if above(middle) { low = middle } else { high = middle }
        }
        high
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, expected: f64) -> bool {
        (found - expected).abs() <= 1e-13 * (1.0 + expected.abs())
    }

    /// Values of NEST 3.10 from (0, 0) to these places.
    #[test]
    fn kernels_have_the_values_of_nest() {
        let ways = [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 2.0, 0.0], [3.0, 4.0, 0.0]];
        let kernel = |shape, numbers: &[(&str, f64)]| {
            numbers.iter().fold(Kernel::new(shape), |kernel, (name, x)| kernel.with(name, *x))
        };
        let cases = [
            (kernel(KernelShape::Exponential, &[("beta", 2.0)]), [1.0, 0.606530659713, 0.367879441171, 0.082084998624]),
            (
                kernel(KernelShape::Gaussian, &[("mean", 0.5), ("std", 2.0)]),
                [0.969233234476, 0.969233234476, 0.754839601989, 0.079559508718],
            ),
            (
                kernel(KernelShape::Gaussian2D, &[("mean_x", 0.1), ("mean_y", 0.2), ("std_y", 2.0), ("rho", 0.3)]),
                [0.992337202391, 0.6186474104, 0.6186474104, 0.008329831193],
            ),
            (
                kernel(KernelShape::Gamma, &[("kappa", 2.5), ("theta", 1.5)]),
                [0.0, 0.14015416167, 0.203526674669, 0.10887856445],
            ),
            (
                kernel(
                    KernelShape::Gabor,
                    &[("theta", 30.0), ("gamma", 0.7), ("std", 1.5), ("lam", 3.0), ("psi", 20.0)],
                ),
                [0.939692620786, 0.667819525464, 0.0, 0.0],
            ),
        ];
        for (kernel, expected) in cases {
            for (way, expected) in ways.into_iter().zip(expected) {
                let found = kernel.value(way);
                assert!((found - expected).abs() < 1e-12, "{kernel:?} at {way:?}: {found}, not {expected}");
            }
        }
        // From (−0.8, −0.4) to (1.2, 0.6) and to (0.2, −0.4), as weights of NEST.
        let gabor =
            kernel(KernelShape::Gabor, &[("theta", 30.0), ("gamma", 0.7), ("std", 1.5), ("lam", 3.0), ("psi", 20.0)]);
        assert!(near(gabor.value([2.0, 1.0, 0.0]), 0.5776283569021944));
        assert!(near(gabor.value([1.0, 1.0, 0.0]), 0.34822657492583137));
        let exponential = Kernel { times: 3.0, plus: 0.25, ..kernel(KernelShape::Exponential, &[("beta", 2.0)]) };
        assert!(near(exponential.value([2.0, 1.0, 0.0]), 1.2307656860552738));
        let weight = Kernel { times: 2.0, plus: 0.5, ..Kernel::new(KernelShape::Linear) };
        assert_eq!(weight.value([1.0, -1.0, 0.0]), 3.3284271247461903);
        let of_x = Kernel { of: Coordinate::X, ..Kernel::new(KernelShape::Linear) };
        assert_eq!((of_x.value([-2.0, 1.0, 0.0]), of_x.at([-2.0, 1.0, 0.0])), (2.0, -2.0));
    }

    /// What thins candidates out rests on this.
    #[test]
    fn nothing_is_greater_than_the_bound() {
        for shape in KernelShape::ALL {
            for (times, plus) in [(1.0, 0.0), (-2.0, 1.0), (0.3, 0.1)] {
                let mut kernel = Kernel { times, plus, ..Kernel::new(shape) };
                kernel = kernel.with("mean", 1.3).with("mean_x", 0.7).with("kappa", 2.5).with("rho", -0.6);
                kernel = kernel.with("std_y", 2.0).with("gamma", 1.7).with("theta", 1.2);
                for i in 0..40 {
                    let (near, far) = (f64::from(i) * 0.2, f64::from(i) * 0.2 + 0.7);
                    let most = kernel.most(near, far);
                    for k in 0..100 {
                        let r = near + (far - near) * f64::from(k % 10) / 9.0;
                        let (sin, cos) = math::sin_cos(f64::from(k) * 0.37);
                        let found = kernel.value([r * cos, r * sin, 0.0]);
                        assert!(found <= most + 1e-12, "{kernel:?} at {r}: {found} above {most}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_reach_of_a_kernel_is_where_it_is_nothing() {
        let gaussian = Kernel::new(KernelShape::Gaussian).with("std", 0.5);
        let reach = gaussian.reach(1e-17);
        assert!((4.3..4.6).contains(&reach), "{reach}");
        assert_eq!(Kernel::new(KernelShape::Linear).reach(1e-17), f64::INFINITY);
        assert_eq!(Kernel { plus: 0.1, ..gaussian }.reach(1e-17), f64::INFINITY);
    }

    #[test]
    fn numbers_out_of_range_are_named() {
        let refused = |kernel: Kernel| kernel.check(2).unwrap_err();
        assert!(
            refused(Kernel::new(KernelShape::Gaussian).with("std", 0.0))
                .contains("std of gaussian must be finite and > 0, is 0")
        );
        assert!(refused(Kernel::new(KernelShape::Gaussian2D).with("rho", 1.0)).contains("between -1 and 1"));
        assert!(refused(Kernel { of: Coordinate::Z, ..Kernel::new(KernelShape::Linear) }).contains("use x or y"));
    }
}
