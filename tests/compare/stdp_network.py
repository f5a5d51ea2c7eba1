#!/usr/bin/env python3
"""Morrison, Aertsen & Diesmann (2007) Neural Comput 19:1437, the "HPC benchmark" of NEST with a fifth of its inputs:
plastic synapses among excitatory neurons."""

from math import e, sqrt

import psp
from network import Network, Node, Normal, Projection
from side_by_side import main

EXCITATORY, INHIBITORY = 9000, 2250
INPUTS_E, INPUTS_I = 1800, 450
PUBLISHED_INPUTS = 9000
G, ETA, DELAY = 5, 1.685, 1.5
TAU_M, THETA, C_M, TAU_SYN = 10.0, 20.0, 250.0, 0.32582722403722841
ALPHA, TAU_PLUS, TAU_MINUS = 0.0513, 15.0, 30.0
MU = 0.4  # the model's default; so is the published lambda, 0.1

# Fewer inputs, each stronger, leave the fluctuations of the input as they were. The depression is scaled so that the
# weight without drift, (TAU_PLUS / (ALPHA TAU_MINUS))^(1 / (1 - MU)), grows likewise.
STRONGER = sqrt(PUBLISHED_INPUTS / INPUTS_E)
WEIGHT = round(0.14 * STRONGER / psp.alpha(TAU_M, TAU_SYN, C_M), 4)
PLASTICITY = dict(alpha=round(ALPHA * STRONGER ** -(1 - MU), 6), tau_plus=TAU_PLUS)
# Spikes/s that hold the potential at threshold on average, times ETA.
INPUT = round(1000 * ETA * THETA * C_M / (WEIGHT * e * TAU_SYN * TAU_M), 3)
NEURON = dict(
    E_L=0,
    V_m=Normal(5.7, 7.2),
    V_reset=0,
    V_th=THETA,
    t_ref=0.5,
    tau_minus=TAU_MINUS,
    tau_syn_ex=TAU_SYN,
    tau_syn_in=TAU_SYN,
)


def projection(source, target):
    inputs, weight = (INPUTS_E, WEIGHT) if source == "E" else (INPUTS_I, round(-G * WEIGHT, 3))
    plastic = dict(synapse="stdp_pl_synapse_hom", params=PLASTICITY) if source == target == "E" else {}
    return Projection(source, target, ("fixed_indegree", inputs), weight, DELAY, autapses=False, **plastic)


NETWORKS = [
    Network(
        name="stdp_11250",
        title="STDP network of 11,250",
        about="The network of Morrison, Aertsen and Diesmann (2007) as NEST's benchmark uses it, with a fifth of the "
        "inputs: 9000 excitatory and 2250 inhibitory neurons with 2250 inputs each, 25 million synapses. The 16 "
        "million among excitatory neurons change with the times of spikes, by a power law of their weight.",
        nodes={
            "Input": Node("poisson_generator", at=(-340, 170), params=dict(rate=INPUT)),
            "E": Node("iaf_psc_alpha", EXCITATORY, (-150, -40), NEURON),
            "I": Node("iaf_psc_alpha", INHIBITORY, (200, -40), NEURON),
        },
        projections=[
            Projection("Input", "E", weight=WEIGHT, delay=DELAY),
            Projection("Input", "I", weight=WEIGHT, delay=DELAY),
            *(projection(source, target) for source in "EI" for target in "EI"),
        ],
        seeds=4,
        ms=200.0,
        after=50.0,
        recorder_at=(60, 200),
    )
]

if __name__ == "__main__":
    main(__doc__, NETWORKS)
