import Launch
import Testing

@Suite("A host of a launch")
struct LaunchedHostTests {
  private let room = HostEvent.tick(HostRoom(mayConnect: true, mayCopy: true))

  private func host(_ purpose: LaunchPurpose = .attend, hasTunnel: Bool = false) -> LaunchedHost {
    LaunchedHost(
      HostEntry(target: "node", slots: 2), purpose: purpose, hasTunnel: hasTunnel)
  }

  /// A host whose worker runs since `time`.
  private func running(at time: Duration) -> LaunchedHost {
    var host = host()
    #expect(host.handle(room, at: time) == [.connect(.start)])
    #expect(
      host.handle(.marked(.ready(host: "n", process: 7)), at: time) == [.introduce(port: nil)])
    return host
  }

  @Test("that lacks the program is sent it, and then started")
  func copies() {
    var host = host()
    #expect(host.handle(room, at: .zero) == [.connect(.start)])
    #expect(host.handle(.said("Welcome to node"), at: .zero) == [])
    #expect(host.handle(.marked(.missing), at: .zero) == [])
    #expect(host.handle(.disconnected(status: 0), at: .zero) == [])
    #expect(host.handle(.tick(HostRoom(mayConnect: true, mayCopy: false)), at: .zero) == [])
    #expect(host.handle(room, at: .zero) == [.connect(.copy)])
    #expect(host.handle(.marked(.copied), at: .seconds(3)) == [])
    #expect(host.handle(.disconnected(status: 0), at: .seconds(3)) == [])
    #expect(host.handle(room, at: .seconds(3)) == [.connect(.start)])
    #expect(
      host.handle(.marked(.ready(host: "n", process: 7)), at: .seconds(3))
        == [.introduce(port: nil)])
    #expect(host.worker == WorkerIdentity(host: "n", process: 7))
    #expect(host.handle(.said("2026 the sweep is complete"), at: .seconds(9)) == [])
    #expect(host.handle(.disconnected(status: 0), at: .seconds(9)) == [])
    #expect(host.state == .over(.complete))
  }

  @Test("on which a copy does not last is given up")
  func copyLost() {
    var host = host()
    for _ in 0..<2 {
      #expect(host.handle(room, at: .zero) == [.connect(.start)])
      _ = host.handle(.marked(.missing), at: .zero)
      #expect(host.handle(.disconnected(status: 0), at: .zero) == [])
      #expect(host.handle(room, at: .zero) == [.connect(.copy)])
      _ = host.handle(.marked(.copied), at: .zero)
      #expect(host.handle(.disconnected(status: 0), at: .zero) == [])
    }
    #expect(host.handle(room, at: .zero) == [.connect(.start)])
    _ = host.handle(.marked(.missing), at: .zero)
    let effects = host.handle(.disconnected(status: 0), at: .zero)
    #expect(effects.count == 1 && host.isOver, "\(effects)")
  }

  @Test("with a tunnel is told the port that ssh has got, whichever comes first")
  func tunnel() {
    let allocated = HostEvent.said("Allocated port 41235 for remote forward to 127.0.0.1:5757")
    let ready = HostEvent.marked(.ready(host: "n", process: 7))
    for events in [[allocated, ready], [ready, allocated]] {
      var host = host(hasTunnel: true)
      _ = host.handle(room, at: .zero)
      #expect(host.handle(events[0], at: .zero) == [])
      #expect(host.handle(events[1], at: .zero) == [.introduce(port: 41235)])
      guard case .running = host.state else {
        Issue.record("\(host.state)")
        return
      }
    }
  }

  @Test("whose worker dies is started again after pauses that grow, and given up after five")
  func quickDeaths() {
    var host = host()
    var now = Duration.zero
    for (number, pause) in [1, 2, 4, 8, nil].enumerated() {
      #expect(host.handle(room, at: now) == [.connect(.start)], "\(number)")
      _ = host.handle(.marked(.ready(host: "n", process: 7)), at: now)
      _ = host.handle(.said("vaesweep: no luck"), at: now)
      let effects = host.handle(.disconnected(status: 1), at: now)
      guard let pause else {
        #expect(effects == [.tell("given up: no luck, 5 times one after the other")])
        #expect(host.state == .over(.givenUp("no luck, 5 times one after the other")))
        return
      }
      #expect(effects == [.tell("no luck; trying again in \(pause) s")])
      #expect(host.handle(room, at: now + .seconds(pause) - .milliseconds(1)) == [])
      now += .seconds(pause)
    }
  }

  @Test("whose worker lived for long is not given up, and one that is unreachable then neither")
  func longLife() {
    var host = running(at: .zero)
    var now = Duration.zero
    for _ in 0..<20 {
      now += .seconds(61)
      let effects = host.handle(.disconnected(status: 255), at: now)
      #expect(effects.count == 1 && !host.isOver)
      now += .seconds(1)
      #expect(host.handle(room, at: now) == [.connect(.start)])
      _ = host.handle(.marked(.ready(host: "n", process: 7)), at: now)
    }
    _ = host.handle(.said("client_loop: send disconnect: Broken pipe"), at: now)
    _ = host.handle(.disconnected(status: 255), at: now)
    for _ in 0..<20 {
      now += .seconds(61)
      #expect(host.handle(room, at: now) == [.connect(.start)])
      _ = host.handle(.said("ssh: connect to host n port 22: Connection refused"), at: now)
      let effects = host.handle(.disconnected(status: 255), at: now)
      #expect(effects.count == 1 && !host.isOver)
    }
  }

  @Test("that somebody must mend first is given up at once, with the line that says how")
  func lasting() {
    var host = host()
    _ = host.handle(room, at: .zero)
    _ = host.handle(.said("node: Permission denied (publickey)."), at: .zero)
    let effects = host.handle(.disconnected(status: 255), at: .zero)
    #expect(host.isOver)
    guard case .tell(let line)? = effects.first else {
      Issue.record("\(effects)")
      return
    }
    #expect(line.contains("ssh-copy-id node"))
  }

  @Test("hands back when it is asked to stop; what is left after that is ended from outside")
  func stops() {
    var host = running(at: .zero)
    #expect(host.handle(.stopRequested, at: .seconds(9)) == [.closeInput])
    #expect(host.handle(room, at: .seconds(30)) == [])
    var orderly = host
    #expect(orderly.handle(.disconnected(status: 0), at: .seconds(31)) == [])
    #expect(orderly.state == .over(.stopped))
    #expect(host.handle(room, at: .seconds(49)) == [.cut])
    let effects = host.handle(.disconnected(status: nil), at: .seconds(49))
    #expect(effects.last == .connect(.stop(onlyOwn: true)))
    _ = host.handle(.marked(.killed(process: 7)), at: .seconds(80))
    #expect(host.handle(.disconnected(status: 0), at: .seconds(80)) == [])
    #expect(host.state == .over(.stopped))
  }

  @Test("that is not connected yet leaves at once")
  func stopsEarly() {
    var waiting = host()
    #expect(waiting.handle(.stopRequested, at: .zero) == [])
    #expect(waiting.state == .over(.stopped))
    var connecting = host()
    _ = connecting.handle(room, at: .zero)
    #expect(connecting.handle(.stopRequested, at: .seconds(1)) == [.cut])
    #expect(connecting.handle(.disconnected(status: nil), at: .seconds(1)) == [])
    #expect(connecting.state == .over(.stopped))
  }

  @Test(
    "whose link goes while it hands back is ended from outside, and where that fails nobody knows")
  func lostWhileLeaving() {
    for status in [255, nil] as [Int32?] {
      var host = running(at: .zero)
      #expect(host.handle(.stopRequested, at: .seconds(9)) == [.closeInput])
      let effects = host.handle(.disconnected(status: status), at: .seconds(12))
      #expect(
        effects == [
          .tell("the connection was lost; ending what is left there"),
          .connect(.stop(onlyOwn: true)),
        ])
      var known = host
      _ = known.handle(.disconnected(status: 0), at: .seconds(13))
      #expect(known.state == .over(.stopped) && !known.mayStillRun)
      _ = host.handle(.disconnected(status: 255), at: .seconds(28))
      #expect(host.state == .over(.stopped) && host.mayStillRun)
    }
  }

  @Test(
    "with many workers to stop has time for each, and is asked again where the script was cut off")
  func stopsMany() {
    var host = host(.stop)
    #expect(host.handle(room, at: .zero) == [.connect(.stop(onlyOwn: false))])
    for worker in 1...6 {
      let now = Duration.seconds(30 * worker)
      #expect(host.handle(room, at: now) == [])
      #expect(host.handle(.marked(.killed(process: worker)), at: now) == [])
    }
    var cut = host
    #expect(host.handle(.disconnected(status: 0), at: .seconds(181)).count == 1)
    #expect(host.state == .over(.stopped))
    _ = cut.handle(.said("client_loop: send disconnect: Broken pipe"), at: .seconds(181))
    _ = cut.handle(.disconnected(status: 255), at: .seconds(181))
    #expect(!cut.isOver)
    #expect(cut.handle(room, at: .seconds(190)) == [.connect(.stop(onlyOwn: false))])
  }

  @Test("that does not answer is told so once, with the time it was given")
  func silent() {
    var host = host()
    _ = host.handle(room, at: .zero)
    _ = host.handle(.said("Permission to speak"), at: .zero)
    for second in 90...200 {
      #expect(host.handle(room, at: .seconds(second)) == [.cut])
    }
    #expect(host.lastLine == "it did not answer within 90 s")
    let effects = host.handle(.disconnected(status: nil), at: .seconds(201))
    #expect(effects == [.tell("it did not answer within 90 s; trying again in 1 s")])
  }

  @Test("whose connection was lost is looked at once more before it is left")
  func lost() {
    var host = running(at: .zero)
    _ = host.handle(.said("client_loop: send disconnect: Broken pipe"), at: .seconds(9))
    #expect(host.handle(.disconnected(status: 255), at: .seconds(9)).count == 1)
    #expect(host.handle(.stopRequested, at: .seconds(9)) == [.connect(.stop(onlyOwn: true))])
    let effects = host.handle(.disconnected(status: 255), at: .seconds(20))
    #expect(effects == [.tell("whether its worker has ended is not known: '--stop' ends it")])
    #expect(host.state == .over(.stopped))
  }

  @Test("on which another launch's worker runs is left alone")
  func busy() {
    var host = host()
    _ = host.handle(room, at: .zero)
    #expect(host.handle(.marked(.busy(process: 99)), at: .zero) == [])
    let effects = host.handle(.disconnected(status: 0), at: .zero)
    #expect(host.isOver && effects.count == 1)
    var again = self.host(.detach)
    _ = again.handle(room, at: .zero)
    _ = again.handle(.marked(.busy(process: 99)), at: .zero)
    #expect(
      again.handle(.disconnected(status: 0), at: .zero) == [.tell("process 99 ran already")])
    #expect(again.state == .over(.detached))
  }

  @Test("that another line of the file names too is given up, whatever the launch is for")
  func twice() {
    for purpose in [LaunchPurpose.attend, .detach] {
      var host = host(purpose)
      _ = host.handle(room, at: .zero)
      #expect(host.handle(.marked(.twice), at: .zero) == [])
      let reason = "another line of the file names this host too: leave one of them out"
      #expect(
        host.handle(.disconnected(status: 0), at: .zero) == [.tell("given up: \(reason)")])
      #expect(host.state == .over(.givenUp(reason)))
    }
  }

  @Test("whose worker was detached is left, with what became of it")
  func detaches() {
    var host = host(.detach)
    #expect(host.handle(room, at: .zero) == [.connect(.detach)])
    _ = host.handle(.marked(.ready(host: "n", process: 5)), at: .zero)
    _ = host.handle(.marked(.detached(host: "n", process: 7, hasJoined: true)), at: .zero)
    #expect(
      host.handle(.disconnected(status: 0), at: .zero) == [.tell("process 7 has joined")])
    #expect(host.state == .over(.detached))
    var failing = self.host(.detach)
    _ = failing.handle(room, at: .zero)
    _ = failing.handle(.marked(.ready(host: "n", process: 5)), at: .zero)
    _ = failing.handle(.said("vaesweep: --slots: no"), at: .zero)
    _ = failing.handle(.marked(.failed(status: 2)), at: .zero)
    #expect(
      failing.handle(.disconnected(status: 0), at: .zero) == [.tell("given up: --slots: no")])
  }

  @Test("of which nothing comes is cut off and tried again")
  func hangs() {
    var host = host()
    _ = host.handle(room, at: .zero)
    #expect(host.handle(room, at: .seconds(89)) == [])
    #expect(host.handle(room, at: .seconds(90)) == [.cut])
    let effects = host.handle(.disconnected(status: nil), at: .seconds(90))
    #expect(effects.count == 1 && !host.isOver)
  }
}
