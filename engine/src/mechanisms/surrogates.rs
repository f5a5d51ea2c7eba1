//! Surrogates for the slope of the step: what learning takes for the derivative of a spike.
//!
//! The step itself stays as it is: 1 at 0 and above. x is the scaled distance from the threshold.
//!
//! Neftci, Mostafa & Zenke 2019, IEEE Signal Process Mag 36:51.

use std::f64::consts::{PI, TAU};

use super::lanes::Real;
use crate::math;

/// A surrogate with its parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Surrogate {
    Sigmoid { alpha: f64 },
    PiecewiseQuadratic { alpha: f64 },
    PiecewiseExp { alpha: f64 },
    SoftSign { alpha: f64 },
    Arctan { alpha: f64 },
    NonzeroSignLog { alpha: f64 },
    Erf { alpha: f64 },
    PiecewiseLeakyRelu { c: f64, w: f64 },
    SquarewaveFourierSeries { n: f64, t_period: f64 },
    S2nn { alpha: f64, beta: f64 },
    QPseudoSpike { alpha: f64 },
    LeakyRelu { alpha: f64, beta: f64 },
    LogTailedRelu { alpha: f64 },
    ReluGrad { alpha: f64, width: f64 },
    GaussianGrad { sigma: f64, alpha: f64 },
    MultiGaussianGrad { h: f64, s: f64, sigma: f64, scale: f64 },
    InvSquareGrad { alpha: f64 },
    SlayerGrad { alpha: f64 },
}

/// The most lanes that a vector has.
const MOST_LANES: usize = 16;

/// The normal density.
#[inline(always)]
fn normal<R: Real>(x: R, mean: f64, sigma: f64) -> R {
    let z = (x - R::of(mean)) / R::of(sigma);
    R::exp(R::of(-0.5) * z * z) / R::of(sigma * TAU.sqrt())
}

impl Surrogate {
    /// That of all neuron models unless another is chosen.
    pub const USUAL: Surrogate = Surrogate::ReluGrad { alpha: 0.3, width: 1.0 };

    /// All with their usual parameters, by the name of each and the names of its parameters.
    pub const ALL: [(&'static str, &'static [&'static str], Surrogate); 18] = [
        ("Sigmoid", &["alpha"], Surrogate::Sigmoid { alpha: 4.0 }),
        ("PiecewiseQuadratic", &["alpha"], Surrogate::PiecewiseQuadratic { alpha: 1.0 }),
        ("PiecewiseExp", &["alpha"], Surrogate::PiecewiseExp { alpha: 1.0 }),
        ("SoftSign", &["alpha"], Surrogate::SoftSign { alpha: 1.0 }),
        ("Arctan", &["alpha"], Surrogate::Arctan { alpha: 1.0 }),
        ("NonzeroSignLog", &["alpha"], Surrogate::NonzeroSignLog { alpha: 1.0 }),
        ("ERF", &["alpha"], Surrogate::Erf { alpha: 1.0 }),
        ("PiecewiseLeakyRelu", &["c", "w"], Surrogate::PiecewiseLeakyRelu { c: 0.01, w: 1.0 }),
        ("SquarewaveFourierSeries", &["n", "t_period"], Surrogate::SquarewaveFourierSeries { n: 2.0, t_period: 8.0 }),
        // Its third parameter is of the integral alone.
        ("S2NN", &["alpha", "beta", "epsilon"], Surrogate::S2nn { alpha: 4.0, beta: 1.0 }),
        ("QPseudoSpike", &["alpha"], Surrogate::QPseudoSpike { alpha: 2.0 }),
        ("LeakyRelu", &["alpha", "beta"], Surrogate::LeakyRelu { alpha: 0.1, beta: 1.0 }),
        ("LogTailedRelu", &["alpha"], Surrogate::LogTailedRelu { alpha: 0.0 }),
        ("ReluGrad", &["alpha", "width"], Surrogate::USUAL),
        ("GaussianGrad", &["sigma", "alpha"], Surrogate::GaussianGrad { sigma: 0.5, alpha: 0.5 }),
        (
            "MultiGaussianGrad",
            &["h", "s", "sigma", "scale"],
            Surrogate::MultiGaussianGrad { h: 0.15, s: 6.0, sigma: 0.5, scale: 0.5 },
        ),
        ("InvSquareGrad", &["alpha"], Surrogate::InvSquareGrad { alpha: 100.0 }),
        ("SlayerGrad", &["alpha"], Surrogate::SlayerGrad { alpha: 1.0 }),
    ];

    /// The surrogate of this name; `given` tells parameters that are not the usual ones. `None` for a name or a parameter
    /// that is not known.
    pub fn named(name: &str, given: &[(&str, f64)]) -> Option<Surrogate> {
        let (_, names, usual) = Self::ALL.iter().find(|(own, ..)| *own == name)?;
        if given.iter().any(|(parameter, _)| !names.contains(parameter)) {
            return None;
        }
        let mut surrogate = *usual;
        for (parameter, x) in given {
            if let Some(place) = surrogate.parameter(parameter) {
                *place = *x;
            }
        }
        Some(surrogate)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        let own = std::mem::discriminant(&self);
        Self::ALL.iter().find(|(.., usual)| std::mem::discriminant(usual) == own).map_or("", |(name, ..)| name)
    }

    /// Its parameters that are not the usual ones.
    pub fn given(mut self) -> Vec<(&'static str, f64)> {
        let Some((_, names, mut usual)) = Self::ALL.into_iter().find(|(name, ..)| *name == self.name()) else {
            return Vec::new();
        };
        let of = |surrogate: &mut Surrogate, name: &str| surrogate.parameter(name).map(|x| *x);
        let values = names.iter().filter_map(|name| Some((*name, of(&mut self, name)?, of(&mut usual, name)?)));
        values.filter(|(_, x, usual)| x != usual).map(|(name, x, _)| (name, x)).collect()
    }

    /// The value of a parameter.
    pub fn value(mut self, name: &str) -> Option<f64> {
        self.parameter(name).map(|x| *x)
    }

    /// A parameter by its name.
    fn parameter(&mut self, name: &str) -> Option<&mut f64> {
        use Surrogate::*;
        match (self, name) {
            (
                Sigmoid { alpha }
                | PiecewiseQuadratic { alpha }
                | PiecewiseExp { alpha }
                | SoftSign { alpha }
                | Arctan { alpha }
                | NonzeroSignLog { alpha }
                | Erf { alpha }
                | S2nn { alpha, .. }
                | QPseudoSpike { alpha }
                | LeakyRelu { alpha, .. }
                | LogTailedRelu { alpha }
                | ReluGrad { alpha, .. }
                | GaussianGrad { alpha, .. }
                | InvSquareGrad { alpha }
                | SlayerGrad { alpha },
                "alpha",
            ) => Some(alpha),
            (S2nn { beta, .. } | LeakyRelu { beta, .. }, "beta") => Some(beta),
            (PiecewiseLeakyRelu { c, .. }, "c") => Some(c),
            (PiecewiseLeakyRelu { w, .. }, "w") => Some(w),
            (SquarewaveFourierSeries { n, .. }, "n") => Some(n),
            (SquarewaveFourierSeries { t_period, .. }, "t_period") => Some(t_period),
            (ReluGrad { width, .. }, "width") => Some(width),
            (GaussianGrad { sigma, .. } | MultiGaussianGrad { sigma, .. }, "sigma") => Some(sigma),
            (MultiGaussianGrad { h, .. }, "h") => Some(h),
            (MultiGaussianGrad { s, .. }, "s") => Some(s),
            (MultiGaussianGrad { scale, .. }, "scale") => Some(scale),
            _ => None,
        }
    }

    /// The step: 1 from 0 on.
    pub fn step(x: f64) -> f64 {
        if x >= 0.0 { 1.0 } else { 0.0 }
    }

    /// What is taken for its slope.
    #[inline(always)]
    pub fn slope<R: Real>(self, x: R) -> R {
        let of = |x: f64| R::of(x);
        let (zero, one, far) = (of(0.0), of(1.0), x.abs());
        match self {
            Surrogate::Sigmoid { alpha } => bell(alpha, x),
            Surrogate::PiecewiseQuadratic { alpha } => {
                R::select(of(1.0 / alpha).ge(far), of(alpha) - of(alpha * alpha) * far, zero)
            }
            Surrogate::PiecewiseExp { alpha } => of(0.5 * alpha) * R::exp(of(-alpha) * far),
            Surrogate::SoftSign { alpha } => {
                let distance = one + R::abs(of(alpha) * x);
                of(0.5 * alpha) / (distance * distance)
            }
            Surrogate::Arctan { alpha } => {
                let y = of(0.5 * PI * alpha) * x;
                of(0.5 * alpha) / (one + y * y)
            }
            Surrogate::NonzeroSignLog { alpha } => one / (of(1.0 / alpha) + far),
            Surrogate::Erf { alpha } => of(alpha / PI.sqrt()) * R::exp(-(of(alpha * alpha) * x * x)),
            Surrogate::PiecewiseLeakyRelu { c, w } => R::select(of(w).ge(far), of(0.5 / w), of(c)),
            Surrogate::SquarewaveFourierSeries { n, t_period } => {
                let mut lanes = [0.0; MOST_LANES];
                x.store(&mut lanes);
                for x in &mut lanes[..R::LANES] {
                    *x = waves(n, t_period, *x);
                }
                R::load(&lanes)
            }
            Surrogate::S2nn { alpha, beta } => R::select(zero.gt(x), bell(alpha, x), of(beta) / (x + one)),
            Surrogate::QPseudoSpike { alpha } => R::power(one + of(2.0) * far / of(alpha + 1.0), of(-alpha)),
            Surrogate::LeakyRelu { alpha, beta } => R::select(zero.gt(x), of(alpha), of(beta)),
            Surrogate::LogTailedRelu { alpha } => R::select(x.gt(one), one / x, R::select(x.gt(zero), one, of(alpha))),
            Surrogate::ReluGrad { alpha, width } => R::max(of(alpha) * (of(width) - far), zero),
            Surrogate::GaussianGrad { sigma, alpha } => of(alpha) * normal(x, 0.0, sigma),
            Surrogate::MultiGaussianGrad { h, s, sigma, scale } => {
                let sides = normal(x, sigma, s * sigma) + normal(x, -sigma, s * sigma);
                of(scale) * (of(1.0 + h) * normal(x, 0.0, sigma) - of(h) * sides)
            }
            Surrogate::InvSquareGrad { alpha } => {
                let distance = of(alpha) * far + one;
                one / (distance * distance)
            }
            Surrogate::SlayerGrad { alpha } => R::exp(of(-alpha) * far),
        }
    }
}

/// The slope of a sum of waves that comes near a square one.
fn waves(n: f64, t_period: f64, x: f64) -> f64 {
    let wave = |i: u32| math::cos(f64::from(2 * i - 1) * TAU * x / t_period);
    4.0 / t_period * (1..=n as u32).map(wave).sum::<f64>()
}

/// The slope of a sigmoid.
#[inline(always)]
fn bell<R: Real>(alpha: f64, x: R) -> R {
    let s = R::of(1.0) / (R::of(1.0) + R::exp(R::of(-alpha) * x));
    R::of(alpha) * s * (R::of(1.0) - s)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parameter_is_found_by_its_name() {
        for (name, parameters, usual) in Surrogate::ALL {
            assert_eq!(Surrogate::named(name, &[]), Some(usual));
            for parameter in parameters.iter().filter(|p| **p != "epsilon") {
                let other = Surrogate::named(name, &[(parameter, 0.77)]).expect("a surrogate");
                assert_ne!(other, usual, "{name}: {parameter}");
                assert_eq!((other.name(), other.given()), (name, vec![(*parameter, 0.77)]));
            }
            assert_eq!(Surrogate::named(name, &[("nonsense", 1.0)]), None);
        }
        assert_eq!(Surrogate::named("nonsense", &[]), None);
    }

    #[test]
    fn slopes_are_largest_near_the_threshold_and_have_the_area_of_their_rise() {
        // The integrals from far below to far above, where they are defined.
        for (name, rise) in [("Sigmoid", 1.0), ("PiecewiseQuadratic", 1.0), ("PiecewiseExp", 1.0), ("ERF", 1.0)] {
            let surrogate = Surrogate::named(name, &[]).expect("a surrogate");
            let area: f64 = (-200_000..200_000).map(|i| surrogate.slope(i as f64 * 1e-4 + 5e-5) * 1e-4).sum();
            assert!((area - rise).abs() < 1e-6, "{name}: {area}");
        }
    }
}
