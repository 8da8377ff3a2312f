import Sweep
import VAE

/// Reads one part of a claim: its test, what it reads, and where the truth must lie.
struct ClaimPartReader {
  static let keys = [
    "test", "metric", "metric_b", "of", "a", "b", "than_a", "than_b", "expect", "seeds",
    "threshold",
  ]

  private let grid: Grid
  private let origin: TrainKey.ValueOrigin
  /// Whether the sweep asks for the likelihood of its runs, and what comes with it.
  private let hasOptional: Bool
  private let candidates: [Configuration]

  init(grid: Grid, origin: TrainKey.ValueOrigin, hasOptional: Bool) {
    self.grid = grid
    self.origin = origin
    self.hasOptional = hasOptional
    var candidates: [Configuration] = []
    grid.forEachConfiguration {
      candidates.append($0.configuration)
      return true
    }
    self.candidates = candidates
  }

  /// One part for each metric that the entries list; what collapse is judged by is one.
  func parts(_ entries: [String: Entry], of test: ClaimTest, place: Place?) throws(Fault)
    -> [ClaimPart]
  {
    try checkKeys(entries, test)
    guard let expect = entries["expect"] else {
      throw Fault(place, "expect: is missing: say where the truth must lie, as in {above: 0}")
    }
    let bounds = try ClaimBoundsReader.read(expect)
    let threshold = try threshold(entries["threshold"])
    let sides = try configurations(entries, test, place)
    if origin == .user {
      let latents = sides.map(\.configuration.architecture.latentDim)
      try ClaimBoundsReader.check(bounds, expect, of: test, latents: latents)
    }
    var parts: [ClaimPart] = []
    for (first, second) in try metrics(entries, test, place) {
      var read: [ClaimPart.Side] = []
      for (index, side) in sides.enumerated() {
        read.append(
          ClaimPart.Side(
            configuration: side.configuration, metric: index % 2 == 0 ? first : second,
            seeds: try seeds(entries["seeds"], side)))
      }
      if origin == .user { try checkMeasured(read, entries) }
      try checkComparable(read, entries)
      parts.append(
        ClaimPart(test: test, sides: read, bounds: bounds, collapseThreshold: threshold))
    }
    return parts
  }

  func test(_ entry: Entry?, _ place: Place?) throws(Fault) -> ClaimTest {
    let names = ClaimTest.allCases.map(\.rawValue)
    guard let entry else {
      throw Fault(place, "test: is missing: it must be one of \(names.joined(separator: ", "))")
    }
    return try choice(entry, names, ClaimTest.init(rawValue:))
  }

  private func choice<Value>(
    _ entry: Entry, _ names: [String], _ make: (String) -> Value?
  ) throws(Fault) -> Value {
    guard case .scalar(let scalar) = entry.node, let value = make(scalar.string) else {
      let written = entry.node.written
      let hint = Suggestion.nearest(to: written, among: names).map { " (did you mean \($0)?)" }
      throw entry.refused(mustBe: "one of \(names.joined(separator: ", "))" + (hint ?? ""))
    }
    return value
  }

  /// What a test reads.
  static func keys(of test: ClaimTest) -> [String] {
    let metrics = test.sideKeys.count > 1 ? ["metric", "metric_b"] : ["metric"]
    return ["test"] + (test.readsMetric ? metrics : ["threshold"]) + test.sideKeys
      + ["expect", "seeds"]
  }

  /// A key that the test does not read would be a claim that nobody tests.
  private func checkKeys(_ entries: [String: Entry], _ test: ClaimTest) throws(Fault) {
    let known = Self.keys(of: test)
    for entry in entries.values.sorted(by: {
      ($0.place?.line ?? 0, $0.name) < ($1.place?.line ?? 0, $1.name)
    })
    where !known.contains(entry.name) {
      throw Fault(
        entry.place,
        "\(entry.name): \(test.rawValue) does not read it (it reads: "
          + known.joined(separator: ", ") + ")")
    }
  }

  private struct NamedSide {
    let entry: Entry
    let configuration: Configuration
  }

  private func configurations(_ entries: [String: Entry], _ test: ClaimTest, _ place: Place?)
    throws(Fault) -> [NamedSide]
  {
    var sides: [NamedSide] = []
    for key in test.sideKeys {
      guard let entry = entries[key] else {
        throw Fault(
          place,
          "\(key): is missing: \(test.rawValue) reads \(test.sideKeys.joined(separator: ", "))")
      }
      let configuration = try configuration(entry)
      guard test.readsMetric || configuration.sampling else {
        throw entry.fault("\(test.rawValue): collapse has no meaning without sampling")
      }
      sides.append(NamedSide(entry: entry, configuration: configuration))
    }
    for (index, side) in sides.enumerated() where index % 2 == 1 {
      let other = sides[index - 1].configuration
      guard !test.isPaired || side.configuration.architecture == other.architecture else {
        throw side.entry.fault(
          "\(test.rawValue) pairs runs by seed, and only runs of one architecture share their "
            + "random draws")
      }
    }
    return sides
  }

  /// `784-256-2`, or a mapping of architecture and train keys.
  private func configuration(_ entry: Entry) throws(Fault) -> Configuration {
    let text: String
    switch entry.node {
    case .scalar(let scalar): text = scalar.string
    case .sequence, .mapping:
      var values: [String] = []
      for value in try entry.node.entries(of: "\(entry.name):") {
        guard case .scalar(let scalar) = value.node else {
          throw value.refused(mustBe: "one value")
        }
        if value.name == "architecture" {
          values.insert(scalar.string, at: 0)
        } else {
          values.append("\(value.name)=\(scalar.string)")
        }
      }
      text = values.joined(separator: ",")
    }
    do throws(InvalidValue) {
      return try ConfigurationSelection(parsing: text).choose(from: candidates, of: "the grid")
    } catch {
      throw entry.refused(error.value.quotable, mustBe: error.expected)
    }
  }

  private func metrics(_ entries: [String: Entry], _ test: ClaimTest, _ place: Place?) throws(Fault)
    -> [(Metric?, Metric?)]
  {
    guard test.readsMetric else { return [(nil, nil)] }
    guard let entry = entries["metric"] else { throw Fault(place, "metric: is missing") }
    let first = try metrics(entry)
    guard let other = entries["metric_b"] else { return first.map { ($0, $0) } }
    let second = try metrics(other)
    guard first.count == second.count else {
      throw other.fault("as many as under metric: \(first.count), not \(second.count)")
    }
    return zip(first, second).map { ($0, $1) }
  }

  private func metrics(_ entry: Entry) throws(Fault) -> [Metric] {
    let names = Metric.known.map(\.rawValue)
    var metrics: [Metric] = []
    for item in entry.node.listOrOne {
      metrics.append(
        try choice(
          Entry(name: entry.name, place: entry.place, node: item), names, Metric.init(rawValue:)))
    }
    guard !metrics.isEmpty else { throw entry.fault("the list is empty") }
    return metrics
  }

  /// A claim on what no run will have would stay without a verdict.
  private func checkMeasured(_ sides: [ClaimPart.Side], _ entries: [String: Entry]) throws(Fault) {
    func place(_ index: Int) -> Place? {
      (index % 2 == 1 ? entries["metric_b"] ?? entries["metric"] : entries["metric"])?.place
    }
    let metrics = sides.compactMap(\.metric)
    for (index, (side, metric)) in zip(sides, metrics).enumerated() {
      guard let reason = metric.field.scope.absence(in: side.configuration) else { continue }
      let name = side.configuration.told(apartFrom: candidates)
      throw Fault(
        place(index), "metric: \(metric.rawValue) does not exist for \(name): \(reason)")
    }
    guard !hasOptional, let index = metrics.firstIndex(where: \.field.isOptional) else { return }
    throw Fault(
      place(index),
      "metric: \(metrics[index].rawValue) is measured where a sweep asks for it: add "
        + "'measures: [likelihood]'")
  }

  private func checkComparable(_ sides: [ClaimPart.Side], _ entries: [String: Entry])
    throws(Fault)
  {
    for (index, side) in sides.enumerated() where index % 2 == 1 {
      let other = sides[index - 1]
      guard side.configuration != other.configuration || side.metric != other.metric else {
        let names = index == 1 ? ("a", "b") : ("than_a", "than_b")
        throw Fault(
          entries[names.1]?.place,
          "\(names.1): is the configuration of \(names.0): there is nothing to compare")
      }
      guard let metric = side.metric else { continue }
      do throws(NotComparable) {
        try metric.requireComparable(other.configuration, side.configuration)
      } catch {
        throw Fault(entries["metric"]?.place, "metric: \(error)")
      }
    }
  }

  /// What the grid asks for, or as much of it as `seeds:` names.
  private func seeds(_ entry: Entry?, _ side: NamedSide) throws(Fault) -> SeedRanges? {
    let planned = grid.seedRanges(of: side.configuration)
    guard let entry else { return planned }
    guard let planned else {
      throw entry.fault("the grid has no seed axis: leave it out to judge all runs")
    }
    let ranges: SeedRanges
    switch try SeedAxisReader.values(entry.node.listOrOne, of: entry) {
    case .seeds(let range): ranges = SeedRanges([range])
    case .list(let values):
      ranges = SeedRanges(
        values.compactMap { value in if case .seed(let seed) = value { seed...seed } else { nil } })
    }
    guard ranges.subtracting(planned).count == 0 else {
      throw entry.fault(
        "the grid does not train all of these seeds of \(side.configuration.architecture)")
    }
    return ranges
  }

  private func threshold(_ entry: Entry?) throws(Fault) -> Double {
    guard let entry else { return collapseThreshold }
    guard let value = entry.node.number, value > 0, value.isFinite else {
      throw entry.refused(mustBe: "a number above 0, a variance")
    }
    return value
  }
}
