import Foundation
package import Study
import Sweep

extension Double {
  /// For a sentence: two digits after the point, more where it is small.
  package var figure: String {
    guard isFinite else { return "–" }
    let magnitude = abs(self)
    guard magnitude > 0, magnitude < 0.1 else { return shown(decimals: 2) }
    let decimals = Int(1 - log10(magnitude).rounded(.down))
    return decimals > 6 ? "0" : shown(decimals: decimals)
  }

  /// A p or q value.
  package var probability: String {
    guard isFinite else { return "–" }
    return self < 0.0001 ? "< 0.0001" : shown(decimals: self < 0.1 ? 4 : 2)
  }

  /// `q = 0.02`, `q < 0.0001`.
  package func probability(as name: String) -> String {
    let figure = probability
    return figure.hasPrefix("<") ? "\(name) \(figure)" : "\(name) = \(figure)"
  }

  /// A share, in percent.
  package var percent: String {
    let share = 100 * self
    // 100 times 0.55 is a little above 55.
    return abs(share - share.rounded()) < 1e-9
      ? "\(Int(share.rounded())) %" : "\(share.shown(decimals: 1)) %"
  }
}

extension Interval {
  /// `0.5 to 2.1`.
  package var figure: String { "\(lower.figure) to \(upper.figure)" }
}

extension Cell {
  /// A figure that stands beside its interval, with digits by the same rule: fixed ones would show it
  /// outside.
  package init(figure number: Double?) {
    guard let number, number.isFinite else {
      self = .empty
      return
    }
    self = .value(.number(number), shown: number.figure)
  }

  /// Both ends for a program, `0.5 to 2.1` for a person; nothing where there is no interval.
  package init(_ interval: Interval?) {
    self = interval.map { .value($0.json, shown: $0.figure) } ?? .empty
  }
}

extension Int {
  /// `9,999`.
  package var grouped: String {
    let digits = String(self)
    var text = ""
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.count - place) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return text
  }
}
