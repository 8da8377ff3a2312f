package import VAE

/// One execution of a point: the start of a coordinator that granted it, and a counter within it.
///
/// Attempts are ordered, recorded before they are granted, and never reused: they fence leases,
/// progress and checkpoints.
package struct AttemptID: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Grows with every start of a coordinator on one store.
  package let epoch: UInt64
  package let counter: UInt64
  /// Drawn at that start: where a store is put back to an earlier copy, epochs are begun twice.
  ///
  /// Below 2³¹; 0 of attempts that were granted before starts were told apart.
  package let start: UInt64

  package init(epoch: UInt64, counter: UInt64, start: UInt64 = 0) {
    self.epoch = epoch
    self.counter = counter
    self.start = start
  }

  package static func < (left: AttemptID, right: AttemptID) -> Bool {
    (left.epoch, left.start, left.counter) < (right.epoch, right.start, right.counter)
  }

  package var description: String { "\(epoch).\(counter)" }
}

/// One start of a coordinator on a store.
package struct CoordinatorStart: Hashable, Sendable {
  /// Bits of the drawn number.
  fileprivate static let bits: UInt64 = 31
  /// From 1, larger than that of every start before.
  package let epoch: UInt64
  /// Drawn at random, from 1 to 2³¹ − 1.
  package let number: UInt64

  package init(epoch: UInt64, number: UInt64) {
    self.epoch = epoch
    self.number = number
  }

  /// The start after one that a store has recorded.
  package init(after stored: UInt64) {
    let before = stored >> Self.bits
    self.init(
      epoch: (before == 0 ? stored : before) + 1, number: .random(in: 1..<(1 << Self.bits)))
  }

  /// Reads what a store has recorded of an epoch.
  package init(stored: UInt64) {
    let before = stored >> Self.bits
    self.init(
      epoch: before == 0 ? stored : before, number: before == 0 ? 0 : stored % (1 << Self.bits))
  }

  /// Both in one number, which grows with the epoch: a store has one column for them.
  ///
  /// Below 2³¹ it is an epoch alone, of a start that drew no number.
  package var stored: UInt64 {
    guard number > 0 else { return epoch }
    return epoch < 1 << 32 ? epoch << Self.bits | number : .max
  }
}

extension AttemptID {
  /// Its start as a store records it.
  package var storedEpoch: UInt64 { CoordinatorStart(epoch: epoch, number: start).stored }

  package init(storedEpoch: UInt64, counter: UInt64) {
    let start = CoordinatorStart(stored: storedEpoch)
    self.init(epoch: start.epoch, counter: counter, start: start.number)
  }
}

/// How far an attempt has come.
package struct AttemptProgress: Hashable, Sendable, Comparable {
  /// Optimiser steps done, and how many there will be: none while the attempt waits for a slot.
  package var step: Int
  package var steps: Int
  /// The epoch under way, counted from 1; 0 before the first step.
  package var epoch: Int
  /// Grows with every step and every evaluation batch of this trainer: an evaluation moves it too.
  ///
  /// As a worker tells it, also while the trainer waits for a CPU, which makes no hung one of it.
  package var beats: Int
  /// The last epoch that has ended, for those who look; nil before the first, and where a worker of an
  /// earlier version does not tell it.
  package var ended: EpochLoss?
  /// The step of the checkpoint that its trainer went on from; 0 where it began anew, nil where a worker of
  /// an earlier version does not tell.
  package var resumedAt: Int?

  package init(
    step: Int, steps: Int, epoch: Int, beats: Int = 0, ended: EpochLoss? = nil,
    resumedAt: Int? = nil
  ) {
    self.step = step
    self.steps = steps
    self.epoch = epoch
    self.beats = beats
    self.ended = ended
    self.resumedAt = resumedAt
  }

  /// Of the steps that are done, rounded down; a peer may claim any number of them.
  package var percent: Int { Int(100 * Double(step) / Double(max(1, steps))) }

  package static func < (left: AttemptProgress, right: AttemptProgress) -> Bool {
    (left.step, left.beats) < (right.step, right.beats)
  }
}

/// Lost attempts that make a point failed.
package let maxLostAttempts = 3

/// Why an attempt ended without an outcome.
package enum FailureReason: Hashable, Sendable {
  /// The point itself cannot be trained (a limit above the dataset's size, say). Not retried.
  case point(String)
  /// The trainer process ended by itself without an outcome.
  case trainerExit(status: Int32)
  /// A signal ended the trainer process; 9 is what an out-of-memory kill looks like.
  case trainerSignal(Int32)
  /// Nothing was heard of the worker for the length of a lease, or it left.
  case workerLost(String)
  /// The trainer made no progress for that many seconds and was killed.
  case hung(seconds: Int)
  /// The host can train nothing at present: its copy of the dataset is gone, its disk is full.
  case host(String)

  /// Whether another attempt may succeed.
  package var isRetried: Bool {
    if case .point = self { false } else { true }
  }

  /// A stable name for the store.
  package var kind: String {
    switch self {
    case .point: "point"
    case .trainerExit: "trainer_exit"
    case .trainerSignal: "trainer_signal"
    case .workerLost: "worker_lost"
    case .hung: "hung"
    case .host: "host"
    }
  }

  /// The kinds of which another attempt may succeed.
  package static let retriedKinds = [
    "trainer_exit", "trainer_signal", "worker_lost", "hung", "host",
  ]

  /// One line for a person.
  package var message: String {
    switch self {
    case .point(let text): text
    case .trainerExit(let status): "the trainer process ended with status \(status)"
    case .trainerSignal(9):
      "the trainer process was killed (signal 9; out of memory, or by hand)"
    case .trainerSignal(let signal): "the trainer process died of signal \(signal)"
    case .workerLost(let text): text
    case .host(let text): text
    case .hung(let seconds):
      "the trainer made no progress for \(seconds) seconds and was killed"
    }
  }
}
