internal import Crypto
package import ZeroMQ

/// How an invitation is known to everybody but its holders: the SHA-256 of its public key.
///
/// It may stand in files and logs: it opens nothing, and no half of the invitation's key pair follows
/// from it.
package struct InvitationHash: Hashable, Sendable, CustomStringConvertible {
  /// Digits that tell one user's invitations apart.
  private static let shortest = 12

  /// 64 hexadecimal digits in lower case.
  package let description: String

  package init(of key: CurvePublicKey) {
    description = SHA256.hash(data: key.bytes)
      .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// nil unless these are 64 hexadecimal digits in lower case.
  package init?(_ text: String) {
    guard text.utf8.count == 64, text.utf8.allSatisfy(Self.isDigit) else { return nil }
    description = text
  }

  /// Its first digits, for people.
  package var short: String { String(description.prefix(Self.shortest)) }

  static func isDigit(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (97...102).contains(byte)
  }
}
