import Foundation
import Testing
import ZeroMQ

@Suite("Sockets", .timeLimit(.minutes(1)))
struct SocketTests {
  @Test("A port in use is said with its name and what to do")
  func portInUse() throws {
    let pair = try Pair()
    let second = try Socket(.router, in: pair.context)
    let error = #expect(throws: ZeroMQError.self) { try second.bind(pair.endpoint) }
    #expect(error?.code == .addressInUse)
    #expect(
      error?.description
        == "cannot bind \(pair.endpoint): Address already in use (EADDRINUSE); another program, "
        + "or an earlier run of this one, holds it: end that or choose another port")
  }

  @Test(
    "An address that this machine does not have is said so",
    arguments: ["tcp://nosuch0:5757", "tcp://192.0.2.1:5757"])
  func unknownInterface(text: String) throws {
    let socket = try Socket(.router, in: try Context())
    let error = #expect(throws: ZeroMQError.self) { try socket.bind(try Endpoint(parsing: text)) }
    #expect(
      error?.description.contains("'ip addr' lists them") == true, "\(String(describing: error))")
  }

  @Test("Binding to localhost binds to 127.0.0.1")
  func localhost() throws {
    let socket = try Socket(.router, in: try Context())
    let bound = try socket.bind(try Endpoint(parsing: "tcp://localhost:*"))
    #expect(bound.description.hasPrefix("tcp://127.0.0.1:"))
  }

  @Test("An IPv6 address is bound without further ado, where the machine has one")
  func ipv6() throws {
    let context = try Context()
    let router = try Socket(.router, in: context)
    let anyPort = try Endpoint(parsing: "tcp://[::1]:*")
    let endpoint: Endpoint
    switch Result(catching: { () throws(ZeroMQError) in try router.bind(anyPort) }) {
    case .success(let bound): endpoint = bound
    case .failure(let error):
      let without: [ErrorCode?] = [.addressNotAvailable, .unsupportedAddressFamily, .noSuchDevice]
      #expect(without.contains(error.code), "\(error)")
      return
    }
    let dealer = try Socket(.dealer, in: context)
    try dealer.connect(endpoint)
    #expect(try dealer.send([[6]]) == .sent)
    #expect(try router.receive(within: patience)?.frames == [[6]])
  }

  @Test("A port that was unbound can be bound again")
  func unbind() throws {
    let pair = try Pair()
    try pair.dealer.disconnect(pair.endpoint)
    try pair.router.unbind(pair.endpoint)
    // The port is freed by the I/O thread, a moment later.
    let second = try Socket(.router, in: pair.context)
    var poller = Poller<Int>()
    poller.watch(second, as: 0)
    let deadline = ContinuousClock.now + patience
    var bound = false
    while !bound, ContinuousClock.now < deadline {
      do throws(ZeroMQError) {
        try second.bind(pair.endpoint)
        bound = true
      } catch {
        #expect(error.code == .addressInUse)
        _ = try poller.wait(.milliseconds(1))
      }
    }
    #expect(bound)
  }

  @Test("To connect to every interface, or to no port, is misuse")
  func connectNowhere() throws {
    let dealer = try Socket(.dealer, in: try Context())
    for text in ["tcp://*:5757", "tcp://127.0.0.1:*"] {
      let error = #expect(throws: ZeroMQError.self) {
        try dealer.connect(try Endpoint(parsing: text))
      }
      #expect(error?.description.hasPrefix("cannot connect \(text): ") == true)
    }
  }

  @Test("An ipc path that holds a file of another kind is left alone")
  func ipcFile() throws {
    let path = NSTemporaryDirectory() + "vaesweep-\(UUID().uuidString.prefix(8))"
    try Data("precious".utf8).write(to: URL(filePath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let socket = try Socket(.router, in: try Context())
    let error = #expect(throws: ZeroMQError.self) {
      try socket.bind(try Endpoint(parsing: "ipc://\(path)"))
    }
    #expect(error?.code == .fileExists)
    #expect(try String(contentsOf: URL(filePath: path), encoding: .utf8) == "precious")
  }

  @Test("Every option is accepted by libzmq")
  func options() throws {
    let socket = try Socket(.dealer, in: try Context(ioThreads: 2, maxSockets: 8))
    try socket.setLinger(.milliseconds(500))
    try socket.setSendHighWaterMark(10)
    try socket.setReceiveHighWaterMark(0)
    try socket.setMaxFrameSize(1 << 20)
    try socket.setReconnectInterval(.milliseconds(100), longest: .seconds(5))
    try socket.setConnectTimeout(.seconds(5))
    try socket.setHandshakeInterval(.seconds(10))
    try socket.setTCPKeepAlive(idle: .seconds(30), interval: .seconds(10), probes: 3)
    try socket.setImmediate(true)
    try socket.setIPv6(true)
    try socket.setBacklog(1024)
  }

  @Test("An option that does not fit the socket is an error that names it")
  func wrongOption() throws {
    let dealer = try Socket(.dealer, in: try Context())
    let error = #expect(throws: ZeroMQError.self) { try dealer.setMandatory(true) }
    #expect(
      error?.description == "cannot set option router_mandatory: Invalid argument (EINVAL)")
  }

  @Test("A closed socket refuses everything and closes only once")
  func closed() throws {
    let pair = try Pair()
    pair.dealer.close()
    pair.dealer.close()
    let error = #expect(throws: ZeroMQError.self) { try pair.dealer.send([[1]]) }
    #expect(error?.code == .notASocket)
    #expect(throws: ZeroMQError.self) { try pair.dealer.receive() }
    #expect(throws: ZeroMQError.self) { try pair.dealer.receive(within: .seconds(1)) }
    #expect(throws: ZeroMQError.self) { try pair.dealer.connect(pair.endpoint) }
  }

  @Test("A context ends without hanging, with messages that nobody ever takes")
  func contextEnds() throws {
    // The last owner of each context goes with its socket; linger is zero.
    for _ in 0..<20 {
      let dealer = try Socket(.dealer, in: try Context())
      try dealer.connect(try Endpoint(parsing: "tcp://127.0.0.1:1"))
      #expect(try dealer.send([[1]]) == .sent)
    }
  }

  @Test("A message in the linger of a closed socket still arrives")
  func lingers() throws {
    let pair = try Pair()
    #expect(try pair.dealer.send([[3]]) == .sent)
    pair.dealer.close()
    #expect(try pair.router.receive(within: patience)?.frames == [[3]])
  }

  @Test("More sockets than the context allows is an error")
  func socketLimit() throws {
    let context = try Context(maxSockets: 2)
    let first = try Socket(.pair, in: context)
    let second = try Socket(.pair, in: context)
    let error = #expect(throws: ZeroMQError.self) { try Socket(.pair, in: context) }
    #expect(error?.code == .tooManyFiles)
    #expect(first.kind == second.kind)
  }
}
