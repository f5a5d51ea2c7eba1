#!/usr/bin/env python3
"""Every synapse between spiking neurons: what one spike at one synapse costs on Spikeloom and on live NEST, on one thread.

500 parrots with Poisson spikes of 20/s reach 500 neurons that fire at some 20 spikes/s, all to all, by weights that are too small to matter.
Prints nanoseconds that one spike at one synapse takes in all: the time of the network less that of the same without these synapses;
and how many times as long as at a static synapse of the same program."""

import subprocess
import tempfile
import time
from functools import partial
from pathlib import Path
from statistics import median

from every_model import ask, simulated
from side_by_side import tell
from tables import figures, print_table

N = 500
STEP = 0.1
MS = 1000.0
RATE = 20.0  # spikes/s
EVENTS = N * N * RATE * MS / 1000.0
WEIGHT = 0.01
# What fires at about that rate and is so large that no weight matters; what plasticity asks for otherwise.
TARGET = "iaf_psc_exp", {"C_m": 250e6, "I_e": 410e6}
TARGETS = {
    "clopath_synapse": ("aeif_psc_delta_clopath", {"I_e": 600.0}),
    "urbanczik_synapse": ("pp_cond_exp_mc_urbanczik", {}),
    "sic_connection": None,
    "stdp_facetshw_synapse_hom": None,  # NEST prints a line for each of its synapses
}
PARAMS = {"vogels_sprekeler_synapse": {"Wmax": 1.0}}
# All their synapses have one weight on NEST.
ONE_WEIGHT = {"static_synapse_hom_w", "tsodyks_synapse_hom"}
PORTS = {"urbanczik_synapse": (1, "dendritic_exc")}
PAIR_RULES = {
    "stdp_synapse",
    "stdp_synapse_hom",
    "stdp_pl_synapse_hom",
    "stdp_nn_symm_synapse",
    "stdp_nn_restr_synapse",
    "stdp_nn_pre_centered_synapse",
    "jonke_synapse",
    "vogels_sprekeler_synapse",
}


def main():
    asked = ask(__doc__, "SYNAPSE")
    if asked is None:
        return
    program, nest, told, arguments = asked
    names = [m["name"] for m in told if m["family"] == "synapses" and m["name"] in nest.synapse_models]
    names.sort(key=lambda name: name != "static_synapse")
    static, rows = None, []
    for name in names:
        if arguments.names and name not in arguments.names and name != "static_synapse":
            continue
        if TARGETS.get(name, TARGET) is None or not takes_spikes(program, name):
            continue
        tell(name)
        with_and_without = [
            [run(name, connected) for run in (partial(on_nest, nest), partial(on_spikeloom, program)) for connected in (True, False)]
            for _ in range(arguments.repeats)
        ]
        their, their_rest, our, our_rest = (median(times) for times in zip(*with_and_without))
        costs = [(both - rest) * 1e9 / EVENTS for both, rest in ((their, their_rest), (our, our_rest))]
        static = static or costs
        kind = "pair rule" if name in PAIR_RULES else ""
        cells = [f"{figures(cost, 3)}, {figures(cost / of_static, 2)} ×" for cost, of_static in zip(costs, static)]
        rows.append([f"`{name}`", kind, *cells, figures(costs[0] / costs[1])])
    tell("")
    print_table(["synapse", "", "NEST, ns an event", "Spikeloom", "times faster"], rows)


def takes_spikes(program, name):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "project.ron"
        path.write_text(project(name))
        return subprocess.run([program, "check", path], capture_output=True).returncode == 0


def of(params):
    return ", ".join(f"{key}: {value!r}" for key, value in params.items())


def project(name, connected=True):
    model, params = TARGETS.get(name, TARGET)
    nodes = [
        f'"Noise": (model: "poisson_generator", params: (rate: {RATE}))',
        f'"Sources": (model: "parrot_neuron", n: {N})',
        f'"Targets": (model: "{model}", n: {N}, params: ({of(params)}))',
    ]
    synapse = f'from: "Sources", to: "Targets", synapse: "{name}", weight: {WEIGHT}, params: ({of(PARAMS.get(name, {}))})'
    wires = ['(from: "Noise", to: "Sources")']
    if name in PORTS:
        synapse += f', receptor: "{PORTS[name][1]}"'
    if name == "stdp_dopamine_synapse":
        nodes += ['"Reward": (model: "parrot_neuron")', '"Dopamine": (model: "volume_transmitter")']
        wires += ['(from: "Noise", to: "Reward")', '(from: "Reward", to: "Dopamine")']
        synapse += ', volume_transmitter: "Dopamine"'
    if connected:
        wires.append(f"({synapse})")
    return f"(spikeloom: 1, simulation: (resolution: {STEP}), nodes: {{{', '.join(nodes)}}}, projections: [{', '.join(wires)}])"


def on_spikeloom(program, name, connected):
    return simulated(program, name, project(name, connected), MS)


def on_nest(nest, name, connected):
    nest.ResetKernel()
    nest.set(resolution=STEP, local_num_threads=1)
    model, params = TARGETS.get(name, TARGET)
    noise = nest.Create("poisson_generator", params={"rate": RATE})
    sources, targets = nest.Create("parrot_neuron", N), nest.Create(model, N, params=params)
    nest.Connect(noise, sources)
    given = dict(PARAMS.get(name, {}))
    if name == "stdp_dopamine_synapse":
        reward, dopamine = nest.Create("parrot_neuron"), nest.Create("volume_transmitter")
        nest.Connect(noise, reward)
        nest.Connect(reward, dopamine)
        given["volume_transmitter"] = dopamine
    # What is common to all synapses of a model can only be set there.
    common = name.endswith("_hom") or name.endswith("_hom_w") or name == "stdp_dopamine_synapse"
    if common:
        nest.SetDefaults(name, given)
    synapse = {"synapse_model": name, **({} if common else given)}
    if name in ONE_WEIGHT:
        nest.SetDefaults(name, {"weight": WEIGHT})
    else:
        synapse["weight"] = WEIGHT
    if name in PORTS:
        synapse["receptor_type"] = PORTS[name][0]
    if connected:
        nest.Connect(sources, targets, "all_to_all", synapse)
    nest.Simulate(10.0)
    begin = time.perf_counter()
    nest.Simulate(MS)
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
