#!/usr/bin/env python3
"""A network of the size that a lesson uses: 100 neurons and a generator."""

from network import Network, Node, Projection
from side_by_side import main

NETWORKS = [
    Network(
        name="lesson_100",
        title="A lesson's network of 100",
        about="80 excitatory and 20 inhibitory neurons, each connected to a tenth of the others and driven by noise of "
        "its own. Networks of this size run far faster than real time: this one measures how far.",
        nodes={
            "Input": Node("poisson_generator", at=(-340, 170), params=dict(rate=3300)),
            "E": Node("iaf_psc_alpha", 80, (-150, -40)),
            "I": Node("iaf_psc_alpha", 20, (200, -40)),
        },
        projections=[
            Projection("Input", "E", weight=20, delay=1.5),
            Projection("Input", "I", weight=20, delay=1.5),
            Projection("E", "E", ("pairwise_bernoulli", 0.1), 20, 1.5),
            Projection("E", "I", ("pairwise_bernoulli", 0.1), 20, 1.5),
            Projection("I", "E", ("pairwise_bernoulli", 0.1), -100, 1.5),
            Projection("I", "I", ("pairwise_bernoulli", 0.1), -100, 1.5),
        ],
        ms=10000.0,
        recorder_at=(60, 200),
    )
]

if __name__ == "__main__":
    main(__doc__, NETWORKS)
