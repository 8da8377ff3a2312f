"""Has a real Prometheus scrape a real sweep, and asks it what the alerts and the Grafana dashboard ask.

    deploy/check-prometheus [--vaesweep PATH]

Seen to hold: the files under deploy/prometheus pass promtool, and each alert fires when it should; the metrics
pass promtool, have the names and types that are promised, and no more series at the end of a sweep than at its
start; every expression of alerts and dashboard is answered, from metrics that exist.

All of it on loopback, in a temporary folder; the processes end with this script.
"""

import argparse
import json
import pathlib
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
RULES = ROOT / "deploy/prometheus"
DASHBOARD = ROOT / "deploy/grafana/vaesweep.json"
POINTS = 16
PATIENCE = 120  # seconds for anything that is waited for

TYPES = {
    "vaesweep_points": "gauge",
    "vaesweep_workers": "gauge",
    "vaesweep_slots": "gauge",
    "vaesweep_outcomes_total": "counter",
    "vaesweep_attempts_lost_total": "counter",
    "vaesweep_images_trained_total": "counter",
    "vaesweep_point_duration_seconds": "histogram",
    "vaesweep_commit_duration_seconds": "histogram",
    "vaesweep_refused_messages_total": "counter",
    "vaesweep_faults_total": "counter",
    "vaesweep_last_commit_timestamp_seconds": "gauge",
    "vaesweep_build_info": "gauge",
}
LABELS = {
    "vaesweep_points": {"state": "ok diverged failed cancelled running waiting"},
    "vaesweep_workers": {"state": "training idle drained"},
    "vaesweep_slots": {"state": "training idle drained"},
    "vaesweep_outcomes_total": {"status": "ok diverged"},
    "vaesweep_attempts_lost_total": {
        "reason": "trainer_exit trainer_signal worker_lost hung host"
    },
    "vaesweep_faults_total": {"kind": "outcome artifact audit"},
}


def die(text):
    print(f"check-prometheus: {text}", file=sys.stderr)
    sys.exit(1)


def tool(*command, **options):
    done = subprocess.run(
        [str(c) for c in command], capture_output=True, text=True, **options)
    if done.returncode != 0:
        die(f"{' '.join(map(str, command))}:\n{done.stdout}{done.stderr}")


def wait_for(what, ask):
    """What `ask` returns, as soon as it is something."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if answer := ask():
            return answer
        time.sleep(0.1)
    die(f"no {what} within {PATIENCE} s")


class Program:
    """A process that writes its standard error to a file, and ends with this script."""

    started = []

    def __init__(self, folder, *command):
        self.log = folder / f"{len(Program.started)}.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [str(c) for c in command], cwd=folder, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log)
        Program.started.append(self)

    def said(self, pattern):
        def ask():
            if found := re.search(pattern, self.log.read_text()):
                return found.group(1)
            if self.process.poll() is not None:
                die(f"{self.process.args[0]} has ended:\n{self.log.read_text()}")
        return wait_for(f"'{pattern}'", ask)

    @classmethod
    def end_all(cls):
        for program in reversed(cls.started):
            program.process.terminate()
        for program in cls.started:
            try:
                program.process.wait(15)
            except subprocess.TimeoutExpired:
                program.process.kill()
                program.process.wait()


class Prometheus:
    def __init__(self, folder, target, token):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{probe.getsockname()[1]}"
        (folder / "token").write_text(token)
        # The files that are to be copied, with another target and every second.
        text = (RULES / "prometheus.yaml").read_text()
        for old, new in [
            ("15s", "1s"), ("[alerts.yaml]", f"[{RULES}/alerts.yaml]"),
            ("127.0.0.1:8757", target),
            ("# authorization: {credentials_file: /etc/prometheus/vaesweep-token}",
             f"authorization: {{credentials_file: {folder}/token}}"),
        ]:
            if old not in text:
                die(f"prometheus.yaml no longer says {old}")
            text = text.replace(old, new)
        (folder / "prometheus.yaml").write_text(text)
        Program(
            folder, "prometheus", f"--config.file={folder}/prometheus.yaml",
            f"--storage.tsdb.path={folder}/tsdb", f"--web.listen-address={self.address}")
        wait_for("Prometheus", lambda: self.ask("query", query="1", must=False))

    def ask(self, path, must=True, **query):
        url = f"http://{self.address}/api/v1/{path}?{urllib.parse.urlencode(query)}"
        try:
            with urllib.request.urlopen(url, timeout=30) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            if must:
                die(f"{query or path}: {error.read().decode()}")
        except OSError as error:
            if must:
                die(f"{query or path}: {error}")

    def query(self, text):
        return self.ask("query", query=text)["result"]

    def number(self, text):
        found = self.query(text)
        return float(found[0]["value"][1]) if found else None


def check_metrics(prometheus, folder, text):
    (folder / "metrics").write_text(text)
    with (folder / "metrics").open() as metrics:
        tool("promtool", "check", "metrics", stdin=metrics)
    told = {
        name: known[0]["type"] for name, known in prometheus.ask("metadata").items()
        if name.startswith("vaesweep_")
    }
    if told != TYPES:
        die(f"metrics and types: {sorted(told.items() ^ TYPES.items())}")
    for name, labels in LABELS.items():
        for label, values in labels.items():
            found = {series["metric"][label] for series in prometheus.query(name)}
            if found != set(values.split()):
                die(f"{name}: {label} is {sorted(found)}")


def dashboard_expressions():
    dashboard = json.loads(DASHBOARD.read_text())
    for panel in dashboard["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["expr"]


def check_expressions(prometheus):
    groups = wait_for(
        "evaluated alerts", lambda: [
            g for g in prometheus.ask("rules")["groups"]
            if all(rule["health"] != "unknown" for rule in g["rules"])])
    asked = [(rule["name"], rule["query"]) for group in groups for rule in group["rules"]]
    for group in groups:
        for rule in group["rules"]:
            if rule["health"] != "ok" or rule["state"] != "inactive":
                die(f"alert {rule['name']}: {rule['health']}, {rule['state']} {rule.get('lastError', '')}")
    asked += list(dashboard_expressions())
    for title, text in asked:
        for variable, value in [
            ("$job", ".+"), ("$instance", ".+"), ("$__rate_interval", "30s")
        ]:
            text = text.replace(variable, value)
        if "$" in text:
            die(f"{title}: an unknown variable in {text}")
        for name in re.findall(r"\bvaesweep_\w+", text):
            if re.sub("_bucket$", "", name) not in TYPES:
                die(f"{title}: there is no {name}")
        found = prometheus.query(text)
        # A comparison leaves out what it does not hold for.
        if not found and not re.search(r"[<>=]=? *[0-9.]+$|^up|== 0| > ", text):
            die(f"{title}: nothing comes of {text}")
        if any(series["value"][1] == "NaN" for series in found):
            die(f"{title}: no number comes of {text}")
    return len(asked)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--vaesweep", help="the binary; default: that of the release build")
    binary = parser.parse_args().vaesweep
    if binary is None:
        shown = subprocess.run(
            ["swift", "build", "-c", "release", "--show-bin-path"], cwd=ROOT,
            capture_output=True, text=True, check=True).stdout.strip()
        binary = f"{shown}/vaesweep"
    tool("promtool", "check", "config", RULES / "prometheus.yaml")
    tool("promtool", "check", "rules", RULES / "alerts.yaml")
    tool("promtool", "test", "rules", RULES / "alerts_test.yaml")

    with tempfile.TemporaryDirectory(prefix="vaesweep-prometheus-") as name:
        folder = pathlib.Path(name)
        (folder / "small.yaml").write_text(
            "name: small\ndataset: digits:2000:500\n"
            "grid: {architecture: [784-16-2, 784-16-8-3], seed: 0..7}\ntrain: {epochs: 20}\n")
        try:
            token = secrets.token_hex(16)
            coordinator = Program(
                folder, binary, "coordinator", "small.yaml", "--store", "small.sqlite", "--bind",
                "tcp://127.0.0.1:*", "--http", "127.0.0.1:0", "--http-token", token, "--linger",
                "1h")
            target = coordinator.said(r"to look at it[^\n]*: http://([^/\n]*)/")
            endpoint = coordinator.said(r"waiting for workers at (\S+)")
            prometheus = Prometheus(folder, target, token)
            count = 'count({__name__=~"vaesweep_.+"})'
            before = wait_for("series", lambda: prometheus.number(count))
            Program(folder, binary, "worker", "--connect", endpoint, "--slots", "1")
            wait_for(
                "end of the sweep",
                lambda: prometheus.number('sum(vaesweep_outcomes_total)') == POINTS)
            # A rate needs what was there before and after.
            wait_for(
                "rate",
                lambda: prometheus.number("sum(rate(vaesweep_point_duration_seconds_count[30s]))"))
            targets = prometheus.ask("targets")["activeTargets"]
            if [t["health"] for t in targets] != ["up"] or targets[0]["lastError"]:
                die(f"the target is {targets}")
            request = urllib.request.Request(
                f"http://{target}/metrics", headers={"Authorization": f"Bearer {token}"})
            with urllib.request.urlopen(request, timeout=30) as answer:
                check_metrics(prometheus, folder, answer.read().decode())
            after = prometheus.number(count)
            if before != after:
                die(f"{before:.0f} series became {after:.0f}")
            asked = check_expressions(prometheus)
        finally:
            Program.end_all()
    print(
        f"Prometheus scraped {POINTS} points in {after:.0f} series from start to end, and answered "
        f"{asked} expressions of alerts and dashboard")


main()
