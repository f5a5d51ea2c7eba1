//! Whose parameters are shown: those of one node, of several of the same model together, or of
//! the synapses of a projection.

use std::collections::BTreeMap;

use spikeloom_engine::description::Value;
use spikeloom_engine::models::{Model, Parameter};
use spikeloom_engine::project::{Node, NodeId, Project, Projection, Rule, Settings};

use super::allowed;
use crate::action::Edit;
use crate::number;

#[derive(Clone, Copy)]
pub enum Owner<'a> {
    Nodes(&'a [&'a Node]),
    /// Those of a projection, and of others edited together with it.
    Synapses {
        of: &'a Projection,
        also: &'a [&'a Projection],
        from: &'a Node,
        to: &'a Node,
    },
}

/// The value of a parameter; a range or a function of the place as such, not as the list that it stands for.
fn own_value(node: &Node, name: &str) -> Option<Value> {
    match node.params.get(name) {
        Some(value @ (Value::Spatial(_) | Value::Range(_))) => Some(value.clone()),
        _ => node.value(name),
    }
}

/// What its field is known by. The same parameter may be shown twice: among the main ones and among all.
pub fn field_key(owner: Owner<'_>, parameter: &Parameter, main: bool) -> String {
    format!("{} of {}{}", parameter.name, owner.key(), if main { " main" } else { "" })
}

impl<'a> Owner<'a> {
    pub fn model(self) -> Option<&'static Model> {
        match self {
            Owner::Nodes(nodes) => nodes.first().map(|n| n.model),
            Owner::Synapses { of, .. } => Some(of.synapse),
        }
    }

    pub fn first_node(self) -> Option<&'a Node> {
        match self {
            Owner::Nodes(nodes) => nodes.first().copied(),
            Owner::Synapses { .. } => None,
        }
    }

    /// Weight and delay of synapses have rows of their own.
    pub fn shows(self, parameter: &Parameter) -> bool {
        !(matches!(self, Owner::Synapses { .. }) && matches!(parameter.name, "weight" | "delay"))
    }

    /// The value of the first of them.
    pub fn value(self, name: &str) -> Option<Value> {
        match self {
            Owner::Nodes(nodes) => nodes.first().and_then(|n| own_value(n, name)),
            Owner::Synapses { of, .. } => of.value(name),
        }
    }

    /// In how many dimensions they stand, if all do.
    pub fn dimensions(self) -> Option<usize> {
        let of = |node: &Node| node.positions.as_ref().map(|positions| positions.dimensions);
        match self {
            Owner::Nodes(nodes) => {
                let first = of(nodes.first()?)?;
                nodes.iter().all(|node| of(node) == Some(first)).then_some(first)
            }
            Owner::Synapses { from, to, .. } => of(from).filter(|dimensions| of(to) == Some(*dimensions)),
        }
    }

    /// Whether it differs from the default.
    pub fn changed(self, name: &str) -> bool {
        match self {
            Owner::Nodes(nodes) => nodes.iter().any(|n| n.params.contains_key(name)),
            Owner::Synapses { of, also, .. } => std::iter::once(&of).chain(also).any(|p| p.params.contains_key(name)),
        }
    }

    /// Whether they differ among each other.
    pub fn mixed(self, name: &str) -> bool {
        let first = self.value(name);
        match self {
            Owner::Nodes(nodes) => nodes.iter().any(|n| own_value(n, name) != first),
            Owner::Synapses { also, .. } => also.iter().any(|p| p.value(name) != first),
        }
    }

    /// Whether there is more than one neuron, device or synapse.
    pub fn several(self) -> bool {
        match self {
            Owner::Nodes(nodes) => nodes.iter().any(|n| n.n > 1),
            Owner::Synapses { from, to, .. } => from.n > 1 || to.n > 1,
        }
    }

    /// How many values a list has, where that does not depend on chance.
    pub fn list_length(self) -> Option<usize> {
        let length = match self {
            Owner::Nodes(nodes) => {
                let n = nodes.first()?.n;
                nodes.iter().all(|node| node.n == n).then_some(n)?
            }
            Owner::Synapses { also: [_, ..], .. } => return None,
            Owner::Synapses { of, from, to, .. } => match of.rule {
                Rule::OneToOne => from.n.min(to.n),
                Rule::Pairs => of.pairs.len(),
                _ => return None,
            },
        };
        (length > 1).then_some(length)
    }

    /// Tells owners apart.
    pub fn key(self) -> String {
        match self {
            Owner::Nodes(nodes) => nodes.iter().map(|n| n.id.0.to_string()).collect::<Vec<_>>().join(" "),
            Owner::Synapses { of, .. } => format!("projection {}", of.id.0),
        }
    }

    /// Name for undo steps.
    pub fn called(self, project: &Project) -> String {
        let name = |id: NodeId| project.node(id).map_or("?", |n| n.name.as_str());
        match self {
            Owner::Nodes([node]) => node.name.clone(),
            Owner::Nodes(nodes) => number::counted(nodes.len() as u64, "node"),
            Owner::Synapses { of, also: [], .. } => format!("{} → {}", name(of.from), name(of.to)),
            Owner::Synapses { also, .. } => number::counted(also.len() as u64 + 1, "projection"),
        }
    }

    /// Whether all of them can have this value, or why not.
    pub fn check(self, parameter: &Parameter, value: &Value, settings: &Settings) -> Result<(), String> {
        match self {
            Owner::Nodes(nodes) => {
                nodes.iter().try_for_each(|node| allowed::parameter(node, parameter, value, settings))
            }
            Owner::Synapses { of, also, from, to } => std::iter::once(&of)
                .chain(also)
                .try_for_each(|p| allowed::synapse_parameter(p, from, to, parameter, value)),
        }
    }

    /// A change of the parameters of all of them.
    pub fn edit(self, label: String, change: impl Fn(&mut BTreeMap<String, Value>) + 'static) -> Edit {
        match self {
            Owner::Nodes(nodes) => {
                let ids: Vec<NodeId> = nodes.iter().map(|n| n.id).collect();
                Edit::new(label, move |project| {
                    for id in ids {
                        if let Some(node) = project.node_mut(id) {
                            change(&mut node.params);
                        }
                    }
                })
            }
            Owner::Synapses { of, also, .. } => {
                let ids: Vec<_> = std::iter::once(&of).chain(also).map(|p| p.id).collect();
                Edit::new(label, move |project| {
                    for id in ids {
                        if let Some(projection) = project.projection_mut(id) {
                            change(&mut projection.params);
                        }
                    }
                })
            }
        }
    }
}
