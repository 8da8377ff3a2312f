import Testing
import ZeroMQ

/// Longest wait for anything on loopback; reached only by a test that fails.
let patience = Duration.seconds(20)

/// A router on a free loopback port and a dealer connected to it.
struct Pair {
  let context: Context
  let router: Socket
  let dealer: Socket
  let endpoint: Endpoint
  let id: RoutingID

  init(name: String = "worker-1") throws {
    context = try Context()
    router = try Socket(.router, in: context)
    endpoint = try router.bind(.anyLoopbackPort)
    dealer = try Socket(.dealer, in: context, linger: .seconds(1))
    id = try #require(RoutingID(Array(name.utf8)))
    try dealer.setRoutingID(id)
    try dealer.connect(endpoint)
  }
}

@Suite("Messages", .timeLimit(.minutes(1)))
struct MessageTests {
  @Test("A message goes from dealer to router and back over a free loopback port")
  func roundTrip() throws {
    let pair = try Pair()
    #expect(pair.endpoint.port != nil)
    #expect(pair.endpoint.isLoopback)
    #expect(try pair.dealer.send([[1, 2, 3]]) == .sent)
    let request = try #require(try pair.router.receive(within: patience))
    #expect(request.sender == pair.id)
    #expect(request.frames == [[1, 2, 3]])
    #expect(request.droppedFrames == 0)
    #expect(request.user == nil)
    #expect(request.peerAddress == "127.0.0.1")
    #expect(try pair.router.send([[4], []], to: pair.id) == .sent)
    let reply = try #require(try pair.dealer.receive(atMost: 2, within: patience))
    #expect(reply.sender == nil)
    #expect(reply.frames == [[4], []])
  }

  @Test("Nothing there gives nil at once")
  func nothingThere() throws {
    let pair = try Pair()
    #expect(try pair.router.receive() == nil)
    #expect(try pair.dealer.receive() == nil)
    #expect(try pair.dealer.receive(within: .milliseconds(1)) == nil)
  }

  @Test("A frame of one mebibyte arrives as it was")
  func largeFrame() throws {
    let pair = try Pair()
    let frame = (0..<(1 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    #expect(try pair.dealer.send([frame]) == .sent)
    #expect(try pair.router.receive(within: patience)?.frames == [frame])
  }

  @Test("Of 20,001 frames one is kept, the rest counted, and the next message is whole")
  func manyFrames() throws {
    let pair = try Pair()
    #expect(try pair.dealer.send([[UInt8]](repeating: [7], count: 20_001)) == .sent)
    #expect(try pair.dealer.send([[8]]) == .sent)
    let flood = try #require(try pair.router.receive(within: patience))
    #expect(flood.sender == pair.id)
    #expect(flood.frames == [[7]])
    #expect(flood.droppedFrames == 20_000)
    let next = try #require(try pair.router.receive(within: patience))
    #expect(next.frames == [[8]])
    #expect(next.droppedFrames == 0)
  }

  @Test("A frame above the limit never arrives, and its peer is cut off and may come back")
  func largeFrameRefused() throws {
    let context = try Context()
    let router = try Socket(.router, in: context)
    try router.setMaxFrameSize(1024)
    let endpoint = try router.bind(.anyLoopbackPort)
    let rude = try Socket(.dealer, in: context)
    try rude.connect(endpoint)
    #expect(try rude.send([[UInt8](repeating: 0, count: 1025)]) == .sent)
    let polite = try Socket(.dealer, in: context)
    try polite.connect(endpoint)
    #expect(try polite.send([[UInt8](repeating: 1, count: 1024)]) == .sent)
    #expect(try router.receive(within: patience)?.frames.first?.first == 1)
    // Whatever it sends before it notices is lost with the old connection; then it comes through.
    let deadline = ContinuousClock.now + patience
    var back: Message?
    while back == nil, ContinuousClock.now < deadline {
      #expect(try rude.send([[2]]) != .unreachable)
      back = try router.receive(within: .milliseconds(20))
    }
    #expect(back?.frames == [[2]])
  }

  @Test("A router says that it does not know a peer")
  func unknownPeer() throws {
    let pair = try Pair()
    let stranger = try #require(RoutingID([9, 9]))
    #expect(try pair.router.send([[1]], to: stranger) == .unreachable)
    // The refused message left nothing behind.
    #expect(try pair.dealer.send([[5]]) == .sent)
    #expect(try pair.router.receive(within: patience)?.frames == [[5]])
    #expect(try pair.router.send([[6]], to: pair.id) == .sent)
    #expect(try pair.dealer.receive(within: patience)?.frames == [[6]])
  }

  @Test("A full queue refuses the whole message", arguments: [1, 3])
  func fullQueue(frames: Int) throws {
    let context = try Context()
    let dealer = try Socket(.dealer, in: context)
    try dealer.setSendHighWaterMark(2)
    // A port below 1024: one that was just let go may be another test's by now, and take the messages.
    try dealer.connect(Endpoint(parsing: "tcp://127.0.0.1:1"))
    let message = [[UInt8]](repeating: [1], count: frames)
    var sent = 0
    while sent < 100, try dealer.send(message) == .sent { sent += 1 }
    #expect(sent == 2)
  }

  @Test("A peer that does not read makes the router refuse, and loses no part of what was taken")
  func slowPeer() throws {
    let context = try Context()
    let router = try Socket(.router, in: context)
    try router.setSendHighWaterMark(2)
    let endpoint = try router.bind(.anyLoopbackPort)
    let dealer = try Socket(.dealer, in: context)
    try dealer.setReceiveHighWaterMark(2)
    try dealer.connect(endpoint)
    #expect(try dealer.send([[0]]) == .sent)
    let peer = try #require(try router.receive(within: patience)?.sender)
    let frame = [UInt8](repeating: 1, count: 1 << 20)
    var taken = 0
    // Each time room comes up it is used, until none has come up for a while.
    var poller = Poller<Bool>()
    var refusals = 0
    while refusals < 20, taken < 500 {
      if try router.send([[2], frame, [3]], to: peer) == .sent {
        taken += 1
        refusals = 0
      } else {
        refusals += 1
        _ = try poller.wait(.milliseconds(5))
      }
    }
    #expect((2..<500).contains(taken))
    for _ in 0..<taken {
      let message = try #require(try dealer.receive(atMost: 3, within: patience))
      #expect(message.frames.map(\.count) == [1, 1 << 20, 1])
    }
    #expect(try dealer.receive() == nil)
    #expect(try router.send([[4]], to: peer) == .sent)
    #expect(try dealer.receive(within: patience)?.frames == [[4]])
  }

  @Test("A dealer without any peer would block")
  func noPeer() throws {
    let dealer = try Socket(.dealer, in: try Context())
    #expect(try dealer.send([[1], [2]]) == .wouldBlock)
  }

  @Test("A message without frames, and one to nobody, are misuse")
  func misuse() throws {
    let pair = try Pair()
    #expect(throws: ZeroMQError.self) { try pair.dealer.send([]) }
    #expect(throws: ZeroMQError.self) { try pair.router.send([[1]]) }
    #expect(throws: ZeroMQError.self) { try pair.dealer.send([[1]], to: pair.id) }
    #expect(throws: ZeroMQError.self) { try pair.router.send([], to: pair.id) }
  }

  @Test("A routing id has 1 to 255 bytes and is printed readably")
  func routingID() {
    #expect(RoutingID([]) == nil)
    #expect(RoutingID([UInt8](repeating: 1, count: 256)) == nil)
    #expect(RoutingID(Array("w-1".utf8))?.description == "w-1")
    #expect(RoutingID([0, 171])?.description == "00ab")
  }
}
