internal import CZeroMQ

/// The public half of a CURVE key pair: who a peer is.
///
/// 32 bytes, written as 64 hexadecimal digits: Z85, ZeroMQ's own notation, is shorter, but its
/// 40 characters may start with a dash and hold `$`, `%`, `&`, `<` or `*`, which mean something to
/// shells, unit files and option parsers. Both are read.
package struct CurvePublicKey: Hashable, Sendable, CustomStringConvertible {
  package let bytes: [UInt8]

  /// nil unless there are 32 bytes.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count == CurveKeyPair.keyBytes else { return nil }
    self.bytes = bytes
  }

  /// Reads 64 hexadecimal digits or 40 characters of Z85.
  package init(parsing text: String) throws(ZeroMQError) {
    guard let bytes = CurveKeyPair.bytes(of: text) else {
      throw ZeroMQError(.readKey, Self.shown(text), .misuse(CurveKeyPair.expected))
    }
    self.bytes = bytes
  }

  /// 64 hexadecimal digits.
  package var description: String { Hexadecimal.encode(bytes) }

  /// 40 characters of Z85.
  package var z85: String { Z85.encode(bytes) }

  /// What was given instead of a key, fit for one line.
  private static func shown(_ text: String) -> String {
    let kept = text.unicodeScalars.prefix(80).map {
      $0.properties.generalCategory == .control ? "?" : $0
    }
    return "'\(String(String.UnicodeScalarView(kept)))'"
  }
}

/// The secret half of a CURVE key pair; neither its description nor an error ever shows it.
package struct CurveSecretKey: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
  /// To be handed to nobody but the owner.
  package let bytes: [UInt8]

  /// nil unless there are 32 bytes.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count == CurveKeyPair.keyBytes else { return nil }
    self.bytes = bytes
  }

  /// Reads 64 hexadecimal digits or 40 characters of Z85.
  package init(parsing text: String) throws(ZeroMQError) {
    guard let bytes = CurveKeyPair.bytes(of: text) else {
      throw ZeroMQError(.readKey, "(secret)", .misuse(CurveKeyPair.expected))
    }
    self.bytes = bytes
  }

  /// 64 hexadecimal digits, to be kept in a file that only its owner can read.
  package var hexadecimal: String { Hexadecimal.encode(bytes) }

  package var description: String { "(secret)" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}

/// A CURVE key pair (Curve25519), the identity of one side.
package struct CurveKeyPair: Hashable, Sendable {
  static let keyBytes = 32
  static let expected =
    "a key is 64 hexadecimal digits, as 'vaesweep keys' writes it, or 40 characters of Z85"

  package let publicKey: CurvePublicKey
  package let secretKey: CurveSecretKey

  /// Makes a new pair from the system's random numbers.
  ///
  /// - Throws: ENOTSUP where libzmq was built without CURVE.
  package static func generate() throws(ZeroMQError) -> CurveKeyPair {
    var publicText = [CChar](repeating: 0, count: Z85.keyCharacters + 1)
    var secretText = publicText
    try checked(.makeKeys, "for CURVE") { zmq_curve_keypair(&publicText, &secretText) }
    return CurveKeyPair(
      publicKey: try CurvePublicKey(parsing: Z85.text(publicText)),
      secretKey: try CurveSecretKey(parsing: Z85.text(secretText)))
  }

  /// The pair of a secret key, with the public key computed from it.
  package init(secretKey: CurveSecretKey) throws(ZeroMQError) {
    var publicText = [CChar](repeating: 0, count: Z85.keyCharacters + 1)
    let secretText = Z85.encode(secretKey.bytes)
    try checked(.makeKeys, "for CURVE") { zmq_curve_public(&publicText, secretText) }
    self.init(publicKey: try CurvePublicKey(parsing: Z85.text(publicText)), secretKey: secretKey)
  }

  private init(publicKey: CurvePublicKey, secretKey: CurveSecretKey) {
    self.publicKey = publicKey
    self.secretKey = secretKey
  }

  /// The lengths of the two notations differ, so that no text is both.
  static func bytes(of text: String) -> [UInt8]? {
    let bytes = text.utf8.count == 2 * keyBytes ? Hexadecimal.decode(text) : Z85.decode(text)
    return bytes?.count == keyBytes ? bytes : nil
  }
}
