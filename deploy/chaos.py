"""Runs a sweep with real processes while they are killed, stopped, cut off and starved, and compares
its table with that of an undisturbed run, bit for bit.

    deploy/chaos [--points 60] [--faults 20] [--coordinator-kills 2] [--seed 1] [--vaesweep PATH]
                 [--invitation] [--firewall]

Faults: SIGKILL, SIGTERM, SIGSTOP past the lease to workers, trainers and the coordinator; links that
are down, let one direction through, lose packets or are slow; a full disk under the store; a memory
limit that kills a trainer. Hosts are network namespaces on a bridge of their own, 10.77.0.x, and
everything between them is encrypted, each worker with a key that was approved. With --invitation
nobody approves anything: the workers come by one string of `keys invite`, and all but the last share
a home, as on a cluster, and so one key. With --firewall the coordinator's host lets in one port and
the workers' hosts nothing: they only dial out.

Needs root; deploy/chaos names the programs that are missing. Everything lives in a process namespace that ends with this
script, however that ends. Points that failed under it (three lost attempts) are tried again at the
end with --retry-failed, in peace.
"""

import argparse
import contextlib
import csv
import ctypes
import json
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
INSIDE = "VAESWEEP_CHAOS_INSIDE"
COORDINATOR = "10.77.0.1"
PORT = 5757
LEASE = 4
STORE_MB = 256
CGROUPS = pathlib.Path("/sys/fs/cgroup/memory")


def die(text, status=1):
    print(f"chaos: {text}", file=sys.stderr)
    sys.exit(status)


def run(*command, check=True, env=None):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, env=env)
    if check and done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}: {done.stderr.strip()}")
    return done


class Host:
    """A network namespace with a name of its own, a folder, and a link to the bridge."""

    def __init__(self, name, number, bridge, scratch):
        self.name, self.address = name, f"10.77.0.{number}"
        self.folder = scratch / name
        self.folder.mkdir()
        # With the keys and what is not acknowledged yet; hosts of a cluster share it.
        self.home = self.folder
        flags = ["--net"] + (["--uts"] if bridge else [])
        self.holder = subprocess.Popen(
            ["unshare", *flags, "sh", "-c", f"{f'hostname {name};' if bridge else ''} echo; read x"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.holder.stdout.readline()
        if bridge is None:
            self.inside("ip", "link", "add", "br0", "type", "bridge")
            self.inside("ip", "link", "set", "br0", "up")
            return
        run("ip", "link", "add", "eth0", "netns", self.holder.pid, "type", "veth",
            "peer", "name", f"v{number}", "netns", bridge.holder.pid)
        bridge.inside("ip", "link", "set", f"v{number}", "master", "br0", "up")
        self.inside("ip", "link", "set", "lo", "up")
        self.inside("ip", "addr", "add", f"{self.address}/24", "dev", "eth0")
        self.inside("ip", "link", "set", "eth0", "up")

    def enter(self):
        return ["nsenter", "--target", str(self.holder.pid), "--net", "--uts"]

    def inside(self, *command, check=True):
        return run(*self.enter(), *command, check=check)

    def environment(self):
        return dict(os.environ, XDG_CACHE_HOME=str(self.home / "cache"),
                    XDG_STATE_HOME=str(self.home / "state"),
                    XDG_CONFIG_HOME=str(self.home / "config"),
                    HOME=str(self.home), OPENBLAS_NUM_THREADS="1")

    def make_key(self, vaesweep, role):
        return run(vaesweep, "keys", "make", "--role", role, env=self.environment()).stdout.strip()

    def let_in(self, *rules):
        """A firewall, in a table that healing does not empty: nothing comes in but what a rule says."""
        for rule in rules:
            self.inside("iptables", "-t", "mangle", "-A", "INPUT", *rule, "-j", "ACCEPT")
        self.inside("iptables", "-t", "mangle", "-A", "INPUT", "-i", "eth0", "-j", "DROP")

    def reaches(self, other, port):
        """Whether a connection from here to a listener there comes about."""
        listener = subprocess.Popen([*other.enter(), sys.executable, "-c", LISTENER, str(port)],
                                    stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            listener.stdout.readline()
            return self.inside(sys.executable, "-c", DIALLER, other.address, port,
                               check=False).returncode == 0
        finally:
            listener.kill()
            listener.wait()

    def heal(self):
        self.inside("iptables", "-F")
        self.inside("tc", "qdisc", "del", "dev", "eth0", "root", check=False)
        self.inside("ip", "link", "set", "eth0", "up")


LISTENER = """import socket, sys
listener = socket.create_server(("0.0.0.0", int(sys.argv[1])))
print(flush=True)
sys.stdin.read()
"""
DIALLER = """import socket, sys
socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=1)
"""


class Program:
    """A vaesweep process on a host, started again whenever it has ended."""

    def __init__(self, host, arguments):
        self.host, self.arguments = host, arguments
        self.log = host.folder / "log"
        self.process = None
        self.restart_at = 0.0
        # Signals this script has sent to the process, and when it was asked to stop.
        self.sent = set()
        self.asked_to_stop = None
        self.starts = 0

    def start(self, *more):
        self.starts += 1
        self.sent = set()
        self.asked_to_stop = None
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [*self.host.enter(), *self.arguments, *more], env=self.host.environment(),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def send(self, number):
        """Whether there was a process to take it."""
        if not self.is_running():
            return False
        self.process.send_signal(number)
        self.sent.add(number)
        return True

    def check_end(self):
        """A process may end by this script's signals, by its own decision to stop, and no other way."""
        status = self.process.returncode
        if -status in self.sent or status == 0 or (status == 130 and signal.SIGTERM in self.sent):
            return
        # A coordinator cannot start while the disk is full.
        if status == 1 and "the disk is full" in self.text()[-2000:]:
            return
        raise RuntimeError(f"{self.host.name} ended with {status}, which nobody asked for")

    def check_stop(self):
        """Exit within seconds of SIGTERM; a minute covers links that are down meanwhile."""
        if self.asked_to_stop and time.monotonic() - self.asked_to_stop > 60:
            state = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")")[1].split()[0]
            if state != "T":
                raise RuntimeError(f"{self.host.name} goes on a minute after SIGTERM")

    def trainers(self):
        if not self.is_running():
            return []
        # Each thread has children of its own.
        found = []
        for path in pathlib.Path(f"/proc/{self.process.pid}/task").glob("*/children"):
            try:
                found += [int(child) for child in path.read_text().split()]
            except OSError:
                pass
        return found

    def text(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""


class Chaos:
    def __init__(self, options, scratch):
        self.options, self.scratch = options, scratch
        self.random = random.Random(options.seed)
        self.counts = {}
        self.undo = []  # (time, action)
        self.pending = []
        self.outcomes = 0
        self.kills_left = options.coordinator_kills
        self.disk = scratch / "store"
        self.disk.mkdir()
        run("mount", "-t", "tmpfs", "-o", f"size={STORE_MB}m", "tmpfs", self.disk)
        self.store = self.disk / "chaos.sqlite"
        self.cgroup = CGROUPS / f"vaesweep-chaos-{options.outer}"
        self.sweep = scratch / "sweep.yaml"
        self.sweep.write_text(SWEEP.format(last=options.points // 2 - 1, epochs=epochs(options.points)))
        self.bridge = Host("bridge", 0, None, scratch)
        host = Host("coordinator", 1, self.bridge, scratch)
        self.coordinator = Program(host, [
            options.vaesweep, "coordinator", self.sweep, "--store", self.store, "--lease",
            f"{LEASE}s", "--bind", f"tcp://{COORDINATOR}:{PORT}"])
        hosts = [Host(f"worker{n}", 10 + n, self.bridge, scratch) for n in range(options.workers)]
        if options.firewall:
            self.raise_firewalls(hosts)
        entrance = self.invite(hosts) if options.invitation else self.approve(hosts)
        self.workers = [
            Program(host, [options.vaesweep, "worker", *entrance, "--slots", "1", "--stay", "--wait",
                           "1h"])
            for host in hosts]

    def approve(self, hosts):
        """Each worker's key by itself; what a worker is told."""
        coordinator = self.coordinator.host
        server_key = coordinator.make_key(self.options.vaesweep, "coordinator")
        for host in hosts:
            key = host.make_key(self.options.vaesweep, "worker")
            run(self.options.vaesweep, "keys", "approve", key, "--role", "worker", "--name",
                host.name, env=coordinator.environment())
        return ["--connect", f"tcp://{COORDINATOR}:{PORT}", "--server-key", server_key]

    def invite(self, hosts):
        """One string, good for just as many keys as there are homes."""
        for host in hosts[1:-1]:
            host.home = hosts[0].home
        invitation = self.scratch / "invitation"
        invitation.touch(mode=0o600)
        invitation.write_text(run(
            self.options.vaesweep, "keys", "invite", "--uses", len(self.homes(hosts)), "--name",
            "cluster", "--endpoint", f"tcp://{COORDINATOR}:{PORT}",
            env=self.coordinator.host.environment()).stdout)
        return ["--join", f"@{invitation}"]

    @staticmethod
    def homes(hosts):
        return {host.home for host in hosts}

    def raise_firewalls(self, hosts):
        coordinator = self.coordinator.host
        coordinator.let_in(["-p", "tcp", "--dport", PORT])
        for host in hosts:
            # Answers to what was dialled from here; a SYN is none.
            host.let_in(["-p", "tcp", "--sport", PORT, "!", "--syn"])
        for here, there, port, expected in [
                (hosts[0], coordinator, PORT, True), (hosts[0], coordinator, PORT + 1, False),
                (coordinator, hosts[0], PORT, False), (hosts[-1], hosts[0], PORT, False)]:
            if here.reaches(there, port) != expected:
                raise RuntimeError(f"{here.name} to port {port} of {there.name}: "
                                   f"{'closed' if expected else 'open'}, against the firewall")

    def check_entrances(self):
        """Everybody came by the invitation, which was used once for each home, and by it alone."""
        hosts = [worker.host for worker in self.workers]
        keys = list(csv.DictReader(run(
            self.options.vaesweep, "keys", "list", "--format", "csv",
            env=self.coordinator.host.environment()).stdout.splitlines()))
        workers = [key for key in keys if key["role"] == "worker"]
        if len(workers) != len(self.homes(hosts)):
            raise RuntimeError(f"{len(workers)} keys of workers for {len(self.homes(hosts))} homes")
        if self.coordinator.text().count("invitation cluster (") < 1:
            raise RuntimeError("no worker came by the invitation")

    # What goes wrong, one method each; `self.later` puts it right again.

    def later(self, seconds, action):
        self.undo.append((time.monotonic() + seconds, action))

    # False where there was nothing to go wrong.

    def kill_worker(self, worker):
        return worker.send(signal.SIGKILL)

    def stop_worker(self, worker):
        if not worker.send(signal.SIGTERM):
            return False
        worker.asked_to_stop = worker.asked_to_stop or time.monotonic()
        return True

    def freeze_worker(self, worker):
        if not worker.send(signal.SIGSTOP):
            return False
        self.later(self.random.uniform(0.2, 2 * LEASE), lambda: worker.send(signal.SIGCONT))
        return True

    def kill_trainer(self, worker):
        return self.signal_trainer(worker, signal.SIGKILL) is not None

    def freeze_trainer(self, worker):
        child = self.signal_trainer(worker, signal.SIGSTOP)
        if child:
            self.later(self.random.uniform(0.2, LEASE), lambda: quietly(child, signal.SIGCONT))
        return child is not None

    def signal_trainer(self, worker, number):
        children = worker.trainers()
        if children:
            quietly(children[0], number)
        return children[0] if children else None

    def starve_trainer(self, worker):
        """The next page it touches beyond what it has kills it, as on a host that is too small."""
        children = worker.trainers()
        if not children or not CGROUPS.is_dir():
            return False
        self.cgroup.mkdir(exist_ok=True)
        (self.cgroup / "memory.limit_in_bytes").write_text("65536")
        try:
            (self.cgroup / "cgroup.procs").write_text(str(children[0]))
        except OSError:
            return False
        return True

    def cut_link(self, worker):
        worker.host.inside("ip", "link", "set", "eth0", "down")
        self.later(self.random.uniform(0.2, 2 * LEASE), worker.host.heal)

    def cut_one_way(self, worker):
        chain, side = self.random.choice([("INPUT", "-s"), ("OUTPUT", "-d")])
        worker.host.inside("iptables", "-A", chain, side, COORDINATOR, "-j", "DROP")
        self.later(self.random.uniform(0.2, 2 * LEASE), worker.host.heal)

    def lose_packets(self, worker):
        for chain in ("INPUT", "OUTPUT"):
            worker.host.inside("iptables", "-A", chain, "-m", "statistic", "--mode", "random",
                               "--probability", "0.3", "-j", "DROP")
        self.later(self.random.uniform(1, 2 * LEASE), worker.host.heal)

    def slow_link(self, worker):
        worker.host.inside("tc", "qdisc", "replace", "dev", "eth0", "root", "tbf", "rate",
                           "100kbit", "burst", "4kb", "latency", "400ms")
        self.later(self.random.uniform(1, 2 * LEASE), worker.host.heal)

    def fill_disk(self, _):
        filler = self.disk / "filler"
        # Unbuffered: what a buffer keeps would fail once more when the file is closed.
        with open(filler, "ab", buffering=0) as file:
            try:
                while True:
                    file.write(b"0" * 65536)
            except OSError:
                pass
        self.later(self.random.uniform(0.5, LEASE), lambda: filler.unlink(missing_ok=True))

    def freeze_coordinator(self, _):
        if not self.coordinator.send(signal.SIGSTOP):
            return False
        self.later(self.random.uniform(0.2, 1.5 * LEASE),
                   lambda: self.coordinator.send(signal.SIGCONT))
        return True

    def stop_coordinator(self, _):
        return self.coordinator.send(signal.SIGTERM)

    def kill_coordinator(self, _):
        return self.coordinator.send(signal.SIGKILL)

    def draw(self):
        """Decides on the next fault."""
        faults_left = self.options.faults - self.drawn()
        if self.kills_left > 0 and self.random.random() < self.kills_left / faults_left:
            self.kills_left -= 1
            fault = self.kill_coordinator
        else:
            # By far the most of them are workers and their links; the coordinator has its own count.
            fault = self.random.choice(
                3 * [self.kill_worker, self.stop_worker, self.freeze_worker, self.kill_trainer,
                     self.freeze_trainer, self.starve_trainer, self.cut_link, self.cut_one_way,
                     self.lose_packets, self.slow_link]
                + [self.fill_disk, self.freeze_coordinator, self.stop_coordinator])
        self.pending.append(fault)

    def drawn(self):
        return sum(self.counts.values()) + len(self.pending)

    def inject(self):
        """Lets happen what can: a trainer that is not there yet is killed when it is."""
        for fault in list(self.pending):
            order = self.random.sample(self.workers, len(self.workers))
            if any(fault(worker) is not False for worker in order):
                self.pending.remove(fault)
                self.counts[fault.__name__] = self.counts.get(fault.__name__, 0) + 1

    # The run.

    def settled(self):
        """Outcomes in the store, as last seen: its own lines come too rarely to keep step with."""
        try:
            with contextlib.closing(
                    sqlite3.connect(f"file:{self.store}?mode=ro", uri=True, timeout=0)) as store:
                self.outcomes = store.execute("SELECT count(*) FROM outcomes").fetchone()[0]
        except sqlite3.Error:
            pass
        return self.outcomes

    def keep_running(self):
        """Starts what has ended; heals what is due. Whether the sweep is complete."""
        now = time.monotonic()
        due = [action for at, action in self.undo if at <= now]
        self.undo = [(at, action) for at, action in self.undo if at > now]
        for action in due:
            action()
        reap({p.process.pid for p in [self.coordinator, *self.workers] if p.process})
        for program in [self.coordinator, *self.workers]:
            if program.is_running():
                program.restart_at = 0
                program.check_stop()
                continue
            if program.process and program is self.coordinator:
                if program.process.returncode in (0, 3):
                    return True
            if program.process and program.restart_at == 0:
                program.check_end()
            if program.restart_at == 0:
                program.restart_at = now + self.random.uniform(0, 1)
            if now >= program.restart_at:
                program.start()
        return False

    def heal_everything(self):
        for _, action in self.undo:
            action()
        self.undo = []
        for worker in self.workers:
            worker.host.heal()

    def disturb(self):
        """Faults in step with progress, so that they are spread over the whole sweep."""
        done, last = False, 0.0
        while not done:
            done = self.keep_running()
            count = self.drawn()
            wanted = self.options.faults * (self.settled() + 1) / (0.9 * self.options.points)
            now = time.monotonic()
            if count < self.options.faults and (
                    count < wanted and now - last > 0.1 or now - last > 3):
                last = now
                self.draw()
            self.inject()
            time.sleep(0.05)

    def finish(self):
        """What failed for good under all this is tried again in peace."""
        self.heal_everything()
        for _ in range(5):
            if self.coordinator.process.returncode == 0:
                return
            self.counts["retried"] = self.counts.get("retried", 0) + 1
            self.coordinator.start("--retry-failed")
            while not (self.coordinator.process.poll() is not None and self.keep_running()):
                if not self.coordinator.is_running():
                    break
                self.keep_running()
                time.sleep(0.1)
        if self.coordinator.process.returncode != 0:
            raise RuntimeError(f"points stay failed in peace:\n{self.coordinator.text()[-2000:]}")

    def compare(self, reference):
        ours, theirs = table(self.options.vaesweep, self.store), table(
            self.options.vaesweep, reference)
        if len(ours) != self.options.points:
            raise RuntimeError(f"{len(ours)} outcomes of {self.options.points} points")
        for mine, other in zip(ours, theirs, strict=True):
            if mine != other:
                raise RuntimeError(f"the tables differ:\n{mine}\n{other}")
        with contextlib.closing(sqlite3.connect(self.store)) as store:
            faults = store.execute("SELECT count(*) FROM faults").fetchone()[0]
        if faults:
            raise RuntimeError(f"{faults} faults on record: a result differed from another")


SWEEP = """name: chaos
dataset: digits:400:100
grid:
  architecture: [784-4-1, 784-16-8-2]
  seed: 0..{last}
train: {{epochs: {epochs}, batch_size: 20, limit: 200}}
"""


def epochs(points):
    """Few points are long ones, so that a fault meets them under way."""
    return min(200, max(12, 48_000 // points))


def table(vaesweep, store):
    """Every outcome in the order of the keys, without what is promised equal to nothing."""
    rows = [json.loads(line) for line in
            run(vaesweep, "export", store, "--format", "jsonl", "--history").stdout.splitlines()]
    for row in rows:
        row.pop("receipt", None)
    return [json.dumps(row, sort_keys=True) for row in rows]


def quietly(process, number):
    try:
        os.kill(process, number)
    except ProcessLookupError:
        pass


def reap(own):
    """Trainers whose worker was killed are this script's to bury."""
    while True:
        try:
            found = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return
        if found is None or found.si_pid in own:
            return
        try:
            os.waitpid(found.si_pid, os.WNOHANG)
        except ChildProcessError:
            pass


def undisturbed(options, scratch):
    """The same sweep on this machine alone."""
    store = scratch / "reference.sqlite"
    folder = scratch / "reference"
    folder.mkdir()
    environment = dict(os.environ, XDG_CACHE_HOME=str(folder / "cache"),
                       XDG_STATE_HOME=str(folder / "state"), HOME=str(folder))
    sweep = scratch / "reference.yaml"
    sweep.write_text(SWEEP.format(last=options.points // 2 - 1, epochs=epochs(options.points)))
    run("ip", "link", "set", "lo", "up")
    done = subprocess.run([options.vaesweep, "run", sweep, "--store", store], env=environment,
                          capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"the undisturbed run ended with {done.returncode}: {done.stderr[-2000:]}")
    return store


def inside(options):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(130))
    scratch = pathlib.Path(options.scratch)
    chaos = None
    start = time.monotonic()
    try:
        reference = undisturbed(options, scratch)
        quiet = time.monotonic() - start
        chaos = Chaos(options, scratch)
        chaos.disturb()
        chaos.finish()
        chaos.compare(reference)
        if options.invitation:
            chaos.check_entrances()
    except Exception as error:  # pylint: disable=broad-except
        print(f"chaos: seed {options.seed}: {error}", file=sys.stderr)
        for program in [chaos.coordinator, *chaos.workers] if chaos else []:
            print(f"-- {program.host.name}\n{program.text()[-1500:]}", file=sys.stderr)
        return 1
    finally:
        if chaos and chaos.cgroup.is_dir():
            for process in (chaos.cgroup / "cgroup.procs").read_text().split():
                quietly(int(process), signal.SIGKILL)
            time.sleep(0.2)
            try:
                chaos.cgroup.rmdir()
            except OSError:
                pass
    seconds = time.monotonic() - start
    kinds = ", ".join(f"{name} {count}" for name, count in sorted(chaos.counts.items()))
    faults = sum(count for name, count in chaos.counts.items() if name != "retried")
    print(f"{options.points} points, {faults} faults ({kinds or 'none asked for'}), {chaos.coordinator.starts} starts of "
          f"the coordinator and {sum(w.starts for w in chaos.workers)} of workers: the table is the "
          f"undisturbed run's, bit for bit ({seconds:.0f} s, {quiet:.0f} s of them undisturbed)")
    return 0


def main():
    parser = argparse.ArgumentParser(
        prog="deploy/chaos", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=60)
    parser.add_argument("--faults", type=int, default=20)
    parser.add_argument("--coordinator-kills", type=int, default=2)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--invitation", action="store_true")
    parser.add_argument("--firewall", action="store_true")
    parser.add_argument("--vaesweep", default=str(ROOT / ".build/release/vaesweep"))
    parser.add_argument("--scratch", help=argparse.SUPPRESS)
    parser.add_argument("--outer", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.points < 2 or options.points % 2:
        die("--points must be even: there are two architectures", 2)
    if os.environ.get(INSIDE):
        sys.exit(inside(options))
    if os.geteuid() != 0:
        die("namespaces, mounts and limits need root")
    if not os.access(options.vaesweep, os.X_OK):
        die(f"there is no {options.vaesweep}: swift build -c release", 2)
    scratch = tempfile.mkdtemp(prefix="vaesweep-chaos-")
    # A process namespace ends whole with its first process, and a mount namespace with its last.
    child = subprocess.Popen(
        ["unshare", "--mount", "--pid", "--net", "--fork", "--kill-child", "--mount-proc",
         sys.executable, __file__, *sys.argv[1:], "--scratch", scratch, "--outer", str(os.getpid())],
        env=dict(os.environ, **{INSIDE: "1"}),
        preexec_fn=lambda: ctypes.CDLL(None).prctl(1, signal.SIGKILL))
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    try:
        status = child.wait()
    except KeyboardInterrupt:
        child.terminate()
        status = child.wait()
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    sys.exit(status)


if __name__ == "__main__":
    main()
