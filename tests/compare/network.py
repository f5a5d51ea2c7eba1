"""A network told once: written as a project of Spikeloom, or built on NEST."""

from dataclasses import dataclass, field
from pathlib import Path

PROJECTS = Path(__file__).resolve().parents[2] / "projects" / "benchmarks"
STEP = 0.1  # ms, on both simulators
RECORDER = "Spikes"


@dataclass
class Normal:
    """Values drawn from a normal distribution, again if they are below `min` or above `max`."""

    mean: float
    std: float
    min: float | None = None
    max: float | None = None


@dataclass
class Node:
    """A population or generator; only parameters that differ from the model's defaults."""

    model: str
    n: int = 1
    at: tuple = (0, 0)
    params: dict = field(default_factory=dict)


@dataclass
class Projection:
    source: str
    target: str
    rule: tuple | None = None  # ("fixed_indegree", 100); None is all to all
    weight: float | Normal = 1
    delay: float | Normal = 1
    synapse: str = "static_synapse"
    params: dict = field(default_factory=dict)  # of the synapse, common to all
    autapses: bool = True
    receptor: int = 0


@dataclass
class Network:
    name: str  # of the file, without `.ron`
    title: str
    about: str
    nodes: dict
    projections: list
    ms: float = 500.0  # that a comparison simulates
    after: float = 100.0  # ms, where statistics begin
    recorder_at: tuple = (0, 240)
    shipped: bool = True  # whether it stands in projects/benchmarks
    fits_nest: bool = True
    seeds: int = 10  # runs of a comparison; fewer where one takes minutes
    correlated: bool = False  # whether correlations of pairs of neurons are measured

    @property
    def populations(self):
        """The neurons; everything else generates."""
        return {name: node.n for name, node in self.nodes.items() if not node.model.endswith("_generator")}


# ---- as a project -------------------------------------------------------------------------------


def as_project(network):
    """The text of the project file, as Spikeloom itself would write it."""
    nodes = {**network.nodes, RECORDER: Node("spike_recorder", at=network.recorder_at)}
    node_lines = [f'        "{name}": {node_text(node)},\n' for name, node in nodes.items()]
    recorded = [f'(from: "{name}", to: "{RECORDER}")' for name in network.populations]
    wires = [projection_text(p) for p in network.projections] + recorded
    return (
        "(\n    spikeloom: 1,\n"
        f'    title: "{network.title}",\n    about: "{network.about}",\n'
        f"    nodes: {{\n{''.join(node_lines)}    }},\n"
        f"    projections: [\n{''.join(f'        {wire},{chr(10)}' for wire in wires)}    ],\n"
        f'    views: {{\n        0: (kind: raster, of: ["{RECORDER}"]),\n'
        f'        1: (kind: rate, of: ["{RECORDER}"]),\n    }},\n'
        "    layout: column([(0.65, view(0)), (0.35, view(1))]),\n)\n"
    )


def node_text(node):
    fields = [f'model: "{node.model}"']
    if node.n != 1:
        fields.append(f"n: {node.n}")
    fields.append(f"at: ({number(node.at[0])}, {number(node.at[1])})")
    if node.params:
        fields.append("params: " + params_text(node.params))
    return f"({', '.join(fields)})"


def projection_text(p):
    fields = [f'from: "{p.source}"', f'to: "{p.target}"']
    if p.rule:
        fields.append(f"rule: {p.rule[0]}({p.rule[1]})")
    if p.receptor:
        fields.append(f"receptor: {p.receptor}")
    if p.synapse != "static_synapse":
        fields.append(f'synapse: "{p.synapse}"')
    if p.params:
        fields.append("params: " + params_text(p.params))
    fields += [f"weight: {value(p.weight)}", f"delay: {value(p.delay)}"]
    if not p.autapses:
        fields.append("autapses: false")
    return f"({', '.join(fields)})"


def params_text(params):
    """In order of their names; on lines of 110 characters if they do not fit on one."""
    items = [f"{name}: {value(params[name])}" for name in sorted(params)]
    if sum(len(item) + 2 for item in items) + 8 <= 110:
        return f"({', '.join(items)})"
    lines = [" " * 12]
    for item in items:
        if lines[-1].strip() and len(lines[-1]) + len(item) + 2 > 110:
            lines.append(" " * 12)
        lines[-1] += ("" if lines[-1].isspace() else " ") + item + ","
    return "(\n" + "\n".join(lines) + "\n        )"


def value(x):
    if isinstance(x, list):
        return f"[{', '.join(map(number, x))}]"
    if not isinstance(x, Normal):
        return number(x)
    parts = {"mean": x.mean, "std": x.std, "min": x.min, "max": x.max}
    return f"normal({', '.join(f'{name}: {number(v)}' for name, v in parts.items() if v is not None)})"


def number(x):
    text = repr(float(x))
    return text.removesuffix(".0")


# ---- on NEST ------------------------------------------------------------------------------------


def build_on_nest(network, threads, seed):
    """Builds the network and returns its recorder and, by name, its nodes."""
    import nest

    nest.ResetKernel()
    nest.verbosity = nest.VerbosityLevel.ERROR
    nest.set(resolution=STEP, local_num_threads=threads, rng_seed=seed)
    nodes = {
        name: nest.Create(node.model, node.n, {k: drawn(nest, v) for k, v in node.params.items()})
        for name, node in network.nodes.items()
    }
    for i, p in enumerate(network.projections):
        rule = {"rule": "all_to_all"}
        if p.rule:
            count = {"fixed_indegree": "indegree", "fixed_total_number": "N", "pairwise_bernoulli": "p"}[p.rule[0]]
            rule = {"rule": p.rule[0], count: p.rule[1]}
        synapse = p.synapse
        if p.params:
            synapse = f"{p.synapse}_{i}"
            nest.CopyModel(p.synapse, synapse, p.params)
        rule["allow_autapses"] = p.autapses
        weight, delay = drawn(nest, p.weight), drawn(nest, p.delay)
        synapse = dict(synapse_model=synapse, weight=weight, delay=delay, receptor_type=p.receptor)
        nest.Connect(nodes[p.source], nodes[p.target], rule, synapse)
    recorder = nest.Create("spike_recorder")
    # A shorter delay than that of the synapses would make NEST exchange spikes more often.
    delay = min((p.delay for p in network.projections if not isinstance(p.delay, Normal)), default=1)
    for name in network.populations:
        nest.Connect(nodes[name], recorder, syn_spec=dict(delay=delay))
    return recorder, nodes


def drawn(nest, x):
    if not isinstance(x, Normal):
        return x
    normal = nest.random.normal(x.mean, x.std)
    if x.min is None and x.max is None:
        return normal
    inf = float("inf")
    low, high = (-inf if x.min is None else x.min), (inf if x.max is None else x.max)
    return nest.math.redraw(normal, low, high)
