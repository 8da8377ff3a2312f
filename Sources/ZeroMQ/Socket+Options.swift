internal import CZeroMQ

/// Options hold for the binds and connects that come after them.
extension Socket {
  /// How long messages not yet on the network outlive the socket.
  package func setLinger(_ duration: Duration) throws(ZeroMQError) {
    try set(ZMQ_LINGER, "linger", to: duration.wholeMilliseconds)
  }

  /// The most messages queued for one peer before a send would block; 0 for no limit.
  package func setSendHighWaterMark(_ messages: Int) throws(ZeroMQError) {
    try set(ZMQ_SNDHWM, "sndhwm", to: Int32(clamping: messages))
  }

  /// The most messages of one peer that wait here before its own queue fills; 0 for no limit.
  package func setReceiveHighWaterMark(_ messages: Int) throws(ZeroMQError) {
    try set(ZMQ_RCVHWM, "rcvhwm", to: Int32(clamping: messages))
  }

  /// The largest frame accepted, in bytes.
  ///
  /// A peer that sends a larger one is disconnected.
  ///
  /// It says nothing about the number of frames; see ``receive(atMost:within:)``.
  package func setMaxFrameSize(_ bytes: Int) throws(ZeroMQError) {
    try set(ZMQ_MAXMSGSIZE, "maxmsgsize", to: Int64(bytes))
  }

  /// Whether a router says `.unreachable` for a peer it does not know, instead of dropping.
  package func setMandatory(_ mandatory: Bool) throws(ZeroMQError) {
    try set(ZMQ_ROUTER_MANDATORY, "router_mandatory", to: mandatory)
  }

  /// The name under which a router shall know this socket; a random one unless set.
  ///
  /// While a router still holds a dead connection of this name it ignores a new one, until
  /// keep-alive ends the old. Without a fixed name a peer that comes back is simply a new sender.
  package func setRoutingID(_ id: RoutingID) throws(ZeroMQError) {
    try set(ZMQ_ROUTING_ID, "routing_id", bytes: id.bytes)
  }

  /// The pause before a lost connection is tried again, doubled each time up to a longest one.
  ///
  /// libzmq adds a random part of up to `first`, so that peers do not come back all at once.
  package func setReconnectInterval(_ first: Duration, longest: Duration) throws(ZeroMQError) {
    try set(ZMQ_RECONNECT_IVL, "reconnect_ivl", to: max(1, first.wholeMilliseconds))
    try set(ZMQ_RECONNECT_IVL_MAX, "reconnect_ivl_max", to: longest.wholeMilliseconds)
  }

  /// How long one attempt to connect may take; zero leaves it to the system.
  package func setConnectTimeout(_ duration: Duration) throws(ZeroMQError) {
    try set(ZMQ_CONNECT_TIMEOUT, "connect_timeout", to: duration.wholeMilliseconds)
  }

  /// How long a new peer may take over its handshake; zero for ever, 30 s unless set.
  package func setHandshakeInterval(_ duration: Duration) throws(ZeroMQError) {
    try set(ZMQ_HANDSHAKE_IVL, "handshake_ivl", to: duration.wholeMilliseconds)
  }

  /// Lets the kernel find dead connections: first probe after `idle`, then every `interval`.
  package func setTCPKeepAlive(
    idle: Duration, interval: Duration, probes: Int
  ) throws(ZeroMQError) {
    try set(ZMQ_TCP_KEEPALIVE, "tcp_keepalive", to: 1 as Int32)
    try set(ZMQ_TCP_KEEPALIVE_IDLE, "tcp_keepalive_idle", to: max(1, idle.wholeSeconds))
    try set(ZMQ_TCP_KEEPALIVE_INTVL, "tcp_keepalive_intvl", to: max(1, interval.wholeSeconds))
    try set(ZMQ_TCP_KEEPALIVE_CNT, "tcp_keepalive_cnt", to: Int32(clamping: max(1, probes)))
  }

  /// Whether messages are queued for completed connections only.
  ///
  /// Otherwise a dealer queues for a peer that may never come.
  package func setImmediate(_ immediate: Bool) throws(ZeroMQError) {
    try set(ZMQ_IMMEDIATE, "immediate", to: immediate)
  }

  /// Whether names are looked up, and `*` is bound, in IPv6 beside IPv4; off unless set.
  ///
  /// An endpoint with an IPv6 address turns it on by itself.
  package func setIPv6(_ enabled: Bool) throws(ZeroMQError) {
    try set(ZMQ_IPV6, "ipv6", to: enabled)
  }

  /// How many connections may wait to be accepted; 100 unless set.
  ///
  /// The kernel caps it at `somaxconn`.
  package func setBacklog(_ connections: Int) throws(ZeroMQError) {
    try set(ZMQ_BACKLOG, "backlog", to: Int32(clamping: connections))
  }

  func set(_ option: Int32, _ name: String, to value: Bool) throws(ZeroMQError) {
    try setValue(option, name, Int32(value ? 1 : 0))
  }

  func set(_ option: Int32, _ name: String, to value: Int32) throws(ZeroMQError) {
    try setValue(option, name, value)
  }

  func set(_ option: Int32, _ name: String, to value: Int64) throws(ZeroMQError) {
    try setValue(option, name, value)
  }

  func set(_ option: Int32, _ name: String, bytes: [UInt8]) throws(ZeroMQError) {
    try checked(.setOption, name) { zmq_setsockopt(handle, option, bytes, bytes.count) }
  }

  private func setValue(
    _ option: Int32, _ name: String, _ value: some FixedWidthInteger
  ) throws(ZeroMQError) {
    try checked(.setOption, name) {
      withUnsafeBytes(of: value) { zmq_setsockopt(handle, option, $0.baseAddress, $0.count) }
    }
  }
}
