import Sweep
package import VAE

/// The units of one hidden layer that are zero on the whole test set, over the runs of a configuration.
///
/// The rival explanation of collapse: a latent that no living unit reaches carries nothing, whatever
/// the KL term does. Layers are told one by one, since a wide one has many dead units in every run and
/// would drown the narrow one before the latents.
package struct DeadLayer: Hashable, Sendable {
  /// `encoder_1` is the layer after the input, `decoder_1` the one after the latents.
  package let layer: String
  package let width: Int
  /// Dead units per run.
  package let mean: Double
  /// Whether runs with more dead units here have more collapsed latents; nil without sampling and
  /// where either does not vary.
  package let correlation: RankCorrelation?
  /// The runs of which every unit of the layer is dead, in the order of their seeds.
  package let dead: [Seeds]
}

extension ConfigurationRuns {
  /// From the input to the output; none where no run was measured so.
  package func deadLayers(
    threshold: Double = collapseThreshold, resampling: Resampling = .standard
  ) -> [DeadLayer] {
    widths.compactMap { layer, width in
      let counts = runs.compactMap { run in
        run.deadUnits(in: layer).map { (run: run, count: $0) }
      }
      guard let mean = Sample(counts.map { Double($0.count) }).mean else { return nil }
      let pairs = counts.compactMap { run, count -> (Double, Double)? in
        run.collapsed(threshold: threshold).map { (Double(count), Double($0)) }
      }
      return DeadLayer(
        layer: layer, width: width, mean: mean,
        correlation: RankCorrelation(pairs, resampling: resampling),
        dead: counts.filter { $0.count >= width }.map(\.run.seeds))
    }
  }

  private var widths: [(layer: String, width: Int)] { configuration.architecture.hiddenLayers }

  /// See `Architecture.deadLayers(of:)`.
  package var deadLayerWords: String? { configuration.architecture.deadLayers(of: runs) }
}

extension Run {
  func deadUnits(in layer: String) -> Int? { deadUnits.first { $0.layer == layer }?.count }
}

extension Architecture {
  /// Names the runs of which a whole layer is dead: `all 8 units of encoder_3 are dead in seed 31`;
  /// nil where there are none.
  ///
  /// Nothing passes such a layer: what is beyond it can't depend on the image.
  package func deadLayers(of runs: [Run]) -> String? {
    let told = hiddenLayers.compactMap { layer, width -> String? in
      let dead = runs.filter { $0.deadUnits(in: layer).map { $0 >= width } ?? false }
      guard !dead.isEmpty else { return nil }
      return "all \(width) units of \(layer) are dead in \(Seeds.words(dead.map(\.seeds)))"
    }
    return told.isEmpty ? nil : told.joined(separator: ", ")
  }

  /// Each hidden layer with its units: the encoder's, then the decoder's, its mirror image.
  var hiddenLayers: [(layer: String, width: Int)] {
    hidden.enumerated().map { ("encoder_\($0 + 1)", $1) }
      + hidden.reversed().enumerated().map { ("decoder_\($0 + 1)", $1) }
  }
}
