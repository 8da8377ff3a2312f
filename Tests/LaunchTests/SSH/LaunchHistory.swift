import Launch
import TestSupport
import Testing

/// One simulated launch: hosts that lack the program, refuse, hang, lose connections and workers.
struct LaunchHistory {
  /// What runs on a host, whoever is connected.
  private struct Worker {
    let process: Int
    /// It ends of itself then, with this status of ssh and this last line.
    var end: (at: Duration, status: Int32, line: String)
    /// Its standard input has ended: it hands back and is gone by then; nil for one that is deaf.
    var leavesWithin: Duration?
  }

  private struct Connection {
    let errand: Errand
    var nextAt: Duration
    var saidReady = false
    var isIntroduced = false
    var isInputClosed = false
    var isCut = false
  }

  private struct Remote {
    var hasProgram: Bool
    var worker: Worker?
    var connection: Connection?
    /// How many seconds of trouble it makes: a host may be broken for good.
    var refusal: String?
  }

  private static let lastingLine = "node: Permission denied (publickey)."
  private let seed: UInt64
  private var random: SeededGenerator
  private var fleet: LaunchFleet
  private var remotes: [Remote]
  private var now = Duration.zero
  private let completes: Duration
  private let stops: Duration?
  private var nextProcess = 100
  private var told: [Int] = []
  private var notKnown: Set<Int> = []

  init(seed: UInt64) {
    self.seed = seed
    random = SeededGenerator(seed: seed)
    let count = Int.random(in: 1...40, using: &random)
    fleet = LaunchFleet(
      (0..<count).map { HostEntry(target: "node-\($0)", slots: nil) }, purpose: .attend,
      hasTunnel: false)
    remotes = []
    completes = random.delay(10_000...400_000)
    stops = random.chance(0.5) ? random.delay(0...400_000) : nil
    for _ in 0..<count {
      remotes.append(
        Remote(
          hasProgram: random.chance(0.3),
          refusal: random.chance(0.1)
            ? (random.chance(0.5)
              ? Self.lastingLine : "ssh: connect to host n port 22: Connection refused") : nil))
    }
    told = remotes.map { _ in 0 }
  }

  /// Runs it to its end and checks what must hold on the way.
  mutating func run() {
    perform(.tick)
    // Every host comes to an end: the sweep is complete, or all were told to stop.
    let limit = completes + .seconds(2000)
    var wasStopped = false
    while !fleet.isOver {
      now += .milliseconds(500)
      if let stops, now >= stops, !wasStopped {
        wasStopped = true
        perform(.stopRequested)
      }
      for index in remotes.indices { advance(index) }
      perform(.tick)
      check()
      guard now < limit else {
        Issue.record("seed \(seed): it does not end: \(fleet.hosts.map(\.state))")
        return
      }
      if let stops, now > stops + .seconds(200) {
        Issue.record("seed \(seed): a stop took too long: \(fleet.hosts.map(\.state))")
        return
      }
    }
    for (index, remote) in remotes.enumerated() {
      #expect(remote.connection == nil, "seed \(seed): \(index) is connected at the end")
      let isLeaving = remote.worker.map { $0.leavesWithin != nil } ?? true
      // Whoever is given up is told of.
      if case .over(.givenUp) = fleet.hosts[index].state { continue }
      #expect(
        isLeaving || notKnown.contains(index), "seed \(seed): a worker runs on \(index) at the end")
    }
    #expect(fleet.ending.isComplete || wasStopped || fleet.ending.givenUp == remotes.count)
  }

  private func check() {
    let connecting = remotes.count { remote in
      guard let connection = remote.connection else { return false }
      return connection.errand == .start && !connection.isIntroduced && !connection.isCut
    }
    #expect(connecting <= LaunchFleet.mostConnecting, "seed \(seed)")
    let copying = remotes.count { $0.connection?.errand == .copy && $0.connection?.isCut == false }
    #expect(copying <= LaunchFleet.mostCopying, "seed \(seed)")
  }

  private mutating func perform(_ event: LaunchFleet.Event) {
    let before = fleet.hosts.map(\.state)
    let tellsBefore = told
    for effect in fleet.handle(event, at: now) { perform(effect.effect, effect.host.value) }
    // Never silent: whoever is tried again later or given up is told of.
    for (index, host) in fleet.hosts.enumerated() where host.state != before[index] {
      switch host.state {
      case .over(.givenUp), .pausing:
        if case .copying(_, isDone: true) = before[index] { continue }
        #expect(told[index] > tellsBefore[index], "seed \(seed): \(index) fell silent")
      case .connecting, .lackingProgram, .copying, .running, .leaving, .over: break
      }
    }
  }

  private mutating func perform(_ effect: HostEffect, _ index: Int) {
    switch effect {
    case .connect(let errand):
      #expect(remotes[index].connection == nil, "seed \(seed): two connections to \(index)")
      remotes[index].connection = Connection(
        errand: errand, nextAt: now + random.delay(100...15_000))
    case .introduce:
      #expect(remotes[index].connection?.saidReady == true, "seed \(seed)")
      #expect(remotes[index].connection?.isIntroduced == false, "seed \(seed)")
      remotes[index].connection?.isIntroduced = true
      startWorker(index)
    case .closeInput:
      remotes[index].connection?.isInputClosed = true
      endInput(index)
    case .cut:
      remotes[index].connection?.isCut = true
      endInput(index)
    case .tell(let line):
      told[index] += 1
      if line.contains("is not known") { notKnown.insert(index) }
    }
  }

  /// Its worker, unless it is deaf, hands back.
  private mutating func endInput(_ index: Int) {
    guard var worker = remotes[index].worker, worker.leavesWithin == nil, !random.chance(0.05)
    else { return }
    worker.leavesWithin = now + random.delay(0...10_000)
    remotes[index].worker = worker
  }

  private mutating func startWorker(_ index: Int) {
    #expect(remotes[index].worker == nil, "seed \(seed): two workers on \(index)")
    let end: (at: Duration, status: Int32, line: String)
    if random.chance(0.4) {
      let (status, line): (Int32, String) =
        [(255, ""), (1, "vaesweep: this disk is full"), (255, "client_loop: Broken pipe")][
          Int.random(in: 0..<3, using: &random)]
      end = (now + random.delay(0...200_000), status, line)
    } else if now < completes {
      end = (completes + random.delay(0...3000), 0, "2026 the sweep is complete")
    } else {
      end = (now + .seconds(600), 1, "vaesweep: no coordinator answered within 10m")
    }
    nextProcess += 1
    remotes[index].worker = Worker(process: nextProcess, end: end)
  }

  private mutating func say(_ event: HostEvent, _ index: Int) {
    perform(.host(HostNumber(index), event))
  }

  private mutating func disconnect(_ index: Int, _ status: Int32?, _ line: String = "") {
    if !line.isEmpty { say(.said(line), index) }
    // A worker's input ends with its connection.
    endInput(index)
    remotes[index].connection = nil
    say(.disconnected(status: status), index)
  }

  private mutating func advance(_ index: Int) {
    if let worker = remotes[index].worker {
      if let leaves = worker.leavesWithin, now >= leaves {
        remotes[index].worker = nil
        if remotes[index].connection?.isIntroduced == true { disconnect(index, 0) }
        return
      }
      if now >= worker.end.at, worker.leavesWithin == nil {
        // A connection that breaks leaves the worker behind for a while.
        if worker.end.line.contains("Broken pipe") {
          remotes[index].worker?.end.at = .seconds(1 << 40)
        } else {
          remotes[index].worker = nil
        }
        if remotes[index].connection?.isIntroduced == true {
          disconnect(index, worker.end.status, worker.end.line)
        }
        return
      }
    }
    guard let connection = remotes[index].connection else { return }
    if connection.isCut { return disconnect(index, nil) }
    guard now >= connection.nextAt, !connection.isIntroduced else { return }
    remotes[index].connection?.nextAt = now + random.delay(100...20_000)
    switch connection.errand {
    case .start, .detach: advanceStart(index)
    case .copy:
      guard random.chance(0.85) else { return disconnect(index, 255, "Connection reset by peer") }
      remotes[index].hasProgram = random.chance(0.95)
      say(.marked(.copied), index)
      disconnect(index, 0)
    case .stop:
      // The script kills it where it does not end.
      guard random.chance(0.9) else { return disconnect(index, 255, "Connection refused") }
      if let worker = remotes[index].worker {
        remotes[index].worker = nil
        say(.marked(.killed(process: worker.process)), index)
      } else {
        say(.marked(.none), index)
      }
      disconnect(index, 0)
    }
  }

  private mutating func advanceStart(_ index: Int) {
    guard remotes[index].connection?.saidReady == false else { return }
    if let refusal = remotes[index].refusal { return disconnect(index, 255, refusal) }
    // One that hangs says nothing until it is cut off.
    if random.chance(0.02) {
      remotes[index].connection?.nextAt = .seconds(1 << 40)
      return
    }
    if random.chance(0.05) { return disconnect(index, 255, "Connection timed out") }
    guard remotes[index].hasProgram else {
      say(.marked(.missing), index)
      return disconnect(index, 0)
    }
    // The script ends what an earlier connection of this launch has left.
    remotes[index].worker = nil
    remotes[index].connection?.saidReady = true
    say(.marked(.ready(host: "node-\(index)", process: nextProcess + 1)), index)
  }
}
