#!/usr/bin/env python3
"""Potjans & Diesmann (2014) Cereb Cortex 24:785: the circuit below one square millimetre of cortex; scaled down as
by van Albada, Helias & Diesmann (2015) PLoS Comput Biol 11:e1004490."""

from math import log, sqrt

import psp
from network import STEP, Network, Node, Normal, Projection
from side_by_side import main

POPULATIONS = ["L23E", "L23I", "L4E", "L4I", "L5E", "L5I", "L6E", "L6I"]
SIZES = [20683, 5834, 21915, 5479, 4850, 1065, 14395, 2948]
EXTERNAL_INPUTS = [1600, 1500, 2100, 1900, 2000, 1900, 2900, 2100]
RATES = [0.903, 2.965, 4.414, 5.876, 7.569, 8.633, 1.105, 7.829]  # spikes/s at full size
V_M = [-68.28, -63.16, -63.33, -63.45, -63.11, -61.66, -66.72, -61.43]  # mV, initially
# Probability that a pair is connected, by target and source.
PROBABILITIES = [
    [0.1009, 0.1689, 0.0437, 0.0818, 0.0323, 0.0, 0.0076, 0.0],
    [0.1346, 0.1371, 0.0316, 0.0515, 0.0755, 0.0, 0.0042, 0.0],
    [0.0077, 0.0059, 0.0497, 0.1350, 0.0067, 0.0003, 0.0453, 0.0],
    [0.0691, 0.0029, 0.0794, 0.1597, 0.0033, 0.0, 0.1057, 0.0],
    [0.1004, 0.0622, 0.0505, 0.0057, 0.0831, 0.3726, 0.0204, 0.0],
    [0.0548, 0.0269, 0.0257, 0.0022, 0.0600, 0.3158, 0.0086, 0.0],
    [0.0156, 0.0066, 0.0211, 0.0166, 0.0572, 0.0197, 0.0396, 0.2252],
    [0.0364, 0.0010, 0.0034, 0.0005, 0.0277, 0.0080, 0.0658, 0.1443],
]
EXTERNAL_RATE = 8.0  # spikes/s of an external input
TAU_M, TAU_SYN, C_M = 10.0, 0.5, 250.0
PSP, G = 0.15, -4
NEURON = dict(E_L=-65, V_reset=-65, V_th=-50, tau_syn_ex=TAU_SYN, tau_syn_in=TAU_SYN)
DELAYS = {"E": 1.5, "I": 0.75}
WEIGHT_SPREAD, DELAY_SPREAD = 0.1, 0.5  # standard deviation over mean

UNIT = PSP / psp.exponential(TAU_M, TAU_SYN, C_M)


def synapses(target, source):
    """Number of synapses that gives a pair at least one of them with the probability above."""
    p = PROBABILITIES[target][source]
    return log(1 - p) / log(1 - 1 / (SIZES[target] * SIZES[source])) if p else 0.0


def full_size_weight(target, source):
    if POPULATIONS[source].endswith("I"):
        return G * UNIT
    doubled = POPULATIONS[target] == "L23E" and POPULATIONS[source] == "L4E"
    return 2 * UNIT if doubled else UNIT


def lost_input(target, scale):
    """The steady current that stands for the input that fewer, stronger synapses no longer bring, pA."""
    recurrent = sum(
        full_size_weight(target, source) * synapses(target, source) / SIZES[target] * RATES[source]
        for source in range(8)
    )
    external = UNIT * EXTERNAL_INPUTS[target] * EXTERNAL_RATE
    return 1e-3 * TAU_SYN * (1 - sqrt(scale)) * (recurrent + external)


def population(i, scale):
    current = dict(I_e=round(lost_input(i, scale), 5)) if scale < 1 else {}
    layer, inhibitory = divmod(i, 2)
    at = (240 * inhibitory - 120, 160 * layer - 240)
    return Node("iaf_psc_exp", round(scale * SIZES[i]), at, NEURON | current | dict(V_m=V_M[i]))


def projection(target, source, scale):
    weight = round(full_size_weight(target, source) / sqrt(scale), 6)
    delay = DELAYS[POPULATIONS[source][-1]]
    # No weight changes its sign, and no delay is shorter than a step.
    sign = dict(min=0) if weight > 0 else dict(max=0)
    return Projection(
        POPULATIONS[source],
        POPULATIONS[target],
        ("fixed_total_number", round(scale * scale * synapses(target, source))),
        Normal(weight, round(abs(weight) * WEIGHT_SPREAD, 6), **sign),
        Normal(delay, delay * DELAY_SPREAD, min=STEP),
    )


def microcircuit(name, scale, about, **others):
    """`scale`: of the numbers of neurons and of inputs a neuron."""
    nodes, projections = {}, []
    for i, target in enumerate(POPULATIONS):
        neurons = population(i, scale)
        x, y = neurons.at
        rate = EXTERNAL_RATE * round(scale * EXTERNAL_INPUTS[i])
        nodes[f"Input {target}"] = Node("poisson_generator", at=(3 * x, y), params=dict(rate=rate))
        nodes[target] = neurons
        weight = round(UNIT / sqrt(scale), 6)
        projections.append(Projection(f"Input {target}", target, weight=weight, delay=DELAYS["E"]))
    projections += [projection(t, s, scale) for t in range(8) for s in range(8) if synapses(t, s)]
    return Network(name, about=about, nodes=nodes, projections=projections, recorder_at=(0, 400), **others)


CIRCUIT = "Potjans and Diesmann (2014): four layers of cortex, each with excitatory and inhibitory neurons"
NETWORKS = [
    microcircuit(
        "microcircuit_30_percent",
        0.3,
        f"{CIRCUIT}, at 30 % of the neurons and 30 % of the inputs of each: 23,150 neurons and 27 million synapses "
        "with drawn weights and delays. Weights and a steady current make up for what is missing, after van Albada, "
        "Helias and Diesmann (2015).",
        title="Microcircuit at 30 %",
        seeds=4,
    ),
    microcircuit(
        "microcircuit",
        1.0,
        "Takes 2.2 GB of memory and several seconds to build. "
        f"{CIRCUIT}, at full size: 77,169 neurons and 299 million synapses with drawn weights and delays.",
        title="Microcircuit at full size",
        seeds=2,
        fits_nest=False,  # more connections than NEST takes on one or two threads
    ),
]

if __name__ == "__main__":
    main(__doc__, NETWORKS)
