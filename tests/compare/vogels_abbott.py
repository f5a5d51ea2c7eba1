#!/usr/bin/env python3
"""Vogels & Abbott (2005) J Neurosci 25:10786, as in Brette et al. (2007) J Comput Neurosci 23:349: 4000 neurons
with synapses of 0.1 ms delay."""

from network import STEP, Network, Node, Normal, Projection
from side_by_side import main

EXCITATORY, INHIBITORY = 3200, 800
INPUTS_E, INPUTS_I = 64, 16  # 2 % of each population
# Only what differs from the models' defaults; those of hh_cond_exp_traub are the published values.
IAF = dict(C_m=200, V_th=-50, t_ref=5, tau_syn_ex=5, tau_syn_in=10)
# From equal potentials all would fire together, again and again.
COBA = IAF | dict(E_L=-60, E_in=-80, V_m=Normal(-57, 5), g_L=10)
CUBA = IAF | dict(E_L=-49, V_m=-49, V_reset=-60, tau_m=20)


def vogels_abbott(name, title, about, model, params, weights, stimulus, **others):
    """`stimulus`: a Poisson train for each excitatory neuron, through an excitatory synapse."""
    excitation, inhibition = weights
    return Network(
        name=name,
        title=title,
        about=about,
        nodes={
            "Input": Node("poisson_generator", at=(-400, -40), params=stimulus),
            "E": Node(model, EXCITATORY, (-150, -40), params),
            "I": Node(model, INHIBITORY, (200, -40), params),
        },
        projections=[
            Projection("Input", "E", weight=excitation, delay=STEP),
            Projection("E", "E", ("fixed_indegree", INPUTS_E), excitation, STEP),
            Projection("E", "I", ("fixed_indegree", INPUTS_E), excitation, STEP),
            Projection("I", "E", ("fixed_indegree", INPUTS_I), inhibition, STEP),
            Projection("I", "I", ("fixed_indegree", INPUTS_I), inhibition, STEP),
        ],
        recorder_at=(25, 190),
        **others,
    )


NETWORKS = [
    vogels_abbott(
        "coba_4000",
        "COBA network of 4000",
        "Vogels and Abbott (2005) with conductance synapses, benchmark 1 of Brette et al. (2007): 3200 excitatory and "
        "800 inhibitory integrate-and-fire neurons, 80 inputs each, delay 0.1 ms. Weak Poisson input throughout keeps "
        "the activity from dying out.",
        "iaf_cond_exp",
        COBA,
        (6, -67),
        dict(rate=100, start=1),
    ),
    vogels_abbott(
        "cuba_4000",
        "CUBA network of 4000",
        "Vogels and Abbott (2005) with current synapses, benchmark 2 of Brette et al. (2007): 3200 excitatory and 800 "
        "inhibitory integrate-and-fire neurons, 80 inputs each, delay 0.1 ms. They rest above threshold, so that a "
        "short kick is all they need.",
        "iaf_psc_exp",
        CUBA,
        (16.2, -139.5),
        dict(rate=300, start=1, stop=51),
        ms=1000.0,
    ),
    vogels_abbott(
        "hh_coba_4000",
        "Hodgkin-Huxley COBA network of 4000",
        "Benchmark 3 of Brette et al. (2007): the network of Vogels and Abbott (2005) with conductance synapses and "
        "Hodgkin-Huxley neurons after Traub, 3200 excitatory and 800 inhibitory, 80 inputs each, delay 0.1 ms, weak "
        "Poisson input throughout.",
        "hh_cond_exp_traub",
        dict(V_m=Normal(-65, 5)),
        (6, -67),
        dict(rate=30, start=1),
        ms=300.0,
    ),
]

if __name__ == "__main__":
    main(__doc__, NETWORKS)
