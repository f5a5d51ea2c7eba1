//! Reads nodes and projections.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::fields::{Fields, Reader, describe};
use crate::description::space::Positions as Standing;
use crate::description::{Storage, Value};
use crate::models::{self, CATALOGUE, Family, VOLUME_TRANSMITTER, WEIGHT_RECORDER};
use crate::project::scan::{Item, Spanned};
use crate::project::suggest::unknown;
use crate::project::{Node, NodeId, Part, Place, Project, Projection, ProjectionId, Rule};

/// Every node name of the file; `None` if the node itself could not be made.
pub(super) type Names = HashMap<String, Option<NodeId>>;

/// The fields of a node and of a projection.
pub(super) const NODE: [&str; 7] = ["model", "n", "at", "params", "muted", "color", "positions"];
pub(super) const PROJECTION: [&str; 23] = [
    "from",
    "to",
    "sources",
    "targets",
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
    "storage",
    "third_factor",
    "mask",
    "kernel",
    "use_on_source",
    "allow_oversized_mask",
];

/// The fields of a third factor, and of its legs.
pub(super) const THIRD_FACTOR: [&str; 6] = ["node", "p", "pool_size", "pool_type", "third_in", "third_out"];
const LEG: [&str; 7] = ["synapse", "params", "weight", "delay", "receptor", WEIGHT_RECORDER.name, "muted"];

/// As many neurons or devices as a node can have.
const LARGEST: u64 = 1 << 31;

/// A projection as it is read: with the nodes and cells at both ends, and the third factor with its legs.
struct Given {
    projection: Projection,
    sources: Vec<(NodeId, Part)>,
    targets: Vec<(NodeId, Part)>,
    third: Option<(NodeId, Projection, Projection)>,
}

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
        node.positions = fields.take("positions").and_then(|v| self.standing(place, v));
        if let Some(n) = fields.take("n").and_then(|v| self.whole(place, "n", v, 1, LARGEST)) {
            node.n = n as usize;
        } else if let Some(n) = node.positions.as_ref().and_then(Standing::number) {
            node.n = n;
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
        let mut next = 0;
        for item in items {
            let id = ProjectionId(next);
            next += 1;
            let Some(Given { projection, sources, targets, third }) = self.projection(id, item, names, project) else {
                continue;
            };
            let begin = project.projections.len();
            project.add_united(&projection, &sources, &targets);
            next = id.0 + (project.projections.len() - begin).max(1) as u32;
            for i in begin..project.projections.len() {
                project.projections[i] = turned(project, project.projections[i].clone());
            }
            if let Some((node, inward, outward)) = third
                && let Some(primary) = project.projections.get(begin).cloned()
            {
                project.add_third_factor(&primary, node, &inward, &outward);
                next = id.0 + (project.projections.len() - begin) as u32;
            }
        }
    }

    /// One node, or a list of nodes that count as one.
    fn node_names(&mut self, place: &Place, field: &str, given: Spanned, names: &Names) -> Option<Vec<NodeId>> {
        let Spanned { position, item: Item::List(items) } = given else {
            return self.node_name(place, field, given, names).map(|id| vec![id]);
        };
        if items.is_empty() {
            self.error_of(place, field, position, "names no node; give one in quotes, or several: `[\"E\", \"I\"]`");
            return None;
        }
        let mut found = Vec::new();
        let mut sound = true;
        for item in items {
            let at = item.position;
            match self.node_name(place, field, item, names) {
                Some(id) if found.contains(&id) => {
                    self.error_of(place, field, at, "this node is named twice; name it once, with all its cells");
                    sound = false;
                }
                Some(id) => found.push(id),
                None => sound = false,
            }
        }
        sound.then_some(found)
    }

    /// The cells of these nodes: one part for one node, or parts by the name of the node.
    fn parts(
        &mut self,
        place: &Place,
        field: &str,
        given: Option<Spanned>,
        nodes: &[NodeId],
        names: &Names,
    ) -> Option<Vec<(NodeId, Part)>> {
        let mut parts: Vec<(NodeId, Part)> = nodes.iter().map(|id| (*id, Part::Whole)).collect();
        let Some(given) = given else { return Some(parts) };
        let position = given.position;
        let Item::Map(entries) = given.item else {
            let part = self.part(place, field, given)?;
            if let [(_, own)] = &mut parts[..] {
                *own = part;
                return Some(parts);
            }
            let message = "there are several nodes; name those of which it is a part: `{\"E\": slice(stop: 50)}`";
            self.error_of(place, field, position, message);
            return None;
        };
        let mut sound = true;
        for (key, value) in entries {
            let at = key.position;
            let (name, part) = (self.node_name(place, field, key, names), self.part(place, field, value));
            let own = parts.iter_mut().find(|(id, _)| Some(*id) == name);
            match (name, own, part) {
                (Some(_), Some((_, own)), Some(part)) => *own = part,
                (Some(_), None, _) => {
                    let end = if field == "sources" { "from" } else { "to" };
                    self.error_of(place, field, at, format!("this node is not among those of `{end}`"));
                    sound = false;
                }
                _ => sound = false,
            }
        }
        sound.then_some(parts)
    }

    /// `slice(start: 0, stop: 50, step: 2)`, `slice(0, 50, 2)` or `[3, 5, 8]`.
    fn part(&mut self, place: &Place, field: &str, given: Spanned) -> Option<Part> {
        let position = given.position;
        let wanted = "a part of the population: `slice(start: 0, stop: 50)` or cells counted from 0, `[3, 5, 8]`";
        let (start, stop, step) = match given.item {
            Item::List(items) => {
                let most = u64::from(u32::MAX);
                let cells = self.all(items, |r, cell| r.whole(place, field, cell, 0, most).map(|cell| cell as u32));
                return cells.map(Part::list);
            }
            Item::Struct { name: Some(name), fields } if name == "slice" => {
                let inner = Spanned { position, item: Item::Struct { name: None, fields } };
                let mut fields = self.inner_fields(place, &name, inner, &["start", "stop", "step"])?;
                (fields.take("start"), fields.take("stop"), fields.take("step"))
            }
            Item::Tuple { name: Some(name), items } if name == "slice" && (2..=3).contains(&items.len()) => {
                let mut items = items.into_iter();
                (items.next(), items.next(), items.next())
            }
            other => return self.expected(place, field, position, wanted, &other),
        };
        let mut number = |given: Option<Spanned>| match given {
            None => Some(None),
            Some(given) => self.signed(place, field, given).map(Some),
        };
        let (start, stop) = (number(start), number(stop));
        let step = match step {
            None => Some(1),
            Some(step) => self.whole(place, field, step, 1, u64::from(u32::MAX)),
        };
        Some(Part::Slice { start: start?.unwrap_or(0), stop: stop?, step: step? })
    }

    /// `auto`, `sparse` or `dense`.
    fn storage(&mut self, place: &Place, given: Spanned) -> Option<Storage> {
        let position = given.position;
        let named = match &given.item {
            Item::Word(word) => Some(word.as_str()),
            _ => None,
        };
        let found = named.and_then(|name| Storage::ALL.into_iter().find(|storage| storage.name() == name));
        found.or_else(|| self.expected(place, "storage", position, "auto, sparse or dense", &given.item))
    }

    /// A whole number that may be negative.
    fn signed(&mut self, place: &Place, field: &str, given: Spanned) -> Option<i64> {
        let position = given.position;
        let Item::Number(number) = given.item else {
            return self.expected(place, field, position, "a whole number", &given.item);
        };
        let most = f64::from(u32::MAX);
        let found = (number.real.fract() == 0.0 && number.real.abs() <= most).then_some(number.real as i64);
        if found.is_none() {
            let is = crate::description::number(number.real);
            self.error_of(place, field, position, format!("must be a whole number, is {is}"));
        }
        found
    }

    fn projection(&mut self, id: ProjectionId, given: Spanned, names: &Names, project: &Project) -> Option<Given> {
        let position = given.position;
        let place = place_of(id, &given);
        self.positions.insert(&place, "", position);
        let synapse = text_of(&given, "synapse").map_or(Some(&models::STATIC_SYNAPSE), models::find);
        let elsewhere = |field: &str| in_params(field, synapse?).or_else(|| of_other_synapses(field));
        let mut fields = self.fields_or(&place, "a projection", given, Some(&PROJECTION), &elsewhere)?;
        let from = self.required(&place, &mut fields, "from", position);
        let to = self.required(&place, &mut fields, "to", position);
        let from = from.and_then(|v| self.node_names(&place, "from", v, names));
        let to = to.and_then(|v| self.node_names(&place, "to", v, names));
        let mut parts = |field: &str, nodes: &Option<Vec<NodeId>>| {
            let (given, nodes) = (fields.take(field), nodes.as_deref().unwrap_or(&[]));
            if nodes.is_empty() { None } else { self.parts(&place, field, given, nodes, names) }
        };
        let (sources, targets) = (parts("sources", &from), parts("targets", &to));
        let first = |nodes: &Option<Vec<NodeId>>| nodes.as_ref().and_then(|nodes| nodes.first().copied());
        let (from, to) = (first(&from), first(&to));
        // The rest is read even if an end is missing, so that all problems show at once.
        let mut made = Projection::new(id, from.unwrap_or(NodeId(0)), to.unwrap_or(NodeId(0)));
        if let Some((rule, pairs, file)) = fields.take("rule").and_then(|v| self.rule(&place, v)) {
            (made.rule, made.pairs, made.pairs_file) = (rule, pairs.into(), file.map(Arc::new));
        }
        let target = to.and_then(|id| project.node(id)).map(|node| node.model);
        self.synapses_of(&place, &mut fields, &mut made, target, names);
        made.volume_transmitter = fields
            .take(VOLUME_TRANSMITTER.name)
            .and_then(|v| self.node_name(&place, VOLUME_TRANSMITTER.name, v, names));
        for (name, flag) in [
            ("autapses", &mut made.autapses),
            ("multapses", &mut made.multapses),
            ("symmetric", &mut made.symmetric),
            ("use_on_source", &mut made.use_on_source),
            ("allow_oversized_mask", &mut made.allow_oversized_mask),
        ] {
            if let Some(given) = fields.take(name).and_then(|v| self.flag(&place, name, v)) {
                *flag = given;
            }
        }
        made.seed = fields.take("seed").and_then(|v| self.whole(&place, "seed", v, 0, u64::MAX));
        if let Some(storage) = fields.take("storage").and_then(|v| self.storage(&place, v)) {
            made.storage = storage;
        }
        made.mask = fields.take("mask").and_then(|v| self.mask(&place, v));
        made.kernel = fields.take("kernel").and_then(|v| self.kernel(&place, "kernel", v));
        let numbers = (sources.as_ref().map_or(0, Vec::len), targets.as_ref().map_or(0, Vec::len));
        let third = fields.take("third_factor").map(|v| self.third_factor(&place, v, &made, numbers, (names, project)));
        (from.is_some() && to.is_some()).then_some(())?;
        let third = match third {
            None => None,
            Some(read) => Some(read?),
        };
        Some(Given { projection: made, sources: sources?, targets: targets?, third })
    }

    /// `third_factor: (node: "astrocytes", p: 0.5, pool_size: 10, third_in: (…), third_out: (…))`.
    fn third_factor(
        &mut self,
        place: &Place,
        given: Spanned,
        primary: &Projection,
        (sources, targets): (usize, usize),
        (names, project): (&Names, &Project),
    ) -> Option<(NodeId, Projection, Projection)> {
        let position = given.position;
        let field = "third_factor";
        let mut fields = self.inner_fields(place, "a third factor", given, &THIRD_FACTOR)?;
        let Some(node) = fields.take("node") else {
            let message = "name its node: `third_factor: (node: \"astrocytes\", p: 0.5)`";
            self.error_of(place, field, position, message);
            return None;
        };
        let node = self.node_name(place, field, node, names);
        let p = match fields.take("p") {
            Some(p) => self.real(place, field, p),
            None => Some(1.0),
        };
        let pool_size = match fields.take("pool_size") {
            Some(size) => self.whole(place, field, size, 1, LARGEST).map(Some),
            None => Some(None),
        };
        let block = match fields.take("pool_type") {
            None => Some(false),
            Some(given) => {
                let at = given.position;
                match self.text(place, field, given).as_deref() {
                    Some("random") => Some(false),
                    Some("block") => Some(true),
                    Some(other) => {
                        let message = format!("pool_type is \"random\" or \"block\", not \"{other}\"");
                        self.error_of(place, field, at, message);
                        None
                    }
                    None => None,
                }
            }
        };
        let id = primary.id.0 + (sources * targets) as u32;
        let name = |id: NodeId| project.node(id).map_or_else(|| "?".to_owned(), |node| node.name.clone());
        let ends = match place {
            Place::Projection { from, to, .. } => (from.clone(), to.clone()),
            _ => Default::default(),
        };
        let third = node.map_or_else(|| "?".to_owned(), name);
        let model = |id: Option<NodeId>| id.and_then(|id| project.node(id)).map(|node| node.model);
        let mut leg = |reader: &mut Self, leg: &str, id: u32, (from, to): (String, String), target: NodeId| {
            let id = ProjectionId(id);
            let mut made = Projection::new(id, primary.from, target);
            let at = Place::Projection { id, from, to };
            reader.positions.insert(&at, "", position);
            if let Some(given) = fields.take(leg) {
                let mut fields = reader.fields(&at, leg, given, Some(&LEG))?;
                reader.synapses_of(&at, &mut fields, &mut made, model(Some(target)), names);
            }
            Some(made)
        };
        let (from, to) = ends;
        let inward = leg(self, "third_in", id, (from, third.clone()), node.unwrap_or(NodeId(u32::MAX)));
        let outward = leg(self, "third_out", id + sources as u32, (third, to), primary.to);
        let rule = Rule::ThirdFactor { p: p?, pool_size: pool_size?, block: block? };
        let with = |leg: Option<Projection>| leg.map(|leg| Projection { rule, ..leg });
        Some((node?, with(inward)?, with(outward)?))
    }

    /// What the synapses of a projection are like.
    fn synapses_of(
        &mut self,
        place: &Place,
        fields: &mut Fields,
        made: &mut Projection,
        target: Option<&'static models::Model>,
        names: &Names,
    ) {
        if let Some(synapse) = fields.take("synapse").and_then(|v| self.synapse(place, v)) {
            made.synapse = synapse;
        }
        let weight = fields.take("weight").and_then(|v| self.value(place, "weight", v, None));
        made.weight = weight.unwrap_or_else(|| made.default_weight());
        if let Some(delays) = made.file_delays() {
            made.delay = delays;
        }
        if let Some(delay) = fields.take("delay").and_then(|v| self.value(place, "delay", v, None)) {
            made.give_delay(delay);
        }
        if let Some(receptor) = fields.take("receptor").and_then(|v| self.receptor(place, v, target)) {
            made.receptor = receptor;
        }
        if let Some(params) = fields.take("params") {
            made.params = self.params(place, params, made.synapse);
        }
        let recorder = WEIGHT_RECORDER.name;
        made.weight_recorder = fields.take(recorder).and_then(|v| self.node_name(place, recorder, v, names));
        if let Some(muted) = fields.take("muted").and_then(|v| self.flag(place, "muted", v)) {
            made.muted = muted;
        }
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
        Ok(wiring) if wiring.reversed => {
            let (from, to) = (projection.to, projection.from);
            let (sources, targets) = (projection.targets.clone(), projection.sources.clone());
            Projection { from, to, sources, targets, ..projection }
        }
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
                Item::List(items) => {
                    let name =
                        |item: &Spanned| if let Item::Text(text) = &item.item { text.clone() } else { "?".into() };
                    items.iter().map(name).collect::<Vec<_>>().join(" + ")
                }
                other => describe(other),
            },
        ),
        _ => "?".to_owned(),
    };
    Place::Projection { id, from: end("from"), to: end("to") }
}
