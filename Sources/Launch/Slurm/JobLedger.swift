/// The jobs of a launch: what it has submitted and what it has found of an earlier one, until their end.
///
/// The scheduler is believed when it names a job, and not at once when it does not.
struct JobLedger: Sendable {
  enum Phase: Hashable, Sendable {
    /// sbatch is at work.
    case submitting
    /// sbatch did not say whether there is such a job.
    case unsure
    case waiting
    case running(since: Duration)
    case completing
  }

  /// Why a job is to end before its time.
  enum Release: Hashable, Sendable {
    /// Its worker has nothing to do.
    case idle
    /// It waits, and is of no use any more.
    case surplus
    /// Its worker was never heard.
    case unheard
    /// The launch ends.
    case farewell
  }

  struct Job: Sendable {
    let token: SubmissionToken
    var id: SlurmJobID?
    var phase: Phase
    var reason = ""
    var node = ""
    /// For how long listings have come that did not name it; nil where the last one did.
    var missingFor: Duration?
    var release: Release?
    /// When it was last asked to end, and how often it was.
    var askedAt: Duration = .zero
    var timesAsked = 0
    /// Whether the coordinator has heard its worker, since when it trains, and since when it does not.
    var isHeard = false
    var trainsSince: Duration?
    var idleSince: Duration?
    /// Whether it was of use.
    var isProven = false

    /// Whether it waits in the queue, as far as is known.
    var isQueued: Bool {
      switch phase {
      case .submitting, .unsure, .waiting: true
      case .running, .completing: false
      }
    }
  }

  /// What a listing has brought to light.
  enum Change: Sendable {
    case adopted(Job)
    case started(Job)
    /// It ran, and waits again under the same number.
    case requeued(Job)
    case waits(Job)
    case ended(Job, SlurmJobEnd)
    case forgotten(Job)
    /// sbatch had not submitted it.
    case neverCame(Job)
  }

  /// What the time between two listings counts for at the most.
  private static let longestStep = Duration.seconds(20)

  private(set) var jobs: [Job] = []
  private var lastListing: Duration?

  var isEmpty: Bool { jobs.isEmpty }

  subscript(id: SlurmJobID) -> Job? { jobs.first { $0.id == id } }

  /// Those that are not to end before their time.
  var live: [Job] { jobs.filter { $0.release == nil && $0.phase != .completing } }

  mutating func begin(_ token: SubmissionToken) {
    jobs.append(Job(token: token, phase: .submitting))
  }

  mutating func note(_ token: SubmissionToken, submittedAs id: SlurmJobID) {
    // Whatever sbatch says, two jobs have two numbers.
    let known = self[id] == nil ? id : nil
    update(token) {
      guard $0.id == nil else { return }
      $0.id = known
      $0.phase = .waiting
    }
  }

  mutating func noteUnsure(_ token: SubmissionToken) {
    update(token) { if $0.id == nil { $0.phase = .unsure } }
  }

  mutating func noteRefused(_ token: SubmissionToken) {
    jobs.removeAll { $0.token == token && $0.id == nil }
  }

  mutating func update(_ id: SlurmJobID, _ change: (inout Job) -> Void) {
    if let place = jobs.firstIndex(where: { $0.id == id }) { change(&jobs[place]) }
  }

  private mutating func update(_ token: SubmissionToken, _ change: (inout Job) -> Void) {
    if let place = jobs.firstIndex(where: { $0.token == token }) { change(&jobs[place]) }
  }

  /// Takes in a listing.
  ///
  /// - Parameters:
  ///   - heard: Jobs whose worker the coordinator hears: they are there, whatever the listing lacks.
  ///   - doubt: How long a job may be missing from listings.
  mutating func reconcile(
    _ listing: [ListedJob], heard: Set<SlurmJobID>, doubt: Duration, at now: Duration
  ) -> [Change] {
    var changes: [Change] = []
    for listed in listing.sorted(by: { $0.id < $1.id }) { take(listed, at: now, &changes) }
    let named = Set(listing.map(\.id))
    // While no listing comes nobody is missing from it.
    let step = lastListing.map { min(now - $0, Self.longestStep) } ?? .zero
    lastListing = now
    for place in jobs.indices.reversed() {
      let job = jobs[place]
      if job.phase == .submitting { continue }
      if let id = job.id, named.contains(id) || heard.contains(id) {
        jobs[place].missingFor = nil
        continue
      }
      let length = job.missingFor.map { $0 + step } ?? .zero
      jobs[place].missingFor = length
      guard length >= doubt else { continue }
      jobs.remove(at: place)
      if case .unsure = job.phase {
        changes.append(.neverCame(job))
      } else {
        changes.append(.forgotten(job))
      }
    }
    return changes
  }

  private mutating func take(_ listed: ListedJob, at now: Duration, _ changes: inout [Change]) {
    let place =
      jobs.firstIndex { $0.id == listed.id }
      ?? jobs.firstIndex { $0.id == nil && $0.token == listed.token }
    guard let place else {
      // What ended before this launch looked is none of its business.
      if case .ended = listed.state { return }
      var job = Job(token: listed.token, id: listed.id, phase: .waiting)
      job.advance(to: listed, at: now)
      jobs.append(job)
      return changes.append(.adopted(job))
    }
    jobs[place].id = listed.id
    let before = jobs[place]
    if case .ended(let end) = listed.state {
      jobs.remove(at: place)
      return changes.append(.ended(before, end))
    }
    jobs[place].advance(to: listed, at: now)
    let after = jobs[place]
    switch (before.phase, after.phase) {
    case (.submitting, .running), (.unsure, .running), (.waiting, .running):
      changes.append(.started(after))
    case (.running, .waiting), (.completing, .waiting): changes.append(.requeued(after))
    case (_, .waiting):
      if after.reason != before.reason { changes.append(.waits(after)) }
    case (_, .submitting), (_, .unsure), (_, .running), (_, .completing): break
    }
  }
}

extension JobLedger.Job {
  /// What its last listing says.
  fileprivate mutating func advance(to listed: ListedJob, at now: Duration) {
    reason = listed.reason
    if !listed.node.isEmpty { node = listed.node }
    switch listed.state {
    case .waiting:
      phase = .waiting
      isHeard = false
      trainsSince = nil
      idleSince = nil
    case .running:
      if case .running = phase { return }
      phase = .running(since: now)
    case .completing: phase = .completing
    case .ended: break
    }
  }
}
