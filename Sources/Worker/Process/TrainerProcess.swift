internal import Dataset
internal import Glibc
internal import Platform
import Wire

/// A trainer: this binary again, with orders on its standard input and reports on its standard
/// output.
///
/// It ends when its input does, and the kernel kills it with its worker, also while it is still being
/// loaded: it cannot outlive its worker, however that ends.
final class TrainerProcess {
  /// How long the end of a process whose output has ended is awaited before it is killed.
  private static let patience = Duration.seconds(1)
  /// Where a trainer finds the dataset's bytes, if it is given them.
  static let datasetDescriptor: Int32 = 3

  private let orders: PipeEnd
  private let reports: PipeEnd
  private let child: ChildProcess
  private var reader = FrameReader()

  /// Readable when the trainer has said something or has ended.
  var output: Int32 { reports.descriptor }
  /// Its process number.
  var number: Int32 { child.number }

  /// Starts a trainer with exactly this environment; standard error is shared.
  ///
  /// - Parameters:
  ///   - dataset: What it is to train on, where that is known and lies in memory.
  ///   - cpu: The only CPU that it is to run on; nil for whichever the system gives it.
  init(
    binary: String, environment: [String: String], dataset: SharedDataset? = nil, cpu: Int? = nil
  ) throws(SystemError) {
    let (orders, reports) = (try Pipe(), try Pipe())
    var descriptors = [orders.reading.descriptor, reports.writing.descriptor, STDERR_FILENO]
    var arguments = ["trainer"]
    if let dataset, let memory = dataset.memory {
      descriptors.append(memory.descriptor)
      arguments += ["--sealed-dataset", dataset.digest]
    }
    // The worker's threads block signals they do not expect, the trainer none; but what Ctrl-C sends to
    // all of a terminal's processes is the worker's to judge, from the trainer's first instruction on.
    child = try withExtendedLifetime((orders, reports)) { () throws(SystemError) in
      try ChildProcess(
        binary, arguments, environment: environment, descriptors: descriptors,
        blocking: [SIGINT, SIGTERM, SIGHUP, SIGQUIT])
    }
    // Before it has threads, which take it over; where the CPU has been switched off since, it runs on
    // any.
    if let cpu { _ = child.keep(to: cpu) }
    self.orders = orders.writing
    self.reports = reports.reading
  }

  /// Sends one order.
  ///
  /// An order is far smaller than a pipe's buffer, and a trainer always reads.
  func send(_ message: ToTrainer) throws(WireError) {
    let frame = try Frame.lengthPrefixed(try Frame.encode(message))
    // A trainer that is gone shows at its other pipe.
    try? Platform.writeAll(frame, to: orders.descriptor)
  }

  /// Reads once what has been said.
  ///
  /// To be called when `output` is readable.
  ///
  /// - Returns: The messages, and whether the pipe is still open.
  func read() throws(WireError) -> (messages: [FromTrainer], isOpen: Bool) {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    var count: Int
    repeat {
      count = buffer.withUnsafeMutableBytes { Glibc.read(output, $0.baseAddress, $0.count) }
    } while count < 0 && errno == EINTR
    guard count > 0 else { return ([], false) }
    reader.append(buffer[..<count])
    var messages: [FromTrainer] = []
    while let next = try reader.nextMessages(FromTrainer.self) { messages += next }
    return (messages, true)
  }

  func killNow() { child.send(SIGKILL) }

  /// The end of a process whose output has ended.
  func collectEnd() -> TrainerExit {
    switch child.wait(atMost: Self.patience) ?? child.end() {
    case .status(let status)?: .status(status)
    case .signal(let signal)?: .signal(signal)
    // The kernel does not let go of it; it runs no further all the same.
    case nil: .signal(SIGKILL)
    }
  }
}
