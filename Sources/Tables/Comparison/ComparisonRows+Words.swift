import Study
import Sweep

extension ComparisonRows {
  static let tooFew = " (too few runs for an interval)"

  /// Why the metric of the two can't be compared, where it can't.
  var absence: String {
    let both = zip([first, second], [comparison.first, comparison.second])
    let tied = both.compactMap { name, runs in
      runs.standing.isTied ? runs.standing.words.map { "\(name): \($0)" } : nil
    }
    guard tied.isEmpty else { return tied.joined(separator: "; ") }
    let sides = both.map { name, runs in
      (name: name, sample: runs.units(comparison.metric))
    }
    guard sides.allSatisfy({ $0.sample.count >= 2 }) else {
      return
        "that takes two runs of each with \(metric), and they have \(sides[0].sample.count) and "
        + "\(sides[1].sample.count)"
    }
    let still = sides.compactMap { side -> String? in
      guard let value = side.sample.minimum, value == side.sample.maximum else { return nil }
      return "\(side.name) does not vary, \(value.figure) in all \(side.sample.count) runs"
    }
    return still.isEmpty ? "nothing varies" : still.joined(separator: "; ")
  }

  /// `0.92 nats below`.
  func above(_ difference: Double) -> String {
    "\(amount(abs(difference))) \(difference < 0 ? "below" : "above")"
  }

  /// ` (95 % interval 0.27 to 1.58 nats below)`: in the direction of the words before it, so that no sign
  /// negates them once more.
  func directed(_ interval: Interval) -> String {
    let (lower, upper) = (interval.lower, interval.upper)
    let told =
      if lower > 0 {
        "\(lower.figure) to \(amount(upper)) above"
      } else if upper < 0 {
        "\((-upper).figure) to \(amount(-lower)) below"
      } else {
        "from \(amount(-lower)) below to \(amount(upper)) above, which includes 0"
      }
    return " (95 % interval \(told))"
  }

  /// ` (95 % interval 0.50 to 2.10)`, saying so where it includes the value of no difference.
  static func within(_ interval: Interval?, nothing: Double) -> String {
    guard let interval else { return tooFew }
    let none = interval.lower <= nothing && interval.upper >= nothing
    let told = none ? ", which includes \(nothing.short), that of no difference" : ""
    return " (95 % interval \(interval.figure)\(told))"
  }

  private func amount(_ value: Double) -> String {
    "\(value.figure)\(comparison.metric.suffix)"
  }
}

extension Double {
  /// `0`, `0.5` or `1`, which are what no difference is.
  var short: String { shown(decimals: self == rounded() ? 0 : 1) }
}
