import Foundation
import Sweep
import SweepFile
import TestSupport
import Testing

@Suite("The schema of sweep files")
struct SchemaTests {
  private static let sweeps = URL(filePath: #filePath)
    .deletingLastPathComponent().appending(path: "../../sweeps").standardizedFileURL

  private let validator = JSONSchemaValidator(SweepFile.schema)

  private func loads(_ yaml: String) -> Bool {
    do throws(SweepFileError) {
      _ = try SweepFile.parse(yaml: yaml, file: "x.yaml")
      return true
    } catch {
      return false
    }
  }

  private func accepts(_ yaml: String) throws -> Bool {
    try validator.accepts(SweepFile.document(yaml: yaml, file: "x.yaml"))
  }

  @Test("stands beside the sweeps as it is, and each of them names it on its first line")
  func committed() throws {
    let committed = try String(
      contentsOf: Self.sweeps.appending(path: "schema.json"), encoding: .utf8)
    #expect(
      committed == SweepFile.schema.pretty + "\n",
      "vaesweep schema > sweeps/schema.json makes it anew")
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.sweeps.path)
      .filter { $0.hasSuffix(".yaml") }
    #expect(names.count >= 10)
    for name in names {
      let text = try String(contentsOf: Self.sweeps.appending(path: name), encoding: .utf8)
      #expect(text.hasPrefix("# yaml-language-server: $schema=schema.json\n"), "\(name)")
      #expect(try accepts(text), "\(name)")
    }
  }

  @Test("has a place for everything that a file may hold")
  func whole() throws {
    let schema = SweepFile.schema
    #expect(schema["$schema"] == "https://json-schema.org/draft/2020-12/schema")
    let axes = try #require(schema["$defs"]?["axes"]?["properties"]?.members)
    #expect(axes.map(\.name) == GridKey.names)
    let files = [
      "extends: quickstart.yaml\ngrid: {seed: 0..19, epochs: {linspace: [1, 5, 5]}}\n",
      "x-nets: &n {architecture: [784-3-2]}\nname: x\ngrid: {<<: *n, seed: [1, 3..5]}\nexclude:\n",
      """
      name: x
      grids:
        - name: page
          grid: {optimizer: [adam, sgd], learning_rate: {logspace: [1e-4, 1e-2, 5]}, seed: 0..49}
          zip:
            depth:
              - {hidden: [256, 32, 8], latent_dim: 4}
              - {hidden: 256-32, latent_dim: 2}
          when:
            - {if: {optimizer: sgd}, grid: {momentum: [0, 0.9]}}
          exclude:
            - {latent_dim: 4, hidden: [256, 32, 8], seed: 3..5}
          include:
            - {architecture: 784-400-20, seed: 0..9, hidden: [1, 2]}
      looks: {collapse_half_width: 0.1, at: [16, 32]}
      """,
    ]
    for file in files { #expect(try accepts(file), "\(file)") }
  }

  @Test("refuses spaced values and widths that the loader refuses, and takes those that it takes")
  func spacing() throws {
    func file(_ values: String, _ width: String = "0.1") -> String {
      "name: x\ngrid:\n  architecture: 784-3-2\n  seed: 0..63\n  kl_weight: \(values)\n"
        + "looks: {collapse_half_width: \(width), at: [4]}\n"
    }
    for values in ["linspace: [-1, 1, 2]", "linspace: [2, 1, 3]", "logspace: [0.1, 1, 10000]"] {
      let yaml = file("{\(values.replacing("-1", with: "0"))}")
      #expect(loads(yaml), "\(values)")
      #expect(try accepts(yaml), "\(values)")
    }
    for values in [
      "linspace: [1, 2, 0]", "linspace: [1, 2, 1]", "linspace: [1, 2, -3]", "linspace: [1, 2, 2.5]",
      "linspace: [1, 2, 10001]", "logspace: [0, 2, 3]", "logspace: [1, -2, 3]",
      "linspace: [1, 2]", "linspace: [1, 2, 3, 4]",
    ] {
      let yaml = file("{\(values)}")
      #expect(!loads(yaml), "\(values)")
      #expect(try !accepts(yaml), "\(values)")
    }
    for width in ["0", "0.5", "25", "-0.1"] {
      let yaml = file("1", width)
      #expect(!loads(yaml), "\(width)")
      #expect(try !accepts(yaml), "\(width)")
    }
  }

  /// What a place may be changed to; what the loader makes of it is up to it.
  private static let values: [JSONValue] = [
    .null, true, -7, 0, 3, .number(0.5), .number(1e30), "zzz", "all", "none", "0..3", "784-3-2",
    "3-2", .array([]), [3], [3, 4], [[3, 4]], ["784-3-2"], ["zzz"], [3, 3], .object([]),
    ["linspace": [1, 3, 3]], ["zzz": 1], ["architecture": "784-3-2"], ["above": 0],
    [["sampling": true]], [["architecture": "784-3-2", "seed": 1]],
  ]

  @Test("accepts whatever the loader accepts, of 120 files and 840 changes of them")
  func accepted() throws {
    var random = SeededGenerator(seed: 5)
    var (grids, studies, changes) = (0, 0, 0)
    for seed in 0..<UInt64(120) {
      let document = try RandomSweepDocument(seed: seed)
      let yaml = document.root.yaml
      #expect(try SweepFile.document(yaml: yaml, file: "x.yaml").yaml == yaml)
      if loads(yaml) {
        if seed % 2 == 0 { grids += 1 } else { studies += 1 }
        #expect(try accepts(yaml), "\(yaml)")
      }
      let places = document.places
      for _ in 0..<7 {
        let place = places[Int.random(in: 0..<places.count, using: &random)]
        let value = Self.values[Int.random(in: 0..<Self.values.count, using: &random)]
        let changed = document.changed(place.path, to: value).yaml
        guard loads(changed) else { continue }
        changes += 1
        #expect(try accepts(changed), "\(changed)")
      }
    }
    #expect(grids > 25 && studies > 40, "\(grids), \(studies)")
    #expect(changes > 20, "\(changes)")
  }

  /// One change of a form that both must refuse, with its kind.
  private func faults(_ document: RandomSweepDocument) -> [(kind: String, file: JSONValue)] {
    var faults: [(kind: String, file: JSONValue)] = []
    for (path, value) in document.places {
      let isItem = Int(path.last ?? "") != nil
      // The names of zips are the user's.
      let isZipName = path.dropLast().last == "zip"
      if !isItem, !isZipName {
        faults.append(
          ("an unknown key", document.changed(path, to: value, as: "zzz_unknown")))
      }
      switch value {
      case .null, .bool, .int, .number, .string:
        faults.append(
          ("a mapping for a value", document.changed(path, to: ["zzz": 1])))
      case .array:
        faults.append(("a mapping for a list", document.changed(path, to: ["zzz": []])))
      case .object:
        faults.append(("a list for a mapping", document.changed(path, to: [["zzz"]])))
      }
      if path.count == 1, let name = path.last, ["name", "grid", "grids"].contains(name) {
        faults.append(("\(name) left out", document.changed(path, to: nil)))
      } else if let name = path.last, path.count > 1,
        ["if", "id", "claim", "at", "kinds", "factor", "levels", "redraws"].contains(name)
      {
        faults.append(("\(name) left out", document.changed(path, to: nil)))
      }
      if path.count == 2, path[0] == "train" || path[0] == "grid", case .number = value {
        faults.append(("a number below its range", document.changed(path, to: -7)))
      }
      if let name = path.last, ["optimizer", "test", "factor", "metric"].contains(name) {
        faults.append(("an unknown word", document.changed(path, to: "zzz")))
      }
    }
    return faults
  }

  @Test("refuses every fault of form that the loader refuses")
  func refused() throws {
    var random = SeededGenerator(seed: 9)
    var counts: [String: Int] = [:]
    for seed in 0..<UInt64(40) {
      let document = try RandomSweepDocument(seed: seed)
      guard loads(document.root.yaml) else { continue }
      var taken: [String: Int] = [:]
      for (kind, file) in faults(document).shuffled(using: &random) {
        taken[kind, default: 0] += 1
        guard taken[kind, default: 0] <= 3 else { continue }
        counts[kind, default: 0] += 1
        let yaml = file.yaml
        #expect(!loads(yaml), "\(kind): \(yaml)")
        #expect(try !accepts(yaml), "\(kind): \(yaml)")
      }
    }
    for kind in [
      "an unknown key", "a mapping for a value", "a mapping for a list", "a list for a mapping",
      "name left out", "grid left out", "grids left out", "if left out", "id left out",
      "claim left out", "at left out", "kinds left out", "levels left out", "an unknown word",
      "a number below its range",
    ] {
      #expect(counts[kind, default: 0] > 0, "\(kind): \(counts[kind, default: 0])")
    }
  }

  @Test("of which each part is asked: without it some fault would pass")
  func planted() throws {
    // A validator that accepts everything, or a schema that does, would not see this one.
    #expect(try !accepts("name: x\ngrid: {architecture: 784-3-2, sead: 1}\n"))
    #expect(try !accepts("name: x\ngrid: {architecture: 784-3-2, seed: 1}\nmeasures: [zzz]\n"))
    #expect(throws: JSONSchemaValidator.UnknownKeyword.self) {
      try JSONSchemaValidator(["contains": true]).accepts(1)
    }
  }
}
