/// As a file: one invitation a line; `#` starts a comment.
extension InvitationList {
  static let longest = 4 << 20
  private static let revoked = "revoked"

  var text: String {
    var text = """
      # Invitations that this user's coordinators honour. 'vaesweep keys' writes it. SHA-256 of the
      # invitation's public key, when it expires (seconds since 1970), keys it may admit or
      # 'revoked', name.

      """
    for entry in entries {
      let uses = entry.isRevoked ? Self.revoked : "\(entry.uses)"
      text += "\(entry.hash) \(entry.expires) \(uses) \(entry.name)\n"
    }
    return text
  }

  /// - Throws: An error that starts with `path` and the line's number.
  init(_ bytes: [UInt8], path: String) throws(KeyringError) {
    self.init()
    try KeyFileLines.forEach(bytes, path: path) { (words) throws(KeyringError) in try read(words) }
  }

  private mutating func read(_ words: [String]) throws(KeyringError) {
    guard words.count == 4, let hash = InvitationHash(words[0]), let expires = Int(words[1]),
      let uses = words[2] == Self.revoked ? 0 : Int(words[2]), uses >= 0
    else {
      throw KeyringError(
        .malformed, "a line has an invitation's hash, when it expires, its uses and a name")
    }
    try ApprovedKeys.requireName(words[3])
    let entry = Entry(
      hash: hash, expires: expires, uses: uses, isRevoked: words[2] == Self.revoked,
      name: words[3])
    guard add(entry) else {
      throw KeyringError(.malformed, "the invitation \(hash.short) stands here a second time")
    }
  }
}
