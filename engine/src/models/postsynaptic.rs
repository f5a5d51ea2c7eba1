//! How large a postsynaptic potential one spike makes, where that follows from what a model declares.

use super::CATALOGUE;
use super::declare::*;
use crate::description::Value;
use crate::math;

/// Peak deflection of the membrane potential at rest by one spike of this weight at this port, mV; `None` where no formula
/// tells it (conductances, channels).
pub fn peak_potential(model: &Model, given: &dyn Given, weight: f64, port: u32) -> Option<f64> {
    let course = match model.facts.response {
        Response::Jump => return Some(weight),
        Response::Leaky(course) => course,
        Response::Active(_) | Response::Unknown => return None,
    };
    let value = |name: &str| given.value(name).map(|value| value.typical());
    let c_m = value("C_m")?;
    let tau_m = value("tau_m").or_else(|| Some(c_m / value("g_L")?))?;
    let tau_syn = match given.value("tau_syn") {
        Some(of_ports) => entry(&of_ports, port.checked_sub(1)? as usize)?,
        None => value(if weight < 0.0 { "tau_syn_in" } else { "tau_syn_ex" })?,
    };
    let sensible = [tau_m, c_m, tau_syn].iter().all(|x| x.is_finite() && *x > 0.0);
    sensible.then(|| weight / c_m * highest(tau_m, tau_syn, course))
}

/// Makes sure, when the program is compiled, that models whose declaration names the formula have the parameters that
/// [`peak_potential`] reads.
const _: () = {
    let mut i = 0;
    while i < CATALOGUE.len() {
        let declared = CATALOGUE[i].declaration();
        if matches!(CATALOGUE[i].facts.response, Response::Leaky(_)) {
            declared.place_of(&["C_m"]);
            if declared.find(&["tau_m"]).is_none() {
                declared.place_of(&["g_L"]);
            }
            if declared.find(&["tau_syn"]).is_none() {
                declared.place_of(&["tau_syn_ex"]);
                declared.place_of(&["tau_syn_in"]);
            }
        }
        i += 1;
    }
};

/// An entry of a list, or of the list of the first neuron.
fn entry(lists: &Value, i: usize) -> Option<f64> {
    match lists {
        Value::List(list) => list.get(i).copied(),
        Value::Lists(lists) => lists.first()?.get(i).copied(),
        _ => None,
    }
}

/// The largest value of V where dV/dt = −V/tau_m + course(t/tau_syn), by Heun steps; ms.
fn highest(tau_m: f64, tau_syn: f64, course: TimeCourse) -> f64 {
    const STEPS: usize = 800;
    let input = |s: f64| match course {
        TimeCourse::Exponential => math::exp(-s),
        TimeCourse::Alpha => s * math::exp(1.0 - s),
    };
    // The response peaks well within this time, whichever time constant is longer.
    let h = (3.0 * tau_m.min(tau_syn) + 3.0 * (tau_m * tau_syn).sqrt()) / STEPS as f64;
    let (mut v, mut most) = (0.0f64, 0.0f64);
    for i in 0..STEPS {
        let t = i as f64 * h;
        let slope = |v: f64, t: f64| -v / tau_m + input(t / tau_syn);
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
    use crate::project::{Node, Project};
    use crate::recordings::Frame;
    use crate::runtime::Simulation;

    #[test]
    fn exponential_currents_agree_with_the_formula() {
        let (tau_m, tau_syn) = (10.0f64, 2.0f64);
        // Peak of tau (e^(-t/tau_m) - e^(-t/tau_syn)), tau = tau_m tau_syn / (tau_m - tau_syn).
        let t = tau_m * tau_syn / (tau_m - tau_syn) * math::ln(tau_m / tau_syn);
        let exact = tau_m * tau_syn / (tau_m - tau_syn) * (math::exp(-t / tau_m) - math::exp(-t / tau_syn));
        let found = highest(tau_m, tau_syn, TimeCourse::Exponential);
        assert!((found - exact).abs() < 1e-3 * exact, "{found} {exact}");
    }

    /// The project of one neuron, of a model that declares its response, and a spike of this weight.
    fn one_spike(model: &Model, weight: f64, port: u32) -> Project {
        let text = format!(
            r#"(
                simulation: (resolution: 0.1, duration: 120),
                nodes: {{
                    "spike": (model: "spike_generator", params: (spike_times: [20])),
                    "cell": (model: "{}"),
                    "meter": (model: "multimeter", params: (record_from: ["V_m"], interval: 0.1)),
                }},
                projections: [
                    (from: "spike", to: "cell", weight: {weight}, receptor: {port}),
                    (from: "meter", to: "cell"),
                ],
            )"#,
            model.name
        );
        crate::project::read(&text).unwrap_or_else(|e| panic!("{}: {e:?}", model.name)).0
    }

    /// The most that the potential goes away from where it is before the spike.
    fn deflection(project: &Project) -> f64 {
        let mut simulation = Simulation::build(project, &|_| true).expect("it can be built");
        simulation.advance(1200).expect("it runs");
        let mut frame = Frame::default();
        simulation.take_frame(&mut frame);
        let potentials: Vec<f64> = frame.rows.iter().flat_map(|rows| rows.values.iter().copied()).collect();
        let rest = potentials[150];
        let away = potentials[150..].iter().map(|v| v - rest);
        away.max_by(|a, b| a.abs().total_cmp(&b.abs())).expect("samples")
    }

    #[test]
    fn what_models_declare_of_their_response_is_what_they_do() {
        let mut wrong = Vec::new();
        let declared = |model: &&&Model| model.facts.response != Response::Unknown;
        for model in CATALOGUE.iter().filter(declared) {
            let port = model.ports.iter().find(|p| p.takes == Signal::Spikes).expect("it takes spikes").number;
            let node = Node::new(crate::description::NodeId(0), "cell", model);
            for weight in [1.0, -1.0] {
                match (model.facts.response, peak_potential(model, &node, weight, port)) {
                    (Response::Active(_), None) => {}
                    (_, Some(peak)) => {
                        let found = deflection(&one_spike(model, weight, port));
                        if (found - peak).abs() > 0.02 * peak.abs() {
                            wrong.push(format!("{}: {peak} declared, {found} found", model.name));
                        }
                    }
                    (response, None) => wrong.push(format!("{}: {response:?} without its parameters", model.name)),
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
