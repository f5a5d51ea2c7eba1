#!/usr/bin/env python3
"""Every neuron model of NEST: 1000 unconnected neurons on Spikeloom and on live NEST, on one thread.

Prints nanoseconds for one step of one neuron: quiet (as created), at about 20 spikes/s where a steady current or spikes bring
a neuron there (else at the lowest rate that they do), and the same with a parameter that differs from neuron to neuron."""

import argparse
import csv
import importlib.util
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from side_by_side import find_program, tell
from tables import figures, print_table

N = 1000
STEP = 0.1
MS = 500.0
WARM = 50.0  # NEST's first slices allocate
RATE = 20.0  # spikes/s
VARIED = ["tau_m", "C_m", "g_L", "C_m_s", "tau", "E_L", "soma", "a"]
SPREAD = 0.01  # of the parameter that differs
STRENGTHS = 96  # currents that are tried, from 1 pA to 10 nA


def main():
    asked = ask(__doc__, "MODEL")
    if asked is None:
        return
    program, nest, told, arguments = asked
    models = [m for m in told if m["family"] == "neurons" and m["name"] in nest.node_models]
    rows = []
    for model in models:
        if not arguments.names or model["name"] in arguments.names:
            tell(model["name"])
            rows.append(measured(program, nest, model, arguments.repeats))
    tell("")
    header = ["model", "quiet: NEST, ns", "Spikeloom", "times", "firing: NEST", "Spikeloom", "times"]
    print_table([*header, "each its own: NEST", "Spikeloom", "times"], rows)


def ask(doc, what):
    """The program, live NEST, the catalogue, and what the command line asks for; says so where NEST is missing."""
    parser = argparse.ArgumentParser(description=doc)
    parser.add_argument("names", nargs="*", metavar=what, help="all of them if none is named")
    parser.add_argument("--spikeloom", help="the program")
    parser.add_argument("--repeats", type=int, default=3)
    arguments = parser.parse_args()
    if importlib.util.find_spec("nest") is None:
        print("skipped: nest not installed (pip install -r tests/compare/requirements.txt)")
        return None
    program = find_program(arguments.spikeloom)
    nest = quiet_nest()
    told = json.loads(subprocess.run([program, "models", "--json"], capture_output=True, text=True, check=True).stdout)
    return program, nest, told, arguments


def simulated(program, name, text, ms):
    """The seconds that a project takes for so many ms on one thread."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "project.ron"
        path.write_text(text)
        command = [program, "run", path, "--for", str(ms), "--threads", "1", "--timings", "json", "--out", folder]
        done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{name} does not run on Spikeloom: {done.stderr.strip()}")
    return json.loads(done.stdout)["sim_s"]


def quiet_nest():
    """NEST greets on standard output, where the table goes."""
    import os

    out = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    import nest

    nest.verbosity = nest.VerbosityLevel.ERROR
    sys.stdout.flush()
    os.dup2(out, 1)
    return nest


def measured(program, nest, model, repeats):
    name = model["name"]
    known = {p["name"]: p["default"] for p in model["parameters"]}
    varied = next((p for p in VARIED if isinstance(known.get(p), (int, float)) and known[p]), None)
    own = {varied: [known[varied] * (1 + SPREAD * (i / N - 0.5)) for i in range(N)]} if varied else None
    stimulus = find_stimulus(program, name)
    cells = [f"`{name}`"]
    for params, drive, there in [({}, None, True), ({}, stimulus, stimulus), (own, stimulus, own)]:
        if not there:
            cells += ["–"] * 3
            continue
        pairs = [
            (on_nest(nest, name, params, drive), on_spikeloom(program, name, params, drive)) for _ in range(repeats)
        ]
        theirs, ours = (median(times) for times in zip(*pairs))
        cells += [figures(theirs, 3), figures(ours, 2), figures(theirs / ours)]
    return cells


def find_stimulus(program, name):
    """The current, or for what only repeats the Poisson rate, that makes a neuron fire at about `RATE`."""
    strengths = [10 ** (4 * i / (STRENGTHS - 1)) for i in range(STRENGTHS)]
    for _ in range(2):
        text = project(name, {}, ("dc_generator", "amplitude", strengths), STRENGTHS, recorded=True)
        if (spikes := spikes_of(program, text)) is None:
            break
        counts = [spikes.count(i) for i in range(STRENGTHS)]
        above = next((i for i, count in enumerate(counts) if count > RATE), None)
        if not above:
            return None
        best = min(range(STRENGTHS), key=lambda i: abs(counts[i] - RATE))
        if abs(counts[best] - RATE) < RATE / 4:
            return "dc_generator", "amplitude", strengths[best]
        low, high = strengths[above - 1], strengths[above]
        strengths = [low + (high - low) * (i + 1) / STRENGTHS for i in range(STRENGTHS)]
    else:
        # Some neurons have no rate as low as that.
        firing = [i for i, count in enumerate(counts) if count]
        return ("dc_generator", "amplitude", strengths[min(firing, key=counts.__getitem__)]) if firing else None
    text = project(name, {}, ("poisson_generator", "rate", RATE), 1, recorded=True)
    return ("poisson_generator", "rate", RATE) if spikes_of(program, text) else None


def spikes_of(program, text):
    """The senders of all spikes of a second; `None` if the network is refused."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "project.ron"
        path.write_text(text)
        done = subprocess.run([program, "run", path, "--for", "1000", "--out", folder], capture_output=True)
        stored = Path(folder) / "Spikes.csv"
        if done.returncode or not stored.exists():
            return None
        with open(stored, newline="") as file:
            return [int(row[2]) for row in list(csv.reader(file))[1:]]


def project(name, params, drive, n, recorded=False):
    value = lambda x: f"[{', '.join(map(repr, x))}]" if isinstance(x, list) else repr(float(x))
    given = ", ".join(f"{key}: {value(x)}" for key, x in params.items())
    nodes = [f'"Cells": (model: "{name}", n: {n}, params: ({given}))']
    wires = []
    if drive:
        model, key, strength = drive
        many = isinstance(strength, list)
        nodes.append(f'"Input": (model: "{model}", n: {n if many else 1}, params: ({key}: {value(strength)}))')
        wires.append(f'(from: "Input", to: "Cells", rule: {"one_to_one" if many else "all_to_all"})')
    if recorded:
        nodes.append('"Spikes": (model: "spike_recorder")')
        wires.append('(from: "Cells", to: "Spikes")')
    return f"(spikeloom: 1, simulation: (resolution: {STEP}), nodes: {{{', '.join(nodes)}}}, projections: [{', '.join(wires)}])"


def on_spikeloom(program, name, params, drive):
    return simulated(program, name, project(name, params, drive, N), MS) * 1e9 / (N * MS / STEP)


def on_nest(nest, name, params, drive):
    nest.ResetKernel()
    nest.set(resolution=STEP, local_num_threads=1)
    cells = nest.Create(name, N, params=params)
    if drive:
        model, key, strength = drive
        nest.Connect(nest.Create(model, params={key: strength}), cells)
    nest.Simulate(WARM)
    begin = time.perf_counter()
    nest.Simulate(MS)
    return (time.perf_counter() - begin) * 1e9 / (N * MS / STEP)


if __name__ == "__main__":
    main()
