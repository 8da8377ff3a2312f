import ZeroMQ

enum Sample {
  /// A key of 32 equal bytes.
  static func key(_ byte: UInt8) -> CurvePublicKey {
    guard let key = CurvePublicKey([UInt8](repeating: byte, count: 32)) else {
      preconditionFailure("32 bytes are a key")
    }
    return key
  }
}
