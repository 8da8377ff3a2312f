internal import Crypto
package import ZeroMQ

/// The invitations that a user's coordinators honour.
///
/// Each is known by the SHA-256 of its public half alone: who reads this list, or a log, gets in
/// by nothing that stands there.
package struct InvitationList: Hashable, Sendable {
  package struct Entry: Hashable, Sendable {
    /// 64 hexadecimal digits.
    package let hash: String
    /// Seconds since 1970-01-01 UTC.
    package let expires: Int
    /// Keys that it may still admit; 0 for one that is used up or revoked.
    package internal(set) var usesLeft: Int
    /// What the keys that it admits are called by, where their workers give no name.
    package let name: String

    /// Whether it admits another key at a time.
    package func isOpen(at now: Int) -> Bool { usesLeft > 0 && now < expires }
  }

  /// In the order in which they were made.
  package private(set) var entries: [Entry] = []

  package init() {}

  /// How the list knows an invitation.
  package static func hash(of key: CurvePublicKey) -> String {
    SHA256.hash(data: key.bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  package subscript(key: CurvePublicKey) -> Entry? {
    let hash = Self.hash(of: key)
    return entries.first { $0.hash == hash }
  }

  package mutating func add(_ entry: Entry) { entries.append(entry) }

  /// Uses one admission of an invitation up.
  ///
  /// - Returns: Whether it was open.
  package mutating func spend(_ key: CurvePublicKey, at now: Int) -> Bool {
    let hash = Self.hash(of: key)
    guard let place = entries.firstIndex(where: { $0.hash == hash }), entries[place].isOpen(at: now)
    else { return false }
    entries[place].usesLeft -= 1
    return true
  }

  /// Closes the invitations whose hash or name starts so, or all of them.
  ///
  /// - Returns: How many were open.
  package mutating func revoke(matching text: String?, at now: Int) -> Int {
    var closed = 0
    for place in entries.indices where entries[place].isOpen(at: now) {
      guard text.map({ entries[place].hash.hasPrefix($0) || entries[place].name == $0 }) ?? true
      else { continue }
      entries[place].usesLeft = 0
      closed += 1
    }
    return closed
  }

  /// Forgets those that have been closed for a day: the file does not grow for ever.
  package mutating func prune(at now: Int) {
    entries.removeAll { !$0.isOpen(at: now) && now - $0.expires > 86_400 }
  }
}

/// As a file: one invitation a line.
extension InvitationList {
  static let longest = 4 << 20

  var text: String {
    var text = """
      # Invitations that this user's coordinators honour. 'vaesweep keys' writes it. SHA-256 of the
      # invitation's public key, when it expires (seconds since 1970), keys it may still admit, name.

      """
    for entry in entries {
      text += "\(entry.hash) \(entry.expires) \(entry.usesLeft) \(entry.name)\n"
    }
    return text
  }

  /// - Throws: An error that starts with `path` and the line's number.
  init(_ bytes: [UInt8], path: String) throws(KeyringError) {
    let lines = String(decoding: bytes, as: UTF8.self)
      .split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).map(String.init)
      guard !words.isEmpty else { continue }
      guard words.count == 4, words[0].utf8.count == 64, let expires = Int(words[1]),
        let uses = Int(words[2]), uses >= 0
      else {
        throw KeyringError(
          .malformed, "\(path):\(index + 1): a line has a hash, two numbers and a name")
      }
      entries.append(Entry(hash: words[0], expires: expires, usesLeft: uses, name: words[3]))
    }
  }
}
