import Figures
import Sweep

extension MetricGroup {
  /// The metrics of each group that has some, in the order of the catalogue.
  static func grouped(_ metrics: [Metric]) -> [(title: String, metrics: [Metric])] {
    allCases.map { group in
      (title: group.words, metrics: metrics.filter { $0.field.title?.group == group })
    }.filter { !$0.metrics.isEmpty }
  }
}

extension Metric {
  /// Its long name.
  var words: String { field.title?.words ?? rawValue }

  /// `lower is better`; empty where neither way is.
  var betterWords: String {
    switch field.direction {
    case .lower: "lower is better"
    case .higher: "higher is better"
    case .nearerTo(let value): "nearer to \(Int(value)) is closer to the prior"
    case .neither: "neither way is better"
    }
  }

  /// `test loss …, nats per image; lower is better`: under an axis.
  var axisTitle: String {
    "\(words) (\(unit.map { "\($0); " } ?? "")\(betterWords))"
  }
}
