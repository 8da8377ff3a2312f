#!/usr/bin/env python3
"""Makes gradients.json, optimizers.json and losses.json beside this script.

The network written down in PyTorch float64, small enough that every gradient fits in a
file. Needs torch (made with 2.15.0, numpy 2.4.6); the versions used are written into the files.
"""
import json
import pathlib

import numpy
import torch
import torch.nn.functional as F

HERE = pathlib.Path(__file__).parent
VERSIONS = {"torch": torch.__version__.split("+")[0], "numpy": numpy.__version__}
INPUT, HIDDEN, LATENT, BATCH, IMAGES = 12, [10, 6], 3, 5, 20
KL_WEIGHT = 0.7
torch.set_default_dtype(torch.float64)


def layers(sampling):
    sizes, width = [], INPUT
    for i, h in enumerate(HIDDEN):
        sizes.append((f"encoder_{i + 1}", width, h))
        width = h
    sizes.append(("mu", width, LATENT))
    if sampling:
        sizes.append(("log_var", width, LATENT))
    width = LATENT
    for i, h in enumerate(reversed(HIDDEN)):
        sizes.append((f"decoder_{i + 1}", width, h))
        width = h
    sizes.append(("output", width, INPUT))
    return sizes


def float32(array):
    """Values that a Float holds exactly, so that both sides start from the same numbers."""
    return numpy.asarray(array, dtype=numpy.float32).astype(numpy.float64)


def noise(step):
    """A fixed sequence with mean 0 and variance 1: Knuth's multiplicative hash as a uniform."""
    k = numpy.arange(step * BATCH * LATENT, (step + 1) * BATCH * LATENT, dtype=numpy.uint64)
    word = (k * 2654435761) % 2**32
    return float32((word / 2.0**32 - 0.5) * 3.4641016151377544).reshape(BATCH, LATENT)


ACTIVATIONS = {"relu": F.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid, "elu": F.elu}


def losses(p, x, eps, activation, loss, sampling):
    """Summed reconstruction and KL of a batch."""
    f = ACTIVATIONS[activation]
    lin = lambda name, v: v @ p[name + ".weight"] + p[name + ".bias"]
    h = x
    for i in range(len(HIDDEN)):
        h = f(lin(f"encoder_{i + 1}", h))
    mu = lin("mu", h)
    if sampling:
        log_var = lin("log_var", h)
        z = mu + torch.exp(0.5 * log_var) * eps
        kl = 0.5 * (mu**2 + log_var.exp() - 1 - log_var).sum()
    else:
        z, kl = mu, 0.5 * (mu**2).sum()
    h = z
    for i in range(len(HIDDEN)):
        h = f(lin(f"decoder_{i + 1}", h))
    logits = lin("output", h)
    if loss == "bce":
        reconstruction = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
    else:
        reconstruction = 0.5 * ((torch.sigmoid(logits) - x) ** 2).sum()
    return reconstruction, kl


rng = numpy.random.default_rng(20140501)
parameters = {}
for name, inputs, outputs in layers(True):
    parameters[name + ".weight"] = float32(rng.normal(0, 0.6, (inputs, outputs)))
    parameters[name + ".bias"] = float32(rng.normal(0, 0.3, outputs))
pixels = rng.integers(1, 256, (IMAGES, INPUT)) * (rng.random((IMAGES, INPUT)) < 0.5)
images = torch.tensor(pixels / 255.0)


def fresh(sampling):
    names = [n + s for n, _, _ in layers(sampling) for s in (".weight", ".bias")]
    return {n: torch.tensor(parameters[n], requires_grad=True) for n in names}


def short(array):
    return [float(f"{v:.9g}") for v in numpy.asarray(array).ravel()]


def write(name, content):
    content["versions"] = VERSIONS
    (HERE / name).write_text(json.dumps(content, separators=(",", ":")) + "\n")


cases = []
for activation in ACTIVATIONS:
    for loss in ("bce", "mse"):
        for sampling in (True, False):
            p = fresh(sampling)
            r, kl = losses(
                p, images[:BATCH], torch.tensor(noise(0)), activation, loss, sampling)
            ((r + KL_WEIGHT * kl) / BATCH).backward()
            cases.append({
                "activation": activation, "loss": loss, "sampling": sampling,
                "reconstruction": r.item(), "kl": kl.item(),
                "gradients": {n: short(t.grad) for n, t in p.items()}})
write("gradients.json", {
    "inputSize": INPUT, "hidden": HIDDEN, "latentDim": LATENT, "batchSize": BATCH,
    "klWeight": KL_WEIGHT, "pixels": pixels.ravel().tolist(), "noise": short(noise(0)),
    "parameters": {n: short(v) for n, v in parameters.items()}, "cases": cases})

start = float32(rng.normal(0, 1, 8))
gradients = [float32(rng.normal(0, 1, 8) * 10.0 ** rng.integers(-4, 2, 8)) for _ in range(3)]
after = {}
for name, make in {
        "adam": lambda t: torch.optim.Adam([t], lr=0.002, betas=(0.8, 0.99), eps=1e-7),
        "rmsprop": lambda t: torch.optim.RMSprop([t], lr=0.002, alpha=0.85, eps=1e-7),
        "sgd": lambda t: torch.optim.SGD([t], lr=0.002, momentum=0.7)}.items():
    theta = torch.tensor(start, requires_grad=True)
    optimizer = make(theta)
    after[name] = []
    for g in gradients:
        theta.grad = torch.tensor(g)
        optimizer.step()
        after[name].append(short(theta.detach()))
write("optimizers.json", {
    "start": short(start), "gradients": [short(g) for g in gradients], "after": after})

p = fresh(True)
optimizer = torch.optim.Adam(p.values(), lr=1e-3)
curve = []
for step in range(1000):
    first = step * BATCH % IMAGES
    r, kl = losses(
        p, images[first:first + BATCH], torch.tensor(noise(step)), "relu", "bce", True)
    optimizer.zero_grad()
    ((r + KL_WEIGHT * kl) / BATCH).backward()
    optimizer.step()
    curve.append(float(f"{(r.item() + KL_WEIGHT * kl.item()) / BATCH:.9g}"))
write("losses.json", {"learningRate": 1e-3, "losses": curve})
