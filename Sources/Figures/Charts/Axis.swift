import Foundation
import Tables

/// One axis of a chart: what it measures, from where to where, and where its ticks stand.
package struct Axis: Hashable, Sendable {
  package struct Tick: Hashable, Sendable {
    package let value: Double
    package let label: String
  }

  /// With its unit.
  let title: String
  package let domain: ClosedRange<Double>
  let isLogarithmic: Bool
  package let ticks: [Tick]

  /// From the smallest to the largest of `values`, widened to whole ticks.
  ///
  /// Values that are not finite count for nothing; where all are equal the axis is one tick wide on
  /// either side.
  package static func linear(
    _ title: String, over values: some Sequence<Double>, ticks count: Int = 6
  )
    -> Axis
  {
    let finite = values.filter(\.isFinite)
    var low = finite.min() ?? 0
    var high = finite.max() ?? 1
    if high - low < 1e-9 * max(1, abs(high)) {
      let half = max(0.5, abs(high) * 0.01)
      (low, high) = (low - half, high + half)
    }
    let step = step(for: (high - low) / Double(max(1, count)))
    low = (low / step + 1e-9).rounded(.down) * step
    high = (high / step - 1e-9).rounded(.up) * step
    return Axis(
      title: title, domain: low...high, isLogarithmic: false,
      ticks: linearTicks(low...high, step: step))
  }

  /// As wide as it is told to be.
  static func linear(_ title: String, domain: ClosedRange<Double>, ticks count: Int = 6) -> Axis {
    let step = step(for: (domain.upperBound - domain.lowerBound) / Double(max(1, count)))
    return Axis(
      title: title, domain: domain, isLogarithmic: false, ticks: linearTicks(domain, step: step))
  }

  /// Whole powers of ten around the positive ones among `values`.
  package static func logarithmic(_ title: String, over values: some Sequence<Double>) -> Axis {
    let positive = values.filter { $0.isFinite && $0 > 0 }
    var low = Int(log10(positive.min() ?? 0.1).rounded(.down))
    var high = Int(log10(positive.max() ?? 1).rounded(.up))
    if high <= low { (low, high) = (low, low + 1) }
    let every = max(1, (high - low + 5) / 6)
    let ticks = stride(from: low, through: high, by: every).map { power in
      Tick(value: pow(10, Double(power)), label: powerLabel(power))
    }
    return Axis(
      title: title, domain: pow(10, Double(low))...pow(10, Double(high)), isLogarithmic: true,
      ticks: ticks)
  }

  /// Epochs: 1 to the last; logarithmic from ten on, where most happens at the beginning.
  package static func epochs(_ last: Int) -> Axis {
    guard last >= 10 else {
      return Axis(
        title: "epoch", domain: 0.5...(Double(max(1, last)) + 0.5), isLogarithmic: false,
        ticks: (1...max(1, last)).map { Tick(value: Double($0), label: "\($0)") })
    }
    var ticks: [Tick] = []
    var decade = 1
    while decade <= last {
      for factor in [1, 2, 5] where decade * factor <= last {
        ticks.append(Tick(value: Double(decade * factor), label: "\(decade * factor)"))
      }
      decade *= 10
    }
    return Axis(
      title: "epoch (logarithmic)", domain: 1...Double(last), isLogarithmic: true, ticks: ticks)
  }

  /// Where `value` lies, from 0 at the lower end to 1 at the upper.
  package func position(_ value: Double) -> Double {
    if isLogarithmic {
      let low = log(domain.lowerBound)
      return (log(max(value, .leastNormalMagnitude)) - low) / (log(domain.upperBound) - low)
    }
    return (value - domain.lowerBound) / (domain.upperBound - domain.lowerBound)
  }

  /// 1, 2 or 5 times a power of ten, no smaller than `least`.
  static func step(for least: Double) -> Double {
    guard least > 0, least.isFinite else { return 1 }
    let power = pow(10, log10(least).rounded(.down))
    for factor in [1.0, 2, 5] where factor * power >= least * (1 - 1e-9) { return factor * power }
    return 10 * power
  }

  private static func linearTicks(_ domain: ClosedRange<Double>, step: Double) -> [Tick] {
    let first = Int((domain.lowerBound / step - 1e-6).rounded(.up))
    let last = Int((domain.upperBound / step + 1e-6).rounded(.down))
    guard first <= last, last - first < 1000 else { return [] }
    let decimals = max(0, decimalsBelow(step))
    let largest = max(abs(domain.lowerBound), abs(domain.upperBound))
    // All ticks with one power of ten, and as many digits as the step needs.
    let power = largest >= enormous ? Int(log10(largest).rounded(.down)) : nil
    return (first...last).map { index in
      let value = Double(index) * step
      return Tick(
        value: value,
        label: power.map { label(value, power: $0, decimals: max(0, $0 + decimalsBelow(step))) }
          ?? label(value, decimals: decimals))
    }
  }

  /// From here on figures have a power of ten.
  private static let enormous = 1e7

  /// Less than 0 for a step from ten on.
  private static func decimalsBelow(_ step: Double) -> Int { -Int(log10(step).rounded(.down)) }

  /// With a true minus sign, and from ten million on with a power of ten: `1.07·10¹⁵`.
  package static func label(_ value: Double, decimals: Int) -> String {
    guard value.isFinite, abs(value) >= enormous else {
      return signed((value == 0 ? 0 : value).shown(decimals: decimals))
    }
    // 9.999·10⁷ has three digits as 1.00·10⁸.
    let power = Int(log10(abs(value) / 0.999_5).rounded(.down))
    return label(value, power: power, decimals: 2)
  }

  private static func label(_ value: Double, power: Int, decimals: Int) -> String {
    guard value != 0 else { return "0" }
    return signed(
      (value / pow(10, Double(power))).shown(decimals: decimals) + "·" + powerLabel(power))
  }

  private static func signed(_ text: String) -> String {
    text.hasPrefix("-") ? "−" + text.dropFirst() : text
  }

  private static func powerLabel(_ power: Int) -> String {
    switch power {
    case 0: return "1"
    case 1: return "10"
    case -2 ... -1: return pow(10, Double(power)).shown(decimals: -power)
    default:
      let superscripts = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
      let digits = String(power.magnitude).compactMap(\.wholeNumberValue).map { superscripts[$0] }
      return "10" + (power < 0 ? "⁻" : "") + String(digits)
    }
  }
}
