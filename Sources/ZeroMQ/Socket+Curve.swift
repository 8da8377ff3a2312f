internal import CZeroMQ

/// Encryption holds for the binds and connects that come after it.
extension Socket {
  /// Encrypts what is bound from now on, and lets in only whom a ``ZAPHandler`` admits.
  ///
  /// Without a running handler for the domain nobody is let in: the domain is enforced, because
  /// libzmq would otherwise accept every key.
  /// - Parameter domain: Names this socket to the handler; not empty.
  package func requireCurve(
    secretKey: CurveSecretKey, domain: String
  ) throws(ZeroMQError) {
    guard !domain.isEmpty else {
      throw ZeroMQError(.setOption, "zap_domain", .misuse("an empty domain would admit every key"))
    }
    try set(ZMQ_CURVE_SERVER, "curve_server", to: true)
    try set(ZMQ_CURVE_SECRETKEY, "curve_secretkey", bytes: secretKey.bytes)
    try set(ZMQ_ZAP_DOMAIN, "zap_domain", bytes: Array(domain.utf8))
    try set(ZMQ_ZAP_ENFORCE_DOMAIN, "zap_enforce_domain", to: true)
  }

  /// Encrypts what is connected from now on, and talks only to the holder of the server's key.
  package func useCurve(_ own: CurveKeyPair, server: CurvePublicKey) throws(ZeroMQError) {
    try set(ZMQ_CURVE_SERVERKEY, "curve_serverkey", bytes: server.bytes)
    try set(ZMQ_CURVE_PUBLICKEY, "curve_publickey", bytes: own.publicKey.bytes)
    try set(ZMQ_CURVE_SECRETKEY, "curve_secretkey", bytes: own.secretKey.bytes)
  }
}
