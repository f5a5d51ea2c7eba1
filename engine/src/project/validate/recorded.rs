//! What multimeters sample: every target must have it.

use super::node::place;
use super::{Place, Problem};
use crate::description::Value;
use crate::project::suggest::unknown;
use crate::project::{Node, Project};

pub(super) fn check(project: &Project, problems: &mut Vec<Problem>) {
    for meter in project.nodes.iter().filter(|n| n.model.is_meter()) {
        let Some(Value::Names(names)) = meter.value("record_from") else { continue };
        let targets: Vec<&Node> = project
            .projections
            .iter()
            .filter(|p| p.from == meter.id)
            .filter_map(|p| project.node(p.to))
            .filter(|n| !n.model.recordables.is_empty())
            .collect();
        for target in &targets {
            check_names(meter, target, &names, problems);
        }
        if names.is_empty() && !targets.is_empty() {
            let message = "lists nothing to sample";
            problems.push(Problem::warning(place(meter), message).of("record_from"));
        }
    }
}

fn check_names(meter: &Node, target: &Node, names: &[String], problems: &mut Vec<Problem>) {
    let recordables = target.recordables();
    let known: Vec<&str> = recordables.iter().map(|r| r.name.as_str()).collect();
    for name in names.iter().filter(|name| !known.contains(&name.as_str())) {
        let owner = format!("{} ({})", target.name, target.model.name);
        let message = unknown("quantity", name, &owner, &known);
        let problem: Place = place(meter);
        problems.push(Problem::error(problem, message).of("record_from"));
    }
}

#[cfg(test)]
mod tests {
    use crate::description::Value;
    use crate::project::validate::testing::{errors, pair, warnings};

    fn meter(names: &[&str], target: &str) -> crate::project::Project {
        let mut project = pair("multimeter", 1, target, 1);
        let names = Value::Names(names.iter().map(|&n| n.to_owned()).collect());
        project.nodes[0].params.insert("record_from".into(), names);
        project
    }

    #[test]
    fn every_target_must_have_what_is_sampled() {
        assert!(errors(&meter(&["V_m", "I_syn_ex"], "iaf_psc_exp")).is_empty());
        let found = errors(&meter(&["I_syn_ex"], "iaf_psc_delta"));
        assert_eq!(found, ["a: record_from: unknown quantity `I_syn_ex` of b (iaf_psc_delta); there is only `V_m`"]);
        let found = errors(&meter(&["V_n"], "iaf_psc_exp"));
        assert!(found[0].ends_with("did you mean `V_m`?"), "{found:?}");
        assert!(errors(&pair("voltmeter", 1, "dc_generator", 1))[0].contains("V_m"));
    }

    #[test]
    fn a_meter_that_samples_nothing_is_warned_of() {
        assert!(warnings(&meter(&[], "iaf_psc_exp")).iter().any(|w| w.contains("nothing to sample")));
    }

    #[test]
    fn an_interval_that_was_set_must_fit_the_resolution() {
        let mut project = meter(&["V_m"], "iaf_psc_exp");
        project.simulation.resolution = 0.3;
        assert!(errors(&project).is_empty());
        project.nodes[0].params.insert("interval".into(), Value::Real(1.0));
        assert!(errors(&project)[0].contains("interval"));
        project.nodes[0].params.insert("interval".into(), Value::Real(0.6));
        assert!(errors(&project).is_empty());
    }
}
