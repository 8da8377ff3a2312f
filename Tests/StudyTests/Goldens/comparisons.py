#!/usr/bin/env python3
"""Writes ComparisonGoldens.swift beside the tests: what SciPy and statsmodels give.

    python3 Tests/StudyTests/Goldens/comparisons.py > Tests/StudyTests/ComparisonGoldens.swift
"""
import itertools
import sys

import numpy as np
import scipy
import statsmodels
from scipy import stats
from statsmodels.formula.api import ols
from statsmodels.stats.anova import anova_lm
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.nonparametric import rank_compare_2indep
from statsmodels.stats.power import TTestIndPower, TTestPower
from statsmodels.stats.proportion import confint_proportions_2indep


def number(value):
    value = float(value)
    return "nil" if np.isnan(value) else repr(value)


def numbers(values):
    return "[" + ", ".join(number(v) for v in values) + "]"


def rows(name, type_, values):
    print(f"  static let {name}: [{type_}] = [")
    for value in values:
        print(f"    ({', '.join(v if isinstance(v, str) else number(v) for v in value)}),")
    print("  ]\n")


def pseudo(x):
    n = len(x)
    log_sd = lambda v: np.log(np.std(v, ddof=1))
    return np.array([n * log_sd(x) - (n - 1) * log_sd(np.delete(x, i)) for i in range(n)])


def log_ratio(x, y, axis=-1):
    return np.abs(np.log(np.var(x, ddof=1, axis=axis) / np.var(y, ddof=1, axis=axis)))


def spread_permutation(x, y, random):
    """Exact for few values, else 400,000 random permutations."""
    pooled = np.concatenate([x - x.mean(), y - y.mean()])
    observed = log_ratio(pooled[:len(x)], pooled[len(x):]) - 1e-9
    if len(pooled) <= 14:
        found = []
        for chosen in itertools.combinations(range(len(pooled)), len(x)):
            mask = np.zeros(len(pooled), bool)
            mask[list(chosen)] = True
            found.append(log_ratio(pooled[mask], pooled[~mask]) >= observed)
        return np.mean(found)
    extreme = 0
    for _ in range(40):
        draws = random.permuted(np.tile(pooled, (10_000, 1)), axis=1)
        extreme += np.sum(log_ratio(draws[:, :len(x)], draws[:, len(x):]) >= observed)
    return extreme / 400_000


print(f"// Written by Goldens/comparisons.py with SciPy {scipy.__version__}, "
      f"statsmodels {statsmodels.__version__}, NumPy {np.__version__}, "
      f"Python {sys.version.split()[0]}.")
print("// swift-format-ignore-file\n")
print("enum ComparisonGoldens {")

random = np.random.default_rng(4)
print("  static let samples: [TwoSampleGolden] = [")
for n, m, decimals in [(3, 4, 3), (5, 6, 3), (7, 7, 1), (12, 10, 3), (20, 20, 3), (20, 50, 1),
                       (50, 50, 3)]:
    x = np.round(100 + random.normal(size=n) + 3 * (random.random(n) < 0.2), decimals)
    y = np.round(100.4 + 1.5 * random.normal(size=m), decimals)
    welch = stats.ttest_ind(x, y, equal_var=False)
    interval = welch.confidence_interval(0.95)
    order = stats.brunnermunzel(x, y)
    # statsmodels' prob1 is P(first > second) + ties / 2.
    ranks = rank_compare_2indep(y, x)
    low, high = ranks.conf_int()
    if low < 0 or high > 1:
        # On the logit scale, brought back.
        half = (high - low) / 2 / (ranks.prob1 * (1 - ranks.prob1))
        logit = np.log(ranks.prob1 / (1 - ranks.prob1))
        low, high = (1 / (1 + np.exp(-(logit + side * half))) for side in (-1, 1))
    ratio = "nil"
    if min(n, m) >= 10:
        logs = stats.ttest_ind(pseudo(x), pseudo(y), equal_var=False).confidence_interval(0.95)
        ratio = f"({np.exp(logs.low)!s}, {np.exp(logs.high)!s})"
    print(f"    TwoSampleGolden(first: {numbers(x)}, second: {numbers(y)}, "
          f"welch: ({interval.low!s}, {interval.high!s}, {welch.pvalue!s}), "
          f"order: ({ranks.prob1!s}, {low!s}, {high!s}, {order.pvalue!s}), "
          f"ratio: {np.std(x, ddof=1) / np.std(y, ddof=1)!s}, ratio95: {ratio}, "
          f"spreadP: {spread_permutation(x, y, random)!s}, "
          f"brownForsythe: {stats.levene(x, y, center='median').pvalue!s}),")
print("  ]\n")

print("  static let pairs: [PairedGolden] = [")
for n in (3, 8, 12, 30):
    common = random.normal(size=n)
    x = np.round(100 + common + 0.5 * random.normal(size=n), 3)
    y = np.round(99.5 + common + 0.5 * random.normal(size=n), 3)
    t = stats.ttest_rel(x, y)
    interval = t.confidence_interval(0.95)
    flips = stats.permutation_test((x - y,), np.mean, permutation_type="samples",
                                   n_resamples=np.inf if n <= 12 else 400_000,
                                   rng=np.random.default_rng(n))
    print(f"    PairedGolden(first: {numbers(x)}, second: {numbers(y)}, "
          f"t: ({interval.low!s}, {interval.high!s}, {t.pvalue!s}), "
          f"signFlip: {flips.pvalue!s}, correlation: {stats.pearsonr(x, y).statistic!s}),")
print("  ]\n")

shares = []
for a, n, b, m in [(0, 5, 5, 5), (1, 20, 7, 20), (0, 20, 0, 20), (3, 10, 3, 12), (18, 50, 9, 50),
                   (20, 20, 19, 20), (2, 7, 15, 16), (0, 50, 5, 50), (1, 1, 0, 1)]:
    exact = stats.boschloo_exact([[a, b], [n - a, m - b]], n=256).pvalue
    low, high = confint_proportions_2indep(a, n, b, m, method="newcomb", compare="diff")
    shares.append((str(a), str(n), str(b), str(m), exact, low, high))
rows("shares", "(Int, Int, Int, Int, Double, Double, Double)", shares)

print("  static let counts: [([Int], [Int], Double)] = [")
for n, m in [(4, 5), (6, 6), (7, 6)]:
    x, y = random.poisson(1.5, n), random.poisson(0.7, m)
    test = stats.permutation_test((x, y), lambda a, b, axis: np.mean(a, axis) - np.mean(b, axis),
                                  vectorized=True, n_resamples=np.inf)
    total = (x.sum() + y.sum()) * n
    splits = [abs(sum(c) * (n + m) - total) >= abs(x.sum() * (n + m) - total)
              for c in itertools.combinations(np.concatenate([x, y]), n)]
    # SciPy doubles the smaller tail; ours is the two-sided tail of the difference itself.
    print(f"    ({[int(v) for v in x]}, {[int(v) for v in y]}, {np.mean(splits)!s}),"
          f"  // SciPy, doubled tail: {test.pvalue:.4f}")
print("  ]\n")

p = np.array([0.001, 0.3, 0.012, 0.04, 0.04, 0.7, 0.02, 0.99])
print(f"  static let pValues = {numbers(p)}")
print(f"  static let holm = {numbers(multipletests(p, method='holm')[1])}")
print(f"  static let benjaminiHochberg = {numbers(multipletests(p, method='fdr_bh')[1])}\n")

rows("power", "(Double, Double, Double)", [
    (d, nc, stats.nct.sf(stats.t.ppf(0.975, d), d, nc) + stats.nct.cdf(-stats.t.ppf(0.975, d), d, nc))
    for d in (1, 2, 4.5, 9, 38, 200, 3000) for nc in (0.0, 0.5, 2, 4)])
rows("seedsUnpaired", "(Double, Double, Int)", [
    (e, power, str(int(np.ceil(TTestIndPower().solve_power(e, power=power, alpha=0.05)))))
    for e in (0.2, 0.5, 1, 2) for power in (0.8, 0.9)])
rows("seedsPaired", "(Double, Double, Int)", [
    (e, power, str(int(np.ceil(TTestPower().solve_power(e, power=power, alpha=0.05)))))
    for e in (0.2, 0.5, 1, 2) for power in (0.8, 0.9)])

collapsed = random.integers(0, 3, 25)
losses = np.round(100 + 4 * collapsed + random.normal(size=25), 3)
table = anova_lm(ols("y ~ C(g)", {"y": losses, "g": collapsed}).fit())["sum_sq"]
print(f"  static let collapsed = {[int(v) for v in collapsed]}")
print(f"  static let losses = {numbers(losses)}")
print(f"  static let betweenAndWithin = ({table.iloc[0] / 24!s}, {table.iloc[1] / 24!s})\n")


def share(groups):
    """Intraclass correlation from the mean squares of a balanced one-way table."""
    k = groups.shape[1]
    between = k * np.var(groups.mean(axis=1), ddof=1)
    within = np.mean(np.var(groups, axis=1, ddof=1))
    return (between - within) / (between + (k - 1) * within)


levels = np.round(100 + random.normal(size=(30, 1)) + random.normal(size=(30, 5)), 3)
table = anova_lm(ols("y ~ C(g)", {"y": levels.ravel(), "g": np.repeat(range(30), 5)}).fit())
squares = table["mean_sq"]
exact = (squares.iloc[0] - squares.iloc[1]) / (squares.iloc[0] + 4 * squares.iloc[1])
assert abs(exact - share(levels)) < 1e-12
resampled = [share(levels[random.integers(0, 30, 30)]) for _ in range(40_000)]
low, high = np.percentile(resampled, [2.5, 97.5])
print(f"  static let levels: [[Double]] = [{', '.join(numbers(g) for g in levels)}]")
print(f"  static let levelShare = ({exact!s}, {low!s}, {high!s})\n")


def split_mix(state, count):
    mask = 2**64 - 1
    for _ in range(count):
        state = (state + 0x9E3779B97F4A7C15) & mask
        z = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        yield z ^ (z >> 31)


print(f"  static let splitMix: [UInt64] = {list(split_mix(1234567, 5))}")
print("}")
