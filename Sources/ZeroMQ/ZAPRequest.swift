/// One question of libzmq's to the ZAP handler (ZeroMQ RFC 27): whether a key may come in.
struct ZAPRequest: Equatable {
  /// A delimiter, version, request id, domain, address, identity, mechanism, one credential.
  static let frameCount = 8
  private static let version = Array("1.0".utf8)

  let id: [UInt8]
  let domain: String
  /// The peer's network address, without its port.
  let address: String
  /// nil for a mechanism other than CURVE.
  let key: CurvePublicKey?

  /// nil for frames that are no ZAP 1.0 request; those get no answer.
  init?(frames: [[UInt8]]) {
    guard frames.count >= 7, frames[0].isEmpty, frames[1] == Self.version else { return nil }
    id = frames[2]
    domain = String(decoding: frames[3], as: UTF8.self)
    address = unmappedAddress(String(decoding: frames[4], as: UTF8.self))
    key =
      frames.count == Self.frameCount && frames[6] == Array("CURVE".utf8)
      ? CurvePublicKey(frames[7]) : nil
  }

  /// The frames that answer it.
  func reply(_ admission: Admission) -> [[UInt8]] {
    let (status, text, user) =
      switch admission {
      case .admit(let user): ("200", "OK", user.name)
      case .refuse(let reason): ("400", reason, "")
      }
    let metadata: [UInt8] = []
    return [
      [], Self.version, id, Array(status.utf8), Array(text.utf8.prefix(255)),
      Array(user.utf8.prefix(255)), metadata,
    ]
  }
}

/// An IPv4 address as itself, where a socket of both families calls it `::ffff:10.0.0.1`.
func unmappedAddress(_ text: String) -> String {
  let prefix = "::ffff:"
  return text.hasPrefix(prefix) && text.contains(".") ? String(text.dropFirst(prefix.count)) : text
}
