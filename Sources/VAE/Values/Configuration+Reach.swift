extension Configuration {
  /// - Throws: `InvalidValue` where `perturb` names a weight or an epoch that the run does not have, or
  ///   `schedule` takes the learning rate out of single precision, in which training computes.
  package func requireInReach() throws(InvalidValue) {
    if let perturbation { try require(perturbation) }
    if let schedule { try require(schedule) }
  }

  private func require(_ perturbation: Perturbation) throws(InvalidValue) {
    let weights = architecture.input * (architecture.hidden.first ?? 0)
    guard perturbation.weight < weights, perturbation.epoch < epochs else {
      throw InvalidValue(
        key: TrainKey.perturb.rawValue, value: "\(perturbation)",
        expected: "WEIGHT@EPOCH with a weight below \(weights) and an epoch below \(epochs)")
    }
  }

  private func require(_ schedule: LearningRateSchedule) throws(InvalidValue) {
    let rate = real(.learningRate)
    for piece in schedule.pieces {
      let single = Float(piece.factor * rate)
      guard single.isFinite, single > 0 else {
        throw InvalidValue(
          key: TrainKey.schedule.rawValue, value: "\(schedule)",
          expected: "factors that leave the learning rate above 0 in single precision too, where "
            + "\(piece.factor) times \(rate) is \(single.isFinite ? "0" : "infinite")")
      }
    }
  }

  /// Of each key of the KL term whose value changes nothing in this run, or less than it says, what it
  /// comes to.
  package var idleKLKeys: [(key: TrainKey, words: String)] {
    let asked: [TrainKey] = [.klWarmup, .klCycles, .freeBits].filter { self[$0] != $0.defaultValue }
    guard klWeight > 0 else {
      return asked.map {
        ($0, "changes nothing where kl_weight is 0, and is another configuration all the same")
      }
    }
    guard klWarmup > epochs else { return [] }
    return [
      (
        .klWarmup,
        "is more epochs than a run of \(epochs) has: the KL term does not come to its full weight"
      )
    ]
  }

  /// What `kl_cycles` comes to in a run of so many steps; nil where it is as many as it says.
  package func cyclesCutShort(steps: Int) -> String? {
    guard klWeight > 0, klCycles > 0 else { return nil }
    let length = KLSchedule.cycleLength(steps: steps, cycles: klCycles)
    guard length > 1 else {
      return "leaves the KL term without weight throughout: \(steps) steps have at most "
        + "\(steps / 2) cycles"
    }
    let whole = (steps + length - 1) / length
    guard whole != klCycles else { return nil }
    return "comes to \(whole) cycles of \(length) steps: of the run's \(steps) each has as many"
  }
}
