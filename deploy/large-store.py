#!/usr/bin/env python3
"""Makes a store of 20,000 outcomes and 80 configurations, and measures what reads it.

    deploy/large-store [--keep FOLDER]

The images are 300 of 8 x 8 pixels, so that all points together train in a minute or two; what is
measured knows the outcomes alone. Takes the vaesweep on the PATH, or the release build.
"""
import argparse
import pathlib
import random
import resource
import shutil
import struct
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
SWEEP = """name: large
dataset: ./images
grid:
  architecture: [64-4-2, 64-4-3, 64-6-2, 64-6-4, 64-8-2, 64-8-3, 64-8-4, 64-16-2, 64-16-3, 64-16-8-4]
  sampling: [true, false]
  learning_rate: [0.001, 0.002, 0.005, 0.01]
  seed: 0..249
train:
  epochs: 10
  batch_size: 50
"""


def images(folder, name, labels, count, draw, patterns):
    """IDX files of blurred copies of ten patterns."""
    pixels, classes = bytearray(), bytearray()
    for _ in range(count):
        label = draw.randrange(10)
        classes.append(label)
        strength = draw.uniform(0.6, 1.4)
        for value in patterns[label]:
            pixels.append(min(255, max(0, int(255 * (value * strength + draw.gauss(0, 0.2))))))
    (folder / name).write_bytes(struct.pack(">IIII", 0x803, count, 8, 8) + bytes(pixels))
    (folder / labels).write_bytes(struct.pack(">II", 0x801, count) + bytes(classes))


def timed(words, command, **options):
    """Runs a command, and tells its seconds and the seconds of processors that it took."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL, **options)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"{words}: {time.monotonic() - start:.1f} s, "
          f"{after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime:.1f} core seconds",
          flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--keep", type=pathlib.Path, metavar="FOLDER",
                        help="make the store here, and leave it (default: a temporary folder)")
    folder = parser.parse_args().keep
    program = shutil.which("vaesweep") or ROOT / ".build/release/vaesweep"
    if not pathlib.Path(program).exists():
        sys.exit("deploy/large-store: no vaesweep on the PATH and none built: "
                 "swift build -c release --product vaesweep")
    with tempfile.TemporaryDirectory(prefix="vaesweep-large-") as temporary:
        folder = folder or pathlib.Path(temporary)
        (folder / "images").mkdir(parents=True, exist_ok=True)
        draw = random.Random(1)
        patterns = [[draw.random() for _ in range(64)] for _ in range(10)]
        images(folder / "images", "train-images-idx3-ubyte", "train-labels-idx1-ubyte", 300, draw,
               patterns)
        images(folder / "images", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte", 100, draw,
               patterns)
        (folder / "large.yaml").write_text(SWEEP)
        store = folder / "large.sqlite"
        with open(folder / "summary.txt", "w") as summary:
            timed("20,000 points trained and committed",
                  [program, "run", "large.yaml", "--store", store], cwd=folder, stdout=summary)
        timed("report", [program, "report", store, "--out", folder / "report"],
              stdout=subprocess.DEVNULL)
        page = (folder / "report/index.html").stat().st_size
        print(f"its page: {page / 1e6:.1f} MB")
        with open(folder / "comparisons.csv", "w") as table:
            timed("export --table comparisons", [program, "export", store, "--table", "comparisons"],
                  stdout=table)


if __name__ == "__main__":
    main()
