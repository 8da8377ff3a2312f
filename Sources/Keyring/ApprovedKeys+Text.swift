internal import ZeroMQ

/// As a file: one key a line with its role and name; `#` starts a comment.
extension ApprovedKeys {
  static let longest = 16 << 20
  private static let revoked = "revoked"

  var text: String {
    var text = """
      # Keys that this user's coordinators admit. 'vaesweep keys' writes it; a running coordinator
      # reads it again when it changes. Key, role (worker, operator, revoked), name, and of an invited
      # key the hash of its invitation.

      """
    for entry in entries {
      let role = entry.role?.rawValue ?? Self.revoked
      let invitation = entry.invitation.map { " \($0)" } ?? ""
      text += "\(entry.key) \(role) \(entry.name)\(invitation)\n"
    }
    return text
  }

  /// - Throws: An error that starts with `path` and the line's number.
  init(_ bytes: [UInt8], path: String) throws(KeyringError) {
    self.init()
    try KeyFileLines.forEach(bytes, path: path) { (words) throws(KeyringError) in try read(words) }
  }

  private mutating func read(_ words: [String]) throws(KeyringError) {
    let invitation = words.count == 4 ? InvitationHash(words[3]) : nil
    guard (2...3).contains(words.count) || invitation != nil else {
      throw KeyringError(
        .malformed, "a line has a key, a role and a name, and an invited key its invitation's hash")
    }
    let key: CurvePublicKey
    do {
      key = try CurvePublicKey(parsing: words[0])
    } catch {
      throw KeyringError(.malformed, "\(error)")
    }
    guard self[key] == nil else {
      throw KeyringError(.malformed, "the key \(key) stands here a second time")
    }
    guard let role = KeyRole(rawValue: words[1] == Self.revoked ? "worker" : words[1]) else {
      throw KeyringError(.malformed, "the role must be worker, operator or revoked")
    }
    try approve(
      key, role: role, name: words.count > 2 ? words[2] : nil, invitation: invitation)
    if words[1] == Self.revoked { try revoke(key) }
  }
}
