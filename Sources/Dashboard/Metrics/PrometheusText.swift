import Sweep

/// Metrics in the text format that Prometheus scrapes (version 0.0.4).
struct PrometheusText {
  private(set) var text = ""

  enum Kind: String {
    case counter
    case gauge
    case histogram
  }

  /// A value under its labels.
  struct Sample {
    let labels: [(name: String, value: String)]
    let value: Double

    init(_ value: Double, _ labels: (name: String, value: String)...) {
      self.value = value
      self.labels = labels
    }

    init(_ value: Int, _ labels: (name: String, value: String)...) {
      self.value = Double(value)
      self.labels = labels
    }
  }

  mutating func add(_ kind: Kind, _ name: String, _ help: String, _ samples: [Sample]) {
    head(kind, name, help)
    for sample in samples { line(name, sample.labels, sample.value) }
  }

  mutating func add(_ histogram: Histogram, _ name: String, _ help: String) {
    head(.histogram, name, help)
    for (bound, count) in histogram.cumulative {
      line("\(name)_bucket", [("le", Self.number(bound))], Double(count))
    }
    line("\(name)_bucket", [("le", "+Inf")], Double(histogram.count))
    line("\(name)_sum", [], histogram.sum)
    line("\(name)_count", [], Double(histogram.count))
  }

  private mutating func head(_ kind: Kind, _ name: String, _ help: String) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
  }

  private mutating func line(
    _ name: String, _ labels: [(name: String, value: String)], _ value: Double
  ) {
    let told = labels.map { "\($0.name)=\"\(Self.escape($0.value))\"" }.joined(separator: ",")
    text += name + (told.isEmpty ? "" : "{\(told)}") + " \(Self.number(value))\n"
  }

  private static func number(_ value: Double) -> String {
    value.isFinite ? JSONValue.number(value).compact : "NaN"
  }

  private static func escape(_ value: String) -> String {
    value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
  }
}
