internal import Sweep
internal import VAE

extension AttemptID {
  /// SQL counts with a sign, so the largest number is that of Int64.
  init(_ message: Vaesweep_Attempt) throws(WireError) {
    guard message.epoch >= 1, message.epoch <= Int64.max, message.counter <= Int64.max,
      message.start < 1 << 31, message.start == 0 || message.epoch < 1 << 32
    else {
      throw .invalid(
        field: "attempt", reason: "is \(message.epoch).\(message.counter), out of range")
    }
    self.init(epoch: message.epoch, counter: message.counter, start: message.start)
  }

  func protobuf() -> Vaesweep_Attempt {
    var message = Vaesweep_Attempt()
    message.epoch = epoch
    message.counter = counter
    message.start = start
    return message
  }
}

extension AttemptProgress {
  init(_ message: Vaesweep_Progress) throws(WireError) {
    let steps = try FieldRules.count(message.steps, "number of steps")
    let step = try FieldRules.count(message.step, "step", in: 0...steps)
    self.init(
      step: step, steps: steps,
      epoch: try FieldRules.count(message.epoch, "epoch", in: 0...FieldRules.maxEpochs),
      beats: try FieldRules.count(message.beats, "number of beats"),
      ended: message.hasEnded ? try EpochLoss(message.ended) : nil,
      // For those who look: whatever it says must not end a training.
      resumedAt: message.hasResumedAt ? Int(min(message.resumedAt, UInt64(step))) : nil)
  }

  func protobuf() throws(WireError) -> Vaesweep_Progress {
    var message = Vaesweep_Progress()
    message.step = try FieldRules.large(step, "step")
    message.steps = try FieldRules.large(steps, "number of steps")
    message.epoch = try FieldRules.small(epoch, "epoch")
    message.beats = try FieldRules.large(beats, "number of beats")
    if let ended { message.ended = try ended.protobuf() }
    if let resumedAt { message.resumedAt = try FieldRules.large(resumedAt, "step gone on from") }
    return message
  }
}

extension EpochLoss {
  init(_ message: Vaesweep_EpochLoss) throws(WireError) {
    guard message.testTotal.isFinite else {
      throw .invalid(field: "test total", reason: "is not a finite number")
    }
    self.init(
      epoch: try FieldRules.count(message.epoch, "epoch", in: 1...FieldRules.maxEpochs),
      testTotal: message.testTotal)
  }

  func protobuf() throws(WireError) -> Vaesweep_EpochLoss {
    var message = Vaesweep_EpochLoss()
    message.epoch = try FieldRules.small(epoch, "epoch")
    message.testTotal = testTotal
    return message
  }
}

extension Heartbeat {
  init(_ message: Vaesweep_Heartbeat) throws(WireError) {
    try FieldRules.few(message.held.count, "list of attempts", atMost: 1 << 16)
    var held: [HeldAttempt] = []
    held.reserveCapacity(message.held.count)
    for entry in message.held {
      held.append(
        HeldAttempt(
          attempt: try AttemptID(entry.attempt), progress: try AttemptProgress(entry.progress),
          finished: entry.finished))
    }
    self.init(
      held: held,
      credit: try FieldRules.count(
        message.credit, "credit", in: 0...FieldRules.maxOfAnything),
      artifacts: try HeldArtifact.list(message.artifacts))
  }

  func protobuf() throws(WireError) -> Vaesweep_Heartbeat {
    var message = Vaesweep_Heartbeat()
    for attempt in held {
      var entry = Vaesweep_HeldAttempt()
      entry.attempt = attempt.attempt.protobuf()
      entry.progress = try attempt.progress.protobuf()
      entry.finished = attempt.finished
      message.held.append(entry)
    }
    message.credit = try FieldRules.small(credit, "credit")
    for artifact in artifacts { message.artifacts.append(try artifact.protobuf()) }
    return message
  }
}

extension HeartbeatReply {
  init(_ message: Vaesweep_HeartbeatReply) throws(WireError) {
    self.init(
      keep: try [AttemptID](listed: message.keep))
  }

  func protobuf() -> Vaesweep_HeartbeatReply {
    var message = Vaesweep_HeartbeatReply()
    message.keep = keep.map { $0.protobuf() }
    return message
  }
}

extension Grant {
  init(_ message: Vaesweep_Grant) throws(WireError) {
    self.init(
      attempt: try AttemptID(message.attempt),
      key: PointKey(try FieldRules.digest(message.key, "key")),
      point: try Point(message.point), artifacts: try FieldRules.artifacts(message.artifacts),
      checkpoint: message.hasCheckpoint ? try CheckpointReference(message.checkpoint) : nil)
  }

  func protobuf() throws(WireError) -> Vaesweep_Grant {
    var message = Vaesweep_Grant()
    message.attempt = attempt.protobuf()
    message.key = key.description
    message.point = try point.protobuf()
    message.artifacts = artifacts.sorted().map(\.rawValue)
    if let checkpoint { message.checkpoint = try checkpoint.protobuf() }
    return message
  }
}
