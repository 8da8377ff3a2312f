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
}

extension KLSchedule {
  /// What so many cycles come to in a run of so many steps; nil where that is as many.
  package static func cutShort(cycles: Int, steps: Int) -> String? {
    guard cycles > 0, steps > 0 else { return nil }
    let length = cycleLength(steps: steps, cycles: cycles)
    guard length > 1 else {
      return "leaves the KL term without weight throughout: a run of \(steps) steps is too short"
    }
    let whole = (steps + length - 1) / length
    return whole == cycles
      ? nil : "comes to \(whole) cycles of \(length) steps in a run of \(steps) steps"
  }
}
