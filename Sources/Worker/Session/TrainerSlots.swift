package import Platform
package import Sweep
package import Wire

/// A worker's trainer processes, and what each of them does.
package struct TrainerSlots: Sendable {
  /// How long a trainer may take to become ready, however patient a sweep is with steps.
  private static let startLimits = Duration.seconds(10)...Duration.seconds(60)
  /// Ends before a trainer was ready, in a row, after which the host is to blame.
  private static let maxFalseStarts = 3

  private struct Slot: Sendable {
    enum State: Sendable {
      case absent
      /// Started; has not said that it is ready.
      case starting
      case idle
      case training(HeldPoint, AttemptProgress)
      /// Killed on purpose, or about to end; its end is awaited.
      case ending
    }

    var state: State = .absent
    /// When it was given its point.
    var startedAt: Duration = .zero
    /// Ends in a row before it was ready.
    var falseStarts = 0
    var stillness = Stillness()

    var isAlive: Bool {
      switch state {
      case .absent: false
      case .starting, .idle, .training, .ending: true
      }
    }

    var point: HeldPoint? {
      if case .training(let point, _) = state { point } else { nil }
    }
  }

  /// What the end of a trainer process means.
  package enum Ending: Sendable {
    /// It was expected, or it had nothing to do.
    case harmless
    case beforeReady
    /// In the middle of a point.
    case ofPoint(HeldPoint, trained: Duration)
    /// Several in a row ended before they were ready, though not by this worker's doing.
    case neverReady
  }

  /// A trainer that makes no progress.
  package struct Hung: Sendable {
    package let point: HeldPoint
    package let still: Duration
    package let trained: Duration
  }

  private var slots: [Slot]
  /// Some trainer has become ready since the worker began: it is not the program that is wrong.
  package private(set) var hasBeenReady = false

  package init(count: Int) { slots = (0..<count).map { _ in Slot() } }

  package var count: Int { slots.count }

  /// Points in training.
  package var points: [HeldPoint] { slots.compactMap(\.point) }

  package var isAnyAlive: Bool { slots.contains(where: \.isAlive) }

  package var isTraining: Bool { slots.contains { $0.point != nil } }

  package func contains(_ attempt: AttemptID) -> Bool {
    slots.contains { $0.point?.attempt == attempt }
  }

  package func point(in id: SlotID) -> HeldPoint? { slots[id.number].point }

  package func trained(in id: SlotID, at now: Duration) -> Duration {
    now - slots[id.number].startedAt
  }

  /// How far each attempt in training is, as a heartbeat says it.
  ///
  /// A wait for a CPU shows as a beat: the coordinator must not take a slow host for a hung trainer.
  package var held: [HeldAttempt] {
    slots.compactMap { slot in
      guard case .training(let point, var progress) = slot.state else { return nil }
      progress.beats += slot.stillness.waits
      return HeldAttempt(attempt: point.attempt, progress: progress, finished: false)
    }
  }

  /// How long each slot has been at its point; a second says nothing yet: a host may stand still for
  /// as long.
  package func timesAtPoints(at now: Duration) -> [Duration] {
    slots.map { slot in
      let time = now - slot.startedAt
      return slot.point != nil && time >= .seconds(1) ? time : .zero
    }
  }

  // MARK: starting and ending

  package mutating func startAbsent(
    blasCore: String, at now: Duration, _ effects: inout AgentEffects
  ) {
    for slot in slots.indices where !slots[slot].isAlive {
      slots[slot].state = .starting
      slots[slot].stillness.begin(at: now)
      effects.add(.startTrainer(SlotID(slot), blasCore: blasCore))
    }
  }

  /// A trainer says that it is ready.
  ///
  /// - Returns: Whether it was expected to.
  package mutating func becameReady(_ id: SlotID) -> Bool {
    guard case .starting = slots[id.number].state else { return false }
    slots[id.number].state = .idle
    slots[id.number].falseStarts = 0
    hasBeenReady = true
    return true
  }

  /// - Parameter counts: Whether an end before it was ready speaks against this program on this host.
  package mutating func ended(_ id: SlotID, counts: Bool, at now: Duration) -> Ending {
    let before = slots[id.number].state
    slots[id.number].state = .absent
    switch before {
    case .training(let point, _): return .ofPoint(point, trained: trained(in: id, at: now))
    case .starting:
      if counts { slots[id.number].falseStarts += 1 }
      guard slots[id.number].falseStarts >= Self.maxFalseStarts else { return .beforeReady }
      slots[id.number].falseStarts = 0
      return .neverReady
    case .absent, .idle, .ending: return .harmless
    }
  }

  /// A trainer has said that it ends.
  package mutating func isEnding(_ id: SlotID) { slots[id.number].state = .ending }

  /// Ends the trainer of an attempt, if it has one.
  ///
  /// - Returns: Whether it had.
  package mutating func kill(_ attempt: AttemptID, _ effects: inout AgentEffects) -> Bool {
    guard let slot = slots.firstIndex(where: { $0.point?.attempt == attempt }) else { return false }
    kill(slot, &effects)
    return true
  }

  package mutating func killAll(_ effects: inout AgentEffects) {
    for slot in slots.indices {
      switch slots[slot].state {
      case .starting, .idle, .training: kill(slot, &effects)
      case .absent, .ending: break
      }
    }
  }

  /// Asks every trainer at a point for a checkpoint and its end, and ends the others.
  ///
  /// - Returns: Whether any was at a point.
  package mutating func stopAll(_ effects: inout AgentEffects) -> Bool {
    for slot in slots.indices {
      switch slots[slot].state {
      case .training: effects.add(.stopTrainer(SlotID(slot)))
      case .starting, .idle: kill(slot, &effects)
      case .absent, .ending: break
      }
    }
    return isTraining
  }

  /// Whatever they do: the process ends.
  package func abandonAll(_ effects: inout AgentEffects) {
    for slot in slots.indices where slots[slot].isAlive {
      effects.add(.killTrainer(SlotID(slot)))
    }
  }

  private mutating func kill(_ slot: Int, _ effects: inout AgentEffects) {
    slots[slot].state = .ending
    effects.add(.killTrainer(SlotID(slot)))
  }

  // MARK: points

  /// Trainers that could take a point now.
  package var idle: [SlotID] {
    slots.indices.filter { if case .idle = slots[$0].state { true } else { false } }.map(
      SlotID.init)
  }

  package mutating func begin(_ point: HeldPoint, in id: SlotID, at now: Duration) {
    // One step or more to go marks an attempt that has been started.
    slots[id.number].state = .training(point, AttemptProgress(step: 0, steps: 1, epoch: 0))
    slots[id.number].startedAt = now
    slots[id.number].stillness.begin(at: now)
  }

  /// The trainer is done with its point, whatever came of it.
  package mutating func finish(_ id: SlotID) { slots[id.number].state = .idle }

  /// Notes how far a trainer is, and whether that is farther than before.
  ///
  /// - Returns: Whether it is the first that is heard of a step of its point.
  package mutating func note(
    _ progress: AttemptProgress, in id: SlotID, at now: Duration
  ) -> Bool {
    guard case .training(let point, let before) = slots[id.number].state else { return false }
    if before != progress { slots[id.number].stillness.end(at: now) }
    slots[id.number].state = .training(point, progress)
    return before.step == 0 && progress.step > 0
  }

  // MARK: hangs

  package mutating func note(_ use: ProcessorUse?, in id: SlotID, at now: Duration) {
    slots[id.number].stillness.note(use, at: now)
  }

  /// Kills trainers that made no progress for `limit`, or did not become ready.
  ///
  /// Judged in attended time: while this process was stopped, or its host slept, nothing passed.
  /// Every step and every evaluation batch is progress, so that a slow trainer is left alone.
  package mutating func killHung(
    after limit: Duration, at now: Duration, _ effects: inout AgentEffects
  ) -> [Hung] {
    let startLimit = min(max(limit, Self.startLimits.lowerBound), Self.startLimits.upperBound)
    var hung: [Hung] = []
    for slot in slots.indices {
      let still = slots[slot].stillness.length(at: now)
      switch slots[slot].state {
      case .training(let point, _) where still >= limit:
        hung.append(Hung(point: point, still: still, trained: now - slots[slot].startedAt))
        kill(slot, &effects)
      case .starting where still >= startLimit:
        // Its end counts as a false start.
        slots[slot].stillness.end(at: now)
        effects.add(.killTrainer(SlotID(slot)))
      case .absent, .starting, .idle, .training, .ending: break
      }
    }
    return hung
  }
}
