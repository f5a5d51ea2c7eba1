"""The COBA network of 4000 in the manner of BrainPy, on Spikeloom and on brainpy.state 0.1.0 on the same CPU.

3200 excitatory and 800 inhibitory LIFRef neurons (-60, -50, -60 mV; 20 ms, refractory 5 ms; V N(-55, 2) mV at first; 20 mA), Expon synapses of
5 and 10 ms with COBA outputs of 0 and -80 mV, 0.6 and 6.7 S, each pair connected with probability 0.02; steps of 0.1 ms. Vogels and
Abbott 2005, J Neurosci 25:10786, in the units of BrainPy's example. On Spikeloom it is a project that the command line runs.

Seconds are those of the simulated time alone: brainpy.state is compiled and warm, of Spikeloom the difference of a long and a
short run counts. The programs run by turns, and the smallest time of several rounds counts; beside other work the CPU's time tells more.

    pip install "brainpy.state==0.1.0" jax numba
    python tests/compare/coba_brainpy.py --program target/release/spikeloom
"""

import argparse
import subprocess
import tempfile
from pathlib import Path

from clocks import clocks, since

EXCITATORY, INHIBITORY, STEP = 3200, 800, 0.1
NEURONS = EXCITATORY + INHIBITORY


def project(seed, threads):
    cells = """params: (
            V_rest: -60, V_th: -50, V_reset: -60, tau: 20, tau_ref: 5, I_e: 20, V_m: normal(mean: -55, std: 2), spk_reset: "soft",
            receptors: [(synapse: "Expon COBA", tau: 5, E: 0), (synapse: "Expon COBA", tau: 10, E: -80)],
        )"""
    wires = "".join(
        f'(from: "{a}", to: "{b}", rule: pairwise_bernoulli(0.02), weight: {weight}, delay: {STEP}, receptor: {port}),'
        for a, weight, port in [("E", 600, 1), ("I", 6700, 2)]
        for b in "EI"
    )
    return f"""(
    simulation: (resolution: {STEP}, duration: 1000, seed: {seed}, threads: {threads}),
    nodes: {{
        "E": (model: "LIFRef", n: {EXCITATORY}, {cells}),
        "I": (model: "LIFRef", n: {INHIBITORY}, {cells}),
        "Spikes": (model: "spike_recorder"),
    }},
    projections: [{wires} (from: "E", to: "Spikes"), (from: "I", to: "Spikes")],
)"""


def on_spikeloom(program, file, ms):
    """Seconds by both clocks, and spikes/s of a run."""
    began = clocks()
    out = Path(file).with_suffix(".out")
    command = [program, "run", file, "--for", str(ms), "--out", out]
    subprocess.run(command, check=True, capture_output=True)
    seconds = since(began)
    spikes = sum(1 for _ in open(next(out.glob("Spikes*.csv")))) - 1
    return seconds, spikes / NEURONS / ms * 1000


def in_brainpy(seed, double):
    """A function that simulates so many ms anew and returns spikes/s."""
    import brainpy
    import brainstate
    import braintools
    import brainunit as u
    import jax
    import jax.numpy as jnp

    if double:
        brainstate.environ.set(precision=64)
    brainstate.environ.set(dt=STEP * u.ms)
    brainstate.random.seed(seed)

    class Net(brainstate.nn.Module):
        def __init__(self):
            super().__init__()
            self.cells = brainpy.state.LIFRef(
                NEURONS, V_rest=-60.0 * u.mV, V_th=-50.0 * u.mV, V_reset=-60.0 * u.mV, tau=20.0 * u.ms, tau_ref=5.0 * u.ms,
                R=1.0 * u.ohm, V_initializer=braintools.init.Normal(-55.0 * u.mV, 2.0 * u.mV),
            )
            self.excite = self.synapses(EXCITATORY, 0.6, 5.0, 0.0)
            self.inhibit = self.synapses(INHIBITORY, 6.7, 10.0, -80.0)

        def synapses(self, n, weight, tau, e):
            return brainpy.state.AlignPostProj(
                comm=brainstate.nn.EventFixedProb(n, NEURONS, conn_num=0.02, conn_weight=weight * u.siemens, seed=seed + n),
                syn=brainpy.state.Expon.desc(NEURONS, tau=tau * u.ms, g_initializer=braintools.init.Constant(0.0 * u.siemens)),
                out=brainpy.state.COBA.desc(E=e * u.mV),
                post=self.cells,
            )

        def update(self, i):
            with brainstate.environ.context(t=i * STEP * u.ms, i=i):
                spikes = self.cells.get_spike() != 0.0
                self.excite(spikes[:EXCITATORY])
                self.inhibit(spikes[EXCITATORY:])
                return (self.cells(20.0 * u.mA) != 0.0).sum()

    net = Net()

    @brainstate.transform.jit
    def steps(indices):
        brainstate.nn.init_all_states(net)
        return brainstate.transform.for_loop(net.update, indices).sum()

    def run(ms):
        count = float(jax.block_until_ready(steps(jnp.arange(round(ms / STEP)))))
        return count / NEURONS / ms * 1000

    return run


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default="target/release/spikeloom", help="Spikeloom, built for release")
    parser.add_argument("--ms", type=float, default=1000.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, nargs="*", default=[1, 2], help="of Spikeloom; JAX takes all there are")
    parser.add_argument("--single", action="store_true", help="brainpy.state computes in 32 bits")
    arguments = parser.parse_args()
    other = in_brainpy(1, not arguments.single)
    # The second call finds states that the first has made, and is compiled anew.
    [other(arguments.ms) for _ in range(2)]
    seconds, rates = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        for round in range(arguments.rounds):
            for threads in arguments.threads:
                file = Path(folder) / f"coba_{threads}.ron"
                file.write_text(project(round + 1, threads))
                short, _ = on_spikeloom(arguments.program, file, STEP)
                long, rate = on_spikeloom(arguments.program, file, arguments.ms)
                name = f"Spikeloom, threads: {threads}"
                seconds.setdefault(name, []).append([(l - s) / arguments.ms * 1000 for l, s in zip(long, short)])
                rates.setdefault(name, []).append(rate)
            began = clocks()
            rate = other(arguments.ms)
            seconds.setdefault("brainpy.state", []).append([t / arguments.ms * 1000 for t in since(began)])
            rates.setdefault("brainpy.state", []).append(rate)
    least = {name: [min(clock) for clock in zip(*times)] for name, times in seconds.items()}
    wall, cpu = least["brainpy.state"]
    print("| program | s for 1 s | brainpy.state takes times as long | CPU s for 1 s | times as much | spikes/s |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, (own_wall, own_cpu) in least.items():
        rate = sum(rates[name]) / len(rates[name])
        ratios = f"{own_wall:.3f} | {wall / own_wall:.1f} | {own_cpu:.3f} | {cpu / own_cpu:.1f}"
        print(f"| {name} | {ratios} | {rate:.1f} |")


if __name__ == "__main__":
    main()
