internal import Foundation
package import Platform
package import Sweep
import Synchronization
import Wire

/// Trains points on this machine, several at once, by the same processes that a worker uses.
///
/// Nothing is stored: for whoever wants to see results once more.
package struct TrainerPool: Sendable {
  /// What became of one point.
  package enum Training: Hashable, Sendable {
    case finished(Outcome, Receipt)
    /// It cannot be trained here, or its trainer was lost, for this reason.
    case lost(String)
  }

  /// How long a trainer may say nothing; it reports several times a second.
  private static let patience = Duration.seconds(300)

  private let binary: String
  private let environment: [String: String]
  private let slots: Int
  private let datasetFile: String
  private let datasetDigest: Digest

  /// - Parameters:
  ///   - binary: This program.
  ///   - datasetFile: The dataset's cache file; each trainer maps it and verifies its digest.
  package init(
    binary: String, blasCore: String, slots: Int, datasetFile: String, datasetDigest: Digest
  ) {
    self.binary = binary
    environment = TrainerEnvironment.make(
      blasCore: blasCore, base: ProcessInfo.processInfo.environment)
    self.slots = slots
    self.datasetFile = datasetFile
    self.datasetDigest = datasetDigest
  }

  /// Trains every point once.
  ///
  /// - Parameters:
  ///   - stop: Ends it early, with nil.
  ///   - observe: Told after each point how many are done.
  package func train(
    _ points: [(key: PointKey, point: Point)], stop: StopSignal, observe: (Int) -> Void
  ) throws(SystemError) -> [PointKey: Training]? {
    let queue = try OrderQueue(
      points.map {
        TrainerOrder(
          key: $0.key, point: $0.point, datasetFile: datasetFile, datasetDigest: datasetDigest)
      }, slots: min(slots, points.count))
    for slot in 0..<min(slots, points.count) {
      try Self.start(slot, environment, binary, queue, stop)
    }
    var trained: [PointKey: Training] = [:]
    while trained.count < points.count, let finished = queue.results.waitForAll() {
      for (key, training) in finished {
        trained[key] = training
        observe(trained.count)
      }
    }
    return trained.count == points.count ? trained : nil
  }

  /// Not within `train`: what a thread captures must be sent to it whole.
  private static func start(
    _ slot: Int, _ environment: [String: String], _ binary: String, _ queue: OrderQueue,
    _ stop: StopSignal
  ) throws(SystemError) {
    try OwnedThread(name: "audit \(slot)") {
      work(environment, binary, queue, stop)
    }.detach()
  }

  /// One slot: order after order, by a trainer that is started anew where one was lost.
  private static func work(
    _ environment: [String: String], _ binary: String, _ queue: OrderQueue, _ stop: StopSignal
  ) {
    var trainer: TrainerProcess?
    while !stop.isRequested, let order = queue.next() {
      let training: Training?
      do {
        let process =
          if let trainer { trainer } else {
            try TrainerProcess(binary: binary, environment: environment)
          }
        trainer = process
        training = try carryOut(order, by: process, stop)
      } catch {
        training = .lost("\(error)")
      }
      guard let training else { break }
      if case .lost = training {
        end(trainer)
        trainer = nil
      }
      queue.results.put((order.key, training))
    }
    end(trainer)
    queue.leave()
  }

  private static func end(_ trainer: TrainerProcess?) {
    trainer?.killNow()
    _ = trainer?.collectEnd()
  }

  /// nil where `stop` came first.
  private static func carryOut(
    _ order: TrainerOrder, by trainer: TrainerProcess, _ stop: StopSignal
  ) throws(WireError) -> Training? {
    try trainer.send(.order(order))
    while true {
      switch waitUntilReadable(trainer.output, or: stop.wakeUp.descriptor, atMost: patience) {
      case .second: return nil
      case .timeout: return .lost("its trainer said nothing for \(patience.inWords)")
      case .first: break
      }
      let (messages, isOpen) = try trainer.read()
      for message in messages {
        switch message {
        case .outcome(let report) where report.outcome.key == order.key:
          return .finished(report.outcome, report.receipt)
        case .outcome: return .lost("its trainer answered for another point")
        case .refusal(let refusal): return .lost(refusal.reason)
        case .hostFault(let fault): return .lost(fault.reason)
        case .ready, .progress, .artifact, .checkpoint: continue
        }
      }
      guard isOpen else { return .lost(trainer.collectEnd().reason.message) }
    }
  }

  /// What the slots share: the orders that nobody has taken, and the way back.
  private final class OrderQueue: Sendable {
    private struct State: Sendable {
      var orders: ArraySlice<TrainerOrder>
      /// Slots that still work.
      var slots: Int
    }

    let results: Mailbox<(PointKey, Training)>
    private let state: Mutex<State>

    init(_ orders: [TrainerOrder], slots: Int) throws(SystemError) {
      results = try Mailbox()
      state = Mutex(State(orders: orders[...], slots: slots))
    }

    func next() -> TrainerOrder? { state.withLock { $0.orders.popFirst() } }

    /// The last slot that ends closes the way back.
    func leave() {
      let isLast = state.withLock { state in
        state.slots -= 1
        return state.slots == 0
      }
      if isLast { results.close() }
    }
  }
}
