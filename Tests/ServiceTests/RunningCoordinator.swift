import Coordinator
import Foundation
import Keyring
import Platform
import Synchronization
import TestSupport
import Wire
import ZeroMQ

/// A coordinator's service on a thread of its own; it is stopped when the last reference goes.
final class RunningCoordinator: Sendable {
  private struct State: Sendable {
    var endpoint: Endpoint?
    var ending: Result<CoordinatorEnding, any Error>?
  }

  private let state = Mutex(State())
  private let changed = NSCondition()
  private let stop: StopSignal

  init(
    _ fixture: ServiceFixture, fingerprint: String = "f", keys: CoordinatorKeys? = nil
  ) throws {
    let stop = try StopSignal()
    self.stop = stop
    Thread.detachNewThread { [weak self] in
      let ending = Result {
        let service = try fixture.coordinator(stop, fingerprint: fingerprint, keys: keys)
        self?.change { $0.endpoint = service.endpoint }
        return try service.run(stopWorkers: nil, watch: { _ in })
      }
      self?.change { $0.ending = ending }
    }
  }

  deinit { stop.request() }

  func endpoint() throws -> Endpoint {
    try wait { state in
      if case .failure(let error)? = state.ending { throw error }
      return state.endpoint
    }
  }

  /// Waits for the sweep to be complete, or for the end of a coordinator that is stopped.
  func ending(stopping: Bool = false) throws -> CoordinatorEnding {
    if stopping { stop.request() }
    return try wait { try $0.ending?.get() }
  }

  private func wait<Value>(_ value: (State) throws -> Value?) throws -> Value {
    changed.lock()
    defer { changed.unlock() }
    let deadline = Date(timeIntervalSinceNow: 120)
    while true {
      let found = try state.withLock { state in try value(state) }
      if let found { return found }
      guard changed.wait(until: deadline) else {
        throw UnmetRequirement("the coordinator did not get there in time")
      }
    }
  }

  private func change(_ body: (inout State) -> Void) {
    changed.lock()
    state.withLock { body(&$0) }
    changed.broadcast()
    changed.unlock()
  }
}

/// A peer of a coordinator that says whatever a test wants.
final class RawPeer {
  private let context: Context
  let socket: Socket
  private var waiting: [ToWorker] = []

  init(_ endpoint: Endpoint, _ own: CurveKeyPair? = nil, server: CurvePublicKey? = nil) throws {
    context = try Context()
    socket = try Socket(.dealer, in: context)
    if let own, let server { try socket.useCurve(own, server: server) }
    try socket.connect(endpoint)
  }

  /// Sends frames, as soon as there is room for them.
  func send(_ frames: [[UInt8]]) throws {
    var poller = Poller<Bool>()
    poller.watch(socket, as: true, for: .writable)
    while try socket.send(frames) == .wouldBlock {
      guard try !poller.wait(.seconds(60)).isEmpty else {
        throw UnmetRequirement("the coordinator takes nothing any more")
      }
    }
  }

  func send(_ message: WorkerMessage, session: UInt64) throws {
    let envelope = Envelope(ToCoordinator.worker(message), session: SessionID(session))
    try send([try Frame.encode(envelope)])
  }

  func send(_ request: OperatorRequest) throws {
    try send([try Frame.encode(ToCoordinator.operator(request))])
  }

  /// The next message that is no terms: those are sent again and again to whoever is a stranger.
  func receive() throws -> ToWorker? { try next(within: .seconds(60)) }

  /// As `receive`, or nil where nothing comes in time.
  func next(within time: Duration) throws -> ToWorker? {
    while waiting.isEmpty, let frame = try socket.receive(within: time)?.frames.first {
      // What it says to operators is passed over.
      let messages = (try? Frame.decode(frame, as: ToWorker.self))?.map(\.message) ?? []
      waiting = messages.filter { message in
        if case .terms = message { false } else { true }
      }
    }
    return waiting.isEmpty ? nil : waiting.removeFirst()
  }

  /// The next message, read as what an operator is told; nil where none comes in a minute.
  func answer() throws -> ToOperator? {
    guard let frame = try socket.receive(within: .seconds(60))?.frames.first else { return nil }
    return try Frame.decode(frame, as: ToOperator.self).first?.message
  }

  func status() throws -> StatusReply? {
    try send(.status)
    while let frame = try socket.receive(within: .seconds(60))?.frames.first {
      // What it says to workers is passed over.
      let messages = (try? Frame.decode(frame, as: ToOperator.self))?.map(\.message) ?? []
      for case .status(let status) in messages { return status }
    }
    return nil
  }

  /// Asks until the counts of refusals are as wanted.
  func refusals(until isMet: ([String: Int]) -> Bool) throws -> [String: Int] {
    let deadline = ContinuousClock.now + .seconds(60)
    var last: [String: Int] = [:]
    while ContinuousClock.now < deadline {
      let counts = try status()?.refused ?? []
      let refused = Dictionary(uniqueKeysWithValues: counts.map { ($0.reason, $0.count) })
      if isMet(refused) { return refused }
      last = refused
    }
    throw UnmetRequirement("the refusals never came to what was expected; at last: \(last)")
  }
}
