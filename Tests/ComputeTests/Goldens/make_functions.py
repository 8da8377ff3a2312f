#!/usr/bin/env python3
"""Makes functions.json beside this script: elementary functions to 40 digits, rounded to double.

Needs mpmath (made with 1.3.0) and numpy (2.4.6). Arguments are exact floats (32 bit) or doubles.
"""
import json
import pathlib

import mpmath
import numpy

mpmath.mp.dps = 60
HERE = pathlib.Path(__file__).parent
rng = numpy.random.default_rng(4)


def f32(values):
    return [float(numpy.float32(v)) for v in values]


def spread(low, high, n):
    return list(numpy.linspace(low, high, n)) + list(rng.uniform(low, high, n))


def tiny(n):
    return list(10.0 ** rng.uniform(-6, 0, n) * rng.choice([-1, 1], n))


FUNCTIONS = {
    "exp": mpmath.exp,
    "log": mpmath.log,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "expm1": mpmath.expm1,
    "tanh": mpmath.tanh,
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "softplus": lambda x: mpmath.log1p(mpmath.exp(x)),
    "sinTurns": lambda x: mpmath.sin(2 * mpmath.pi * x),
    "cosTurns": lambda x: mpmath.cos(2 * mpmath.pi * x),
}
POSITIVE = list(10.0 ** rng.uniform(-37, 38, 60)) + spread(0.5, 2, 40)
ARGUMENTS = {
    "float": {
        "exp": spread(-87.3, 88.3, 60) + spread(-1, 1, 30) + tiny(20),
        "log": POSITIVE,
        "expm1": [-abs(v) for v in spread(-20, 0, 40) + tiny(40)],
        "tanh": spread(-9, 9, 50) + spread(-0.7, 0.7, 40) + tiny(30),
        "sigmoid": spread(-80, 80, 50) + spread(-3, 3, 40),
        "softplus": spread(-80, 80, 50) + spread(-3, 3, 40),
        "sinTurns": list(rng.uniform(0, 1, 100)),
        "cosTurns": list(rng.uniform(0, 1, 100)),
    },
    "double": {
        "exp": spread(-745, 709.7, 60) + spread(-1, 1, 40) + tiny(20),
        "log": list(10.0 ** rng.uniform(-307, 308, 60)) + spread(0.5, 2, 60),
        "sin": spread(-10, 10, 60) + list(rng.uniform(-1e5, 1e5, 60)) + tiny(20),
        "cos": spread(-10, 10, 60) + list(rng.uniform(-1e5, 1e5, 60)) + tiny(20),
    },
}
table = {"versions": {"mpmath": mpmath.__version__, "numpy": numpy.__version__}}
for kind, functions in ARGUMENTS.items():
    table[kind] = {}
    for name, arguments in functions.items():
        arguments = f32(arguments) if kind == "float" else [float(v) for v in arguments]
        values = [float(FUNCTIONS[name](mpmath.mpf(v))) for v in arguments]
        table[kind][name] = {"arguments": arguments, "values": values}
(HERE / "functions.json").write_text(json.dumps(table, separators=(",", ":")) + "\n")
