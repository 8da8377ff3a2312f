import Platform
import Synchronization
import Testing
import ZeroMQ

@Suite("Keys")
struct CurveKeyTests {
  @Test("Z85 meets the test vector of RFC 32")
  func vector() {
    let bytes: [UInt8] = [0x86, 0x4F, 0xD2, 0x6F, 0xB5, 0x59, 0xF7, 0x5B]
    #expect(Z85.encode(bytes) == "HelloWorld")
    #expect(Z85.decode("HelloWorld") == bytes)
    #expect(Z85.encode([0, 0, 0, 0, 255, 255, 255, 255]) == "00000%nSc0")
    #expect(Z85.decode("") == [])
  }

  @Test(
    "Z85 refuses other lengths, foreign characters and numbers beyond 32 bits",
    arguments: ["1234", "HelloWorl", "Hell~", "Hell\u{e9}", "#####", "%nSc1"])
  func foreign(text: String) {
    #expect(Z85.decode(text) == nil)
  }

  @Test("A new pair is written and read back, and its public key follows from the secret one")
  func pair() throws {
    let pair = try CurveKeyPair.generate()
    #expect(try CurvePublicKey(parsing: pair.publicKey.description) == pair.publicKey)
    #expect(
      try CurveKeyPair(secretKey: CurveSecretKey(parsing: pair.secretKey.hexadecimal)) == pair)
    #expect(try CurveKeyPair.generate() != pair)
    #expect(pair.publicKey.description.count == 64)
  }

  @Test("The published test key of libzmq gives its published public key")
  func published() throws {
    // The server key pair of zmq_curve(7).
    let secret = try CurveSecretKey(parsing: "JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6")
    #expect(
      try CurveKeyPair(secretKey: secret).publicKey.z85
        == "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7")
  }

  @Test("A secret key is shown nowhere")
  func secrecy() throws {
    let pair = try CurveKeyPair.generate()
    var dumped = ""
    dump(pair, to: &dumped)
    let secret = pair.secretKey
    for text in ["\(pair)", "\(secret)", String(reflecting: pair), dumped] {
      #expect(!text.contains(secret.hexadecimal))
    }
    let wrong = "not-a-secret-key"
    let error = #expect(throws: ZeroMQError.self) { try CurveSecretKey(parsing: wrong) }
    #expect(error.map { !$0.description.contains(wrong) } == true)
  }
}

@Suite("Admission", .timeLimit(.minutes(1)))
struct AdmissionTests {
  private let domain = "vaesweep"

  @Test("A known key comes in and its messages carry its name; an unknown one does not")
  func admission() throws {
    let server = try CurveKeyPair.generate()
    let known = try CurveKeyPair.generate()
    let unknown = try CurveKeyPair.generate()
    let refused = try WakeUp()
    let addresses = Mutex<Set<String>>([])
    let context = try Context()
    let publicKey = known.publicKey
    let handler = try ZAPHandler(in: context, domain: domain) { key, address in
      addresses.withLock { _ = $0.insert(address) }
      if key == publicKey { return .admit(UserID("worker-a")) }
      refused.signal()
      return .refuse(reason: "unknown key")
    }
    let router = try Socket(.router, in: context)
    try router.requireCurve(secretKey: server.secretKey, domain: domain)
    let endpoint = try router.bind(.anyLoopbackPort)

    let stranger = try Socket(.dealer, in: context)
    try stranger.useCurve(unknown, server: server.publicKey)
    try stranger.connect(endpoint)
    #expect(try stranger.send([[13]]) == .sent)
    let plain = try Socket(.dealer, in: context)
    try plain.connect(endpoint)
    #expect(try plain.send([[14]]) == .sent)
    var poller = Poller<Bool>()
    poller.watch(refused, as: true)
    #expect(try !poller.wait(patience).isEmpty)

    let worker = try Socket(.dealer, in: context)
    try worker.useCurve(known, server: server.publicKey)
    try worker.connect(endpoint)
    #expect(try worker.send([[1], [2]]) == .sent)
    let message = try #require(try router.receive(atMost: 2, within: patience))
    #expect(message.frames == [[1], [2]])
    #expect(message.user == UserID("worker-a"))
    let sender = try #require(message.sender)
    #expect(try router.send([[3]], to: sender) == .sent)
    #expect(try worker.receive(within: patience)?.frames == [[3]])
    #expect(try router.receive() == nil)
    #expect(addresses.withLock { $0 } == ["127.0.0.1"])
    withExtendedLifetime(handler) {}
  }

  @Test("Without a handler for its domain nobody comes in", arguments: [false, true])
  func enforced(otherDomain: Bool) throws {
    let server = try CurveKeyPair.generate()
    let client = try CurveKeyPair.generate()
    let context = try Context()
    let asked = Mutex(0)
    let handler: ZAPHandler? =
      otherDomain
      ? try ZAPHandler(in: context, domain: "another") { _, _ in
        asked.withLock { $0 += 1 }
        return .admit(UserID("anyone"))
      } : nil
    let router = try Socket(.router, in: context)
    try router.requireCurve(secretKey: server.secretKey, domain: domain)
    let endpoint = try router.bind(.anyLoopbackPort)
    let dealer = try Socket(.dealer, in: context)
    try dealer.useCurve(client, server: server.publicKey)
    try dealer.connect(endpoint)
    #expect(try dealer.send([[1]]) == .sent)
    // There is no event to wait for; a handshake on loopback takes a few milliseconds.
    #expect(try router.receive(within: .milliseconds(300)) == nil)
    #expect(asked.withLock { $0 } == 0)
    withExtendedLifetime(handler) {}
  }

  @Test("A client that expects another server key gets no answer")
  func wrongServer() throws {
    let context = try Context()
    let client = try CurveKeyPair.generate()
    let handler = try ZAPHandler(in: context, domain: domain) { _, _ in .admit(UserID("anyone")) }
    let router = try Socket(.router, in: context)
    try router.requireCurve(secretKey: try CurveKeyPair.generate().secretKey, domain: domain)
    let endpoint = try router.bind(.anyLoopbackPort)
    let dealer = try Socket(.dealer, in: context)
    try dealer.useCurve(client, server: try CurveKeyPair.generate().publicKey)
    try dealer.connect(endpoint)
    #expect(try dealer.send([[1]]) == .sent)
    #expect(try router.receive(within: .milliseconds(300)) == nil)
    withExtendedLifetime(handler) {}
  }

  @Test("A handler ends when its owner lets go, and another can take its place")
  func ends() throws {
    let context = try Context()
    for _ in 0..<20 {
      let handler = try ZAPHandler(in: context, domain: domain) { _, _ in .refuse(reason: "no") }
      withExtendedLifetime(handler) {}
    }
    let first = try ZAPHandler(in: context, domain: domain) { _, _ in .refuse(reason: "no") }
    let error = #expect(throws: ZeroMQError.self) {
      try ZAPHandler(in: context, domain: domain) { _, _ in .refuse(reason: "no") }
    }
    #expect(error?.code == .addressInUse)
    withExtendedLifetime(first) {}
  }

  @Test("An empty domain is refused, since it would admit every key")
  func emptyDomain() throws {
    let router = try Socket(.router, in: try Context())
    let secret = try CurveKeyPair.generate().secretKey
    #expect(throws: ZeroMQError.self) { try router.requireCurve(secretKey: secret, domain: "") }
  }
}
