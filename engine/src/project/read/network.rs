//! Reads nodes and projections.

use std::collections::{BTreeMap, HashMap};

use super::fields::{Reader, describe};
use crate::description::Value;
use crate::models::{self, CATALOGUE, Family, VOLUME_TRANSMITTER, WEIGHT_RECORDER};
use crate::project::scan::{Item, Spanned};
use crate::project::suggest::unknown;
use crate::project::{Node, NodeId, Place, Project, Projection, ProjectionId};

/// Every node name of the file; `None` if the node itself could not be made.
pub(super) type Names = HashMap<String, Option<NodeId>>;

/// The fields of a node and of a projection.
pub(super) const NODE: [&str; 6] = ["model", "n", "at", "params", "muted", "color"];
pub(super) const PROJECTION: [&str; 15] = [
    "from",
    "to",
    "rule",
    "autapses",
    "multapses",
    "symmetric",
    "seed",
    "synapse",
    "params",
    "weight",
    "delay",
    "receptor",
    WEIGHT_RECORDER.name,
    VOLUME_TRANSMITTER.name,
    "muted",
];

/// As many neurons or devices as a node can have.
const LARGEST: u64 = 1 << 31;

impl Reader {
    pub fn nodes(&mut self, given: Spanned, project: &mut Project) -> Names {
        let mut names = Names::new();
        let place = Place::Project;
        let entries = match given.item {
            Item::Map(entries) => entries,
            // `{}` and `()` are easily mixed up where nothing is in them.
            Item::Struct { name: None, fields } if fields.is_empty() => Vec::new(),
            other => {
                let what = "a map `{\"name\": (model: …), …}`";
                self.expected::<()>(&place, "nodes", given.position, what, &other);
                return names;
            }
        };
        for (index, (key, value)) in entries.into_iter().enumerate() {
            let at = key.position;
            let Some(name) = self.text(&place, "nodes", key) else { continue };
            let place = Place::Node { id: NodeId(index as u32), name: name.clone() };
            if names.contains_key(&name) {
                self.error(&place, at, format!("there are two nodes of the name \"{name}\""));
                continue;
            }
            self.positions.insert(&place, "", at);
            let node = self.node(&place, NodeId(index as u32), &name, value);
            names.insert(name, node.as_ref().map(|node| node.id));
            project.nodes.extend(node);
        }
        names
    }

    fn node(&mut self, place: &Place, id: NodeId, name: &str, given: Spanned) -> Option<Node> {
        let position = given.position;
        let model = text_of(&given, "model").and_then(models::find);
        let elsewhere = |field: &str| in_params(field, model?);
        let mut fields = self.fields_or(place, "a node", given, Some(&NODE), &elsewhere)?;
        let model = self.required(place, &mut fields, "model", position);
        let mut node = Node::new(id, name, self.model(place, model?)?);
        if let Some(n) = fields.take("n").and_then(|v| self.whole(place, "n", v, 1, LARGEST)) {
            node.n = n as usize;
        }
        if let Some(at) = fields.take("at").and_then(|v| self.coordinates(place, "at", v)) {
            node.position = at;
        }
        if let Some(muted) = fields.take("muted").and_then(|v| self.flag(place, "muted", v)) {
            node.muted = muted;
        }
        node.color = fields.take("color").and_then(|v| self.whole(place, "color", v, 0, 255)).map(|c| c as u8);
        if let Some(params) = fields.take("params") {
            node.params = self.params(place, params, node.model);
        }
        Some(node)
    }

    fn model(&mut self, place: &Place, given: Spanned) -> Option<&'static models::Model> {
        let position = given.position;
        let name = self.text(place, "model", given)?;
        match models::find(&name) {
            Some(model) if model.family() != Family::Synapse => Some(model),
            Some(model) => {
                let message = format!("{} is a synapse model; it belongs to a projection", model.name);
                self.error_of(place, "model", position, message);
                None
            }
            None => {
                self.error_of(place, "model", position, models::no_node_model(&name));
                None
            }
        }
    }

    /// Values are kept whether the model has the parameter or not; validation complains of names.
    /// Those that say what holds anyway are dropped, as a project keeps only what differs.
    fn params(&mut self, place: &Place, given: Spanned, model: &models::Model) -> BTreeMap<String, Value> {
        let mut params = BTreeMap::new();
        let Some(fields) = self.fields(place, "params", given, None) else { return params };
        let parts = fields.into_entries().flat_map(|(name, value)| {
            let (group, what) = (model.has_group(&name), name.clone());
            if group { self.group(place, &name, value, &what) } else { vec![(name, value)] }
        });
        let parts: Vec<_> = parts.collect();
        let names: Vec<&str> = parts.iter().map(|(name, _)| name.as_str()).collect();
        for (i, message) in model.given_twice(&names) {
            self.error(place, parts[i].1.position, message);
        }
        for (name, value) in parts {
            let parameter = model.parameter(&name);
            let position = value.position;
            let Some(value) = self.value(place, &name, value, parameter) else { continue };
            let own = model.main_name(&name);
            if own != name {
                self.positions.insert(place, own, position);
            }
            if parameter.is_none_or(|p| Value::from(p.default) != value) {
                params.insert(own.to_owned(), value);
            }
        }
        params
    }

    pub fn projections(&mut self, given: Spanned, names: &Names, project: &mut Project) {
        let Some(items) = self.list(&Place::Project, "projections", given) else { return };
        for (index, item) in items.into_iter().enumerate() {
            let projection = self.projection(ProjectionId(index as u32), item, names, project);
            project.projections.extend(projection.map(|p| turned(project, p)));
        }
    }

    fn projection(&mut self, id: ProjectionId, given: Spanned, names: &Names, project: &Project) -> Option<Projection> {
        let position = given.position;
        let place = place_of(id, &given);
        self.positions.insert(&place, "", position);
        let synapse = text_of(&given, "synapse").map_or(Some(&models::STATIC_SYNAPSE), models::find);
        let elsewhere = |field: &str| in_params(field, synapse?).or_else(|| of_other_synapses(field));
        let mut fields = self.fields_or(&place, "a projection", given, Some(&PROJECTION), &elsewhere)?;
        let from = self.required(&place, &mut fields, "from", position);
        let to = self.required(&place, &mut fields, "to", position);
        let from = from.and_then(|v| self.node_name(&place, "from", v, names));
        let to = to.and_then(|v| self.node_name(&place, "to", v, names));
        // The rest is read even if an end is missing, so that all problems show at once.
        let mut made = Projection::new(id, from.unwrap_or(NodeId(0)), to.unwrap_or(NodeId(0)));
        if let Some((rule, pairs)) = fields.take("rule").and_then(|v| self.rule(&place, v)) {
            (made.rule, made.pairs) = (rule, pairs.into());
        }
        if let Some(synapse) = fields.take("synapse").and_then(|v| self.synapse(&place, v)) {
            made.synapse = synapse;
        }
        let weight = fields.take("weight").and_then(|v| self.value(&place, "weight", v, None));
        made.weight = weight.unwrap_or_else(|| made.default_weight());
        if let Some(delay) = fields.take("delay").and_then(|v| self.value(&place, "delay", v, None)) {
            made.give_delay(delay);
        }
        let target = to.and_then(|id| project.node(id)).map(|node| node.model);
        if let Some(receptor) = fields.take("receptor").and_then(|v| self.receptor(&place, v, target)) {
            made.receptor = receptor;
        }
        if let Some(params) = fields.take("params") {
            made.params = self.params(&place, params, made.synapse);
        }
        for (name, node) in
            [(WEIGHT_RECORDER.name, &mut made.weight_recorder), (VOLUME_TRANSMITTER.name, &mut made.volume_transmitter)]
        {
            *node = fields.take(name).and_then(|v| self.node_name(&place, name, v, names));
        }
        for (name, flag) in [
            ("autapses", &mut made.autapses),
            ("multapses", &mut made.multapses),
            ("symmetric", &mut made.symmetric),
            ("muted", &mut made.muted),
        ] {
            if let Some(given) = fields.take(name).and_then(|v| self.flag(&place, name, v)) {
                *flag = given;
            }
        }
        made.seed = fields.take("seed").and_then(|v| self.whole(&place, "seed", v, 0, u64::MAX));
        (from.is_some() && to.is_some()).then_some(made)
    }

    /// The number of a port, or the name of one that has a name.
    fn receptor(&mut self, place: &Place, given: Spanned, target: Option<&'static models::Model>) -> Option<u32> {
        let Item::Text(name) = &given.item else {
            return self.whole(place, "receptor", given, 0, u32::MAX.into()).map(|number| number as u32);
        };
        let target = target?;
        let named: Vec<&models::Port> = target.ports.iter().filter(|port| !port.name.is_empty()).collect();
        if let Some(port) = named.iter().find(|port| port.name == name) {
            return Some(port.number);
        }
        let message = if named.is_empty() {
            format!("the receptors of {} have no names; give the number, as in `receptor: 1`", target.name)
        } else {
            unknown("receptor", name, target.name, &named.iter().map(|port| port.name).collect::<Vec<_>>())
        };
        self.error_of(place, "receptor", given.position, message);
        None
    }

    fn synapse(&mut self, place: &Place, given: Spanned) -> Option<&'static models::Model> {
        let position = given.position;
        let name = self.text(place, "synapse", given)?;
        let message = match models::find(&name) {
            Some(model) if model.family() == Family::Synapse => return Some(model),
            Some(model) => format!("{} is no synapse model; it belongs to a node", model.name),
            None => models::no_synapse_model(&name),
        };
        self.error_of(place, "synapse", position, message);
        None
    }

    /// The node of that name; silent if it is there but could not be made, for that has been told.
    pub fn node_name(&mut self, place: &Place, field: &str, given: Spanned, names: &Names) -> Option<NodeId> {
        let position = given.position;
        let name = self.text(place, field, given)?;
        match names.get(&name) {
            Some(found) => *found,
            None => {
                let mut known: Vec<&str> = names.keys().map(String::as_str).collect();
                known.sort_unstable();
                self.error_of(place, field, position, unknown("node", &name, "", &known));
                None
            }
        }
    }
}

/// A recorder's wire may be given in either direction; kept is the one in which it works.
fn turned(project: &Project, projection: Projection) -> Projection {
    match project.wiring(&projection) {
        Ok(wiring) if wiring.reversed => Projection { from: projection.to, to: projection.from, ..projection },
        _ => projection,
    }
}

/// The text of a field that is yet to be read.
fn text_of<'a>(given: &'a Spanned, name: &str) -> Option<&'a str> {
    let Item::Struct { fields, .. } = &given.item else { return None };
    match &fields.iter().find(|field| field.name == name)?.value.item {
        Item::Text(text) => Some(text),
        _ => None,
    }
}

/// What to tell of a parameter of the model that stands beside `params`.
fn in_params(field: &str, model: &models::Model) -> Option<String> {
    let is_parameter = model.parameter(field).is_some() || model.has_group(field);
    is_parameter.then(|| format!("`{field}` is a parameter of {}; it belongs into `params: ({field}: …)`", model.name))
}

/// What to tell of a parameter of synapse models other than that of the projection.
fn of_other_synapses(field: &str) -> Option<String> {
    let with: Vec<&str> = CATALOGUE
        .iter()
        .filter(|m| m.family() == Family::Synapse && m.parameter(field).is_some())
        .map(|m| m.name)
        .take(3)
        .collect();
    let first = with.first()?;
    let names = with.join(", ");
    let cure = format!("name the model and write `synapse: \"{first}\", params: ({field}: …)`");
    Some(format!("`{field}` is a parameter of synapse models such as {names}; {cure}"))
}

/// How to call a projection that is yet to be read.
fn place_of(id: ProjectionId, given: &Spanned) -> Place {
    let end = |name: &str| match &given.item {
        Item::Struct { fields, .. } => fields.iter().find(|field| field.name == name).map_or_else(
            || "?".to_owned(),
            |field| match &field.value.item {
                Item::Text(text) => text.clone(),
                other => describe(other),
            },
        ),
        _ => "?".to_owned(),
    };
    Place::Projection { id, from: end("from"), to: end("to") }
}
