/// The loss of one set of images, each a mean per image in nats.
package struct LossTerms: Hashable, Sendable {
  package var reconstruction: Double
  /// KL divergence summed over latents (½ Σ μ² without sampling), before `kl_weight`.
  package var kl: Double
  /// reconstruction + kl_weight · kl.
  package var total: Double

  package init(reconstruction: Double, kl: Double, total: Double) {
    self.reconstruction = reconstruction
    self.kl = kl
    self.total = total
  }
}

/// What is recorded at the end of every epoch.
package struct EpochRecord: Hashable, Sendable {
  /// Counted from 1.
  package var epoch: Int
  /// Mean of the minibatch losses seen while the epoch ran, weighted by batch size.
  package var trainRunningTotal: Double
  /// On the whole test set, z sampled where the configuration samples.
  package var test: LossTerms
  /// On the whole test set with z = μ.
  package var testReconstructionAtMean: Double

  package init(
    epoch: Int, trainRunningTotal: Double, test: LossTerms, testReconstructionAtMean: Double
  ) {
    self.epoch = epoch
    self.trainRunningTotal = trainRunningTotal
    self.test = test
    self.testReconstructionAtMean = testReconstructionAtMean
  }
}

/// One latent variable over the test set.
package struct LatentStatistics: Hashable, Sendable {
  /// Mean of μ_j.
  package var meanMu: Double
  /// Var(μ_j) with n − 1: the activity of Burda and others (2015).
  package var varMu: Double
  /// Mean of σ_j²; nil without sampling.
  package var meanSigma2: Double?
  /// Mean KL of this latent in nats (½ μ_j² without sampling).
  package var kl: Double
  /// Rise of the test reconstruction when μ_j is replaced by its mean, in nats per image.
  package var gain: Double

  /// Variance of the aggregate posterior, Var(μ_j) + mean σ_j²: 1 where it is like the prior.
  package var aggregateVariance: Double { varMu + (meanSigma2 ?? 0) }

  package init(
    varMu: Double, meanSigma2: Double?, kl: Double, gain: Double, meanMu: Double = 0
  ) {
    self.meanMu = meanMu
    self.varMu = varMu
    self.meanSigma2 = meanSigma2
    self.kl = kl
    self.gain = gain
  }
}

/// The number of hidden units of one layer that are zero on the whole test set.
package struct DeadUnits: Hashable, Sendable {
  /// `encoder_1` is the layer after the input, `decoder_1` the one after the latents.
  package var layer: String
  package var count: Int

  package init(layer: String, count: Int) {
    self.layer = layer
    self.count = count
  }
}

/// How a training run ended: a pure function of point, data, trainer version and fingerprint.
package enum TrainingEnding: Hashable, Sendable {
  case completed(FinalMeasurements)
  /// NaN or infinity appeared in this epoch, counted from 1. A result, not an error.
  case diverged(epoch: Int)
}

/// What is measured once, after the last epoch.
package struct FinalMeasurements: Hashable, Sendable {
  /// The training images that were used, evaluated with the final parameters.
  package var train: LossTerms
  package var latents: [LatentStatistics]
  package var deadUnits: [DeadUnits]
  package var study: StudyMeasures
  /// SHA-256, lower-case hex, of the final parameters: float32 little-endian, unpadded, encoder,
  /// heads (μ, then log σ²), decoder; of each layer W[in,out] then b.
  package var digest: String

  package init(
    train: LossTerms, latents: [LatentStatistics], deadUnits: [DeadUnits],
    study: StudyMeasures = StudyMeasures(), digest: String
  ) {
    self.study = study
    self.train = train
    self.latents = latents
    self.deadUnits = deadUnits
    self.digest = digest
  }
}

/// The whole result of a training run.
package struct TrainingResult: Hashable, Sendable {
  /// One record per finished epoch; a diverged epoch's record is the last one.
  package var history: [EpochRecord]
  package var ending: TrainingEnding

  package init(history: [EpochRecord], ending: TrainingEnding) {
    self.history = history
    self.ending = ending
  }
}
