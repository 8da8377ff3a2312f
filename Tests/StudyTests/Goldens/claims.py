#!/usr/bin/env python3
"""Writes ClaimGoldens.swift beside the tests: what SciPy and statsmodels give.

    python3 Tests/StudyTests/Goldens/claims.py > Tests/StudyTests/ClaimGoldens.swift
"""
import sys

import numpy as np
import pandas
import scipy
import statsmodels
from scipy import optimize, stats
from statsmodels.formula.api import ols
from statsmodels.stats.anova import anova_lm
from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest


def numbers(values):
    return "[" + ", ".join(repr(float(v)) for v in values) + "]"


def main():
    random = np.random.default_rng(20260101)
    print(f"// Written by Goldens/claims.py with SciPy {scipy.__version__}, statsmodels "
          f"{statsmodels.__version__}, NumPy {np.__version__}, Python {sys.version.split()[0]}.")
    print("// swift-format-ignore-file\n")
    print("enum ClaimGoldens {")

    print("  /// Values, the 95 % interval of their median, a bound, and the sign test's p against it.")
    print("  static let medians: [([Double], Double, Double, Double, Double)] = [")
    for n in (6, 11, 20, 50):
        x = random.normal(100, 3, n).round(3)
        test = stats.quantile_test(x, q=101, p=0.5)
        low, high = stats.quantile_test(x, q=101, p=0.5).confidence_interval(0.95)
        below = int((x < 101).sum())
        p = stats.binomtest(below, n, 0.5).pvalue
        print(f"    ({numbers(x)}, {float(low)!r}, {float(high)!r}, 101.0, {float(p)!r}),")
    print("  ]\n")

    print("  /// Count, runs, a share, and the score test's two-sided p against it.")
    print("  static let scores: [(Int, Int, Double, Double)] = [")
    for count, n, share in ((20, 50, 0.05), (3, 50, 0.05), (0, 20, 0.1), (20, 20, 0.9), (7, 20, 0.5)):
        _, p = proportions_ztest(count, n, share, prop_var=share)
        print(f"    ({count}, {n}, {share!r}, {float(p)!r}),")
    print("  ]\n")

    print("  /// Two shares, a difference, and 1 less the confidence at which Newcombe's interval ends there.")
    print("  static let newcombe: [(Int, Int, Int, Int, Double, Double)] = [")
    for a, n, b, m, bound in ((20, 50, 5, 50, 0.1), (20, 50, 5, 50, 0.0), (2, 20, 9, 20, -0.1), (12, 30, 12, 40, 0.3)):
        difference = a / n - b / m

        def gap(alpha):
            low, high = confint_proportions_2indep(a, n, b, m, method="newcomb", compare="diff", alpha=alpha)
            return (low if difference > bound else high) - bound

        p = optimize.brentq(gap, 1e-12, 1 - 1e-12, xtol=1e-14)
        print(f"    ({a}, {n}, {b}, {m}, {bound!r}, {float(p)!r}),")
    print("  ]\n")

    four = [random.normal(100, s, n).round(3) for s, n in ((2, 20), (1, 18), (0.5, 20), (3, 17))]
    weights = np.array([1, -1, -1, 1])
    parts = np.array([np.var(x, ddof=1) / len(x) for x in four])
    value = float(weights @ [x.mean() for x in four])
    freedom = parts.sum() ** 2 / (parts ** 2 / [len(x) - 1 for x in four]).sum()
    half = stats.t.ppf(0.975, freedom) * np.sqrt(parts.sum())
    p = 2 * stats.t.sf(abs(value) / np.sqrt(parts.sum()), freedom)
    print("  /// Four samples; (x1 - x2) - (x3 - x4), its 95 % interval and p against zero.")
    print("  static let contrast: ([[Double]], Double, Double, Double, Double) = (")
    print("    [" + ", ".join(numbers(x) for x in four) + "],")
    print(f"    {value!r}, {float(value - half)!r}, {float(value + half)!r}, {float(p)!r})\n")

    dead = random.integers(0, 12, 30)
    collapsed = (dead / 4 + random.normal(0, 1, 30)).round().clip(0, 3).astype(int)
    rho = stats.spearmanr(dead, collapsed)
    p = stats.permutation_test((dead,), lambda x: stats.spearmanr(x, collapsed).statistic, permutation_type="pairings",
                               n_resamples=99_999, rng=1).pvalue
    print("  /// Dead units and collapsed latents of thirty runs, Spearman's rho, and p by permutation.")
    print(f"  static let ranks: ([Double], [Double], Double, Double) = (")
    print(f"    {numbers(dead)}, {numbers(collapsed)}, {float(rho.statistic)!r}, {float(p)!r})\n")

    print("  /// A crossed design of 4 x 3 x 5 seeds: values in the order of the three indices, and the")
    print("  /// components by expected mean squares from the mean squares of anova_lm.")
    a, b, c = 4, 3, 5
    effect_a, effect_b, effect_c = random.normal(0, 2, a), random.normal(0, 1, b), random.normal(0, .5, c)
    ab = random.normal(0, 1, (a, b))
    rows = [(i, j, k, round(100 + effect_a[i] + effect_b[j] + effect_c[k] + ab[i, j] + random.normal(0, .7), 3))
            for i in range(a) for j in range(b) for k in range(c)]
    frame = pandas.DataFrame(rows, columns=["a", "b", "c", "y"])
    table = anova_lm(ols("y ~ C(a) + C(b) + C(c) + C(a):C(b) + C(a):C(c) + C(b):C(c)", frame).fit())
    ms = table["mean_sq"]
    m = {k: float(ms[k]) for k in ms.index}
    one, other, third = m["C(a)"], m["C(b)"], m["C(c)"]
    ab, ac, bc, rest = m["C(a):C(b)"], m["C(a):C(c)"], m["C(b):C(c)"], m["Residual"]
    components = [(one - ab - ac + rest) / (b * c), (other - ab - bc + rest) / (a * c), (third - ac - bc + rest) / (a * b),
                  (ab - rest) / c, (ac - rest) / b, (bc - rest) / a, rest]
    print("  static let crossed: ([Double], [Double]) = (")
    print(f"    {numbers(frame.y)},\n    {numbers(components)})")
    two = frame[frame.c == 0]
    table = anova_lm(ols("y ~ C(a) + C(b)", two).fit())["mean_sq"]
    one, other, rest = (float(table[k]) for k in ("C(a)", "C(b)", "Residual"))
    print("  /// The first level of the third seed alone.")
    print(f"  static let crossedPair: [Double] = {numbers([(one - rest) / b, (other - rest) / a, rest])}")
    print("}")


main()
