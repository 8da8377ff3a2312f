#!/usr/bin/env python3
"""Makes gradients.json, optimizers.json, losses.json and remedies.json beside this script.

The network written down in PyTorch float64, small enough that every gradient fits in a
file. Needs torch (made with 2.13.0 and later, numpy 2.4.6); the versions used are written into the files.
With names of files, only these are written.
"""
import json
import pathlib
import sys

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


def losses(p, x, eps, activation, loss, sampling, by_latent=False):
    """Summed reconstruction and KL of a batch; the KL in all, or of each latent."""
    f = ACTIVATIONS[activation]
    lin = lambda name, v: v @ p[name + ".weight"] + p[name + ".bias"]
    h = x
    for i in range(len(HIDDEN)):
        h = f(lin(f"encoder_{i + 1}", h))
    mu = lin("mu", h)
    if sampling:
        log_var = lin("log_var", h)
        z = mu + torch.exp(0.5 * log_var) * eps
        kl = 0.5 * (mu**2 + log_var.exp() - 1 - log_var)
    else:
        z, kl = mu, 0.5 * mu**2
    kl = kl.sum(0) if by_latent else kl.sum()
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
    if len(sys.argv) > 1 and name not in sys.argv[1:]:
        return
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


# Remedies. The KL term of a step is w * sum_j max(free_bits, mean over the batch of KL_j).
def kl_term(kl_by_latent, weight, free_bits):
    return weight * torch.maximum(kl_by_latent / BATCH, torch.tensor(free_bits)).sum()


free = []
for sampling in (True, False):
    with torch.no_grad():
        _, by_latent = losses(
            fresh(sampling), images[:BATCH], torch.tensor(noise(0)), "tanh", "bce", sampling, True)
    between = sorted((by_latent / BATCH).tolist())
    # Below, between and above the latents' divergences.
    for free_bits in (0.5 * between[0], 0.5 * (between[0] + between[1]), 2 * between[-1]):
        free_bits = float(f"{free_bits:.6g}")
        p = fresh(sampling)
        r, kl = losses(
            p, images[:BATCH], torch.tensor(noise(0)), "tanh", "bce", sampling, True)
        (r / BATCH + kl_term(kl, 0.3, free_bits)).backward()
        free.append({
            "sampling": sampling, "freeBits": free_bits, "weight": 0.3,
            "gradients": {n: short(t.grad) for n, t in p.items()}})


def warmup(t, steps_per_epoch, epochs):
    """Sonderby et al. 2016: linear from 0 over the first epochs. t from 0."""
    return min(1.0, t / (epochs * steps_per_epoch)) if epochs else 1.0


def cycle(t, total, cycles):
    """Fu et al. 2019, equations 6 and 7 with R = 0.5 and f linear; their t begins at 1."""
    if not cycles:
        return 1.0
    tau = (t % -(-total // cycles)) / (total / cycles)
    return tau / 0.5 if tau <= 0.5 else 1.0


STEPS_PER_EPOCH, EPOCHS = IMAGES // BATCH, 30
TOTAL = STEPS_PER_EPOCH * EPOCHS
curves = []
for name, kl_warmup, kl_cycles, free_bits, steps in (
        ("warm-up", 10, 0, 0.0, {}), ("cycles", 0, 7, 0.0, {}), ("free bits", 0, 0, 0.25, {}),
        ("schedule", 0, 0, 0.0, {4: 0.5, 20: 0.1}),
        ("all of them", 12, 3, 0.1, {0: 2.0, 15: 0.3})):
    p = fresh(True)
    optimizer = torch.optim.Adam(p.values(), lr=2e-3)

    def factor(epoch):
        return [1.0] + [f for e, f in steps.items() if e <= epoch] if steps else [1.0]

    rates = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda epoch: factor(epoch)[-1])
    plain, weights = [], []
    for step in range(TOTAL):
        first = step * BATCH % IMAGES
        r, kl = losses(
            p, images[first:first + BATCH], torch.tensor(noise(step)), "relu", "bce", True, True)
        weight = KL_WEIGHT * warmup(step, STEPS_PER_EPOCH, kl_warmup) * cycle(step, TOTAL, kl_cycles)
        optimizer.zero_grad()
        (r / BATCH + kl_term(kl, weight, free_bits)).backward()
        optimizer.step()
        if (step + 1) % STEPS_PER_EPOCH == 0:
            rates.step()
        plain.append(float(f"{(r.item() + KL_WEIGHT * kl.sum().item()) / BATCH:.9g}"))
        weights.append(float(f"{weight:.12g}"))
    curves.append({
        "name": name, "klWarmup": kl_warmup, "klCycles": kl_cycles, "freeBits": free_bits,
        "schedule": " ".join(f"{f}@{e}" for e, f in steps.items()), "weights": weights,
        "losses": plain})
write("remedies.json", {
    "activation": "tanh", "freeBits": free, "learningRate": 2e-3, "epochs": EPOCHS,
    "stepsPerEpoch": STEPS_PER_EPOCH, "curves": curves})
