import Foundation
import TestSupport

/// The real binary in a folder of its own, with a cache of its own.
struct Program {
  let folder: TemporaryFolder
  /// Only what a fresh machine has: the user's dataset folder must not decide a test.
  var environment: [String: String]

  /// Built beside the tests; `$VAESWEEP_BINARY` names another.
  static let path =
    Machine.environment["VAESWEEP_BINARY"]
    ?? URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    .appending(path: "vaesweep").path

  init() throws {
    folder = try TemporaryFolder()
    environment = [
      "XDG_CACHE_HOME": folder["cache"], "XDG_CONFIG_HOME": folder["config"], "VAESWEEP_DATA": "",
    ]
  }

  func start(_ arguments: String...) throws -> RunningProgram {
    try RunningProgram(Self.path, arguments, in: folder, environment: environment)
  }

  /// Runs to the end.
  func run(_ arguments: String...) throws -> (status: Int32, output: String, errors: String) {
    try run(arguments)
  }

  func run(_ arguments: [String]) throws -> (status: Int32, output: String, errors: String) {
    let program = try RunningProgram(Self.path, arguments, in: folder, environment: environment)
    let status = try program.waitForEnd()
    return (status, program.output, program.errors)
  }

  /// Writes a sweep over a small generated dataset.
  ///
  /// `epochs` of a 784-16-2 net on 2,000 images take about a millisecond per hundred images.
  func writeSweep(
    _ name: String = "small", seeds: String = "0..7", epochs: Int = 2, extra: String = "",
    train: String = ""
  ) throws -> String {
    let text = """
      name: \(name)
      dataset: digits:2000:500
      grid:
        architecture: [784-16-2, 784-16-8-3]
        seed: \(seeds)
      \(extra)
      train:
        epochs: \(epochs)
      \(train)
      """
    return try folder.write(Array(text.utf8), to: "\(name).yaml")
  }

  /// The outcomes of a store by key: everything but the receipts.
  func results(_ store: String) throws -> [String: String] {
    let export = try run("export", store, "--format", "jsonl")
    guard export.status == 0 else { throw CommandFailure(export.errors) }
    var results: [String: String] = [:]
    for line in export.output.split(separator: "\n") {
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      guard let key = object?["key"] as? String,
        let digest = object?["result_digest"] as? String
      else { throw CommandFailure("no key or result_digest in \(line)") }
      results[key] = digest
    }
    return results
  }

  /// The process ids of a program's child processes, whichever thread started them.
  func children(of program: RunningProgram) throws -> [Int32] {
    try children(of: program.process)
  }

  func children(of process: Int32) throws -> [Int32] { try ProcessTree.children(of: process) }

  /// Where a coordinator says that it listens.
  func endpoint(of coordinator: RunningProgram) throws -> String {
    try coordinator.waitForError(containing: "waiting for workers at tcp://")
    let errors = coordinator.errors
    guard let start = errors.range(of: "waiting for workers at ")?.upperBound,
      let end = errors[start...].firstIndex(where: { $0 == "\n" || $0 == "\"" })
    else { throw CommandFailure("no endpoint in \(errors)") }
    return String(errors[start..<end])
  }
}

struct CommandFailure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
