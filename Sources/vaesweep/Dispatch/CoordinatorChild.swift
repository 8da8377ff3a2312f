import Foundation
import Platform
import Sweep
import ZeroMQ

/// A coordinator in a child process, which ends when its standard input does.
final class CoordinatorChild {
  /// How long it may take to open or fill a store, and to end.
  private static let patience = Duration.seconds(300)

  let endpoint: Endpoint
  /// Where its dashboard is served, if it is.
  let port: UInt16?
  /// From the start of the process until it listened with its store open.
  let startSeconds: Double
  private let process: ChildProcess
  private var input: PipeEnd?
  private let output: ChildOutput

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
    let port: UInt16?
  }

  /// - Parameters:
  ///   - isServed: Whether its dashboard is served.
  ///   - stop: Ends every wait for the child.
  init(
    store: String, points: Int, lease: Duration, isServed: Bool = false, stop: StopSignal
  ) throws {
    let (input, pipe) = (try Platform.Pipe(), try Platform.Pipe())
    let begin = ContinuousClock.now
    process = try withExtendedLifetime((input, pipe)) {
      try ChildProcess(
        ThisProgram.path,
        Self.arguments(store: store, points: points) + [
          "--lease-milliseconds", "\(Int(lease / .milliseconds(1)))",
        ] + (isServed ? ["--serve"] : []),
        descriptors: [input.reading.descriptor, pipe.writing.descriptor, 2])
    }
    self.input = input.writing
    let output = ChildOutput(pipe.reading, stop: stop)
    self.output = output
    let first: Beginning = try output.next(atMost: Self.patience)
    startSeconds = (ContinuousClock.now - begin) / .seconds(1)
    endpoint = try Endpoint(parsing: first.endpoint)
    port = first.port
  }

  /// Fills a store in a process of its own, so that its memory is nobody's.
  static func fill(store: String, points: Int, outcomes: Int, stop: StopSignal) throws {
    let input = try Platform.Pipe()
    let process = try withExtendedLifetime(input) {
      try ChildProcess(
        ThisProgram.path,
        arguments(store: store, points: points) + ["--fill", "\(outcomes)"],
        descriptors: [input.reading.descriptor, 1, 2])
    }
    let end = process.wait(atMost: patience, orReadable: stop.wakeUp.descriptor)
    guard !stop.isRequested else { throw CommandError(.interrupted, "interrupted") }
    guard end == .status(0) else {
      throw CommandError.failure(
        "bench dispatch: a store could not be filled: \(end?.description ?? "it takes too long")")
    }
  }

  /// What its threads have had of the CPU so far, in seconds; nil where the system does not tell.
  var cpuSeconds: Double? { ProcessStat(of: process.number)?.cpuSeconds }

  /// Asks for the end and waits for it.
  func end() throws -> Ending {
    input = nil
    let ending: Ending = try output.next(atMost: Self.patience)
    process.end(asking: SIGTERM, patience: Self.patience)
    return ending
  }

  private static func arguments(store: String, points: Int) -> [String] {
    ["bench", "dispatch-coordinator", "--store", store, "--points", "\(points)"]
  }
}

/// The lines of JSON that a child says on its standard output.
private final class ChildOutput {
  private let pipe: PipeEnd
  private let stop: StopSignal
  private var said = ""

  init(_ pipe: PipeEnd, stop: StopSignal) {
    self.pipe = pipe
    self.stop = stop
  }

  func next<Value: Decodable>(atMost patience: Duration) throws -> Value {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      if let end = said.firstIndex(of: "\n") {
        let line = said[..<end]
        said = String(said[said.index(after: end)...])
        return try JSONDecoder().decode(Value.self, from: Data(line.utf8))
      }
      switch waitUntilReadable(
        pipe.descriptor, or: stop.wakeUp.descriptor, atMost: patience)
      {
      case .second: throw CommandError(.interrupted, "interrupted")
      case .timeout:
        throw CommandError.failure(
          "bench dispatch: its coordinator said nothing for \(patience.inWords)")
      case .first: break
      }
      let count = read(pipe.descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw CommandError.failure("bench dispatch: its coordinator ended early")
      }
      said += String(decoding: buffer[..<count], as: UTF8.self)
    }
  }
}
