package import Sweep
package import Wire

/// The worker processes that are here, by their sessions, and the line of those with room.
package struct WorkerRoster: Sendable {
  /// Sessions known at once.
  static let maxWorkers = 16_384
  /// Sessions that have said hello and not got further.
  static let maxIntroduced = 4096

  private var workers: [SessionID: WorkerState] = [:]
  /// Workers with room, in the order they asked; some may have been served or have left since.
  package private(set) var line: [SessionID] = []
  /// The last session that each peer said hello as, of those in `introduced`.
  private var introductions: [PeerID: SessionID] = [:]
  /// Hellos of late, oldest first.
  private var introduced: [(session: SessionID, peer: PeerID)] = []
  /// Slots of all admitted workers.
  package private(set) var slots = 0
  /// Sessions that were not known when they first spoke, as those of a coordinator of before.
  private var strangers: Set<SessionID> = []
  /// How many admitted workers there are at each site.
  private var workersAt: [Workplace: Int] = [:]

  /// A kind of CPU on a host.
  package struct Workplace: Hashable, Sendable {
    package let host: HostIdentity
    package let site: TrainingSite
  }

  package init() {}

  package var count: Int { workers.count }

  package subscript(session: SessionID) -> WorkerState? { workers[session] }

  /// All, in the order of their sessions.
  package var sorted: [WorkerState] {
    workers.values.sorted { $0.session.value < $1.session.value }
  }

  package var admitted: [WorkerState] { sorted.filter(\.isAdmitted) }

  /// Whether a session that is not known speaks for the first time.
  ///
  /// Workers go on when their coordinator is started anew: that they are told to say hello again is no
  /// refusal.
  mutating func isNews(_ session: SessionID) -> Bool {
    strangers.count < Self.maxWorkers && strangers.insert(session).inserted
  }

  /// Slots of all workers on a host.
  package func slots(on host: HostIdentity) -> Int {
    workers.values.reduce(0) { $0 + ($1.host == host ? $1.slots : 0) }
  }

  /// Where admitted workers are.
  package var sites: some Collection<Workplace> { workersAt.keys }

  /// Whether `condition` holds of all admitted workers; nil where none is here.
  package func allAdmitted(satisfy condition: (WorkerState) -> Bool) -> Bool? {
    let admitted = workers.values.filter(\.isAdmitted)
    return admitted.isEmpty ? nil : admitted.allSatisfy(condition)
  }

  /// The fingerprints of all admitted workers.
  package var fingerprints: Set<String> {
    Set(workers.values.filter(\.isAdmitted).map(\.fingerprint))
  }

  /// Changes a worker in place; nothing happens where it is gone.
  ///
  /// No copy of it may be alive when its attempts grow, or all of them would be copied.
  package mutating func update(_ session: SessionID, _ change: (inout WorkerState) -> Void) {
    guard let place = workers.index(forKey: session) else { return }
    change(&workers.values[place])
  }

  /// Takes in a worker that says hello.
  ///
  /// A worker process is one session on one connection: a peer that says hello under another name
  /// has given up the one before, unless that was admitted. Where too many have only said hello, the
  /// first of them has to go.
  ///
  /// - Returns: Whether there was room for it.
  package mutating func introduce(_ worker: WorkerState) -> Bool {
    guard workers.count < Self.maxWorkers + Self.maxIntroduced else { return false }
    let (session, peer) = (worker.session, worker.peer)
    if let earlier = introductions.updateValue(session, forKey: peer) { dropIntroduced(earlier) }
    introduced.append((session, peer))
    if introduced.count > Self.maxIntroduced {
      let (first, its) = introduced.removeFirst()
      dropIntroduced(first)
      if introductions[its] == first { introductions[its] = nil }
    }
    workers[session] = worker
    return true
  }

  private mutating func dropIntroduced(_ session: SessionID) {
    if workers[session]?.isAdmitted == false { workers[session] = nil }
  }

  /// Notes that a worker was heard, and where it is now.
  package mutating func note(_ session: SessionID, at peer: PeerID, heard now: Duration) {
    update(session) {
      $0.peer = peer
      $0.lastHeard = now
    }
  }

  /// A worker meets the terms.
  package mutating func admit(_ session: SessionID, fingerprint: String) {
    guard let worker = workers[session], !worker.isAdmitted else { return }
    slots += worker.slots
    workersAt[Workplace(host: worker.host, site: worker.site), default: 0] += 1
    update(session) {
      $0.standing = .admitted
      $0.fingerprint = fingerprint
    }
  }

  @discardableResult
  package mutating func remove(_ session: SessionID) -> WorkerState? {
    guard let worker = workers.removeValue(forKey: session) else { return nil }
    guard worker.isAdmitted else { return worker }
    slots -= worker.slots
    let place = Workplace(host: worker.host, site: worker.site)
    let others = (workersAt[place] ?? 1) - 1
    workersAt[place] = others > 0 ? others : nil
    return worker
  }

  /// Workers that were not heard of for as long as a lease lasts, in the order of their sessions.
  package func silent(for lease: Duration, at now: Duration) -> [WorkerState] {
    workers.values.filter { now - $0.lastHeard >= lease }
      .sorted { $0.session.value < $1.session.value }
  }

  /// Notes how many points more a worker would take; false where it takes none.
  ///
  /// A worker that asks for more than it could name is given what it can.
  package mutating func setRoom(_ room: Int, of session: SessionID) -> Bool {
    var hasRoom = false
    var joinsLine = false
    update(session) { worker in
      worker.room = max(0, min(room, worker.maxAssigned - worker.assigned.count))
      hasRoom = worker.room > 0
      joinsLine = hasRoom && !worker.isInLine
      if hasRoom { worker.isInLine = true }
    }
    if joinsLine { line.append(session) }
    return hasRoom
  }

  /// Takes those out of the line that have left or have no room any more.
  package mutating func clearLine() {
    var kept: [SessionID] = []
    for session in line {
      guard let worker = workers[session], worker.isAdmitted else { continue }
      if worker.room > 0 {
        kept.append(session)
      } else {
        update(session) { $0.isInLine = false }
      }
    }
    line = kept
  }
}
