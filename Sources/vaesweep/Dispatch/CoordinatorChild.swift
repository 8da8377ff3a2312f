import Foundation
import Sweep
import ZeroMQ

/// A coordinator in a child process, which ends when its standard input does.
final class CoordinatorChild {
  let endpoint: Endpoint
  /// From the start of the process until it listened with its store open.
  let startSeconds: Double
  private let process: Process
  private let input: Pipe
  private let output: FileHandle
  private var said: String

  /// What a coordinator says at its end.
  struct Ending: Decodable {
    let ok: Int
    let failed: Int
    let peakRSSMegabytes: Double?
    let cpuSeconds: Double?

    private enum CodingKeys: String, CodingKey {
      case ok, failed
      case peakRSSMegabytes = "peak_rss_mb"
      case cpuSeconds = "cpu_seconds"
    }
  }

  private struct Beginning: Decodable {
    let endpoint: String
  }

  init(store: String, points: Int, lease: Duration) throws {
    process = Process()
    input = Pipe()
    let pipe = Pipe()
    output = pipe.fileHandleForReading
    process.executableURL = URL(filePath: ThisProgram.path)
    process.arguments =
      Self.arguments(store: store, points: points) + [
        "--lease-milliseconds", "\(Int(lease / .milliseconds(1)))",
      ]
    process.standardInput = input
    process.standardOutput = pipe
    let begin = ContinuousClock.now
    try process.run()
    said = ""
    let first: Beginning = try Self.next(output, &said, process)
    startSeconds = (ContinuousClock.now - begin) / .seconds(1)
    endpoint = try Endpoint(parsing: first.endpoint)
  }

  /// Fills a store in a process of its own, so that its memory is nobody's.
  static func fill(store: String, points: Int, outcomes: Int) throws {
    let process = Process()
    process.executableURL = URL(filePath: ThisProgram.path)
    process.arguments = arguments(store: store, points: points) + ["--fill", "\(outcomes)"]
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw CommandError.failure("bench dispatch: a store could not be filled")
    }
  }

  deinit { if process.isRunning { process.terminate() } }

  /// Asks for the end and waits for it.
  func end() throws -> Ending {
    try input.fileHandleForWriting.close()
    let ending: Ending = try Self.next(output, &said, process)
    process.waitUntilExit()
    return ending
  }

  private static func arguments(store: String, points: Int) -> [String] {
    ["bench", "dispatch-coordinator", "--store", store, "--points", "\(points)"]
  }

  /// The next line that the child says; its standard error is ours.
  private static func next<Value: Decodable>(
    _ output: FileHandle, _ said: inout String, _ process: Process
  ) throws -> Value {
    while true {
      if let end = said.firstIndex(of: "\n") {
        let line = said[..<end]
        said = String(said[said.index(after: end)...])
        return try JSONDecoder().decode(Value.self, from: Data(line.utf8))
      }
      let bytes = output.availableData
      guard !bytes.isEmpty else {
        throw CommandError.failure("bench dispatch: its coordinator ended early")
      }
      said += String(decoding: bytes, as: UTF8.self)
    }
  }
}
