/// One host of a launch: decides, from what is said there, what is done next.
///
/// Pure: `(state, event, now) → effects`.
package struct LaunchedHost: Sendable {
  /// How long a connection may take to its first word; ssh's own limit ends most earlier.
  static let contactPatience = Duration.seconds(90)
  static let copyPatience = Duration.seconds(1800)
  /// Longer than a worker takes to hand back.
  static let leavingPatience = Duration.seconds(40)
  /// A worker that lived shorter died quickly.
  static let quickDeath = Duration.seconds(60)
  static let mostQuickDeaths = 5
  static let longestPause = Duration.seconds(60)
  /// Lines that are kept to read from what went wrong.
  private static let keptLines = 20

  package let entry: HostEntry
  private let purpose: LaunchPurpose
  private let hasTunnel: Bool
  package private(set) var state = HostState.pausing(until: .zero)
  /// Whoever runs there, or ran last.
  package private(set) var worker: WorkerIdentity?
  /// Since when it is in this state.
  package private(set) var since: Duration = .zero
  /// What was said last; for a host that is given up or tried again, the reason.
  package private(set) var lastLine = ""
  private var lines: [String] = []
  private var failures = 0
  private var copies = 0
  private var hasRun = false
  /// Whether a worker may be left there whose connection was lost: it may not know.
  private var mayHaveLeft = false
  /// Whether a script ends what did not end by itself.
  private var isClearing = false
  /// Whether that script has failed too, so that nobody knows.
  package private(set) var mayStillRun = false
  /// When another host's worker said that the sweep is complete.
  private var completed: Duration?

  package init(_ entry: HostEntry, purpose: LaunchPurpose, hasTunnel: Bool) {
    self.entry = entry
    self.purpose = purpose
    self.hasTunnel = hasTunnel
  }

  package var isOver: Bool { if case .over = state { true } else { false } }

  package mutating func handle(_ event: HostEvent, at now: Duration) -> [HostEffect] {
    switch event {
    case .tick(let room): return tick(room, now)
    case .said(let line): return hear(line, now)
    case .marked(let mark): return read(mark, now)
    case .disconnected(let status): return disconnect(status, now)
    case .stopRequested: return leave(.stopped, now)
    case .sweepCompleted:
      completed = completed ?? now
      // A worker that is connected is told so by the coordinator itself.
      if case .running = state { return [] }
      return leave(.complete, now)
    }
  }

  private mutating func enter(_ next: HostState, _ now: Duration) {
    state = next
    since = now
  }

  private mutating func tick(_ room: HostRoom, _ now: Duration) -> [HostEffect] {
    switch state {
    case .pausing(let time):
      guard now >= time, room.mayConnect else { return [] }
      lines.removeAll()
      enter(.connecting(HostState.Contact(since: now)), now)
      return [.connect(errand)]
    case .lackingProgram:
      guard room.mayCopy else { return [] }
      lines.removeAll()
      enter(.copying(since: now, isDone: false), now)
      return [.connect(.copy)]
    case .connecting(let contact):
      let patience = contact.isReady ? Self.contactPatience * 2 : Self.contactPatience
      guard now - contact.since >= patience else { return [] }
      return cut("it did not answer within \(patience.components.seconds) s", now)
    case .copying(let start, _):
      guard now - start >= Self.copyPatience else { return [] }
      return cut("the copy took too long", now)
    case .running:
      // Told by another worker, it may have lost its coordinator before it was told itself.
      guard let completed, now - completed >= Self.leavingPatience else { return [] }
      return leave(.complete, now)
    case .leaving(_, let deadline):
      guard now >= deadline else { return [] }
      // Its end brings the script that ends what is left there.
      return [.cut]
    case .over: return []
    }
  }

  private var errand: Errand {
    switch purpose {
    case .attend: .start
    case .detach: .detach
    case .stop: .stop(onlyOwn: false)
    }
  }

  /// Ends a connection of which nothing comes; what that means is decided when it has ended.
  private mutating func cut(_ reason: String, _ now: Duration) -> [HostEffect] {
    note(reason)
    return [.cut]
  }

  private mutating func note(_ line: String) {
    // Until ssh is gone it is cut off again and again.
    guard lines.last != line else { return }
    lines.append(line)
    lastLine = line
    if lines.count > Self.keptLines { lines.removeFirst() }
  }

  private mutating func hear(_ line: String, _ now: Duration) -> [HostEffect] {
    switch state {
    case .connecting(var contact):
      if hasTunnel, let port = SSHProgram.allocatedPort(in: line) {
        contact.port = port
        return introduce(contact, now)
      }
    case .running(let start, _) where line.hasSuffix("the sweep is complete"):
      state = .running(since: start, hasFinished: true)
    case .pausing, .lackingProgram, .copying, .running, .leaving, .over: break
    }
    note(line)
    return []
  }

  /// Tells the script what it waits for, once that is known.
  private mutating func introduce(
    _ before: HostState.Contact, _ now: Duration
  ) -> [HostEffect] {
    var contact = before
    guard contact.isReady, contact.port != nil || !hasTunnel, !contact.wasIntroduced else {
      state = .connecting(contact)
      return []
    }
    contact.wasIntroduced = true
    switch purpose {
    // From here on the script is the worker.
    case .attend: enter(.running(since: now, hasFinished: false), now)
    case .detach, .stop: state = .connecting(contact)
    }
    return [.introduce(port: contact.port)]
  }

  private mutating func read(_ mark: RemoteMark, _ now: Duration) -> [HostEffect] {
    switch state {
    case .connecting(let contact): return read(mark, contact, now)
    case .copying(let start, _) where mark == .copied:
      state = .copying(since: start, isDone: true)
    case .pausing, .lackingProgram, .copying, .running, .leaving, .over: break
    }
    return []
  }

  private mutating func read(
    _ mark: RemoteMark, _ before: HostState.Contact, _ now: Duration
  ) -> [HostEffect] {
    var contact = before
    switch mark {
    case .ready(let host, let process):
      worker = WorkerIdentity(host: host, process: process)
      // What was left there has been ended by this script.
      mayHaveLeft = false
      contact.isReady = true
      return introduce(contact, now)
    case .otherMachine(let machine):
      contact.finding = .end(
        .givenUp("it is \(machine), and the binary is not for it: give --binary one that is"))
    case .missing: contact.finding = .lacksProgram
    case .busy(let process):
      let line = "a worker of another launch serves this coordinator there (process \(process))"
      note(purpose == .detach ? "process \(process) ran already" : line)
      contact.finding = .end(
        purpose == .detach ? .detached : .givenUp("\(line): --stop ends it"))
    case .twice:
      contact.finding = .end(
        .givenUp("another line of the file names this host too: leave one of them out"))
    case .detached(let host, let process, let hasJoined):
      worker = WorkerIdentity(host: host, process: process)
      note("process \(process) \(hasJoined ? "has joined" : "waits for its coordinator")")
      contact.finding = .end(.detached)
    case .failed(let status): contact.failure = Int32(clamping: status)
    case .ended(let process):
      note("process \(process) has ended")
      noteEnd(&contact, now)
    case .killed(let process):
      note("process \(process) did not end and was killed")
      noteEnd(&contact, now)
    case .none:
      note("no worker of ours ran there")
      contact.finding = .end(.stopped)
    case .copied: break
    }
    state = .connecting(contact)
    return []
  }

  /// One worker less; there may be more, each of which takes its time.
  private func noteEnd(_ contact: inout HostState.Contact, _ now: Duration) {
    contact.since = now
    if purpose == .stop { contact.finding = .end(.stopped) }
  }

  private mutating func disconnect(_ status: Int32?, _ now: Duration) -> [HostEffect] {
    switch state {
    case .connecting(let contact): return conclude(contact, status, now)
    case .copying(_, isDone: true):
      enter(.pausing(until: now), now)
      return []
    case .copying(_, isDone: false):
      return fail(
        LaunchTrouble(target: entry.target, status: status, hasStarted: false, said: lines), now)
    case .running(_, hasFinished: true):
      enter(.over(.complete), now)
      return []
    case .running(let start, hasFinished: false):
      hasRun = true
      if now - start >= Self.quickDeath { failures = 0 }
      let trouble = LaunchTrouble(
        target: entry.target, status: status, hasStarted: true, said: lines)
      mayHaveLeft = trouble.kind == .unreachable
      return fail(trouble, now)
    case .leaving(let end, let deadline):
      let isLost = LaunchTrouble.isLost(status)
      if now >= deadline || isLost, purpose == .attend, worker != nil {
        // It did not end in time, and was cut off, or the link went: what is left there is ended from
        // outside.
        let reason = now >= deadline ? "it did not end in time" : "the connection was lost"
        return [.tell("\(reason); ending what is left there")] + clear(end, now)
      }
      if mayHaveLeft, !isClearing { return clear(end, now) }
      enter(.over(end), now)
      guard isClearing, status != 0 else { return [] }
      mayStillRun = true
      return [.tell("whether its worker has ended is not known: '--stop' ends it")]
    case .pausing, .lackingProgram, .over: return []
    }
  }

  /// A connection has ended that did not come to a worker.
  private mutating func conclude(
    _ contact: HostState.Contact, _ status: Int32?, _ now: Duration
  ) -> [HostEffect] {
    switch contact.finding {
    case .lacksProgram where copies >= 2:
      return giveUp("the program was sent there twice and is not there: is its disk full?", now)
    case .lacksProgram:
      copies += 1
      enter(.lackingProgram, now)
      return []
    case .end(.givenUp(let reason)): return giveUp(reason, now)
    case .end(.stopped) where status != 0:
      // The script was cut off: it may not have come to every worker.
      return fail(
        LaunchTrouble(target: entry.target, status: status, hasStarted: true, said: lines), now)
    case .end(let end):
      enter(.over(end), now)
      return [.tell(lastLine)]
    case nil:
      return fail(
        LaunchTrouble(
          target: entry.target, status: contact.failure ?? status, hasStarted: contact.isReady,
          said: lines), now)
    }
  }

  private mutating func fail(_ trouble: LaunchTrouble, _ now: Duration) -> [HostEffect] {
    failures += 1
    switch trouble.kind {
    case .lasting: return giveUp(trouble.reason, now)
    case .unreachable where hasRun: break
    case .unreachable, .passing:
      guard failures < Self.mostQuickDeaths else {
        return giveUp("\(trouble.reason), \(failures) times one after the other", now)
      }
    }
    let pause = min(Self.longestPause, .seconds(1 << min(failures - 1, 6)))
    note(trouble.reason)
    enter(.pausing(until: now + pause), now)
    return [.tell("\(trouble.reason); trying again in \(pause.components.seconds) s")]
  }

  private mutating func giveUp(_ reason: String, _ now: Duration) -> [HostEffect] {
    note(reason)
    enter(.over(.givenUp(reason)), now)
    return [.tell("given up: \(reason)")]
  }

  /// Has a script end whatever this launch has left there.
  private mutating func clear(_ end: HostEnd, _ now: Duration) -> [HostEffect] {
    worker = nil
    isClearing = true
    enter(.leaving(end, deadline: now + Self.leavingPatience), now)
    return [.connect(.stop(onlyOwn: true))]
  }

  private mutating func leave(_ end: HostEnd, _ now: Duration) -> [HostEffect] {
    switch state {
    case .pausing where mayHaveLeft, .lackingProgram where mayHaveLeft:
      return clear(end, now)
    case .pausing, .lackingProgram:
      enter(.over(end), now)
      return []
    case .connecting(let contact):
      // A worker that is being detached, or a stop under way, is not left halfway.
      if case .attend = purpose, !contact.wasIntroduced {
        enter(.leaving(end, deadline: now), now)
        worker = nil
        return [.cut]
      }
      enter(.leaving(end, deadline: now + Self.leavingPatience), now)
      return [.closeInput]
    case .copying:
      enter(.leaving(end, deadline: now), now)
      worker = nil
      return [.cut]
    case .running(_, let hasFinished):
      enter(
        .leaving(hasFinished ? .complete : end, deadline: now + Self.leavingPatience), now)
      return [.closeInput]
    case .leaving, .over: return []
    }
  }
}
