package import Sweep
package import VAE

/// One point to train, over the trainer's standard input.
package struct TrainerOrder: Hashable, Sendable {
  package var key: PointKey
  package var point: Point
  /// Path of the dataset's cache file; the trainer maps it.
  package var datasetFile: String
  package var datasetDigest: Digest
  /// What is to be kept of the run beside its result.
  package var artifacts: Set<ArtifactKind>
  /// Where checkpoints are kept and read, where they are.
  package var checkpoints: TrainerCheckpoints?

  package init(
    key: PointKey, point: Point, datasetFile: String, datasetDigest: Digest,
    artifacts: Set<ArtifactKind> = [], checkpoints: TrainerCheckpoints? = nil
  ) {
    self.artifacts = artifacts
    self.checkpoints = checkpoints
    self.key = key
    self.point = point
    self.datasetFile = datasetFile
    self.datasetDigest = datasetDigest
  }
}

/// A trainer process has started and computed its fingerprint.
package struct TrainerReady: Hashable, Sendable {
  package var fingerprint: String
  package var blasCore: String

  package init(fingerprint: String, blasCore: String) {
    self.fingerprint = fingerprint
    self.blasCore = blasCore
  }
}

/// How far the trainer is with its order.
package struct TrainerProgress: Hashable, Sendable {
  package var progress: AttemptProgress

  package init(progress: AttemptProgress) { self.progress = progress }
}

/// The order is done; the trainer takes the next one.
package struct TrainerOutcome: Hashable, Sendable {
  package var outcome: Outcome
  package var receipt: Receipt

  package init(outcome: Outcome, receipt: Receipt) {
    self.outcome = outcome
    self.receipt = receipt
  }
}

/// The point cannot be trained; another attempt would end the same way.
package struct TrainerRefusal: Hashable, Sendable {
  package var reason: String

  package init(reason: String) { self.reason = reason }
}

/// No point can be trained on this host at present, such as when its copy of the dataset is gone.
///
/// The process ends; the point is not to blame.
package struct TrainerHostFault: Hashable, Sendable {
  package var reason: String

  package init(reason: String) { self.reason = reason }
}

extension TrainerOrder {
  init(_ message: Vaesweep_TrainerOrder) throws(WireError) {
    // A path may hold any character but NUL.
    let file = message.datasetFile
    guard !file.isEmpty, file.utf8.count <= FieldRules.longestText, !file.utf8.contains(0) else {
      throw .invalid(field: "dataset file", reason: "is not a path")
    }
    self.init(
      key: PointKey(try FieldRules.digest(message.key, "key")), point: try Point(message.point),
      datasetFile: file,
      datasetDigest: try FieldRules.digest(message.datasetDigest, "dataset digest"),
      artifacts: try FieldRules.artifacts(message.artifacts),
      checkpoints: message.hasAttempt ? try TrainerCheckpoints(message) : nil)
  }

  func protobuf() throws(WireError) -> Vaesweep_TrainerOrder {
    var message = Vaesweep_TrainerOrder()
    message.key = key.description
    message.point = try point.protobuf()
    message.datasetFile = datasetFile
    message.datasetDigest = datasetDigest.hex
    message.artifacts = artifacts.sorted().map(\.rawValue)
    if let checkpoints { try checkpoints.write(to: &message) }
    return message
  }
}

extension TrainerReady {
  init(_ message: Vaesweep_TrainerReady) throws(WireError) {
    self.init(
      fingerprint: try FieldRules.name(message.fingerprint, "fingerprint"),
      blasCore: try FieldRules.name(message.blasCore, "BLAS core"))
  }

  func protobuf() -> Vaesweep_TrainerReady {
    var message = Vaesweep_TrainerReady()
    message.fingerprint = FieldRules.cleanName(fingerprint)
    message.blasCore = FieldRules.cleanName(blasCore)
    return message
  }
}

extension TrainerProgress {
  init(_ message: Vaesweep_TrainerProgress) throws(WireError) {
    self.init(progress: try AttemptProgress(message.progress))
  }

  func protobuf() throws(WireError) -> Vaesweep_TrainerProgress {
    var message = Vaesweep_TrainerProgress()
    message.progress = try progress.protobuf()
    return message
  }
}

extension TrainerOutcome {
  init(_ message: Vaesweep_TrainerOutcome) throws(WireError) {
    self.init(outcome: try Outcome(message.outcome), receipt: try Receipt(message.receipt))
  }

  func protobuf() throws(WireError) -> Vaesweep_TrainerOutcome {
    var message = Vaesweep_TrainerOutcome()
    message.outcome = try outcome.protobuf()
    message.receipt = receipt.protobuf()
    return message
  }
}

extension TrainerRefusal {
  init(_ message: Vaesweep_TrainerRefusal) throws(WireError) {
    self.init(reason: try FieldRules.line(message.reason, "reason"))
  }

  func protobuf() -> Vaesweep_TrainerRefusal {
    var message = Vaesweep_TrainerRefusal()
    message.reason = FieldRules.clean(reason)
    return message
  }
}

extension TrainerHostFault {
  init(_ message: Vaesweep_TrainerHostFault) throws(WireError) {
    self.init(reason: try FieldRules.line(message.reason, "reason"))
  }

  func protobuf() -> Vaesweep_TrainerHostFault {
    var message = Vaesweep_TrainerHostFault()
    message.reason = FieldRules.clean(reason)
    return message
  }
}
