"""What was measured, as tables in Markdown."""

from math import floor, isfinite, log10, sqrt
from pathlib import Path
from statistics import mean, median, stdev

REJECTED = 0.001  # the simulators differ where Welch's (or, of survival, Fisher's) test finds this or less
TOLD = 0.05  # a sample tells the simulators apart where it would show a difference of this part of the mean
KINDS = {"rate": "rate", "cv": "CV", "fano": "Fano factor"}
# Drawn numbers of synapses vary; other numbers of the networks are equal.
SYNAPSES_VARY = 0.1


def print_table(header, rows):
    for row in [header, ["---"] * len(header), *rows]:
        print(f"| {' | '.join(row)} |")


def figures(x, digits=2):
    """With so many digits at least: 0.029, 1.3, 64, 1580."""
    if not isfinite(x):
        return "–"
    return f"{x:.{max(0, digits - 1 - floor(log10(abs(x))))}f}" if x else "0"


def size(run):
    return f"{run.neurons:,}, {run.synapses / 1e6:.3g} M"


def peak(runs):
    return figures(max((r.peak_mb for r in runs), default=float("nan")), 3)


def by_threads(runs, threads, measure):
    """Medians, one for each number of threads: `0.38 / 0.24`."""
    return " / ".join(figures(median_of(runs, n, measure)) for n in threads)


def median_of(runs, threads, measure):
    return median([measure(r) for r in runs if r.threads == threads] or [float("nan")])


def real_time_factor(run):
    return run.real_time_factor


def print_times(results, threads):
    each = "threads " + " / ".join(map(str, threads))
    header = [
        "network",
        "neurons, synapses",
        f"RTF of NEST, {each}",
        "of Spikeloom",
        "times faster",
        "NEST builds in, s",
        "Spikeloom",
        "NEST's peak, MB",
        "Spikeloom's",
    ]
    rows = []
    for network, ours, theirs in results:
        medians = [[median_of(runs, n, real_time_factor) for runs in (theirs, ours)] for n in threads]
        rows.append(
            [
                network.title,
                size(ours[0]),
                by_threads(theirs, threads, real_time_factor),
                by_threads(ours, threads, real_time_factor),
                " / ".join(figures(nest / spikeloom) for nest, spikeloom in medians),
                by_threads(theirs, threads, lambda r: r.build_s),
                by_threads(ours, threads, lambda r: r.build_s),
                peak(theirs),
                peak(ours),
            ]
        )
    print_table(header, rows)


def print_statistics(results):
    """Mean ± standard error over all runs, and the difference in standard errors. Returns whether nothing differs."""
    rows, sound = [], True
    for network, ours, theirs in results:
        if not theirs:
            continue
        if not sizes_agree(ours, theirs):
            print(f"{network.title}: {size(ours[0])} on Spikeloom, {size(theirs[0])} on NEST\n")
            sound = False
        alive = [[r for r in runs if r.survives] for runs in (ours, theirs)]
        for population in network.populations:
            cells, found = [], {}
            for kind, name in KINDS.items():
                samples = [[r.statistics[population, kind] for r in runs] for runs in alive]
                cells.append(compared(*samples))
                found[name] = agree(*samples)
            sound &= False not in found.values()
            rows.append([network.title, population, *cells, verdict(found)])
        if len(alive[0]) < len(ours) or len(alive[1]) < len(theirs):
            lives = survival(ours, theirs)
            sound &= lives is not False
            shares = [f"{len(some)} of {len(runs)}" for some, runs in zip(alive, (ours, theirs))]
            rows.append([network.title, "runs that survive", ", ".join(shares), "", "", verdict({"survival": lives})])
    print("Spikeloom, NEST (difference in standard errors):\n")
    print_table(["network", "population", "rate, spikes/s", "CV of intervals", "Fano factor", "agree"], rows)
    return sound


def verdict(found):
    """`yes`, or `yes; too few runs to tell of Fano factor`, or `no: rate`"""
    named = {v: ", ".join(name for name, told in found.items() if told is v) for v in (True, False, None)}
    parts = [f"no: {named[False]}" if named[False] else "yes" if named[True] else ""]
    parts.append(f"too few runs to tell of {named[None]}" if named[None] else "")
    return "; ".join(filter(None, parts))


def compared(ours, theirs):
    """`28.8 ± 0.05, 28.7 ± 0.04 (1.6)`"""
    cells = ", ".join(f"{figures(mean(s), 3)} ± {figures(standard_error(s))}" if s else "–" for s in (ours, theirs))
    error = standard_error_of_difference(ours, theirs)
    return f"{cells} ({(mean(ours) - mean(theirs)) / error:+.1f})" if error else cells


def standard_error(sample):
    told = len(sample) > 1 and all(map(isfinite, sample))
    return stdev(sample) / sqrt(len(sample)) if told else float("nan")


def standard_error_of_difference(ours, theirs):
    """0 where there is none to speak of."""
    error = sqrt(standard_error(ours) ** 2 + standard_error(theirs) ** 2)
    return error if isfinite(error) else 0.0


def sizes_agree(ours, theirs):
    ours, theirs = ours[0], theirs[0]
    return ours.neurons == theirs.neurons and abs(ours.synapses / theirs.synapses - 1) <= SYNAPSES_VARY


def agree(ours, theirs):
    """Whether two samples may have one mean; `None` where they would not show a difference of `TOLD`."""
    from scipy.stats import t, ttest_ind

    if min(len(ours), len(theirs)) < 2 or not all(map(isfinite, ours + theirs)):
        return None
    if stdev(ours) == stdev(theirs) == 0:
        return abs(mean(ours) - mean(theirs)) <= 1e-9 * abs(mean(theirs))
    test = ttest_ind(ours, theirs, equal_var=False)
    if test.pvalue <= REJECTED:
        return False
    seen = t.ppf(1 - REJECTED / 2, test.df) * standard_error_of_difference(ours, theirs)
    return True if seen <= TOLD * abs(mean(theirs)) else None


def survival(ours, theirs):
    """Whether activity goes on to the end of a run equally often."""
    from scipy.stats import fisher_exact

    counts = [[sum(r.survives for r in runs), sum(not r.survives for r in runs)] for runs in (ours, theirs)]
    return False if fisher_exact(counts).pvalue <= REJECTED else True


def print_scaling(results, threads):
    each = "threads " + " / ".join(map(str, threads))
    header = ["network", "neurons, synapses", "takes, MB", f"RTF, {each}", "ns a synaptic event", "of which delivery"]
    measures = [real_time_factor, lambda r: r.event_ns, lambda r: r.delivery_ns, lambda r: r.build_s]
    rows = []
    for network, runs, size_in_bytes in results:
        takes = f"{figures(size_in_bytes / 1e6)}{cache(size_in_bytes)}"
        medians = [by_threads(runs, threads, measure) for measure in measures]
        rows.append([network.title, size(runs[0]), takes, *medians, peak(runs)])
    print_table([*header, "built in, s", "peak MB"], rows)


def cache(size_in_bytes):
    """The smallest cache of a core that holds so much, as far as the system tells."""
    for index in sorted(Path("/sys/devices/system/cpu/cpu0/cache").glob("index*")):
        capacity = int((index / "size").read_text().strip().removesuffix("K")) * 1024
        if (index / "type").read_text().strip() != "Instruction" and size_in_bytes <= capacity:
            return f" (fits L{(index / 'level').read_text().strip()})"
    return ""
