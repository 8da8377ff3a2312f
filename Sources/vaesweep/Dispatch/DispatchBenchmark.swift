import Foundation
import Platform
import Sweep
import ZeroMQ

/// Measures what lies between a sweep file and its results, training left out.
///
/// The coordinator is a child process with its store in a temporary folder on the disk: rollback
/// journal, `synchronous=FULL`. The workers are real sessions on real sockets in this process.
struct DispatchBenchmark {
  enum Part: String, CaseIterable {
    case throughput
    case recovery
    case registration
  }

  /// Leases are shorter than usual here, so that one that is missed shows within the measurement.
  private static let lease = Duration.seconds(5)
  private static let patience = Duration.seconds(120)
  /// Without readers and with them.
  private static let rounds = 5

  let scale: DispatchScale
  let parts: Set<Part>
  let folder: String
  let stop: StopSignal
  private var figures = DispatchFigures()

  init(scale: DispatchScale, parts: Set<Part>, folder: String, stop: StopSignal) {
    self.scale = scale
    self.parts = parts
    self.folder = folder
    self.stop = stop
  }

  mutating func run() throws -> DispatchFigures {
    for shape in scale.shapes {
      let isLargest = shape.workers == scale.workers
      guard parts.contains(.throughput) || (isLargest && parts.contains(.registration)) else {
        continue
      }
      try measure(shape, isLargest: isLargest)
    }
    if parts.contains(.recovery) { try measureRecovery() }
    return figures
  }

  private mutating func measure(_ shape: NoOpFleet.Shape, isLargest: Bool) throws {
    Console.say("\(shape.slots) of \(scale.shapes.map(\.slots)) slots …")
    let store = "\(folder)/\(shape.slots).sqlite"
    let child = try CoordinatorChild(
      store: store, points: scale.points, lease: Self.lease,
      isServed: isLargest && scale.readers > 0, stop: stop)
    figures.startSeconds = max(figures.startSeconds ?? 0, child.startSeconds)
    let acknowledged = try attend(shape, child, isLargest: isLargest)
    let ending = try child.end()
    figures.note(peakRSS: ending.peakRSSMegabytes)
    if shape.slots == 16, let cpu = ending.cpuSeconds, ending.ok > 0 {
      figures.coordinatorMicroseconds = cpu / Double(ending.ok) * 1e6
    }
    guard ending.ok >= acknowledged, ending.failed == 0 else {
      throw CommandError.failure(
        "bench dispatch: \(acknowledged) outcomes were acknowledged, but \(ending.ok) are stored "
          + "and \(ending.failed) points failed")
    }
    try FileManager.default.removeItem(atPath: store)
  }

  /// - Returns: How many outcomes the coordinator acknowledged.
  private mutating func attend(
    _ shape: NoOpFleet.Shape, _ child: CoordinatorChild, isLargest: Bool
  ) throws -> Int {
    var fleet = try NoOpFleet(shape, endpoint: child.endpoint, stop: stop)
    let registered = try fleet.run(atMost: Self.patience) { $0.registered == shape.workers }
    guard fleet.registered == shape.workers else {
      throw CommandError.failure(
        "bench dispatch: \(fleet.registered) of \(shape.workers) workers were registered within "
          + "\(Self.patience.inWords)")
    }
    if isLargest, parts.contains(.registration) {
      figures.registeredSeconds = registered / .seconds(1)
    }
    if parts.contains(.throughput) {
      // Credits find their size first.
      try fleet.run(atMost: .seconds(scale.seconds / 4))
      try fleet.run(atMost: Self.patience) { $0.acknowledged > 0 }
      figures.pointsPerSecond.append((shape.slots, try rate(of: &fleet, child).points))
      if let port = child.port { try measureReaders(&fleet, child, port: port) }
    }
    if isLargest, parts.contains(.registration) {
      // A lease that was missed is found out after its length.
      try fleet.run(atMost: .seconds(min(scale.seconds, 6)))
      figures.missedLeases = fleet.missedLeases
    }
    return fleet.acknowledged
  }

  /// Points per second, and the coordinator's microseconds of CPU for each of them.
  private func rate(of fleet: inout NoOpFleet, _ child: CoordinatorChild) throws
    -> (points: Double, microseconds: Double)
  {
    let (before, cpu) = (fleet.acknowledged, child.cpuSeconds ?? .nan)
    let begin = ContinuousClock.now
    try fleet.run(atMost: Self.patience) {
      ContinuousClock.now - begin >= .seconds(scale.seconds) && $0.acknowledged > before
    }
    let taken = ContinuousClock.now - begin
    let points = Double(fleet.acknowledged - before)
    return (
      points / (taken / .seconds(1)), ((child.cpuSeconds ?? .nan) - cpu) / points * 1e6
    )
  }

  /// In turn without readers and with them, since a machine's speed wanders.
  private mutating func measureReaders(
    _ fleet: inout NoOpFleet, _ child: CoordinatorChild, port: UInt16
  ) throws {
    var cost = ReaderCost()
    for round in 1...Self.rounds {
      Console.say("\(scale.readers) readers, \(round) of \(Self.rounds) …")
      cost.alone.append(try rate(of: &fleet, child))
      let readers = try DashboardReaders(scale.readers, port: port)
      cost.watched.append(try rate(of: &fleet, child))
      readers.stop()
      // The workers' leases do not wait for the readers' last answers.
      try fleet.run(atMost: Self.patience) { _ in readers.hasEnded }
      cost.answers += readers.read.answers
      cost.bytes += readers.read.bytes
    }
    figures.readers = cost
  }

  private mutating func measureRecovery() throws {
    Console.say("recovery of \(scale.outcomes) outcomes …")
    let store = "\(folder)/recovery.sqlite"
    try CoordinatorChild.fill(
      store: store, points: scale.points, outcomes: scale.outcomes, stop: stop)
    let child = try CoordinatorChild(
      store: store, points: scale.points, lease: Self.lease, stop: stop)
    figures.recoverySeconds = child.startSeconds
    let ending = try child.end()
    figures.note(peakRSS: ending.peakRSSMegabytes)
    guard ending.ok == min(scale.outcomes, scale.points) else {
      throw CommandError.failure(
        "bench dispatch: \(ending.ok) of \(scale.outcomes) outcomes were recovered")
    }
  }
}
