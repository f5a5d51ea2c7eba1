//! Knobs: one slider for several values, such as Brunel's *g* for all inhibitory weights.
//!
//! A knob keeps no value of its own. Where it stands follows from what it turns, so the two
//! cannot contradict each other, whoever edits the file or the network.

use super::{NodeId, Project};
use crate::description::{Value, nearest};
use crate::models::Signal;

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
}

impl Turned {
    pub(super) fn weighs(&self, project: &Project, projection: &super::Projection) -> bool {
        let Turned::Weights { from, to } = self else { return false };
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
        }
    }

    /// Whether it concerns this node.
    pub fn concerns(&self, id: NodeId) -> bool {
        match self {
            Turned::Parameter { of, .. } => *of == id,
            Turned::Weights { from, to } => *from == id || *to == Some(id),
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
                Turned::Weights { .. } => {
                    let found: Vec<_> =
                        project.projections.iter().filter(|p| turn.what.weighs(project, p)).map(|p| p.id).collect();
                    for id in found {
                        if let Some(projection) = project.projection_mut(id) {
                            projection.weight = value.clone();
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
            let Turned::Parameter { of, name } = &turn.what else { return None };
            let model = project.node(*of)?.model;
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
}
