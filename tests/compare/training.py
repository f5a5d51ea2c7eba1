"""Time of an epoch of the first tutorial network of surrogate gradients, on Spikeloom, brainpy.state and JAX on the same CPU.

100 inputs that fire at 5 spikes/s for 200 steps of 1 ms, 100 hidden LIF neurons, 2 read-outs, 256 random patterns with random
labels in one batch, cross entropy of the mean over time, Adam with 3e-3. brainpy.state has its modules (LIF,
Expon, CUBA, LeakyRateReadout) in a compiled loop with the gradients and the optimiser of its own packages; in JAX the network is a
compiled scan over its equations. Both compute in 32 bits, Spikeloom in 64. Reading, building and compiling do not count: here
the time of an epoch is the difference of a long and a short run, there it is taken once all is compiled. The programs run by
turns, and the smallest time of several rounds counts; beside other work the CPU's time tells more.

    pip install "brainpy.state==0.1.0" jax optax
    python tests/compare/training.py --program target/release/spikeloom
"""

import argparse
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from clocks import clocks, since

INPUTS, HIDDEN, OUTPUTS, PATTERNS, STEPS = 100, 100, 2, 256, 200
TAU, TAU_SYN, TAU_OUT, RATE = 20.0, 5.0, 10.0, 3e-3


def data():
    random = np.random.default_rng(1)
    spikes = random.random((PATTERNS, STEPS, INPUTS)) < 5e-3
    return spikes, random.integers(0, OUTPUTS, PATTERNS)


def as_project(spikes, labels, threads):
    """The network with its patterns as a project file."""
    def trains(pattern):
        times = [(np.flatnonzero(pattern[:, i]) + 1).tolist() for i in range(INPUTS)]
        return str([[t for t in train if t < STEPS] for train in times])

    patterns = "".join(f'(input: {{"in": {trains(p)}}}, label: {label}),' for p, label in zip(spikes, labels))
    return f"""(
    simulation: (resolution: 1, duration: {STEPS}, threads: {threads}),
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
    """Seconds by both clocks, and the losses."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "tutorial.ron"
        file.write_text(project)
        began = clocks()
        done = subprocess.run([program, "train", file, "--epochs", str(epochs)], check=True, capture_output=True, text=True)
        seconds = since(began)
    return seconds, [line.split()[3] for line in done.stdout.splitlines() if line.startswith("epoch")]


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


def in_jax_by_epochs(spikes, labels):
    """A function that runs so many epochs and returns their losses."""
    epoch, weights = in_jax(spikes, labels)
    state = [weights, [0 * w for w in weights], [0 * w for w in weights], 0]

    def run(epochs):
        values = []
        for _ in range(epochs):
            state[3] += 1
            *state[:3], value = epoch(*state[:3], state[3])
            values.append(value)
        return [float(value) for value in values]

    return run


def in_brainpy(spikes, labels):
    """The same of the network as brainpy.state has it."""
    import brainpy
    import brainstate
    import braintools
    import brainunit as u
    import jax.numpy as jnp

    brainstate.environ.set(dt=1.0 * u.ms)
    given, labels = jnp.asarray(np.moveaxis(spikes, 1, 0), jnp.float32), jnp.asarray(labels)

    class Net(brainstate.nn.Module):
        def __init__(self):
            super().__init__()
            self.hidden = brainpy.state.LIF(
                HIDDEN, tau=TAU * u.ms, V_th=1.0 * u.mV, V_reset=0.0 * u.mV, V_rest=0.0 * u.mV, R=1.0 * u.ohm
            )
            self.syn = brainpy.state.AlignPostProj(
                comm=brainstate.nn.Linear(
                    INPUTS, HIDDEN, w_init=braintools.init.Normal(0.0, 1.5, unit=u.mS), b_init=None
                ),
                syn=brainpy.state.Expon.desc(HIDDEN, tau=TAU_SYN * u.ms),
                out=brainpy.state.CUBA.desc(scale=1.0 * u.volt),
                post=self.hidden,
            )
            self.out = brainpy.state.LeakyRateReadout(
                HIDDEN, OUTPUTS, tau=TAU_OUT * u.ms, w_init=braintools.init.Normal(0.0, 0.15)
            )

        def update(self, x):
            self.syn(x)
            return self.out(self.hidden())

    with brainstate.random.seed_context(2):
        net = Net()
    weights = net.states(brainstate.ParamState)
    optimiser = braintools.optim.Adam(lr=RATE)
    optimiser.register_trainable_weights(weights)

    def loss():
        brainstate.nn.init_all_states(net, batch_size=PATTERNS)
        values = brainstate.transform.for_loop(net.update, given)
        return braintools.metric.softmax_cross_entropy_with_integer_labels(values.mean(0), labels).mean()

    @brainstate.transform.jit
    def epoch():
        gradient, value = brainstate.transform.grad(loss, weights, return_value=True)()
        optimiser.update(gradient)
        return value

    return lambda epochs: [float(value) for value in [epoch() for _ in range(epochs)]]


def timed(run, epochs):
    """Seconds an epoch by both clocks, and the losses."""
    began = clocks()
    losses = run(epochs)
    return [t / epochs for t in since(began)], losses


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default="target/release/spikeloom", help="Spikeloom, built for release")
    parser.add_argument("--epochs", type=int, default=20, help="epochs a round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, nargs="*", default=[1, 2], help="of Spikeloom; JAX takes all there are")
    arguments = parser.parse_args()
    spikes, labels = data()
    others = {"brainpy.state": in_brainpy(spikes, labels), "JAX scan": in_jax_by_epochs(spikes, labels)}
    # Two epochs: the second call finds states that the first has made, and is compiled anew.
    losses = {name: run(2) for name, run in others.items()}
    seconds = {}
    for _ in range(arguments.rounds):
        for threads in arguments.threads:
            project = as_project(spikes, labels, threads)
            short, _ = on_spikeloom(arguments.program, project, 1)
            long, found = on_spikeloom(arguments.program, project, 1 + arguments.epochs)
            name = f"Spikeloom, threads: {threads}"
            seconds.setdefault(name, []).append([(l - s) / arguments.epochs for l, s in zip(long, short)])
            losses[name] = [float(x) for x in found]
        for name, run in others.items():
            taken, found = timed(run, arguments.epochs)
            seconds.setdefault(name, []).append(taken)
            losses[name] += found
    least = {name: [min(clock) for clock in zip(*times)] for name, times in seconds.items()}
    more = " | ".join(f"{name} takes times as long" for name in others)
    print(f"| program | s an epoch | {more} | CPU s an epoch | loss at first | at the end |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, (wall, cpu) in least.items():
        ratios = " | ".join(f"{least[other][0] / wall:.1f}" for other in others)
        print(f"| {name} | {wall:.4f} | {ratios} | {cpu:.4f} | {losses[name][0]:.4f} | {losses[name][-1]:.4f} |")


if __name__ == "__main__":
    main()
