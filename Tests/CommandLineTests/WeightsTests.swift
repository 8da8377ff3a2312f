import Foundation
import TestSupport
import Testing

@Suite("Trained parameters in the safetensors format")
struct WeightsTests {
  /// A reader of its own, which knows the format and the names alone; it needs no package.
  private static let reader = #"""
    import json, math, struct, sys

    def tensors(path):
        data = open(path, "rb").read()
        (size,) = struct.unpack("<Q", data[:8])
        assert size % 8 == 0
        header = json.loads(data[8:8 + size])
        body = data[8 + size:]
        metadata = header.pop("__metadata__")
        assert all(isinstance(text, str) for text in metadata.values())
        read, end = {}, 0
        for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
            first, last = entry["data_offsets"]
            # The format allows no holes.
            assert first == end and entry["dtype"] == "F32", name
            end = last
            values = struct.unpack(f"<{(last - first) // 4}f", body[first:last])
            if len(entry["shape"]) == 2:
                rows, columns = entry["shape"]
                assert rows * columns == len(values)
                values = [values[r * columns:(r + 1) * columns] for r in range(rows)]
            else:
                assert entry["shape"] == [len(values)]
            read[name] = values
        assert end == len(body)
        return read, metadata

    def arrays(path):
        data = open(path, "rb").read()
        assert data[:5] == b"VAEA\x01"
        read, place = {}, 6
        for _ in range(data[5]):
            length = data[place]
            name = data[place + 1:place + 1 + length].decode()
            place += 1 + length
            kind, rank = data[place], data[place + 1]
            shape = struct.unpack(f"<{rank}I", data[place + 2:place + 2 + 4 * rank])
            place += 2 + 4 * rank
            count = math.prod(shape)
            assert kind == 0, "bytes alone are read"
            read[name] = (shape, data[place:place + count])
            place += count
        return read

    weights, metadata = tensors(sys.argv[1])
    pictures = arrays(sys.argv[2])

    def linear(name, x):
        return [sum(w * v for w, v in zip(row, x)) + b
                for row, b in zip(weights[name + ".weight"], weights[name + ".bias"])]

    def sequential(name, x):
        places = sorted({int(key.split(".")[1]) for key in weights if key.startswith(name + ".")})
        assert places == list(range(0, 2 * len(places), 2))
        for place in places:
            x = linear(f"{name}.{place}", x)
            if name == "encoder" or place != places[-1]:
                x = [max(0.0, v) for v in x]
        return x

    (count, width), originals = pictures["originals"]
    _, expected = pictures["reconstructions"]
    worst = differing = 0
    for image in range(count):
        x = [v / 255 for v in originals[image * width:(image + 1) * width]]
        logits = sequential("decoder", linear("mu", sequential("encoder", x)))
        for k, logit in enumerate(logits):
            byte = round(255 / (1 + math.exp(-logit)))
            far = abs(byte - expected[image * width + k])
            worst, differing = max(worst, far), differing + (far > 0)
    print(json.dumps({
        "names": sorted(weights), "images": count, "worst": worst, "differing": differing,
        "metadata": metadata,
        "shapes": {n: [len(w)] + ([len(w[0])] if isinstance(w[0], tuple) else []) for n, w in weights.items()},
    }))
    """#

  @Test(
    "give in Python, under the names of PyTorch modules, the reconstructions that the program made",
    Requirement.program("python3"))
  func reconstruction() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "5", epochs: 1)
    #expect(try program.run("run", sweep).status == 0)
    let script = try program.folder.write(Array(Self.reader.utf8), to: "reader.py")
    for line in try program.run("export", "small.sqlite", "--format", "jsonl").output
      .split(separator: "\n")
    {
      let stored = try #require(
        try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      let key = try #require(stored["key"] as? String)
      let trained = try program.run(
        "train", "--key", String(key.prefix(16)), "--store", "small.sqlite", "--weights",
        "w.safetensors", "--pictures", "pictures")
      #expect(trained.status == 0, "\(trained.errors)")
      #expect(trained.errors.contains("is the store's"), "\(trained.errors)")
      let python = try RunningProgram(
        "/usr/bin/env",
        ["python3", script, "w.safetensors", "pictures/reconstructions.arrays"],
        in: program.folder)
      #expect(try python.waitForEnd() == 0, "\(python.errors)")
      let found = try #require(
        try JSONSerialization.jsonObject(with: Data(python.output.utf8)) as? [String: Any])
      let isDeep = stored["architecture"] as? String == "784-16-8-3"
      let layers = isDeep ? ["0", "2"] : ["0"]
      let names =
        layers.map { "encoder.\($0)" } + ["mu", "log_var", "decoder.0"]
        + layers.map { "decoder.\((Int($0) ?? 0) + 2)" }
      #expect(
        found["names"] as? [String]
          == names.flatMap { ["\($0).weight", "\($0).bias"] }.sorted())
      let shapes = try #require(found["shapes"] as? [String: [Int]])
      #expect(shapes["encoder.0.weight"] == [16, 784])
      #expect(shapes["mu.weight"] == (isDeep ? [3, 8] : [2, 16]))
      let images = try #require(found["images"] as? Int)
      #expect(images == 20)
      // Rounding to bytes may fall the other way where single precision is summed in another order.
      let worst = try #require(found["worst"] as? Int)
      let differing = try #require(found["differing"] as? Int)
      #expect(worst <= 1)
      #expect(differing < images * 784 / 200, "\(differing)")
      let metadata = try #require(found["metadata"] as? [String: String])
      #expect(metadata["key"] == key)
      #expect(metadata["digest"] == stored["digest"] as? String)
    }
  }

  @Test("are not written of a run that diverged")
  func diverged() throws {
    let program = try Program()
    let run = try program.run(
      "train", "--architecture", "784-16-2", "--seed", "1", "--epochs", "1", "--dataset",
      "digits:400:100", "--optimizer", "sgd", "--learning-rate", "1e30", "--weights", "w")
    #expect(run.status == 1)
    #expect(run.errors.contains("the run diverged in epoch 1"), "\(run.errors)")
    #expect(!program.folder.names().contains("w"))
  }
}
