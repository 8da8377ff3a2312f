/// One message as it was received.
package struct Message: Hashable, Sendable {
  /// Who sent it, as a router's reply address; nil on other sockets.
  ///
  /// It can be forged.
  package let sender: RoutingID?
  /// The payload frames, at most as many as were asked for.
  package let frames: [[UInt8]]
  /// How many further frames came with it; they were read and thrown away.
  package let droppedFrames: Int
  /// Who the sender is by its CURVE key, as the ZAP policy named it; nil without one.
  package let user: UserID?
  /// The sender's network address, where the transport has one.
  package let peerAddress: String?

  package init(
    sender: RoutingID?, frames: [[UInt8]], droppedFrames: Int = 0, user: UserID? = nil,
    peerAddress: String? = nil
  ) {
    self.sender = sender
    self.frames = frames
    self.droppedFrames = droppedFrames
    self.user = user
    self.peerAddress = peerAddress
  }
}

/// What became of a message that was to be sent.
package enum SendOutcome: Hashable, Sendable {
  /// Queued whole. That the peer receives it is not promised.
  case sent
  /// Not queued, no part of it: the peer's queue is full, or there is no peer yet.
  case wouldBlock
  /// Not queued: the router knows no such peer, or knows it no longer.
  case unreachable
}

/// A router's name for one of its peers: 1 to 255 bytes.
package struct RoutingID: Hashable, Sendable, CustomStringConvertible {
  package let bytes: [UInt8]

  /// nil unless there are 1 to 255 bytes.
  package init?(_ bytes: [UInt8]) {
    guard (1...255).contains(bytes.count) else { return nil }
    self.bytes = bytes
  }

  /// Its UTF-8 bytes where they are printable ASCII, otherwise hexadecimal.
  package var description: String {
    if bytes.allSatisfy({ (33...126).contains($0) }) {
      return String(decoding: bytes, as: UTF8.self)
    }
    return bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}

/// The name a ZAP policy gave the owner of a CURVE key.
package struct UserID: Hashable, Sendable, CustomStringConvertible {
  package let name: String
  package init(_ name: String) { self.name = name }
  package var description: String { name }
}
