import Compute
package import Dataset
internal import Foundation
import Platform
import Processor
package import Sweep
package import VAE

/// Trains one point in this process and writes its receipt.
package struct PointTraining {
  package let key: PointKey
  package let point: Point
  package let dataset: Dataset
  package let host: HostIdentity
  /// What to keep of the run beside its outcome, where it applies.
  package let kept: Set<ArtifactKind>

  package init(
    key: PointKey, point: Point, dataset: Dataset, host: HostIdentity,
    keeping kept: Set<ArtifactKind> = []
  ) {
    self.kept = kept
    self.key = key
    self.point = point
    self.dataset = dataset
    self.host = host
  }

  /// Runs from the start to the end, or until `observe` returns false (then nil).
  ///
  /// A run that diverged has no artifacts.
  ///
  /// - Parameter finished: Given the trainer when it is done, with its final parameters.
  package func run(
    from state: TrainerState? = nil, finished: (Trainer) -> Void = { _ in },
    observe: (TrainingProgress, Trainer) -> Bool
  ) throws(TrainingError) -> (outcome: Outcome, receipt: Receipt, artifacts: [Artifact])? {
    let start = ContinuousClock.now
    let trainer: Trainer
    do throws(InvalidValue) {
      trainer = try Trainer(
        configuration: point.configuration, seeds: point.seeds, dataset: dataset,
        keeping: kept)
    } catch {
      throw .point(error)
    }
    // One that does not fit changes nothing, and the run starts from the start.
    if let state { try? trainer.restore(state) }
    guard let result = trainer.run(observe: { observe($0, trainer) }) else { return nil }
    do throws(DatasetError) {
      try dataset.requireUnchanged()
    } catch {
      throw .host(error)
    }
    let seconds = ContinuousClock.now - start
    let training = trainer.trainingSeconds
    let receipt = Receipt(
      host: host.name, cpu: host.cpu, blasCore: host.blasCore, fingerprint: host.fingerprint,
      version: programVersion,
      imagesPerSecond: training > 0 ? Double(trainer.imagesTrained) / training : 0,
      seconds: seconds / .seconds(1), finishedAt: Date().timeIntervalSince1970)
    let outcome = Outcome(key: key, point: point, result: result)
    finished(trainer)
    return (outcome, receipt, trainer.artifacts)
  }
}

/// Why a run has no outcome.
package enum TrainingError: Error, CustomStringConvertible {
  /// The point cannot be trained on this dataset, by nobody.
  case point(InvalidValue)
  /// The dataset was changed on this host while the run used it.
  case host(DatasetError)

  package var description: String {
    switch self {
    case .point(let reason): "\(reason)"
    case .host(let reason): "\(reason)"
    }
  }
}

/// What a receipt says of the machine.
package struct HostIdentity: Hashable, Sendable {
  package let name: String
  package let cpu: String
  /// As OpenBLAS names what it runs.
  package let blasCore: String
  package let fingerprint: String

  /// This host, as its trainer processes have measured it.
  package static func named(blasCore: String, fingerprint: String) -> HostIdentity {
    HostIdentity(
      name: HostName.current, cpu: CPUFeatures.modelName, blasCore: blasCore,
      fingerprint: fingerprint)
  }

  /// Measures this process: runs the five fixed steps of the fingerprint.
  package static func measure() -> HostIdentity {
    BLAS.useSingleThread()
    return HostIdentity(
      name: HostName.current, cpu: CPUFeatures.modelName,
      blasCore: BLAS.coreName.lowercased(), fingerprint: NumericFingerprint.compute())
  }
}
