package import VAE

/// The final result of a point: what training it gave, whoever trained it.
package struct Outcome: Hashable, Sendable {
  package let key: PointKey
  package let point: Point
  package let result: TrainingResult
  /// Which fields it has: those of the catalogue that are not newer than this.
  package let resultVersion: Int

  package init(
    key: PointKey, point: Point, result: TrainingResult,
    resultVersion: Int = OutcomeField.resultVersion
  ) {
    self.key = key
    self.point = point
    self.result = result
    self.resultVersion = resultVersion
  }

  package var status: OutcomeStatus {
    if case .completed = result.ending { .ok } else { .diverged }
  }

  /// What was measured at the end; nil where the run diverged.
  package var measurements: FinalMeasurements? {
    if case .completed(let measurements) = result.ending { measurements } else { nil }
  }

  /// The epoch in which NaN or infinity appeared, counted from 1.
  package var divergedEpoch: Int? {
    if case .diverged(let epoch) = result.ending { epoch } else { nil }
  }

  /// Mean of test_total over the last five epochs (of all where there are fewer): the final error
  /// of the study.
  ///
  /// nil where the run diverged.
  package var testTotalLast5: Double? {
    guard status == .ok, !result.history.isEmpty else { return nil }
    let last = result.history.suffix(5)
    return last.reduce(0) { $0 + $1.test.total } / Double(last.count)
  }

  /// Latents with Var(μ) below `threshold`; nil without sampling, where the scale of the code is
  /// arbitrary, and where the run diverged.
  package func collapsed(threshold: Double = collapseThreshold) -> Int? {
    guard point.configuration.sampling, let measurements else { return nil }
    return measurements.latents.count { $0.varMu < threshold }
  }
}

/// Var(μ) below which a latent counts as collapsed, after Burda and others (2015).
package let collapseThreshold = 0.01

/// How a point's training ended.
///
/// Both are final.
package enum OutcomeStatus: String, CaseIterable, Hashable, Sendable {
  case ok
  case diverged
}

/// Where and how fast an outcome was made.
///
/// Promised equal to nothing.
package struct Receipt: Hashable, Sendable {
  package var host: String
  package var cpu: String
  package var blasCore: String
  package var fingerprint: String
  package var version: String
  /// Training images per second, evaluation left out.
  package var imagesPerSecond: Double
  /// Wall time of the attempt, evaluation and all.
  package var seconds: Double
  /// When the attempt ended: seconds since 1970-01-01 UTC.
  package var finishedAt: Double

  package init(
    host: String, cpu: String, blasCore: String, fingerprint: String, version: String,
    imagesPerSecond: Double, seconds: Double, finishedAt: Double
  ) {
    self.host = host
    self.cpu = cpu
    self.blasCore = blasCore
    self.fingerprint = fingerprint
    self.version = version
    self.imagesPerSecond = imagesPerSecond
    self.seconds = seconds
    self.finishedAt = finishedAt
  }
}
