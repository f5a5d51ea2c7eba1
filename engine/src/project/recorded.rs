//! What counts as being recorded.

use super::{NodeId, Project};

impl Project {
    /// Whether anything reaches a recorder: by a wire, in whichever direction it was drawn, or by a projection that
    /// names it.
    pub fn reaches(&self, recorder: NodeId) -> bool {
        self.projections.iter().any(|p| {
            let named = [p.weight_recorder, p.volume_transmitter];
            p.from == recorder || p.to == recorder || named.contains(&Some(recorder))
        })
    }

    /// Whether anything of the network is recorded.
    pub fn is_recorded(&self) -> bool {
        self.nodes.iter().any(|node| node.model.stores().is_some() && self.reaches(node.id))
    }
}

#[cfg(test)]
mod tests {
    use crate::project::read_draft;

    #[test]
    fn wires_and_names_both_count_and_what_stores_nothing_does_not() {
        let with = |rest: &str| {
            let text = format!(
                r#"(nodes: {{ "a": (model: "iaf_psc_alpha"), "s": (model: "spike_recorder"), "w": (model: "weight_recorder"),
                    "t": (model: "volume_transmitter") }}, projections: [{rest}])"#
            );
            read_draft(&text).unwrap().0.is_recorded()
        };
        assert!(!with(r#"(from: "a", to: "a")"#));
        assert!(with(r#"(from: "a", to: "s")"#));
        assert!(with(r#"(from: "a", to: "a", weight_recorder: "w")"#));
        assert!(!with(r#"(from: "a", to: "t")"#));
    }
}
