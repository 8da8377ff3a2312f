import Testing
import ZeroMQ

@Suite("A connection monitor", .timeLimit(.minutes(1)))
struct ConnectionMonitorTests {
  private let context: Context
  private let router: Socket
  private let server: CurveKeyPair
  private let endpoint: Endpoint
  private let admitted: CurveKeyPair
  private let handler: ZAPHandler

  init() throws {
    context = try Context()
    server = try CurveKeyPair.generate()
    admitted = try CurveKeyPair.generate()
    let key = admitted.publicKey
    handler = try ZAPHandler(in: context, domain: "d") { asked, _ in
      asked == key ? .admit(UserID("known")) : .refuse(reason: "unknown")
    }
    router = try Socket(.router, in: context)
    try router.requireCurve(secretKey: server.secretKey, domain: "d")
    endpoint = try router.bind(.anyLoopbackPort)
  }

  /// The first event that says how the handshake went.
  private func outcome(_ monitor: ConnectionMonitor) throws -> ConnectionEvent? {
    var poller = Poller<Bool>()
    poller.watch(monitor, as: true)
    while try !poller.wait(patience).isEmpty {
      while let event = try monitor.next() {
        switch event {
        case .accepted, .disconnected: continue
        case .handshakeSucceeded, .handshakeFailed: return event
        }
      }
    }
    return nil
  }

  @Test("sees an admitted key come in, from both sides")
  func admission() throws {
    let there = try ConnectionMonitor(of: router, in: context)
    let dealer = try Socket(.dealer, in: context)
    try dealer.useCurve(admitted, server: server.publicKey)
    let here = try ConnectionMonitor(of: dealer, in: context)
    try dealer.connect(endpoint)
    #expect(try outcome(here) == .handshakeSucceeded)
    #expect(try outcome(there) == .handshakeSucceeded)
  }

  @Test("tells a key that is refused, and a new attempt gets through once it is not")
  func refusedThenAdmitted() throws {
    let stranger = try CurveKeyPair.generate()
    let dealer = try Socket(.dealer, in: context)
    try dealer.setImmediate(true)
    try dealer.useCurve(stranger, server: server.publicKey)
    let monitor = try ConnectionMonitor(of: dealer, in: context)
    try dealer.connect(endpoint)
    #expect(try outcome(monitor) == .handshakeFailed(.keyRefused))
    // The options of the socket hold for the connection that comes next.
    try dealer.useCurve(admitted, server: server.publicKey)
    try dealer.reconnect(endpoint)
    #expect(try outcome(monitor) == .handshakeSucceeded)
    #expect(try dealer.send([[7]]) == .sent)
    #expect(try router.receive(within: patience)?.frames == [[7]])
  }

  @Test("tells another server's key, which libzmq tries again by itself")
  func wrongServer() throws {
    let dealer = try Socket(.dealer, in: context)
    try dealer.useCurve(admitted, server: try CurveKeyPair.generate().publicKey)
    let monitor = try ConnectionMonitor(of: dealer, in: context)
    try dealer.connect(endpoint)
    #expect(try outcome(monitor) == .handshakeFailed(.cutOff))
    #expect(try outcome(monitor) == .handshakeFailed(.cutOff))
  }

  @Test("of a server counts peers without keys and peers that speak something else")
  func strangers() throws {
    let monitor = try ConnectionMonitor(of: router, in: context)
    let plain = try Socket(.dealer, in: context)
    try plain.connect(endpoint)
    guard case .handshakeFailed = try outcome(monitor) else {
      Issue.record("a peer without a key came in")
      return
    }
  }

  @Test("can be let go of before or after its socket")
  func order() throws {
    for closesFirst in [true, false] {
      let dealer = try Socket(.dealer, in: context)
      var monitor: ConnectionMonitor? = try ConnectionMonitor(of: dealer, in: context)
      try dealer.connect(endpoint)
      if closesFirst { dealer.close() }
      withExtendedLifetime(monitor) {}
      monitor = nil
      dealer.close()
    }
  }
}
