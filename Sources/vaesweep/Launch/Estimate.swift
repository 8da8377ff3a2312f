import Dataset
import Sweep
import VAE

/// How long points take on this host.
///
/// For planning, never a result: a range, from what this host has measured of like nets, or guessed
/// from the arithmetic of a step where nothing was measured.
struct Estimate {
  /// Where the range comes from.
  enum Basis: Hashable {
    case guess
    /// `bench trainer` alone.
    case benchmark
    /// Points that this host has trained.
    case points(Int)
  }

  private let speeds: [MeasuredSpeed]
  /// What a sweep asks for beside each run, which may take longer than the run.
  private let likelihood: Likelihood.Effort?
  let basis: Basis

  init(_ speeds: [MeasuredSpeed], likelihood: Likelihood.Effort? = nil) {
    self.speeds = speeds
    self.likelihood = likelihood
    let points = speeds.reduce(0) { $0 + $1.points }
    basis = points > 0 ? .points(points) : speeds.isEmpty ? .guess : .benchmark
  }

  /// As the end of "about 3 to 5 min (…)".
  var words: String {
    switch basis {
    case .guess: "guessed from the arithmetic of a step; after 'vaesweep bench trainer' measured"
    case .benchmark: "by what bench trainer has measured on this host"
    case .points(let count): "by \(count.of("point")) that this host has trained"
    }
  }

  /// What decides how long points of like nets take.
  struct Rates {
    /// Dense multiply-adds a second.
    let speed: ClosedRange<Double>
    /// Seconds of a point beside its dense multiply-adds, for each test image: most of them go into what
    /// is measured on the test images at the end.
    let rest: ClosedRange<Double>
    let likelihood: Likelihood.Effort?

    /// Seconds of one core for a point.
    func seconds(_ configuration: Configuration, on dataset: PreparedDataset) -> ClosedRange<Double>
    {
      let work = Estimate.multiplyAdds(of: configuration, on: dataset)
      let draws = Estimate.multiplyAdds(of: likelihood, configuration, on: dataset)
      let measured = rest * Double(dataset.testCount)
      // Points that this host has trained may have had their likelihood taken: it counts once.
      let beside =
        max(
          draws / speed.upperBound, measured.lowerBound)...max(
          draws / speed.lowerBound, measured.upperBound)
      return (work / speed.upperBound...work / speed.lowerBound) + beside
    }
  }

  /// Seconds of one core for a point of `configuration`.
  func seconds(_ configuration: Configuration, on dataset: PreparedDataset)
    -> ClosedRange<Double>
  {
    rates(configuration).seconds(configuration, on: dataset)
  }

  /// Of nets like that of `configuration`.
  func rates(_ configuration: Configuration) -> Rates {
    let shape = MeasuredSpeed.shape(of: configuration)
    let size = Self.multiplyAdds(ofImage: configuration)
    // The same net, else nets that are not far from it in size, else whatever was measured.
    let alike = [
      speeds.filter { $0.shape == shape },
      speeds.filter { (size / 3...size * 3).contains($0.size) }, speeds,
    ].first { !$0.isEmpty }
    guard let alike, let slowest = alike.map(\.slowest).min(),
      let fastest = alike.map(\.fastest).max(), let least = alike.map(\.leastRest).min(),
      let most = alike.map(\.mostRest).max()
    else { return Rates(speed: Self.guess, rest: 0...0, likelihood: likelihood) }
    return Rates(
      speed: min(slowest, fastest)...fastest, rest: least...max(least, most),
      likelihood: likelihood)
  }

  /// From a core with AVX2 that also evaluates small nets, to one with AVX-512 in training.
  private static let guess = 25e9...150e9

  /// Dense multiply-adds of a whole point: forward and backward for each image and epoch, and an
  /// evaluation after each, forward only with two decodings.
  static func multiplyAdds(of configuration: Configuration, on dataset: PreparedDataset) -> Double {
    let images = Double(configuration.limit ?? dataset.trainCount)
    return Double(configuration.epochs) * multiplyAdds(ofImage: configuration)
      * (trainingPasses * images + 1.5 * Double(dataset.testCount))
  }

  /// Those of the likelihood of one run: a decoding for each draw of each image.
  private static func multiplyAdds(
    of likelihood: Likelihood.Effort?, _ configuration: Configuration, on dataset: PreparedDataset
  ) -> Double {
    guard let likelihood, configuration.sampling else { return 0 }
    let images = min(likelihood.images ?? dataset.testCount, dataset.testCount)
    let architecture = configuration.architecture
    let widths = [architecture.input] + architecture.hidden + [architecture.latentDim]
    return Double(likelihood.draws) * Double(images)
      * zip(widths, widths.dropFirst()).reduce(0) { $0 + Double($1.0 * $1.1) }
  }

  /// Forward, and backward with twice its products.
  static let trainingPasses = 3.0

  /// Dense multiply-adds of one image, forward.
  static func multiplyAdds(ofImage configuration: Configuration) -> Double {
    let architecture = configuration.architecture
    let encoder = [architecture.input] + architecture.hidden
    let heads = configuration.sampling ? 2.0 : 1.0
    let code = Double(architecture.latentDim * (architecture.hidden.last ?? 1))
    return zip(encoder, encoder.dropFirst()).reduce((heads + 1) * code) {
      $0 + 2 * Double($1.0 * $1.1)
    }
  }
}

extension Estimate {
  /// From what this host has measured before, and by `trained`, which is added to it.
  static func ofThisHost(
    _ trained: [TrainedPoint] = [], on dataset: PreparedDataset,
    likelihood: Likelihood.Effort? = nil
  ) -> Estimate {
    let cache = SpeedCache()
    cache.add(MeasuredSpeed.measured(by: trained, on: dataset))
    return Estimate(cache.speeds, likelihood: likelihood)
  }
}

/// Times for planning.
extension ClosedRange<Double> {
  static func * (range: Self, factor: Double) -> Self {
    range.lowerBound * factor...range.upperBound * factor
  }

  static func + (left: Self, right: Self) -> Self {
    left.lowerBound + right.lowerBound...left.upperBound + right.upperBound
  }

  /// The number that is as many times the lower end as the upper end is times it.
  var middle: Double { (lowerBound * upperBound).squareRoot() }
}
