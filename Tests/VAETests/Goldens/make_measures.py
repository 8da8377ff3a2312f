#!/usr/bin/env python3
"""Makes measures.json beside this script: the study's measures by direct computation.

Needs numpy, scipy, scikit-learn, mpmath and prdc, the package of the authors of density and coverage
(made with 2.4.6, 1.17.1, 1.9.1, 1.4.1 and 0.2); the versions used are written into the file.
"""
import importlib.metadata
import json
import pathlib

import mpmath
import numpy
import prdc
import scipy.linalg
import scipy.spatial.distance as distance
import sklearn.decomposition

HERE = pathlib.Path(__file__).parent
VERSIONS = {
    name: importlib.metadata.version(name)
    for name in ["numpy", "scipy", "scikit-learn", "mpmath", "prdc"]
}
mpmath.mp.dps = 40


def mean_distance(d, squared_norm):
    """E|v - Z| for |v|^2 = squared_norm and Z standard normal in d dimensions."""
    half = mpmath.mpf(d) / 2
    ratio = mpmath.gamma(half + mpmath.mpf(1) / 2) / mpmath.gamma(half)
    x = mpmath.mpf(squared_norm) / 2
    return float(mpmath.sqrt(2) * ratio * mpmath.hyp1f1(-0.5, half, -x))


def energy(points):
    """U-statistic of the energy distance to N(0, I), the normal terms exact."""
    n, d = points.shape
    to_normal = numpy.mean([mean_distance(d, float(p @ p)) for p in points])
    return 2 * to_normal - distance.pdist(points).mean() - numpy.sqrt(2) * mean_distance(d, 0)


def whitened(points):
    factor = scipy.linalg.cholesky(numpy.cov(points.T).reshape(points.shape[1], -1), lower=True)
    return scipy.linalg.solve_triangular(factor, (points - points.mean(0)).T, lower=True).T


def float32(array):
    return numpy.asarray(array, dtype=numpy.float32).astype(numpy.float64)


def short(array):
    return [round(float(value), 3) for value in array.reshape(-1)]


def blobs(stream, count):
    """Images made of integers alone, so that the tests make the same ones."""
    grid = numpy.arange(28)
    images = numpy.zeros((count, 784), dtype=numpy.uint8)
    for i in range(count):
        state = (stream * 1_000_003 + i * 7_919 + 12_345) % 2**32
        drawn = []
        for _ in range(6):
            state = (state * 1_664_525 + 1_013_904_223) % 2**32
            drawn.append(state >> 16)
        image = numpy.zeros((28, 28), dtype=int)
        for blob in range(2):
            row, column = drawn[3 * blob] % 20 + 4, drawn[3 * blob + 1] % 20 + 4
            slope = drawn[3 * blob + 2] % 6 + 4
            squared = (grid[:, None] - row) ** 2 + (grid[None, :] - column) ** 2
            image = numpy.maximum(image, 255 - slope * squared)
        images[i] = image.reshape(-1)
    return images / 255


def main():
    rng = numpy.random.default_rng(20_261_125)
    norms = [0, 1e-3, 0.5, 2, 9, 40, 300, 3_000, 6_000, 1e6, 1e12]
    golden = {"versions": VERSIONS}
    golden["distances"] = [
        {"dimension": d, "squaredNorm": s, "mean": mean_distance(d, s)}
        for d in [1, 2, 3, 4, 8, 16, 51, 400] for s in norms
    ]
    golden["energies"] = []
    for d, n, scale, shift in [
        (1, 37, 1, 0), (2, 200, 1, 0), (2, 101, 3, 1.5), (3, 150, 0.2, 0), (4, 16, 1, -2), (16, 90, 1.3, 0.1),
    ]:
        points = float32(numpy.round(shift + scale * rng.standard_normal((n, d)) @ (
            numpy.eye(d) + 0.3 * rng.standard_normal((d, d))), 3))
        golden["energies"].append({
            "dimension": d, "count": n, "points": short(points),
            "raw": energy(points), "whitened": energy(whitened(points)),
        })
    golden["neighbours"] = []
    for d, reals, fakes, scale in [(2, 60, 60, 1), (7, 90, 41, 0.8), (20, 170, 190, 0.95)]:
        real = float32(numpy.round(rng.standard_normal((reals, d)), 3))
        fake = float32(numpy.round(scale * rng.standard_normal((fakes, d)), 3))
        measured = prdc.compute_prdc(real_features=real, fake_features=fake, nearest_k=5)
        golden["neighbours"].append({
            "dimension": d, "real": short(real), "made": short(fake),
            "density": float(measured["density"]), "coverage": float(measured["coverage"]),
        })
    train, test, made = blobs(1, 700), blobs(2, 310), blobs(3, 310)
    pca = sklearn.decomposition.PCA(n_components=50, svd_solver="full").fit(train)
    real, fake = pca.transform(test), pca.transform(made)
    measured = prdc.compute_prdc(real_features=real, fake_features=fake, nearest_k=5)
    golden["images"] = {
        "train": 700, "test": 310,
        "eigenvalues": pca.explained_variance_[:20].tolist(),
        "squaredNorms": (real**2).sum(1)[:30].tolist(),
        "squaredDistances": ((real[:20, None] - fake[None, :20]) ** 2).sum(2).reshape(-1).tolist(),
        "density": float(measured["density"]), "coverage": float(measured["coverage"]),
    }
    (HERE / "measures.json").write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()
