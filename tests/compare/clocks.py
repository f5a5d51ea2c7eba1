"""Wall time and what the processor has computed."""

import resource
import time


def clocks():
    """Wall time, and what this process and those that it has started have computed."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return time.perf_counter(), sum(u.ru_utime + u.ru_stime for u in used)


def since(began):
    return [now - then for now, then in zip(clocks(), began)]
