//! Rules by which neurons are connected.

use super::number::number;

/// Which sources are connected to which targets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rule {
    AllToAll,
    OneToOne,
    FixedIndegree {
        indegree: u64,
    },
    FixedOutdegree {
        outdegree: u64,
    },
    FixedTotalNumber {
        n: u64,
    },
    PairwiseBernoulli {
        p: f64,
    },
    /// As often as a Poisson number of this mean says.
    PairwisePoisson {
        mean: f64,
    },
    /// Each pair with probability p, and always both ways.
    SymmetricPairwiseBernoulli {
        p: f64,
    },
    /// The pairs that the projection lists.
    Pairs,
    /// For each synapse of another projection, with probability p, a neuron of a pool: one leg of a third factor.
    ThirdFactor {
        p: f64,
        /// Of each target; `None` for all neurons.
        pool_size: Option<u64>,
        /// Pools are blocks of neurons, not drawn.
        block: bool,
    },
}

impl Rule {
    /// All rules with sensible numbers, for menus; listed pairs are written, not chosen.
    pub const ALL: [Rule; 8] = [
        Rule::AllToAll,
        Rule::OneToOne,
        Rule::FixedIndegree { indegree: 10 },
        Rule::FixedOutdegree { outdegree: 10 },
        Rule::FixedTotalNumber { n: 100 },
        Rule::PairwiseBernoulli { p: 0.1 },
        Rule::PairwisePoisson { mean: 0.1 },
        Rule::SymmetricPairwiseBernoulli { p: 0.1 },
    ];

    /// NEST's name.
    pub fn name(&self) -> &'static str {
        match self {
            Rule::AllToAll => "all_to_all",
            Rule::OneToOne => "one_to_one",
            Rule::FixedIndegree { .. } => "fixed_indegree",
            Rule::FixedOutdegree { .. } => "fixed_outdegree",
            Rule::FixedTotalNumber { .. } => "fixed_total_number",
            Rule::PairwiseBernoulli { .. } => "pairwise_bernoulli",
            Rule::PairwisePoisson { .. } => "pairwise_poisson",
            Rule::SymmetricPairwiseBernoulli { .. } => "symmetric_pairwise_bernoulli",
            Rule::Pairs => "pairs",
            Rule::ThirdFactor { .. } => "third_factor_bernoulli_with_pool",
        }
    }

    /// BrainPy's name, which files may use as well.
    pub fn also_called(&self) -> &'static str {
        match self {
            Rule::AllToAll => "AllToAllProj",
            Rule::OneToOne => "OneToOneProj",
            Rule::FixedIndegree { .. } => "FixedIndegreeProj",
            Rule::FixedOutdegree { .. } => "FixedOutdegreeProj",
            Rule::FixedTotalNumber { .. } => "FixedTotalNumberProj",
            Rule::PairwiseBernoulli { .. } => "PairwiseBernoulliProj",
            Rule::PairwisePoisson { .. } => "PairwisePoissonProj",
            Rule::SymmetricPairwiseBernoulli { .. } => "SymmetricPairwiseBernoulliProj",
            Rule::Pairs => "explicit_edges",
            Rule::ThirdFactor { .. } => "",
        }
    }

    /// What the number of a rule is called, NEST's name first; empty for rules without one.
    pub fn number_names(&self) -> &'static [&'static str] {
        match self {
            Rule::AllToAll | Rule::OneToOne | Rule::Pairs => &[],
            Rule::FixedIndegree { .. } => &["indegree", "K"],
            Rule::FixedOutdegree { .. } => &["outdegree", "K"],
            Rule::FixedTotalNumber { .. } => &["N", "n"],
            Rule::PairwiseBernoulli { .. } | Rule::SymmetricPairwiseBernoulli { .. } | Rule::ThirdFactor { .. } => {
                &["p"]
            }
            Rule::PairwisePoisson { .. } => &["pairwise_avg_num_conns", "mean"],
        }
    }

    /// What the number of a rule says, in words; empty for rules without one.
    pub fn number_in_words(&self) -> &'static str {
        match self {
            Rule::AllToAll | Rule::OneToOne | Rule::Pairs => "",
            Rule::FixedIndegree { .. } => "number of synapses onto each target",
            Rule::FixedOutdegree { .. } => "number of synapses of each source",
            Rule::FixedTotalNumber { .. } => "number of all synapses",
            Rule::PairwiseBernoulli { .. } | Rule::SymmetricPairwiseBernoulli { .. } => "probability of each pair",
            Rule::PairwisePoisson { .. } => "mean number of synapses of each pair",
            Rule::ThirdFactor { .. } => "probability of each synapse",
        }
    }

    /// Whether each pair can be connected both ways.
    pub fn can_be_symmetric(&self) -> bool {
        matches!(self, Rule::AllToAll | Rule::OneToOne | Rule::SymmetricPairwiseBernoulli { .. })
    }

    /// Whether a flat list of values has an entry for each synapse.
    pub fn lists_synapses(&self) -> bool {
        matches!(self, Rule::OneToOne | Rule::FixedTotalNumber { .. } | Rule::Pairs)
    }

    /// Whether the number of synapses is left to chance.
    pub fn has_random_number(&self) -> bool {
        use Rule::{PairwiseBernoulli, PairwisePoisson, SymmetricPairwiseBernoulli, ThirdFactor};
        let of_pairs =
            matches!(self, PairwiseBernoulli { .. } | PairwisePoisson { .. } | SymmetricPairwiseBernoulli { .. });
        of_pairs || matches!(self, ThirdFactor { .. })
    }

    /// Whether a pair may always be connected more than once.
    pub fn needs_multapses(&self) -> bool {
        use Rule::{FixedTotalNumber, PairwisePoisson, SymmetricPairwiseBernoulli, ThirdFactor};
        let of_pairs =
            matches!(self, FixedTotalNumber { .. } | PairwisePoisson { .. } | SymmetricPairwiseBernoulli { .. });
        of_pairs || matches!(self, ThirdFactor { .. })
    }

    /// Whether chance has a part in it.
    pub fn is_random(&self) -> bool {
        !matches!(self, Rule::AllToAll | Rule::OneToOne | Rule::Pairs)
    }

    /// Whether it can choose among partners by where they stand: by a mask or a kernel.
    pub fn looks_at_space(&self) -> bool {
        use Rule::*;
        matches!(
            self,
            AllToAll | PairwiseBernoulli { .. } | PairwisePoisson { .. } | FixedIndegree { .. } | FixedOutdegree { .. }
        )
    }

    /// How the edge is labelled: `K_in = 100`, `p = 0.1`, `1:1`.
    pub fn label(&self) -> String {
        match self {
            Rule::AllToAll => "all".into(),
            Rule::OneToOne => "1:1".into(),
            Rule::FixedIndegree { indegree } => format!("K_in = {indegree}"),
            Rule::FixedOutdegree { outdegree } => format!("K_out = {outdegree}"),
            Rule::FixedTotalNumber { n } => format!("N = {n}"),
            Rule::PairwiseBernoulli { p } => format!("p = {}", number(*p)),
            Rule::PairwisePoisson { mean } => format!("λ = {}", number(*mean)),
            Rule::SymmetricPairwiseBernoulli { p } => format!("p = {}, both ways", number(*p)),
            Rule::Pairs => "pairs".into(),
            Rule::ThirdFactor { p, .. } => format!("third, p = {}", number(*p)),
        }
    }

    /// Expected number of synapses between `sources` and `targets` neurons, of which `shared` are both; of listed pairs the
    /// projection knows it. `same` says that all of them are, in the same order.
    pub fn expected_synapses(&self, sources: usize, targets: usize, same: bool, shared: usize, autapses: bool) -> f64 {
        let (s, t) = (sources as f64, targets as f64);
        let diagonal = if autapses { 0.0 } else { shared as f64 };
        match self {
            Rule::AllToAll => s * t - diagonal,
            Rule::OneToOne => {
                if same && !autapses {
                    0.0
                } else {
                    s.min(t)
                }
            }
            Rule::FixedIndegree { indegree } => *indegree as f64 * t,
            Rule::FixedOutdegree { outdegree } => *outdegree as f64 * s,
            Rule::FixedTotalNumber { n } => *n as f64,
            Rule::PairwiseBernoulli { p } => p * (s * t - diagonal),
            Rule::Pairs | Rule::ThirdFactor { .. } => 0.0,
            Rule::PairwisePoisson { mean } => mean * (s * t - diagonal),
            // Within one population both ways are synapses of this projection.
            Rule::SymmetricPairwiseBernoulli { p } if same => 2.0 * p * s * t,
            Rule::SymmetricPairwiseBernoulli { p } => p * s * t,
        }
    }
}
