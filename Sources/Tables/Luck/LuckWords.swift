import Study
import Sweep
import VAE

extension ComparableSet {
  /// What its members share and those of another set of the store may not: `with sampling, loss mse`.
  var kind: String {
    let shared = [TrainKey.loss, .binarize, .klWeight].compactMap { key -> String? in
      let values = Set(members.map { $0.configuration[key] })
      guard values.count == 1, let value = values.first ?? nil, value != key.defaultValue else {
        return nil
      }
      return "\(key.rawValue) \(value.short)"
    }
    let sampling = members[0].configuration.sampling ? "with sampling" : "without sampling"
    return ([sampling] + shared).joined(separator: ", ")
  }

  /// What its members differ by where that is not the architecture alone: ` (architecture, epochs)`.
  var axes: String {
    let configurations = members.map(\.configuration)
    let keys = TrainKey.allCases.filter { key in
      Set(configurations.compactMap { $0[key] }).count > 1
    }
    guard !keys.isEmpty else { return "" }
    let architecture = Set(configurations.map(\.architecture)).count > 1 ? ["architecture"] : []
    return " (\((architecture + keys.map(\.rawValue)).joined(separator: ", ")))"
  }
}

extension ComparableSet.Unit {
  /// `run`.
  package var one: String {
    switch self {
    case .run: "run"
    case .level: "level"
    case .mixed: "run or level"
    }
  }

  /// `runs`.
  package var many: String {
    switch self {
    case .run: "runs"
    case .level: "levels"
    case .mixed: "runs or levels"
    }
  }

  /// What has the variance: `single runs`.
  var single: String {
    switch self {
    case .run: "single runs"
    case .level: "levels"
    case .mixed: "runs and levels"
    }
  }

  /// What a level is; nil where every value is a run.
  package var meaning: String? {
    self == .run ? nil : "a level is the mean over the runs that share its seed"
  }
}

extension SeedVariance.Share {
  /// `47.3 % [-47.7 %, 79.7 %]`, and of an estimate below 0 that it is one.
  var figure: String { estimate + (isBelowZero ? " (an estimate, not cut at 0)" : "") }

  /// An interval whose resamples all agree says nothing.
  var estimate: String {
    value.percent + ShareExplained.words(interval.flatMap { $0.lower < $0.upper ? $0 : nil })
  }

  /// By more than rounding.
  var isBelowZero: Bool { value < -0.000_5 }
}

extension SeedVariance.Source {
  /// `init_seed × order_seed`.
  var name: String { factors.map(\.rawValue).joined(separator: " × ") }
}

extension ShareExplained {
  /// `46.1 % [40.2 %, 51.3 %]`.
  var figure: String { value.percent + Self.words(interval) }

  /// ` [40.2 %, 51.3 %]`.
  static func words(_ interval: Interval?) -> String {
    interval.map { " [\($0.lower.percent), \($0.upper.percent)]" } ?? ""
  }
}
