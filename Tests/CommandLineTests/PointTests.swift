import Foundation
import Sweep
import TestSupport
import Testing
import VAE

/// `show` and `train --key`.
@Suite("One point of a store")
struct PointTests {
  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test("is shown with its receipt and attempts, and the commands that it names run it again")
  func show() throws {
    var program = try Program()
    let sweep = try program.writeSweep(
      seeds: "3", epochs: 1, extra: "  sampling: false", train: "  learning_rate: 0.002")
    #expect(try program.run("run", sweep).status == 0)
    let (key, digest) = try #require(try program.results("small.sqlite").first)
    let shown = try program.run("show", "small.sqlite", String(key.prefix(9)), "--format", "json")
    #expect(shown.status == 0, "\(shown.errors)")
    let sheet = try object(shown.output)
    #expect(sheet["key"] as? String == key)
    #expect(sheet["state"] as? String == "ok")
    let outcome = try #require(sheet["outcome"] as? [String: Any])
    #expect(outcome["result_digest"] as? String == digest)
    #expect((outcome["receipt"] as? [String: Any])?["blas_core"] as? String == "haswell")
    let attempts = try #require(sheet["attempts"] as? [[String: Any]])
    #expect(attempts.map { $0["ending"] as? String } == ["outcome"])
    #expect(attempts[0]["sweep"] as? String == "small")
    let commands = try #require(sheet["commands"] as? [String])
    #expect(commands.count == 2)
    #expect(commands[1].contains("--no-sampling") && commands[1].contains("--learning-rate 0.002"))
    let bin = URL(filePath: Program.path).deletingLastPathComponent().path
    program.environment["PATH"] = "\(bin):\(Machine.environment["PATH"] ?? "")"
    for command in commands {
      let again = try RunningProgram(
        "/bin/bash", ["-c", "\(command) --format json"], in: program.folder,
        environment: program.environment)
      #expect(try again.waitForEnd() == 0, "\(command): \(again.errors)")
      #expect(try object(again.output)["result_digest"] as? String == digest, "\(command)")
    }
    for format in ["table", "markdown"] {
      let text = try program.run("show", "small.sqlite", key.uppercased(), "--format", format)
        .output
      #expect(text.contains(digest) && text.contains(commands[0]), "\(text)")
    }
    let rows = try program.run("show", "small.sqlite", key, "--format", "csv").output
    #expect(rows.split(whereSeparator: \.isNewline).count == 2)
  }

  @Test("is found by any beginning of its key that no other shares")
  func prefixes() throws {
    let program = try Program()
    // Eighteen keys: at least two of them begin with one of the sixteen digits.
    let sweep = try program.writeSweep(seeds: "0..8", epochs: 1, train: "  limit: 200")
    #expect(try program.run("run", sweep).status == 0)
    let keys = try program.results("small.sqlite").keys.sorted()
    #expect(keys.count == 18)
    let groups = Dictionary(grouping: keys) { $0.prefix(1) }
    let shared = try #require(groups.values.first { $0.count > 1 })
    let ambiguous = try program.run("show", "small.sqlite", String(shared[0].prefix(1)))
    #expect(ambiguous.status == 2)
    for key in shared.prefix(10) {
      #expect(ambiguous.errors.contains(key.prefix(12)), "\(ambiguous.errors)")
    }
    #expect(ambiguous.errors.contains("is the beginning of several keys in small.sqlite"))
    let unknown = try program.run("show", "small.sqlite", "00000000")
    #expect(unknown.status == 2)
    #expect(
      unknown.errors.contains(
        "small.sqlite has no point that was handed out and whose key begins with 00000000"),
      "\(unknown.errors)")
    let wrong = try program.run("show", "small.sqlite", "xyz")
    #expect(wrong.status == 2)
    #expect(wrong.errors.contains("64 hexadecimal digits"), "\(wrong.errors)")
  }

  @Test("that has failed is shown with its reason")
  func failed() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0", epochs: 1)
    #expect(try program.run("run", sweep).status == 0)
    let point = Point(
      configuration: try Configuration(architecture: Architecture(parsing: "784-16-4"), [:]),
      seeds: Seeds(initialization: 1, order: 2, noise: 3))
    let key = try ForgedStore.fail(
      point, in: program.folder["small.sqlite"], reason: "it cannot be trained")
    let sheet = try object(
      try program.run("show", "small.sqlite", key.description, "--format", "json").output)
    #expect(sheet["state"] as? String == "failed")
    #expect(sheet["outcome"] is NSNull)
    #expect(sheet["failure"] as? String == "it cannot be trained")
    let attempts = try #require(sheet["attempts"] as? [[String: Any]])
    #expect(attempts.map { $0["ending"] as? String } == ["failed"])
    #expect(attempts.map { $0["host"] as? String } == ["node-8"])
    let commands = try #require(sheet["commands"] as? [String])
    #expect(
      commands == [
        "vaesweep train --architecture 784-16-4 --init-seed 1 --order-seed 2 --noise-seed 3 "
          + "--dataset digits:2000:500"
      ])
    let again = try program.run(
      "train", "--key", key.description, "--store", "small.sqlite")
    #expect(again.status == 2)
    #expect(again.errors.contains("has no outcome yet"), "\(again.errors)")
  }

  @Test("whose result is another is told, and nothing is written")
  func differs() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0", epochs: 1)
    #expect(try program.run("run", sweep).status == 0)
    let key = try #require(try program.results("small.sqlite").keys.min())
    try ForgedStore.make(
      program.folder["forged.sqlite"], from: program.folder["small.sqlite"]
    ) { outcome, _ in ForgedStore.shifted(outcome, by: 1e-9) }
    let forged = try program.run(
      "train", "--key", key, "--store", "forged.sqlite", "--weights", "w.safetensors")
    #expect(forged.status == 1)
    #expect(forged.errors.contains("under the same fingerprint"), "\(forged.errors)")
    #expect(!program.folder.names().contains("w.safetensors"))
  }

  @Test("is what the store says, not what stands beside --key")
  func options() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0", epochs: 1)
    #expect(try program.run("run", sweep).status == 0)
    let key = try #require(try program.results("small.sqlite").keys.min())
    for (arguments, words) in [
      (["--key", key], "its store is missing"), (["--store", "small.sqlite"], "--key"),
      (["--key", key, "--store", "small.sqlite", "--seed", "1"], "leave out"),
      (["--key", key, "--store", "small.sqlite", "--epochs", "3"], "leave out"),
      (["--key", key, "--store", "small.sqlite", "--no-sampling"], "leave out"),
      // Also one at its default, which need not be the point's.
      (["--key", key, "--store", "small.sqlite", "--sampling"], "leave out"),
      (["--key", key, "--store", "small.sqlite", "--epochs", "50"], "leave out"),
      (["--key", key, "--store", "small.sqlite", "--weights", "no/w"], "the folder no"),
      (["--seed", "1"], "--architecture is missing"),
    ] {
      let wrong = try program.run(["train"] + arguments)
      #expect(wrong.status == 2, "\(arguments): \(wrong.errors)")
      #expect(wrong.errors.contains(words), "\(arguments): \(wrong.errors)")
    }
  }
}
