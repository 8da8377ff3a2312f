#!/usr/bin/env python3
"""Writes StatisticsGoldens.swift beside the tests: what SciPy gives for the same questions.

    python3 Tests/StudyTests/Goldens/statistics.py > Tests/StudyTests/StatisticsGoldens.swift
"""
import sys

import numpy as np
import scipy
from scipy import special, stats


def rows(name, type_, values):
    print(f"  static let {name}: [{type_}] = [")
    for value in values:
        print(f"    ({', '.join(repr(float(v)) for v in value)}),")
    print("  ]\n")


print(f"// Written by Goldens/statistics.py with SciPy {scipy.__version__}, "
      f"NumPy {np.__version__}, Python {sys.version.split()[0]}.")
print("// swift-format-ignore-file\n")
print("enum StatisticsGoldens {")
triple = "(Double, Double, Double)"


def t_tail(t, d):
    """stats.t.sf loses digits near zero (1e-11 at d = 1, t = 1e-6, where atan is exact)."""
    if t < 1:
        return 0.5 - 0.5 * special.betainc(0.5, d / 2, t * t / (d + t * t))
    return stats.t.sf(t, d)


freedom = [0.5, 1, 2, 2.5, 3, 4, 9, 19, 19.7, 49, 99, 999, 99999]
rows("tQuantiles", triple, [(d, p, stats.t.ppf(p, d)) for d in freedom
                            for p in (0.001, 0.025, 0.3, 0.5, 0.9, 0.975, 0.99, 0.9999999)])
rows("tTails", triple, [(d, t, t_tail(t, d)) for d in freedom
                        for t in (0.0, 1e-6, 0.1, 1, 2.5, 12, 300)])
rows("normalQuantiles", "(Double, Double)",
     [(p, stats.norm.ppf(p)) for p in
      (1e-300, 1e-20, 1e-9, 0.001, 0.025, 0.07, 0.08, 0.5, 0.7, 0.975, 0.99995)])
wilson = []
for k, n in [(0, 1), (1, 1), (0, 20), (1, 20), (7, 20), (20, 20), (3, 50), (123, 4567)]:
    interval = stats.binomtest(k, n).proportion_ci(0.95, "wilson")
    wilson.append((k, n, interval.low, interval.high))
rows("wilson", "(Double, Double, Double, Double)", wilson)


def jackknife(x):
    n = len(x)
    log_sd = lambda v: np.log(np.std(v, ddof=1))
    pseudo = [n * log_sd(x) - (n - 1) * log_sd(np.delete(x, i)) for i in range(n)]
    half = stats.t.ppf(0.975, n - 1) * np.std(pseudo, ddof=1) / np.sqrt(n)
    return np.exp(np.mean(pseudo) - half), np.exp(np.mean(pseudo) + half)


random = np.random.default_rng(20)
print("  static let samples: [SampleGolden] = [")
for n in (2, 5, 9, 10, 20, 50):
    x = np.round(150 + random.normal(size=n) + 3 * (random.random(n) < 0.3), 4)
    low, high = stats.t.interval(0.95, n - 1, np.mean(x), stats.sem(x))
    spread = jackknife(x) if n >= 10 else None
    print(f"    SampleGolden(values: {[float(v) for v in x]}, mean: {np.mean(x)!s}, "
          f"sd: {np.std(x, ddof=1)!s}, mean95: ({low!s}, {high!s}), "
          f"sd95: {'nil' if spread is None else f'({spread[0]!s}, {spread[1]!s})'}, "
          f"median: {np.median(x)!s}),")
print("  ]\n}")
