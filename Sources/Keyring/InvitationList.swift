/// The invitations that a user's coordinators honour.
///
/// Each is known by the hash of its public half alone: who reads this list, or a log, gets in by
/// nothing that stands there. How many keys it has admitted stands with the approved keys, so that
/// one write to the disk approves a key and counts it.
package struct InvitationList: Hashable, Sendable {
  package struct Entry: Hashable, Sendable {
    package let hash: InvitationHash
    /// Seconds since 1970-01-01 UTC.
    package let expires: Int
    /// Keys that it may admit.
    package let uses: Int
    package internal(set) var isRevoked: Bool
    /// What the keys that it admits are called by, where their workers give no name.
    package let name: String
  }

  /// Why an invitation admits nobody.
  package enum Closing: Hashable, Sendable {
    case revoked
    case usedUp
    case expired
    /// It is not on the list, or not any more.
    case unknown
  }

  /// Seconds after its end for which a list still knows why an invitation admits nobody.
  private static let memory = 7 * 86_400

  /// In the order in which they were made.
  package private(set) var entries: [Entry] = []
  private var places: [InvitationHash: Int] = [:]

  package init() {}

  package subscript(hash: InvitationHash) -> Entry? { places[hash].map { entries[$0] } }

  /// Why an invitation admits nobody; nil for one that is open.
  ///
  /// - Parameters:
  ///   - admitted: Keys that it has admitted so far.
  ///   - now: Seconds since 1970-01-01 UTC.
  package func closing(of hash: InvitationHash, admitted: Int, at now: Int) -> Closing? {
    guard let entry = self[hash] else { return .unknown }
    if entry.isRevoked { return .revoked }
    if admitted >= entry.uses { return .usedUp }
    return now < entry.expires ? nil : .expired
  }

  /// - Returns: Whether it was new.
  @discardableResult
  package mutating func add(_ entry: Entry) -> Bool {
    guard places[entry.hash] == nil else { return false }
    places[entry.hash] = entries.count
    entries.append(entry)
    return true
  }

  /// Closes those that are chosen, unless they have expired or were closed before.
  ///
  /// - Returns: Which.
  package mutating func revoke(_ choice: InvitationChoice, at now: Int) -> [Entry] {
    var closed: [Entry] = []
    for place in entries.indices
    where !entries[place].isRevoked && now < entries[place].expires
      && choice.includes(entries[place])
    {
      entries[place].isRevoked = true
      closed.append(entries[place])
    }
    return closed
  }

  /// Forgets those that ended a week ago: the file does not grow for ever.
  package mutating func prune(at now: Int) {
    let kept = entries.filter { now < $0.expires + Self.memory }
    guard kept.count < entries.count else { return }
    self = InvitationList()
    for entry in kept { add(entry) }
  }
}

/// Which invitations a command means.
package enum InvitationChoice: Hashable, Sendable {
  case all
  /// Those of a name, or the one whose hash begins so.
  case matching(String)

  /// Digits of a hash that name an invitation; fewer may be a slip of the hand.
  private static let fewestDigits = 8

  func includes(_ entry: InvitationList.Entry) -> Bool {
    switch self {
    case .all: true
    case .matching(let text):
      entry.name == text
        || text.utf8.count >= Self.fewestDigits && entry.hash.description.hasPrefix(text)
    }
  }
}
