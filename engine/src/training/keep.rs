//! Trained numbers go into a project that may have been edited since training began.

use super::{Refusal, refused};
use crate::description::{NodeId, Problem};
use crate::project::Project;

/// Puts into `to` what training has changed: what differs between the project as it was when training began and `trained`.
/// Everything else in `to` stays as it is.
///
/// # Errors
/// What has become of the network meanwhile so that the numbers no longer fit, with the cure; `to` then stays as it is.
pub fn keep(begun: &Project, trained: &Project, to: &mut Project) -> Result<(), Refusal> {
    let mut kept = to.clone();
    let mut problems = Vec::new();
    for (before, after) in begun.nodes.iter().zip(&trained.nodes) {
        if before.params == after.params {
            continue;
        }
        if let Err(problem) = same_node(begun, to, before.id) {
            problems.push(problem);
            continue;
        }
        let Some(node) = kept.node_mut(before.id) else { continue };
        for (name, value) in after.params.iter().filter(|(name, value)| before.params.get(*name) != Some(value)) {
            node.params.insert(name.clone(), value.clone());
        }
        // What has come to its default is not written.
        for name in before.params.keys().filter(|name| !after.params.contains_key(*name)) {
            node.params.remove(name);
        }
    }
    for (before, after) in begun.projections.iter().zip(&trained.projections) {
        if before == after {
            continue;
        }
        let ends = [before.from, before.to].into_iter().try_for_each(|id| same_node(begun, to, id));
        if let Err(problem) = ends {
            problems.push(problem);
            continue;
        }
        let name = |id: NodeId| begun.node(id).map_or("?", |node| node.name.as_str());
        let same = |p: &&mut crate::project::Projection| (p.from, p.to) == (before.from, before.to);
        let Some(projection) = kept.projection_mut(before.id).filter(same) else {
            let (from, to) = (name(before.from), name(before.to));
            problems.push(refused(format!(
                "{from} → {to} has been deleted since training began: undo that, or train again"
            )));
            continue;
        };
        projection.rule = after.rule;
        projection.pairs = after.pairs.clone();
        projection.pairs_file = after.pairs_file.clone();
        projection.weight = after.weight.clone();
        (projection.delay, projection.delay_given) = (after.delay.clone(), after.delay_given);
        (projection.mask, projection.kernel) = (after.mask.clone(), after.kernel);
        projection.use_on_source = after.use_on_source;
        projection.storage = after.storage;
        projection.allow_oversized_mask = after.allow_oversized_mask;
    }
    if !problems.is_empty() {
        problems.dedup();
        return Err(Refusal { problems });
    }
    *to = kept;
    Ok(())
}

/// Whether a node is what it was when training began.
fn same_node(begun: &Project, now: &Project, id: NodeId) -> Result<(), Problem> {
    let Some(before) = begun.node(id) else { return Ok(()) };
    let cure = "since training began: undo that, or train again";
    match now.node(id) {
        None => Err(refused(format!("{} has been deleted {cure}", before.name))),
        Some(node) if node.model != before.model => {
            Err(refused(format!("{} has become another model {cure}", before.name)))
        }
        Some(node) if node.n != before.n => {
            Err(refused(format!("{} had {} cells and has {} {cure}", before.name, before.n, node.n)))
        }
        Some(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::description::Value;
    use crate::project::read;
    use crate::training::Trainer;

    fn cells() -> Project {
        let text = r#"(
            simulation: (resolution: 1, duration: 100),
            nodes: { "cell": (model: "iaf_psc_exp"), "spikes": (model: "spike_recorder") },
            projections: [(from: "cell", to: "spikes")],
            training: (
                method: cma_es, train: [parameter(of: "cell", name: "I_e", range: (300, 900))],
                goals: [rate(of: "spikes", target: 60, scale: 10)], epochs: 2,
            ),
        )"#;
        read(text).unwrap_or_else(|e| panic!("{e}")).0
    }

    #[test]
    fn numbers_go_into_a_project_that_was_edited_meanwhile_if_they_still_fit() {
        let begun = cells();
        let mut trainer = Trainer::new(&begun).unwrap_or_else(|e| panic!("{e}"));
        trainer.advance().unwrap_or_else(|e| panic!("{e}"));
        let trained = trainer.best();
        let mut edited = begun.clone();
        edited.nodes[0].params.insert("tau_m".into(), Value::Real(12.0));
        keep(&begun, &trained, &mut edited).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(edited.nodes[0].real("tau_m"), 12.0);
        assert_eq!(edited.nodes[0].real("I_e"), trained.nodes[0].real("I_e"));
        assert!(edited.nodes[0].real("I_e") >= 300.0);

        let mut larger = begun.clone();
        larger.nodes[0].n = 3;
        let before = larger.clone();
        let refusal = keep(&begun, &trained, &mut larger).expect_err("another network");
        assert!(refusal.to_string().contains("cell had 1 cells and has 3 since training began"), "{refusal}");
        assert_eq!(larger, before);
    }
}
