//! Messages about names that do not exist.

use crate::description::nearest;

/// More names than this do not help whoever reads the message.
const FEW: usize = 10;

/// Names of fields of other programs and words that say the same, and the fields that are meant.
const FIELDS: &[(&str, &[&str])] = &[
    ("n", &["N", "size", "count", "number", "neurons", "cells"]),
    ("params", &["parameters", "param", "parameter"]),
    ("model", &["type", "neuron_model", "kind"]),
    ("at", &["position", "pos", "place", "xy"]),
    ("color", &["colour"]),
    ("muted", &["mute", "silent", "disabled"]),
    ("from", &["source", "pre", "sources", "src"]),
    ("to", &["target", "post", "targets", "dst"]),
    ("rule", &["conn_spec", "connection", "conn_rule", "pattern"]),
    ("synapse", &["syn_spec", "synapse_model", "syn_model", "synapse_type"]),
    ("receptor", &["receptor_type", "port"]),
    ("autapses", &["allow_autapses"]),
    ("multapses", &["allow_multapses"]),
    ("symmetric", &["make_symmetric", "both_ways", "bidirectional"]),
    ("duration", &["time", "simtime", "sim_time", "t_sim", "stop"]),
    ("resolution", &["dt", "h", "step", "time_step", "timestep"]),
    ("seed", &["rng_seed", "random_seed"]),
    ("threads", &["num_threads", "local_num_threads", "total_num_virtual_procs"]),
    ("about", &["description", "doc", "comment"]),
    ("title", &["name"]),
    ("projections", &["connections", "synapses", "edges", "wires"]),
    ("nodes", &["populations", "neurons"]),
    ("views", &["plots"]),
    ("of", &["recorders", "recorder", "source", "sources"]),
];

/// The field that is meant by a word for it.
fn field_called<'a>(given: &str, known: &[&'a str]) -> Option<&'a str> {
    let meant = FIELDS.iter().filter(|(_, words)| words.iter().any(|word| word.eq_ignore_ascii_case(given)));
    meant.filter_map(|(name, _)| known.iter().copied().find(|k| k == name)).next()
}

/// "unknown parameter `V_tresh` of iaf_psc_alpha: did you mean `V_th`?", or what there is if
/// nothing is like it and there is not much. `owner` may be empty.
pub fn unknown(kind: &str, given: &str, owner: &str, known: &[&str]) -> String {
    let of = if owner.is_empty() { String::new() } else { format!(" of {owner}") };
    let what = format!("unknown {kind} `{given}`{of}");
    let called = if kind == "field" { field_called(given, known) } else { None };
    if let Some(name) = called.or_else(|| nearest(given, known.iter().copied())) {
        return format!("{what}: did you mean `{name}`?");
    }
    match known {
        [] => what,
        [only] => format!("{what}; there is only `{only}`"),
        [..] if known.len() <= FEW => {
            let names: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
            format!("{what}; there are {}", names.join(", "))
        }
        _ => what,
    }
}

#[cfg(test)]
mod tests {
    use super::unknown;

    #[test]
    fn suggests_or_lists() {
        assert_eq!(
            unknown("parameter", "rat", "x", &["rate", "start"]),
            "unknown parameter `rat` of x: did you mean `rate`?"
        );
        assert_eq!(
            unknown("parameter", "weight", "x", &["rate", "stop"]),
            "unknown parameter `weight` of x; there are `rate`, `stop`"
        );
        assert_eq!(unknown("node", "E", "", &[]), "unknown node `E`");
        let node = ["model", "n", "at", "params", "muted", "color"];
        assert!(unknown("field", "size", "a node", &node).ends_with("did you mean `n`?"));
        assert!(unknown("field", "Parameters", "a node", &node).ends_with("did you mean `params`?"));
    }
}
