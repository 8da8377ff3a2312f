import Dashboard
import Dataset
import Sweep
import VAE

/// How long points take, by those that the workers of a sweep have trained.
struct MeasuredTiming: PointTiming {
  /// Points of one net that are remembered: the last ones tell how it goes now.
  private static let most = 50

  let dataset: PreparedDataset
  private var trained: [String: [TrainedPoint]] = [:]
  private var estimate: Estimate?

  init(_ dataset: PreparedDataset) { self.dataset = dataset }

  mutating func learn(_ outcome: Outcome, _ receipt: Receipt) {
    // Whichever CPU trained it: the next points go to the same hosts.
    guard let point = TrainedPoint(outcome, receipt, cpu: receipt.cpu) else { return }
    var alike = trained[MeasuredSpeed.shape(of: point.configuration)] ?? []
    if alike.count >= Self.most { alike.removeFirst() }
    alike.append(point)
    trained[MeasuredSpeed.shape(of: point.configuration)] = alike
    estimate = nil
  }

  mutating func seconds(_ configuration: Configuration) -> ClosedRange<Double>? {
    guard !trained.isEmpty else { return nil }
    let known =
      estimate
      ?? Estimate(
        MeasuredSpeed.measured(by: trained.values.flatMap(\.self), on: dataset))
    estimate = known
    return known.seconds(configuration, on: dataset)
  }
}
