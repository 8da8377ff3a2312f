import Dataset
import Sweep
import VAE

/// How long a point takes on average, from points that were drawn at random.
struct MeanTime {
  private let estimate: Estimate
  private let dataset: PreparedDataset
  /// What is known of nets of one shape: many points have the same.
  private var rates: [String: Estimate.Rates] = [:]
  private var shortest = Moments()
  private var longest = Moments()

  init(_ estimate: Estimate, on dataset: PreparedDataset) {
    self.estimate = estimate
    self.dataset = dataset
  }

  mutating func add(_ configuration: Configuration) {
    let shape = MeasuredSpeed.shape(of: configuration)
    let known = rates[shape] ?? estimate.rates(configuration)
    rates[shape] = known
    let seconds = known.seconds(configuration, on: dataset)
    shortest.add(seconds.lowerBound)
    longest.add(seconds.upperBound)
  }

  var count: Int { shortest.count }

  /// Seconds of one core for a point, with the error of drawing some of all; nil where none was drawn.
  ///
  /// Three standard errors to either side, and not below the shortest point.
  var seconds: ClosedRange<Double>? {
    guard count > 0 else { return nil }
    let lowest = max(shortest.mean - 3 * shortest.standardError, shortest.least)
    return lowest...max(lowest, longest.mean + 3 * longest.standardError)
  }

  private struct Moments {
    private(set) var count = 0
    private(set) var mean = 0.0
    private(set) var least = Double.infinity
    private var squares = 0.0

    var standardError: Double {
      count > 1 ? (squares / Double(count - 1) / Double(count)).squareRoot() : 0
    }

    mutating func add(_ value: Double) {
      count += 1
      let distance = value - mean
      mean += distance / Double(count)
      squares += distance * (value - mean)
      least = min(least, value)
    }
  }
}
