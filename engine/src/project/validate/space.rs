//! Where neurons stand, masks, kernels and values that depend on space.

use super::{Place, Problem, places};
use crate::description::space::{Kernel, Places, Positions};
use crate::description::{Signal, Value, number};
use crate::project::{Node, Project, Projection, Rule};

/// How much larger than a periodic space a mask may be.
const MOST_TIMES: f64 = 10.0;

/// What is wrong with the positions of a node.
pub(super) fn check_node(node: &Node, place: &Place, problems: &mut Vec<Problem>) {
    let Some(positions) = &node.positions else { return };
    if let Err(message) = check_positions(node, positions) {
        problems.push(Problem::error(place.clone(), message).of("positions"));
    }
}

fn check_positions(node: &Node, positions: &Positions) -> Result<(), String> {
    let dimensions = positions.dimensions;
    if node.model.is_recorder() {
        return Err(format!("a {} stands nowhere; leave them out", node.model.name));
    }
    if !(2..=3).contains(&dimensions) {
        return Err(format!("must have two or three coordinates, have {dimensions}"));
    }
    if let Places::Grid { shape } = &positions.places
        && (shape.len() != dimensions || shape.contains(&0))
    {
        return Err(format!("shape must have {dimensions} numbers of cells, each at least 1"));
    }
    if let Some(number) = positions.number().filter(|number| *number != node.n) {
        let what = match &positions.places {
            Places::Grid { shape } => {
                let sides: Vec<String> = shape.iter().map(usize::to_string).collect();
                format!("the grid has {} cells", sides.join(" × "))
            }
            _ => format!("there are {number} places"),
        };
        return Err(format!("{what}, the node {} neurons; set n: {number}, or change the positions", node.n));
    }
    if let Places::Free { at, .. } = &positions.places
        && let Some(i) = at.iter().position(|place| place.iter().any(|x| !x.is_finite()))
    {
        return Err(format!("place {} must be finite", i + 1));
    }
    if let Some(extent) = positions.extent
        && let Some(side) = extent[..dimensions].iter().find(|side| !side.is_finite() || **side <= 0.0)
    {
        return Err(format!("extent must be finite and > 0 in each direction, is {}", number(*side)));
    }
    if positions.center.iter().any(|x| !x.is_finite()) {
        return Err("center must be finite".into());
    }
    let (center, extent) = positions.frame();
    if let Places::Free { at, .. } = &positions.places {
        let outside = |place: &[f64; 3]| {
            (0..dimensions).any(|axis| (place[axis] - center[axis]).abs() > 0.5 * extent[axis] * (1.0 + 1e-12))
        };
        if let Some(i) = at.iter().position(outside) {
            return Err(format!(
                "place {} lies outside the extent around the middle of all; make extent larger",
                i + 1
            ));
        }
    }
    if positions.edge_wrap && extent[..dimensions].iter().any(|side| *side <= 0.0) {
        return Err("a periodic space needs a size in each direction; give extent".into());
    }
    Ok(())
}

/// Two populations that were drawn with one seed stand at the same places.
pub(super) fn check_drawn(project: &Project, problems: &mut Vec<Problem>) {
    for (i, node) in project.nodes.iter().enumerate() {
        let Some(positions) = &node.positions else { continue };
        let Places::Uniform { seed } = positions.places else { continue };
        if let Some(other) = project.nodes[..i].iter().find(|other| other.positions.as_ref() == Some(positions)) {
            let message = format!(
                "its neurons stand at the same places as those of {}: both are drawn with seed {seed}; give one of them another seed",
                other.name
            );
            problems.push(Problem::warning(places::of_node(node), message).of("positions"));
        }
    }
}

/// Whether a parameter of a node may depend on the place.
pub(super) fn check_value(node: &Node, kernel: &Kernel) -> Result<(), String> {
    let Some(positions) = &node.positions else {
        return Err("depends on the place, but the neurons stand nowhere; give the node positions".into());
    };
    kernel.check(positions.dimensions)
}

/// What is wrong with a projection as far as it has to do with space.
pub(super) fn check_projection(
    project: &Project,
    projection: &Projection,
    carries: Signal,
    problems: &mut Vec<Problem>,
) {
    let (Some(from), Some(to)) = (project.node(projection.from), project.node(projection.to)) else { return };
    let place = places::of_projection(project, projection);
    let mut wrong = |field: &str, message: String| problems.push(Problem::error(place.clone(), message).of(field));
    let spatial = |value: &Value| if let Value::Spatial(kernel) = value { Some(*kernel) } else { None };
    let mut values = vec![("weight", spatial(&projection.weight)), ("delay", spatial(&projection.delay))];
    values.extend(projection.params.iter().map(|(name, value)| (name.as_str(), spatial(value))));
    values.push(("kernel", projection.kernel));
    let first = match &projection.mask {
        Some(_) => Some("mask"),
        None => values.iter().rev().find(|(_, kernel)| kernel.is_some()).map(|(name, _)| *name),
    };
    let Some(first) = first else {
        if projection.use_on_source {
            wrong("use_on_source", "says where a mask stands, and there is none; leave it out".into());
        }
        if projection.allow_oversized_mask {
            wrong("allow_oversized_mask", "is about a mask, and there is none; leave it out".into());
        }
        return;
    };
    let device = [from, to].into_iter().find(|node| node.model.is_recorder());
    if let Some(node) = device.or((!to.model.is_neuron()).then_some(to)) {
        return wrong(first, format!("wires of a {} do not depend on space; leave it out", node.model.name));
    }
    let (Some(sources), Some(targets)) = (&from.positions, &to.positions) else {
        let node = if from.positions.is_none() { from } else { to };
        return wrong(first, format!("depends on where neurons stand, but {} has no positions; give them", node.name));
    };
    let dimensions = targets.dimensions;
    if sources.dimensions != dimensions {
        return wrong(
            first,
            format!(
                "{} stands in {} dimensions and {} in {dimensions}; give both as many",
                from.name, sources.dimensions, to.name
            ),
        );
    }
    for (name, kernel) in &values {
        if let Some(Err(message)) = kernel.map(|kernel| kernel.check(dimensions)) {
            wrong(name, message);
        }
    }
    if !projection.is_drawn_in_space() {
        if projection.use_on_source {
            wrong("use_on_source", "says where a mask stands, and there is none; leave it out".into());
        }
        if projection.allow_oversized_mask {
            wrong("allow_oversized_mask", "is about a mask, and there is none; leave it out".into());
        }
        return;
    }
    let field = if projection.mask.is_some() { "mask" } else { "kernel" };
    let rule = projection.rule.name();
    if projection.union.is_some() {
        wrong(field, "goes between two nodes; give each pair of nodes a projection".into());
    }
    match projection.rule {
        Rule::AllToAll if projection.kernel.is_some() => {
            wrong("kernel", "all_to_all makes every pair; use pairwise_bernoulli(1) with the kernel".into());
        }
        unseeing if !unseeing.looks_at_space() => {
            let usual = "all_to_all, pairwise_bernoulli, pairwise_poisson, fixed_indegree or fixed_outdegree";
            wrong(field, format!("{rule} does not look at space; use {usual}, or leave it out"));
        }
        Rule::PairwisePoisson { .. }
            if projection.kernel.is_some_and(|kernel| !kernel.most(0.0, f64::INFINITY).is_finite()) =>
        {
            wrong("kernel", "the mean number of synapses has no bound; use pairwise_bernoulli".into());
        }
        _ => {}
    }
    if projection.symmetric {
        wrong("symmetric", format!("a {field} makes pairs one way; leave one of them out"));
    }
    if carries == Signal::Potential {
        wrong(field, "a gap junction goes both ways; leave it out and list the pairs".into());
    }
    if projection.use_on_source && !matches!(projection.rule, Rule::PairwiseBernoulli { .. }) {
        wrong("use_on_source", format!("belongs to pairwise_bernoulli, not to {rule}; leave it out"));
    }
    let Some(mask) = &projection.mask else {
        if projection.allow_oversized_mask {
            wrong("allow_oversized_mask", "is about a mask, and there is none; leave it out".into());
        }
        return;
    };
    if let Err(message) = mask.check(dimensions) {
        return wrong("mask", message);
    }
    let period = if projection.mask_is_at_target() { sources.period() } else { targets.period() };
    let (low, high) = mask.bounds();
    let too_large =
        (0..dimensions).find(|&axis| period[axis] > 0.0 && high[axis] - low[axis] > period[axis] * (1.0 + 1e-12));
    let far_too_large = |axis: usize| high[axis] - low[axis] > MOST_TIMES * period[axis];
    match too_large {
        Some(axis) if far_too_large(axis) => wrong(
            "mask",
            format!(
                "is {} wide, more than ten times the periodic space ({}); make it smaller",
                number(high[axis] - low[axis]),
                number(period[axis])
            ),
        ),
        Some(axis) if !projection.allow_oversized_mask => wrong(
            "mask",
            format!(
                "is {} wide, more than the periodic space ({}), so that pairs are made more than once; \
                 make it smaller, or set allow_oversized_mask: true",
                number(high[axis] - low[axis]),
                number(period[axis])
            ),
        ),
        None if projection.allow_oversized_mask => {
            let message = "has no effect: the mask is no larger than the space, or the space is not periodic";
            problems.push(Problem::warning(place.clone(), message).of("allow_oversized_mask"));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::project::read;

    fn refusal(nodes: &str, projection: &str) -> String {
        let text = format!("(nodes: {{ {nodes} }}, projections: [{projection}])");
        read(&text).map(|_| ()).expect_err(&text).to_string()
    }
    const GRID: &str =
        r#""A": (model: "parrot_neuron", positions: grid(shape: (3, 3), extent: (3, 3), edge_wrap: true))"#;

    #[test]
    fn positions_must_fit_the_node() {
        let of = |node: &str| refusal(&format!(r#""A": (model: "parrot_neuron", {node})"#), "");
        assert!(
            of("n: 5, positions: grid(shape: (2, 2))")
                .contains("the grid has 2 × 2 cells, the node 5 neurons; set n: 4")
        );
        assert!(of("n: 3, positions: free(at: [(0, 0), (1, 1)])").contains("set n: 2"));
        assert!(of("positions: grid(shape: (2, 2), extent: (1, 0))").contains("> 0 in each direction, is 0"));
        assert!(of("positions: free(at: [(0, 0), (1, 1)], extent: (0.5, 2))").contains("make extent larger"));
        assert!(of("positions: free(at: [(0, 0)], edge_wrap: true)").contains("give extent"));
        assert!(of("positions: grid(shape: (2, 0))").contains("from 1"));
        assert!(of("positions: lattice(shape: (2, 2))").contains("lattice"));
        assert!(of("positions: grid(extent: (1, 1))").contains("give the shape"));
        let recorder = refusal(r#""A": (model: "spike_recorder", positions: uniform(extent: (1, 1)))"#, "");
        assert!(recorder.contains("stands nowhere"), "{recorder}");
    }

    #[test]
    fn masks_and_kernels_need_space_and_a_rule_that_looks_at_it() {
        let with = |wire: &str| refusal(GRID, &format!(r#"(from: "A", to: "A", {wire})"#));
        let disc = "mask: circular(radius: 1)";
        assert!(with(&format!("rule: one_to_one, {disc}")).contains("one_to_one does not look at space"));
        assert!(with("kernel: gaussian(std: 1)").contains("use pairwise_bernoulli(1)"));
        assert!(with("mask: circular(radius: 2)").contains("allow_oversized_mask: true"));
        assert!(with("mask: circular(radius: -1)").contains("must be > 0"));
        assert!(with("mask: spherical(radius: 1)").contains("lies in 3 dimensions"));
        assert!(with(&format!("{disc}, use_on_source: true")).contains("belongs to pairwise_bernoulli"));
        assert!(with(&format!("{disc}, symmetric: true")).contains("leave one of them out"));
        assert!(with("rule: pairwise_bernoulli(0.5), kernel: gaussian(std: 0)").contains("std of gaussian"));
        assert!(with("rule: pairwise_bernoulli(0.5), kernel: gaussain(std: 1)").contains("gaussian"));
        assert!(with("delay: spatial(linear(times: 0))").contains("add `plus: 0.1`"));
        let plain = refusal(r#""A": (model: "parrot_neuron")"#, r#"(from: "A", to: "A", mask: circular(radius: 1))"#);
        assert!(plain.contains("A has no positions; give them"), "{plain}");
        let value = refusal(r#""A": (model: "iaf_psc_exp", n: 2, params: (I_e: spatial(linear(of: x))))"#, "");
        assert!(value.contains("give the node positions"), "{value}");
    }

    #[test]
    fn what_is_drawn_with_one_seed_stands_at_the_same_places() {
        let node = |name: &str, seed: u32| {
            format!(r#""{name}": (model: "parrot_neuron", n: 4, positions: uniform(extent: (1, 1), seed: {seed}))"#)
        };
        let told = |seed: u32| {
            let text = format!("(nodes: {{ {}, {} }})", node("A", 1), node("B", seed));
            read(&text).expect("a network").1.iter().any(|p| p.message.contains("another seed"))
        };
        assert!(told(1) && !told(2));
    }
}
