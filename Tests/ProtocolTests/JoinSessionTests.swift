import Testing
import Wire
import Worker

@Suite("A worker with an invitation")
struct JoinSessionTests {
  private var session = JoinSession(wait: .seconds(600), seed: 7)

  /// Ticks ten times a second, from one time to another, and says what came of it and when.
  private mutating func pass(
    _ seconds: ClosedRange<Int>
  ) -> [(tenth: Int, effect: JoinSession.Effect)] {
    var found: [(Int, JoinSession.Effect)] = []
    for tenth in (10 * seconds.lowerBound)...(10 * seconds.upperBound) {
      for effect in session.handle(.tick, at: .milliseconds(100 * tenth)) {
        found.append((tenth, effect))
      }
    }
    return found
  }

  private func isLog(_ effect: JoinSession.Effect) -> Bool {
    if case .log = effect { true } else { false }
  }

  @Test("asks as soon as it is let in, and enters when its own key is approved")
  mutating func admitted() {
    #expect(session.handle(.tick, at: .zero).isEmpty)
    #expect(session.handle(.connected, at: .seconds(1)) == [.ask])
    #expect(session.handle(.answered(.admitted), at: .seconds(1)) == [.enter])
    // It is over, whatever comes.
    #expect(session.handle(.answered(.refused(reason: "r")), at: .seconds(2)).isEmpty)
    #expect(session.handle(.keyRefused, at: .seconds(2)).isEmpty)
    #expect(session.handle(.tick, at: .seconds(9999)).isEmpty)
  }

  @Test("asks again while no answer comes, and at once after a connection was lost")
  mutating func lostAnswers() {
    _ = session.handle(.connected, at: .seconds(1))
    let asked = pass(1...10).filter { $0.effect == .ask }.map(\.tenth)
    #expect(asked == [13, 18, 28, 48, 68, 88])
    #expect(session.handle(.connected, at: .milliseconds(10_100)) == [.ask])
    #expect(pass(11...12).filter { $0.effect == .ask }.map(\.tenth) == [110, 115])
    #expect(session.handle(.answered(.admitted), at: .seconds(13)) == [.enter])
  }

  @Test("ends with the coordinator's reason where it is not let in, at once")
  mutating func refused() {
    _ = session.handle(.connected, at: .zero)
    let reason = "the invitation cluster is used up"
    #expect(
      session.handle(.answered(.refused(reason: reason)), at: .zero)
        == [.end("the coordinator does not let this worker in: \(reason)")])
  }

  @Test("ends with the reason of a coordinator that does not speak with it")
  mutating func otherVersion() {
    _ = session.handle(.connected, at: .zero)
    #expect(
      session.handle(.refused(Refusal(reason: "run the same vaesweep on every host")), at: .zero)
        == [.end("the coordinator refused this worker: run the same vaesweep on every host")])
  }

  @Test("tries its own key where the invitation is not known any more, and enters with it")
  mutating func ownKey() {
    let effects = session.handle(.keyRefused, at: .seconds(1))
    #expect(effects.last == .knock(.ownKey))
    #expect(effects.count == 2 && isLog(effects[0]))
    // Without a request: it is approved.
    #expect(session.handle(.connected, at: .seconds(2)) == [.enter])
  }

  @Test("tries both in turn while neither is known, says so once, and gives up after the wait")
  mutating func neither() {
    var logs = 0
    var knocks: [JoinSession.Door] = []
    var end: (tenth: Int, line: String)?
    for tenth in 0...6100 {
      let now = Duration.milliseconds(100 * tenth)
      var effects = session.handle(.tick, at: now)
      if tenth == 0 { effects.append(.knock(.invitation)) }
      while let effect = effects.first {
        effects.removeFirst()
        switch effect {
        case .knock(let door):
          knocks.append(door)
          effects += session.handle(.keyRefused, at: now)
        case .log: logs += 1
        case .end(let line): end = (tenth, line)
        case .ask, .enter: Issue.record("nobody let it in")
        }
      }
    }
    // Every 1.2 to 1.6 seconds both.
    #expect((750...1010).contains(knocks.count), "\(knocks.count)")
    #expect(Array(knocks.prefix(4)) == [.invitation, .ownKey, .invitation, .ownKey])
    // That it waits, and that the invitation is not known.
    #expect(logs == 2)
    #expect(end?.tenth == 6000)
    #expect(
      end?.line.hasPrefix("no coordinator let this worker in within 10m; the coordinator does not")
        == true, "\(end?.line ?? "")")
    #expect(end?.line.hasSuffix("nor this worker's own key") == true, "\(end?.line ?? "")")
  }

  @Test("waits for a coordinator that comes later, says so once, and gives up after the wait")
  mutating func nobody() {
    let effects = pass(0...600)
    #expect(effects.count == 2)
    #expect(effects.first?.tenth == 20)
    #expect(effects.last?.tenth == 6000)
    #expect(effects.last?.effect == .end("no coordinator let this worker in within 10m"))
  }

  @Test("takes up the invitation where the coordinator hears of it a moment later")
  mutating func lateInvitation() throws {
    _ = session.handle(.keyRefused, at: .seconds(1))
    #expect(session.handle(.keyRefused, at: .seconds(1)).isEmpty)
    let knock = try #require(pass(1...4).first { $0.effect == .knock(.invitation) })
    #expect((22...27).contains(knock.tenth))
    #expect(session.handle(.connected, at: .seconds(5)) == [.ask])
    #expect(session.handle(.answered(.admitted), at: .seconds(5)) == [.enter])
  }
}
