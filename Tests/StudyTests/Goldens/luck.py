#!/usr/bin/env python3
"""Architecture or luck, computed apart from the program: by brute force, from what `export` gives.

    python3 Tests/StudyTests/Goldens/luck.py > Tests/StudyTests/LuckGoldens.swift
    vaesweep export STORE --format jsonl > runs.jsonl
    python3 Tests/StudyTests/Goldens/luck.py runs.jsonl      # compare with `vaesweep luck STORE --format json`

Without a file it draws a few data sets of its own and writes them with its answers for the tests.
"""
import itertools
import json
import math
import sys

import numpy as np
import scipy
from scipy import stats


def share(samples):
    within = np.mean([np.var(x, ddof=1) for x in samples])
    luck = np.mean([np.var(x, ddof=1) / len(x) for x in samples])
    between = max(0.0, np.var([np.mean(x) for x in samples], ddof=1) - luck)
    return float(between / (between + within)) if between + within > 0 else math.nan


def share_interval(samples, random, replicates=9_999):
    found = []
    for _ in range(replicates):
        found.append(share([x[random.integers(0, len(x), len(x))] for x in samples]))
    found = np.array(found)
    low, high = np.quantile(found[~np.isnan(found)], [0.025, 0.975])
    # Resamples of few runs find too little luck, and may all lie beyond the figure itself.
    return [min(low, share(samples)), max(high, share(samples))]


def without_outermost(x):
    x = np.sort(x)
    median = np.median(x)
    return x[:-1] if x[-1] - median >= median - x[0] else x[1:]


def chosen(lists):
    """How often each list gives the smallest, every combination counted; those that tie share."""
    wins = np.zeros(len(lists))
    grids = np.stack([g.ravel() for g in np.meshgrid(*lists, indexing="ij")])
    smallest = grids == grids.min(axis=0)
    wins = (smallest / smallest.sum(axis=0)).mean(axis=1)
    return wins


def risk(samples, k, random):
    means = np.array([np.mean(x) for x in samples])
    least = min(len(x) for x in samples)
    replaced = k > max(1, least // 2)
    lists = None
    if not replaced:
        sizes = np.prod([float(math.comb(len(x), k)) for x in samples])
        if sizes <= 2e6:
            lists = [np.array([np.mean(c) for c in itertools.combinations(x, k)]) for x in samples]
    if lists is not None:
        chances = chosen(lists)
    else:
        draws = 200_000
        if replaced:
            sums = np.stack([x[random.integers(0, len(x), (draws, k))].mean(axis=1) for x in samples])
        else:
            sums = np.stack([
                np.take(x, np.argsort(random.random((draws, len(x))), axis=1)[:, :k]).mean(axis=1)
                for x in samples])
        smallest = sums == sums.min(axis=0)
        chances = (smallest / smallest.sum(axis=0)).mean(axis=1)
    wrong = chances[means > means.min()].sum()
    return wrong, float(chances @ (means - means.min())), lists is not None


def beats(x, y):
    n, m = len(x), len(y)
    p = np.mean([(a < b) + 0.5 * (a == b) for a in x for b in y])
    if p in (0, 1):
        end = 0.025 ** (1 / min(n, m))
        return p, ((end, 1.0) if p == 1 else (0.0, 1 - end))
    # The variances of the placements, and Satterthwaite's degrees of freedom.
    own = np.array([np.mean([(a < b) + 0.5 * (a == b) for b in y]) for a in x])
    other = np.array([np.mean([(a < b) + 0.5 * (a == b) for a in x]) for b in y])
    u, v = np.var(own, ddof=1) / n, np.var(other, ddof=1) / m
    error = math.sqrt(u + v)
    t = stats.t.ppf(0.975, (u + v) ** 2 / (u * u / (n - 1) + v * v / (m - 1)))
    low, high = p - t * error, p + t * error
    if low < 0 or high > 1:
        half = t * error / (p * (1 - p))
        low, high = (1 / (1 + math.exp(-(math.log(p / (1 - p)) + s * half))) for s in (-1, 1))
    return p, (low, high)


def best_of(x, k):
    """Every subset for few, else the hypergeometric chance that a value is the smallest of k."""
    n = len(x)
    if math.comb(n, k) <= 200_000:
        return float(np.mean([min(c) for c in itertools.combinations(x, k)]))
    return float(sum(v * math.comb(n - i - 1, k - 1) for i, v in enumerate(np.sort(x)))
                 / math.comb(n, k))


def best_of_interval(x, k, random):
    draws = x[random.integers(0, len(x), (9_999, len(x)))]
    weights = [math.comb(len(x) - i - 1, k - 1) / math.comb(len(x), k) for i in range(len(x))]
    return np.quantile(np.sort(draws, axis=1) @ np.array(weights), [0.025, 0.975])


def answer(samples, random):
    steps = [(k, *risk(samples, k, random)) for k in (1, 2, 3, 5, 8)]
    pairs = [(a, b, *beats(samples[a], samples[b]))
             for a, b in itertools.combinations(range(len(samples)), 2)]
    best = [(i, k, best_of(x, k), best_of_interval(x, k, random))
            for i, x in enumerate(samples) for k in sorted({1, 2, len(x) // 2, len(x)})]
    return steps, pairs, best


def numbers(values):
    return "[" + ", ".join(repr(float(v)) for v in values) + "]"


def goldens():
    random = np.random.default_rng(20260101)
    print(f"// Written by Goldens/luck.py with SciPy {scipy.__version__}, NumPy {np.__version__}, "
          f"Python {sys.version.split()[0]}.")
    print("// swift-format-ignore-file\n")
    print("enum LuckGoldens {\n  static let sets: [LuckGolden] = [")
    sets = [
        [random.normal(100, 1, 5), random.normal(101, 2, 5)],
        [random.normal(m, s, n) for m, s, n in ((100, 1, 4), (100.4, 1, 6), (103, 3, 5))],
        [np.round(random.normal(m, 1, 12)) for m in (3, 4, 4, 6)],
        [np.concatenate([random.normal(100, 0.5, 19), [135]]), random.normal(100.5, 0.6, 20)],
        [random.normal(100, 1, 3), random.normal(140, 1, 3)],
    ]
    for samples in sets:
        samples = [np.round(x, 3) for x in samples]
        steps, pairs, best = answer(samples, random)
        print("    LuckGolden(\n      samples: [" + ", ".join(numbers(x) for x in samples) + "],")
        for name, own in (("share", samples), ("without", [without_outermost(x) for x in samples])):
            print(f"      {name}: {share(own)!r}, {name}95: "
                  f"{tuple(float(v) for v in share_interval(own, random))!r},")
        print("      risk: [" + ", ".join(
            f"({k}, {float(w)!r}, {c!r}, {str(e).lower()})" for k, w, c, e in steps) + "],")
        print("      beats: [" + ", ".join(
            f"({a}, {b}, {float(p)!r}, {float(i[0])!r}, {float(i[1])!r})" for a, b, p, i in pairs) + "],")
        print("      best: [" + ", ".join(
            f"({i}, {k}, {e!r}, {float(c[0])!r}, {float(c[1])!r})" for i, k, e, c in best) + "]),")
    print("  ]\n}")


def from_export(path, metric="test_total_last5"):
    random = np.random.default_rng(1)
    own = ("key", "seed", "init_seed", "order_seed", "noise_seed", "status")
    sets = {}
    for line in open(path):
        run = json.loads(line)
        if run["status"] != "ok" or run.get(metric) is None:
            continue
        names = list(run)
        keys = {n: run[n] for n in names[names.index("key") + 1:names.index("status")] if n not in own}
        group = json.dumps([keys[n] for n in ("sampling", "loss", "kl_weight")])
        name = json.dumps(keys)
        sets.setdefault(group, {}).setdefault(name, []).append(run[metric])
    for group, configurations in sets.items():
        configurations = {n: np.array(x) for n, x in configurations.items() if len(x) >= 3}
        if len(configurations) < 2:
            continue
        samples = list(configurations.values())
        steps, pairs, best = answer(samples, random)
        print(json.dumps({
            "metric": metric, "configurations": [json.loads(n) for n in configurations],
            "share_explained": {"value": share(samples), "ci95": list(share_interval(samples, random))},
            "share_explained_without_outermost": {
                "value": share([without_outermost(x) for x in samples])},
            "risk": [{"k": k, "wrong_choice": w, "cost": c} for k, w, c, _ in steps],
            "beats": [{"a": a, "b": b, "probability": p, "ci95": list(i)} for a, b, p, i in pairs],
            "best_of": [{"configuration": i, "k": k, "expected": e, "ci95": list(c)}
                        for i, k, e, c in best],
        }, indent=1))


if len(sys.argv) > 1:
    from_export(*sys.argv[1:])
else:
    goldens()
