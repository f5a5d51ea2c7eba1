#!/usr/bin/env python3
"""The networks by which BrainPy's NEST-style models were published, against live NEST in one run: Brunel networks of order
200 and 2500 (rates over many seeds), one whose inhibition and drive an evolution strategy finds, and their mean field."""

import re
import subprocess
import sys
import tempfile
from math import sqrt
from pathlib import Path
from statistics import mean

import psp
from brunel import C_M, DELAY, ETA, G, PSP, TAU_M, THETA, brunel
from network import Network, Node, Projection, as_project, number
from side_by_side import find_program, missing, parse, tell
from tables import figures, print_table, standard_error

WITHIN = 0.01  # of NEST's rate
ERRORS = 2.0  # or so many standard errors of the difference
PORTS = [0.5, 0.75, 1.0, 1.25]  # time constants of the receptors, ms
ORDER = 200
SIEGERT_MS = 50


def multisynapse(order):
    """The synapses of each kind are shared out evenly among receptors of different time constants."""
    neuron = dict(tau_m=TAU_M, t_ref=2.0, E_L=0.0, V_m=0.0, V_reset=0.0, V_th=THETA, C_m=C_M)
    weight = round(PSP / psp.exponential(TAU_M, PORTS[0], C_M), 7)
    rate = round(1000 * ETA * THETA * C_M / (weight * PORTS[0] * TAU_M), 6)
    inputs = {"E": 4 * order // 10 // len(PORTS), "I": order // 10 // len(PORTS)}
    weights = {"E": weight, "I": round(-G * weight, 6)}
    return Network(
        name=f"brunel_exp_multisynapse_{order}",
        title=f"Brunel network, order {order}, receptors of four time constants",
        about="",
        nodes={
            "Input": Node("poisson_generator", params=dict(rate=rate)),
            "E": Node("iaf_psc_exp_multisynapse", 4 * order, params={**neuron, "tau_syn": PORTS}),
            "I": Node("iaf_psc_exp_multisynapse", order, params={**neuron, "tau_syn": PORTS}),
        },
        projections=[Projection("Input", target, weight=weight, delay=DELAY, receptor=1) for target in "EI"]
        + [
            Projection(source, target, ("fixed_indegree", inputs[source]), weights[source], DELAY, receptor=port)
            for source in "EI"
            for target in "EI"
            for port in range(1, len(PORTS) + 1)
        ],
        shipped=False,
    )


# Those of order 200 live a second, so that their rates have small errors.
NETWORKS = [brunel("alpha", ORDER), brunel("alpha", 2500), brunel("delta", ORDER), multisynapse(ORDER)]
for network in NETWORKS:
    network.ms, network.seeds = (500.0, 4) if "2500" in network.name else (1000.0, 20)


def main():
    arguments = parse(__doc__, NETWORKS)
    if missing(arguments):
        return
    from runs import apart, on_nest, on_spikeloom

    program = find_program(arguments.spikeloom)
    rows, sound = [], True
    for network in NETWORKS:
        if arguments.networks and network.name not in arguments.networks:
            continue
        ours, theirs = [], []
        for seed in range(1, (arguments.seeds or network.seeds) + 1):
            tell(f"{network.name}: seed {seed}")
            ms = arguments.ms or network.ms
            ours.append(on_spikeloom(program, network, 1, seed, ms).statistics["E", "rate"])
            theirs.append(on_nest(network, 1, seed, ms).statistics["E", "rate"])
        error = sqrt(standard_error(ours) ** 2 + standard_error(theirs) ** 2)
        rows.append(row(network.title, ours, theirs, error))
        sound &= rows[-1][-1] == "yes"
    if not arguments.networks:
        rows.append(evolved(program, arguments.seeds or 20))
        sound &= rows[-1][-1] == "yes"
        tell("mean field")
        ours, theirs = siegert_on_spikeloom(program), apart("the mean field", siegert_on_nest)
        rows.append(row("Mean field of order 2500 (Siegert)", [ours], [theirs], 0.0))
        sound &= rows[-1][-1] == "yes"
    tell("")
    print_table(["network", "Spikeloom, spikes/s", "NEST", "difference, %", "in standard errors", "agree"], rows)
    sys.exit(0 if sound else 1)


def row(title, ours, theirs, error):
    difference = mean(ours) - mean(theirs)
    part = abs(difference) / mean(theirs)
    # The smaller of a per cent and two standard errors would fail by chance; the larger is what is asked for.
    agree = part <= WITHIN or abs(difference) <= ERRORS * error
    told = [f"{figures(mean(s), 4)} ± {figures(standard_error(s))}" if error else figures(mean(s), 6) for s in (ours, theirs)]
    errors = figures(abs(difference) / error) if error else "–"
    return [title, *told, figures(100 * part), errors, "yes" if agree else "no"]


# What is sought in a network of order 200 and where that begins, and the statistics of its excitatory neurons by which it is
# found, with what counts as a distance of 1.
BEGIN = {"g": 6.5, "eta": 1.4}
SCALES = {"rate": 5.0, "cv": 0.05, "correlation": 0.01}
GENERATIONS = 60
EVOLUTION = """\
    simulation: (duration: 1000, seed: 1),
    knobs: {{
        "g": (range: (3, 8), turns: [weights(from: "I", times: {per_g})]),
        "eta": (range: (1, 3), turns: [parameter(of: "Input", name: "rate", times: {per_eta})]),
    }},
    training: (
        method: separable_nes,
        train: [knob("g"), knob("eta")],
        epochs: {generations},
        goals: [{goals}],
    ),
)
"""


def evolved(program, seeds):
    """Goals are what NEST measures with the published g and eta. An evolution strategy finds on Spikeloom with which of
    them it has those statistics, beginning elsewhere; with what it has found both simulators are run."""
    def runs(run, *where, **sought):
        network = brunel("alpha", ORDER, **sought)
        network.ms, network.correlated = 1000.0, True
        return [run(*where, network, 1, seed, network.ms).statistics for seed in range(1, seeds + 1)]

    from runs import on_nest, on_spikeloom

    tell("evolution: goals")
    wanted = runs(on_nest)
    goals = {name: mean(statistics["E", name] for statistics in wanted) for name in SCALES}
    tell(f"evolution: {GENERATIONS} generations")
    found = evolve(program, goals)
    tell(f"evolution: g {figures(found['g'], 4)}, eta {figures(found['eta'], 4)}")
    rates = lambda all: [statistics["E", "rate"] for statistics in all]
    ours, theirs = rates(runs(on_spikeloom, program, **found)), rates(runs(on_nest, **found))
    error = sqrt(standard_error(ours) ** 2 + standard_error(theirs) ** 2)
    title = f"Brunel network, order {ORDER}, g {found['g']:.2f} and eta {found['eta']:.2f} by evolution"
    return row(title, ours, theirs, error)


def evolve(program, goals):
    """g and eta with which the network has these statistics."""
    network = brunel("alpha", ORDER, **BEGIN)
    [weight] = {p.weight for p in network.projections if p.source == "E"}
    per_eta = network.nodes["Input"].params["rate"] / BEGIN["eta"]
    told = [f'{name}(of: "Seen", target: {number(goals[name])}, scale: {scale})' for name, scale in SCALES.items()]
    section = EVOLUTION.format(
        per_g=number(-weight), per_eta=number(per_eta), generations=GENERATIONS, goals=", ".join(told)
    )
    text = as_project(network).rstrip().removesuffix(")") + section
    seen = f'"Seen": (model: "spike_recorder", params: (start: {network.after})),'
    text = text.replace("    nodes: {\n", f"    nodes: {{\n        {seen}\n")
    text = text.replace("    projections: [\n", '    projections: [\n        (from: "E", to: "Seen"),\n')
    found = result_of(program, "train", text, "found.ron")
    inhibition = float(re.search(r'from: "I".*?weight: (-[\d.]+)', found)[1])
    rate = float(re.search(r"rate: ([\d.]+)", found)[1])
    return {"g": -inhibition / weight, "eta": rate / per_eta}


def result_of(program, command, text, out, file="", options=()):
    """The text of what a command of Spikeloom writes: to `out`, or to a file in that folder."""
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder) / "network.ron", Path(folder) / out
        path.write_text(text)
        done = subprocess.run([program, command, path, *options, "--out", out], capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"spikeloom {command} fails: {done.stderr.strip()}")
        return (out / file).read_text()


SIEGERT = dict(tau_m=TAU_M, t_ref=2.0, theta=THETA, V_reset=0.0, tau=1.0)
INPUTS = {"E": 1000, "I": 250}  # of order 2500
WEIGHTS = {"E": PSP, "I": -G * PSP}
EXTERNAL = 1000 * ETA * THETA / (PSP * TAU_M)  # spikes/s of all external inputs together
FACTORS = {
    source: dict(
        drift_factor=TAU_M / 1000 * INPUTS[source] * WEIGHTS[source],
        diffusion_factor=TAU_M / 1000 * INPUTS[source] * WEIGHTS[source] ** 2,
    )
    for source in "EI"
}
DRIVE = dict(drift_factor=TAU_M / 1000 * PSP, diffusion_factor=TAU_M / 1000 * PSP**2)


def siegert_wires():
    return [("Input", target, DRIVE) for target in "EI"] + [(s, t, FACTORS[s]) for s in "EI" for t in "EI"]


def siegert_on_spikeloom(program):
    params = lambda given: ", ".join(f"{name}: {value!r}" for name, value in given.items())
    node = lambda given: f'(model: "siegert_neuron", params: ({params(given)}))'
    wires = [
        f'(from: "{source}", to: "{target}", synapse: "diffusion_connection", params: ({params(given)}))'
        for source, target, given in siegert_wires()
    ]
    text = (
        f'(spikeloom: 1, nodes: {{"E": {node(SIEGERT)}, "I": {node(SIEGERT)}, "Input": {node({"mean": EXTERNAL})}, '
        f'"Rate": (model: "multimeter", params: (record_from: ["rate"]))}}, '
        f'projections: [{", ".join(wires)}, (from: "Rate", to: "E")])'
    )
    rows = result_of(program, "run", text, "results", "Rate.csv", ["--for", str(SIEGERT_MS)])
    return float(rows.split()[-1].split(",")[-1])


def siegert_on_nest():
    import nest

    nest.ResetKernel()
    nest.verbosity = nest.VerbosityLevel.ERROR
    nodes = {name: nest.Create("siegert_neuron", params=SIEGERT) for name in "EI"}
    nodes["Input"] = nest.Create("siegert_neuron", params=dict(mean=EXTERNAL))
    for source, target, given in siegert_wires():
        nest.Connect(nodes[source], nodes[target], "all_to_all", dict(synapse_model="diffusion_connection", **given))
    nest.Simulate(SIEGERT_MS)
    return nodes["E"].rate


if __name__ == "__main__":
    main()
