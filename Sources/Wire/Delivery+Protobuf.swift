internal import Sweep

extension Delivery {
  init(_ message: Vaesweep_Delivery) throws(WireError) {
    self.init(
      attempt: try AttemptID(message.attempt),
      outcome: try Outcome(message.outcome), receipt: try Receipt(message.receipt))
  }

  func protobuf() throws(WireError) -> Vaesweep_Delivery {
    var message = Vaesweep_Delivery()
    message.attempt = attempt.protobuf()
    message.outcome = try outcome.protobuf()
    message.receipt = receipt.protobuf()
    return message
  }
}

extension Receipt {
  init(_ message: Vaesweep_Receipt) throws(WireError) {
    self.init(
      host: try FieldRules.name(message.host, "host"),
      cpu: try FieldRules.line(message.cpu, "CPU", longest: FieldRules.longestName),
      blasCore: try FieldRules.name(message.blasCore, "BLAS core"),
      fingerprint: try FieldRules.name(message.fingerprint, "fingerprint"),
      version: try FieldRules.name(message.version, "version"),
      imagesPerSecond: message.imagesPerSecond, seconds: message.seconds,
      finishedAt: message.finishedAt)
  }

  func protobuf() -> Vaesweep_Receipt {
    var message = Vaesweep_Receipt()
    message.host = FieldRules.cleanName(host)
    message.cpu = FieldRules.cleanName(cpu)
    message.blasCore = FieldRules.cleanName(blasCore)
    message.fingerprint = FieldRules.cleanName(fingerprint)
    message.version = FieldRules.cleanName(version)
    message.imagesPerSecond = imagesPerSecond
    message.seconds = seconds
    message.finishedAt = finishedAt
    return message
  }
}

extension FailureReport {
  init(_ message: Vaesweep_FailureReport) throws(WireError) {
    self.init(
      attempt: try AttemptID(message.attempt),
      key: PointKey(try FieldRules.digest(message.key, "key")),
      reason: try FailureReason(message.failure),
      trained: try FieldRules.milliseconds(message.trainedMilliseconds, "training time"))
  }

  func protobuf() throws(WireError) -> Vaesweep_FailureReport {
    var message = Vaesweep_FailureReport()
    message.attempt = attempt.protobuf()
    message.key = key.description
    message.failure = reason.protobuf()
    message.trainedMilliseconds = try FieldRules.milliseconds(trained, "training time")
    return message
  }
}

extension FailureReason {
  init(_ message: Vaesweep_Failure) throws(WireError) {
    switch message.reason {
    case .point(let text): self = .point(try FieldRules.line(text, "reason"))
    case .trainerStatus(let status): self = .trainerExit(status: status)
    case .trainerSignal(let signal): self = .trainerSignal(signal)
    case .workerLost(let text): self = .workerLost(try FieldRules.line(text, "reason"))
    case .hungSeconds(let seconds): self = .hung(seconds: Int(seconds))
    case .host(let text): self = .host(try FieldRules.line(text, "reason"))
    case nil: throw .invalid(field: "failure", reason: "has no reason")
    }
  }

  func protobuf() -> Vaesweep_Failure {
    var message = Vaesweep_Failure()
    message.reason =
      switch self {
      case .point(let text): .point(FieldRules.clean(text))
      case .trainerExit(let status): .trainerStatus(status)
      case .trainerSignal(let signal): .trainerSignal(signal)
      case .workerLost(let text): .workerLost(FieldRules.clean(text))
      case .hung(let seconds): .hungSeconds(UInt32(clamping: seconds))
      case .host(let text): .host(FieldRules.clean(text))
      }
    return message
  }
}

extension Acknowledgement {
  init(_ message: Vaesweep_Acknowledgement) throws(WireError) {
    self.init(attempt: try AttemptID(message.attempt))
  }

  func protobuf() -> Vaesweep_Acknowledgement {
    var message = Vaesweep_Acknowledgement()
    message.attempt = attempt.protobuf()
    return message
  }
}
