"""Follows the README of deploy/kubernetes with the manifests there, a part of deploy/check-container.

    check-kubernetes.py validate         every manifest, strictly, against the schemas of Kubernetes
    check-kubernetes.py follow FOLDER    the README, in containers of this machine
    check-kubernetes.py kubectl …        what the README calls meanwhile

There is no cluster: a stand-in for `kubectl` runs each Job's pods as containers, with what matters of
the manifest: image, command, environment, user, capabilities, the read-only root, the volumes and
the rights on them, the Service's name.
"""

import math
import os
import pathlib
import re
import subprocess
import sys

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
MANIFESTS = ROOT / "deploy/kubernetes"
CLUSTER = "VAESWEEP_CHECK_CLUSTER"
ADDRESS = "10.78.0.1"
# The oldest that has all the fields, and the newest that the validator knows.
VERSIONS = ("1.29.0", "1.37.0")
SWEEP = """name: my-sweep
dataset: digits:500:200
grid: {architecture: [784-16-2, 784-16-8-3], seed: 0..2}
train: {epochs: 2}
"""


def die(text):
    print(f"deploy/check-kubernetes: {text}", file=sys.stderr)
    sys.exit(1)


def run(*command, check=True, **options):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, **options)
    if check and done.returncode != 0:
        die(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def validate():
    program = pathlib.Path(sys.executable).parent / "kubernetes-validate"
    for version in VERSIONS:
        run(program, "--strict", "--kubernetes-version", version, *sorted(MANIFESTS.glob("*.yaml")))


class Cluster:
    """What was made so far, below a folder: configmap/, secret/, claim/, job/."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

    def path(self, kind, name):
        path = self.folder / kind / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def create(self, kind, name, source):
        key, file = source.removeprefix("--from-file=").split("=", 1)
        path = self.path(kind, name) / key
        path.parent.mkdir()
        path.write_bytes(pathlib.Path(file).read_bytes())

    def apply(self, file):
        for manifest in yaml.safe_load_all(pathlib.Path(file).read_text()):
            name = manifest["metadata"]["name"]
            match manifest["kind"]:
                case "Service":
                    self.path("service", name).write_text(manifest["spec"]["selector"]["app.kubernetes.io/name"])
                case "PersistentVolumeClaim":
                    self.volume(self.path("claim", name), 10001)
                case "Job":
                    self.path("job", name).write_text(yaml.safe_dump(manifest))
                    for number in range(manifest["spec"].get("parallelism", 1)):
                        self.start(name, f"{name}-{number}")
                case kind:
                    die(f"no stand-in for a {kind}")

    @staticmethod
    def volume(path, group):
        """An empty one, of root's, open to a pod's group."""
        path.mkdir()
        os.chown(path, 0, group)
        path.chmod(0o2775)
        return path

    def job(self, name):
        return yaml.safe_load(self.path("job", name).read_text())["spec"]

    def start(self, job, pod):
        template = self.job(job)["template"]["spec"]
        rights, (container,) = template["securityContext"], template["containers"]
        own = container["securityContext"]
        # What the tables of admission call "restricted".
        if own["allowPrivilegeEscalation"] or not rights["runAsNonRoot"]:
            die(f"{job} has rights")
        options = ["--detach", "--name", pod, "--hostname", pod, "--read-only", "--read-only-tmpfs=false",
                   "--user", f"{rights['runAsUser']}:{rights['runAsGroup']}",
                   "--group-add", rights["fsGroup"], "--security-opt", "no-new-privileges"]
        for capability in own["capabilities"]["drop"]:
            options += ["--cap-drop", capability.lower()]
        for service in (self.folder / "service").glob("*"):
            options += ["--add-host", f"{service.name}:{ADDRESS}"]
        for variable in container.get("env", []):
            options += ["--env", f"{variable['name']}={self.value(variable['valueFrom'], container)}"]
        sources = {volume["name"]: volume for volume in template["volumes"]}
        for mount in container["volumeMounts"]:
            source = sources[mount["name"]]
            if "emptyDir" in source:
                path = self.volume(self.path("empty", f"{pod}-{mount['name']}"), rights["fsGroup"])
            elif "configMap" in source:
                path = self.path("configmap", source["configMap"]["name"])
            else:
                path = self.path("claim", source["persistentVolumeClaim"]["claimName"])
            suffix = ":ro" if mount.get("readOnly") else ""
            options += ["--volume", f"{path}:{mount['mountPath']}{suffix}"]
        command = container.get("args", [])
        if "command" in container:
            options += ["--entrypoint", container["command"][0]]
            command = [*container["command"][1:], *command]
        run("podman", "run", *options, container["image"], *command)

    def value(self, source, container):
        if "secretKeyRef" in source:
            return (self.path("secret", source["secretKeyRef"]["name"]) / source["secretKeyRef"]["key"]).read_text()
        limit = container["resources"][source["resourceFieldRef"]["resource"].split(".")[0]]
        return math.ceil(float(limit[source["resourceFieldRef"]["resource"].split(".")[1]]))

    def pods(self, job):
        names = run("podman", "ps", "--all", "--format", "{{.Names}}").split()
        return [name for name in names if re.fullmatch(rf"{job}-\d+", name)]

    def wait(self, job):
        """Until every pod has ended: with 0."""
        for pod in self.pods(job):
            status = run("podman", "wait", pod, timeout=120).strip()
            if status != "0":
                logs = subprocess.run(["podman", "logs", pod], capture_output=True, text=True)
                die(f"{pod} ended with {status}:\n{logs.stdout}{logs.stderr}")


def kubectl(cluster, arguments):
    match arguments:
        case ["create", "configmap", name, source]:
            cluster.create("configmap", name, source)
        case ["create", "secret", "generic", name, source]:
            cluster.create("secret", name, source)
        case ["apply", "-f", file]:
            cluster.apply(ROOT / file)
        case ["wait", "--for=jsonpath={.status.ready}=1", _, job]:
            # It is as soon as its first process is there: nothing here asks it whether it is ready.
            if len(cluster.pods(job.removeprefix("job/"))) != 1:
                die(f"no pod of {job}")
        case ["wait", "--for=condition=Complete", _, job]:
            cluster.wait(job.removeprefix("job/"))
        case ["exec", job, "--", *command]:
            print(run("podman", "exec", cluster.pods(job.removeprefix("job/"))[0], *command), end="")
        case ["logs", job]:
            print(run("podman", "logs", cluster.pods(job.removeprefix("job/"))[0]), end="")
        case _:
            die(f"kubectl {' '.join(arguments)}: not known here")


def follow(folder):
    folder = pathlib.Path(folder)
    cluster = Cluster(folder / "cluster")
    cluster.folder.mkdir()
    (folder / "my-sweep.yaml").write_text(SWEEP)
    shim = folder / "bin/kubectl"
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\nexec {sys.executable} {__file__} kubectl "$@"\n')
    shim.chmod(0o755)
    environment = dict(os.environ, PATH=f"{shim.parent}:{os.environ['PATH']}",
                       **{CLUSTER: str(cluster.folder)})
    start, look, end = re.findall(
        r"^```sh\n(.*?)^```$", (MANIFESTS / "README.md").read_text(), re.S | re.M)
    said = run("bash", "-euo", "pipefail", "-c", start + look + end, cwd=folder, env=environment)
    if len(re.findall(r"  3/3  ", said)) != 2:
        die(f"this is no complete table:\n{said}")
    cluster.wait("vaesweep-workers")
    # One that is told to go must not look like the end of all work.
    cluster.start("vaesweep-workers", "evicted")
    while "nothing listens" not in (log := subprocess.run(
            ["podman", "logs", "evicted"], capture_output=True, text=True)).stderr + log.stdout:
        if run("podman", "inspect", "evicted", "--format", "{{.State.Status}}").strip() != "running":
            die(f"the worker did not wait:\n{log.stdout}{log.stderr}")
    run("podman", "stop", "--time", "60", "evicted")
    status = run("podman", "wait", "evicted").strip()
    if status != "143":
        die(f"a worker that was told to go ended with {status}, not 143")
    print("the manifests are valid; their coordinator and four workers completed a sweep in containers")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["validate"]:
            validate()
        case ["follow", where]:
            follow(where)
        case ["kubectl", *words]:
            kubectl(Cluster(os.environ[CLUSTER]), words)
        case _:
            print(__doc__)
