import Testing
import Worker
import ZeroMQ

@Suite("What keeps a worker from its coordinator")
struct CoordinatorContactTests {
  private let endpoint = Endpoint.anyLoopbackPort
  private static let refused = Reachability.failed(111)

  private func contact() -> CoordinatorContact { CoordinatorContact(endpoint, keys: nil) }

  private func lines(_ advice: [CoordinatorContact.Advice]) -> [String] {
    advice.compactMap { if case .log(let text) = $0 { text } else { nil } }
  }

  @Test("is looked for when no connection has come about at once, and then now and then")
  func probes() {
    var contact = contact()
    var times: [Int] = []
    for tenth in 0..<250 where contact.tick(at: .milliseconds(100 * tenth)) == [.probe] {
      times.append(tenth)
    }
    #expect(times == [5, 105, 205])
  }

  @Test(
    "is said at once, once while it stays the same, again after a minute, and at the end",
    arguments: [
      (Self.refused, "nothing listens"), (.unresolved("Name or service not known"), "looked up"),
      (.failed(110), "firewall"), (.failed(101), "there is no way"),
    ])
  func causes(found: Reachability, words: String) {
    var contact = contact()
    var said: [String] = []
    for second in 0..<100 {
      _ = contact.tick(at: .seconds(second))
      said += lines(contact.found(found, at: .seconds(second)))
    }
    #expect(said.count == 2)
    #expect(said.allSatisfy { $0.contains(words) }, "\(said)")
    #expect(contact.trouble?.contains(words) == true)
    // Another cause is news.
    #expect(lines(contact.found(.failed(113), at: .seconds(101))).count == 1)
  }

  @Test("is nothing once there is a connection, and looked for again when that is lost")
  func connected() {
    var contact = contact()
    _ = contact.found(Self.refused, at: .seconds(1))
    _ = contact.hear(.handshakeSucceeded, at: .seconds(2))
    #expect(contact.trouble == nil)
    #expect(contact.tick(at: .seconds(100)).isEmpty)
    // What was still under way then is no news any more.
    #expect(contact.found(Self.refused, at: .seconds(100)).isEmpty)
    _ = contact.hear(.disconnected, at: .seconds(200))
    #expect(contact.tick(at: .seconds(201)) == [.probe])
    #expect(lines(contact.found(Self.refused, at: .seconds(201))).count == 1)
  }

  @Test("is a stranger where somebody takes connections, but never answers")
  func stranger() {
    var contact = contact()
    _ = contact.tick(at: .seconds(1))
    // It may have begun to listen just now.
    #expect(contact.found(.reached, at: .seconds(1)).isEmpty)
    #expect(
      lines(contact.found(.reached, at: .seconds(11))).first?.contains("like a coordinator")
        == true)
  }

  @Test("is a refusal where there is one, and the connection is tried anew")
  func refusal() {
    var contact = contact()
    let advice = contact.hear(.handshakeFailed(.mechanismDiffers), at: .seconds(1), jitter: 0)
    #expect(lines(advice).first?.contains("--server-key") == true)
    #expect(contact.found(.reached, at: .seconds(1)).isEmpty)
    #expect(contact.tick(at: .seconds(3)) == [.reconnect])
    #expect(contact.trouble?.contains("--server-key") == true)
  }

  @Test("names the invitation, not an option, where the server's key came with one")
  func invitation() throws {
    let pair = try CurveKeyPair.generate()
    var keys = WorkerKeys(own: pair, server: pair.publicKey, approval: "approve")
    keys.origin = .invitation
    var contact = CoordinatorContact(endpoint, keys: keys)
    let differs = lines(contact.hear(.handshakeFailed(.mechanismDiffers), at: .seconds(1)))
    #expect(differs.first?.contains("--connect \(endpoint) instead of an invitation") == true)
    _ = contact.hear(.handshakeFailed(.cutOff), at: .seconds(2))
    let other = lines(contact.hear(.handshakeFailed(.cutOff), at: .seconds(3)))
    #expect(other.first?.contains("does not hold the key that the invitation names") == true)
    #expect(!(differs + other).contains { $0.contains("--server-key") })
  }

  @Test("is nothing while somebody refuses one key and another is tried")
  func alternates() {
    var contact = contact()
    _ = contact.found(Self.refused, at: .seconds(1))
    #expect(contact.trouble != nil)
    // Refused every second, and each time disconnected.
    for second in 2...100 {
      contact.wasAnswered()
      #expect(contact.trouble == nil)
      _ = contact.hear(.disconnected, at: .seconds(second))
      _ = contact.tick(at: .milliseconds(1000 * second + 600))
      #expect(contact.found(.reached, at: .milliseconds(1000 * second + 700)).isEmpty)
    }
  }
}
