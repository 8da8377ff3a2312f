"""Trains the same network side by side in vaesweep, PyTorch and, where installed, JAX; one core each.

    deploy/compare-trainers [--data DIR] [--architecture 784-256-32-8-4] [--batch-size 128]
                            [--seconds 10] [--rounds 3] [--vaesweep PATH]

Same work everywhere: gather 128 images of MNIST from bytes kept as floats, forward, summed BCE + KL,
backward, Adam. PyTorch runs on one thread with its fused Adam; JAX runs a jitted epoch (scan over
shuffled batches) pinned to one core. The programs take turns, so that a busy machine is as busy for
each. Prints a Markdown table. Needs numpy and torch (pip install torch); JAX is left out where it is
missing (pip install jax).
"""
import argparse
import gzip
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent


def arguments():
    parser = argparse.ArgumentParser(prog="deploy/compare-trainers", description=__doc__.split("\n\n")[0])
    beside = HERE.parent.parent / "shared" / "mnist"
    parser.add_argument("--data", default=os.environ.get("VAESWEEP_DATA", str(beside)))
    parser.add_argument("--architecture", default="784-256-32-8-4")
    parser.add_argument("--batch-size", type=int, default=128)
    parser.add_argument("--seconds", type=float, default=10, help="for each program and round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--vaesweep", default=str(HERE.parent / ".build" / "release" / "vaesweep"))
    parser.add_argument("--only", choices=["torch", "jax"], help=argparse.SUPPRESS)
    return parser.parse_args()


def images(folder):
    for name in ("train-images-idx3-ubyte.gz", "train-images-idx3-ubyte"):
        path = pathlib.Path(folder) / name
        if path.exists():
            data = gzip.open(path).read() if name.endswith(".gz") else path.read_bytes()
            import numpy
            return numpy.frombuffer(data, numpy.uint8, offset=16).reshape(-1, 784)
    sys.exit(f"compare-trainers: no MNIST training images in {folder}: give --data DIR")


def rate_of_slices(step, batch_size, seconds):
    """Images per second: the median of seven slices, after one slice of warming up."""
    rates = []
    for _ in range(8):
        start, count = time.perf_counter(), 0
        while time.perf_counter() - start < seconds / 8:
            count += step()
        rates.append(count * batch_size / (time.perf_counter() - start))
    return statistics.median(rates[1:])


def run_torch(options):
    started = time.time()
    import torch
    import torch.nn.functional as F
    torch.set_num_threads(1)
    torch.manual_seed(0)
    x = torch.from_numpy(images(options.data).copy()).float() / 255
    *hidden, latent = [int(w) for w in options.architecture.split("-")][1:]
    n = options.batch_size

    def stack(widths):
        layers = []
        for a, b in zip(widths, widths[1:]):
            layers += [torch.nn.Linear(a, b), torch.nn.ReLU()]
        return layers

    encoder = torch.nn.Sequential(*stack([784] + hidden))
    heads = torch.nn.ModuleList([torch.nn.Linear(hidden[-1], latent) for _ in range(2)])
    decoder = torch.nn.Sequential(
        *stack([latent] + hidden[::-1]), torch.nn.Linear(hidden[0], 784))
    parameters = [p for m in (encoder, heads, decoder) for p in m.parameters()]
    adam = torch.optim.Adam(parameters, lr=1e-3, fused=True)
    order, position = torch.randperm(len(x)), 0

    def step():
        nonlocal order, position
        if position + n > len(x):
            order, position = torch.randperm(len(x)), 0
        batch = x[order[position:position + n]]
        position += n
        h = encoder(batch)
        mu, log_var = heads[0](h), heads[1](h)
        z = mu + torch.exp(0.5 * log_var) * torch.randn_like(mu)
        loss = F.binary_cross_entropy_with_logits(decoder(z), batch, reduction="sum")
        loss = loss - 0.5 * torch.sum(1 + log_var - mu * mu - log_var.exp())
        adam.zero_grad(set_to_none=True)
        (loss / n).backward()
        adam.step()
        return 1

    step()
    first = time.time() - started
    return {"version": f"PyTorch {torch.__version__.split('+')[0]}, one thread, fused Adam",
            "images_per_second": rate_of_slices(step, n, options.seconds),
            "seconds_to_first_step": first}


def run_jax(options):
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
    os.environ["JAX_PLATFORMS"] = "cpu"
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    started = time.time()
    import jax
    import jax.numpy as jnp
    x = jnp.asarray(images(options.data), jnp.float32) / 255
    *hidden, latent = [int(w) for w in options.architecture.split("-")][1:]
    n = options.batch_size
    encoder, decoder = [784] + hidden, [latent] + hidden[::-1] + [784]
    shapes = list(zip(encoder, encoder[1:])) + [(hidden[-1], latent)] * 2
    shapes += list(zip(decoder, decoder[1:]))
    depth = len(hidden)
    key = jax.random.PRNGKey(0)
    parameters = []
    for a, b in shapes:
        key, sub = jax.random.split(key)
        limit = (6 / (a + b)) ** 0.5
        parameters.append((jax.random.uniform(sub, (a, b), minval=-limit, maxval=limit),
                           jnp.zeros(b)))

    def loss(parameters, batch, noise):
        h = batch
        for w, b in parameters[:depth]:
            h = jax.nn.relu(h @ w + b)
        (wm, bm), (ws, bs) = parameters[depth:depth + 2]
        mu, log_var = h @ wm + bm, h @ ws + bs
        h = mu + jnp.exp(0.5 * log_var) * noise
        for w, b in parameters[depth + 2:-1]:
            h = jax.nn.relu(h @ w + b)
        w, b = parameters[-1]
        logits = h @ w + b
        bce = jnp.sum(jax.nn.softplus(logits) - batch * logits)
        return (bce - 0.5 * jnp.sum(1 + log_var - mu * mu - jnp.exp(log_var))) / n

    tree = jax.tree_util.tree_map

    def step(state, indices):
        parameters, m, v, t, key = state
        key, sub = jax.random.split(key)
        noise = jax.random.normal(sub, (n, latent))
        value, g = jax.value_and_grad(loss)(parameters, x[indices], noise)
        t = t + 1
        m = tree(lambda m, g: 0.9 * m + 0.1 * g, m, g)
        v = tree(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
        rate, root = 1e-3 / (1 - 0.9**t), 1 / jnp.sqrt(1 - 0.999**t)
        parameters = tree(
            lambda p, m, v: p - rate * m / (jnp.sqrt(v) * root + 1e-8), parameters, m, v)
        return (parameters, m, v, t, key), value

    steps = min(len(x) // n, 100)

    @jax.jit
    def epoch(state):
        parameters, m, v, t, key = state
        key, sub = jax.random.split(key)
        order = jax.random.permutation(sub, len(x))[:steps * n].reshape(steps, n)
        return jax.lax.scan(step, (parameters, m, v, t, key), order)

    zeros = tree(jnp.zeros_like, parameters)
    state = (parameters, zeros, zeros, jnp.zeros(()), key)
    state, _ = jax.block_until_ready(epoch(state))
    first = time.time() - started

    def run():
        nonlocal state
        state, _ = jax.block_until_ready(epoch(state))
        return steps

    return {"version": f"JAX {jax.__version__} CPU, jitted epoch, one core",
            "images_per_second": rate_of_slices(run, n, options.seconds),
            "seconds_to_first_step": first}


def run_other(name, options):
    command = [sys.executable, __file__, "--only", name, "--data", options.data,
               "--architecture", options.architecture, "--batch-size", str(options.batch_size),
               "--seconds", str(options.seconds)]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def run_vaesweep(options):
    command = [options.vaesweep, "bench", "trainer", "--format", "json", "--data", options.data,
               "--architecture", options.architecture, "--batch-size", str(options.batch_size),
               "--seconds", str(options.seconds)]
    result = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return result[0] if isinstance(result, list) else result


def installed(name):
    return subprocess.run([sys.executable, "-c", f"import {name}"], capture_output=True).returncode == 0


def main():
    options = arguments()
    if options.only:
        result = {"torch": run_torch, "jax": run_jax}[options.only](options)
        result["peak_rss_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps(result))
        return
    missing = " ".join(name for name in ("numpy", "torch") if not installed(name))
    if missing:
        sys.exit(f"deploy/compare-trainers: Python lacks {missing}: pip install {missing} "
                 "(pip itself: apt-get update && apt-get install python3-pip)")
    if not os.access(options.vaesweep, os.X_OK):
        sys.exit(f"compare-trainers: no vaesweep at {options.vaesweep}: "
                 "swift build -c release, or give --vaesweep PATH")
    programs = {"vaesweep": run_vaesweep, "torch": lambda o: run_other("torch", o)}
    if installed("jax"):
        programs["jax"] = lambda o: run_other("jax", o)
    else:
        print("JAX is not installed and is left out: pip install jax", file=sys.stderr)
    rounds = {name: [] for name in programs}
    for _ in range(options.rounds):
        for name, run in programs.items():
            rounds[name].append(run(options))
    ours = statistics.median(r["images_per_second"] for r in rounds["vaesweep"])
    print(f"{options.architecture}, batch {options.batch_size}, Adam, one core, "
          f"median of {options.rounds} rounds\n")
    print("| trainer | images/s | vaesweep is | first step after | peak memory |")
    print("|---|---|---|---|---|")
    for name, results in rounds.items():
        rate = statistics.median(r["images_per_second"] for r in results)
        first = statistics.median(r["seconds_to_first_step"] or 0 for r in results)
        memory = statistics.median(r["peak_rss_mb"] or 0 for r in results)
        label = results[0].get("version", "vaesweep")
        print(f"| {label} | {rate:,.0f} | {ours / rate:.2f} × | {first:.2f} s | {memory:.0f} MB |")


main()
