"""Runs networks on Spikeloom and on live NEST and prints what both measured, in Markdown."""

import argparse
import csv
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from statistics import mean, median, stdev

import numpy as np

from network import PROJECTS, RECORDER, as_project, build_on_nest

ROOT = Path(__file__).resolve().parents[2]
BIN = 3.0  # of the population counts, ms
FEWEST_INTERVALS = 5  # a neuron with fewer of them has no CV
REJECTED = 0.001  # Welch's test rejects that both simulators agree below this


@dataclass
class Run:
    """What one simulator measured in one run."""

    threads: int
    build_s: float
    real_time_factor: float
    peak_mb: float
    neurons: int
    synapses: int
    statistics: dict  # (population, "rate" | "cv" | "fano") → number
    spikes: int = 0
    events: int = 0
    deliver_s: float = 0.0


# ---- one run on either --------------------------------------------------------------------------


def run_spikeloom(program, network, threads, seed, ms):
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / f"{network.name}.ron"
        project.write_text(as_project(network))
        command = [program, "run", project, "--for", str(ms), "--seed", str(seed), "--threads", str(threads)]
        done = subprocess.run([*command, "--timings", "json", "--out", folder], capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{network.name} does not run on Spikeloom: {done.stderr.strip()}")
        measured = json.loads(done.stdout)
        with open(Path(folder) / f"{RECORDER}.csv", newline="") as file:
            rows = csv.reader(file)
            next(rows)
            trains = {name: ([], []) for name in network.populations}
            for at, population, sender in rows:
                trains[population][0].append(float(at))
                trains[population][1].append(int(sender))
    return Run(
        threads,
        measured["build_s"],
        measured["real_time_factor"],
        measured["peak_rss_mb"],
        measured["neurons"],
        measured["synapses"],
        statistics(network, trains, ms),
        measured["spikes"],
        measured["synaptic_events"],
        measured["deliver_s"],
    )


def run_nest(network, threads, seed, ms):
    """On NEST, in a process of its own so that its memory is its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        try:
            return pool.submit(in_nest_process, network, threads, seed, ms).result()
        except BrokenProcessPool:
            raise RuntimeError(f"{network.name}: NEST ended before its run did") from None


def in_nest_process(network, threads, seed, ms):
    # NEST greets on standard output, where the tables go.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    import nest

    started = time.perf_counter()
    recorder, nodes = build_on_nest(network, threads, seed)
    nest.Prepare()  # sorts the connections, so it is a part of building
    built = time.perf_counter()
    nest.Run(ms)
    ended = time.perf_counter()
    nest.Cleanup()
    events = recorder.events
    trains = {}
    for name in network.populations:
        first, n = nodes[name][0].global_id, len(nodes[name])
        own = (events["senders"] >= first) & (events["senders"] < first + n)
        trains[name] = (events["times"][own], events["senders"][own] - first)
    neurons = sum(network.populations.values())
    # Wires of generators and recorders are connections in NEST, but no synapses.
    outside = sum(network.populations[p.target] for p in network.projections if p.source not in network.populations)
    return Run(
        threads,
        built - started,
        (ended - built) / ms * 1e3,
        peak_memory_mb(),
        neurons,
        nest.num_connections - neurons - outside,
        statistics(network, trains, ms),
    )


def peak_memory_mb():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 / 1e6 for line in status if line.startswith("VmHWM:"))


# ---- statistics ---------------------------------------------------------------------------------


def statistics(network, trains, ms):
    """Rate, mean CV of the intervals, and Fano factor of the population count, of each population."""
    after = min(network.after, ms / 2)
    found = {}
    for name, n in network.populations.items():
        times, senders = (np.asarray(column) for column in trains[name])
        late = times > after
        times, senders = times[late], senders[late]
        found[name, "rate"] = len(times) / n / (ms - after) * 1e3
        found[name, "cv"] = mean_cv(times, senders)
        counts, _ = np.histogram(times, np.arange(after, ms + 1e-9, BIN))
        found[name, "fano"] = float(counts.var() / counts.mean()) if counts.any() else float("nan")
    return found


def mean_cv(times, senders):
    order = np.lexsort((times, senders))
    times, senders = times[order], senders[order]
    ends = np.flatnonzero(np.diff(senders)) + 1
    intervals = [np.diff(train) for train in np.split(times, ends)]
    cvs = [isi.std() / isi.mean() for isi in intervals if len(isi) >= FEWEST_INTERVALS]
    return float(np.mean(cvs)) if cvs else float("nan")


def agree(ours, theirs):
    """Whether Welch's test lets two samples have one mean; `None` if there are too few numbers."""
    from scipy.stats import ttest_ind

    if min(len(ours), len(theirs)) < 2 or not np.isfinite(ours + theirs).all():
        return None
    if stdev(ours) == stdev(theirs) == 0:
        return abs(mean(ours) - mean(theirs)) <= 1e-9 * abs(mean(theirs))
    return bool(ttest_ind(ours, theirs, equal_var=False).pvalue >= REJECTED)


# ---- tables -------------------------------------------------------------------------------------


def figures(x, digits=2):
    """With so many digits at least: 0.029, 1.3, 64, 1580."""
    if not np.isfinite(x):
        return "–"
    return f"{x:.{max(0, digits - 1 - int(np.floor(np.log10(abs(x)))))}f}" if x else "0"


def by_threads(runs, of, threads):
    return " / ".join(figures(median(of(r) for r in chosen)) if (chosen := [r for r in runs if r.threads == t]) else "–" for t in threads)


def print_times(results, threads):
    heading = " / ".join(map(str, threads))
    print(f"| network | neurons, synapses | NEST: RTF, {heading} threads | Spikeloom: RTF | times faster | built in, s: NEST | Spikeloom | peak MB: NEST | Spikeloom |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for network, ours, theirs in results:
        size = f"{ours[0].neurons:,}, {ours[0].synapses / 1e6:.3g} M"
        rtf, build = (lambda r: r.real_time_factor), (lambda r: r.build_s)
        faster = " / ".join(figures(ratio(ours, theirs, t)) for t in threads)
        memory = [figures(max((r.peak_mb for r in runs), default=float("nan"))) for runs in (theirs, ours)]
        print(
            f"| {network.title} | {size} | {by_threads(theirs, rtf, threads)} | {by_threads(ours, rtf, threads)} | {faster} "
            f"| {by_threads(theirs, build, threads)} | {by_threads(ours, build, threads)} | {memory[0]} | {memory[1]} |"
        )


def ratio(ours, theirs, threads):
    """How many times faster Spikeloom was, by medians."""
    times = [[r.real_time_factor for r in runs if r.threads == threads] for runs in (ours, theirs)]
    return median(times[1]) / median(times[0]) if all(times) else float("nan")


def print_statistics(results):
    """Returns whether everything agrees."""
    print("| network | population | rate, spikes/s: Spikeloom, NEST | CV of intervals | Fano factor of counts | agree |")
    print("| --- | --- | --- | --- | --- | --- |")
    sound = True
    for network, ours, theirs in results:
        if not theirs:
            continue
        sizes_agree = network_sizes_agree(ours, theirs)
        for name in network.populations:
            cells, verdicts = [], [sizes_agree]
            for kind in ("rate", "cv", "fano"):
                samples = [[r.statistics[name, kind] for r in runs] for runs in (ours, theirs)]
                cells.append(", ".join(figures(mean(sample), 3) for sample in samples))
                verdicts.append(agree(*samples))
                if verdicts[-1] is False:
                    cells[-1] += " (differ)"
            sound &= False not in verdicts
            verdict = "no" if False in verdicts else "too few runs" if verdicts[1] is None else "yes"
            print(f"| {network.title} | {name} | {' | '.join(cells)} | {verdict} |")
    return sound


def network_sizes_agree(ours, theirs):
    """Numbers of synapses drawn by pair vary; others are equal."""
    return abs(mean(r.synapses for r in ours) - mean(r.synapses for r in theirs)) <= 0.1 * ours[0].synapses


def print_scaling(results, threads):
    heading = " / ".join(map(str, threads))
    print(f"| network | neurons, synapses | RTF, {heading} threads | ns of all per synaptic event | ns of delivery | built in, s | peak MB |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for network, runs, ms in results:
        def of(f):
            return by_threads(runs, f, threads)

        print(
            f"| {network.title} | {runs[0].neurons:,}, {runs[0].synapses / 1e6:.3g} M | {of(lambda r: r.real_time_factor)} "
            f"| {of(lambda r: r.real_time_factor * ms * 1e6 / r.events)} | {of(lambda r: r.deliver_s * 1e9 / r.events)} "
            f"| {of(lambda r: r.build_s)} | {figures(max(r.peak_mb for r in runs))} |"
        )


# ---- the command --------------------------------------------------------------------------------


def main(about, networks, scaling=()):
    arguments = parse(about, networks)
    if arguments.write_projects:
        return write_projects(networks)
    with_nest = importlib.util.find_spec("nest") is not None
    if not with_nest and not arguments.alone:
        print("skipped: NEST is not installed (pip install -r tests/compare/requirements.txt); --alone runs Spikeloom by itself")
        return
    program = find_program(arguments.spikeloom)
    chosen = [n for n in networks if not arguments.networks or n.name in arguments.networks]
    results = [compared for network in chosen if (compared := compare(program, network, arguments))]
    sound = len(results) == len(chosen)
    print_times(results, arguments.threads)
    if not arguments.alone:
        print()
        sound &= print_statistics(results)
    if scaling and not arguments.networks:
        print()
        print_scaling([scaled(program, network, arguments) for network in scaling], arguments.threads)
    sys.exit(not sound)


def parse(about, networks):
    parser = argparse.ArgumentParser(description=about)
    names = [n.name for n in networks]
    parser.add_argument("networks", nargs="*", metavar="NETWORK", help=f"some of: {', '.join(names)}; all if none is named")
    parser.add_argument("--spikeloom", default=os.environ.get("SPIKELOOM"), help="the program; also the variable SPIKELOOM")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--repeats", type=int, default=3, help="runs for each number of threads, each with a seed of its own")
    parser.add_argument("--ms", type=float, help="time to simulate instead of each network's")
    parser.add_argument("--alone", action="store_true", help="Spikeloom without NEST")
    parser.add_argument("--write-projects", action="store_true", help="write the networks to projects/benchmarks, run nothing")
    arguments = parser.parse_args()
    unknown = set(arguments.networks) - set(names)
    if unknown:
        parser.error(f"there is no network {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    return arguments


def write_projects(networks):
    for network in networks:
        (PROJECTS / f"{network.name}.ron").write_text(as_project(network))


def find_program(given):
    built = ROOT / "target" / "release" / "spikeloom"
    program = given or (str(built) if built.exists() else shutil.which("spikeloom"))
    if not program:
        sys.exit("there is no spikeloom: build it (cargo build --release) or name it with --spikeloom")
    return program


def compare(program, network, arguments):
    """Both simulators by turns, so that whatever else the machine does meets both; `None` if one of them fails."""
    try:
        return compare_runs(program, network, arguments)
    except RuntimeError as error:
        tell("")
        print(error, file=sys.stderr)
        return None


def compare_runs(program, network, arguments):
    ms = arguments.ms or network.ms
    ours, theirs = [], []
    seed = 0
    for repeat in range(arguments.repeats):
        for threads in arguments.threads:
            seed += 1
            tell(f"{network.name}: {threads} threads, run {repeat + 1} of {arguments.repeats}")
            ours.append(run_spikeloom(program, network, threads, seed, ms))
            if network.fits_nest and not arguments.alone:
                theirs.append(run_nest(network, threads, seed, ms))
    tell("")
    return network, ours, theirs


def scaled(program, network, arguments):
    ms = arguments.ms or network.ms
    pairs = [(threads, seed) for seed in range(1, arguments.repeats + 1) for threads in arguments.threads]
    return network, [run_spikeloom(program, network, threads, seed, ms) for threads, seed in pairs], ms


def tell(message):
    """Progress, where somebody sees it."""
    if sys.stderr.isatty():
        print(f"\r\033[K{message}", end="", file=sys.stderr, flush=True)
