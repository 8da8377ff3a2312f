import Foundation
import Platform
import Wire
import ZeroMQ

/// Many workers that train nothing, in one loop: each has its own session and its own socket.
struct NoOpFleet {
  /// How its workers are spread.
  struct Shape {
    let workers: Int
    let slotsPerWorker: Int

    var slots: Int { workers * slotsPerWorker }
  }

  private static let tick = Duration.milliseconds(100)

  private var workers: [NoOpWorker] = []
  private var poller = Poller<Int>()
  private let start = ContinuousClock.now
  private var lastTick = Duration.zero
  private let stop: StopSignal

  /// Connects every worker at once.
  init(_ shape: Shape, endpoint: Endpoint, stop: StopSignal) throws {
    self.stop = stop
    let context = try Context(maxSockets: shape.workers + 8)
    for index in 0..<shape.workers {
      let worker = try NoOpWorker(
        slots: shape.slotsPerWorker, endpoint: endpoint, in: context)
      workers.append(worker)
      poller.watch(worker.socket, as: index)
    }
    poller.watch(stop.wakeUp, as: -1)
  }

  /// Outcomes acknowledged so far.
  var acknowledged: Int { workers.reduce(0) { $0 + $1.acknowledged } }
  var registered: Int { workers.count(where: \.isRegistered) }
  var missedLeases: Int { workers.reduce(0) { $0 + max(0, $1.missedLeases) } }

  /// Lets every worker attend to its socket until `isDone`, or the time is over.
  ///
  /// - Returns: The time it took.
  @discardableResult
  mutating func run(atMost patience: Duration, until isDone: (NoOpFleet) -> Bool = { _ in false })
    throws -> Duration
  {
    let begin = ContinuousClock.now
    while ContinuousClock.now - begin < patience, !isDone(self) {
      let now = ContinuousClock.now - start
      if now - lastTick >= Self.tick || lastTick == .zero {
        lastTick = now
        for index in workers.indices { try workers[index].attend(at: now) }
      }
      for source in try poller.wait(.milliseconds(20)) where source.tag >= 0 {
        try workers[source.tag].attend(at: ContinuousClock.now - start)
      }
      if stop.isRequested { throw CommandError(.interrupted, "interrupted") }
      if let ending = workers.lazy.compactMap(\.ending).first {
        throw CommandError.failure("bench dispatch: a worker ended early: \(ending)")
      }
    }
    return ContinuousClock.now - begin
  }
}
