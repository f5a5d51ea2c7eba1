//! How large a postsynaptic potential a weight makes, where that follows from the equations.

use spikeloom_engine::project::{Node, Projection};

/// Peak deflection of the membrane potential at rest by one spike, mV; `None` where it is not
/// a matter of a formula (conductances, channels).
pub fn peak(target: &Node, projection: &Projection) -> Option<f64> {
    let weight = projection.weight.typical();
    let tau_syn = || target.real(if weight < 0.0 { "tau_syn_in" } else { "tau_syn_ex" });
    let kernel: fn(f64) -> f64 = match target.model.name {
        "iaf_psc_delta" => return Some(weight),
        "iaf_psc_exp" => |s| (-s).exp(),
        "iaf_psc_alpha" => |s| s * (1.0 - s).exp(),
        _ => return None,
    };
    let (tau_m, c_m, tau_syn) = (target.real("tau_m"), target.real("C_m"), tau_syn());
    let sensible = [tau_m, c_m, tau_syn].iter().all(|x| x.is_finite() && *x > 0.0);
    sensible.then(|| weight / c_m * highest(tau_m, tau_syn, kernel))
}

/// The largest value of dV/dt = −V/tau_m + kernel(t/tau_syn), by Heun steps; ms.
fn highest(tau_m: f64, tau_syn: f64, kernel: fn(f64) -> f64) -> f64 {
    const STEPS: usize = 800;
    // The response peaks well within this time, whichever time constant is longer.
    let h = (3.0 * tau_m.min(tau_syn) + 3.0 * (tau_m * tau_syn).sqrt()) / STEPS as f64;
    let (mut v, mut most) = (0.0f64, 0.0f64);
    for i in 0..STEPS {
        let t = i as f64 * h;
        let slope = |v: f64, t: f64| -v / tau_m + kernel(t / tau_syn);
        let first = slope(v, t);
        let second = slope(v + h * first, t + h);
        v += 0.5 * h * (first + second);
        most = most.max(v);
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponential_currents_agree_with_the_formula() {
        let (tau_m, tau_syn) = (10.0f64, 2.0f64);
        // Peak of tau (e^(-t/tau_m) - e^(-t/tau_syn)), tau = tau_m tau_syn / (tau_m - tau_syn).
        let t = tau_m * tau_syn / (tau_m - tau_syn) * (tau_m / tau_syn).ln();
        let exact = tau_m * tau_syn / (tau_m - tau_syn) * ((-t / tau_m).exp() - (-t / tau_syn).exp());
        let found = highest(tau_m, tau_syn, |s| (-s).exp());
        assert!((found - exact).abs() < 1e-3 * exact, "{found} {exact}");
    }
}
