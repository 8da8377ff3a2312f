"""Runs a sweep by 'vaesweep launch slurm' on a real Slurm of three nodes (deploy/slurm-cluster) while its
jobs are ended in every way, and compares its results with those of an undisturbed run.

    deploy/check-slurm [--long] [--vaesweep PATH] [--keep]

What happens: jobs reach their time limit, are cancelled, requeued, preempted by a partition that goes
first; a node is killed with all it runs (SIGKILL) and comes back; the launch is killed and started
anew; sbatch and squeue hang (after they have done their work, or before), lie, and forget, by a shim
in front of them. --long: 50 preempted jobs, 10 hung calls, a lost node now and then; some 20 minutes.

The sweep is extended while something is still to happen, however fast the machine is. In the end: every
point done, no failure on record, never more jobs than allowed, nothing left in the
queue, and the results those of a run without Slurm, field by field. Needs root.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
CLUSTER = ROOT / "deploy" / "slurm-cluster"
MAX_JOBS = 4
# Until a batch job has run for BatchStartTimeout and MessageTimeout (10 and 5 s here), Slurm does not miss
# it on a node that comes back: it is lost only with the node's next report, which may come after its end.
MISSED_AFTER = 20

SHIM = """#!/bin/sh
# What the next call of {name} comes to is in a file, which is used up.
order=
if mv '{folder}/{name}' '{folder}/{name}.taken' 2>/dev/null; then order=$(cat '{folder}/{name}.taken'); fi
case $order in
  hang-before) echo "{name} $order" >>'{folder}/done'; exec sleep 600 ;;
  hang-after) '{real}' "$@" >/dev/null; echo "{name} $order" >>'{folder}/done'; exec sleep 600 ;;
  forget) echo "{name} $order" >>'{folder}/done'; exit 0 ;;
  lie) '{real}' "$@" >/dev/null; echo "{name} $order" >>'{folder}/done'; echo 'all is well'; exit 0 ;;
  fail) echo "{name} $order" >>'{folder}/done'
    echo '{name}: error: Slurm temporarily unable to accept job, sleeping and retrying' >&2; exit 1 ;;
esac
exec '{real}' "$@"
"""


def say(text):
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


class Failed(Exception):
    pass


def run(*command, check=True, env=None, timeout=120):
    done = subprocess.run(
        [str(c) for c in command], capture_output=True, text=True, env=env, timeout=timeout)
    if check and done.returncode != 0:
        raise Failed(f"{' '.join(map(str, command))}: {done.stderr.strip() or done.stdout.strip()}")
    return done


def until(what, condition, seconds=180):
    """Waits for a state, not for a time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.2)
    raise Failed(f"{what} did not come about within {seconds} s")


def seconds_run(text):
    """Slurm's time of a job, such as 1-02:03:04 or 0:07, in seconds; a job that never ran has none."""
    if not re.fullmatch(r"(\d+-)?(\d+:)*\d+", text):
        return 0
    days, _, clock = text.rpartition("-")
    seconds = 0
    for part in clock.split(":"):
        seconds = seconds * 60 + int(part)
    return seconds + 86400 * int(days or 0)


class Check:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.binary = options.vaesweep
        self.shim = folder / "shim"
        self.processes = []
        self.lines = []
        self.most = 0
        self.env = {**os.environ, "SLURM_CONF": str(folder / "cluster" / "slurm.conf"),
                    **{f"XDG_{kind}_HOME": str(folder / kind.lower())
                       for kind in ("CONFIG", "STATE", "CACHE")}}
        self.env.pop("VAESWEEP_DATA", None)
        self.slurm = dict(self.env)

    # What is tested.

    def start_cluster(self):
        run(CLUSTER, "start", self.folder / "cluster")
        self.shim.mkdir()
        for name in ("sbatch", "squeue", "scancel"):
            path = self.shim / name
            path.write_text(SHIM.format(name=name, folder=self.folder, real=shutil.which(name)))
            path.chmod(0o755)
        (self.folder / "done").touch()
        self.env["PATH"] = f"{self.shim}:{os.environ['PATH']}"

    def write_sweep(self, points, epochs):
        (self.folder / "sweep.yaml").write_text(
            "name: on-slurm\ndataset: digits\ngrid:\n  architecture: [784-64-16-4]\n"
            f"  seed: 0..{points - 1}\ntrain:\n  epochs: {epochs}\n  limit: 2000\n")

    def start_coordinator(self):
        port = 30000 + os.getpid() % 20000
        addresses = run("hostname", "-I", check=False).stdout.split()
        address = next((a for a in addresses if "." in a), None)
        # With keys and an invitation where this machine has an address for that.
        bind = f"tcp://*:{port}" if address else f"tcp://127.0.0.1:{port}"
        self.connect = f"tcp://{address or '127.0.0.1'}:{port}"
        self.coordinator = self.spawn(
            "coordinator", "sweep.yaml", "--store", "slurm.sqlite", "--bind", bind,
            "--checkpoint-every", "2s", log="coordinator.log")

    def spawn(self, *arguments, log):
        process = subprocess.Popen(
            [self.binary, *arguments], cwd=self.folder, env=self.env, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=(self.folder / log).open("ab"))
        self.processes.append(process)
        return process

    def start_launch(self, *options):
        self.launch = self.spawn(
            "launch", "slurm", "--connect", self.connect, "--slots", "1", "--time-limit", "1m",
            "--max-jobs", str(MAX_JOBS), "--idle", "20s", "--poll", "2s", "--deadline", "6s", "--",
            "-c", "2", *options, log="launch.log")

    # What is seen.

    def said(self, text):
        return (self.folder / "launch.log").read_text(errors="replace").count(text)

    def jobs(self, states="R", seconds=0):
        """Jobs of the launch by number, with where they are; those that have run for so many seconds."""
        done = run("squeue", "--noheader", f"--states={states}", "--format=%i %j %N %M",
                   check=False, env=self.slurm)
        rows = [line.split(" ") for line in done.stdout.splitlines()]
        return {int(row[0]): row[2] for row in rows
                if row[1].startswith("vaesweep-") and seconds_run(row[3]) >= seconds}

    def query(self, sql):
        if not (self.folder / "slurm.sqlite").exists():
            return 0
        store = sqlite3.connect(f"file:{self.folder}/slurm.sqlite?mode=ro", uri=True, timeout=30)
        try:
            return store.execute(sql).fetchone()[0]
        except sqlite3.OperationalError:
            # It has no tables yet.
            return 0
        finally:
            store.close()

    def outcomes(self):
        return self.query("SELECT count(*) FROM outcomes")

    def training(self, seconds=0):
        """A job whose worker has taken up training, by its log; None without one."""
        if self.launch.poll() is not None:
            raise Failed("the sweep was over too soon")
        running = self.jobs(seconds=seconds)
        for job in sorted(running, reverse=True):
            log = self.folder / "vaesweep-slurm" / f"{job}.log"
            if log.exists() and "joining sweep" in log.read_text(errors="replace"):
                return job, running[job]
        return None

    def watch(self):
        while not self.over.wait(1):
            self.most = max(self.most, len(self.jobs("PD,R,CG")))
            if self.grows and self.outcomes() + 16 > self.points:
                self.extend()

    def extend(self):
        """However fast this machine is: while something is still to happen there is something to train."""
        more = self.points + 24
        self.write_sweep(more, 50)
        key = re.search(r"--server-key ([0-9a-f]{64})", (self.folder / "coordinator.log").read_text())
        ordered = run(self.binary, "control", "extend", self.folder / "sweep.yaml", "--connect",
                      self.connect, *(["--server-key", key[1]] if key else []), check=False,
                      env=self.env)
        if ordered.returncode == 0:
            self.points = more
        else:
            self.write_sweep(self.points, 50)
            say(f"not extended: {ordered.stderr.strip()}")

    # What happens to it.

    def order(self, program, order):
        before = (self.folder / "done").read_text()
        (self.folder / program).write_text(order)
        until(f"{program} {order}", lambda: (self.folder / "done").read_text() != before)
        say(f"{program}: {order}")

    def cancel(self):
        job, _ = until("a job that trains", self.training)
        run("scancel", job, env=self.slurm)
        until(f"word of job {job}", lambda: self.said(f"job {job} was cancelled, not by this program"))
        say(f"job {job} cancelled by somebody")

    def lose_node(self):
        job, node = until("a job that has trained for a while", lambda: self.training(MISSED_AFTER))
        run(CLUSTER, "kill-node", self.folder / "cluster", node, check=False)
        say(f"node {node} lost with job {job}")
        time.sleep(1)
        run(CLUSTER, "start-node", self.folder / "cluster", node)
        until(f"word of job {job}",
              lambda: self.said(f"job {job} was lost with its node")
              + self.said(f"job {job} was requeued by Slurm"))

    def preempt(self):
        until("a job that trains", self.training)
        before = self.preempted()
        urgent = run("sbatch", "--parsable", "-p", "urgent", "-N3", "--exclusive", "-o", "/dev/null",
                     "--wrap", "sleep 2", env=self.slurm).stdout.strip()
        until("a preemption", lambda: self.preempted() > before)
        until("the end of the urgent job", lambda: not run(
            "squeue", "--noheader", "--states=PD,R,CG", f"--jobs={urgent}", check=False,
            env=self.slurm).stdout.strip())
        say(f"{self.preempted() - before} jobs preempted")

    def preempted(self):
        return self.said("was preempted") + self.said("was requeued by Slurm")

    def requeue(self):
        job, _ = until("a job that trains", self.training)
        run("scontrol", "requeue", job, env=self.slurm)
        until(f"word of job {job}", lambda: self.said(f"job {job} was requeued by Slurm"))
        say(f"job {job} requeued")

    def restart_launch(self, *options):
        self.launch.kill()
        self.launch.wait()
        self.start_launch(*options)
        until("jobs found again", lambda: self.said("found job"))
        say("the launch was killed and started anew")

    # The two forms.

    def disturb(self):
        self.start_launch("--requeue")
        until("a first outcome", lambda: self.outcomes() > 0)
        self.requeue()
        self.order("sbatch", "hang-after")
        self.order("squeue", "hang-before")
        self.restart_launch()
        self.cancel()
        self.order("squeue", "forget")
        self.lose_node()
        self.order("squeue", "lie")
        self.preempt()
        self.order("squeue", "fail")

    def disturb_long(self):
        self.start_launch()
        until("a first outcome", lambda: self.outcomes() > 0)
        hung = 0
        while self.preempted() < 50:
            self.preempt()
            if hung < 10:
                self.order(*(("squeue", "hang-before"), ("sbatch", "hang-after"))[hung % 2])
                hung += 1
            if hung % 4 == 3:
                self.lose_node()
            if hung == 6:
                self.restart_launch()
            say(f"{self.preempted()} preempted, {hung} hung, {self.outcomes()} done")
        if hung < 10:
            raise Failed(f"only {hung} calls hung")

    def go(self):
        self.start_cluster()
        self.points = self.options.points
        self.write_sweep(self.points, 50)
        self.start_coordinator()
        # Beside it, the same with nothing to disturb it.
        self.reference = self.spawn(
            "run", "sweep.yaml", "--store", "reference.sqlite", "--workers", str(os.cpu_count()),
            log="reference.log")
        self.over, self.grows = threading.Event(), True
        watcher = threading.Thread(target=self.watch)
        watcher.start()
        begin = time.monotonic()
        try:
            self.disturb_long() if self.options.long else self.disturb()
            # Jobs run into their time limit of a minute as long as there is work.
            until("a time limit that is reached", lambda: "has reached its time limit" in (
                self.folder / "launch.log").read_text(errors="replace"))
            self.grows = False
            say(f"left in peace with {self.outcomes()} of {self.points} done")
            status = self.launch.wait(timeout=3600)
            self.coordinator.wait(timeout=60)
        finally:
            self.over.set()
            watcher.join()
        say(f"the sweep took {time.monotonic() - begin:.0f} s")
        self.judge(status)

    def judge(self, status):
        log = (self.folder / "launch.log").read_text(errors="replace")
        wrong = []
        if status != 0 or "the sweep is complete" not in log:
            wrong.append(f"the launch ended with {status}")
        if self.outcomes() != self.points:
            wrong.append(f"{self.outcomes()} of {self.points} points have an outcome")
        if charged := self.query("SELECT count(*) FROM failures"):
            wrong.append(f"{charged} attempts were charged to their points")
        if self.most > MAX_JOBS:
            wrong.append(f"{self.most} jobs at once, of {MAX_JOBS}")
        if left := self.jobs("PD,R,CG"):
            wrong.append(f"left in the queue: {left}")
        if "has reached its time limit" not in log:
            wrong.append("no job reached its time limit")
        secret = [path for path in (self.folder / "vaesweep-slurm").glob("*.log")
                  if "vsi1." in path.read_text(errors="replace")]
        if secret or "vsi1." in log:
            wrong.append("an invitation stands in a log")
        if self.finish_reference():
            wrong.append(f"the undisturbed run: {(self.folder / 'reference.log').read_text()[-300:]}")
        results = [self.results(name) for name in ("slurm.sqlite", "reference.sqlite")]
        if results[0] != results[1]:
            wrong.append("the results differ from those of an undisturbed run")
        if wrong:
            raise Failed("; ".join(wrong))
        attempts, released = (self.query(f"SELECT count(*) FROM {t}") for t in ("attempts", "releases"))
        say(f"passed: {self.points} points in {attempts} attempts, {released} of them handed back or lost "
            f"with their job and none charged, {self.preempted()} jobs preempted or requeued, at most "
            f"{self.most} jobs at once; results equal those of an undisturbed run")

    def finish_reference(self):
        """Alone, now that the other is over: what is done is not done again."""
        if self.reference.poll() is None:
            self.reference.send_signal(signal.SIGTERM)
            self.reference.wait(timeout=60)
        self.env["PATH"] = os.environ["PATH"]
        self.reference = self.spawn(
            "run", "sweep.yaml", "--store", "reference.sqlite", log="reference.log")
        return self.reference.wait(timeout=3600)

    def results(self, name):
        """Every outcome as it is exported, without its receipt, which is promised equal to nothing."""
        lines = run(self.binary, "export", self.folder / name, "--format", "jsonl", "--history",
                    env=self.env, timeout=600).stdout.splitlines()
        outcomes = [json.loads(line) for line in lines]
        for outcome in outcomes:
            outcome.pop("receipt", None)
        return outcomes

    def stop(self):
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
        run(CLUSTER, "stop", self.folder / "cluster", check=False)


def main():
    parser = argparse.ArgumentParser(
        prog="deploy/check-slurm", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--long", action="store_true", help="50 preemptions, 10 hung calls")
    parser.add_argument("--vaesweep", help="the program (default: the release build)")
    parser.add_argument("--points", type=int, default=40, help="points that the sweep begins with")
    parser.add_argument("--keep", action="store_true", help="keep the folder")
    options = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("deploy/check-slurm: slurmd starts jobs as their users: run it as root")
    if not options.vaesweep:
        where = run("swift", "build", "-c", "release", "--show-bin-path").stdout.strip()
        options.vaesweep = f"{where}/vaesweep"
    options.vaesweep = os.path.abspath(options.vaesweep)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="vaesweep-slurm-"))
    folder.chmod(0o755)
    check = Check(options, folder)
    try:
        check.go()
    except (Failed, subprocess.TimeoutExpired) as problem:
        for name in ("launch.log", "coordinator.log"):
            if (folder / name).exists():
                print(f"--- {name}", *(folder / name).read_text(errors="replace").splitlines()[-40:], sep="\n")
        sys.exit(f"deploy/check-slurm: {problem}")
    finally:
        check.stop()
        if options.keep:
            say(f"kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
main()
