"""Checks the units of deploy/systemd, and runs the commands of the README there; root only.

    deploy/check-systemd [FOLDER OF THE PACKAGES]        default: .build/packages

`systemd-analyze` must have nothing to say against them, and no more than EXPOSURE tenths of exposure
to count. Then two hosts, each a copy of this machine's files that nothing is written back from,
follow the README from the package to a complete sweep. There is no systemd on them: a stand-in for
`systemctl` starts a unit's command with what matters of the unit: its user, folders, credential and
environment, a file system that is read-only but for its own folders, no privileges, its filter of
system calls and no memory that is both written and executed. A call outside the filter kills, as
there.
"""

import contextlib
import ctypes
import json
import os
import pathlib
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
UNITS = ROOT / "deploy/systemd"
INSIDE = "VAESWEEP_CHECK_SYSTEMD_INSIDE"
# Tenths; what remains is the network, which it is for.
EXPOSURE = 12
SWEEP = """name: my-sweep
dataset: digits:500:200
grid: {architecture: [784-16-2, 784-16-8-3], seed: 0..2}
train: {epochs: 2}
"""
# Where a stand-in keeps what it has started.
STARTED = pathlib.Path("/run/check-systemd")
LIBC = ctypes.CDLL(None, use_errno=True)


def die(text, status=1):
    print(f"deploy/check-systemd: {text}", file=sys.stderr)
    sys.exit(status)


def run(*command, **options):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, **options)
    if done.returncode != 0:
        die(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


# What systemd itself says.

def analyse(packages, scratch):
    """The units among those of this machine, with the package's program."""
    root = scratch / "analysed"
    run("dpkg-deb", "--extract", packages, root)
    shutil.copytree("/lib/systemd/system", root / "lib/systemd/system", symlinks=True,
                    dirs_exist_ok=True)
    for name in ("coordinator", "worker"):
        unit = f"vaesweep-{name}@my-sweep.service"
        said = subprocess.run(["systemd-analyze", "verify", "--man=no", f"--root={root}", unit],
                              capture_output=True, text=True)
        if said.returncode != 0 or said.stdout + said.stderr != "":
            die(f"systemd-analyze verify {unit}: {said.stdout}{said.stderr}")
        run("systemd-analyze", "security", "--offline=true", f"--threshold={EXPOSURE}",
            "--no-pager", f"--root={root}", unit)


# The stand-in for systemctl: this file again, on a host.

def read_unit(name):
    """Every setting of a template's unit with its values in order, for one instance."""
    template, instance = re.fullmatch(r"([\w-]+@)([\w-]+)(?:\.service)?", name).groups()
    text = pathlib.Path(f"/usr/lib/systemd/system/{template}.service").read_text()
    settings = {}
    for line in text.splitlines():
        if line.strip() and line[0] not in "#[":
            key, value = line.split("=", 1)
            for specifier, meaning in (("%i", instance), ("%S", "/var/lib"), ("%C", "/var/cache")):
                value = value.replace(specifier, meaning)
            settings.setdefault(key, []).append(value)
    return settings


def own_folder(base, name, owner, mode, is_dynamic):
    path = pathlib.Path(base) / name
    if is_dynamic:
        real = pathlib.Path(base) / "private" / name
        real.mkdir(parents=True, exist_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.is_symlink():
            path.symlink_to(real)
    else:
        real = path
        real.mkdir(parents=True, exist_ok=True)
    real.chmod(mode)
    os.chown(real, *owner)
    return real, path


def words(line, environment):
    """As systemd expands a command: ${A} within a word, $A to any number of words."""
    found = []
    for word in line.split():
        if re.fullmatch(r"\$\w+", word):
            found += environment[word[1:]].split()
        else:
            found.append(re.sub(r"\$\{(\w+)\}", lambda match: environment[match.group(1)], word))
    return found


def system_calls(filters):
    """The names that lines of SystemCallFilter= allow."""
    def members(name):
        if not name.startswith("@"):
            return {name}
        listed = run("systemd-analyze", "syscall-filter", "--no-pager", name).splitlines()[1:]
        return set().union(*(members(line.strip()) for line in listed
                             if line.strip() and not line.strip().startswith("#")))
    allowed = members("@default")
    for line in filters:
        for name in line.lstrip("~").split():
            allowed = allowed - members(name) if line.startswith("~") else allowed | members(name)
    return allowed


class Comparison(ctypes.Structure):
    """struct scmp_arg_cmp"""
    _fields_ = [("arg", ctypes.c_uint), ("op", ctypes.c_int), ("mask", ctypes.c_uint64),
                ("value", ctypes.c_uint64)]


def confine(allowed):
    """Loads the filter: other calls kill, and so does memory that is written and executed."""
    seccomp = ctypes.CDLL("libseccomp.so.2")
    seccomp.seccomp_init.restype = ctypes.c_void_p
    kill, allow, masked = 0x80000000, 0x7FFF0000, 7
    context = ctypes.c_void_p(seccomp.seccomp_init(ctypes.c_uint32(kill)))
    write, execute = 2, 4
    for name in allowed:
        number = seccomp.seccomp_syscall_resolve_name(name.encode())
        if number < 0:
            continue
        if name in ("mmap", "mprotect"):
            # Allowed are the other pairs of the two bits (mprotect to executable is not, at all).
            for bits in (0, write, execute) if name == "mmap" else (0, write):
                compared = Comparison(2, masked, write | execute, bits)
                if seccomp.seccomp_rule_add_array(
                        context, ctypes.c_uint32(allow), number, 1, ctypes.byref(compared)) != 0:
                    raise OSError(f"no rule for {name}")
        elif seccomp.seccomp_rule_add_array(context, ctypes.c_uint32(allow), number, 0, None) != 0:
            raise OSError(f"no rule for {name}")
    if seccomp.seccomp_load(context) != 0:
        raise OSError("the filter was not loaded")


def start(name):
    unit = read_unit(name)
    is_dynamic = unit.get("DynamicUser") == ["yes"]
    entry = None if is_dynamic else pwd.getpwnam(unit["User"][0])
    user, group = (entry.pw_uid, entry.pw_gid) if entry else (61_200, 61_200)
    environment = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin", "LANG": "C.UTF-8",
                   "HOME": entry.pw_dir if entry else "/"}
    for line in unit["Environment"]:
        key, value = line.split("=", 1)
        environment[key] = value
    optional = pathlib.Path(unit["EnvironmentFile"][0].removeprefix("-"))
    if optional.exists():
        environment.update(line.split("=", 1) for line in optional.read_text().splitlines())
    writable = []
    for setting, base in (("StateDirectory", "/var/lib"), ("CacheDirectory", "/var/cache")):
        mode = int(unit.get(f"{setting}Mode", ["0755"])[0], 8)
        real, path = own_folder(base, unit[setting][0], (user, group), mode, is_dynamic)
        writable.append(real)
        environment[re.sub("D", "_D", setting).upper()] = str(path)
    credentials = pathlib.Path("/run/credentials") / name
    credentials.mkdir(parents=True, exist_ok=True)
    for line in unit.get("LoadCredential", []):
        key, source = line.split(":", 1)
        if pathlib.Path(source).stat().st_mode & 0o077:
            raise RuntimeError(f"others can read {source}")
        copy = credentials / key
        copy.unlink(missing_ok=True)
        shutil.copy(source, copy)
        os.chown(copy, user, 0)
        # systemd's is root's, and an access list lets its user read it: that shows as the group's.
        copy.chmod(0o440)
        environment["CREDENTIALS_DIRECTORY"] = str(credentials)
    allowed = system_calls(unit["SystemCallFilter"])
    command = words(unit["ExecStart"][0], environment)

    def prepare():
        if LIBC.unshare(0x00020000) != 0:
            raise OSError(ctypes.get_errno(), "no mount namespace")
        run("mount", "--make-rprivate", "/")
        holds = [STARTED / f"hold{number}" for number in range(len(writable))]
        for folder, hold in zip(writable, holds):
            hold.mkdir(exist_ok=True)
            run("mount", "--bind", folder, hold)
        if is_dynamic:
            # Nobody passes through private, but a service sees one of its own with its folders alone.
            for base in ("/var/lib/private", "/var/cache/private"):
                run("mount", "-t", "tmpfs", "-o", "mode=0755", "tmpfs", base)
        for folder, hold in zip(writable, holds):
            folder.mkdir(parents=True, exist_ok=True)
            run("mount", "--move", hold, folder)
        run("mount", "-o", "remount,bind,ro", "/")
        for folder in ("/tmp", "/var/tmp"):
            run("mount", "-t", "tmpfs", "-o", "mode=1777", "tmpfs", folder)
        for folder in ("/home", "/root"):
            run("mount", "-t", "tmpfs", "-o", "mode=0700,ro", "tmpfs", folder)
        os.umask(int(unit["UMask"][0], 8))
        os.setgroups([])
        os.setresgid(group, group, group)
        os.setresuid(user, user, user)
        confine(allowed)

    STARTED.mkdir(exist_ok=True)
    with open(STARTED / f"{name}.log", "ab") as log:
        # Behind a process that waits for it, so that its status is known.
        if os.fork() == 0:
            os.setsid()
            # Else whoever reads what `systemctl` says would wait for the service.
            with open("/dev/null", "r+b") as nothing:
                for stream in (0, 1, 2):
                    os.dup2(nothing.fileno(), stream)
            service = subprocess.Popen(command, env=environment, cwd="/", stdin=subprocess.DEVNULL,
                                       stdout=log, stderr=log, preexec_fn=prepare)
            (STARTED / name).write_text(str(service.pid))
            status = service.wait()
            (STARTED / f"{name}.status").write_text(str(status))
            os._exit(0)
    while not (STARTED / name).exists():
        time.sleep(0.01)


def stop(name):
    unit = read_unit(name)
    os.kill(int((STARTED / name).read_text()), signal.SIGTERM)
    end = time.monotonic() + int(unit["TimeoutStopSec"][0])
    while status_of(name) is None:
        if time.monotonic() > end:
            raise RuntimeError(f"{name} goes on after TimeoutStopSec")
        time.sleep(0.02)


def status_of(name, root=pathlib.Path("/")):
    path = root / str(STARTED)[1:] / f"{name}.status"
    text = path.read_text() if path.exists() else ""
    return int(text) if text else None


def systemctl(arguments):
    order, now, name = arguments
    if now != "--now":
        raise RuntimeError(f"systemctl {arguments}: not known here")
    {"enable": start, "disable": stop}[order](name)


# The hosts.

class Host:
    """This machine's files in a folder, and what is written to them in memory."""

    def __init__(self, name, scratch, packages):
        self.name = name
        base = scratch / name
        base.mkdir()
        run("mount", "-t", "tmpfs", "tmpfs", base)
        for part in ("upper", "work", "root"):
            (base / part).mkdir()
        self.root = base / "root"
        run("mount", "-t", "overlay", "overlay", "-o",
            f"lowerdir=/,upperdir={base}/upper,workdir={base}/work", self.root)
        for kind in ("dev", "sys"):
            run("mount", "--rbind", f"/{kind}", self.root / kind)
        run("mount", "-t", "proc", "proc", self.root / "proc")
        run("mount", "-t", "tmpfs", "tmpfs", self.root / "run")
        self.folder = self.root / "srv/check"
        self.folder.mkdir(parents=True)
        shutil.copy(packages, self.folder)
        shim = self.root / "usr/local/bin/systemctl"
        script = self.root / "usr/local/lib/check-systemd.py"
        shutil.copy(__file__, script)
        shim.write_text(f"#!/bin/sh\nexec {sys.executable} /usr/local/lib/check-systemd.py systemctl \"$@\"\n")
        shim.chmod(0o755)

    def follow(self, block):
        """Runs a block of commands as somebody would who types them, up to the first that fails."""
        done = subprocess.run(
            ["chroot", self.root, "/usr/bin/env", "-i", "PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
             "HOME=/root", "DEBIAN_FRONTEND=noninteractive", "bash", "-ec", f"cd /srv/check; {block}"],
            capture_output=True, text=True)
        if done.returncode != 0:
            die(f"{self.name}: a command of the README ended with {done.returncode}:\n{block}"
                f"{done.stdout}{done.stderr}{self.logs()}")
        return done.stdout

    def logs(self):
        return "".join(f"-- {path.name}\n{path.read_text()}"
                       for path in (self.root / str(STARTED)[1:]).glob("*.log"))

    def status(self, name):
        """What a service ended with; None while it runs."""
        return status_of(name, self.root)


def inside(packages, scratch):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(130))
    run("ip", "link", "set", "lo", "up")
    run("ip", "link", "add", "eth0", "type", "veth", "peer", "name", "peer")
    run("ip", "addr", "add", "10.78.0.1/24", "dev", "eth0")
    for link in ("eth0", "peer"):
        run("ip", "link", "set", link, "up")
    blocks = re.findall(r"^```sh\n(.*?)^```$", (UNITS / "README.md").read_text(), re.S | re.M)
    install, join, look, leave = blocks
    coordinator, worker = (Host(name, scratch, packages) for name in ("coordinator", "worker"))
    (coordinator.folder / "my-sweep.yaml").write_text(SWEEP)
    coordinator.follow(install)
    invitation = (coordinator.folder / "my-sweep.invitation").read_text()
    (worker.folder / "my-sweep.invitation").write_text(invitation)
    start_of_work = time.monotonic()
    worker.follow(join)
    end = start_of_work + 120
    while (status := coordinator.status("vaesweep-coordinator@my-sweep")) is None:
        if (early := worker.status("vaesweep-worker@my-sweep")) is not None:
            die(f"the worker ended with {early}\n{worker.logs()}")
        if time.monotonic() > end:
            die(f"the sweep goes on after two minutes\n{coordinator.logs()}{worker.logs()}")
        time.sleep(0.05)
    seconds = time.monotonic() - start_of_work
    if status != 0:
        die(f"the coordinator ended with {status}\n{coordinator.logs()}{worker.logs()}")
    standing = coordinator.follow(look + "runuser -u vaesweep -- vaesweep export "
                                  "/var/lib/vaesweep/my-sweep.sqlite --format jsonl")
    outcomes = [json.loads(line) for line in standing.splitlines() if line.startswith("{")]
    if len(outcomes) != 6:
        die(f"6 outcomes were expected:\n{standing}")
    worker.follow(leave)
    if worker.status("vaesweep-worker@my-sweep") != 0:
        die(f"the worker did not go in peace\n{worker.logs()}")
    if "can read the invitation" in worker.logs() or invitation.strip() in worker.logs():
        die(f"the invitation is not in order\n{worker.logs()}")
    print(f"systemd-analyze has nothing to say against the units, whose exposure is at most "
          f"{EXPOSURE / 10}; confined as they say, coordinator and worker completed a sweep of "
          f"{len(outcomes)} points in {seconds:.0f} s")


def main():
    if sys.argv[1:2] == ["systemctl"]:
        return systemctl(sys.argv[2:])
    if sys.argv[1:2] in (["-h"], ["--help"]):
        return print(__doc__)
    folder = pathlib.Path(sys.argv[1] if sys.argv[1:] else ROOT / ".build/packages").resolve()
    found = sorted(folder.glob("vaesweep_*.deb"), key=lambda path: path.stat().st_mtime)
    if not found:
        die(f"there is no package in {folder}: deploy/package", 2)
    if os.environ.get(INSIDE):
        return inside(found[-1], pathlib.Path(os.environ[INSIDE]))
    if os.geteuid() != 0:
        die("mounts need root")
    with contextlib.ExitStack() as stack:
        scratch = pathlib.Path(tempfile.mkdtemp(prefix="vaesweep-systemd-"))
        stack.callback(shutil.rmtree, scratch, ignore_errors=True)
        analyse(found[-1], scratch)
        # A process namespace ends whole with its first process, and a mount namespace with its last.
        child = subprocess.Popen(
            ["unshare", "--mount", "--pid", "--net", "--fork", "--kill-child", "--mount-proc",
             sys.executable, __file__, str(folder)], env=dict(os.environ, **{INSIDE: str(scratch)}))
        signal.signal(signal.SIGTERM, lambda *_: child.kill())
        try:
            status = child.wait()
        except KeyboardInterrupt:
            child.kill()
            status = child.wait()
    sys.exit(status)


if __name__ == "__main__":
    main()
