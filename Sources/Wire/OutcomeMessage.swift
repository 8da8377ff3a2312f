internal import Sweep
internal import VAE

extension Outcome {
  init(_ message: Vaesweep_Outcome) throws(WireError) {
    let point = try Point(message.point)
    self.init(
      key: PointKey(try FieldRules.digest(message.key, "key")), point: point,
      result: try TrainingResult(message, of: point.configuration),
      resultVersion: try FieldRules.count(
        message.resultVersion, "result version", in: 1...OutcomeField.resultVersion))
  }

  func protobuf() throws(WireError) -> Vaesweep_Outcome {
    var message = Vaesweep_Outcome()
    message.key = key.description
    message.point = try point.protobuf()
    message.resultVersion = try FieldRules.small(resultVersion, "result version")
    message.history.reserveCapacity(result.history.count)
    for record in result.history { message.history.append(try record.protobuf()) }
    switch result.ending {
    case .completed(let measurements):
      message.measurements = try measurements.protobuf()
    case .diverged(let epoch):
      message.divergedEpoch = try FieldRules.small(epoch, "diverged epoch")
    }
    return message
  }
}

extension TrainingResult {
  init(_ message: Vaesweep_Outcome, of configuration: Configuration) throws(WireError) {
    try FieldRules.few(message.history.count, "history", atMost: configuration.epochs)
    var history: [EpochRecord] = []
    history.reserveCapacity(message.history.count)
    for record in message.history {
      guard Int(record.epoch) == history.count + 1 else {
        throw .invalid(field: "history", reason: "is not one record per epoch, in order")
      }
      history.append(EpochRecord(record))
    }
    let ending: TrainingEnding
    switch (message.divergedEpoch, message.hasMeasurements) {
    case (0, true):
      ending = .completed(try FinalMeasurements(message.measurements, of: configuration))
    case (1..., false):
      ending = .diverged(
        epoch: try FieldRules.count(
          message.divergedEpoch, "diverged epoch", in: 1...configuration.epochs))
    default:
      throw .invalid(
        field: "outcome", reason: "is neither completed nor diverged, or claims to be both")
    }
    self.init(history: history, ending: ending)
  }
}

extension LossTerms {
  init(_ message: Vaesweep_LossTerms) {
    self.init(
      reconstruction: message.reconstruction, kl: message.kl, total: message.total)
  }

  func protobuf() -> Vaesweep_LossTerms {
    var message = Vaesweep_LossTerms()
    message.reconstruction = reconstruction
    message.kl = kl
    message.total = total
    return message
  }
}

extension EpochRecord {
  init(_ message: Vaesweep_EpochRecord) {
    self.init(
      epoch: Int(message.epoch), trainRunningTotal: message.trainRunningTotal,
      test: LossTerms(message.test),
      testReconstructionAtMean: message.testReconstructionAtMean)
  }

  func protobuf() throws(WireError) -> Vaesweep_EpochRecord {
    var message = Vaesweep_EpochRecord()
    message.epoch = try FieldRules.small(epoch, "epoch")
    message.trainRunningTotal = trainRunningTotal
    message.test = test.protobuf()
    message.testReconstructionAtMean = testReconstructionAtMean
    return message
  }
}

extension FinalMeasurements {
  init(_ message: Vaesweep_Measurements, of configuration: Configuration) throws(WireError) {
    let architecture = configuration.architecture
    guard message.latents.count == architecture.latentDim else {
      throw .invalid(
        field: "latents",
        reason: "are \(message.latents.count) where the point has \(architecture.latentDim)")
    }
    var latents: [LatentStatistics] = []
    for latent in message.latents {
      guard latent.hasMeanSigma2 == configuration.sampling, !(latent.varMu < 0) else {
        throw .invalid(
          field: "latents", reason: "have a negative variance, or σ² where nothing is sampled")
      }
      latents.append(LatentStatistics(latent))
    }
    // Encoder and decoder have the same hidden layers.
    try FieldRules.few(
      message.deadUnits.count, "dead units", atMost: 2 * architecture.hidden.count)
    var deadUnits: [DeadUnits] = []
    for layer in message.deadUnits {
      let name = try FieldRules.name(layer.layer, "layer")
      guard !deadUnits.contains(where: { $0.layer == name }) else {
        throw .invalid(field: "dead units", reason: "name a layer twice")
      }
      deadUnits.append(
        DeadUnits(
          layer: name,
          count: try FieldRules.count(
            layer.count, "dead units", in: 0...Architecture.maxWidth)))
    }
    self.init(
      train: LossTerms(message.train), latents: latents, deadUnits: deadUnits,
      study: try StudyMeasures(message.measures, of: configuration),
      digest: try FieldRules.digest(message.digest, "digest").hex)
  }

  func protobuf() throws(WireError) -> Vaesweep_Measurements {
    var message = Vaesweep_Measurements()
    message.train = train.protobuf()
    message.latents = latents.map { $0.protobuf() }
    for layer in deadUnits {
      var entry = Vaesweep_DeadUnits()
      entry.layer = FieldRules.cleanName(layer.layer)
      entry.count = try FieldRules.small(layer.count, "dead units")
      message.deadUnits.append(entry)
    }
    message.digest = digest
    message.measures = study.messages
    return message
  }
}

extension LatentStatistics {
  init(_ message: Vaesweep_Latent) {
    self.init(
      varMu: message.varMu, meanSigma2: message.hasMeanSigma2 ? message.meanSigma2 : nil,
      kl: message.kl, gain: message.gain, meanMu: message.meanMu)
  }

  func protobuf() -> Vaesweep_Latent {
    var message = Vaesweep_Latent()
    message.varMu = varMu
    if let meanSigma2 { message.meanSigma2 = meanSigma2 }
    message.kl = kl
    message.gain = gain
    message.meanMu = meanMu
    return message
  }
}
