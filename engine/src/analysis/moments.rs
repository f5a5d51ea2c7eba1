//! Mean and variance, of a list and of values that arrive one after the other.

/// The mean; `None` of an empty list.
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// The mean, and the variance Σ (x − mean)² / n; `None` of an empty list.
pub fn mean_and_variance(values: &[f64]) -> Option<(f64, f64)> {
    let mean = mean(values)?;
    Some((mean, values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / values.len() as f64))
}

/// Mean and variance of the values that have arrived so far.
///
/// They are updated with each value without loss of precision, whatever the mean: M ← M + (x − M) / n and
/// S ← S + (x − M_old)(x − M), where the variance is S / n (Welford, 1962, Technometrics 4, 419).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moments {
    n: u64,
    mean: f64,
    squares: f64,
}

impl Moments {
    /// Takes one more value.
    pub fn add(&mut self, x: f64) {
        self.n += 1;
        let before = x - self.mean;
        self.mean += before / self.n as f64;
        self.squares += before * (x - self.mean);
    }

    /// How many values have arrived.
    pub fn count(&self) -> u64 {
        self.n
    }

    /// Their mean; `None` before the first one.
    pub fn mean(&self) -> Option<f64> {
        (self.n > 0).then_some(self.mean)
    }

    /// Their variance (divided by n); `None` before the first one.
    pub fn variance(&self) -> Option<f64> {
        (self.n > 0).then(|| self.squares / self.n as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mean 5, squared deviations 9 1 1 1 0 0 4 16, sum 32, variance 4.
    const VALUES: [f64; 8] = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0];

    #[test]
    fn moments_of_a_list() {
        assert_eq!(mean_and_variance(&VALUES), Some((5.0, 4.0)));
        assert_eq!(mean_and_variance(&[3.0]), Some((3.0, 0.0)));
        assert_eq!((mean(&[]), mean_and_variance(&[])), (None, None));
    }

    #[test]
    fn moments_of_what_arrives_are_those_of_the_list() {
        let mut moments = Moments::default();
        assert_eq!((moments.mean(), moments.variance()), (None, None));
        // A large offset must not cost precision.
        VALUES.iter().for_each(|x| moments.add(x + 1e9));
        assert_eq!(moments.count(), 8);
        assert!((moments.mean().unwrap() - 1e9 - 5.0).abs() < 1e-6);
        assert!((moments.variance().unwrap() - 4.0).abs() < 1e-6);
    }
}
