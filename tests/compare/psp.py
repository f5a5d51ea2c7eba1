"""Size of the postsynaptic potential that a current of unit peak causes in a passive membrane."""

from math import e, exp, log


def exponential(tau_m, tau_syn, c_m):
    """Peak potential (mV) per peak current (pA) of an exponential current."""
    peak = tau_m * tau_syn / (tau_m - tau_syn) * log(tau_m / tau_syn)
    return tau_m * tau_syn / (c_m * (tau_m - tau_syn)) * (exp(-peak / tau_m) - exp(-peak / tau_syn))


def alpha(tau_m, tau_syn, c_m):
    """Peak potential (mV) per peak current (pA) of an alpha-shaped current."""
    b = 1 / tau_syn - 1 / tau_m
    ratio = tau_syn / tau_m
    peak = (-lower_lambert_w(-ratio * exp(-ratio)) - ratio) / b
    rise = (exp(-peak / tau_m) - exp(-peak / tau_syn)) / b - peak * exp(-peak / tau_syn)
    return e / (tau_syn * c_m * b) * rise


def lower_lambert_w(y):
    """The solution w ≤ -1 of w exp(w) = y, for -1/e < y < 0, by Newton's method."""
    w = log(-y) - log(-log(-y))
    for _ in range(50):
        w -= (w * exp(w) - y) / ((1 + w) * exp(w))
    return w
