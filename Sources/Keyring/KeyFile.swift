internal import ZeroMQ

/// A key pair as it stands in its file: comments, then `public` and `secret`, 64 hexadecimal
/// digits each.
enum KeyFile {
  static let longest = 4096

  static func text(_ pair: CurveKeyPair, of owner: KeyOwner) -> String {
    """
    # The \(owner.rawValue)'s CURVE key pair. Keep it to yourself: whoever has the secret half is
    # this \(owner.rawValue). Only the public half is ever told to others.
    public \(pair.publicKey)
    secret \(pair.secretKey.hexadecimal)

    """
  }

  static func pair(_ bytes: [UInt8], path: String) throws(KeyringError) -> CurveKeyPair {
    var values: [Substring: Substring] = [:]
    for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
    where !line.hasPrefix("#") {
      let words = line.split(separator: " ")
      guard words.count == 2, values.updateValue(words[1], forKey: words[0]) == nil else {
        throw malformed(path)
      }
    }
    guard values.count == 2, let publicText = values["public"], let secretText = values["secret"]
    else { throw malformed(path) }
    do throws(ZeroMQError) {
      let pair = try CurveKeyPair(secretKey: CurveSecretKey(parsing: String(secretText)))
      guard try CurvePublicKey(parsing: String(publicText)) == pair.publicKey else {
        throw ZeroMQError(.readKey, path, .misuse("its two halves do not belong together"))
      }
      return pair
    } catch {
      throw KeyringError(
        .malformed, "\(path) is damaged (\(error)): move it away, and a new one is made")
    }
  }

  private static func malformed(_ path: String) -> KeyringError {
    KeyringError(
      .malformed, "\(path) is no key file of vaesweep: move it away, and a new one is made")
  }
}
