#!/usr/bin/env python3
"""Brunel (2000) J Comput Neurosci 8:183: excitation and inhibition in balance, with three kinds of synapse."""

from math import e

import psp
from network import Network, Node, Projection
from side_by_side import main

G, ETA, EPSILON = 5, 2, 0.1  # inhibition, drive, probability of a connection
PSP, DELAY = 0.1, 1.5  # mV, ms
TAU_M, THETA, C_M, TAU_SYN = 20.0, 20.0, 250.0, 0.5

KINDS = {"delta": "jumps of the potential", "exp": "exponential currents", "alpha": "alpha currents"}


def brunel(kind, order, shipped=True, g=G, eta=ETA):
    """4·order excitatory and order inhibitory neurons."""
    inputs_e, inputs_i = int(EPSILON * 4 * order), int(EPSILON * order)
    neuron = dict(E_L=0, V_m=0, V_reset=0, V_th=THETA, tau_m=TAU_M)
    # The input per external synapse that holds the potential at threshold, in spikes/ms.
    if kind == "delta":
        weight = PSP
        threshold_rate = THETA / (weight * inputs_e * TAU_M)
    else:
        neuron |= dict(tau_syn_ex=TAU_SYN, tau_syn_in=TAU_SYN)
        shape, area = (psp.alpha, e * TAU_SYN) if kind == "alpha" else (psp.exponential, TAU_SYN)
        weight = round(PSP / shape(TAU_M, TAU_SYN, C_M), 7)
        threshold_rate = THETA * C_M / (weight * inputs_e * area * TAU_M)
    rate = round(1000 * eta * threshold_rate * inputs_e, 6)
    inhibition = round(-g * weight, 6)
    model = f"iaf_psc_{kind}"
    return Network(
        name=f"brunel_{kind}_{order}",
        title=f"Brunel network, order {order}" + ("" if kind == "alpha" else f", {kind}"),
        about=f"Brunel (2000) with {KINDS[kind]}" + (
            " at its published size" if order == 2500 else ""
        ) + f": {5 * order:,} neurons, {5 * order * (inputs_e + inputs_i) / 1e6:.1f} million synapses, "
        f"PSP {PSP} mV, g = {g}, eta = {eta}. " + (
            "The benchmark of the README." if kind == "alpha" else "One of the benchmarks of the README."
        ),
        nodes={
            "Input": Node("poisson_generator", at=(-340, 170), params=dict(rate=rate)),
            "E": Node(model, 4 * order, (-150, -40), neuron),
            "I": Node(model, order, (200, -40), neuron),
        },
        projections=[
            Projection("Input", "E", weight=weight, delay=DELAY),
            Projection("Input", "I", weight=weight, delay=DELAY),
            Projection("E", "E", ("fixed_indegree", inputs_e), weight, DELAY),
            Projection("E", "I", ("fixed_indegree", inputs_e), weight, DELAY),
            Projection("I", "E", ("fixed_indegree", inputs_i), inhibition, DELAY),
            Projection("I", "I", ("fixed_indegree", inputs_i), inhibition, DELAY),
        ],
        recorder_at=(60, 200),
        shipped=shipped,
    )


NETWORKS = [brunel(kind, 2500) for kind in ("alpha", "delta", "exp")]
SCALING = [brunel("alpha", order, shipped=order == 2500) for order in (250, 500, 1000, 2500, 5000)]

if __name__ == "__main__":
    main(__doc__, NETWORKS, SCALING)
