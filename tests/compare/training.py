"""Time of an epoch of the first tutorial network of surrogate gradients, on Spikeloom and in JAX on the same CPU.

100 inputs that fire at 5 spikes/s for 200 steps of 1 ms, 100 hidden LIF neurons, 2 read-outs, 256 random patterns with random
labels in one batch, cross entropy of the mean over time, Adam with 3e-3. In JAX the network is a compiled scan over its equations, in
32 bits: what brainpy.state computes, without what its modules cost. The time of an epoch is the difference of a long and a
short run, so that reading, building and compiling do not count.

    pip install jax
    python tests/compare/training.py --program target/release/spikeloom
"""

import argparse
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np

INPUTS, HIDDEN, OUTPUTS, PATTERNS, STEPS = 100, 100, 2, 256, 200
TAU, TAU_SYN, TAU_OUT, RATE = 20.0, 5.0, 10.0, 3e-3


def data():
    random = np.random.default_rng(1)
    spikes = random.random((PATTERNS, STEPS, INPUTS)) < 5e-3
    return spikes, random.integers(0, OUTPUTS, PATTERNS)


def as_project(spikes, labels):
    """The network with its patterns as a project file."""
    def trains(pattern):
        times = [(np.flatnonzero(pattern[:, i]) + 1).tolist() for i in range(INPUTS)]
        return str([[t for t in train if t < STEPS] for train in times])

    patterns = "".join(f'(input: {{"in": {trains(p)}}}, label: {label}),' for p, label in zip(spikes, labels))
    return f"""(
    simulation: (resolution: 1, duration: {STEPS}),
    nodes: {{
        "in": (model: "spike_generator", n: {INPUTS}, params: (spike_times: {[[5]] * INPUTS})),
        "hidden": (model: "LIF", n: {HIDDEN}, params: (tau: {TAU}, receptors: [(synapse: "Expon CUBA", tau: {TAU_SYN})])),
        "out": (model: "LeakyRateReadout", n: {OUTPUTS}, params: (tau: {TAU_OUT})),
    }},
    projections: [
        (from: "in", to: "hidden", weight: normal(mean: 0, std: 1.5), receptor: 1),
        (from: "hidden", to: "out", weight: normal(mean: 0, std: 0.15)),
    ],
    training: (
        method: adam(learning_rate: {RATE}),
        train: [weights(from: "in"), weights(from: "hidden")],
        loss: cross_entropy(of: "out", read: mean),
        patterns: [{patterns}],
    ),
)"""


def on_spikeloom(program, project, epochs):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "tutorial.ron"
        file.write_text(project)
        began = time.perf_counter()
        done = subprocess.run([program, "train", file, "--epochs", str(epochs)], check=True, capture_output=True, text=True)
        wall = time.perf_counter() - began
    return wall, [line.split()[3] for line in done.stdout.splitlines() if line.startswith("epoch")]


def in_jax(spikes, labels):
    """A compiled epoch, and the weights that it begins with."""
    import jax
    import jax.numpy as jnp

    @jax.custom_vjp
    def step(x):
        return (x >= 0).astype(x.dtype)

    def back(x, wanted):
        return (wanted * jnp.maximum(0.3 * (1 - jnp.abs(x)), 0),)

    step.defvjp(lambda x: (step(x), x), back)
    kept, left, kept_out = np.exp(-1 / TAU_SYN), np.exp(-1 / TAU), np.exp(-1 / TAU_OUT)
    given, labels = jnp.asarray(np.moveaxis(spikes, 1, 0), jnp.float32), jnp.asarray(labels)

    def loss(weights):
        def one(state, x):
            v, g, s, r = state
            v = v - step(v - 1)
            g = g * kept + x @ weights[0]
            v = v * left + (1 - left) * g
            r = r * kept_out + s @ weights[1]
            return (v, g, step(v - 1), r), r

        zeros = [jnp.zeros((PATTERNS, n), jnp.float32) for n in (HIDDEN, HIDDEN, HIDDEN, OUTPUTS)]
        _, values = jax.lax.scan(one, tuple(zeros), given)
        scores = jax.nn.log_softmax(values.mean(0))
        return -jnp.take_along_axis(scores, labels[:, None], 1).mean()

    @jax.jit
    def epoch(weights, first, second, t):
        value, gradient = jax.value_and_grad(loss)(weights)
        first = [0.9 * m + 0.1 * g for m, g in zip(first, gradient)]
        second = [0.999 * v + 0.001 * g * g for v, g in zip(second, gradient)]
        moved = [RATE * m / (1 - 0.9**t) / (jnp.sqrt(v / (1 - 0.999**t)) + 1e-8) for m, v in zip(first, second)]
        return [w - d for w, d in zip(weights, moved)], first, second, value

    random = np.random.default_rng(2)
    weights = [
        jnp.asarray(random.normal(0, 1.5, (INPUTS, HIDDEN)), jnp.float32),
        jnp.asarray(random.normal(0, 0.15, (HIDDEN, OUTPUTS)), jnp.float32),
    ]
    return epoch, weights


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default="target/release/spikeloom", help="Spikeloom, built for release")
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--only", choices=["spikeloom", "jax"])
    arguments = parser.parse_args()
    spikes, labels = data()
    found = {}
    if arguments.only != "jax":
        project = as_project(spikes, labels)
        short, _ = on_spikeloom(arguments.program, project, 1)
        long, losses = on_spikeloom(arguments.program, project, 1 + arguments.epochs)
        found["Spikeloom"] = ((long - short) / arguments.epochs, losses[0], losses[-1])
    if arguments.only != "spikeloom":
        epoch, weights = in_jax(spikes, labels)
        first = [0 * w for w in weights]
        second = [0 * w for w in weights]
        weights, first, second, begin = epoch(weights, first, second, 1)
        begin.block_until_ready()
        began = time.perf_counter()
        for t in range(arguments.epochs):
            weights, first, second, end = epoch(weights, first, second, 2 + t)
        end.block_until_ready()
        found["JAX"] = ((time.perf_counter() - began) / arguments.epochs, float(begin), float(end))
    print("| program | s an epoch | loss at first | at the end |\n| --- | --- | --- | --- |")
    for name, (seconds, begin, end) in found.items():
        print(f"| {name} | {seconds:.4f} | {begin} | {end} |")


if __name__ == "__main__":
    main()
