"""One run of a network on Spikeloom or on live NEST, and what it measures."""

import csv
import json
import os
import subprocess
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from network import RECORDER, as_project, build_on_nest

BIN = 3.0  # of the population counts, ms
FEWEST_INTERVALS = 5  # a neuron with fewer of them has no CV


@dataclass
class Run:
    threads: int
    build_s: float
    real_time_factor: float  # wall time over simulated time
    peak_mb: float
    neurons: int
    synapses: int
    statistics: dict  # (population, "rate" | "cv" | "fano" | "correlation") → number
    survives: bool  # spikes to the end
    event_ns: float = float("nan")  # wall time per synaptic event, all included
    delivery_ns: float = float("nan")  # … of delivery alone


def on_spikeloom(program, network, threads, seed, ms):
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / f"{network.name}.ron"
        project.write_text(as_project(network))
        command = [program, "run", project, "--for", str(ms), "--seed", str(seed), "--threads", str(threads)]
        done = subprocess.run([*command, "--timings", "json", "--out", folder], capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{network.name} does not run on Spikeloom: {done.stderr.strip()}")
        measured = json.loads(done.stdout)
        trains = read_spikes(Path(folder) / f"{RECORDER}.csv", network)
    events = max(1, measured["synaptic_events"])
    return Run(
        threads,
        measured["build_s"],
        measured["real_time_factor"],
        measured["peak_rss_mb"],
        measured["neurons"],
        measured["synapses"],
        statistics(network, trains, ms),
        survives(trains, ms),
        measured["sim_s"] / events * 1e9,
        measured["deliver_s"] / events * 1e9,
    )


def bytes_on_spikeloom(program, network):
    """What the network itself takes, without program and recordings."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / f"{network.name}.ron"
        project.write_text(as_project(network))
        told = subprocess.run([program, "info", project, "--json"], capture_output=True, text=True, check=True)
    return json.loads(told.stdout)["memory_bytes"]


def read_spikes(path, network):
    """Times and senders of each population."""
    trains = {name: ([], []) for name in network.populations}
    with open(path, newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for at, population, sender in rows:
            times, senders = trains[population]
            times.append(float(at))
            senders.append(int(sender))
    return trains


def on_nest(network, threads, seed, ms):
    return apart(network.name, in_process_of_nest, network, threads, seed, ms)


def apart(name, work, *given):
    """What comes of work on NEST in a process of its own, so that its memory is its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        try:
            return pool.submit(quietly, work, *given).result()
        except BrokenProcessPool:
            raise RuntimeError(f"{name}: NEST broke off") from None


def quietly(work, *given):
    # NEST greets on standard output, where the tables go.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return work(*given)


def in_process_of_nest(network, threads, seed, ms):
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
    for name, n in network.populations.items():
        first = nodes[name][0].global_id
        own = (events["senders"] >= first) & (events["senders"] < first + n)
        trains[name] = (events["times"][own], events["senders"][own] - first)
    # Wires of generators and recorders are connections in NEST, but no synapses.
    neurons = sum(network.populations.values())
    inputs = [p for p in network.projections if p.source not in network.populations]
    wires = neurons + sum(network.populations[p.target] for p in inputs)
    return Run(
        threads,
        built - started,
        (ended - built) / ms * 1e3,
        peak_memory_mb(),
        neurons,
        nest.num_connections - wires,
        statistics(network, trains, ms),
        survives(trains, ms),
    )


def peak_memory_mb():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 / 1e6 for line in status if line.startswith("VmHWM:"))


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
        if network.correlated:
            found[name, "correlation"] = mean_correlation(times, senders, np.arange(after, ms + 1e-9))
        counts, _ = np.histogram(times, np.arange(after, ms + 1e-9, BIN))
        found[name, "fano"] = float(counts.var() / counts.mean()) if counts.any() else float("nan")
    return found


def survives(trains, ms):
    """Whether any neuron fires in the last tenth of the time."""
    return any(len(times) and max(times) > 0.9 * ms for times, _ in trains.values())


def mean_cv(times, senders):
    order = np.lexsort((times, senders))
    times, senders = times[order], senders[order]
    trains = np.split(times, np.flatnonzero(np.diff(senders)) + 1)
    cvs = [isi.std() / isi.mean() for isi in map(np.diff, trains) if len(isi) >= FEWEST_INTERVALS]
    return float(np.mean(cvs)) if cvs else float("nan")


def mean_correlation(times, senders, edges):
    """Of the counts of all pairs of neurons that fire."""
    trains = [np.histogram(times[senders == sender], edges)[0] for sender in np.unique(senders)]
    scores = np.array([(counts - counts.mean()) / counts.std() for counts in trains if counts.std() > 0])
    n, bins = scores.shape
    # All pairs together are the square of the sum, less each with itself.
    return float(((scores.sum(axis=0) ** 2).sum() / bins - n) / (n * (n - 1)))
