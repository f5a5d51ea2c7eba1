"""The command of all scripts here: runs networks on Spikeloom and on live NEST and prints what both measured."""

import argparse
import importlib.metadata
import importlib.util
import os
import shutil
import sys
from itertools import cycle
from pathlib import Path

from network import PROJECTS, as_project
from tables import print_scaling, print_statistics, print_times

ROOT = Path(__file__).resolve().parents[2]


def main(about, networks, scaling=()):
    """`scaling`: networks of growing size, for Spikeloom alone."""
    arguments = parse(about, networks)
    if arguments.write_projects:
        return write_projects(networks)
    if missing(arguments):
        return
    program = find_program(arguments.spikeloom)
    chosen = [n for n in networks if not arguments.networks or n.name in arguments.networks]
    results = compare_all(program, chosen, arguments)
    sound = len(results) == len(chosen)
    print(f"{circumstances(arguments)}\n")
    print_times(results, arguments.threads)
    if not arguments.alone:
        print()
        sound &= print_statistics(results)
    if scaling and not arguments.networks:
        print()
        print_scaling([measure(program, network, arguments) for network in scaling], arguments.threads)
    sys.exit(0 if sound else 1)


def parse(about, networks):
    names = [n.name for n in networks]
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("networks", nargs="*", metavar="NETWORK", help=f"all if none is named: {', '.join(names)}")
    parser.add_argument("--spikeloom", default=os.environ.get("SPIKELOOM"), help="the program; or in SPIKELOOM")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--seeds", type=int, help="runs, each with a seed of its own; default: what each network can afford")
    parser.add_argument("--ms", type=float, help="time to simulate, instead of each network's own")
    parser.add_argument("--alone", action="store_true", help="Spikeloom without NEST")
    parser.add_argument("--write-projects", action="store_true", help="only write the networks to projects/benchmarks")
    arguments = parser.parse_args()
    unknown = set(arguments.networks) - set(names)
    if unknown:
        parser.error(f"there is no network {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    return arguments


def missing(arguments):
    """Whether something that is needed is not installed; it is told."""
    absent = [name for name in needed(arguments) if importlib.util.find_spec(name) is None]
    if absent:
        print(f"skipped: {', '.join(absent)} not installed (pip install -r tests/compare/requirements.txt)")
    return bool(absent)


def needed(arguments):
    return ["numpy"] if arguments.alone else ["nest", "numpy", "scipy"]


def write_projects(networks):
    for network in networks:
        (PROJECTS / f"{network.name}.ron").write_text(as_project(network))


def find_program(given):
    built = ROOT / "target" / "release" / "spikeloom"
    program = given or (str(built) if built.exists() else shutil.which("spikeloom"))
    if not program:
        sys.exit("there is no spikeloom: build it (cargo build --release) or name it with --spikeloom")
    return program


def compare_all(program, networks, arguments):
    """What could be compared before somebody stops it with Ctrl+C."""
    results = []
    try:
        for network in networks:
            if compared := compare(program, network, arguments):
                results.append(compared)
    except KeyboardInterrupt:
        print("\nstopped: the tables hold what was done", file=sys.stderr)
    return results


def compare(program, network, arguments):
    """Network and runs of both, or `None` if one of them failed."""
    from runs import on_nest, on_spikeloom

    ours, theirs = [], []
    ms = arguments.ms or network.ms
    try:
        # By turns, so that whatever else the machine does meets both.
        for threads, seed in plan(network, arguments):
            ours.append(on_spikeloom(program, network, threads, seed, ms))
            if network.fits_nest and not arguments.alone:
                theirs.append(on_nest(network, threads, seed, ms))
    except RuntimeError as error:
        tell("")
        print(error, file=sys.stderr)
        return None
    return network, ours, theirs


def measure(program, network, arguments):
    from runs import bytes_on_spikeloom, on_spikeloom

    ms = arguments.ms or network.ms
    runs = [on_spikeloom(program, network, threads, seed, ms) for threads, seed in plan(network, arguments)]
    return network, runs, bytes_on_spikeloom(program, network)


def plan(network, arguments):
    """Threads and seed of each run, told as they begin; the numbers of threads by turns."""
    runs = max(arguments.seeds or network.seeds, len(arguments.threads))
    for seed, threads in zip(range(1, runs + 1), cycle(arguments.threads)):
        tell(f"{network.name}: run {seed} of {runs}, {threads} threads")
        yield threads, seed
    tell("")


def tell(message):
    """Progress, where somebody sees it."""
    if sys.stderr.isatty():
        print(f"\r\033[K{message}", end="", file=sys.stderr, flush=True)


def circumstances(arguments):
    """With what, on what and how often."""
    with open("/proc/cpuinfo") as lines:
        processor = next((line.split(": ")[1].strip() for line in lines if line.startswith("model name")), "cores")
    nest = "" if arguments.alone else f"NEST {importlib.metadata.version('nest-simulator')}. "
    runs = "Medians over all runs of a number of threads; RTF = wall time over simulated time."
    return f"{nest}{os.cpu_count()} × {processor}. {runs}"
