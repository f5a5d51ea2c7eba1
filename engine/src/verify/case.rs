//! A reference case as its JSON file gives it.

use serde::Deserialize;
use serde_json::{Map, Value as Json};

/// One small network and the answer to it.
#[derive(Clone, Debug, Deserialize)]
pub struct Case {
    pub id: String,
    /// Time step, ms.
    #[serde(default = "tenth")]
    pub resolution: f64,
    /// Simulated time, ms.
    #[serde(default)]
    pub duration: f64,
    /// Settings of the whole simulation, such as `min_delay`.
    #[serde(default)]
    pub kernel: Map<String, Json>,
    /// Populations by name, in order of creation; each is a [`NodeSpec`].
    #[serde(default)]
    pub nodes: Map<String, Json>,
    /// Synapse models with other defaults, by name; each is a [`SynapseModel`].
    #[serde(default)]
    pub synapse_models: Map<String, Json>,
    #[serde(default)]
    pub connections: Vec<Connection>,
    #[serde(default)]
    pub schedule: Vec<Change>,
    #[serde(default)]
    pub compare: Vec<Compare>,
    #[serde(default)]
    pub statistics: Vec<Statistic>,
    #[serde(default)]
    pub seeds: Vec<u64>,
    #[serde(default = "one")]
    pub seed: u64,
    /// The network must be refused.
    #[serde(default)]
    pub expect_error: bool,
    /// The answer, by name of comparison or statistic.
    #[serde(default)]
    pub expected: Map<String, Json>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct NodeSpec {
    pub model: String,
    #[serde(default = "one_node")]
    pub n: usize,
    /// For the whole population.
    #[serde(default)]
    pub params: Map<String, Json>,
    /// For one neuron after the other, over `params`.
    #[serde(default)]
    pub each: Vec<Map<String, Json>>,
}

/// A copy of a synapse model.
#[derive(Clone, Debug, Deserialize)]
pub struct SynapseModel {
    pub base: String,
    #[serde(default)]
    pub params: Map<String, Json>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Connection {
    pub pre: String,
    pub post: String,
    /// A name, or a dictionary with the rule's parameters.
    #[serde(default)]
    pub rule: Json,
    #[serde(default)]
    pub synapse: Map<String, Json>,
}

/// Parameters set when the clock stands at `at` ms.
#[derive(Clone, Debug, Deserialize)]
pub struct Change {
    pub at: f64,
    pub node: String,
    pub params: Map<String, Json>,
}

/// One thing that is compared number by number.
#[derive(Clone, Debug, Deserialize)]
pub struct Compare {
    pub name: String,
    pub kind: String,
    /// The recorder or node looked at.
    #[serde(default)]
    pub of: String,
    /// The population whose neurons the senders are counted in.
    #[serde(default)]
    pub from: Option<String>,
    /// Whether senders are compared too.
    #[serde(default)]
    pub senders: bool,
    #[serde(default)]
    pub pre: String,
    #[serde(default)]
    pub post: String,
    #[serde(default)]
    pub columns: Vec<String>,
    #[serde(default)]
    pub abs: f64,
    #[serde(default)]
    pub rel: f64,
}

/// One number of a random run.
#[derive(Clone, Debug, Deserialize)]
pub struct Statistic {
    pub name: String,
    pub kind: String,
    pub of: String,
    #[serde(default)]
    pub from: Option<String>,
    /// Only what is later than this counts, ms.
    #[serde(default)]
    pub after: f64,
    /// Width of a counting bin, ms.
    #[serde(default)]
    pub bin: Option<f64>,
    #[serde(default)]
    pub column: Option<String>,
}

fn tenth() -> f64 {
    0.1
}
fn one() -> u64 {
    1
}
fn one_node() -> usize {
    1
}

impl Case {
    /// The case in a file, or the model that it is about and the program lacks, for
    /// cases of the family that has a form of its own.
    pub fn read(text: &str) -> Result<Case, Unreadable> {
        let json: Json = serde_json::from_str(text).map_err(|e| Unreadable::not_a_case("", e))?;
        let word = |key: &str| json.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
        let id = word("id");
        if id.starts_with("brainpy/") {
            return Err(Unreadable::OtherFamily { id, json: Box::new(json) });
        }
        serde_json::from_value(json).map_err(|e| Unreadable::not_a_case(&id, e))
    }

    /// The populations, in order of creation.
    pub fn node_specs(&self) -> Result<Vec<(&str, NodeSpec)>, String> {
        parse_all(&self.nodes, "node")
    }

    /// The copies of synapse models.
    pub fn copies(&self) -> Result<Vec<(&str, SynapseModel)>, String> {
        parse_all(&self.synapse_models, "synapse model")
    }
}

fn parse_all<'a, T: serde::de::DeserializeOwned>(
    entries: &'a Map<String, Json>,
    what: &str,
) -> Result<Vec<(&'a str, T)>, String> {
    entries
        .iter()
        .map(|(name, json)| {
            let entry = serde_json::from_value(json.clone()).map_err(|e| format!("{what} {name}: {e}"))?;
            Ok((name.as_str(), entry))
        })
        .collect()
}

/// Why a text is no case of the form that this program runs.
#[derive(Clone, Debug, PartialEq)]
pub enum Unreadable {
    NotACase {
        id: String,
        message: String,
    },
    /// A case of the BrainPy family, which has a form of its own.
    OtherFamily {
        id: String,
        json: Box<Json>,
    },
}

impl Unreadable {
    fn not_a_case(id: &str, error: serde_json::Error) -> Self {
        Unreadable::NotACase { id: id.to_owned(), message: format!("not a reference case: {error}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_keep_their_order_and_defaults_are_filled_in() {
        let text = r#"{"id": "f/m/p", "duration": 5.0,
            "nodes": {"z": {"model": "iaf_psc_exp"}, "a": {"model": "spike_recorder", "n": 2}}}"#;
        let case = Case::read(text).unwrap();
        let specs = case.node_specs().unwrap();
        assert_eq!(specs.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["z", "a"]);
        assert_eq!((specs[0].1.n, specs[1].1.n), (1, 2));
        assert_eq!((case.resolution, case.seed, case.expect_error), (0.1, 1, false));
    }

    #[test]
    fn the_other_family_is_told_apart_by_its_id() {
        let text = r#"{"id": "brainpy/ALIF/gradient", "model": "ALIF", "kind": "gradient"}"#;
        assert!(
            matches!(Case::read(text).unwrap_err(), Unreadable::OtherFamily { id, .. } if id == "brainpy/ALIF/gradient")
        );
    }

    #[test]
    fn a_text_that_is_no_case_says_so() {
        assert!(matches!(Case::read("[1, 2"), Err(Unreadable::NotACase { .. })));
        assert!(matches!(Case::read("{}"), Err(Unreadable::NotACase { .. })));
    }
}
