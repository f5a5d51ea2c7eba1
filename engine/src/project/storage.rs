//! How the synapses of a projection are kept: with a list of targets, or as a table of all pairs.

use super::{Project, Projection, Rule};
use crate::description::{Part, Storage, Value};

impl Project {
    /// Why the synapses of a projection cannot be kept as a table of all pairs.
    pub fn reason_against_dense(&self, projection: &Projection) -> Option<String> {
        let loops = projection.from == projection.to && !projection.autapses;
        let parts = [&projection.sources, &projection.targets].iter().any(|part| **part != Part::Whole);
        let neurons = [projection.from, projection.to].into_iter().filter_map(|id| self.node(id));
        match projection.rule {
            rule if rule != Rule::AllToAll => Some(format!("{} leaves pairs out", rule.name())),
            _ if loops => Some("`autapses: false` leaves pairs out".into()),
            _ if parts => Some("parts of populations leave pairs out".into()),
            _ if projection.mask.is_some() => Some("a mask leaves pairs out".into()),
            _ if matches!(projection.delay, Value::Distribution(_)) => {
                Some("drawn delays are kept in their order, row by row".into())
            }
            _ if neurons.into_iter().any(|node| !node.model.is_neuron()) => {
                Some("it is for synapses between neurons".into())
            }
            _ => None,
        }
    }

    /// Whether the synapses of a projection are kept as a table of all pairs: where that is possible it needs less memory, and
    /// spikes are delivered in vectors, so that only a wish for the other form keeps them from it.
    pub fn keeps_dense(&self, projection: &Projection) -> bool {
        projection.storage != Storage::Sparse && self.reason_against_dense(projection).is_none()
    }
}

#[cfg(test)]
mod tests {
    use crate::project::read;

    fn network(storage: &str, synapses: &str) -> String {
        let nodes = r#""A": (model: "iaf_psc_exp", n: 70), "B": (model: "iaf_psc_exp", n: 70)"#;
        format!(r#"(nodes: {{{nodes}}}, projections: [(from: "A", to: "B", {synapses}, storage: {storage})])"#)
    }

    #[test]
    fn what_leaves_pairs_out_is_no_table() {
        for (synapses, reason) in [
            ("rule: pairwise_bernoulli(0.9)", "pairwise_bernoulli leaves pairs out"),
            ("targets: slice(stop: 50)", "parts of populations"),
            ("delay: uniform(low: 1, high: 3)", "drawn delays"),
        ] {
            let refusal = read(&network("dense", synapses)).unwrap_err().to_string();
            assert!(refusal.contains("storage") && refusal.contains(reason), "{refusal}");
            let (project, _) = read(&network("auto", synapses)).unwrap_or_else(|e| panic!("{e}"));
            assert!(!project.keeps_dense(&project.projections[0]), "{synapses}");
        }
        let (project, _) = read(&network("auto", "weight: 2")).unwrap_or_else(|e| panic!("{e}"));
        assert!(project.keeps_dense(&project.projections[0]));
        let refusal = read(&network("thick", "weight: 1")).unwrap_err().to_string();
        assert!(refusal.contains("auto, sparse or dense"), "{refusal}");
    }
}
