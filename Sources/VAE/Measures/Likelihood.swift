/// How likely the test images are under the decoder, and what the codes tell of them.
///
/// With sampling only; every number is in nats per image.
package struct Likelihood: Hashable, Sendable {
  /// How the bound is estimated.
  package struct Effort: Hashable, Sendable {
    /// Draws of z for each image, a multiple of five.
    package let draws: Int
    /// The first so many test images; nil for all.
    package let images: Int?

    package static let usual = Effort(draws: 1_000)

    /// - Precondition: `draws` is a positive multiple of five.
    package init(draws: Int, images: Int? = nil) {
      precondition(draws > 0 && draws % Self.parts == 0, "draws come in fifths")
      self.draws = draws
      self.images = images
    }

    /// nil for draws that are no multiple of five from 5 to 1,000,000, and for images that no test set
    /// can have.
    package init?(checking draws: Int, images: Int?) {
      guard Self.drawsRange.contains(draws), draws % Self.parts == 0,
        images.map(Self.imagesRange.contains) ?? true
      else { return nil }
      self.init(draws: draws, images: images)
    }

    package static let drawsRange = 5...1_000_000
    package static let imagesRange = 1...100_000_000

    /// Disjoint parts of the draws whose spread tells the Monte-Carlo error.
    static let parts = 5
  }

  /// Mean over the images of −log 1/S Σ_s p(x|z_s) p(z_s) / q(z_s|x), z_s from q(z|x).
  ///
  /// In the mean an upper bound on the negative log likelihood, which it nears as S grows (Burda and
  /// others 2016, equation 8).
  /// On grey pixels the Bernoulli loss is no likelihood, for its normaliser is missing, and this is no
  /// more than an importance-weighted bound on the same loss.
  package let bound: Double
  /// Standard error of the bound: the jackknife over five disjoint fifths of the draws.
  ///
  /// Of chance alone: by how much the bound is above the likelihood in the mean it does not tell.
  package let boundError: Double
  /// E_x KL(q(z|x) ‖ p) − KL(q(z) ‖ p): I(x; z) under the encoder.
  ///
  /// The aggregate q(z) is the mixture of all n test codes' posteriors, taken at one draw from each,
  /// its own among them: too small by up to what the truth is above log n where codes hardly overlap.
  /// In the mean at most log n; the draws leave it some hundredths of a nat off either way, or below 0.
  /// nil beyond 512 latents.
  package let mutualInformation: Double?
  package let draws: Int
  package let images: Int

  package init(
    bound: Double, boundError: Double, mutualInformation: Double?, draws: Int, images: Int
  ) {
    self.bound = bound
    self.boundError = boundError
    self.mutualInformation = mutualInformation
    self.draws = draws
    self.images = images
  }
}

extension Likelihood {
  /// Its numbers under their names; what `init(_:)` reads.
  package var arrays: NamedArrays {
    var arrays = NamedArrays()
    arrays.set("bound", shape: [], .doubles([bound]))
    arrays.set("bound_error", shape: [], .doubles([boundError]))
    if let mutualInformation {
      arrays.set("mutual_information", shape: [], .doubles([mutualInformation]))
    }
    arrays.set("draws", shape: [], .integers([Int32(clamping: draws)]))
    arrays.set("images", shape: [], .integers([Int32(clamping: images)]))
    return arrays
  }

  /// nil where the arrays are those of something else.
  package init?(_ arrays: NamedArrays) {
    guard let bound = arrays.doubles("bound", rank: 0)?.values.first,
      let error = arrays.doubles("bound_error", rank: 0)?.values.first,
      let draws = arrays.integers("draws", rank: 0)?.values.first,
      let images = arrays.integers("images", rank: 0)?.values.first
    else { return nil }
    self.init(
      bound: bound, boundError: error,
      mutualInformation: arrays.doubles("mutual_information", rank: 0)?.values.first,
      draws: Int(draws), images: Int(images))
  }
}

/// What a latent variable does: it speaks of the image, it is the prior, or neither is clear.
package enum LatentUse: String, CaseIterable, Hashable, Sendable {
  /// Var(μ_j) ≥ 0.01 and mean σ_j² < 0.9.
  case active
  /// Neither of the two.
  case mixed
  /// Var(μ_j) < 0.01 and mean σ_j² ≥ 0.9.
  case passive
}

extension LatentStatistics {
  /// nil without sampling, where the scale of a code is arbitrary.
  package var use: LatentUse? {
    guard let meanSigma2 else { return nil }
    return switch (varMu >= 0.01, meanSigma2 < 0.9) {
    case (true, true): .active
    case (false, false): .passive
    case (true, false), (false, true): .mixed
    }
  }
}
