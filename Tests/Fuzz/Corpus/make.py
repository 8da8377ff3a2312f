"""Writes the inputs that fuzzing starts from. Needs protoc; run it in this folder."""

import gzip
import pathlib
import struct
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
WIRE = HERE.parents[2] / "Sources" / "Wire"
DIGEST = "0123456789abcdef" * 4
# Of the protocol: Wire/Frame.swift.
VERSION = b"\0\2"

POINT = """point {
  hidden: 256 hidden: 32 latent_dim: 4 init_seed: 1 order_seed: 4294967295
  parameters { key: "sampling" flag: true } parameters { key: "epochs" integer: 2 }
  parameters { key: "batch_size" integer: 128 } parameters { key: "optimizer" text: "adam" }
  parameters { key: "learning_rate" number: 0.001 } parameters { key: "beta1" number: 0.9 }
  parameters { key: "beta2" number: 0.999 } parameters { key: "epsilon" number: 1e-8 }
  parameters { key: "initializer" text: "glorot_uniform" }
  parameters { key: "activation" text: "relu" } parameters { key: "loss" text: "bce" }
  parameters { key: "kl_weight" number: 1 } parameters { key: "limit" null: true }
}"""
ATTEMPT = "attempt { epoch: 7 counter: 9 start: 5 }"
LOSS = "{ reconstruction: 150 kl: 6 total: 156 }"
EPOCHS = "".join(
    f"history {{ epoch: {n} train_running_total: 200 test {LOSS} test_reconstruction_at_mean: 1 }}"
    for n in (1, 2))
LATENT = "latents { var_mu: 1 mean_sigma2: 0.2 kl: 1 gain: -1 }"
CHECKPOINT = f'checkpoint {{ digest: "{DIGEST}" size: 9 step: 4 fingerprint: "{DIGEST}" }}'
OUTCOME = f"""outcome {{ key: "{DIGEST}" {POINT} {EPOCHS} measurements {{
  train {LOSS} {LATENT * 4} dead_units {{ layer: "encoder_1" count: 3 }} digest: "{DIGEST}"
  measures {{ name: "coverage" value: 0.5 }} measures {{ name: "radius_start" value: 1 }} }}
  result_version: 1 }}"""
RECEIPT = f"""receipt {{ host: "h" cpu: "c" blas_core: "haswell" fingerprint: "{DIGEST}"
  version: "1" images_per_second: 1 seconds: 1 finished_at: 1 }}"""

# Channel by channel.
FRAMES = {
    "ToCoordinator": {
        "hello": 'hello { version: "1" trainer_version: 1 host: "h" process: 3 cpu: "c" '
        'slots: 2 cores: 2 blas_cores: "haswell" predecessors: 9 }',
        "ready": f'ready {{ fingerprint: "{DIGEST}" }}',
        "heartbeat": f"heartbeat {{ held {{ {ATTEMPT} "
        "progress { step: 1 steps: 9 epoch: 2 ended { epoch: 1 test_total: 150 } } } credit: 2 }",
        "artifacts": f"heartbeat {{ artifacts {{ {ATTEMPT} "
        f'key: "{DIGEST}" kind: "samples" digest: "{DIGEST}" size: 3 }} }}',
        "delivery": f"delivery {{ {ATTEMPT} {OUTCOME} {RECEIPT} }}",
        "failure": f'failure {{ {ATTEMPT} key: "{DIGEST}" failure {{ trainer_signal: 9 }} }}',
        "handback": "handback { attempts { epoch: 7 counter: 9 start: 5 } }",
        "offer": f"checkpoint_offer {{ {ATTEMPT} {CHECKPOINT} }}",
        "request": f'blob_request {{ digest: "{DIGEST}" length: 3 }}',
        "chunk": f'blob_chunk {{ digest: "{DIGEST}" size: 3 data: "abc" }}',
        "goodbye": "goodbye { }",
        "join": f'join {{ public_key: "{DIGEST[:32]}" host: "h" }}',
        "ask": "status_request { }",
        "audit": f'audit_request {{ audit: 7 dataset_digest: "{DIGEST}" trainer_version: 1 '
        f'points {{ key: "{DIGEST}" {POINT} host: "h" cpu: "c" }} }}',
    },
    "ToWorker": {
        "refusal": 'refusal { reason: "r" }',
        "terms": f'terms {{ store: 3 coordinator_epoch: 7 coordinator_start: 5 sweep: "s" '
        f'blas_core: "haswell" dataset_digest: "{DIGEST}" dataset_name: "d" dataset_bytes: 100 '
        "heartbeat_milliseconds: 1000 lease_milliseconds: 15000 hang_milliseconds: 300000 }",
        "grant": f'grant {{ {ATTEMPT} key: "{DIGEST}" {POINT} }}',
        "resumed": f'grant {{ {ATTEMPT} key: "{DIGEST}" {POINT} pictures: "samples" '
        f"{CHECKPOINT} }}",
        "reply": "heartbeat_reply { keep { epoch: 7 counter: 9 } }",
        "acknowledgement": f"acknowledgement {{ {ATTEMPT} }}",
        "recall": "recall { attempts { epoch: 7 counter: 9 } }",
        "stored": f'checkpoint_reply {{ {ATTEMPT} digest: "{DIGEST}" stored: true }}',
        "settled": f'artifact_settled {{ {ATTEMPT} kind: "samples" }}',
        "finish": "finish { }",
        "admitted": "join_reply { admitted { } }",
        "not-admitted": 'join_reply { refused: "r" }',
    },
    "ToOperator": {
        "status": 'status_reply { sweep: "s" points: 3 workers { host: "h" process: 1 slots: 1 '
        f'running {{ {ATTEMPT} key: "{DIGEST}" architecture: "784-4-2" }} }} '
        "coordinator_epoch: 1 }",
        "audit-progress": f'audit_progress {{ audit: 7 sweep: "s" dataset_digest: "{DIGEST}" '
        "trainer_version: 1 waiting: 2 running: 1 }",
        "audit-result": f"audit_result {{ audit: 7 outcome {{ {OUTCOME} {RECEIPT} }} }}",
        "audit-loss": f'audit_result {{ audit: 7 loss {{ key: "{DIGEST}" reason: "r" }} }}',
    },
    "ToTrainer": {
        "order": f'order {{ key: "{DIGEST}" {POINT} dataset_file: "/d" '
        f'dataset_digest: "{DIGEST}" }}',
        "stop": "checkpoint_request { }",
    },
    "FromTrainer": {
        "started": f'ready {{ fingerprint: "{DIGEST}" blas_core: "haswell" }}',
        "progress": "progress { progress { step: 1 steps: 9 epoch: 1 beats: 4 resumed_at: 1 "
        "ended { epoch: 1 test_total: 150 } } }",
        "artifact": 'artifact { kind: "samples" size: 3 data: "abc" }',
        "written": f'checkpoint {{ {ATTEMPT} path: "/c.1" {CHECKPOINT} stopped: true }}',
        "outcome": f"outcome {{ {OUTCOME} {RECEIPT} }}",
        "fault": 'host_fault { reason: "no dataset" }',
    },
}

YAML = {
    "plain": "name: x\ndataset: digits\ngrid:\n  architecture: [784-256-32-8-4, 784-4-2]\n"
    "  sampling: [true, false]\n  seed: 0..19\nexclude:\n"
    "  - {architecture: 784-4-2, sampling: false}\ntrain: {epochs: 50, learning_rate: 1e-3}\n",
    "anchors": '# c\nname: x\ndataset: "./d\\u00e9"\ngrid:\n  hidden: &h [[256], 256-32]\n'
    "  latent_dim: [2, 4]\n  init_seed: [0..9, 20]\n  order_seed: 1\n  noise_seed: 4294967295\n"
    '  limit: [none, 100]\ntrain: {kl_weight: !!float 1, "loss": |\n  bce}\n',
}


def images(count):
    return struct.pack(">4I", 0x803, count, 28, 28) + bytes(784 * count)


def labels(count):
    return struct.pack(">2I", 0x801, count) + bytes(n % 10 for n in range(count))


def write(folder, name, data):
    path = HERE / folder
    path.mkdir(exist_ok=True)
    (path / name).write_bytes(data)


def message(channel, text):
    return subprocess.run(
        ["protoc", f"--encode=vaesweep.{channel}", f"--proto_path={WIRE}", "messages.proto"],
        input=text.encode(), capture_output=True, check=True).stdout


def arrays(entries):
    """NamedArrays: names with (type, shape, bytes)."""
    data = b"VAEA\1" + bytes([len(entries)])
    for name, (kind, shape, elements) in sorted(entries.items()):
        data += bytes([len(name)]) + name.encode() + bytes([kind, len(shape)])
        data += struct.pack(f"<{len(shape)}I", *shape) + elements
    return data


def track(steps, codes):
    return {"steps": (2, [len(steps)], struct.pack(f"<{len(steps)}i", *steps)),
            "mu": (1, [codes], struct.pack(f"<{codes}f", *range(codes))),
            "sigma2": (1, [codes], struct.pack(f"<{codes}f", *range(codes)))}


def checkpoint():
    """What stands before the sum in a checkpoint: see Sweep/Checkpoint/Checkpoint.swift."""
    captured = arrays({
        "radius_start": (0, [8], struct.pack("<d", 0.5)),
        **{f"digits_{name}": value for name, value in track([0, 10], 4).items()},
        **{f"cloud_{name}": value for name, value in track([], 0).items()}})
    state = struct.pack("<5Q2d", 1, 64, 9, 999, 1, 12.25, 1.5)
    state += struct.pack("<Q5d", 1, 200, 150, 6, 156, 1)
    state += struct.pack("<Q", len(captured)) + captured
    state += struct.pack("<Q4f", 4, 1, 2, 3, 4)
    name = b"fingerprint"
    return (b"VAECKPT\0" + struct.pack("<2I", 1, 1) + DIGEST.encode() + struct.pack("<3Q", 3, 4, 9)
            + struct.pack("<H", len(name)) + name + struct.pack("<Q", len(state)) + state)


def frame(channel, texts):
    """A frame that holds these messages."""
    data = VERSION
    for text in texts:
        part = message(channel, text)
        length = len(part)
        data += b"\x0a"
        while length >= 0x80:
            data += bytes([length & 0x7f | 0x80])
            length >>= 7
        data += bytes([length]) + part
    return data


for channel, frames in FRAMES.items():
    envelope = "session: 5 sequence: 2 " if channel in ("ToCoordinator", "ToWorker") else ""
    for name, text in frames.items():
        write("frames", name, frame(channel, [envelope + text]))
write("frames", "several", frame("ToWorker", ["session: 5 finish { }", "session: 6 finish { }"]))
for name, text in YAML.items():
    write("yaml", name, text.encode())
for name, file, data in [("images", 0, images(1)), ("labels", 1, labels(12))]:
    write("idx", name, bytes([file]) + data)
    write("idx", f"{name}.gz", bytes([file]) + gzip.compress(data, mtime=0))
write("idx", "channel", b"\0" + struct.pack(">5I", 0x804, 1, 4, 3, 1) + bytes(12))
write("idx", "page", b"\0<!DOCTYPE html><title>Log in</title>")
write("cache", "wide", b"".join(
    struct.pack(">5I", 0x804, count, 1, 2, 5) + bytes(10 * count) + labels(count)
    for count in (2, 1)))
write("cache", "two", images(2) + labels(2) + images(1) + labels(1))
write("checkpoint", "started", checkpoint())
write("arrays", "samples", arrays({
    "images": (0, [2, 3], bytes(6)), "codes": (1, [2], struct.pack("<2f", 1, 2)),
    "steps": (2, [1], struct.pack("<i", 7))}))
