internal import Crypto
internal import Foundation
package import ZeroMQ

/// What a new worker needs in order to be let in without anybody's approval: where the coordinator
/// is, the coordinator's key, and a secret that admits one more key until it is used up.
///
/// As one text without spaces or characters that a shell reads: `vsi1.` and base64url of the
/// coordinator's key (32 bytes), the secret (32), the endpoint in UTF-8, and the first four bytes
/// of the SHA-256 of all before them, so that a text that was cut or mistyped is noticed.
package struct Invitation: Hashable, Sendable {
  private static let mark = "vsi1."
  private static let keyBytes = 32
  private static let checkBytes = 4
  private static let longest = 1024

  /// Where workers reach the coordinator, such as `tcp://10.0.0.5:5757`.
  package let endpoint: String
  /// Whom the worker expects to find there.
  package let server: CurvePublicKey
  /// The pair that opens the door once; the coordinator keeps only a hash of its public half.
  package let pair: CurveKeyPair

  package init(endpoint: String, server: CurvePublicKey, pair: CurveKeyPair) {
    self.endpoint = endpoint
    self.server = server
    self.pair = pair
  }

  /// Reads what `text` gave.
  ///
  /// - Throws: One line; the text itself is not repeated, for it is a secret.
  package init(parsing text: String) throws(KeyringError) {
    guard text.hasPrefix(Self.mark), text.utf8.count <= Self.longest,
      let bytes = Self.bytes(ofBase64URL: text.dropFirst(Self.mark.count)),
      bytes.count > 2 * Self.keyBytes + Self.checkBytes
    else {
      throw KeyringError(
        .malformed,
        "this is no invitation: it starts with \(Self.mark), as 'vaesweep keys invite' prints it")
    }
    let body = Array(bytes.dropLast(Self.checkBytes))
    guard Array(bytes.suffix(Self.checkBytes)) == Self.check(body) else {
      throw KeyringError(
        .malformed,
        "this invitation is damaged: copy the whole of what 'vaesweep keys invite' printed")
    }
    guard let server = CurvePublicKey(Array(body[..<Self.keyBytes])),
      let secret = CurveSecretKey(Array(body[Self.keyBytes..<(2 * Self.keyBytes)])),
      let endpoint = String(validating: body[(2 * Self.keyBytes)...], as: UTF8.self)
    else { throw KeyringError(.malformed, "this invitation is damaged: ask for a new one") }
    self.server = server
    self.endpoint = endpoint
    do {
      pair = try CurveKeyPair(secretKey: secret)
    } catch {
      throw KeyringError(.failed, "\(error)")
    }
  }

  /// To be handed to a worker and to nobody else.
  package var text: String {
    let body = server.bytes + pair.secretKey.bytes + Array(endpoint.utf8)
    let base64 = Data(body + Self.check(body)).base64EncodedString()
    return Self.mark
      + base64.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }

  private static func check(_ body: [UInt8]) -> [UInt8] {
    Array(SHA256.hash(data: body).prefix(checkBytes))
  }

  private static func bytes(ofBase64URL text: Substring) -> [UInt8]? {
    let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    let base64 = text.replacing("-", with: "+").replacing("_", with: "/") + padding
    return Data(base64Encoded: String(base64)).map(Array.init)
  }
}
