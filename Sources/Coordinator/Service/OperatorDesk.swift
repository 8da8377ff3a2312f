import Sweep
import SweepFile
package import Wire

/// Judges the sweeps that operators want a running coordinator to go on with.
package protocol SweepExtending: AnyObject {
  /// Takes a sweep, with which the coordinator is to be started anew.
  ///
  /// - Returns: nil, or why it is not taken, in one line.
  func take(_ request: ExtendRequest) -> String?
}

/// What operators are owed: answers at the end of a turn, and at the end of the coordinator.
struct OperatorDesk {
  /// Who has asked once for the status in this turn; each is told once, at its end, so that whoever asks
  /// again after the answer is heard in the next.
  private var askers: Set<PeerID> = []
  /// Those of them who watch.
  private var watchers: Set<PeerID> = []
  private var replies: [(message: ToOperator, peer: PeerID)] = []
  /// Who is told when the coordinator has ended.
  private(set) var stopAskers: Set<PeerID> = []
  /// Who asked for the sweep that the coordinator is to go on with.
  private(set) var extensionAsker: PeerID?

  mutating func ask(_ peer: PeerID, watches: Bool = false) {
    if watches { watchers.insert(peer) } else { askers.insert(peer) }
  }

  mutating func reply(_ message: ToOperator, to peer: PeerID) { replies.append((message, peer)) }

  mutating func refuse(_ reason: String, to peer: PeerID) {
    reply(.refusal(Refusal(reason: reason)), to: peer)
  }

  mutating func awaitEnd(_ peer: PeerID) { stopAskers.insert(peer) }

  /// Has a sweep judged that an operator wants to go on with.
  mutating func extend(
    _ request: ExtendRequest, from peer: PeerID, by extender: (any SweepExtending)?
  ) {
    guard extensionAsker == nil else {
      return refuse("another sweep file is being taken in: try again", to: peer)
    }
    guard let extender else {
      return refuse(
        "this coordinator serves one sweep alone: start 'vaesweep coordinator'", to: peer)
    }
    if let reason = extender.take(request) { return refuse(reason, to: peer) }
    extensionAsker = peer
  }

  /// Takes out all that is to be said now.
  ///
  /// - Parameter complete: Adds what those who watch are told beyond the others.
  mutating func take(
    _ status: () -> StatusReply, completing complete: (inout StatusReply) -> Void
  ) -> [(message: ToOperator, peer: PeerID)] {
    defer {
      replies.removeAll()
      askers.removeAll()
      watchers.removeAll()
    }
    guard !askers.isEmpty || !watchers.isEmpty else { return replies }
    var standing = status()
    let plain = ToOperator.status(standing)
    let taken = replies + askers.map { (plain, $0) }
    guard !watchers.isEmpty else { return taken }
    complete(&standing)
    return taken + watchers.map { (.status(standing), $0) }
  }
}

extension OrderRequest {
  /// The order, its points read.
  var order: SweepOrder {
    get throws(SweepFileError) {
      switch self {
      case .pause: .pause
      case .resume: .resume
      case .drain(let host): .drain(host: host)
      case .undrain(let host): .undrain(host: host)
      case .retry(let texts): .retry(try PointFilter(parsing: texts))
      case .cancel(let texts): .cancel(try PointFilter(parsing: texts))
      }
    }
  }
}
