//! Knobs: one slider for several values, such as Brunel's *g* for all inhibitory weights.
//!
//! A knob keeps no value of its own. Where it stands follows from what it turns, so the two
//! cannot contradict each other, whoever edits the file or the network.

use super::{NodeId, Project, Projection};
use crate::description::{Value, nearest};
use crate::models::{CATALOGUE, Family, Model, Signal};

/// A slider that the author of a network puts beside its description.
#[derive(Clone, Debug, PartialEq)]
pub struct Knob {
    pub name: String,
    /// Meaning, one line.
    pub doc: String,
    /// The range that the slider sweeps.
    pub range: (f64, f64),
    /// The slider stops at multiples of this; 0 if it stops anywhere.
    pub step: f64,
    pub turns: Vec<Turn>,
}

/// What a knob turns: the values are `times` what the knob shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    pub what: Turned,
    pub times: f64,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Turned {
    Parameter {
        of: NodeId,
        name: String,
    },
    /// The weights of all projections to neurons from one node; to one only, if that is given.
    Weights {
        from: NodeId,
        to: Option<NodeId>,
    },
    /// A parameter of the synapses of all projections from one node whose model has it; to one only, if that is given.
    Synapses {
        from: NodeId,
        to: Option<NodeId>,
        name: String,
    },
}

impl Turned {
    /// Whether it turns something of this projection.
    pub(super) fn weighs(&self, project: &Project, projection: &Projection) -> bool {
        let (from, to) = match self {
            Turned::Weights { from, to } => (from, to),
            Turned::Synapses { from, to, name } if projection.synapse.parameter(name).is_some() => (from, to),
            Turned::Synapses { .. } | Turned::Parameter { .. } => return false,
        };
        let neurons = project.node(projection.to).is_some_and(|n| n.model.is_neuron());
        let weighted = project.wiring(projection).is_ok_and(|w| w.carries != Signal::Samples);
        // What several nodes have in common turns as one.
        let united = || project.united(projection);
        let to = to.is_none_or(|to| united().any(|p| p.to == to));
        united().any(|p| p.from == *from) && to && neurons && weighted
    }

    /// Constant values that it finds; `None` for one that varies.
    fn values(&self, project: &Project) -> Vec<Option<f64>> {
        match self {
            Turned::Parameter { of, name } => {
                project.node(*of).and_then(|n| n.value(name)).map(|v| v.as_real()).into_iter().collect()
            }
            Turned::Weights { .. } => {
                project.projections.iter().filter(|p| self.weighs(project, p)).map(|p| p.weight.as_real()).collect()
            }
            Turned::Synapses { name, .. } => {
                let found = project.projections.iter().filter(|p| self.weighs(project, p));
                found.map(|p| p.value(name).and_then(|value| value.as_real())).collect()
            }
        }
    }

    /// Whether it concerns this node.
    pub fn concerns(&self, id: NodeId) -> bool {
        match self {
            Turned::Parameter { of, .. } => *of == id,
            Turned::Weights { from, to } | Turned::Synapses { from, to, .. } => *from == id || *to == Some(id),
        }
    }
}

impl Knob {
    /// Where the knob stands; `None` if there is nothing to turn, or its values contradict each other.
    pub fn value(&self, project: &Project) -> Option<f64> {
        let mut positions = self.turns.iter().flat_map(|t| {
            let positions = t.what.values(project).into_iter();
            positions.map(|v| v.filter(|_| t.times != 0.0).map(|x| clean(x / t.times))).collect::<Vec<_>>()
        });
        let first = positions.next()??;
        let same = |x: f64| (x - first).abs() <= 1e-9 * first.abs().max(1e-300);
        positions.all(|x| x.is_some_and(same)).then_some(first)
    }

    /// Turns the knob to `x`.
    pub fn turn(&self, project: &mut Project, x: f64) {
        for turn in &self.turns {
            let value = Value::Real(clean(x * turn.times));
            match &turn.what {
                Turned::Parameter { of, name } => {
                    let Some(node) = project.node_mut(*of) else { continue };
                    let default = node.model.parameter(name).map(|p| Value::from(p.default));
                    let name = node.model.main_name(name);
                    if default.as_ref() == Some(&value) {
                        node.params.remove(name);
                    } else {
                        node.params.insert(name.to_owned(), value);
                    }
                }
                Turned::Weights { .. } | Turned::Synapses { .. } => {
                    let found: Vec<_> =
                        project.projections.iter().filter(|p| turn.what.weighs(project, p)).map(|p| p.id).collect();
                    for id in found {
                        let Some(projection) = project.projection_mut(id) else { continue };
                        match &turn.what {
                            Turned::Synapses { name, .. } => turn_synapses(projection, name, &value),
                            _ => projection.weight = value.clone(),
                        }
                    }
                }
            }
        }
    }

    /// Why it cannot be turned, if so.
    pub(super) fn problem(&self, project: &Project) -> Option<String> {
        let (low, high) = self.range;
        if !(low.is_finite() && high.is_finite() && low < high) {
            return Some("its range must be two numbers, the smaller first".into());
        }
        if !(self.step >= 0.0 && self.step <= high - low) {
            return Some("its `step` must be from 0 (anywhere) to the width of its range".into());
        }
        self.turns.iter().find_map(|turn| {
            if !(turn.times.is_finite() && turn.times != 0.0) {
                return Some("`times` must be a number other than 0".into());
            }
            let (model, name) = match &turn.what {
                Turned::Parameter { of, name } => (project.node(*of)?.model, name),
                Turned::Synapses { from, to, name } => (synapse_meant(project, *from, *to, name)?, name),
                Turned::Weights { .. } => return None,
            };
            if let ("weight" | "delay", Turned::Synapses { .. }) = (name.as_str(), &turn.what) {
                return Some(format!("a knob turns no {name} as a parameter; write weights(from: …)"));
            }
            // Its synapses may have been deleted, or given another model, since the knob was made: it turns nothing then, which
            // validation tells, and turns them again when they are back.
            let has_it = |model: &Model| model.family() == Family::Synapse && model.parameter(name).is_some();
            let of_synapses = matches!(turn.what, Turned::Synapses { .. });
            if of_synapses && model.parameter(name).is_none() && CATALOGUE.iter().any(|other| has_it(other)) {
                return None;
            }
            let known = || model.parameters().filter(|p| p.is_number()).map(|p| p.name);
            match model.parameter(name) {
                Some(parameter) if parameter.is_number() => None,
                Some(_) => Some(format!("{name} of {} is no single number", model.name)),
                None => Some(match nearest(name, known()) {
                    Some(meant) => {
                        format!("unknown parameter `{name}` of {}: did you mean `{meant}`?", model.name)
                    }
                    None => format!("unknown parameter `{name}` of {}", model.name),
                }),
            }
        })
    }
}

/// Sets a parameter of synapses, or forgets it where it has its default again.
fn turn_synapses(projection: &mut Projection, name: &str, value: &Value) {
    let default = projection.synapse.parameter(name).map(|p| Value::from(p.default));
    let name = projection.synapse.main_name(name);
    if default.as_ref() == Some(value) {
        projection.params.remove(name);
    } else {
        projection.params.insert(name.to_owned(), value.clone());
    }
}

/// The synapse model of which a knob speaks that turns the parameter `name`: the first that has it, or else the first there is;
/// none without such projections, which is told elsewhere.
fn synapse_meant(project: &Project, from: NodeId, to: Option<NodeId>, name: &str) -> Option<&'static Model> {
    let weights = Turned::Weights { from, to };
    let mut models = project.projections.iter().filter(|p| weights.weighs(project, p)).map(|p| p.synapse);
    let has = |model: &&'static Model| model.parameter(name).is_some();
    models.clone().find(has).or_else(|| models.next())
}

/// Without the digits that only binary arithmetic adds.
fn clean(x: f64) -> f64 {
    format!("{x:.12e}").parse().unwrap_or(x)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::{read, write};

    const BRUNEL: &str = r#"(
    nodes: {
        "Input": (model: "poisson_generator", params: (rate: 1840)),
        "E": (model: "iaf_psc_alpha"),
        "I": (model: "iaf_psc_alpha"),
        "Spikes": (model: "spike_recorder"),
    },
    projections: [
        (from: "Input", to: "E"), (from: "I", to: "E", weight: -1000), (from: "I", to: "I", weight: -1000),
        (from: "I", to: "Spikes"),
    ],
    knobs: {
        "g": (doc: "Inhibition", range: (0, 10), turns: [weights(from: "I", times: -200)]),
        "eta": (range: (0, 4), step: 0.5, turns: [parameter(of: "Input", name: "rate", times: 920)]),
    },
)"#;

    #[test]
    fn a_knob_stands_where_its_values_are_and_turns_them_all() {
        let (mut p, _) = read(BRUNEL).unwrap();
        let (g, eta) = (p.knobs[0].clone(), p.knobs[1].clone());
        assert_eq!((g.value(&p), eta.value(&p)), (Some(5.0), Some(2.0)));
        g.turn(&mut p, 4.1);
        eta.turn(&mut p, 0.9);
        let weights: Vec<_> = p.projections.iter().map(|p| p.weight.typical()).collect();
        assert_eq!(weights, [1.0, -820.0, -820.0, 1.0], "the wires of recorders have no weight to turn");
        assert_eq!(p.nodes[0].real("rate"), 828.0);
        assert_eq!((g.value(&p), eta.value(&p)), (Some(4.1), Some(0.9)));
        p.projections[2].weight = Value::Real(-1.0);
        assert_eq!(g.value(&p), None);
    }

    #[test]
    fn a_knob_outlives_the_synapses_that_it_turns() {
        let text = BRUNEL.replace("weights(from: \"I\", times: -200)", "synapses(from: \"I\", name: \"U\")");
        let (p, problems) = read(&text).unwrap();
        assert_eq!(read(&write(&p)).unwrap().0, p);
        assert!(problems.iter().any(|problem| problem.message.contains("no projection with synapses that have U")));
        let unknown = read(&text.replace("\"U\"", "\"Uu\"")).unwrap_err();
        assert!(unknown.to_string().contains("unknown parameter `Uu`"), "{unknown}");
    }

    #[test]
    fn knobs_are_written_as_they_are_read() {
        let (p, _) = read(BRUNEL).unwrap();
        assert_eq!((p.knobs[0].step, p.knobs[1].step), (0.0, 0.5));
        let (again, _) = read(&write(&p)).unwrap();
        assert_eq!(again, p);
    }

    #[test]
    fn what_cannot_be_turned_is_told_with_line_and_column() {
        let message = |from: &str, to: &str| read(&BRUNEL.replace(from, to)).unwrap_err().to_string();
        let typo = message("name: \"rate\"", "name: \"rte\"");
        assert!(typo.contains("line 14") && typo.contains("did you mean `rate`?"), "{typo}");
        assert!(message("from: \"I\", times", "from: \"J\", times").contains("unknown node `J`"));
        assert!(message("(0, 10)", "(10, 0)").contains("the smaller first"));
        assert!(message("weights(", "wights(").contains("did you mean `weights`?"));
        assert!(message("times: 920", "times: 0").contains("other than 0"));
        assert!(message("step: 0.5", "step: -1").contains("`step` must be from 0"));
    }

    /// Plastic synapses from `E`, all but the last.
    const PLASTIC: &str = r#"(
    nodes: {
        "E": (model: "iaf_psc_alpha"), "I": (model: "iaf_psc_alpha"), "Spikes": (model: "spike_recorder"),
    },
    projections: [
        (from: "E", to: "E", synapse: "stdp_synapse", params: (lambda: 0.02)),
        (from: "E", to: "I", synapse: "stdp_synapse", params: (lambda: 0.02, tau_plus: 15)),
        (from: "E", to: "I"), (from: "E", to: "Spikes"),
    ],
    knobs: {
        "Rate": (range: (0, 10), turns: [synapses(from: "E", name: "lambda", times: 0.01)]),
        "Window": (range: (5, 50), turns: [synapses(from: "E", to: "I", name: "tau_plus")]),
    },
)"#;

    #[test]
    fn parameters_of_synapses_are_turned_where_they_are() {
        let (mut p, warnings) = read(PLASTIC).unwrap();
        assert!(warnings.is_empty(), "{warnings:?}");
        let (rate, window) = (p.knobs[0].clone(), p.knobs[1].clone());
        assert_eq!((rate.value(&p), window.value(&p)), (Some(2.0), Some(15.0)));
        rate.turn(&mut p, 3.0);
        window.turn(&mut p, 20.0);
        let lambda = |p: &Project| p.projections[..2].iter().map(|p| p.params["lambda"].clone()).collect::<Vec<_>>();
        assert_eq!(lambda(&p), [Value::Real(0.03), Value::Real(0.03)]);
        assert!(!p.projections[1].params.contains_key("tau_plus"), "20 ms is the default");
        assert!(p.projections[2].params.is_empty());
        let (again, _) = read(&write(&p)).unwrap();
        assert_eq!(again, p);
        let message = |from: &str, to: &str| read(&PLASTIC.replace(from, to)).unwrap_err().to_string();
        assert!(message("\"lambda\"", "\"lamda\"").contains("did you mean `lambda`?"));
        assert!(message("name: \"lambda\"", "name: \"weight\"").contains("write weights("));
    }
}
