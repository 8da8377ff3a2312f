internal import CZeroMQ

/// The public half of a CURVE key pair: who a peer is.
///
/// 32 bytes, written as 40 characters of Z85.
package struct CurvePublicKey: Hashable, Sendable, CustomStringConvertible {
  package let bytes: [UInt8]

  /// nil unless there are 32 bytes.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count == CurveKeyPair.keyBytes else { return nil }
    self.bytes = bytes
  }

  /// Reads 40 characters of Z85.
  package init(z85 text: String) throws(ZeroMQError) {
    guard let bytes = Z85.decode(text), bytes.count == CurveKeyPair.keyBytes else {
      throw ZeroMQError(.readKey, "'\(text)'", .misuse(CurveKeyPair.expected))
    }
    self.bytes = bytes
  }

  /// 40 characters of Z85.
  package var description: String { Z85.encode(bytes) }
}

/// The secret half of a CURVE key pair; neither its description nor an error ever shows it.
package struct CurveSecretKey: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
  let bytes: [UInt8]

  /// Reads 40 characters of Z85.
  package init(z85 text: String) throws(ZeroMQError) {
    guard let bytes = Z85.decode(text), bytes.count == CurveKeyPair.keyBytes else {
      throw ZeroMQError(.readKey, "(secret)", .misuse(CurveKeyPair.expected))
    }
    self.bytes = bytes
  }

  /// 40 characters of Z85, to be kept in a file that only its owner can read.
  package var z85: String { Z85.encode(bytes) }

  package var description: String { "(secret)" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}

/// A CURVE key pair (Curve25519), the identity of one side.
package struct CurveKeyPair: Hashable, Sendable {
  static let keyBytes = 32
  static let expected = "a key is 40 characters of Z85, as 'vaesweep keys' writes it"

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
      publicKey: try CurvePublicKey(z85: Z85.text(publicText)),
      secretKey: try CurveSecretKey(z85: Z85.text(secretText)))
  }

  /// The pair of a secret key, with the public key computed from it.
  package init(secretKey: CurveSecretKey) throws(ZeroMQError) {
    var publicText = [CChar](repeating: 0, count: Z85.keyCharacters + 1)
    let secretText = secretKey.z85
    try checked(.makeKeys, "for CURVE") { zmq_curve_public(&publicText, secretText) }
    self.init(publicKey: try CurvePublicKey(z85: Z85.text(publicText)), secretKey: secretKey)
  }

  private init(publicKey: CurvePublicKey, secretKey: CurveSecretKey) {
    self.publicKey = publicKey
    self.secretKey = secretKey
  }
}
