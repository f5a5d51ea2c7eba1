//! When the stimuli of a network are over.

use super::{Node, Project};
use crate::description::Value;

impl Project {
    /// The time in ms after which no generator does anything new, if each has an end: a list of times or a window that
    /// closes. `None` if one goes on for ever, or if there is none that reaches anything.
    pub fn stimuli_end(&self) -> Option<f64> {
        let acts = |node: &&Node| {
            let is_wired = self.projections.iter().any(|p| p.from == node.id && !p.muted);
            node.model.is_generator() && !node.muted && is_wired
        };
        let ends = self.nodes.iter().filter(acts).map(end).collect::<Option<Vec<f64>>>()?;
        ends.into_iter().reduce(f64::max)
    }
}

/// When a generator has done all that it does.
fn end(node: &Node) -> Option<f64> {
    let closes = node.real("origin") + node.real("stop");
    let last = node.model.facts.happens_at.and_then(|times| match node.value(times)? {
        Value::List(times) => times.into_iter().reduce(f64::max),
        Value::Lists(devices) => devices.into_iter().flatten().reduce(f64::max),
        _ => None,
    });
    let end = last.map_or(closes, |last| closes.min(node.real("origin") + last));
    end.is_finite().then_some(end.max(0.0))
}

#[cfg(test)]
mod tests {
    use crate::models::CATALOGUE;
    use crate::project::read_draft;

    fn end(nodes: &str) -> Option<f64> {
        let text = format!(
            r#"(nodes: {{ "c": (model: "iaf_psc_alpha"), {nodes} }}, projections: [(from: "g", to: "c"), (from: "h", to: "c")])"#
        );
        read_draft(&text).unwrap().0.stimuli_end()
    }

    #[test]
    fn lists_and_windows_have_an_end_and_the_last_one_counts() {
        let listed = r#""g": (model: "spike_generator", params: (spike_times: [20, 60.5]))"#;
        let windowed = r#""h": (model: "poisson_generator", params: (rate: 10, origin: 5, stop: 100))"#;
        let open = r#""h": (model: "poisson_generator", params: (rate: 10))"#;
        let steps =
            r#""h": (model: "step_current_generator", params: (amplitude_times: [1, 2], amplitude_values: [3, 4]))"#;
        assert_eq!(end(&format!("{listed}, {windowed}")), Some(105.0));
        assert_eq!(end(&format!("{listed}, {steps}")), Some(60.5));
        assert_eq!(end(&format!("{listed}, {open}")), None);
        let muted = open.replace("params", "muted: true, params");
        assert_eq!(end(&format!("{listed}, {muted}")), Some(60.5), "what is silent does not go on");
    }

    #[test]
    fn what_declarations_say_of_stimuli_and_spikes_is_there() {
        // Their potential is told relative to E_L, or goes on as if there had been no spike, or their threshold moves.
        let without = ["iaf_psc_exp_htum", "iaf_chxk_2008", "mat2_psc_exp", "amat2_psc_exp", "ALIF", "Gif", "GifRef"];
        for model in CATALOGUE {
            if let Some(times) = model.facts.happens_at {
                assert!(model.is_generator() && model.parameter(times).is_some(), "{}", model.name);
            }
            if let Some(spike) = model.facts.spike {
                assert!(model.is_neuron(), "{}", model.name);
                assert!(spike.reset_at.is_none_or(|name| model.parameter(name).is_some()), "{}", model.name);
                let shows = |name: &str| spike.potential.starts_with(name);
                assert!(model.recordables.iter().any(|r| shows(r.name)), "{}", model.name);
                assert!(spike.reset_at.is_some() || spike.upstroke.is_some(), "{}", model.name);
            }
            let has_threshold = model.is_neuron() && model.parameter("V_th").is_some();
            let told = model.facts.spike.is_some() != without.contains(&model.name);
            assert!(!has_threshold || told, "{} says nothing of its spikes, or is listed and does", model.name);
        }
    }
}
