package import ZeroMQ

/// The keys that a coordinator admits, each with its role, and those it admits no more.
package struct ApprovedKeys: Hashable, Sendable {
  package enum Standing: Hashable, Sendable {
    case approved(KeyRole)
    /// Kept, so that nothing approves it again by itself.
    case revoked
  }

  package struct Entry: Hashable, Sendable {
    package let key: CurvePublicKey
    package let standing: Standing
    package let name: String
    /// What brought it here; nil where a person approved it.
    package let invitation: InvitationHash?

    /// nil for a revoked key.
    package var role: KeyRole? {
      if case .approved(let role) = standing { role } else { nil }
    }
  }

  /// In the order in which they were first approved.
  package private(set) var entries: [Entry] = []
  private var places: [CurvePublicKey: Int] = [:]

  package init() {}

  package subscript(key: CurvePublicKey) -> Entry? { places[key].map { entries[$0] } }

  /// What the owner of a key may do; nil for one that is unknown or revoked.
  package func role(of key: CurvePublicKey) -> KeyRole? { self[key]?.role }

  /// Approves a key, also one that was revoked or had another role.
  ///
  /// - Parameters:
  ///   - name: nil keeps the name it has, or makes one of its role and first digits.
  ///   - invitation: What admits it, one of whose uses it takes for good; nil keeps what did.
  package mutating func approve(
    _ key: CurvePublicKey, role: KeyRole, name: String? = nil, invitation: InvitationHash? = nil
  ) throws(KeyringError) {
    if let name { try Self.requireName(name) }
    let known = name ?? self[key]?.name ?? "\(role.rawValue)-\(key.description.prefix(8))"
    put(
      Entry(
        key: key, standing: .approved(role), name: known,
        invitation: invitation ?? self[key]?.invitation))
  }

  /// - Throws: Where the key was never approved.
  package mutating func revoke(_ key: CurvePublicKey) throws(KeyringError) {
    guard let entry = self[key] else {
      throw KeyringError(.unknown, "the key \(key) was never approved: 'vaesweep keys list'")
    }
    put(Entry(key: key, standing: .revoked, name: entry.name, invitation: entry.invitation))
  }

  /// How many keys each invitation has admitted, also such as were revoked since.
  package var admissions: [InvitationHash: Int] {
    entries.reduce(into: [:]) { counts, entry in
      if let invitation = entry.invitation { counts[invitation, default: 0] += 1 }
    }
  }

  private mutating func put(_ entry: Entry) {
    if let place = places[entry.key] {
      entries[place] = entry
    } else {
      places[entry.key] = entries.count
      entries.append(entry)
    }
  }

  /// Names are printed, logged and pasted into shells.
  package static func requireName(_ name: String) throws(KeyringError) {
    guard (1...64).contains(name.utf8.count), name.utf8.allSatisfy(isNameByte),
      name.utf8.first != UInt8(ascii: "-")
    else {
      throw KeyringError(
        .unknown, "a key's name is 1 to 64 letters, digits, dots, dashes, underscores or @")
    }
  }

  /// The nearest text that can be a name, such as a host's; nil where nothing is left.
  package static func name(from text: String) -> String? {
    let kept = String(decoding: text.utf8.filter(isNameByte).prefix(64), as: UTF8.self)
    let name = String(kept.drop { $0 == "-" })
    return name.isEmpty ? nil : name
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 48...57, 64...90, 97...122, UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"): true
    default: false
    }
  }
}
