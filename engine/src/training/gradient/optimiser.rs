//! How numbers are changed, given the derivative of the loss by each.

use crate::project::Method;

/// What Adam adds to the root of the mean square, so that nothing is divided by 0.
const EPSILON: f64 = 1e-8;

/// A method with what it remembers of the steps before.
pub struct Optimiser {
    method: Method,
    first: Vec<f64>,
    second: Vec<f64>,
    /// β₁ᵗ and β₂ᵗ after t steps.
    faded: (f64, f64),
}

impl Optimiser {
    pub fn new(method: Method, numbers: usize) -> Self {
        Optimiser { method, first: vec![0.0; numbers], second: vec![0.0; numbers], faded: (1.0, 1.0) }
    }

    /// A step.
    ///
    /// Adam: Kingma & Ba 2015, ICLR.
    pub fn step(&mut self, numbers: &mut [f64], gradient: &[f64]) {
        match self.method {
            Method::Sgd { learning_rate } => {
                numbers.iter_mut().zip(gradient).for_each(|(x, g)| *x -= learning_rate * g);
            }
            Method::Momentum { learning_rate, momentum } => {
                for ((x, g), v) in numbers.iter_mut().zip(gradient).zip(&mut self.first) {
                    *v = momentum * *v + g;
                    *x -= learning_rate * *v;
                }
            }
            Method::Adam { learning_rate, beta_1, beta_2 } => {
                self.faded = (self.faded.0 * beta_1, self.faded.1 * beta_2);
                let (left_1, left_2) = (1.0 - self.faded.0, 1.0 - self.faded.1);
                let moments = self.first.iter_mut().zip(&mut self.second);
                for ((x, g), (m, v)) in numbers.iter_mut().zip(gradient).zip(moments) {
                    *m = beta_1 * *m + (1.0 - beta_1) * g;
                    *v = beta_2 * *v + (1.0 - beta_2) * g * g;
                    *x -= learning_rate * (*m / left_1) / ((*v / left_2).sqrt() + EPSILON);
                }
            }
            Method::SeparableNes(_) | Method::CmaEs(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_those_of_their_equations() {
        let steps = |method: Method| {
            let (mut optimiser, mut x) = (Optimiser::new(method, 1), [1.0]);
            for _ in 0..3 {
                let gradient = [2.0 * x[0]];
                optimiser.step(&mut x, &gradient);
            }
            x[0]
        };
        assert!((steps(Method::Sgd { learning_rate: 0.1 }) - 0.512).abs() < 1e-15);
        // v: 2, 0.9·2 + 1.6 = 3.4, 3.06 + 0.92 = 3.98.
        let momentum = steps(Method::Momentum { learning_rate: 0.1, momentum: 0.9 });
        assert!((momentum - (1.0 - 0.2 - 0.34 - 0.398)).abs() < 1e-12, "{momentum}");
        // The first steps are of about the learning rate.
        let (beta_1, beta_2) = Method::BETAS;
        let adam = steps(Method::Adam { learning_rate: 0.1, beta_1, beta_2 });
        assert!((adam - 0.7).abs() < 0.01, "{adam}");
    }
}
