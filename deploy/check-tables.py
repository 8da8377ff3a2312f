"""Runs the blocks of "The same table elsewhere" in sweeps/README.md on a small sweep, as printed, and
compares their figures with those of `vaesweep summary`: deploy/check-tables."""

import contextlib
import csv
import io
import json
import math
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import duckdb

README = pathlib.Path(__file__).resolve().parent.parent / "sweeps/README.md"
# The second grid diverges: it has lines without figures.
SWEEP = """name: my-sweep
dataset: digits:500:200
grids:
  - {name: fit, grid: {architecture: [784-16-2, 784-16-8-3], sampling: [true, false], seed: 0..2}}
  - {name: diverge, grid: {architecture: 784-8-1, optimizer: sgd, learning_rate: 1e6, seed: 0..1}}
train: {epochs: 2}
"""


def die(text):
    print(f"deploy/check-tables: {text}", file=sys.stderr)
    sys.exit(1)


def run(*command):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True)
    if done.returncode != 0:
        die(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def block(section, language):
    found = re.findall(rf"^```{language}\n(.*?)^```$", section, re.S | re.M)
    if len(found) != 1:
        die(f"{len(found)} blocks of {language}")
    return found[0]


def compare(name, rows, expected):
    """Rows of (architecture, sampling, count, mean, sd), in any order and of any type."""
    ours = {(architecture, sampling in (True, 1, "1", "true")): [float(x) for x in rest]
            for architecture, sampling, *rest in rows if float(rest[0]) > 0}
    if ours.keys() != expected.keys():
        die(f"{name}: {sorted(ours)} and not {sorted(expected)}")
    for key, figures in expected.items():
        for mine, theirs in zip(ours[key], figures, strict=True):
            if not math.isclose(mine, theirs, rel_tol=1e-9):
                die(f"{name}: {key}: {ours[key]}, and the summary has {figures}")


def main():
    vaesweep = pathlib.Path(sys.argv[1]).resolve()
    text = README.read_text()
    section = text[text.index("### The same table elsewhere"):]
    section = section[:section.index("\n## ")]
    with tempfile.TemporaryDirectory(prefix="vaesweep-tables-") as folder:
        os.chdir(folder)
        os.environ["PATH"] = f"{vaesweep.parent}:{os.environ['PATH']}"
        pathlib.Path("my-sweep.yaml").write_text(SWEEP)
        run(vaesweep, "run", "my-sweep.yaml", "--store", "my-sweep.sqlite")
        run("sh", "-euc", block(section, "sh"))
        if '"diverged"' not in pathlib.Path("outcomes.jsonl").read_text():
            die("no run diverged, and the lines of one that did go untested")
        expected = {
            (row["architecture"], row["sampling"]): [row["test_total_last5"][x] for x in ("n", "mean", "sd")]
            for row in json.loads(run(vaesweep, "summary", "my-sweep.sqlite", "--format", "json"))
            if row["ok"] > 0}
        python = block(section, "python")
        for lines in (python, re.sub(r"(?m)^(# Or|import sqlite3|outcomes = pandas\.read_sql).*\n", "", python)):
            variables = {}
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(lines, "README", "exec"), variables)  # pylint: disable=exec-used
            compare("pandas", variables["table"].reset_index().itertuples(index=False), expected)
        pathlib.Path("table.R").write_text(
            block(section, "r") + 'write.csv(do.call(data.frame, table), "r.csv", row.names = FALSE)\n')
        run("Rscript", "table.R")
        with open("r.csv", encoding="utf-8") as file:
            compare("R", list(csv.reader(file))[1:], expected)
        compare("DuckDB", duckdb.sql(block(section, "sql")).fetchall(), expected)
    print(f"pandas, R and DuckDB give the summary's figures of {len(expected)} configurations")


if __name__ == "__main__":
    main()
