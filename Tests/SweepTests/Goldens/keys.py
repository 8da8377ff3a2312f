#!/usr/bin/env python3
"""Prints the five keys that PointKeyTests pins, built by Python's own JSON (CPython 3.11).

RFC 8785 and json.dumps(sort_keys, separators) agree on these values but for the small exponents,
which are given as text here. Run it and paste what it prints into KeyGolden.swift.
"""
import hashlib

DATASET = hashlib.sha256(b"a dataset").hexdigest()
ADAM = dict(optimizer='"adam"', learning_rate="0.001", beta1="0.9", beta2="0.999", epsilon="1e-8")
BASE = dict(
    activation='"relu"', batch_size="128", epochs="50", initializer='"glorot_uniform"',
    kl_weight="1", limit="null", loss='"bce"', sampling="true", trainer_version="1",
    dataset_digest=f'"{DATASET}"')


def key(hidden, latent_dim, seeds, **members):
    members = {**BASE, **members, "hidden": hidden, "latent_dim": latent_dim,
               "init_seed": seeds[0], "order_seed": seeds[1], "noise_seed": seeds[2]}
    text = "{" + ",".join(f'"{name}":{members[name]}' for name in sorted(members)) + "}"
    return hashlib.sha256(text.encode()).hexdigest()


print(key("[256]", 2, (0, 0, 0), **ADAM))
print(key("[256,32,8]", 4, (7, 7, 7), **{**ADAM, "sampling": "false"}))
print(key("[256]", 2, (1, 2, 4294967295), optimizer='"rmsprop"', learning_rate="0.001", rho="0.9",
          epsilon="1e-8", batch_size="100"))
print(key("[400]", 20, (3, 3, 3), **{**ADAM, "initializer": '"torch_linear"', "epochs": "10"}))
print(key("[256,32]", 16, (0, 0, 0), optimizer='"sgd"', learning_rate="0.05", momentum="0.5",
          activation='"tanh"', loss='"mse"', kl_weight="0.25", limit="1000"))
