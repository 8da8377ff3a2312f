import TestSupport

/// What goes wrong in a history, until `seconds` are over; after that all is calm, and the sweep
/// must end.
struct Trouble {
  /// Shares of messages.
  var loss = 0.0
  var doubling = 0.0
  /// Milliseconds that a message is under way; a wide range reorders.
  var delay = 1...20
  /// SIGKILL and a new start.
  var coordinatorKills = 0
  var workerKills = 0
  /// SIGTERM and a new start.
  var workerStops = 0
  /// Shares of trainings that end by a signal, and that stand still for ever.
  var trainerDeaths = 0.0
  var trainerHangs = 0.0
  /// Share of trainings that end because their host can train nothing at the moment.
  var hostFaults = 0.0
  /// Times in which the store is put back to an earlier copy, and the coordinator started on it.
  var restorations = 0
  /// Stopped processes, the coordinator among them.
  var pauses = 0
  /// Links that let nothing through for a while, in one direction or both.
  var partitions = 0
  /// Times in which the coordinator's disk is full.
  var fullDisks = 0
  /// Seconds after which a batch system ends each worker; nil where none does.
  ///
  /// Without other trouble it does so for as long as the history lasts.
  var timeLimits: ClosedRange<Int>?
  var seconds = 20

  /// Any mixture, often of few things and sometimes of all.
  static func drawn(from random: inout SeededGenerator) -> Trouble {
    var trouble = Trouble()
    let share = Double.random(in: 0...1, using: &random)
    func some(_ range: ClosedRange<Int>) -> Int {
      random.chance(share) ? Int.random(in: range, using: &random) : 0
    }
    if random.chance(share) {
      trouble.loss = Double.random(in: 0...0.4, using: &random)
      trouble.doubling = Double.random(in: 0...0.4, using: &random)
    }
    if random.chance(share) { trouble.delay = 1...Int.random(in: 20...6000, using: &random) }
    trouble.coordinatorKills = some(1...4)
    trouble.workerKills = some(1...5)
    trouble.workerStops = some(1...4)
    trouble.pauses = some(1...4)
    trouble.partitions = some(1...4)
    trouble.fullDisks = some(1...3)
    if random.chance(share) { trouble.trainerDeaths = Double.random(in: 0...0.3, using: &random) }
    if random.chance(share / 2) {
      trouble.trainerHangs = Double.random(in: 0...0.2, using: &random)
    }
    if random.chance(share / 2) {
      trouble.hostFaults = Double.random(in: 0...0.3, using: &random)
    }
    if random.chance(share / 2) { trouble.restorations = Int.random(in: 1...2, using: &random) }
    return trouble
  }
}

/// A rule that a test breaks in its own copy of the world, to show that the simulation notices.
enum BrokenRule: String, CaseIterable {
  /// An outcome is acknowledged when it arrives, not when it is durable.
  case acknowledgesBeforeCommit
  /// An attempt is granted before it is on record.
  case grantsBeforeRecord
  /// Every attempt that a heartbeat names may be kept, whoever has its point now.
  case fencesNothing
  /// A second outcome of a point takes the place of the first.
  case keepsTheLastOutcome
  /// A restarted coordinator begins again with the epoch before.
  case forgetsItsEpoch
  /// The outcome of an audit's attempt is stored like any other.
  case keepsAuditedOutcomes
  /// A start draws no number, so that a restored store issues attempts twice.
  case drawsNoNumber
  /// An order holds and is acknowledged when it arrives, not when it is durable.
  case ordersBeforeRecord
  /// A worker does not say that a batch scheduler may take it away: its losses are charged.
  case hidesAllocations
}

/// What happened in many histories, to show that they are not empty.
struct Happenings {
  var coordinatorRestarts = 0
  var workerRestarts = 0
  var lost = 0
  var doubled = 0
  var cut = 0
  var stalls = 0
  var regrants = 0
  var failed = 0
  var takenOver = 0
  var resumed = 0
  var leftOut = 0
  var restored = 0
  var hostFaults = 0
  /// Workers that were told when they end, and those that were killed then.
  var timeLimits = 0
  var overran = 0
  var orders = 0
  var cancelled = 0
  var extended = 0
  /// Points that an operator had trained again, and audits that nobody looked after any more.
  var audited = 0
  var desertedAudits = 0

  static func += (left: inout Happenings, right: Happenings) {
    left.coordinatorRestarts += right.coordinatorRestarts
    left.workerRestarts += right.workerRestarts
    left.lost += right.lost
    left.doubled += right.doubled
    left.cut += right.cut
    left.stalls += right.stalls
    left.regrants += right.regrants
    left.failed += right.failed
    left.takenOver += right.takenOver
    left.resumed += right.resumed
    left.leftOut += right.leftOut
    left.restored += right.restored
    left.hostFaults += right.hostFaults
    left.timeLimits += right.timeLimits
    left.overran += right.overran
    left.orders += right.orders
    left.cancelled += right.cancelled
    left.extended += right.extended
    left.audited += right.audited
    left.desertedAudits += right.desertedAudits
  }
}
