internal import Sweep

extension CheckpointReference {
  init(_ message: Vaesweep_CheckpointReference) throws(WireError) {
    self.init(
      digest: try FieldRules.digest(message.digest, "checkpoint digest"),
      size: try FieldRules.count(message.size, "checkpoint size", in: 1...Self.largest),
      step: try FieldRules.count(message.step, "step"),
      fingerprint: try FieldRules.name(message.fingerprint, "fingerprint"))
  }

  func protobuf() throws(WireError) -> Vaesweep_CheckpointReference {
    var message = Vaesweep_CheckpointReference()
    message.digest = digest.hex
    message.size = try FieldRules.large(size, "checkpoint size")
    message.step = try FieldRules.large(step, "step")
    message.fingerprint = FieldRules.cleanName(fingerprint)
    return message
  }
}

extension CheckpointOffer {
  init(_ message: Vaesweep_CheckpointOffer) throws(WireError) {
    self.init(
      attempt: try AttemptID(message.attempt),
      checkpoint: try CheckpointReference(message.checkpoint))
  }

  func protobuf() throws(WireError) -> Vaesweep_CheckpointOffer {
    var message = Vaesweep_CheckpointOffer()
    message.attempt = attempt.protobuf()
    message.checkpoint = try checkpoint.protobuf()
    return message
  }
}

extension CheckpointReply {
  init(_ message: Vaesweep_CheckpointReply) throws(WireError) {
    self.init(
      attempt: try AttemptID(message.attempt),
      digest: try FieldRules.digest(message.digest, "checkpoint digest"), stored: message.stored)
  }

  func protobuf() -> Vaesweep_CheckpointReply {
    var message = Vaesweep_CheckpointReply()
    message.attempt = attempt.protobuf()
    message.digest = digest.hex
    message.stored = stored
    return message
  }
}

extension TrainerCheckpoints {
  init(_ message: Vaesweep_TrainerOrder) throws(WireError) {
    let resume = try FieldRules.path(message.resumePath, "path of a checkpoint")
    self.init(
      attempt: try AttemptID(message.attempt),
      path: try FieldRules.path(message.checkpointPath, "path of checkpoints"),
      every: .milliseconds(message.checkpointMilliseconds), resume: resume.isEmpty ? nil : resume)
  }

  func write(to message: inout Vaesweep_TrainerOrder) throws(WireError) {
    message.attempt = attempt.protobuf()
    message.checkpointPath = path
    message.checkpointMilliseconds = UInt32(
      clamping: try FieldRules.milliseconds(every, "time between checkpoints"))
    message.resumePath = resume ?? ""
  }
}

extension TrainerCheckpoint {
  init(_ message: Vaesweep_TrainerCheckpoint) throws(WireError) {
    self.init(
      attempt: try AttemptID(message.attempt),
      path: try FieldRules.path(message.path, "path of a checkpoint"),
      checkpoint: try CheckpointReference(message.checkpoint),
      trained: try FieldRules.milliseconds(message.trainedMilliseconds, "training time"),
      isStopped: message.stopped)
  }

  func protobuf() throws(WireError) -> Vaesweep_TrainerCheckpoint {
    var message = Vaesweep_TrainerCheckpoint()
    message.attempt = attempt.protobuf()
    message.path = path
    message.checkpoint = try checkpoint.protobuf()
    message.trainedMilliseconds = try FieldRules.milliseconds(trained, "training time")
    message.stopped = isStopped
    return message
  }
}
