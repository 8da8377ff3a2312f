internal import Crypto
internal import Foundation
package import ZeroMQ

/// What a new worker needs in order to be let in without anybody's approval: where the coordinator
/// is, the coordinator's key, and a secret that admits the worker's own key.
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
  package let endpoint: Endpoint
  /// Whom the worker expects to find there.
  package let server: CurvePublicKey
  /// What opens the door; the coordinator keeps only a hash of its public half.
  package let pair: CurveKeyPair

  init(endpoint: Endpoint, server: CurvePublicKey, pair: CurveKeyPair) {
    self.endpoint = endpoint
    self.server = server
    self.pair = pair
  }

  /// Reads what `text` gave; blanks around it do not matter.
  ///
  /// - Throws: One line; the text itself is not repeated, for it is a secret.
  package init(parsing text: String) throws(KeyringError) {
    let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard text.hasPrefix(Self.mark), text.utf8.count <= Self.longest else {
      throw KeyringError(
        .malformed,
        "this is no invitation: one starts with \(Self.mark), as 'vaesweep keys invite' prints it")
    }
    guard let bytes = Self.bytes(ofBase64URL: text.dropFirst(Self.mark.count)),
      bytes.count > 2 * Self.keyBytes + Self.checkBytes
    else { throw Self.damaged }
    let body = Array(bytes.dropLast(Self.checkBytes))
    guard Array(bytes.suffix(Self.checkBytes)) == Self.check(body),
      let server = CurvePublicKey(Array(body[..<Self.keyBytes])),
      let secret = CurveSecretKey(Array(body[Self.keyBytes..<(2 * Self.keyBytes)])),
      let address = String(validating: body[(2 * Self.keyBytes)...], as: UTF8.self),
      let endpoint = try? Endpoint(parsing: address)
    else { throw Self.damaged }
    do throws(ZeroMQError) {
      self.init(endpoint: endpoint, server: server, pair: try CurveKeyPair(secretKey: secret))
    } catch {
      throw KeyringError(.failed, "\(error)")
    }
  }

  /// The same door by another way: an address at which this host reaches the coordinator.
  package func leading(to endpoint: Endpoint) -> Invitation {
    Invitation(endpoint: endpoint, server: server, pair: pair)
  }

  /// To be handed to a worker and to nobody else.
  package var text: String {
    let body = server.bytes + pair.secretKey.bytes + Array(endpoint.description.utf8)
    let base64 = Data(body + Self.check(body)).base64EncodedString()
    return Self.mark
      + base64.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }

  package var hash: InvitationHash { InvitationHash(of: pair.publicKey) }

  /// The text with every invitation in it made useless: for lines that repeat what a person typed.
  package static func hidden(in text: String) -> String {
    guard text.contains(mark) else { return text }
    return text.replacing(/vsi1\.[A-Za-z0-9_-]+/, with: "\(mark)…")
  }

  private static var damaged: KeyringError {
    KeyringError(
      .malformed,
      "this invitation is damaged: copy the whole of what 'vaesweep keys invite' printed")
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

/// Neither half of the pair is shown: whoever prints an invitation hands it over with ``text``.
extension Invitation: CustomStringConvertible, CustomReflectable {
  package var description: String { "(invitation \(hash.short) to \(endpoint))" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
